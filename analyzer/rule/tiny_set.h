/*
 * The literals that are too short for grams (prefilter.c): they are compared at every place of
 * the text, which is slow when there are many. Patterns should have longer ones.
 */
#ifndef SWDOCTOR_TINY_SET_H
#define SWDOCTOR_TINY_SET_H

#include "analyzer/rule/prefilter.h"

#define TINY_STEP 16 /* places that are looked at together */

typedef uint8_t tiny_vec __attribute__((vector_size(TINY_STEP)));

struct tiny_key { /* two bytes of a literal, in all lanes; several literals may share it */
	tiny_vec first, other;
	tiny_vec fold;	 /* bits that do not matter in them */
	size_t distance; /* from one to the other */
};

struct tiny_set {
	const struct literals *literals;
	uint32_t *at; /* which of them */
	size_t n;
	struct tiny_key *keys;
	size_t n_keys;
};

/* Holds the literals of up to `longest` bytes; l must outlive the set. */
void tiny_init(struct tiny_set *set, const struct literals *l, uint32_t longest);
void tiny_done(struct tiny_set *set);

/*
 * The places where one begins, of those from `from` to `to` (a whole number of TINY_STEP apart; at
 * least `longest` bytes of text follow). `places` has room for all of them and one more. Returns
 * how many there are.
 */
size_t tiny_note_places(const struct tiny_set *set, const char *text, size_t len, size_t from,
			size_t to, uint32_t *places);
/* Report those that begin at a place. */
void tiny_report(const struct tiny_set *set, const char *text, size_t len, size_t at,
		 prefilter_hit_fn *hit, void *user);

#endif
