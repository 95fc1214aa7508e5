/*
 * The computer on which a report is written: what a maintainer asks for first. Reads system files
 * only; no probe is opened.
 */
#ifndef SWDOCTOR_REPORT_ENV_H
#define SWDOCTOR_REPORT_ENV_H

#include "probe/base/arena.h"
#include "probe/base/buf.h"

struct env_row {
	const char *name;
	const char *value;
};

/* Rows in the order in which they are shown; all text lives in `a`. */
size_t report_env(struct arena *a, const struct env_row **ret);

#endif
