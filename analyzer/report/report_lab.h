/*
 * Results for labs and CI: JUnit XML, Prometheus' text format, JSON Lines. Each of several results
 * is a test suite, a set of samples, or a run of records.
 */
#ifndef SWDOCTOR_REPORT_LAB_H
#define SWDOCTOR_REPORT_LAB_H

#include "analyzer/report/redact.h"
#include "analyzer/report/report.h"
#include "analyzer/report/report_html_rows.h"

struct lab_result {
	const struct report *report;
	const struct html_rows *rows; /* of a capture, or NULL */
	struct redact *redact;	      /* NULL: names stay */
	uint64_t wall_us;	      /* when, since 1970 */
};

struct lab_label {
	const char *name; /* letters, digits, underscore; lent */
	size_t name_len;
	const char *value;
};

/*
 * One case a hop. A bad hop is an <error> if the lab is to blame (host, probe, usage, tool), a
 * <failure> if the board is; what was not tested or cannot be told is <skipped>.
 */
void report_junit(const struct lab_result *results, size_t n, struct buf *out);
/* Samples with these labels; what is not known has no sample. For node_exporter's textfile
 * collector. */
void report_prometheus(const struct lab_result *results, size_t n, const struct lab_label *labels,
		       size_t n_labels, struct buf *out);
/* A line that begins, one an event, one with the result: doc/events.schema.json. */
void report_events(const struct lab_result *result, struct buf *out);

#endif
