/* Comparing past checks: what got worse. See check_trend.h. */
#include "analyzer/check/check_trend_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BEFORE_MAX    5 /* so many checks before a change count */
#define HEALTHY_LEAST 2 /* and so many of them were well */
#define NUMBERS_LEAST 4 /* fewer show no change */
#define RECENT_MAX    3
#define LABEL_MARK    "label:"

/* ---- words ---- */

#define SERIAL_DIGITS 24 /* of probes and of chips */
#define DIGITS_SHOWN  8

void trend_name(const char *id, char out[TREND_NAME_MAX])
{
	size_t len = strlen(id);
	const char *digits = len > SERIAL_DIGITS ? id + len - SERIAL_DIGITS : id;

	if (!strncmp(id, LABEL_MARK, strlen(LABEL_MARK)))
		snprintf(out, TREND_NAME_MAX, "%s", id + strlen(LABEL_MARK));
	else if (strspn(digits, "0123456789ABCDEFabcdef") == SERIAL_DIGITS)
		snprintf(out, TREND_NAME_MAX, "%.*s...%s", (int)(digits - id), id,
			 digits + SERIAL_DIGITS - DIGITS_SHOWN);
	else
		snprintf(out, TREND_NAME_MAX, "%s", id);
}

static void add_day(struct buf *out, int64_t at)
{
	time_t seconds = (time_t)at;
	struct tm tm;
	char text[32] = "?";

	if (gmtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &tm);
	buf_add_str(out, text);
}

void trend_add_note(struct trend_finder *f, struct trend_note n, struct buf *text)
{
	n.text = arena_str(f->a, buf_str(text));
	buf_add(&f->notes, &n, sizeof(n));
	buf_done(text);
}

/* ---- what a check says ---- */

bool trend_is_well(const struct check_past *p)
{
	return !strcmp(p->verdict, "healthy");
}

/* A problem that can lie with the probe, its cable or the wires; a program's is the board's. */
bool trend_is_bad(const struct check_past *p, enum check_subject about)
{
	if (strcmp(p->verdict, "problem"))
		return false;
	if (about == SUBJECT_PROBE)
		return !strcmp(p->cls, "hardware") || !strcmp(p->cls, "infra");
	return strcmp(p->cls, "infra") != 0;
}

const char *trend_id_of(const struct check_past *p, enum check_subject about)
{
	return about == SUBJECT_PROBE ? p->probe : p->board;
}

enum check_subject trend_other_of(enum check_subject about)
{
	return about == SUBJECT_PROBE ? SUBJECT_BOARD : SUBJECT_PROBE;
}

const char *trend_word_of(enum check_subject about)
{
	return about == SUBJECT_PROBE ? "probe" : "board";
}

bool trend_is_same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* Were these two ever well together? */
static bool ever_well(const struct trend_finder *f, const char *probe, const char *board)
{
	for (size_t i = 0; i < f->n; i++)
		if (trend_is_well(&f->past[i]) && trend_is_same(f->past[i].probe, probe) &&
		    trend_is_same(f->past[i].board, board))
			return true;
	return false;
}

/*
 * The checks of a probe (or board) that can show a change of its own: those with partners with
 * which it was well at some time, and those whose board did not tell who it is.
 */
static size_t own_checks(const struct trend_finder *f, enum check_subject about, const char *id,
			 const struct check_past **ret)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct check_past *p = &f->past[i];

		if (trend_is_same(trend_id_of(p, about), id) &&
		    (!p->board || ever_well(f, p->probe, p->board)))
			ret[n++] = p;
	}
	return n;
}

struct trend_note trend_note_about(enum check_subject about, const char *id, const char *what)
{
	return (struct trend_note){ .about = about,
				    .probe = about == SUBJECT_PROBE ? id : NULL,
				    .board = about == SUBJECT_BOARD ? id : NULL,
				    .what = what };
}

/* ---- got worse: the verdict ---- */

static void look_at_verdict(struct trend_finder *f, enum check_subject about, const char *id,
			    const struct check_past *const *own, size_t n)
{
	size_t first = n, from, well = 0;
	char name[TREND_NAME_MAX];
	struct buf text = { 0 };
	struct trend_note note = trend_note_about(about, id, "verdict");

	while (first > 0 && trend_is_bad(own[first - 1], about))
		first--;
	from = first > BEFORE_MAX ? first - BEFORE_MAX : 0;
	for (size_t i = from; i < first; i++)
		well += trend_is_well(own[i]);
	if (first == n || well < HEALTHY_LEAST || well * 2 <= first - from)
		return;
	trend_name(id, name);
	note.since = own[first]->at;
	buf_addf(&text, "%s %s got worse: healthy in %zu of the %zu checks before, since ",
		 trend_word_of(about), name, well, first - from);
	add_day(&text, note.since);
	buf_addf(&text, " %s", own[n - 1]->cause ? own[n - 1]->cause : "a problem");
	if (n - first > 1)
		buf_addf(&text, " (%zu checks)", n - first);
	if (!own[n - 1]->board)
		buf_add_str(&text, "; the board did not tell which one it is: name it with "
				   "--board");
	trend_add_note(f, note, &text);
}

/* ---- got worse: numbers ---- */

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static int64_t median(const int64_t *values, size_t n, struct arena *a)
{
	int64_t *sorted = arena_alloc(a, n * sizeof(*sorted));

	memcpy(sorted, values, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_size);
	return sorted[n / 2];
}

static bool is_worse(const struct check_metric_row *m, int64_t before, int64_t now)
{
	int64_t low = m->higher_is_worse ? before : now;
	int64_t high = m->higher_is_worse ? now : before;

	return high - low >= m->least && high * 100 >= low * m->hundredths;
}

static void look_at_number(struct trend_finder *f, enum check_subject about, const char *id,
			   enum check_metric which, const struct check_past *const *own, size_t n)
{
	const struct check_metric_row *m = &check_metric_rows[which];
	int64_t *values = arena_alloc(f->a, (n + 1) * sizeof(*values)), before, now;
	struct trend_note note = trend_note_about(about, id, m->name);
	const struct check_past **with = arena_alloc(f->a, (n + 1) * sizeof(*with));
	char name[TREND_NAME_MAX];
	struct buf text = { 0 };
	size_t used = 0, recent;

	for (size_t i = 0; i < n; i++) {
		if (!own[i]->metric[which].has)
			continue;
		with[used] = own[i];
		values[used++] = own[i]->metric[which].n;
	}
	if (!(m->whose & about) || used < NUMBERS_LEAST)
		return;
	recent = used / 2 < RECENT_MAX ? used / 2 : RECENT_MAX;
	before = median(values, used - recent, f->a);
	now = median(values + used - recent, recent, f->a);
	if (!is_worse(m, before, now))
		return;
	trend_name(id, name);
	note.since = with[used - recent]->at;
	buf_addf(&text, "%s %s got worse: %s was %" PRId64 "%s%s, and is %" PRId64 "%s%s since ",
		 trend_word_of(about), name, m->title, before, *m->unit ? " " : "", m->unit, now,
		 *m->unit ? " " : "", m->unit);
	add_day(&text, note.since);
	trend_add_note(f, note, &text);
}

/* ---- all of them ---- */

static void look_at(struct trend_finder *f, enum check_subject about, const char *id)
{
	const struct check_past **own = arena_alloc(f->a, (f->n + 1) * sizeof(*own));
	size_t n = own_checks(f, about, id, own);

	look_at_verdict(f, about, id, own, n);
	for (enum check_metric m = 0; m < CHECK_METRICS; m++)
		look_at_number(f, about, id, m, own, n);
	trend_look_at_pairs(f, about, id);
}

static bool is_first(const struct trend_finder *f, enum check_subject about, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (trend_is_same(trend_id_of(&f->past[i], about),
				  trend_id_of(&f->past[at], about)))
			return false;
	return trend_id_of(&f->past[at], about) != NULL;
}

static struct trend notes_of(struct trend_finder *f)
{
	struct trend ret = { .n = f->notes.len / sizeof(*ret.notes) };
	struct trend_note *notes = arena_alloc(f->a, f->notes.len + 1);

	memcpy(notes, buf_str(&f->notes), f->notes.len);
	buf_done(&f->notes);
	ret.notes = notes;
	return ret;
}

struct trend trend_of(const struct check_past *past, size_t n, const char *probe, const char *board,
		      struct arena *a)
{
	struct trend_finder f = { .past = past, .n = n, .a = a };

	if (probe)
		look_at(&f, SUBJECT_PROBE, probe);
	if (board)
		look_at(&f, SUBJECT_BOARD, board);
	return notes_of(&f);
}

struct trend trend_find(const struct check_past *past, size_t n, struct arena *a)
{
	struct trend_finder f = { .past = past, .n = n, .a = a };

	for (size_t i = 0; i < n; i++)
		if (is_first(&f, SUBJECT_PROBE, i))
			look_at(&f, SUBJECT_PROBE, past[i].probe);
	for (size_t i = 0; i < n; i++)
		if (is_first(&f, SUBJECT_BOARD, i))
			look_at(&f, SUBJECT_BOARD, past[i].board);
	return notes_of(&f);
}
