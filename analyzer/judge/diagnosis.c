/* Events in, findings out: see diagnosis.h. */
#include "analyzer/judge/diagnosis.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/judge/diagnosis_make.h"
#include "analyzer/judge/next_test.h"

struct diagnosis_store {    /* what a diagnosis is a part of */
	struct diagnosis d; /* the first member */
	struct arena *arena;
};

/* ---- what is known ---- */

static void know(struct making *m, const struct diagnosis_input *in)
{
	uint32_t i;

	facts_init(&m->facts, m->r, m->a);
	facts_from_events(&m->facts, in->events, m->a);
	for (size_t k = 0; k < in->n_facts; k++) {
		i = names_find(&m->r->names[NAME_FACT], in->facts[k].id);
		if (i != NAME_NONE)
			facts_fix(&m->facts, i,
				  in->facts[k].value.has ? &in->facts[k].value : NULL);
	}
	facts_derive(&m->facts);
	for (size_t k = 0; k < in->n_symptoms; k++) {
		i = names_find(&m->r->names[NAME_SYMPTOM], in->symptoms[k]);
		if (i != NAME_NONE)
			m->facts.present[i] = true;
	}
	facts_see_symptoms(&m->facts);
}

/* A likely cause can make readings worthless, a sick probe those of the target. */
static bool withdraw_facts(struct making *m)
{
	bool any = false;

	for (uint32_t i = 0; i < m->r->n[NAME_CAUSE]; i++) {
		const struct cause_rule *c = &m->r->causes[i];

		if (c->kind != CAUSE_NORMAL || m->w.at[i].word != WORD_LIKELY)
			continue;
		for (size_t k = 0; k < c->n_withdraws; k++)
			facts_fix(&m->facts, c->withdraws[k], NULL);
		any |= c->n_withdraws > 0;
	}
	return any;
}

/* ---- the parts that need no weighing ---- */

static void make_symptoms(struct making *m)
{
	const char **titles = arena_alloc(m->a, (m->r->n[NAME_SYMPTOM] + 1) * sizeof(titles[0]));

	for (uint32_t i = 0; i < m->r->n[NAME_SYMPTOM]; i++)
		if (m->facts.present[i])
			titles[m->d->n_symptoms++] = m->r->symptoms[i].title;
	m->d->symptoms = titles;
}

static void make_notes(struct making *m)
{
	const char **texts = arena_alloc(m->a, (m->r->n[NAME_NOTE] + 1) * sizeof(texts[0]));

	for (uint32_t i = 0; i < m->r->n[NAME_NOTE]; i++)
		if (cond_true(&m->facts, m->r->notes[i].when))
			texts[m->d->n_notes++] = m->r->notes[i].text;
	m->d->notes = texts;
}

static int compare_ids(const void *x, const void *y)
{
	return strcmp(((const struct fact_value *)x)->id, ((const struct fact_value *)y)->id);
}

static void make_facts(struct making *m)
{
	struct fact_value *list = arena_alloc(m->a, (m->r->n[NAME_FACT] + 1) * sizeof(*list));

	for (uint32_t i = 0; i < m->r->n[NAME_FACT]; i++) {
		const struct fact_rule *rule = &m->r->facts[i];
		const struct fact_state *s = &m->facts.at[i];

		if (s->known)
			list[m->d->n_facts++] = (struct fact_value){
				.id = rule->id,
				.title = rule->title,
				.unit = rule->unit,
				.type = rule->type,
				.num = s->num,
				.text = s->text,
			};
	}
	qsort(list, m->d->n_facts, sizeof(*list), compare_ids);
	m->d->facts = list;
}

/* ---- the verdict ---- */

static enum verdict verdict_of(const struct making *m)
{
	const struct diagnosis *d = m->d;
	double most = d->leak_share;
	enum word word = WORD_NONE;

	for (uint32_t i = 0; i < m->r->n[NAME_CAUSE]; i++)
		if (m->r->causes[i].kind == CAUSE_NORMAL && m->w.share[i] > most)
			most = m->w.share[i];
	for (size_t i = 0; i < d->n_findings; i++)
		if (d->findings[i].word > word)
			word = d->findings[i].word;
	if (d->healthy_share > 0 && d->healthy_share >= most && word <= WORD_POSSIBLE)
		return VERDICT_HEALTHY;
	return word == WORD_NONE ? VERDICT_UNKNOWN : VERDICT_PROBLEM;
}

static void make_next_test(struct making *m)
{
	uint32_t fact;

	if (m->d->verdict == VERDICT_HEALTHY)
		return;
	fact = next_test_find(&m->w, &m->facts, m->a);
	if (fact == RULE_NONE)
		return;
	m->d->next_fact = m->r->facts[fact].id;
	m->d->next_test = m->r->facts[fact].ask;
}

struct diagnosis *diagnosis_new(const struct rules *r, const struct diagnosis_input *in)
{
	struct arena *a = arena_new();
	struct diagnosis_store *store = arena_alloc(a, sizeof(*store));
	struct making m = { .d = &store->d, .a = a, .r = r };

	store->arena = a;
	know(&m, in);
	weighing_init(&m.w, r, in->evidence_off, a);
	weigh(&m.w, &m.facts);
	if (withdraw_facts(&m)) {
		facts_derive(&m.facts);
		weigh(&m.w, &m.facts);
	}
	m.d->leak_share = m.w.leak_share;
	m.d->healthy_share = m.w.healthy_share;
	make_findings(&m);
	m.d->verdict = verdict_of(&m);
	make_first_remedy(&m);
	make_next_test(&m);
	make_hops(&m);
	make_symptoms(&m);
	make_notes(&m);
	make_facts(&m);
	return m.d;
}

void diagnosis_free(struct diagnosis *d)
{
	if (d)
		arena_free(((struct diagnosis_store *)d)->arena);
}
