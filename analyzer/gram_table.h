/*
 * The tables of prefilter_gram.c. A "gram" is a window of a few bytes. Of each literal GRAM_GRID
 * neighbouring windows are entered, so that wherever the literal stands in a text, one of them, and
 * only one, begins at a multiple of GRAM_GRID. A literal that is short by a byte or two has its
 * outer windows filled up with every byte that may stand beside it.
 *
 * Which windows of a literal are rare is guessed at first; a look at the text that is being read
 * lets the table be built anew with better ones.
 */
#ifndef SWDOCTOR_GRAM_TABLE_H
#define SWDOCTOR_GRAM_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/literal.h"
#include "probe/base/bytes.h"

#define GRAM_GRID      4
#define GRAM_FOLD      0x2020202020202020u /* sets bit 5 of each byte: folds case, and more */
#define GRAM_SPREAD    0x9e3779b97f4a7c15u /* 2^64 over the golden ratio: a product's top bits mix */
#define GRAM_MARKS_BITS 12 /* 4096 words: stay in the first cache */

struct gram_entry {
	uint64_t gram; /* folded, in the upper bytes */
	uint32_t literal;
	int32_t offset; /* where in the literal it begins; -1: a byte before it */
};

struct gram_table {
	const struct literals *literals;
	unsigned gram_bytes;
	uint32_t shortest, longest; /* the literals that it holds */
	size_t n;
	struct gram_entry *entries; /* by bucket, then as entered */
	uint32_t *first;	    /* the first entry of each bucket; one more at the end */
	uint64_t *marks; /* words with two bits set for each gram in the word that is its own */
	uint16_t *seen;	 /* how often texts held a gram, by hash; NULL: nothing learned yet */
};

/* Holds the literals of gram_bytes + 1 to `longest` bytes; gram_bytes is at most 7. */
void gram_table_init(struct gram_table *t, const struct literals *l, unsigned gram_bytes,
		     uint32_t longest);
void gram_table_done(struct gram_table *t);
/* Choose the windows anew by how common they are in this text, and in those learned from before. */
void gram_table_learn(struct gram_table *t, const char *text, size_t len);

/* The gram that begins here; 8 bytes must be readable. */
static inline uint64_t gram_in_text(const char *text, unsigned gram_bytes)
{
	return (get_le64((const uint8_t *)text) | GRAM_FOLD) << (8 * (8 - gram_bytes));
}

static inline size_t gram_word(uint64_t product)
{
	return product >> (64 - GRAM_MARKS_BITS);
}

static inline unsigned gram_bit_a(uint64_t product)
{
	return product >> (64 - GRAM_MARKS_BITS - 6) & 63;
}

static inline unsigned gram_bit_b(uint64_t product)
{
	return product >> (64 - GRAM_MARKS_BITS - 12) & 63;
}

#endif
