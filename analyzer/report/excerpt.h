/*
 * The part of an input that a reader should see: its first lines, what stands around the first
 * failure, and every line that a report quotes. Of a log these are its lines, of a capture its
 * transactions. Bounded, however long the input is. What repeats is folded when it is written.
 */
#ifndef SWDOCTOR_EXCERPT_H
#define SWDOCTOR_EXCERPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/buf.h"

#define EXCERPT_HEAD	   12
#define EXCERPT_CONTEXT	   120 /* lines kept on either side of the first failure */
#define EXCERPT_WIDTH	   300 /* bytes of a line */
#define EXCERPT_MILESTONES 100

struct excerpt;

struct excerpt_line {
	uint64_t number, last; /* line, or packets from..to */
	uint64_t index;	       /* counts every line offered, from 1 */
	const char *text;      /* as it came, cut to EXCERPT_WIDTH */
	size_t same_from;      /* lines whose text is the same from here on repeat each other */
	bool quoted;
	bool milestone; /* a mark between transactions: shown wherever there is room */
};

/* `failure` is the number of the line of the first failure; 0: the end of the input is shown. */
struct excerpt *excerpt_new(uint64_t failure, const uint64_t *quoted, size_t n_quoted);
void excerpt_free(struct excerpt *x); /* NULL is fine */
/*
 * Lines in rising order: number, last, milestone, same_from, and `len` bytes of text. Of the
 * milestones the first EXCERPT_MILESTONES are kept as such.
 */
void excerpt_offer(struct excerpt *x, const struct excerpt_line *offered, size_t len);
/* What was kept, in order. */
size_t excerpt_lines(struct excerpt *x, const struct excerpt_line **ret);

/* Plain text, "number | line", quoted lines marked with >; at most `context` lines around the
 * failure. Gaps are told, and groups of up to four lines that come again and again. */
void excerpt_add(struct excerpt *x, size_t context, struct buf *out);

#endif
