/* Past checks of pairs: with several boards a probe, or with several probes a board, is to blame,
 * or what lies between. */
#include "analyzer/check/check_trend_internal.h"

#define NAMED_MAX 4 /* of those that a note lists */

/* The latest check of each pair that one has been in. */
static size_t latest_of_pairs(const struct trend_finder *f, enum check_subject about,
			      const char *id, const struct check_past **ret)
{
	size_t n = 0;

	for (size_t i = f->n; i-- > 0;) {
		const struct check_past *p = &f->past[i];
		bool known = false;

		if (!p->board || !trend_is_same(trend_id_of(p, about), id))
			continue;
		for (size_t k = 0; k < n; k++)
			known |= trend_is_same(trend_id_of(ret[k], trend_other_of(about)),
					       trend_id_of(p, trend_other_of(about)));
		if (!known)
			ret[n++] = p;
	}
	return n;
}

static bool well_elsewhere(const struct trend_finder *f, enum check_subject about, const char *id,
			   const char *without)
{
	const struct check_past **pairs = arena_alloc(f->a, (f->n + 1) * sizeof(*pairs));
	size_t n = latest_of_pairs(f, about, id, pairs);

	for (size_t i = 0; i < n; i++)
		if (trend_is_well(pairs[i]) &&
		    !trend_is_same(trend_id_of(pairs[i], trend_other_of(about)), without))
			return true;
	return false;
}

static void blame(struct trend_finder *f, enum check_subject about, const char *id,
		  const struct check_past *const *pairs, size_t n)
{
	struct trend_note note = trend_note_about(about, id, "verdict");
	char name[TREND_NAME_MAX];
	struct buf text = { 0 };
	size_t confirmed = 0;

	trend_name(id, name);
	note.kind = TREND_BLAME;
	buf_addf(&text, "%s %s has trouble with %zu %ss (", trend_word_of(about), name, n,
		 trend_word_of(trend_other_of(about)));
	for (size_t i = 0; i < n; i++) {
		const char *other = trend_id_of(pairs[i], trend_other_of(about));

		trend_name(other, name);
		if (i < NAMED_MAX)
			buf_addf(&text, "%s%s: %s", i ? "; " : "", name,
				 pairs[i]->cause ? pairs[i]->cause : "a problem");
		else if (i == NAMED_MAX)
			buf_add_str(&text, "; ...");
		confirmed += well_elsewhere(f, trend_other_of(about), other, id);
	}
	buf_addf(&text, ") and with none it is well: %s",
		 about == SUBJECT_PROBE ? "the probe or its cable" : "the board");
	if (confirmed)
		buf_addf(&text, "; %zu of these %ss %s well with another %s", confirmed,
			 trend_word_of(trend_other_of(about)), confirmed > 1 ? "are" : "is",
			 trend_word_of(about));
	trend_add_note(f, note, &text);
}

/* Both do well with others: then it is what lies between them. */
static void blame_between(struct trend_finder *f, const struct check_past *p)
{
	struct trend_note note = { .kind = TREND_BLAME,
				   .about = SUBJECT_BOTH,
				   .probe = p->probe,
				   .board = p->board,
				   .what = "combination" };
	char probe[TREND_NAME_MAX], board[TREND_NAME_MAX];
	struct buf text = { 0 };

	trend_name(p->probe, probe);
	trend_name(p->board, board);
	buf_addf(&text,
		 "probe %s and board %s do well with others and not with each other (%s): look at "
		 "the plug and the wires between them",
		 probe, board, p->cause ? p->cause : "a problem");
	trend_add_note(f, note, &text);
}

void trend_look_at_pairs(struct trend_finder *f, enum check_subject about, const char *id)
{
	const struct check_past **pairs = arena_alloc(f->a, (f->n + 1) * sizeof(*pairs));
	size_t n = latest_of_pairs(f, about, id, pairs), bad = 0, well = 0;

	for (size_t i = 0; i < n; i++) {
		well += trend_is_well(pairs[i]);
		if (trend_is_bad(pairs[i], about))
			pairs[bad++] = pairs[i];
	}
	if (bad >= 2 && !well)
		blame(f, about, id, pairs, bad);
	if (about != SUBJECT_PROBE || !well)
		return;
	for (size_t i = 0; i < bad; i++)
		if (well_elsewhere(f, SUBJECT_BOARD, pairs[i]->board, id))
			blame_between(f, pairs[i]);
}
