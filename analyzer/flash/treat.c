/* From a failed step to what may help: see treat.h. */
#include "analyzer/flash/treat.h"

#include <math.h>
#include <stdlib.h>

#include "analyzer/flash/flash_events.h"
#include "analyzer/judge/diagnosis.h"
#include "analyzer/rule/rule_base.h"
#include "analyzer/rule/rule_treatment.h"

#define CURE_LEAST 0.01	  /* chance of a cure below which something is tried at last only */
#define CURE_LAST  0.0001 /* what is reckoned with then */
#define WEAK	   0.5	  /* a verdict below it is a guess */
#define SURE	   0.9	  /* above it only what helps against the causes is tried */

void treat_init(struct treat *t, struct events *events, const uint64_t *packet,
		const char *rules_dir, enum treat_order order)
{
	*t = (struct treat){
		.events = events, .packet = packet, .rules_dir = rules_dir, .order = order
	};
}

void treat_done(struct treat *t)
{
	rules_free(t->rules);
	t->rules = NULL;
}

/* ---- the ranking ---- */

struct chance {		/* of one recovery, over all causes */
	double cure;	/* P(cause) x P(cure), summed */
	double squares; /* P(cause) x P(cure)^2, summed */
	double worth;
};

static void weigh(const struct rules *r, uint32_t cause, double share, struct chance *of)
{
	const struct treatment_rule *t = cause == RULE_NONE ? NULL : treatment_find(r, cause);

	for (size_t i = 0; t && i < t->n_helps; i++) {
		struct chance *c = &of[t->helps[i].how - recoveries];

		c->cure += share * t->helps[i].p;
		c->squares += share * t->helps[i].p * t->helps[i].p;
	}
}

/* The causes' confidences are not exclusive; as shares they add up to one. */
static void weigh_all(const struct rules *r, const struct diagnosis *d, struct chance *of)
{
	double sum = d->healthy_share + d->leak_share;

	for (size_t i = 0; i < d->n_findings; i++)
		sum += d->findings[i].confidence;
	sum = sum > 1e-6 ? sum : 1;
	for (size_t i = 0; i < d->n_findings; i++)
		weigh(r, names_find(&r->names[NAME_CAUSE], d->findings[i].cause),
		      d->findings[i].confidence / sum, of);
	weigh(r, r->healthy, d->healthy_share / sum, of);
	weigh(r, r->leak, d->leak_share / sum, of);
}

/* How far apart the outcome puts the causes: the spread of its chance over them. */
static double spread(const struct chance *c)
{
	double variance = c->squares - c->cure * c->cure;

	return variance > 0 ? sqrt(variance) : 0;
}

/* Something helped already: it is no dead board, and whatever may help is worth a try. */
static bool has_worked(const struct care *c)
{
	for (size_t i = 0; i < c->n_tries; i++)
		if (c->tries[i].result == TRY_WORKED)
			return true;
	return false;
}

/* What no cause speaks for may help yet where none is sure; it comes behind all others. */
static double last_resort(const struct recovery *r, bool hopeless)
{
	return hopeless || r->harm > RECOVERY_RESETS ? 0 : CURE_LAST;
}

/* Whatever is tried, the attempt behind it costs again what the last one did that came no further.
 */
static double worth_of(const struct recovery *r, const struct chance *c, double first,
		       const struct care *care)
{
	double cost_ms = r->cost_ms + (care ? (double)care->lost_us / 1000 : 0);

	if (c->cure < CURE_LEAST)
		return last_resort(r, first > SURE && !(care && has_worked(care))) / cost_ms;
	if (first < WEAK && r->harm == RECOVERY_HARMLESS)
		return (c->cure + spread(c)) / cost_ms;
	return c->cure / cost_ms;
}

size_t treat_rank(const struct rules *r, const struct diagnosis *d, const struct care *care,
		  const struct recovery **ret, size_t max)
{
	struct chance *of = calloc(recoveries_len, sizeof(*of));
	double first = d->n_findings ? d->findings[0].confidence : 0;
	size_t n = 0;

	if (!of)
		abort();
	weigh_all(r, d, of);
	for (size_t i = 0; i < recoveries_len; i++)
		of[i].worth = ldexp(worth_of(&recoveries[i], &of[i], first, care),
				    care ? -(int)care_tries_here(care, &recoveries[i]) : 0);
	while (n < max) {
		size_t best = 0;

		for (size_t i = 1; i < recoveries_len; i++)
			if (of[i].worth > of[best].worth)
				best = i;
		if (of[best].worth <= 0)
			break;
		of[best].worth = 0;
		ret[n++] = &recoveries[best];
	}
	free(of);
	return n;
}

/* ---- without looking at the cause ---- */

static size_t rank_blindly(const struct rules *r, const struct recovery **ret, size_t max)
{
	size_t n = 0;

	for (; n < r->n_blind && n < max; n++)
		ret[n] = r->blind[n];
	return n;
}

/* ---- the engine asks ---- */

static bool have_rules(struct treat *t)
{
	struct buf mistakes = { 0 };
	int rc = t->rules ? 0 : rules_load(t->rules_dir, &t->rules, &mistakes, NULL);

	buf_done(&mistakes);
	return !rc;
}

size_t treat_choose(struct treat *t, const struct flash_session *s, const struct recovery **ret,
		    size_t max)
{
	struct diagnosis_input in = { .events = t->events };
	struct diagnosis *d;
	size_t n;

	t->faults++;
	flash_events_tell_fault(&s->fault, *t->packet, t->events);
	flash_events_tell_words(s, *t->packet, t->events);
	if (!have_rules(t))
		return 0;
	if (t->order == TREAT_BLIND)
		return rank_blindly(t->rules, ret, max);
	d = diagnosis_new(t->rules, &in);
	n = treat_rank(t->rules, d, &s->care, ret, max);
	diagnosis_free(d);
	return n;
}

void treat_tried(struct treat *t, const struct flash_try *one)
{
	t->degraded = true;
	flash_events_tell_try(one, *t->packet, t->events);
}
