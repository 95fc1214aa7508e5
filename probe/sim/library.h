/* The scenarios that are compiled in, and where a scenario's text comes from. */
#ifndef SWDOCTOR_SIM_LIBRARY_H
#define SWDOCTOR_SIM_LIBRARY_H

#include <stddef.h>

#include "probe/base/buf.h"
#include "probe/base/err.h"

struct library_entry {
	const char *name; /* "healthy-f405-v2" */
	const char *text;
	size_t len;
};

const struct library_entry *library_nth(size_t n); /* NULL after the last */
/* The text of a compiled-in scenario, or of a file (a name with a dot or a slash). */
int library_text(const char *name, struct buf *ret, struct err *e);

#endif
