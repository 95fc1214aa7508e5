/*
 * An event with its text in one piece of memory that all who need it share: the memo of a line that
 * comes again and again, and the store once for each time it came.
 */
#ifndef SWDOCTOR_EVENT_RECORD_H
#define SWDOCTOR_EVENT_RECORD_H

#include "analyzer/event/event.h"

struct event_record {
	struct event e; /* its text lies behind; the attempt, times and lines are the store's */
	size_t holders;
};

/* Copies e and its text, cut to EVENT_TEXT_MAX. The caller is its first holder. */
struct event_record *event_record_new(const struct event *e);
/* Returns r. */
struct event_record *event_record_hold(struct event_record *r);
/* The last holder frees it. NULL is fine. */
void event_record_drop(struct event_record *r);

/* Do both say the same, wherever they stood? Both are of one kind. */
bool event_record_same(const struct event_record *a, const struct event_record *b);

/*
 * Count the newest event of this pattern and kind once more, at a line; false: there is none in
 * this attempt. For patterns whose events never differ: it spares making the event.
 */
bool event_can_repeat(const struct events *ev, int pattern, enum event_kind kind);
void event_repeat(struct events *ev, int pattern, enum event_kind kind, uint64_t line);

/* As event_add, of the event of r, at a line; the store becomes a holder. */
void event_add_record(struct events *ev, struct event_record *r, uint64_t line);

#endif
