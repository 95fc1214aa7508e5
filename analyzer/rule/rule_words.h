/* Conditions in words, for people: "voltage on VTref below 1500 mV and not: the debug port
 * answered". */
#ifndef SWDOCTOR_RULE_WORDS_H
#define SWDOCTOR_RULE_WORDS_H

#include "analyzer/rule/rule_base.h"

void words_of_cond(const struct rules *r, const struct cond *c, struct buf *out);
/* "the core was examined (name: cortex-m4)" */
void words_of_match(const struct event_match *m, struct buf *out);
/* A number or text of this type: 0x410, 3300 mV, "halted", true. */
void words_of_value(enum event_type type, const char *unit, int64_t num, const char *text,
		    struct buf *out);

#endif
