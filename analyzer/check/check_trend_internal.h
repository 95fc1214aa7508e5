/* Shared by the analyzer/check/check_trend*.c files only: what they look through, and its words. */
#ifndef SWDOCTOR_CHECK_TREND_INTERNAL_H
#define SWDOCTOR_CHECK_TREND_INTERNAL_H

#include "analyzer/check/check_trend.h"
#include "probe/base/buf.h"

struct trend_finder {
	const struct check_past *past;
	size_t n;
	struct arena *a;
	struct buf notes;
};

/* The note with its text, which is emptied. */
void trend_add_note(struct trend_finder *f, struct trend_note n, struct buf *text);
struct trend_note trend_note_about(enum check_subject about, const char *id, const char *what);

bool trend_is_well(const struct check_past *p);
/* A problem that can lie with the probe, its cable or the wires; a program's is the board's. */
bool trend_is_bad(const struct check_past *p, enum check_subject about);
/* The id of the probe, or of the board; NULL: it did not tell. */
const char *trend_id_of(const struct check_past *p, enum check_subject about);
enum check_subject trend_other_of(enum check_subject about);
const char *trend_word_of(enum check_subject about);
/* Neither is NULL. */
bool trend_is_same(const char *a, const char *b);

/* One probe, or board, with all that it was together with. */
void trend_look_at_pairs(struct trend_finder *f, enum check_subject about, const char *id);

#endif
