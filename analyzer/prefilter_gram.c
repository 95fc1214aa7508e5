/*
 * The prefilter in plain C. It looks at every fourth place of the text only (gram_table.h tells why
 * that is enough): first at one bit, which answers no for nearly all text, then at the list of
 * grams, then it compares the whole literal.
 */
#include "analyzer/prefilter.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/gram_table.h"

#define LONG_GRAM  6
#define SHORT_GRAM 3 /* for literals of 4 to 6 */

/* The tables learn when more than one look in 512 was for nothing. */
#define LESSON_FIRST_BYTES (256 << 10)
#define LESSON_WASTE	   512

struct prefilter_gram {
	struct prefilter base;
	const struct literals *literals;
	struct gram_table longs, shorts;
	uint32_t *tiny; /* literals too short for grams: compared at every byte */
	size_t n_tiny;
	uint64_t read, wasted; /* since the last lesson: bytes, and looks that found nothing */
	uint64_t lesson_bytes; /* the next lesson is due after so many */
};

struct report_to {
	prefilter_hit_fn *hit;
	void *user;
};

/* The lowest bit tells whether the gram may be in the table; the others are noise. */
static inline uint64_t look(const uint64_t *marks, uint64_t gram)
{
	uint64_t product = gram * GRAM_SPREAD;
	uint64_t word = marks[gram_word(product)];

	return word >> gram_bit_a(product) & word >> gram_bit_b(product);
}

/* Report the literals of which this gram at text[at] is a part. */
static void look_closer(struct prefilter_gram *p, struct gram_table *t, uint64_t gram,
			const char *text, size_t len, size_t at, const struct report_to *to)
{
	uint64_t product = gram * GRAM_SPREAD;
	size_t bucket = gram_word(product);
	bool found = false;

	for (uint32_t i = t->first[bucket]; i < t->first[bucket + 1]; i++) {
		const struct gram_entry *e = &t->entries[i];
		const struct literal *l = &p->literals->at[e->literal];
		size_t start = at - (size_t)(ptrdiff_t)e->offset;

		if (e->gram != gram || start > len || l->len > len - start ||
		    !literal_same(text + start, l->text, l->len, l->nocase))
			continue;
		found = true;
		to->hit(to->user, e->literal, start + l->len);
	}
	p->wasted += !found;
}

/* The last bytes, where a whole word cannot be read any more. */
static void scan_rest(struct prefilter_gram *p, struct gram_table *t, const char *text, size_t len,
		      size_t at, const struct report_to *to)
{
	for (; at < len; at += GRAM_GRID) {
		char word[8] = { 0 };
		uint64_t gram;

		memcpy(word, text + at, len - at < sizeof(word) ? len - at : sizeof(word));
		gram = gram_in_text(word, t->gram_bytes);
		if (look(t->marks, gram) & 1)
			look_closer(p, t, gram, text, len, at, to);
	}
}

/* gram_bytes is t->gram_bytes, as a constant for the compiler. */
static inline __attribute__((always_inline)) void scan_table(struct prefilter_gram *p,
							     struct gram_table *t,
							     unsigned gram_bytes, const char *text,
							     size_t len, const struct report_to *to)
{
	size_t at = 0;

	if (!t->n)
		return;
	for (; at + 3 * GRAM_GRID + 8 <= len; at += 4 * GRAM_GRID) {
		const char *here = text + at;
		uint64_t any = look(t->marks, gram_in_text(here, gram_bytes)) |
			       look(t->marks, gram_in_text(here + GRAM_GRID, gram_bytes)) |
			       look(t->marks, gram_in_text(here + 2 * GRAM_GRID, gram_bytes)) |
			       look(t->marks, gram_in_text(here + 3 * GRAM_GRID, gram_bytes));

		if (!__builtin_expect(any & 1, 0))
			continue;
		for (size_t i = 0; i < 4 * GRAM_GRID; i += GRAM_GRID) {
			uint64_t gram = gram_in_text(here + i, gram_bytes);

			if (look(t->marks, gram) & 1)
				look_closer(p, t, gram, text, len, at + i, to);
		}
	}
	scan_rest(p, t, text, len, at, to);
}

static void scan_tiny(const struct prefilter_gram *p, const char *text, size_t len,
		      const struct report_to *to)
{
	for (size_t at = 0; at < len; at++) {
		for (size_t i = 0; i < p->n_tiny; i++) {
			const struct literal *l = &p->literals->at[p->tiny[i]];

			if (l->len <= len - at &&
			    literal_same(text + at, l->text, l->len, l->nocase))
				to->hit(to->user, p->tiny[i], at + l->len);
		}
	}
}

/* Lessons come at growing distances, and only where there is something to gain. */
static void learn(struct prefilter_gram *p, const char *text, size_t len)
{
	if (p->wasted > p->read / GRAM_GRID / LESSON_WASTE) {
		gram_table_learn(&p->longs, text, len);
		gram_table_learn(&p->shorts, text, len);
	}
	p->read = p->wasted = 0;
	p->lesson_bytes *= 2;
}

static void gram_scan(struct prefilter *base, const char *text, size_t len, prefilter_hit_fn *hit,
		      void *user)
{
	struct prefilter_gram *p = (struct prefilter_gram *)base;
	const struct report_to to = { .hit = hit, .user = user };

	scan_table(p, &p->longs, LONG_GRAM, text, len, &to);
	scan_table(p, &p->shorts, SHORT_GRAM, text, len, &to);
	if (p->n_tiny)
		scan_tiny(p, text, len, &to);
	p->read += len;
	if (p->read >= p->lesson_bytes)
		learn(p, text, len);
}

static void gram_free(struct prefilter *base)
{
	struct prefilter_gram *p = (struct prefilter_gram *)base;

	gram_table_done(&p->longs);
	gram_table_done(&p->shorts);
	free(p->tiny);
	free(p);
}

static const struct prefilter_ops ops = {
	.name = "portable",
	.scan = gram_scan,
	.free = gram_free,
};

struct prefilter *prefilter_gram_new(const struct literals *l)
{
	struct prefilter_gram *p = calloc(1, sizeof(*p));
	uint32_t *tiny = calloc(l->n + 1, sizeof(*tiny));

	if (!p || !tiny)
		abort();
	p->base.ops = &ops;
	p->literals = l;
	p->tiny = tiny;
	p->lesson_bytes = LESSON_FIRST_BYTES;
	gram_table_init(&p->longs, l, LONG_GRAM, UINT32_MAX);
	gram_table_init(&p->shorts, l, SHORT_GRAM, LONG_GRAM);
	for (uint32_t i = 0; i < l->n; i++) {
		if (l->at[i].len <= SHORT_GRAM)
			p->tiny[p->n_tiny++] = i;
	}
	return &p->base;
}
