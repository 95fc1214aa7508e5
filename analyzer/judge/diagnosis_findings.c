/* The findings of a diagnosis: evidence in words, remedies in order. */
#include "analyzer/judge/diagnosis_make.h"

#include <math.h>
#include <stdlib.h>

#include "analyzer/rule/rule_words.h"

/* ---- evidence in words ---- */

/* For evidence without `says`: a number with its value, anything else by its condition. */
static void add_condition(const struct making *m, const struct cond *c, struct buf *out)
{
	const struct fact_rule *f = &m->r->facts[c->id];
	const struct fact_state *s = &m->facts.at[c->id];

	if (c->op != COND_FACT || f->type == EVENT_ABSENT || !s->known) {
		words_of_cond(m->r, c, out);
		return;
	}
	buf_addf(out, "%s: ", f->title);
	words_of_value(f->type, f->unit, s->num, s->text, out);
}

static const char *describe(struct making *m, const struct evidence_rule *e, bool held)
{
	bool number = e->cond->op == COND_FACT && m->r->facts[e->cond->id].type != EVENT_ABSENT;
	struct buf text = { 0 };
	const char *kept;

	if (held && e->says)
		return e->says;
	if (!held && e->else_says)
		return e->else_says;
	if (!held && !number)
		buf_add_str(&text, "it is not so that ");
	if (!held && !number && e->says)
		buf_add_str(&text, e->says);
	else
		add_condition(m, e->cond, &text);
	kept = arena_str(m->a, buf_str(&text));
	buf_done(&text);
	return kept;
}

static const char *subject_of(const struct making *m, const struct cond *c)
{
	if (c->op == COND_FACT)
		return m->r->facts[c->id].id;
	return c->op == COND_SYMPTOM ? m->r->symptoms[c->id].id : NULL;
}

/* Strongest first; equal ones as the rule has them. */
static void insert_evidence(struct evidence *list, size_t n, struct evidence e)
{
	for (; n && fabs(list[n - 1].db) < fabs(e.db); n--)
		list[n] = list[n - 1];
	list[n] = e;
}

static void make_evidence(struct making *m, const struct cause_rule *c, struct finding *f)
{
	struct evidence *list = arena_alloc(m->a, (c->n_evidence + 1) * sizeof(*list));
	double db[EVIDENCE_PER_CAUSE_MAX];

	evidence_count(&m->w, &m->facts, c, db);
	f->evidence = list;
	for (size_t i = 0; i < c->n_evidence; i++) {
		const struct evidence_rule *rule = &c->evidence[i];
		struct evidence e = { .db = db[i] };
		bool held;

		if (db[i] == 0)
			continue;
		evidence_db(&m->facts, rule, &held);
		e.says = describe(m, rule, held);
		e.fact = subject_of(m, rule->cond);
		e.n_events = cond_events(&m->facts, rule->cond, e.events);
		insert_evidence(list, f->n_evidence++, e);
	}
}

/* ---- remedies ---- */

static struct finding_remedy remedy_of(const struct rules *r, uint32_t remedy, double cure)
{
	const struct remedy_rule *m = &r->remedies[remedy];

	return (struct finding_remedy){
		.id = m->id,
		.text = m->text,
		.cost = cost_name(m->cost),
		.danger = m->danger,
		.cure = cure,
	};
}

/* What a remedy promises for its cost. */
static double worth_of(const struct rules *r, const struct cure *cure)
{
	return cure->p / cost_weight(r->remedies[cure->remedy].cost);
}

static void make_remedies(struct making *m, const struct cause_rule *c, struct finding *f)
{
	struct finding_remedy *list = arena_alloc(m->a, (c->n_remedies + 1) * sizeof(*list));
	const struct cure **order = arena_alloc(m->a, (c->n_remedies + 1) * sizeof(order[0]));

	f->remedies = list;
	f->n_remedies = c->n_remedies;
	for (size_t i = 0; i < c->n_remedies; i++) {
		size_t at = i;

		for (; at && worth_of(m->r, order[at - 1]) < worth_of(m->r, &c->remedies[i]); at--)
			order[at] = order[at - 1];
		order[at] = &c->remedies[i];
	}
	for (size_t i = 0; i < c->n_remedies; i++)
		list[i] = remedy_of(m->r, order[i]->remedy, order[i]->p);
}

/* ---- the findings ---- */

static void make_finding(struct making *m, uint32_t cause, struct finding *f)
{
	const struct cause_rule *c = &m->r->causes[cause];
	const struct weighed *at = &m->w.at[cause];

	*f = (struct finding){
		.cause = c->id,
		.title = c->title,
		.hop = m->r->hops[c->hop].id,
		.cls = c->cls,
		.exit_code = (int)c->exit_code,
		.confidence = at->confidence,
		.word = at->word,
		.score = at->score,
	};
	make_evidence(m, c, f);
	make_remedies(m, c, f);
}

static int compare_causes(const void *x, const void *y, void *weighing)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
	const struct weighed *wa = &((const struct weighing *)weighing)->at[a];
	const struct weighed *wb = &((const struct weighing *)weighing)->at[b];

	if (wa->confidence != wb->confidence)
		return wa->confidence < wb->confidence ? 1 : -1;
	if (wa->accepted != wb->accepted) /* the one before: a later one is held down to it */
		return wa->accepted ? -1 : 1;
	if (wa->score != wb->score)
		return wa->score < wb->score ? 1 : -1;
	return (a > b) - (a < b);
}

void make_findings(struct making *m)
{
	uint32_t n = m->r->n[NAME_CAUSE];
	uint32_t *order = arena_alloc(m->a, (n + 1) * sizeof(order[0]));
	const char **lacking = arena_alloc(m->a, (n + 1) * sizeof(lacking[0]));
	struct finding *list;

	for (uint32_t i = 0; i < n; i++) {
		if (m->r->causes[i].kind != CAUSE_NORMAL)
			continue;
		if (m->w.at[i].lacking)
			lacking[m->d->n_not_evaluated++] = m->r->causes[i].id;
		if (m->w.at[i].candidate)
			order[m->d->n_findings++] = i;
	}
	qsort_r(order, m->d->n_findings, sizeof(order[0]), compare_causes, &m->w);
	list = arena_alloc(m->a, (m->d->n_findings + 1) * sizeof(*list));
	for (size_t i = 0; i < m->d->n_findings; i++)
		make_finding(m, order[i], &list[i]);
	m->d->findings = list;
	m->d->not_evaluated = lacking;
}

void make_first_remedy(struct making *m)
{
	double *promise = arena_alloc(m->a, (m->r->n[NAME_REMEDY] + 1) * sizeof(promise[0]));
	struct finding_remedy *first;
	uint32_t best = RULE_NONE;

	for (uint32_t i = 0; i < m->r->n[NAME_CAUSE]; i++) {
		const struct cause_rule *c = &m->r->causes[i];

		for (size_t k = 0; k < c->n_remedies && c->kind == CAUSE_NORMAL; k++)
			promise[c->remedies[k].remedy] +=
				m->w.at[i].confidence * worth_of(m->r, &c->remedies[k]);
	}
	for (uint32_t i = 0; i < m->r->n[NAME_REMEDY]; i++)
		if (promise[i] > 0 && (best == RULE_NONE || promise[i] > promise[best]))
			best = i;
	if (best == RULE_NONE)
		return;
	first = arena_alloc(m->a, sizeof(*first));
	*first = remedy_of(m->r, best, 0);
	for (size_t i = 0; i < m->d->n_findings && first->cure == 0; i++)
		for (size_t k = 0; k < m->d->findings[i].n_remedies; k++)
			if (m->d->findings[i].remedies[k].id == first->id)
				first->cure = m->d->findings[i].remedies[k].cure;
	m->d->first = first;
}
