/* The history of checks as people and programs read it. */
#ifndef SWDOCTOR_CHECK_HISTORY_SHOW_H
#define SWDOCTOR_CHECK_HISTORY_SHOW_H

#include "analyzer/base/term.h"
#include "analyzer/check/check_trend.h"
#include "probe/base/buf.h"
#include "probe/base/json.h"

struct check_history_view {
	const struct check_past *past; /* oldest first */
	size_t n;
	struct trend trend;
};

/* Each probe and each board with its checks as a line of signs, its numbers, then what follows. */
void check_history_text(const struct check_history_view *v, const struct term *t, struct buf *out);
/* One object on one line, with its newline: as doc/result.schema.json says. */
void check_history_json(const struct check_history_view *v, struct buf *out);

/* The notes as members of an open object: "history": [...]. */
void check_trend_json(const struct trend *t, struct json *j);
/* A line for each note; nothing if there is none. */
void check_trend_text(const struct trend *trend, const struct term *t, struct buf *out);

#endif
