/*
 * What is known: the facts worked out from events, and the decision of conditions on them. Logic
 * has three values; a fact that nothing decided is unknown. The same events give the same facts.
 */
#ifndef SWDOCTOR_FACT_H
#define SWDOCTOR_FACT_H

#include "analyzer/judge/diagnosis.h"
#include "analyzer/rule/rule_base.h"

enum tri { TRI_UNKNOWN, TRI_FALSE, TRI_TRUE };

struct fact_state {
	bool known;
	bool fixed;	  /* given, supposed or withdrawn: not worked out again */
	int64_t num;	  /* INT, HEX; 0/1 for true/false */
	const char *text; /* TEXT */
	const struct event *events[EVIDENCE_EVENTS_MAX]; /* what decided it */
	size_t n_events;
};

struct facts {
	const struct rules *r;
	struct fact_state *at; /* by index of the fact */
	bool *present;	       /* by index of the symptom */
};

void facts_init(struct facts *f, const struct rules *r, struct arena *a);
/* Work out what events say. NULL events: none. */
void facts_from_events(struct facts *f, const struct events *ev, struct arena *a);
void facts_fix(struct facts *f, uint32_t fact, const struct event_value *v); /* NULL: unknown */
/* Work out what follows from other facts; again after a change. */
void facts_derive(struct facts *f);
/* Which symptoms are present; those that are present stay so. */
void facts_see_symptoms(struct facts *f);
/* `into` becomes like `from`; both are of the same rules. */
void facts_copy(struct facts *into, const struct facts *from);

enum tri cond_decide(const struct facts *f, const struct cond *c);
bool cond_true(const struct facts *f, const struct cond *c); /* false for NULL */
/* The events that decided it, at most EVIDENCE_EVENTS_MAX. */
size_t cond_events(const struct facts *f, const struct cond *c, const struct event **ret);

#endif
