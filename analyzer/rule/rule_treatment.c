/* Reading what helps against what: see rule_treatment.h. */
#include "analyzer/rule/rule_treatment.h"

#include "analyzer/base/suggest.h"
#include "flash/recover.h"

static const struct recovery *read_recovery(struct load *l, uint32_t node)
{
	const struct recovery *r;
	struct suggest s;

	if (!read_is_scalar(l, node, "a recovery"))
		return NULL;
	r = recovery_find(read_text(l, node));
	if (r)
		return r;
	suggest_init(&s, read_text(l, node));
	for (size_t i = 0; i < recoveries_len; i++)
		suggest_offer(&s, recoveries[i].name);
	complain_near(l, node, RULE_UNKNOWN_RECOVERY, s.best, "unknown recovery '%.60s'",
		      read_text(l, node));
	return NULL;
}

static void take_recovery(struct load *l, uint32_t node, void *ret)
{
	*(const struct recovery **)ret = read_recovery(l, node);
}

void treatment_read_blind(struct load *l, uint32_t node)
{
	l->r->blind =
		read_list(l, node, sizeof(*l->r->blind), false, take_recovery, &l->r->n_blind);
}

void treatment_read(struct load *l, uint32_t node, struct treatment_rule *t)
{
	const struct yaml_node *n = read_node(l, node);
	struct help *h = arena_alloc(l->r->arena, (recoveries_len + 1) * sizeof(*h));

	t->cause = read_id(l, node - 1, NAME_CAUSE);
	t->helps = h;
	if (n->kind != YAML_MAP) {
		complain(l, node, RULE_BAD_VALUE, "a map is wanted here: {RECOVERY: PROBABILITY}");
		return;
	}
	for (uint32_t key = node + 1; key < n->end; key = read_node(l, key + 1)->end) {
		struct help one = { .how = read_recovery(l, key) };

		take_share(l, key + 1, &one.p);
		for (size_t i = 0; i < t->n_helps && one.how; i++)
			if (h[i].how == one.how) {
				complain(l, key, RULE_DUPLICATE, "'%s' stands twice",
					 one.how->name);
				one.how = NULL;
			}
		if (one.how)
			h[t->n_helps++] = one;
	}
}

const struct treatment_rule *treatment_find(const struct rules *r, uint32_t cause)
{
	for (uint32_t i = 0; i < r->n[NAME_TREATMENT]; i++)
		if (r->treatments[i].cause == cause)
			return &r->treatments[i];
	return NULL;
}
