/* Pictures of an examination for the terminal. */
#ifndef SWDOCTOR_CHECK_DRAW_H
#define SWDOCTOR_CHECK_DRAW_H

#include "analyzer/exam.h"
#include "analyzer/term.h"
#include "probe/base/buf.h"

/*
 * The highest error rate that is compatible with so many errors in so many words, at 95 %: three
 * over n where none was seen, Wilson's bound for counts else. 1 without words.
 */
double check_rate_most(uint64_t errors, uint64_t words);

/* The fastest speed at which nothing went wrong, and nothing at the next faster one or there is
 * none; 0: there is none. */
uint32_t check_recommended_khz(const struct exam_margin *m, size_t n);

/* A bar for each speed of the sweep, and what follows; nothing if there was none. */
void check_draw_margins(const struct exam *x, const struct term *t, struct buf *out);

#endif
