/* `swdoctor check` on one probe: examined, judged, reported. */
#ifndef SWDOCTOR_CHECK_PROBE_H
#define SWDOCTOR_CHECK_PROBE_H

#include "analyzer/check/exam.h"
#include "analyzer/cli/each_probe.h"
#include "analyzer/triage/analysis.h"
#include "analyzer/wire/wire_map.h"

struct check {
	const struct cli_args *args;
	struct judge judge;
	struct exam_options options;	   /* without what the everyday flags say */
	const struct connector *connector; /* NULL: by the probe */
	struct term term;
	const char *label; /* of the board; NULL: none */
	bool keep;	   /* in the history */
};

/* For each_probe.h; user is the check. */
void check_probe(void *user, const char *words, size_t n, bool several,
		 struct each_probe_yield *ret);
void check_probe_failed(void *user, const char *words, const struct err *why,
			struct each_probe_yield *ret);

#endif
