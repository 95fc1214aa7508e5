/*
 * What the history says: which probe or board got worse, and, where probes and boards were
 * combined, which of the two (or what lies between them) is to blame. Pure: rows in, notes out.
 */
#ifndef SWDOCTOR_CHECK_TREND_H
#define SWDOCTOR_CHECK_TREND_H

#include "analyzer/check/check_history.h"

enum trend_kind {
	TREND_WORSE, /* it used to be well, or a number has changed */
	TREND_BLAME, /* by comparison with other probes or boards */
};

struct trend_note {
	enum trend_kind kind;
	enum check_subject about;  /* BOTH: what lies between them */
	const char *probe, *board; /* those that it is about; the other one is NULL */
	const char *what;	   /* "verdict", "combination", or the name of a number */
	int64_t since;		   /* when it began; 0: of no moment */
	const char *text;
};

struct trend {
	const struct trend_note *notes;
	size_t n;
};

/* `past` is in the order of time, oldest first; the notes live in `a`. */
struct trend trend_find(const struct check_past *past, size_t n, struct arena *a);

/* The same of one probe and one board alone; either may be NULL. */
struct trend trend_of(const struct check_past *past, size_t n, const char *probe, const char *board,
		      struct arena *a);

/* "...0000F00D": long ids as people compare them; a label without its mark. Into out. */
#define TREND_NAME_MAX 64
void trend_name(const char *id, char out[TREND_NAME_MAX]);

#endif
