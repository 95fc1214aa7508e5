/*
 * Reading maps with closed keys from a YAML tree: each key is a row that says what kind of value
 * stands there and where it goes. What does not fit is an error with its line.
 */
#ifndef SWDOCTOR_SIM_SCENARIO_READ_H
#define SWDOCTOR_SIM_SCENARIO_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/arena.h"
#include "probe/base/err.h"
#include "probe/base/yaml.h"

struct reader {
	const struct yaml *y;
	struct arena *a; /* text that is kept */
	struct err *e;
};

enum field_kind {
	FIELD_U32,    /* decimal, or hexadecimal with 0x */
	FIELD_REAL,   /* into a double */
	FIELD_VOLTS,  /* into unsigned millivolts */
	FIELD_MS,     /* into uint64_t nanoseconds */
	FIELD_BOOL,   /* true or false */
	FIELD_TEXT,   /* into a const char * */
	FIELD_CHOICE, /* one of `words`, its place among them into an int */
	FIELD_CUSTOM  /* `read` is called with the whole structure */
};

struct field {
	const char *name; /* NULL ends a table */
	enum field_kind kind;
	size_t offset;
	const char *const *words; /* ends with NULL */
	int (*read)(struct reader *r, uint32_t node, void *into);
};

/* Reads a map into a structure. */
int reader_map(struct reader *r, uint32_t node, const struct field *fields, void *into);
/* One value, as a row says. */
int reader_value(struct reader *r, uint32_t node, const struct field *f, void *into);
/* Calls `read` for every item of a list. */
int reader_list(struct reader *r, uint32_t node,
		int (*read)(struct reader *r, uint32_t node, void *into), void *into);
/* A scalar's text, or an error. */
int reader_text(struct reader *r, uint32_t node, const char **ret);
bool reader_is_map(const struct reader *r, uint32_t node);
int reader_fail(struct reader *r, uint32_t node, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
