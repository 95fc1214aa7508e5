/* The page: head, policy, and the order of its parts. See report_html.h. */
#include "analyzer/report/report_html.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/base/html.h"
#include "analyzer/report/report_wiring.h"
#include "probe/base/base64.h"
#include "probe/base/sha256.h"

extern const char report_css[], report_css_end[], report_js[], report_js_end[];

void html_text(struct html_page *p, const char *text)
{
	struct buf clean;

	buf_init(&clean);
	redact_add(p->in->redact, &clean, text, strlen(text));
	html_add(p->out, buf_str(&clean));
	buf_done(&clean);
}

void html_textf(struct html_page *p, const char *fmt, ...)
{
	struct buf text;
	va_list ap;

	buf_init(&text);
	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	html_text(p, buf_str(&text));
	buf_done(&text);
}

void html_words(struct html_page *p, const char *text)
{
	static const char *const tags[] = { "<code>", "</code>" };
	struct buf part;
	bool inside = false;
	size_t len;

	buf_init(&part);
	for (; *text; text += len) {
		if (*text == '`' && (inside || strchr(text + 1, '`'))) {
			buf_add_str(p->out, tags[inside]);
			inside = !inside;
			len = 1;
			continue;
		}
		len = 1 + strcspn(text + 1, "`");
		buf_clear(&part);
		buf_add(&part, text, len);
		html_text(p, buf_str(&part));
	}
	buf_done(&part);
}

/* ---- places ---- */

static const struct html_row *row_of_packet(const struct html_page *p, uint64_t packet)
{
	for (size_t i = 0; i < html_rows_n(p->rows); i++) {
		const struct html_row *row = html_rows_at(p->rows, i);

		if (packet >= row->packet && packet <= row->last_packet)
			return row;
	}
	return NULL;
}

static bool is_in_log(const struct html_page *p, uint64_t line)
{
	const struct excerpt_line *lines;
	size_t n = excerpt_lines(p->in->excerpt, &lines);

	for (size_t i = 0; i < n; i++)
		if (lines[i].number == line)
			return true;
	return false;
}

bool html_anchor(const struct html_page *p, const struct event *ev, char ret[32])
{
	uint64_t packet = report_input_packet(p->in, ev), line = report_input_line(p->in, ev);
	const struct html_row *row = packet ? row_of_packet(p, packet) : NULL;

	if (row && row->kind == HTML_MARK)
		snprintf(ret, 32, "m%" PRIu64, row->packet);
	else if (row)
		snprintf(ret, 32, "x%" PRIu64, row->number);
	else
		snprintf(ret, 32, "L%" PRIu64, line);
	return row || (line && is_in_log(p, line));
}

void html_place(struct html_page *p, const struct event *ev)
{
	char anchor[32];
	bool linked = html_anchor(p, ev, anchor);

	if (linked)
		buf_addf(p->out, "<a href=\"#%s\">", anchor);
	report_add_place(p->out, &p->in->report, ev, false);
	if (linked)
		buf_add_str(p->out, "</a>");
}

static bool rests_on(const struct html_page *p, const struct evidence *ev, enum html_side side,
		     uint64_t from, uint64_t to)
{
	uint64_t place;

	if (!ev->n_events)
		return false;
	place = side == HTML_PACKETS ? report_input_packet(p->in, ev->events[0])
				     : report_input_line(p->in, ev->events[0]);
	return place && place >= from && place <= to;
}

bool html_is_quoted(const struct html_page *p, uint64_t from, uint64_t to)
{
	const struct diagnosis *d = p->in->report.d;

	for (size_t i = 0; i < d->n_findings; i++) {
		const struct finding *f = &d->findings[i];

		for (size_t k = 0; f->word != WORD_NONE && k < f->n_evidence; k++)
			if (rests_on(p, &f->evidence[k], HTML_PACKETS, from, to))
				return true;
	}
	return false;
}

void html_back_links(struct html_page *p, enum html_side side, uint64_t from, uint64_t to)
{
	const struct diagnosis *d = p->in->report.d;

	for (size_t i = 0; i < d->n_findings; i++) {
		const struct finding *f = &d->findings[i];

		for (size_t k = 0; f->word != WORD_NONE && k < f->n_evidence; k++) {
			const struct evidence *ev = &f->evidence[k];

			if (!rests_on(p, ev, side, from, to))
				continue;
			buf_addf(p->out, " <a class=\"back\" href=\"#e%zu-%zu\">&#8593; ", i, k);
			html_textf(p, "%s %+.0f dB, %s", ev->db > 0 ? "for" : "against", ev->db,
				   f->cause);
			buf_add_str(p->out, "</a>");
		}
	}
}

/* ---- head ---- */

static void add_hash(struct buf *out, const char *from, const char *to)
{
	uint8_t hash[SHA256_BYTES];

	sha256(from, (size_t)(to - from), hash);
	buf_add_str(out, "'sha256-");
	base64_add(out, hash, sizeof(hash));
	buf_add_str(out, "'");
}

static void add_head(struct html_page *p)
{
	buf_add_str(p->out,
		    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		    "style-src ");
	add_hash(p->out, report_css, report_css_end);
	buf_add_str(p->out, "; script-src ");
	add_hash(p->out, report_js, report_js_end);
	buf_add_str(p->out,
		    "; base-uri 'none'; form-action 'none'\">\n"
		    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		    "<meta name=\"referrer\" content=\"no-referrer\">\n"
		    "<link rel=\"icon\" href=\"data:,\">\n<title>");
	html_textf(p, "swdoctor: %s", p->in->name);
	buf_add_str(p->out, "</title>\n<style>");
	buf_add(p->out, report_css, (uintptr_t)report_css_end - (uintptr_t)report_css);
	buf_add_str(p->out, "</style>\n</head>\n<body>\n"
			    "<a class=\"skip\" href=\"#content\">Skip to the findings</a>\n");
}

/* ---- the rest ---- */

static void add_wires(struct html_page *p)
{
	const struct connector *list[3];
	size_t n = report_connectors(p->in, p->connector, list);
	struct wire_map m;

	report_wire_states(p->in->report.d, p->in->report.rules, p->in->arena, &m);
	buf_add_str(p->out, "<h2 id=\"wires\">Wires</h2>\n<div class=\"maps\">\n");
	for (size_t i = 0; i < n; i++) {
		m.connector = list[i];
		buf_add_str(p->out, "<figure>");
		wire_map_svg(&m, p->out);
		buf_add_str(p->out, "<figcaption>");
		html_textf(p, "%s (%s)", list[i]->title, list[i]->met_at);
		buf_add_str(p->out, "</figcaption></figure>\n");
	}
	buf_add_str(p->out, "</div>\n<div class=\"scroll\" tabindex=\"0\"><table><caption "
			    "class=\"dim\">In measuring order</caption><thead><tr><th "
			    "scope=\"col\">Wire</th><th scope=\"col\">State</th><th "
			    "scope=\"col\">Measure</th><th scope=\"col\">Expect</th><th "
			    "scope=\"col\">Otherwise</th></tr></thead>\n<tbody>\n");
	for (enum wire w = 0; w < WIRES; w++) {
		const struct wire_row *row = &wire_rows[w];

		buf_addf(p->out, "<tr><th scope=\"row\">%s</th><td>", row->label);
		html_textf(p, "%s%s%s", wire_mark_name(m.state[w].mark),
			   m.state[w].note ? ": " : "", m.state[w].note ? m.state[w].note : "");
		buf_addf(p->out,
			 "<br><span class=\"dim\">%s</span></td><td>%s, chip's end %s</td>"
			 "<td>%s</td><td>%s</td></tr>\n",
			 row->trust, row->measure, row->chip_pin, row->expect, row->otherwise);
	}
	buf_add_str(p->out, "</tbody></table></div>\n");
}

static void add_facts(struct html_page *p)
{
	const struct diagnosis *d = p->in->report.d;
	const char *before = "";
	struct buf value;

	buf_init(&value);
	buf_add_str(p->out, "<h2 id=\"facts\">All that is known</h2>\n<dl>\n");
	for (size_t i = 0; i < d->n_facts; i++) {
		if (d->facts[i].type == EVENT_ABSENT && !d->facts[i].num)
			continue;
		buf_clear(&value);
		report_add_fact(&value, &d->facts[i]);
		buf_add_str(p->out, "<dt>");
		html_text(p, d->facts[i].title);
		buf_add_str(p->out, "</dt><dd>");
		html_text(p, buf_str(&value));
		buf_add_str(p->out, "</dd>\n");
	}
	buf_add_str(p->out, "</dl>\n<h3>What is known not to be so</h3>\n<p class=\"dim\">");
	for (size_t i = 0; i < d->n_facts; i++) {
		if (d->facts[i].type != EVENT_ABSENT || d->facts[i].num)
			continue;
		html_textf(p, "%s%s", before, d->facts[i].title);
		before = "; ";
	}
	buf_add_str(p->out, "</p>\n");
	buf_done(&value);
}

static void add_environment(struct html_page *p)
{
	buf_add_str(p->out, "<h2 id=\"environment\">Where this report was written</h2>\n<dl>\n");
	for (size_t i = 0; i < p->in->n_env; i++) {
		buf_add_str(p->out, "<dt>");
		html_text(p, p->in->env[i].name);
		buf_add_str(p->out, "</dt><dd>");
		html_text(p, p->in->env[i].value);
		buf_add_str(p->out, "</dd>\n");
	}
	buf_add_str(p->out, "</dl>\n");
}

static void add_end(struct html_page *p)
{
	buf_add_str(p->out, "</main>\n<footer class=\"dim\"><p>Written by swdoctor.");
	if (p->in->redact)
		buf_add_str(p->out,
			    " Serial numbers, ids, names, folders and addresses are replaced "
			    "by tokens such as [serial-1]; memory contents are left out.");
	buf_add_str(p->out, "</p></footer>\n<script>");
	buf_add(p->out, report_js, (uintptr_t)report_js_end - (uintptr_t)report_js);
	buf_add_str(p->out, "</script>\n</body>\n</html>\n");
}

int report_html(struct report_input *in, const struct html_rows *rows,
		const struct connector *connector, struct buf *out, struct err *e)
{
	struct html_page p = { in, rows, connector, out };
	int rc = 0;

	add_head(&p);
	html_summary(&p);
	buf_add_str(out, "<main>\n");
	html_hops(&p);
	html_findings(&p);
	add_wires(&p);
	if (!in->report.is_capture)
		html_log(&p);
	html_charts(&p);
	if (report_input_has_rows(in)) {
		html_transactions(&p);
		html_registers(&p);
		rc = html_embedded_trace(&p, e);
	}
	html_attempts(&p);
	add_facts(&p);
	add_environment(&p);
	add_end(&p);
	return rc;
}
