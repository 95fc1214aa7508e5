/* The history written down: see check_history_show.h. */
#include "analyzer/check/check_history_show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analyzer/check/check_draw.h"

#define SIGNS_MAX 40 /* of the latest checks */

static void add_time(struct buf *out, int64_t at)
{
	time_t seconds = (time_t)at;
	struct tm tm;
	char text[32] = "";

	if (gmtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	buf_add_str(out, text);
}

static void add_day(struct buf *out, int64_t at)
{
	struct buf time = { 0 };

	add_time(&time, at);
	buf_addf(out, "%.10s", buf_str(&time));
	buf_done(&time);
}

/* ---- notes ---- */

void check_trend_text(const struct trend *trend, const struct term *t, struct buf *out)
{
	for (size_t i = 0; i < trend->n; i++) {
		term_style(t, out, TERM_WARN);
		buf_add_str(out, "history: ");
		term_style(t, out, TERM_PLAIN);
		term_add_wrapped(t, out, trend->notes[i].text, 9, 2);
		buf_add_char(out, '\n');
	}
}

void check_trend_json(const struct trend *t, struct json *j)
{
	static const char *const about[] = {
		[SUBJECT_PROBE] = "probe", [SUBJECT_BOARD] = "board", [SUBJECT_BOTH] = "combination"
	};
	struct buf since = { 0 };

	json_open_array(j, "history");
	for (size_t i = 0; i < t->n; i++) {
		const struct trend_note *n = &t->notes[i];

		json_open_object(j, NULL);
		json_put_str(j, "kind", n->kind == TREND_WORSE ? "worse" : "blame");
		json_put_str(j, "about", about[n->about]);
		json_put_str(j, "probe", n->probe);
		json_put_str(j, "board", n->board);
		json_put_str(j, "what", n->what);
		buf_clear(&since);
		add_time(&since, n->since);
		json_put_str(j, "since", n->since ? buf_str(&since) : NULL);
		json_put_str(j, "text", n->text);
		json_close_object(j);
	}
	json_close_array(j);
	buf_done(&since);
}

/* ---- one probe or board ---- */

static bool is_of(const struct check_past *p, enum check_subject about, const char *id)
{
	const char *own = about == SUBJECT_PROBE ? p->probe : p->board;

	return own && !strcmp(own, id);
}

static void add_sign(const struct check_past *p, const struct term *t, struct buf *out)
{
	if (!strcmp(p->verdict, "healthy")) {
		term_style(t, out, TERM_GOOD);
		buf_add_str(out, t->utf8 ? "\u2713" : "+");
	} else if (!strcmp(p->verdict, "problem")) {
		term_style(t, out, TERM_BAD);
		buf_add_str(out, t->utf8 ? "\u2717" : "X");
	} else {
		buf_add_str(out, "?");
	}
	term_style(t, out, TERM_PLAIN);
}

static void add_signs(const struct check_past *const *own, size_t n, const struct term *t,
		      struct buf *out)
{
	size_t from = n > SIGNS_MAX ? n - SIGNS_MAX : 0;
	const struct check_past *last = own[n - 1];

	buf_add_str(out, from ? "  verdicts ..." : "  verdicts ");
	for (size_t i = from; i < n; i++)
		add_sign(own[i], t, out);
	buf_add_str(out, "  last: ");
	term_add(t, out, last->cause ? last->cause : last->verdict);
	buf_add_char(out, '\n');
}

static void add_numbers(const struct check_past *const *own, size_t n, enum check_subject about,
			const struct term *t, struct buf *out)
{
	for (enum check_metric m = 0; m < CHECK_METRICS; m++) {
		const struct check_metric_row *row = &check_metric_rows[m];
		int values[SIGNS_MAX];
		size_t used = 0;

		for (size_t i = n > SIGNS_MAX ? n - SIGNS_MAX : 0; i < n; i++)
			if (own[i]->metric[m].has)
				values[used++] = (int)own[i]->metric[m].n;
		if (!(row->whose & about) || used < 2)
			continue;
		buf_add_str(out, "  ");
		check_draw_spark(values, used, (int)row->least, SIGNS_MAX, t->utf8, out);
		buf_addf(out, "  %s: %d%s%s\n", row->title, values[used - 1], *row->unit ? " " : "",
			 row->unit);
	}
}

static void add_subject(const struct check_history_view *v, enum check_subject about,
			const char *id, const struct term *t, struct buf *out)
{
	const struct check_past **own = calloc(v->n, sizeof(*own));
	const char *detail, *label = NULL;
	char name[TREND_NAME_MAX];
	size_t n = 0;

	if (!own)
		abort();
	for (size_t i = 0; i < v->n; i++) {
		if (!is_of(&v->past[i], about, id))
			continue;
		own[n++] = &v->past[i];
		label = v->past[i].label ? v->past[i].label : label;
	}
	trend_name(id, name);
	detail = about == SUBJECT_PROBE ? own[n - 1]->firmware : own[n - 1]->chip;
	term_style(t, out, TERM_BOLD);
	buf_add_str(out, about == SUBJECT_PROBE ? "probe " : "board ");
	term_add(t, out, about == SUBJECT_BOARD && label ? label : name);
	term_style(t, out, TERM_PLAIN);
	if (detail) {
		buf_add_str(out, about == SUBJECT_PROBE ? " (" : " (STM32");
		term_add(t, out, detail);
		buf_add_str(out, ")");
	}
	buf_addf(out, ": %zu check%s, ", n, n == 1 ? "" : "s");
	add_day(out, own[0]->at);
	buf_add_str(out, " to ");
	add_day(out, own[n - 1]->at);
	buf_add_char(out, '\n');
	add_signs(own, n, t, out);
	add_numbers(own, n, about, t, out);
	buf_add_char(out, '\n');
	free(own);
}

/* Each probe, or each board, in the order in which they came. */
static void each(const struct check_history_view *v, enum check_subject about,
		 void (*found)(void *user, const char *id), void *user)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct check_past *p = &v->past[i];
		const char *id = about == SUBJECT_PROBE ? p->probe : p->board;
		size_t k = 0;

		while (id && k < i && !is_of(&v->past[k], about, id))
			k++;
		if (id && k == i)
			found(user, id);
	}
}

/* ---- for people ---- */

struct page {
	const struct check_history_view *v;
	const struct term *t;
	struct buf *out;
};

static void show_probe(void *user, const char *id)
{
	const struct page *p = user;

	add_subject(p->v, SUBJECT_PROBE, id, p->t, p->out);
}

static void show_board(void *user, const char *id)
{
	const struct page *p = user;

	add_subject(p->v, SUBJECT_BOARD, id, p->t, p->out);
}

void check_history_text(const struct check_history_view *v, const struct term *t, struct buf *out)
{
	struct page p = { v, t, out };

	if (!v->n) {
		buf_add_str(out, "no check has been kept yet\n");
		return;
	}
	each(v, SUBJECT_PROBE, show_probe, &p);
	each(v, SUBJECT_BOARD, show_board, &p);
	if (v->trend.n)
		check_trend_text(&v->trend, t, out);
	else
		buf_add_str(out, "no probe and no board got worse\n");
}

/* ---- for programs ---- */

static void put_check(struct json *j, const struct check_past *p)
{
	struct buf at = { 0 };

	add_time(&at, p->at);
	json_open_object(j, NULL);
	json_put_str(j, "at", at.at);
	json_put_str(j, "probe", p->probe);
	json_put_str(j, "firmware", p->firmware);
	json_put_str(j, "board", p->board);
	json_put_str(j, "label", p->label);
	json_put_str(j, "chip", p->chip);
	json_put_str(j, "verdict", p->verdict);
	json_put_str(j, "cause", p->cause);
	json_put_str(j, "class", p->cls);
	json_put_int(j, "exit_code", p->code);
	for (enum check_metric m = 0; m < CHECK_METRICS; m++)
		if (p->metric[m].has)
			json_put_int(j, check_metric_rows[m].name, p->metric[m].n);
	json_close_object(j);
	buf_done(&at);
}

void check_history_json(const struct check_history_view *v, struct buf *out)
{
	struct json j;

	json_begin(&j, out);
	json_open_object(&j, NULL);
	json_put_str(&j, "schema", "swdoctor/1");
	json_put_str(&j, "command", "check");
	json_put_str(&j, "state", "done");
	json_put_str(&j, "verdict", !v->n ? "unknown" : v->trend.n ? "problem" : "healthy");
	json_open_array(&j, "checks");
	for (size_t i = 0; i < v->n; i++)
		put_check(&j, &v->past[i]);
	json_close_array(&j);
	check_trend_json(&v->trend, &j);
	json_close_object(&j);
	buf_add_char(out, '\n');
}
