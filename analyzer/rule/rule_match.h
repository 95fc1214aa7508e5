/* Matchers, the conditions on events: `{event: KIND, FIELD: COND, ...}`; read and checked here,
 * decided in fact.c. */
#ifndef SWDOCTOR_RULE_MATCH_H
#define SWDOCTOR_RULE_MATCH_H

#include "analyzer/rule/rule_read.h"

/* For key rows; `into` is a struct event_matches: a list of matchers, or one. */
void take_matches(struct load *l, uint32_t node, void *into);

/* For `value:`, whose map holds two keys more; 0: not there. */
struct match_extra {
	uint32_t field, pick;
};

/* False: told what is wrong with it. `x` is NULL where a plain matcher stands. */
bool match_read(struct load *l, uint32_t node, struct event_match *ret, struct match_extra *x);
/* The value node of the key `event`, or 0. */
uint32_t match_event_node(const struct load *l, uint32_t map);
/* Kind of the event named there; -1 and a message if there is none. */
int match_event_kind(struct load *l, uint32_t map, uint32_t node);
/* The field of that name; -1 and a message at `node` if the event has none. */
int match_event_field(struct load *l, uint32_t node, enum event_kind kind);

#endif
