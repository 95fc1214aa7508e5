/* The ids of the rule base: one name space a kind of record, from an id to its index and back. */
#ifndef SWDOCTOR_RULE_NAMES_H
#define SWDOCTOR_RULE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/arena.h"

enum name_space {
	NAME_PATTERN,
	NAME_FACT,
	NAME_SYMPTOM,
	NAME_CAUSE,
	NAME_REMEDY,
	NAME_HOP,
	NAME_NOTE,
	NAME_TEMPLATE,
	NAME_TREATMENT,
	NAME_SPACES
};

#define NAMES_MAX 4096 /* in one space */
#define NAME_NONE UINT32_MAX

struct names {
	const char **ids; /* lent; they must outlive the names */
	uint32_t n;
	uint32_t *slots; /* hash table of index + 1 */
	uint32_t mask;
};

/* Room for `max` names. */
void names_init(struct names *t, struct arena *a, uint32_t max);
/* Index of the new name; NAME_NONE if there is one like it. */
uint32_t names_add(struct names *t, const char *id);
uint32_t names_find(const struct names *t, const char *id); /* or NAME_NONE */
/* The known name that is meant by a mistyped one, or NULL. */
const char *names_suggest(const struct names *t, const char *id);

#endif
