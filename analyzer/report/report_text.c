/*
 * A report for people: the hops, then the findings with what speaks for and against each, what
 * was ruled out, notes, and the verdict with the first action as the last line. See report.h.
 */
#include "analyzer/report/report_page.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define RULED_OUT_SHOWN 4
#define RULED_OUT_DB	(-6.0) /* what rules a cause out weighs at least "fair" */
#define GUTTER_MIN	3

void page_add_str(struct page *p, const char *text)
{
	buf_add_str(p->out, text);
}

void page_add_styled(struct page *p, enum term_style style, const char *text)
{
	term_style(p->t, p->out, style);
	term_add(p->t, p->out, text);
	term_style(p->t, p->out, TERM_PLAIN);
}

/* One paragraph behind a label: "note: ..." with further lines below the text. */
void page_add_labelled(struct page *p, size_t left, const char *label, const char *text)
{
	size_t at = left + strlen(label);

	buf_addf(p->out, "%*s", (int)left, "");
	page_add_styled(p, TERM_BOLD, label);
	page_add_str(p, " ");
	term_add_wrapped(p->t, p->out, text, at + 1, left + 2);
	page_add_str(p, "\n");
}

/* ---- head and hops ---- */

static void add_head(struct page *p)
{
	const struct source_stats *s = p->r->stats;
	uint32_t attempts = events_attempts(p->r->events);
	struct buf line;

	if (p->r->live) {
		page_add_live_head(p);
		return;
	}
	buf_init(&line);
	buf_addf(&line, "%s: %s", p->r->input, s->tool ? s->tool : "no tool recognised");
	if (s->tool && s->tool_version)
		buf_addf(&line, " %s", s->tool_version);
	buf_addf(&line, ", %" PRIu64 " %s%s", s->lines, report_place(p->r),
		 s->lines == 1 ? "" : "s");
	if (s->unrecognised_lines)
		buf_addf(&line, " (%" PRIu64 " not recognised)", s->unrecognised_lines);
	if (attempts > 1)
		buf_addf(&line, ", %" PRIu32 " attempts", attempts);
	term_add_wrapped(p->t, p->out, line.at, 0, 2);
	page_add_str(p, "\n\n");
	buf_done(&line);
}

static enum term_style hop_style(enum hop_state s)
{
	switch (s) {
	case HOP_OK:
		return TERM_GOOD;
	case HOP_BAD:
		return TERM_BAD;
	case HOP_NOT_TESTED:
	case HOP_CANNOT_TELL:
		break;
	}
	return TERM_DIM;
}

static void add_hop(struct page *p, const struct hop_result *h, size_t title_columns,
		    bool first_bad)
{
	const char *state = h->state == HOP_BAD ? "BAD" : hop_state_name(h->state);
	size_t pad, left = 3 + 13 + title_columns + 2;
	struct buf where;

	page_add_str(p, first_bad ? "=> " : "   ");
	page_add_styled(p, hop_style(h->state), state);
	pad = strlen(state) < 13 ? 13 - strlen(state) : 1;
	buf_addf(p->out, "%*s", (int)pad, "");
	if (first_bad)
		page_add_styled(p, TERM_BOLD, h->title);
	else
		term_add(p->t, p->out, h->title);
	if (h->event && p->t->columns > left + 16) {
		pad = left - 3 - 13 - term_columns_of(p->t, h->title);
		buf_addf(p->out, "%*s", (int)pad, "");
		buf_init(&where);
		report_add_place(&where, p->r, h->event, false);
		buf_addf(&where, ": %s", h->event->text);
		term_add_cut(p->t, p->out, where.at, p->t->columns - left);
		buf_done(&where);
	}
	page_add_str(p, "\n");
}

static void add_hops(struct page *p)
{
	const struct diagnosis *d = p->r->d;
	size_t i, columns, untested = 0, widest = 0;
	bool bad_seen = false;

	for (i = 0; i < d->n_hops; i++) {
		columns = term_columns_of(p->t, d->hops[i].title);
		widest = columns > widest ? columns : widest;
		untested += d->hops[i].state == HOP_NOT_TESTED;
	}
	if (untested == d->n_hops)
		return; /* a list of nothing says nothing */
	for (i = 0; i < d->n_hops; i++) {
		bool bad = d->hops[i].state == HOP_BAD;

		add_hop(p, &d->hops[i], widest, bad && !bad_seen);
		bad_seen |= bad;
	}
	if (d->n_hops)
		page_add_str(p, "\n");
}

/* ---- what is left ---- */

/* What speaks strongest against a finding that has no word; NULL: nothing of weight. */
static const struct evidence *ruled_out_by(const struct finding *f)
{
	size_t i;

	for (i = 0; i < f->n_evidence && f->word == WORD_NONE; i++)
		if (f->evidence[i].db < 0)
			return f->evidence[i].db <= RULED_OUT_DB ? &f->evidence[i] : NULL;
	return NULL;
}

static int compare_ruled_out(const void *a, const void *b)
{
	double x = ruled_out_by(*(const struct finding *const *)a)->db;
	double y = ruled_out_by(*(const struct finding *const *)b)->db;

	return x < y ? -1 : x > y;
}

static void add_ruled_out(struct page *p)
{
	const struct diagnosis *d = p->r->d;
	const struct finding **list = calloc(d->n_findings + 1, sizeof(list[0]));
	size_t i, n = 0;
	struct buf text;

	if (!list)
		abort();
	for (i = 0; i < d->n_findings; i++)
		if (ruled_out_by(&d->findings[i]))
			list[n++] = &d->findings[i];
	qsort(list, n, sizeof(list[0]), compare_ruled_out);
	buf_init(&text);
	for (i = 0; i < n && (i < RULED_OUT_SHOWN || p->style->verbose); i++) {
		buf_addf(&text, "%s%s (", i ? "; " : "", list[i]->cause);
		report_add_says(&text, ruled_out_by(list[i]));
		buf_add_char(&text, ')');
	}
	if (n)
		page_add_labelled(p, 0, "not it:", buf_str(&text));
	buf_done(&text);
	free(list);
}

static void add_facts(struct page *p)
{
	const struct diagnosis *d = p->r->d;
	struct buf text;
	size_t i;

	buf_init(&text);
	for (i = 0; i < d->n_facts; i++) {
		buf_clear(&text);
		buf_addf(&text, "%s = ", d->facts[i].id);
		report_add_fact(&text, &d->facts[i]);
		page_add_labelled(p, 0, "fact:", text.at);
	}
	for (i = 0; i < d->n_not_evaluated; i++)
		page_add_labelled(p, 0, "not evaluated:", d->not_evaluated[i]);
	buf_done(&text);
}

static void add_rest(struct page *p)
{
	const struct diagnosis *d = p->r->d;
	size_t i, before = p->out->len;

	if (d->verdict == VERDICT_UNKNOWN || p->style->verbose)
		for (i = 0; i < d->n_symptoms; i++)
			page_add_labelled(p, 0, "seen:", d->symptoms[i]);
	add_ruled_out(p);
	if (d->next_test && d->verdict != VERDICT_HEALTHY)
		page_add_labelled(p, 0, "would settle it:", d->next_test);
	for (i = 0; i < d->n_notes; i++)
		page_add_labelled(p, 0, "note:", d->notes[i]);
	if (p->style->verbose)
		add_facts(p);
	if (p->out->len > before)
		page_add_str(p, "\n");
}

/* Wrapped for a terminal; elsewhere one line, so that `tail -n 1` has all of it. */
static void add_verdict(struct page *p)
{
	struct term t = *p->t;
	struct page last = *p;
	struct buf label, text;

	if (!t.tty)
		t.columns = SIZE_MAX;
	last.t = &t;
	buf_init(&label);
	buf_init(&text);
	buf_addf(&label, "%s:", p->r->d ? verdict_name(p->r->d->verdict) : "no verdict");
	report_add_verdict(&text, p->r);
	page_add_labelled(&last, 0, label.at, text.at);
	buf_done(&label);
	buf_done(&text);
}

static int widest_line_number(const struct diagnosis *d)
{
	uint64_t most = 0;
	size_t i, k;
	int digits = 1;

	for (i = 0; i < d->n_findings; i++)
		for (k = 0; k < d->findings[i].n_evidence; k++)
			if (d->findings[i].evidence[k].n_events &&
			    d->findings[i].evidence[k].events[0]->line > most)
				most = d->findings[i].evidence[k].events[0]->line;
	for (; most > 9; most /= 10)
		digits++;
	return digits < GUTTER_MIN ? GUTTER_MIN : digits;
}

void report_text(const struct report *r, const struct report_style *style, struct buf *out)
{
	struct page p = { .r = r, .style = style, .t = &style->term, .out = out };
	const struct diagnosis *d = r->d;
	size_t i;

	if (d) {
		p.gutter = widest_line_number(d);
		add_head(&p);
		add_hops(&p);
		if (r->pictures)
			page_add_str(&p, buf_str(r->pictures));
		for (i = 0; i < d->n_findings; i++)
			if (d->findings[i].word != WORD_NONE || style->all)
				page_add_finding(&p, &d->findings[i]);
		add_rest(&p);
	}
	add_verdict(&p);
}
