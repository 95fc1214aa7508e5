/*
 * The confirm stage of the matcher: a line that holds a pattern's literal either matches the
 * pattern or not. Regular expressions are compiled when first needed and run under limits, so that
 * no pattern can hang us.
 */
#ifndef SWDOCTOR_MATCH_H
#define SWDOCTOR_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/log/source.h"
#include "analyzer/rule/prefilter.h"

/* Groups $0 to $9 as offsets into the line; a group that took no part is not `has`. */
struct match_groups {
	struct {
		bool has;
		size_t from, to;
	} at[10];
};

struct match_regex;

struct matcher {
	const struct rules *rules;
	struct literals literals;
	struct prefilter *prefilter; /* NULL: every pattern on every line */
	struct match_regex **regex;  /* for each pattern: compiled, or NULL until first needed */
	bool *off;
};

/*
 * Does the line match? ret->at[0] is where. A regular expression that runs into its limits does
 * not match. The version bounds are not looked at here.
 */
bool match_line(struct matcher *m, size_t pattern, const char *line, size_t len,
		struct match_groups *ret);

/* Is `version` (of the tool that spoke last, or NULL) within the pattern's bounds? */
bool match_version(const struct pattern *p, const char *version);

/* The events that a match stands for, one `give` each; text values are put into room. */
#define MATCH_TEXT_MAX EVENT_TEXT_MAX
struct match_event {
	struct event e;
	bool from_line[EVENT_FIELDS_MAX]; /* the field's text is the one below */
	char text[EVENT_FIELDS_MAX][MATCH_TEXT_MAX + 1];
};
void match_give(const struct pattern_give *g, const char *line, const struct match_groups *groups,
		struct match_event *ret);

#endif
