/* One finding for people: what, how sure, the lines for and against it, what to do. See report.h.
 */
#include "analyzer/report/report_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define EVIDENCE_SHOWN 5
#define REMEDIES_SHOWN 2

/* How sure it is stands at the right margin, behind the title if there is room. */
static void add_title(struct page *p, const struct finding *f)
{
	struct buf text, sure;
	size_t at;

	buf_init(&text);
	buf_init(&sure);
	buf_addf(&text, "[%s]: %s", f->cause, f->title);
	report_add_confidence(&sure, f);
	page_add_styled(p, f->word == WORD_NONE ? TERM_PLAIN : TERM_BAD, "cause");
	at = term_add_wrapped(p->t, p->out, text.at, strlen("cause"), 2);
	if (at + 2 + sure.len > p->t->columns) {
		page_add_str(p, "\n");
		at = 0;
	}
	buf_addf(p->out, "%*s", (int)(p->t->columns - sure.len - at), "");
	page_add_styled(p, TERM_BOLD, sure.at);
	page_add_str(p, "\n");
	buf_done(&text);
	buf_done(&sure);
}

static const char *bar(const struct page *p)
{
	return p->t->utf8 ? "\xe2\x94\x82" : "|";
}

static void add_bar(struct page *p)
{
	buf_addf(p->out, "%*s ", p->gutter, "");
	page_add_styled(p, TERM_DIM, bar(p));
}

static void add_quote(struct page *p, const struct event *ev)
{
	size_t used = (size_t)p->gutter + 3;
	struct buf text, times;

	buf_init(&text);
	buf_init(&times);
	if (ev->times > 1) {
		buf_addf(&times, "  (%" PRIu32 " times, to ", ev->times);
		report_add_place(&times, p->r, ev, true);
		buf_add_str(&times, ")");
	}
	/* The gutter is for the log's lines; what a trace beside it holds has packets. */
	if (ev->trace) {
		buf_addf(p->out, "%*s ", p->gutter, "");
		report_add_place(&text, p->r, ev, false);
		buf_add_str(&text, ": ");
	} else {
		buf_addf(p->out, "%*" PRIu64 " ", p->gutter, ev->line);
	}
	buf_add_str(&text, ev->text);
	page_add_styled(p, TERM_DIM, bar(p));
	page_add_str(p, " ");
	used += times.len;
	term_add_cut(p->t, p->out, text.at, p->t->columns > used ? p->t->columns - used : 0);
	page_add_styled(p, TERM_DIM, buf_str(&times));
	page_add_str(p, "\n");
	buf_done(&text);
	buf_done(&times);
}

/* `quoted` is the event that the row above quotes, or NULL. */
static void add_evidence(struct page *p, const struct evidence *ev, const struct event *quoted)
{
	struct buf says;
	size_t at;

	if (ev->n_events && ev->events[0] != quoted)
		add_quote(p, ev->events[0]);
	buf_init(&says);
	report_add_db(&says, ev->db);
	add_bar(p);
	buf_addf(p->out, "   %-7s %7s  ", ev->db > 0 ? "for" : "against", says.at);
	at = (size_t)p->gutter + 2 + 3 + 7 + 1 + 7 + 2;
	buf_clear(&says);
	buf_add_str(&says, ev->says);
	if (!ev->n_events && !*ev->says && ev->fact)
		buf_add_str(&says, ev->fact);
	term_add_wrapped(p->t, p->out, buf_str(&says), at, at);
	page_add_str(p, "\n");
	buf_done(&says);
}

static void add_evidence_list(struct page *p, const struct finding *f)
{
	size_t i, shown = f->n_evidence;
	const struct event *quoted = NULL;

	if (!p->style->verbose && shown > EVIDENCE_SHOWN)
		shown = EVIDENCE_SHOWN;
	add_bar(p);
	page_add_str(p, "\n");
	for (i = 0; i < shown; i++) {
		add_evidence(p, &f->evidence[i], quoted);
		quoted = f->evidence[i].n_events ? f->evidence[i].events[0] : NULL;
	}
	if (shown < f->n_evidence) {
		add_bar(p);
		buf_addf(p->out, "   and %zu weaker ones (--verbose shows them)\n",
			 f->n_evidence - shown);
	}
	add_bar(p);
	page_add_str(p, "\n");
}

static void add_remedies(struct page *p, const struct finding *f)
{
	size_t i, shown = f->n_remedies;
	struct buf label;

	if (!p->style->verbose && shown > REMEDIES_SHOWN)
		shown = REMEDIES_SHOWN;
	buf_init(&label);
	for (i = 0; i < shown; i++) {
		buf_clear(&label);
		buf_add_str(&label, i ? "= or" : "= try");
		report_add_cost(&label, &f->remedies[i]);
		page_add_labelled(p, (size_t)p->gutter + 1, label.at, f->remedies[i].text);
	}
	buf_clear(&label);
	buf_addf(&label, "swdoctor rules explain %s", f->cause);
	page_add_labelled(p, (size_t)p->gutter + 1, "= more:", label.at);
	buf_done(&label);
}

void page_add_finding(struct page *p, const struct finding *f)
{
	add_title(p, f);
	if (f->n_evidence)
		add_evidence_list(p, f);
	add_remedies(p, f);
	page_add_str(p, "\n");
}
