/* Weighing the causes: see finding.h. */
#include "analyzer/judge/finding.h"

#include <math.h>
#include <string.h>

/* ---- evidence ---- */

double evidence_db(const struct facts *f, const struct evidence_rule *e, bool *ret_held)
{
	enum tri value = cond_decide(f, e->cond);

	*ret_held = value == TRI_TRUE;
	if (value == TRI_UNKNOWN || cond_true(f, e->unless))
		return 0;
	return value == TRI_TRUE ? e->then_db : e->else_db;
}

void evidence_count(const struct weighing *w, const struct facts *f, const struct cause_rule *c,
		    double *db)
{
	bool held;

	for (size_t i = 0; i < c->n_evidence; i++) {
		size_t first = c->evidence[i].group_first;
		bool off = w->evidence_off && w->evidence_off[c->first_evidence + i];

		db[i] = off ? 0 : evidence_db(f, &c->evidence[i], &held);
		/* db[first] gathers the strongest of the group; the others are taken out. */
		for (size_t k = first; k < i && db[i] != 0; k++) {
			if (c->evidence[k].group_first != first || db[k] == 0)
				continue;
			if (fabs(db[i]) > fabs(db[k]))
				db[k] = 0;
			else
				db[i] = 0;
		}
	}
}

static double sum_of(const struct weighing *w, const struct facts *f, const struct cause_rule *c)
{
	double db[EVIDENCE_PER_CAUSE_MAX], sum = c->prior_db;

	evidence_count(w, f, c, db);
	for (size_t i = 0; i < c->n_evidence; i++)
		sum += db[i];
	return sum;
}

/* ---- candidates ---- */

static double share_of_symptom(const struct cause_rule *c, uint32_t symptom)
{
	for (size_t i = 0; i < c->n_explains; i++)
		if (c->explains[i].symptom == symptom)
			return c->explains[i].p;
	return 0;
}

static bool explains_one(const struct cause_rule *c, const bool *symptoms)
{
	for (size_t i = 0; i < c->n_explains; i++)
		if (symptoms[c->explains[i].symptom])
			return true;
	return false;
}

static void find_candidates(struct weighing *w, const struct facts *f)
{
	for (uint32_t i = 0; i < w->r->n[NAME_CAUSE]; i++) {
		const struct cause_rule *c = &w->r->causes[i];
		struct weighed *at = &w->at[i];

		*at = (struct weighed){ 0 };
		if (c->kind != CAUSE_LEAK && !explains_one(c, f->present))
			continue;
		for (size_t k = 0; k < c->n_requires; k++)
			at->lacking |= cond_decide(f, &c->requires[k]) == TRI_FALSE;
		at->candidate = !at->lacking;
		if (at->candidate)
			w->sum[i] = sum_of(w, f, c);
	}
}

/* ---- one competition ---- */

/* Signs of health are for the healthy cause alone; no other has to explain them. */
static bool asks_for_cause(const struct rules *r, uint32_t symptom)
{
	for (uint32_t i = 0; i < r->n[NAME_CAUSE]; i++)
		if (r->causes[i].kind != CAUSE_HEALTHY &&
		    share_of_symptom(&r->causes[i], symptom) > 0)
			return true;
	return false;
}

static double fit_of(const struct weighing *w, const struct cause_rule *c)
{
	double sum = 0, p;
	size_t n = 0;

	if (c->kind == CAUSE_LEAK)
		return 0; /* explains whatever there is */
	for (uint32_t s = 0; s < w->r->n[NAME_SYMPTOM]; s++) {
		if (!w->open[s] || !w->asks_for_cause[s])
			continue;
		p = share_of_symptom(c, s);
		sum += 10 * log10(p > FIT_P_MIN ? p : FIT_P_MIN);
		n++;
	}
	return n ? sum / (double)n : 0;
}

static bool competes(const struct weighing *w, uint32_t cause)
{
	const struct cause_rule *c = &w->r->causes[cause];

	return w->at[cause].candidate && (c->kind == CAUSE_LEAK || explains_one(c, w->open));
}

/* Fills w->score and w->now; returns the winner, or RULE_NONE. */
static uint32_t compete(struct weighing *w)
{
	uint32_t n = w->r->n[NAME_CAUSE], best = RULE_NONE;
	double total = 0;

	for (uint32_t i = 0; i < n; i++) {
		w->score[i] = -INFINITY;
		if (!competes(w, i))
			continue;
		w->score[i] = w->sum[i] + fit_of(w, &w->r->causes[i]);
		if (best == RULE_NONE || w->score[i] > w->score[best])
			best = i;
	}
	for (uint32_t i = 0; i < n && best != RULE_NONE; i++)
		total += pow(10, (w->score[i] - w->score[best]) / 10);
	for (uint32_t i = 0; i < n && best != RULE_NONE; i++)
		w->now[i] = pow(10, (w->score[i] - w->score[best]) / 10) / total;
	return best;
}

static double best_other(const struct weighing *w, uint32_t cause)
{
	double best = -INFINITY;

	for (uint32_t i = 0; i < w->r->n[NAME_CAUSE]; i++)
		if (i != cause && w->score[i] > best)
			best = w->score[i];
	return best;
}

static enum word word_of(double confidence, double lead_db)
{
	if (confidence >= SHARE_LIKELY && lead_db >= LEAD_LIKELY_DB)
		return WORD_LIKELY;
	if (confidence >= SHARE_PROBABLE)
		return WORD_PROBABLE;
	return confidence >= SHARE_POSSIBLE ? WORD_POSSIBLE : WORD_NONE;
}

/* Each cause keeps the largest share it reached, which is never above `cap`. */
static void keep_shares(struct weighing *w, double cap)
{
	for (uint32_t i = 0; i < w->r->n[NAME_CAUSE]; i++) {
		struct weighed *at = &w->at[i];
		double confidence = w->now[i] < cap ? w->now[i] : cap;

		if (!competes(w, i) || at->accepted || confidence <= at->confidence)
			continue;
		at->confidence = confidence;
		at->score = w->score[i];
		at->word = word_of(confidence, w->score[i] - best_other(w, i));
	}
}

/* Take the symptoms that are explained well enough by now out of the competition. */
static bool settle(struct weighing *w, const struct cause_rule *c)
{
	bool any_open = false;

	for (size_t i = 0; i < c->n_explains; i++) {
		uint32_t s = c->explains[i].symptom;

		w->unexplained[s] *= 1 - c->explains[i].p;
		/* A hair's breadth, so that 0.8 itself counts whatever the rounding does. */
		if (1 - w->unexplained[s] >= SETTLED - 1e-9)
			w->open[s] = false;
	}
	for (uint32_t s = 0; s < w->r->n[NAME_SYMPTOM]; s++)
		any_open |= w->open[s];
	return any_open;
}

static uint32_t begin(struct weighing *w, const struct facts *f)
{
	uint32_t n = w->r->n[NAME_SYMPTOM], first;

	memcpy(w->open, f->present, n);
	for (uint32_t s = 0; s < n; s++)
		w->unexplained[s] = 1;
	find_candidates(w, f);
	first = compete(w);
	for (uint32_t i = 0; i < w->r->n[NAME_CAUSE]; i++)
		w->share[i] = first == RULE_NONE ? 0 : w->now[i];
	return first;
}

void weigh_first(struct weighing *w, const struct facts *f)
{
	begin(w, f);
}

void weigh(struct weighing *w, const struct facts *f)
{
	uint32_t first = begin(w, f);
	double cap = CONFIDENCE_MAX;

	w->leak_share = w->r->leak == RULE_NONE ? 0 : w->share[w->r->leak];
	w->healthy_share = w->r->healthy == RULE_NONE ? 0 : w->share[w->r->healthy];
	/* Who won already competes on for what it explains only in part; when it wins again,
	 * nothing else is needed. */
	while (first != RULE_NONE) {
		keep_shares(w, cap);
		if (first == w->r->leak || w->at[first].accepted)
			break;
		w->at[first].accepted = true;
		if (w->at[first].confidence < cap)
			cap = w->at[first].confidence;
		if (!settle(w, &w->r->causes[first]))
			break;
		first = compete(w);
	}
}

void weighing_init(struct weighing *w, const struct rules *r, const bool *evidence_off,
		   struct arena *a)
{
	uint32_t causes = r->n[NAME_CAUSE] + 1, symptoms = r->n[NAME_SYMPTOM] + 1;

	*w = (struct weighing){
		.r = r,
		.evidence_off = evidence_off,
		.at = arena_alloc(a, causes * sizeof(w->at[0])),
		.share = arena_alloc(a, causes * sizeof(w->share[0])),
		.sum = arena_alloc(a, causes * sizeof(w->sum[0])),
		.score = arena_alloc(a, causes * sizeof(w->score[0])),
		.now = arena_alloc(a, causes * sizeof(w->now[0])),
		.unexplained = arena_alloc(a, symptoms * sizeof(w->unexplained[0])),
		.open = arena_alloc(a, symptoms),
		.asks_for_cause = arena_alloc(a, symptoms),
	};
	for (uint32_t s = 0; s < r->n[NAME_SYMPTOM]; s++)
		w->asks_for_cause[s] = asks_for_cause(r, s);
}
