/* The events as facts look at them: by kind, and whether a matcher fits. */
#ifndef SWDOCTOR_FACT_SEEN_H
#define SWDOCTOR_FACT_SEEN_H

#include "analyzer/rule/rule_base.h"

struct seen {
	const struct event *e;
	size_t order; /* tells the order of events on one line */
};

/* Those of kind K are at[start[K]] to at[start[K + 1] - 1], so a matcher looks at no others. */
struct by_kind {
	const struct rules *r;
	const struct events *ev; /* or NULL */
	struct seen *at;
	size_t start[EVENT_KINDS + 1];
};

/* Fills k from k->ev. */
void seen_sort(struct by_kind *k, struct arena *a);
/* The matcher is for the kind of e. */
bool seen_fits(const struct rules *r, const struct event *e, const struct event_match *m);

typedef bool seen_better_fn(const struct seen *a, const struct seen *b);

bool seen_begins_before(const struct seen *a, const struct seen *b); /* by where first seen */
bool seen_ends_after(const struct seen *a, const struct seen *b);    /* by where last seen */
/* Of all events that one of the matchers fits the one that no other is better than, or NULL. */
const struct seen *seen_find_best(const struct by_kind *k, const struct event_matches *ms,
				  seen_better_fn *better);

#endif
