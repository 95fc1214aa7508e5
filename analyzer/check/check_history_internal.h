/* Shared by the analyzer/check/check_history*.c files only: the open file, and its table. */
#ifndef SWDOCTOR_CHECK_HISTORY_INTERNAL_H
#define SWDOCTOR_CHECK_HISTORY_INTERNAL_H

#include <sqlite3.h>

#include "analyzer/check/check_history.h"

struct check_history {
	sqlite3 *db; /* NULL: there is no file */
	char *path;
};

/* An error of SQLite's as ours; returns it. */
int check_history_broken(const struct check_history *h, int rc, struct err *e);
int check_history_run(struct check_history *h, const char *sql, struct err *e);
/* 0: it is ours; *ret_empty: nothing stands in it yet. */
int check_history_look(struct check_history *h, bool *ret_empty, struct err *e);
/* The table, in a file that is empty. */
int check_history_make(struct check_history *h, struct err *e);

#endif
