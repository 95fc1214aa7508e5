/*
 * The rule base in memory: patterns, facts, symptoms, causes, remedies, hops and notes, as
 * doc/rules.md describes them, loaded and checked. Read-only once loaded; several readers may share
 * it.
 */
#ifndef SWDOCTOR_RULES_H
#define SWDOCTOR_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/event/event.h"
#include "probe/base/buf.h"
#include "probe/base/err.h"

struct rules;

/*
 * The shipped rules, compiled into the program. Files of `dir` (NULL: none) are added; one with
 * the same path below rules/ takes the shipped one's place. On ERR_FORMAT `report` holds the
 * messages of all mistakes, ready to print.
 */
int rules_load(const char *dir, struct rules **ret, struct buf *report, struct err *e);
/* Files alone, without the shipped rules (for tests); `shipped_checks` demands tests and examples.
 */
int rules_load_files(const char *const *paths, size_t n, bool shipped_checks, struct rules **ret,
		     struct buf *report, struct err *e);
void rules_free(struct rules *r); /* NULL is fine */

/* For the rules' own tests: facts and symptoms set by hand, over what the events say. */
struct given_fact {
	const char *id;
	struct event_value value;
};

/* ---- patterns, as the matcher needs them ---- */

#define PATTERN_TEXTS_MAX 8
#define PATTERN_GIVES_MAX 6

enum pattern_unit {
	UNIT_DEFAULT,
	UNIT_VOLT,
	UNIT_MV,
	UNIT_HEX,
	UNIT_DEC,
	UNIT_AUTO,
	UNIT_KIB,
	UNIT_MIB,
	UNIT_KHZ,
	UNIT_MHZ,
	UNIT_WORD,
};

struct pattern_field { /* how one field of an event is filled */
	bool set;
	int group; /* 1 to 9, or 0: the constant below */
	enum pattern_unit unit;
	int64_t num;
	const char *text;
};

struct pattern_give {
	enum event_kind kind;
	struct pattern_field f[EVENT_FIELDS_MAX];
};

struct pattern {
	const char *id;
	const char *file; /* path of the YAML file */
	const char *tool; /* NULL: for all tools */
	const char *texts[PATTERN_TEXTS_MAX];
	size_t n_texts;	      /* at least 1 */
	const char *not_text; /* or NULL */
	bool nocase;
	bool fallback;		   /* counts only on lines that no other pattern matches */
	const char *regex;	   /* or NULL: the literal alone matches */
	const char *since, *until; /* or NULL */
	int tells;
	const struct pattern_give *gives;
	size_t n_gives;	  /* at most PATTERN_GIVES_MAX */
	bool always_same; /* what it gives takes nothing from the line and begins no attempt */
	const char *const *examples;
	size_t n_examples;
};

size_t rules_patterns(const struct rules *r);
const struct pattern *rules_pattern(const struct rules *r, size_t i);

#endif
