/*
 * What `swdoctor analyze - --format json` prints, worked out without the prefilter: every pattern
 * is tried on every line. Slow, and the yardstick for the findings of the fast way.
 */
#include <stdio.h>

#include "analyzer/report/report.h"
#include "analyzer/triage/analysis.h"

int main(void)
{
	struct report r = { .command = "analyze", .input = "-" };
	struct judge judge = { 0 };
	struct analysis a;
	struct buf out;
	struct err e = { 0 };
	int rc;

	buf_init(&out);
	rc = judge_init(&judge, NULL, &out, &e);
	if (!rc) {
		matcher_free(judge.matcher);
		judge.matcher = NULL;
		rc = matcher_new(judge.rules, MATCHER_PLAIN, &judge.matcher, &e);
	}
	if (!rc) {
		analysis_init(&a, &judge);
		rc = analysis_read_fd(&a, 0, &e);
		if (!rc)
			rc = analysis_end(&a, &e);
		r.d = a.d;
		r.events = a.events;
		r.stats = &a.stats;
		if (!rc)
			report_json(&r, &out);
		analysis_done(&a);
	}
	judge_done(&judge);
	if (rc)
		fprintf(stderr, "%s\n", e.text);
	else
		fwrite(buf_str(&out), 1, out.len, stdout);
	buf_done(&out);
	return rc ? 2 : 0;
}
