/*
 * What checks found in the past: one row each in a small SQLite file in the state folder
 * (history.db). Whatever is wrong with it (a home that cannot be written to, a lock, a damaged or
 * newer file) is an error of these functions and never of a check.
 */
#ifndef SWDOCTOR_CHECK_HISTORY_H
#define SWDOCTOR_CHECK_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/arena.h"
#include "probe/base/err.h"

enum check_metric {
#define METRIC(id, ...) METRIC_##id,
#include "analyzer/check/check_metrics.def"
#undef METRIC
	CHECK_METRICS
};

enum check_subject { SUBJECT_PROBE = 1, SUBJECT_BOARD = 2, SUBJECT_BOTH = 3 };

struct check_metric_row {
	const char *name, *title, *unit;
	enum check_subject whose;
	bool higher_is_worse;
	int64_t least;
	int64_t hundredths; /* the factor */
};

extern const struct check_metric_row check_metric_rows[CHECK_METRICS];

struct check_number {
	bool has;
	int64_t n;
};

struct check_past {
	int64_t at;	      /* seconds since 1970, UTC */
	const char *probe;    /* its serial number, else its place; never NULL */
	const char *firmware; /* NULL: it did not say */
	const char *board;    /* the chip's unique id, or "label:NAME"; NULL: not known */
	const char *label;    /* what the user calls the board, or NULL */
	const char *chip;     /* "F4"; NULL: not known */
	const char *verdict;  /* healthy, problem, unknown */
	const char *cause;    /* the first; NULL: none */
	const char *cls;      /* of the result: pass, infra, hardware, ... */
	int code;	      /* the exit code */
	struct check_number metric[CHECK_METRICS];
};

struct check_history;

#define CHECK_HISTORY_ROWS 5000 /* older ones are dropped */

/* NULL path: the file in the state folder. For reading a file that is not there is an empty one. */
int check_history_open(const char *path, bool write, struct check_history **ret, struct err *e);
void check_history_close(struct check_history *h); /* NULL is fine */

/*
 * Appends. A check whose board did not tell its id but was given a label belongs to the board that
 * last had this label.
 */
int check_history_add(struct check_history *h, const struct check_past *p, struct err *e);
/* All of them, oldest first; text lives in `a`. */
int check_history_read(struct check_history *h, struct arena *a, const struct check_past **ret,
		       size_t *ret_n, struct err *e);

#endif
