/*
 * The literals of all patterns: each text once, with the patterns that ask for it, and how texts
 * are compared. "nocase" folds ASCII letters only, whatever the locale.
 */
#ifndef SWDOCTOR_LITERAL_H
#define SWDOCTOR_LITERAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/rule/rules.h"

/* One text to look for; several patterns may ask for the same one. Text belongs to the rules. */
struct literal {
	const char *text;
	uint32_t len; /* at least 1 */
	bool nocase;  /* ASCII letters match in either case */
	const uint32_t *patterns;
	uint32_t n_patterns;
};

/* The different literals of a rule base, in the order in which the patterns name them first. */
struct literals {
	struct literal *at;
	uint32_t n;
	uint64_t hash; /* of the texts in this order: tells whether a compiled form fits */
	struct arena *arena;
};

void literals_init(struct literals *l, const struct rules *r);
void literals_done(struct literals *l);

/* Are the `len` bytes the same? */
bool literal_same(const char *a, const char *b, size_t len, bool nocase);
/* The first occurrence in a text, or NULL. */
const char *literal_find(const char *text, size_t len, const char *what, size_t what_len,
			 bool nocase);

#endif
