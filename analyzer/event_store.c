/*
 * The store of events: see event.h. Events of one pattern and kind form a stream. A stream keeps
 * its first EVENTS_KEPT events and, in a ring, its last ones; an event equal to the stream's newest
 * one is only counted there. Adding is done once a recognised line, so it neither searches nor
 * allocates once a stream is full.
 */
#include "analyzer/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STREAM_KEPT (2 * EVENTS_KEPT)

struct slot {
	struct event e;
	char *text; /* the line and the TEXT fields, one after the other */
	size_t text_size;
	size_t order; /* where in the order */
};

struct stream {
	enum event_kind kind;
	struct stream *next;		 /* of the same pattern */
	struct slot *slots[STREAM_KEPT]; /* the first ones, then the ring */
	size_t n;			 /* slots in use */
	size_t oldest;			 /* of the ring, counted from EVENTS_KEPT */
	struct slot *newest;
};

struct order { /* all kept events as they came; NULL where one was given up */
	struct slot **at;
	size_t n, size;
	size_t holes;
};

struct events {
	struct stream **by_pattern; /* lists of streams */
	size_t n_patterns;
	struct stream *by_kind[EVENT_KINDS]; /* of events without a pattern */
	uint64_t count[EVENT_KINDS];
	uint32_t attempt;
	bool attempt_used;
	struct order *order;
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
	ev->order = must(calloc(1, sizeof(*ev->order)));
	return ev;
}

static void free_streams(struct stream *s)
{
	struct stream *next;

	for (; s; s = next) {
		next = s->next;
		for (size_t i = 0; i < s->n; i++) {
			free(s->slots[i]->text);
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
	free(ev->order->at);
	free(ev->order);
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

/* ---- equal neighbours ---- */

static size_t cut_len(const char *text)
{
	size_t len = strnlen(text, EVENT_TEXT_MAX + 1);

	if (len <= EVENT_TEXT_MAX)
		return len;
	len = EVENT_TEXT_MAX;
	while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--; /* no half characters */
	return len;
}

static bool same_text(const char *kept, const char *text)
{
	size_t len;

	if (!text || !kept)
		return kept == text;
	len = cut_len(text);
	return !strncmp(kept, text, len) && !kept[len];
}

static bool same_values(const struct event *kept, const struct event *e)
{
	const struct event_field *f = event_kind_rows[e->kind].fields;

	for (int i = 0; i < EVENT_FIELDS_MAX && f[i].name; i++) {
		const struct event_value *a = &kept->v[i], *b = &e->v[i];

		if (a->has != b->has)
			return false;
		if (!a->has)
			continue;
		if (f[i].type == EVENT_TEXT ? !same_text(a->text, b->text) : a->num != b->num)
			return false;
	}
	return true;
}

/* ---- keeping one ---- */

static char *copy_text(char **at, const char *text)
{
	size_t len = cut_len(text);
	char *copy = *at;

	memcpy(copy, text, len);
	copy[len] = '\0';
	*at += len + 1;
	return copy;
}

static void set_last(struct event *kept, const struct event *e)
{
	kept->last_line = e->last_line > e->line ? e->last_line : e->line;
	kept->last_packet = e->last_packet > e->packet ? e->last_packet : e->packet;
}

static void fill_slot(struct slot *slot, const struct event *e, uint32_t attempt)
{
	const char *line = e->text ? e->text : "";
	size_t need = cut_len(line) + 1;
	char *at;

	for (int i = 0; i < EVENT_FIELDS_MAX; i++)
		need += e->v[i].has && e->v[i].text ? cut_len(e->v[i].text) + 1 : 0;
	if (need > slot->text_size) {
		free(slot->text);
		slot->text = must(malloc(need));
		slot->text_size = need;
	}
	at = slot->text;
	slot->e = *e;
	slot->e.text = copy_text(&at, line);
	for (int i = 0; i < EVENT_FIELDS_MAX; i++)
		slot->e.v[i].text =
			e->v[i].has && e->v[i].text ? copy_text(&at, e->v[i].text) : NULL;
	slot->e.attempt = attempt;
	slot->e.times = e->times ? e->times : 1;
	set_last(&slot->e, e);
}

static void close_up(struct order *o)
{
	size_t n = 0;

	for (size_t i = 0; i < o->n; i++) {
		if (!o->at[i])
			continue;
		o->at[i]->order = n;
		o->at[n++] = o->at[i];
	}
	o->n = n;
	o->holes = 0;
}

static void put_last(struct order *o, struct slot *slot)
{
	if (o->n == o->size && o->holes > o->n / 2)
		close_up(o);
	if (o->n == o->size) {
		o->size = o->size ? 2 * o->size : 256;
		o->at = must(realloc(o->at, o->size * sizeof(o->at[0])));
	}
	slot->order = o->n;
	o->at[o->n++] = slot;
}

static struct slot *slot_for_next(struct events *ev, struct stream *s)
{
	struct slot *slot;

	if (s->n < STREAM_KEPT) {
		slot = must(calloc(1, sizeof(*slot)));
		s->slots[s->n++] = slot;
		return slot;
	}
	slot = s->slots[EVENTS_KEPT + s->oldest];
	s->oldest = (s->oldest + 1) % EVENTS_KEPT;
	ev->order->at[slot->order] = NULL;
	ev->order->holes++;
	return slot;
}

void event_add(struct events *ev, const struct event *e)
{
	struct stream *s = stream_of(ev, e);
	uint32_t times = e->times ? e->times : 1;
	struct slot *slot = s->newest;

	ev->count[e->kind] += times;
	ev->attempt_used = true;
	if (slot && slot->e.attempt == ev->attempt && slot->e.trace == e->trace &&
	    same_values(&slot->e, e)) {
		slot->e.times += times;
		set_last(&slot->e, e);
		return;
	}
	slot = slot_for_next(ev, s);
	fill_slot(slot, e, ev->attempt);
	put_last(ev->order, slot);
	s->newest = slot;
}

void events_next_attempt(struct events *ev)
{
	if (ev->attempt_used)
		ev->attempt++;
	ev->attempt_used = false;
}

/* ---- reading: the order hangs on a pointer, so that readers may close it up ---- */

size_t events_len(const struct events *ev)
{
	if (ev->order->holes)
		close_up(ev->order);
	return ev->order->n;
}

const struct event *events_at(const struct events *ev, size_t i)
{
	if (ev->order->holes)
		close_up(ev->order);
	return i < ev->order->n ? &ev->order->at[i]->e : NULL;
}

uint64_t events_count(const struct events *ev, enum event_kind kind)
{
	return ev->count[kind];
}

uint32_t events_attempts(const struct events *ev)
{
	return ev->attempt;
}
