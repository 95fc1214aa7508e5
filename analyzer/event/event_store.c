/*
 * The store of events: see event.h. Events of one pattern and kind form a stream. A stream keeps
 * its first EVENTS_KEPT events and, in a ring, its last ones; an event equal to the stream's newest
 * one is only counted there. Adding is done once a recognised line, so it copies no text and
 * touches little memory; the order is worked out when somebody reads.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/event/event_record.h"

#define STREAM_KEPT (2 * EVENTS_KEPT)

struct slot {
	struct event e; /* its text is the record's */
	struct event_record *record;
	uint64_t order; /* which of those that were ever kept */
};

struct stream {
	enum event_kind kind;
	struct stream *next;		 /* of the same pattern */
	struct slot *slots[STREAM_KEPT]; /* the first ones, then the ring */
	size_t n;			 /* slots in use */
	size_t oldest;			 /* of the ring, counted from EVENTS_KEPT */
	struct slot *newest;
	struct event_record *newest_record; /* the same one's: spares a look at the slot */
};

struct reading { /* all kept events in their order; made anew when there are others */
	struct slot **at;
	size_t n;
	uint64_t of; /* `kept` when it was made */
};

struct events {
	struct stream **by_pattern; /* lists of streams */
	size_t n_patterns;
	struct stream *by_kind[EVENT_KINDS]; /* of events without a pattern */
	uint64_t count[EVENT_KINDS];
	uint32_t attempt;
	bool attempt_used;
	uint64_t kept;		 /* counts those that were ever kept */
	size_t n_slots;		 /* of all streams */
	struct reading *reading; /* hangs on a pointer, so that readers may renew it */
};

static void *must(void *p)
{
	if (!p) {
		fputs("swdoctor: out of memory\n", stderr);
		abort();
	}
	return p;
}

struct events *events_new(void)
{
	struct events *ev = must(calloc(1, sizeof(*ev)));

	ev->attempt = 1;
	ev->reading = must(calloc(1, sizeof(*ev->reading)));
	return ev;
}

static void free_streams(struct stream *s)
{
	struct stream *next;

	for (; s; s = next) {
		next = s->next;
		for (size_t i = 0; i < s->n; i++) {
			event_record_drop(s->slots[i]->record);
			free(s->slots[i]);
		}
		free(s);
	}
}

void events_free(struct events *ev)
{
	if (!ev)
		return;
	for (size_t i = 0; i < ev->n_patterns; i++)
		free_streams(ev->by_pattern[i]);
	for (size_t i = 0; i < EVENT_KINDS; i++)
		free_streams(ev->by_kind[i]);
	free(ev->by_pattern);
	free(ev->reading->at);
	free(ev->reading);
	free(ev);
}

/* ---- finding the stream ---- */

static struct stream **list_of(struct events *ev, const struct event *e)
{
	size_t n = ev->n_patterns;

	if (e->pattern < 0)
		return &ev->by_kind[e->kind];
	if ((size_t)e->pattern >= n) {
		n = (size_t)e->pattern + 64;
		ev->by_pattern = must(realloc(ev->by_pattern, n * sizeof(ev->by_pattern[0])));
		memset(ev->by_pattern + ev->n_patterns, 0,
		       (n - ev->n_patterns) * sizeof(ev->by_pattern[0]));
		ev->n_patterns = n;
	}
	return &ev->by_pattern[e->pattern];
}

static struct stream *stream_of(struct events *ev, const struct event *e)
{
	struct stream **list = list_of(ev, e), *s;

	for (s = *list; s; s = s->next)
		if (s->kind == e->kind)
			return s;
	s = must(calloc(1, sizeof(*s)));
	s->kind = e->kind;
	s->next = *list;
	*list = s;
	return s;
}

/* ---- keeping one ---- */

static struct slot *slot_for_next(struct events *ev, struct stream *s)
{
	struct slot *slot;

	if (s->n < STREAM_KEPT) {
		slot = must(calloc(1, sizeof(*slot)));
		s->slots[s->n++] = slot;
		ev->n_slots++;
		return slot;
	}
	slot = s->slots[EVENTS_KEPT + s->oldest];
	s->oldest = (s->oldest + 1) % EVENTS_KEPT;
	event_record_drop(slot->record);
	return slot;
}

/* `line` may be another than the record's; the packet and the trace are the record's. */
static void add(struct events *ev, struct event_record *r, uint64_t line, uint64_t last_line,
		uint32_t times)
{
	uint64_t last_packet = r->e.last_packet > r->e.packet ? r->e.last_packet : r->e.packet;
	struct stream *s = stream_of(ev, &r->e);
	struct slot *slot = s->newest;

	ev->count[r->e.kind] += times;
	ev->attempt_used = true;
	if (slot && event_record_same(s->newest_record, r) && slot->e.attempt == ev->attempt &&
	    slot->e.trace == r->e.trace) {
		slot->e.times += times;
		slot->e.last_line = last_line;
		slot->e.last_packet = last_packet;
		return;
	}
	slot = slot_for_next(ev, s);
	slot->e = r->e;
	slot->e.attempt = ev->attempt;
	slot->e.times = times;
	slot->e.line = line;
	slot->e.last_line = last_line;
	slot->e.last_packet = last_packet;
	slot->order = ++ev->kept;
	slot->record = s->newest_record = event_record_hold(r);
	s->newest = slot;
}

void event_add_record(struct events *ev, struct event_record *r, uint64_t line)
{
	add(ev, r, line, line, 1);
}

void event_add(struct events *ev, const struct event *e)
{
	struct event_record *r = event_record_new(e);

	add(ev, r, e->line, e->last_line > e->line ? e->last_line : e->line,
	    e->times ? e->times : 1);
	event_record_drop(r);
}

static struct stream *known_stream(const struct events *ev, int pattern, enum event_kind kind)
{
	struct stream *s = (size_t)pattern < ev->n_patterns ? ev->by_pattern[pattern] : NULL;

	while (s && s->kind != kind)
		s = s->next;
	return s;
}

bool event_can_repeat(const struct events *ev, int pattern, enum event_kind kind)
{
	const struct stream *s = known_stream(ev, pattern, kind);

	return s && s->newest && s->newest->e.attempt == ev->attempt && !s->newest->e.trace;
}

void event_repeat(struct events *ev, int pattern, enum event_kind kind, uint64_t line)
{
	struct stream *s = known_stream(ev, pattern, kind);

	ev->count[kind]++;
	ev->attempt_used = true;
	s->newest->e.times++;
	s->newest->e.last_line = line;
}

void events_next_attempt(struct events *ev)
{
	if (ev->attempt_used)
		ev->attempt++;
	ev->attempt_used = false;
}

/* ---- reading ---- */

static void gather(struct reading *r, const struct stream *s)
{
	for (; s; s = s->next) {
		memcpy(r->at + r->n, s->slots, s->n * sizeof(*r->at));
		r->n += s->n;
	}
}

static int by_order(const void *a, const void *b)
{
	const struct slot *const *x = a, *const *y = b;

	return (*x)->order < (*y)->order ? -1 : (*x)->order > (*y)->order;
}

static const struct reading *read_all(const struct events *ev)
{
	struct reading *r = ev->reading;

	if (r->of == ev->kept)
		return r;
	r->at = must(reallocarray(r->at, ev->n_slots + 1, sizeof(*r->at)));
	r->n = 0;
	for (size_t i = 0; i < ev->n_patterns; i++)
		gather(r, ev->by_pattern[i]);
	for (size_t i = 0; i < EVENT_KINDS; i++)
		gather(r, ev->by_kind[i]);
	qsort(r->at, r->n, sizeof(*r->at), by_order);
	r->of = ev->kept;
	return r;
}

size_t events_len(const struct events *ev)
{
	return read_all(ev)->n;
}

const struct event *events_at(const struct events *ev, size_t i)
{
	const struct reading *r = read_all(ev);

	return i < r->n ? &r->at[i]->e : NULL;
}

uint64_t events_count(const struct events *ev, enum event_kind kind)
{
	return ev->count[kind];
}

uint32_t events_attempts(const struct events *ev)
{
	return ev->attempt;
}
