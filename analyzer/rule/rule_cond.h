/*
 * Conditions on facts and symptoms, as text: a map with `fact:`, `symptom:`, `all:`, `any:` or
 * `none:`, or a bare word. Here they are read and checked; fact.c decides them.
 */
#ifndef SWDOCTOR_RULE_COND_H
#define SWDOCTOR_RULE_COND_H

#include <stddef.h>

#include "analyzer/rule/rule_read.h"

/* The nodes of a condition's keys; 0: the key is not there. Evidence has them among its own keys.
 */
struct cond_keys {
	uint32_t fact, symptom, all, any, none;
	uint32_t is, in, below, above, known;
};

#define COND_KEY_ROWS(type, member)                                                                \
	{ "fact", take_node, offsetof(type, member.fact), false },                                 \
		{ "symptom", take_node, offsetof(type, member.symptom), false },                   \
		{ "all", take_node, offsetof(type, member.all), false },                           \
		{ "any", take_node, offsetof(type, member.any), false },                           \
		{ "none", take_node, offsetof(type, member.none), false },                         \
		{ "is", take_node, offsetof(type, member.is), false },                             \
		{ "in", take_node, offsetof(type, member.in), false },                             \
		{ "below", take_node, offsetof(type, member.below), false },                       \
		{ "above", take_node, offsetof(type, member.above), false },                       \
	{                                                                                          \
		"known", take_node, offsetof(type, member.known), false                            \
	}

/* A condition out of the keys of the map at `node`. */
void cond_of_keys(struct load *l, uint32_t node, const struct cond_keys *k, struct cond *ret);
/* For key rows and lists; `into` is a struct cond. */
void take_cond_here(struct load *l, uint32_t node, void *into);
/* For key rows; `into` is a const struct cond *. */
void take_cond(struct load *l, uint32_t node, void *into);
/* Facts and symptoms must not depend on symptoms. */
void cond_refuse_symptoms(struct load *l, uint32_t node, const struct cond *c);

#endif
