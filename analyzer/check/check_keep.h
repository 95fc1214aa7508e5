/* A check put into the history, and what the history says of its probe and board. */
#ifndef SWDOCTOR_CHECK_KEEP_H
#define SWDOCTOR_CHECK_KEEP_H

#include "analyzer/base/result.h"
#include "analyzer/check/check_trend.h"
#include "analyzer/check/exam.h"
#include "analyzer/judge/diagnosis.h"

struct check_keep {
	const char *probe; /* its serial number, else its place or the words that named it */
	const char *label; /* --board, or NULL */
	const struct events *events;
	const struct exam *exam;
	const struct diagnosis *d;
	const struct result *end;
};

/* The row for the history. Text is lent by what it was made of. */
void check_keep_row(const struct check_keep *k, int64_t at, struct check_past *ret);

/*
 * Appends the row. *ret: what is to be said about this probe and this board now; lives in `a`. On
 * an error nothing was kept; it is for a warning.
 */
int check_keep(const struct check_past *row, struct arena *a, struct trend *ret, struct err *e);

#endif
