/* Findings with evidence linked to its lines, and the log's lines linked back. See report_html.h.
 */
#include "analyzer/report/report_html.h"

#include <inttypes.h>
#include <string.h>

static void add_evidence(struct html_page *p, const struct evidence *ev, size_t i, size_t k)
{
	buf_addf(p->out, "<li id=\"e%zu-%zu\" class=\"%s\"><span class=\"db\">%s ", i, k,
		 ev->db > 0 ? "for" : "against", ev->db > 0 ? "for" : "against");
	html_textf(p, "%+.0f dB", ev->db);
	buf_add_str(p->out, "</span> ");
	html_words(p, *ev->says || !ev->fact ? ev->says : ev->fact);
	if (ev->n_events) {
		const struct event *event = ev->events[0];

		buf_add_str(p->out, "<br>");
		html_place(p, event);
		buf_add_str(p->out, ": <code>");
		html_text(p, event->text);
		buf_add_str(p->out, "</code>");
		if (event->times > 1)
			html_textf(p, " (%" PRIu32 " times)", event->times);
	}
	buf_add_str(p->out, "</li>\n");
}

static void add_remedies(struct html_page *p, const struct finding *f)
{
	if (!f->n_remedies)
		return;
	buf_add_str(p->out, "<h3>What to do</h3>\n<ol>\n");
	for (size_t i = 0; i < f->n_remedies; i++) {
		const struct finding_remedy *m = &f->remedies[i];

		buf_add_str(p->out, "<li>");
		html_words(p, m->text);
		html_textf(p, " (%s%s%s)", m->cost, strcmp(m->danger, "none") ? ", " : "",
			   strcmp(m->danger, "none") ? m->danger : "");
		buf_add_str(p->out, "</li>\n");
	}
	buf_add_str(p->out, "</ol>\n");
}

static void add_finding(struct html_page *p, const struct finding *f, size_t i)
{
	buf_addf(p->out, "<article class=\"finding\" id=\"f%zu\"><h3>", i);
	html_text(p, f->title);
	buf_add_str(p->out, "</h3>\n<p><code>");
	html_text(p, f->cause);
	buf_add_str(p->out, "</code> ");
	html_textf(p, "%s, %.0f %%", word_name(f->word), f->confidence * 100);
	buf_add_str(p->out, "</p>\n<ul>\n");
	for (size_t k = 0; k < f->n_evidence; k++)
		add_evidence(p, &f->evidence[k], i, k);
	buf_add_str(p->out, "</ul>\n");
	add_remedies(p, f);
	buf_add_str(p->out, "</article>\n");
}

void html_findings(struct html_page *p)
{
	const struct diagnosis *d = p->in->report.d;
	size_t shown = 0;

	buf_add_str(p->out, "<h2 id=\"content\" tabindex=\"-1\">Causes, with what speaks for and "
			    "against each</h2>\n");
	for (size_t i = 0; i < d->n_findings; i++) {
		if (d->findings[i].word == WORD_NONE)
			continue;
		add_finding(p, &d->findings[i], i);
		shown++;
	}
	if (!shown)
		buf_add_str(p->out, "<p>No cause is even possible.</p>\n");
	for (size_t i = 0; i < d->n_notes; i++) {
		buf_add_str(p->out, "<p><strong>Note:</strong> ");
		html_words(p, d->notes[i]);
		buf_add_str(p->out, "</p>\n");
	}
}

void html_log(struct html_page *p)
{
	const struct excerpt_line *lines;
	size_t n = excerpt_lines(p->in->excerpt, &lines);
	uint64_t last = 0;

	buf_add_str(p->out, "<h2 id=\"log\">The log around the first failure</h2>\n<div "
			    "class=\"scroll\" tabindex=\"0\"><ol class=\"log\">\n");
	for (size_t i = 0; i < n; i++) {
		if (lines[i].index > last + 1)
			buf_addf(p->out,
				 "<li class=\"dim\"><span class=\"num\">...</span><span>%" PRIu64
				 " more</span></li>\n",
				 lines[i].index - last - 1);
		last = lines[i].index;
		buf_addf(p->out,
			 "<li id=\"L%" PRIu64 "\"%s><span class=\"num\">%" PRIu64
			 "</span><span class=\"txt\">",
			 lines[i].number, lines[i].quoted ? " class=\"quoted\"" : "",
			 lines[i].number);
		html_text(p, lines[i].text);
		if (lines[i].quoted)
			html_back_links(p, HTML_LINES, lines[i].number, lines[i].last);
		buf_add_str(p->out, "</span></li>\n");
	}
	buf_add_str(p->out, "</ol></div>\n");
}

static void add_marks(struct html_page *p)
{
	for (size_t i = 0; i < html_rows_n(p->rows); i++) {
		const struct html_row *row = html_rows_at(p->rows, i);

		if (row->kind != HTML_MARK)
			continue;
		buf_addf(p->out, "<li>%.6f s: ", (double)row->since_us / 1e6);
		html_text(p, row->command);
		buf_add_str(p->out, "</li>\n");
	}
}

static void add_attempts(struct html_page *p)
{
	const struct events *events = p->in->report.events;
	uint32_t attempt = 0;

	for (size_t i = 0; i < events_len(events); i++) {
		const struct event *ev = events_at(events, i);

		if (ev->attempt == attempt)
			continue;
		attempt = ev->attempt;
		buf_add_str(p->out, "<li>");
		html_place(p, ev);
		buf_add_str(p->out, ": ");
		html_text(p, ev->text);
		buf_add_str(p->out, "</li>\n");
	}
}

void html_attempts(struct html_page *p)
{
	size_t before = p->out->len, heading;

	buf_add_str(p->out, "<h2 id=\"attempts\">Journal of attempts</h2>\n<ol>\n");
	heading = p->out->len;
	if (p->in->report.is_capture)
		add_marks(p);
	else
		add_attempts(p);
	if (p->out->len == heading)
		p->out->len = before;
	else
		buf_add_str(p->out, "</ol>\n");
}
