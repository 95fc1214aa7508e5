/* The formats of `swdoctor report`, by name or by the ending of a file. */
#ifndef SWDOCTOR_REPORT_WRITE_H
#define SWDOCTOR_REPORT_WRITE_H

#include "analyzer/report/report_html_rows.h"
#include "analyzer/report/report_input.h"
#include "analyzer/report/report_lab.h"
#include "analyzer/wire/wire_map.h"

/* An input that was read, or could not be. */
struct report_job {
	struct report_input in;
	struct html_rows rows;
	struct err failed; /* code 0: it was read */
};

struct report_wish {
	struct report_job *jobs;
	size_t n_jobs;
	const char *template_id;
	const struct connector *connector; /* NULL: by the probe */
	const struct lab_label *labels;
	size_t n_labels;
	uint64_t wall_us;
};

struct report_format {
	const char *name, *ending;
	bool many; /* several inputs, and such that could not be read */
	int (*write)(const struct report_wish *w, struct buf *out, struct err *e);
};

/* `name` may be NULL: by the file's ending, else Markdown. */
const struct report_format *report_format_find(const char *name, const char *file);

#endif
