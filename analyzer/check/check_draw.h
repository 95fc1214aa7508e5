/* Pictures of an examination for the terminal. */
#ifndef SWDOCTOR_CHECK_DRAW_H
#define SWDOCTOR_CHECK_DRAW_H

#include "analyzer/base/term.h"
#include "analyzer/check/exam.h"
#include "analyzer/judge/diagnosis.h"
#include "analyzer/wire/wire_map.h"
#include "probe/base/buf.h"
#include "probe/base/json.h"

/*
 * The highest error rate that is compatible with so many errors in so many words, at 95 %.
 */
double check_rate_most(uint64_t errors, uint64_t words);

/* The fastest speed at which nothing went wrong, and nothing at the next faster one or there is
 * none; 0: there is none. */
uint32_t check_recommended_khz(const struct exam_margin *m, size_t n);

/* A bar for each speed of the sweep, and what follows; nothing if there was none. */
void check_draw_margins(const struct exam *x, const struct term *t, struct buf *out);

/* What the pictures show as members of an open object: "voltage_mv", "sweep", "clean_khz". */
void check_draw_json(const struct exam *x, struct json *j);

/* VTref over the examination as a line of columns; nothing if it was not read. */
void check_draw_voltage(const struct exam *x, const struct term *t, struct buf *out);
/*
 * The line itself: n readings in at most `columns` columns, each as high as the lowest reading that
 * it stands for: dips are what one looks for. What differs by less than span_least looks flat.
 */
void check_draw_spark(const int *values, size_t n, int span_least, size_t columns, bool unicode,
		      struct buf *out);

/*
 * The probe's connector with the suspect wires marked: the one that was named, or the likeliest of
 * those that the probe may have. Nothing if none was named and no wire is suspect.
 */
void check_draw_wires(const struct diagnosis *d, const struct rules *r, const struct events *ev,
		      const struct connector *named, const struct term *t, struct buf *out);

#endif
