/* What would settle it: see next_test.h. */
#include "analyzer/judge/next_test.h"

#include <math.h>
#include <string.h>

#define VALUES_MAX    16
#define EM_ROUNDS     16
#define GAIN_MIN      0.01   /* a change of the shares that is worth asking for */
#define TEXT_OF_OTHER "\001" /* a text that no rule names */

struct search {
	const struct weighing *w;
	const struct facts *f;
	struct facts trial;	  /* what would be known */
	struct weighing weighing; /* and what would follow from it */
	double *shares;		  /* of the causes, for each possible value in turn */
};

/* ---- the values a fact could take, as far as the rules tell them apart ---- */

struct values {
	struct event_value at[VALUES_MAX];
	size_t n;
};

static void add_value(struct values *v, enum event_type type, int64_t num, const char *text)
{
	for (size_t i = 0; i < v->n; i++)
		if (type == EVENT_TEXT ? !strcmp(v->at[i].text, text) : v->at[i].num == num)
			return;
	if (v->n < VALUES_MAX)
		v->at[v->n++] = (struct event_value){ .has = true, .num = num, .text = text };
}

static void add_values_of(const struct search *s, const struct cond *c, uint32_t fact,
			  struct values *v)
{
	enum event_type type = s->f->r->facts[fact].type;

	for (size_t i = 0; i < c->n_parts; i++)
		add_values_of(s, &c->parts[i], fact, v);
	if (c->op != COND_FACT || c->id != fact)
		return;
	for (size_t i = 0; i < c->n_values; i++)
		add_value(v, type, c->values[i].num, c->values[i].text);
	if (c->has_below) {
		add_value(v, type, c->below, "");
		add_value(v, type, c->below - 1, "");
	}
	if (c->has_above) {
		add_value(v, type, c->above, "");
		add_value(v, type, c->above + 1, "");
	}
}

static void find_values(const struct search *s, uint32_t fact, struct values *v)
{
	const struct rules *r = s->f->r;
	enum event_type type = r->facts[fact].type;
	int64_t greatest = 0;

	v->n = 0;
	if (type == EVENT_ABSENT) {
		add_value(v, type, false, "");
		add_value(v, type, true, "");
		return;
	}
	for (uint32_t i = 0; i < r->n_fact_order; i++)
		add_values_of(s, r->facts[r->fact_order[i]].when, fact, v);
	for (uint32_t c = 0; c < r->n[NAME_CAUSE]; c++)
		for (size_t i = 0; i < r->causes[c].n_evidence; i++)
			if (s->w->at[c].candidate)
				add_values_of(s, r->causes[c].evidence[i].cond, fact, v);
	for (size_t i = 0; i < v->n; i++)
		greatest = v->at[i].num > greatest ? v->at[i].num : greatest;
	add_value(v, type, greatest < INT64_MAX ? greatest + 1 : 0, TEXT_OF_OTHER);
}

/* ---- what each value would change ---- */

static void suppose(struct search *s, uint32_t fact, const struct event_value *v, double *ret_share)
{
	uint32_t n = s->w->r->n[NAME_CAUSE];

	facts_copy(&s->trial, s->f);
	facts_fix(&s->trial, fact, v);
	facts_derive(&s->trial);
	weigh_first(&s->weighing, &s->trial);
	memcpy(ret_share, s->weighing.share, n * sizeof(ret_share[0]));
}

/* How far two distributions are apart, 0 to 1. */
static double distance(const double *a, const double *b, uint32_t n)
{
	double sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += fabs(a[i] - b[i]);
	return sum / 2;
}

/*
 * How likely the values are: so that the expected shares are as near as can be to today's, because
 * what is expected from a test must not differ from what is believed before it.
 */
static void find_chances(const struct search *s, size_t n_values, double *chance)
{
	uint32_t n = s->w->r->n[NAME_CAUSE];

	for (size_t v = 0; v < n_values; v++)
		chance[v] = 1.0 / (double)n_values;
	for (int round = 0; round < EM_ROUNDS; round++) {
		double next[VALUES_MAX] = { 0 }, total = 0;

		for (uint32_t c = 0; c < n; c++) {
			double mixed = 0;

			for (size_t v = 0; v < n_values; v++)
				mixed += chance[v] * s->shares[v * n + c];
			for (size_t v = 0; v < n_values && mixed > 0; v++)
				next[v] +=
					s->w->share[c] * chance[v] * s->shares[v * n + c] / mixed;
		}
		for (size_t v = 0; v < n_values; v++)
			total += next[v];
		for (size_t v = 0; v < n_values && total > 0; v++)
			chance[v] = next[v] / total;
	}
}

static double gain_of(struct search *s, uint32_t fact)
{
	uint32_t n = s->w->r->n[NAME_CAUSE];
	double chance[VALUES_MAX], gain = 0;
	struct values v;

	find_values(s, fact, &v);
	for (size_t i = 0; i < v.n; i++)
		suppose(s, fact, &v.at[i], s->shares + i * n);
	find_chances(s, v.n, chance);
	for (size_t i = 0; i < v.n; i++)
		gain += chance[i] * distance(s->shares + i * n, s->w->share, n);
	return gain;
}

static void search_init(struct search *s, const struct weighing *w, const struct facts *f,
			struct arena *a)
{
	const struct rules *r = w->r;

	*s = (struct search){ .w = w, .f = f };
	facts_init(&s->trial, r, a);
	weighing_init(&s->weighing, r, w->evidence_off, a);
	s->shares = arena_alloc(a, VALUES_MAX * (r->n[NAME_CAUSE] + 1) * sizeof(s->shares[0]));
}

double next_test_reach(const struct weighing *w, const struct facts *f, uint32_t fact,
		       struct arena *a)
{
	uint32_t n = w->r->n[NAME_CAUSE];
	struct search s;
	struct values v;
	double most = 0;

	search_init(&s, w, f, a);
	find_values(&s, fact, &v);
	for (size_t i = 0; i < v.n; i++) {
		double moved;

		suppose(&s, fact, &v.at[i], s.shares);
		moved = distance(s.shares, w->share, n);
		most = moved > most ? moved : most;
	}
	return most;
}

uint32_t next_test_find(const struct weighing *w, const struct facts *f, struct arena *a)
{
	const struct rules *r = w->r;
	struct search s;
	uint32_t best = RULE_NONE;
	double best_worth = 0;

	search_init(&s, w, f, a);
	for (uint32_t i = 0; i < r->n[NAME_FACT]; i++) {
		double gain, worth;

		if (!r->facts[i].ask || f->at[i].known || f->at[i].fixed)
			continue;
		gain = gain_of(&s, i);
		worth = gain / cost_weight(r->facts[i].cost);
		if (gain >= GAIN_MIN && worth > best_worth) {
			best_worth = worth;
			best = i;
		}
	}
	return best;
}
