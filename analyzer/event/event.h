/*
 * Events: what happened, one record of a closed vocabulary (event_kinds.def). Sources (logs, USB
 * captures, live sessions) add them in the order in which they happened; facts are pure functions
 * of the store. A store owns all its text.
 *
 * Bounded: equal neighbours from one pattern are one event with `times`; of different events of
 * one pattern only the first and the last EVENTS_KEPT are kept, the rest is counted
 * (events_count). So a log of any length takes bounded memory.
 */
#ifndef SWDOCTOR_EVENT_H
#define SWDOCTOR_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVENT_FIELDS_MAX 5
#define EVENTS_KEPT	 32

enum event_kind {
#define NONE
#define EVENT(id, name, says, ...) EVENT_##id,
#include "analyzer/event/event_kinds.def"
#undef EVENT
#undef NONE
	EVENT_KINDS
};

enum event_type { EVENT_ABSENT, EVENT_INT, EVENT_HEX, EVENT_TEXT };

struct event_field {
	const char *name;
	enum event_type type;
	const char *unit; /* "" where there is none */
};

struct event_kind_row {
	const char *name;
	const char *says;
	struct event_field fields[EVENT_FIELDS_MAX]; /* unused ones have no name */
};

extern const struct event_kind_row event_kind_rows[EVENT_KINDS];

/* -1 if there is no such kind or field. */
int event_kind_find(const char *name);
int event_field_find(enum event_kind kind, const char *name);

struct event_value {
	bool has;	  /* false: absent, that is unknown */
	int64_t num;	  /* INT and HEX */
	const char *text; /* TEXT */
};

struct event {
	enum event_kind kind;
	struct event_value v[EVENT_FIELDS_MAX];
	int pattern;	    /* index of the pattern that made it; -1: no log pattern */
	uint32_t attempt;   /* counts from 1; a tool's banner begins a new one */
	uint32_t times;	    /* how often in a row, at least 1 */
	uint64_t line;	    /* where first seen: line or packet number, from 1 */
	uint64_t last_line; /* where last seen */
	/*
	 * Of a transaction that was recorded beside a log: which of the traces (from 1), and the
	 * packets there; line is then the log's last. 0: the place is line.
	 */
	uint32_t trace;
	uint64_t packet, last_packet;
	const char *text; /* the line, cleaned of control characters and cut to EVENT_TEXT_MAX */
};

#define EVENT_TEXT_MAX 240

struct events;

struct events *events_new(void);
void events_free(struct events *ev); /* NULL is fine */

/* Copies e with its text. Lines must not fall. */
void event_add(struct events *ev, const struct event *e);
/* From now on events belong to the next attempt. */
void events_next_attempt(struct events *ev);

size_t events_len(const struct events *ev);			  /* kept ones */
const struct event *events_at(const struct events *ev, size_t i); /* in order of line */
/* How often a kind happened, those not kept included. */
uint64_t events_count(const struct events *ev, enum event_kind kind);
uint32_t events_attempts(const struct events *ev);

#endif
