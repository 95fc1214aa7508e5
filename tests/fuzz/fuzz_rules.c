/* Rules from a stranger: whatever the bytes are, loading them ends, and what was loaded can be
 * used. */
#include "analyzer/judge/diagnosis.h"
#include "analyzer/rule/rule_load.h"
#include "analyzer/rulebook/rule_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* All symptoms at once, so that every cause is weighed; and every page about a cause. */
static void use(const struct rules *r)
{
	const struct term t = { .columns = 80, .utf8 = true };
	const struct diagnosis_input in = {
		.symptoms = r->names[NAME_SYMPTOM].ids,
		.n_symptoms = r->names[NAME_SYMPTOM].n,
	};
	struct buf out = { 0 };

	diagnosis_free(diagnosis_new(r, &in));
	rule_list(r, &t, &out);
	for (uint32_t i = 0; i < r->n[NAME_CAUSE]; i++)
		rule_page(r, r->causes[i].id, &t, &out, NULL);
	for (uint32_t i = 0; i < r->n[NAME_FACT]; i++)
		rule_page(r, r->facts[i].id, &t, &out, NULL);
	buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct rule_wants wants = { .tests = true, .complete = true };
	struct rules *r = rules_new();
	struct rule_report rep = { 0 };
	struct rule_file *f = rules_add_file(r, "rules/x.yaml", "x.yaml", &rep);
	struct buf out = { 0 };

	f->wants_tests = n % 2;
	rule_file_parse(r, f, (const char *)bytes, n, &rep);
	if (!rules_build(r, &wants, &rep))
		use(r);
	rule_report_print(&rep, true, &out);
	buf_done(&out);
	rule_report_done(&rep);
	rules_free(r);
	return 0;
}
