/*
 * Which pieces of the literals are looked for, for prefilter.c. A "gram" is a window of a few
 * bytes. Of each literal, `grid` neighbouring windows are entered, so that wherever the literal
 * stands in a text, one of them, and only one, begins at a multiple of `grid`: only these places
 * need a look.
 *
 * Which windows are rare is guessed at first; a look at the text that is being read lets the table
 * be built anew with better ones.
 */
#ifndef SWDOCTOR_GRAM_TABLE_H
#define SWDOCTOR_GRAM_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/rule/literal.h"
#include "probe/base/bytes.h"

#define GRAM_FOLD   0x2020202020202020u /* sets bit 5 of each byte: folds case, and more */
#define GRAM_SPREAD 0x9e3779b97f4a7c15u /* 2^64 over the golden ratio: a product's top bits mix */

#define GRAM_MARK_BITS 20

struct gram_entry {
	uint64_t gram;
	uint32_t literal;
	uint32_t offset; /* where in the literal it begins */
	uint32_t len;	 /* of the literal */
	uint32_t tail;	 /* its last four bytes, folded: many literals begin alike */
};

struct gram_table {
	const struct literals *literals;
	unsigned gram_bytes, grid;
	uint32_t shortest, longest; /* the literals that it holds */
	size_t n;
	uint64_t *marks;	    /* one bit for each gram, by a hash */
	struct gram_entry *entries; /* by bucket */
	uint32_t *first;	    /* the first entry of each bucket; one more at the end */
	float shares[256];	    /* how common a byte is guessed to be */
	uint16_t *seen; /* how often texts held a gram, by hash; NULL: nothing learned yet */
};

/*
 * Holds the literals of gram_bytes + grid - 1 to `longest` bytes. gram_bytes is at most 8; the
 * literals must outlive the table.
 */
void gram_table_init(struct gram_table *t, const struct literals *l, unsigned gram_bytes,
		     unsigned grid, uint32_t longest);
void gram_table_done(struct gram_table *t);
/* Choose the windows anew by how common they are in this text and in those learned from before. */
void gram_table_learn(struct gram_table *t, const char *text, size_t len);

/*
 * May the table hold a gram? The lowest bit tells, and is 1 by mistake for one gram in a hundred;
 * the others are noise.
 */
static inline uint64_t gram_table_may_hold(const struct gram_table *t, uint64_t gram)
{
	uint64_t product = gram * GRAM_SPREAD;

	return t->marks[product >> (64 - GRAM_MARK_BITS + 6)] >>
	       (product >> (64 - GRAM_MARK_BITS) & 63);
}

/* The entries in the bucket of a gram, at most: others may be among them. Returns their number. */
size_t gram_table_find(const struct gram_table *t, uint64_t gram, const struct gram_entry **ret);

/* Four bytes, folded as grams are. */
static inline uint32_t gram_tail_at(const char *text)
{
	return get_le32((const uint8_t *)text) | (uint32_t)GRAM_FOLD;
}

/* The gram that begins here, folded; 8 bytes must be readable. */
static inline uint64_t gram_at(const char *text, unsigned gram_bytes)
{
	return (get_le64((const uint8_t *)text) | GRAM_FOLD) << (8 * (8 - gram_bytes));
}

#endif
