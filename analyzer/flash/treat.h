/*
 * What may help against a step that failed: the step becomes events, the rules rank the causes over
 * all events of the session, and rules/recovery.yaml says what helps against each of them. For the
 * flash engine's ops (engine.h). What became of a recovery is evidence for the next ranking.
 *
 * The order is that of P(cause) x P(cure) / cost, summed over all causes; the cost is that of the
 * recovery and of the attempt behind it. A weak verdict (the first cause is not even probable)
 * prefers what harms nothing and whose outcome tells causes apart. What was tried here and did not
 * help counts half as much each time. Before giving up, and unless the first cause is sure, come
 * those that no cause speaks for and that wear nothing.
 */
#ifndef SWDOCTOR_TREAT_H
#define SWDOCTOR_TREAT_H

#include "analyzer/judge/diagnosis.h"
#include "flash/engine.h"

enum treat_order {
	TREAT_BY_CAUSE,
	TREAT_BLIND, /* always the same order, slower first: to compare with */
};

struct treat {
	struct events *events;	/* lent; the session's */
	const uint64_t *packet; /* lent; the number of the last transaction */
	const char *rules_dir;	/* as --rules; NULL: none */
	enum treat_order order;

	struct rules *rules; /* loaded when they are needed */
	unsigned faults;     /* so many were told */
	bool degraded;	     /* something was tried */
};

void treat_init(struct treat *t, struct events *events, const uint64_t *packet,
		const char *rules_dir, enum treat_order order);
void treat_done(struct treat *t);

/* For flash_ops.choose and .tried, whose `user` may be something else. */
size_t treat_choose(struct treat *t, const struct flash_session *s, const struct recovery **ret,
		    size_t max);
void treat_tried(struct treat *t, const struct flash_try *one);

/* The ranking alone: out of a diagnosis; care may be NULL: nothing was tried. */
size_t treat_rank(const struct rules *r, const struct diagnosis *d, const struct care *care,
		  const struct recovery **ret, size_t max);

#endif
