/* What stands on the first screen of the page: verdict, where it stops and why, what to do first,
 * the hops. */
#include "analyzer/report/report_html.h"

#include <inttypes.h>
#include <string.h>

#include "analyzer/base/html.h"

#define REASONS_SHOWN 3

/* "It stops at: Power (VTref), because about zero volt on VTref; nothing answers" */
static void add_why(struct html_page *p)
{
	const struct diagnosis *d = p->in->report.d;
	const struct finding *f =
		d->verdict == VERDICT_PROBLEM && d->n_findings ? &d->findings[0] : NULL;
	size_t bad = 0, shown = 0;

	while (bad < d->n_hops && d->hops[bad].state != HOP_BAD)
		bad++;
	if (d->verdict == VERDICT_HEALTHY || (bad == d->n_hops && !f))
		return;
	buf_add_str(p->out, "<p class=\"why\">");
	if (bad < d->n_hops) {
		buf_add_str(p->out, "<strong>It stops at:</strong> <span class=\"s-bad "
				    "where\">\xe2\x9c\x97 ");
		html_text(p, d->hops[bad].title);
		buf_add_str(p->out, "</span> ");
	}
	for (size_t k = 0; f && k < f->n_evidence && shown < REASONS_SHOWN; k++) {
		const struct evidence *ev = &f->evidence[k];

		if (ev->db <= 0 || !*ev->says)
			continue;
		buf_add_str(p->out, shown++ ? "; " : "<strong>Why:</strong> ");
		html_words(p, ev->says);
	}
	buf_add_str(p->out, "</p>\n");
}

static void add_first_action(struct html_page *p)
{
	const struct diagnosis *d = p->in->report.d;

	if (d->first && d->verdict != VERDICT_HEALTHY) {
		buf_add_str(p->out, "<p class=\"first\"><strong>Do first</strong> ");
		html_textf(p, "(%s%s%s): ", d->first->cost,
			   strcmp(d->first->danger, "none") ? ", " : "",
			   strcmp(d->first->danger, "none") ? d->first->danger : "");
		html_words(p, d->first->text);
		buf_add_str(p->out, "</p>\n");
	}
	if (d->next_test && d->verdict != VERDICT_HEALTHY) {
		buf_add_str(p->out, "<p><strong>Would settle it:</strong> ");
		html_words(p, d->next_test);
		buf_add_str(p->out, "</p>\n");
	}
}

static void add_title(struct html_page *p)
{
	const struct diagnosis *d = p->in->report.d;

	buf_addf(p->out, "<h1><span class=\"verdict v-%s\">%s</span> ", verdict_name(d->verdict),
		 verdict_name(d->verdict));
	if (d->verdict == VERDICT_PROBLEM && d->n_findings) {
		html_text(p, d->findings[0].title);
		buf_add_str(p->out, "</h1>\n<p class=\"sure\">");
		html_textf(p, "%s, %.0f %%; cause ", word_name(d->findings[0].word),
			   d->findings[0].confidence * 100);
		buf_add_str(p->out, "<code>");
		html_text(p, d->findings[0].cause);
		buf_add_str(p->out, "</code></p>\n");
	} else if (d->verdict == VERDICT_HEALTHY) {
		buf_add_str(p->out, "The session went well</h1>\n");
	} else {
		buf_add_str(p->out, "What is seen here decides for no cause</h1>\n");
	}
}

static void add_origin(struct html_page *p)
{
	const struct report *r = &p->in->report;
	uint32_t attempts = events_attempts(r->events);

	buf_add_str(p->out, "<p class=\"dim\">");
	html_textf(p, "%s: %s%s%s, %" PRIu64 " %ss", p->in->name,
		   r->is_capture    ? "a capture"
		   : r->stats->tool ? r->stats->tool
				    : "no tool recognised",
		   r->stats->tool_version ? " " : "",
		   r->stats->tool_version ? r->stats->tool_version : "", r->stats->lines,
		   report_place(r));
	if (p->in->trace)
		html_textf(p, ", with the trace %s", p->in->trace);
	if (attempts > 1)
		html_textf(p, ", %" PRIu32 " attempts", attempts);
	buf_add_str(p->out, "</p>\n");
}

void html_hops(struct html_page *p)
{
	static const char *const classes[] = {
		[HOP_OK] = "s-ok",
		[HOP_BAD] = "s-bad",
		[HOP_NOT_TESTED] = "dim",
		[HOP_CANNOT_TELL] = "s-wait",
	};
	static const char *const signs[] = {
		[HOP_OK] = "\xe2\x9c\x93 ",
		[HOP_BAD] = "\xe2\x9c\x97 ",
		[HOP_NOT_TESTED] = "",
		[HOP_CANNOT_TELL] = "? ",
	};
	const struct diagnosis *d = p->in->report.d;

	buf_add_str(p->out,
		    "<h2 id=\"hops\">From the host to the flash</h2>\n<ol class=\"hops\">\n");
	for (size_t i = 0; i < d->n_hops; i++) {
		const struct hop_result *h = &d->hops[i];

		buf_addf(p->out, "<li class=\"%s\"><b>%s%s</b>", classes[h->state], signs[h->state],
			 hop_state_name(h->state));
		html_text(p, h->title);
		if (h->event) {
			buf_add_char(p->out, ' ');
			html_place(p, h->event);
		}
		buf_add_str(p->out, "</li>\n");
	}
	buf_add_str(p->out, "</ol>\n");
}

static void add_contents(struct html_page *p)
{
	buf_add_str(p->out,
		    "<nav aria-label=\"Contents\"><ul>\n<li><a href=\"#hops\">Hops</a></li>\n"
		    "<li><a href=\"#content\">Findings</a></li>\n"
		    "<li><a href=\"#wires\">Wires</a></li>\n");
	if (!p->in->report.is_capture)
		buf_add_str(p->out, "<li><a href=\"#log\">Log</a></li>\n");
	if (report_input_has_rows(p->in))
		buf_add_str(p->out, "<li><a href=\"#charts\">Charts</a></li>\n"
				    "<li><a href=\"#transactions\">Transactions</a></li>\n"
				    "<li><a href=\"#registers\">Registers</a></li>\n"
				    "<li><a href=\"#trace\">Trace</a></li>\n");
	if (p->rows->attempts)
		buf_add_str(p->out, "<li><a href=\"#attempts\">Journal</a></li>\n");
	buf_add_str(p->out, "<li><a href=\"#facts\">Facts</a></li>\n"
			    "<li><a href=\"#environment\">Environment</a></li>\n</ul></nav>\n");
}

void html_summary(struct html_page *p)
{
	buf_add_str(p->out, "<header>\n");
	add_title(p);
	add_origin(p);
	add_why(p);
	add_first_action(p);
	add_contents(p);
	buf_add_str(p->out, "</header>\n");
}
