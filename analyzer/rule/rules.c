/* The rule base for its readers: see rules.h. */
#include "analyzer/rule/rules.h"

#include "analyzer/rule/rule_set.h"

static int load(const struct rule_set *s, struct rules **ret, struct buf *report, struct err *e)
{
	struct rule_report rep = { 0 };
	int rc = rule_set_load(s, ret, &rep, e);

	if (rc)
		rule_report_print(&rep, false, report);
	rule_report_done(&rep);
	return rc;
}

int rules_load(const char *dir, struct rules **ret, struct buf *report, struct err *e)
{
	const struct rule_set s = { .shipped = true, .dir = dir, .complete = true };

	return load(&s, ret, report, e);
}

int rules_load_files(const char *const *paths, size_t n, bool shipped_checks, struct rules **ret,
		     struct buf *report, struct err *e)
{
	const struct rule_set s = {
		.paths = paths,
		.n_paths = n,
		.tests = true,
		.shipped_checks = shipped_checks,
		.complete = shipped_checks,
	};

	return load(&s, ret, report, e);
}

void rules_free(struct rules *r)
{
	if (r)
		arena_free(r->arena);
}

size_t rules_patterns(const struct rules *r)
{
	return r->n[NAME_PATTERN];
}

const struct pattern *rules_pattern(const struct rules *r, size_t i)
{
	return &r->patterns[i].p;
}
