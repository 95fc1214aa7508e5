/* Transactions with their filter, and the registers they told. See report_html.h. */
#include "analyzer/report/report_html.h"

#include <inttypes.h>
#include <string.h>

#define PAPER_ROWS 60 /* of those that failed */

static const char *const kind_names[HTML_KINDS] = { "ok", "wait", "bad", "mark" };

static void add_filter(struct html_page *p)
{
	buf_add_str(
		p->out,
		"<form id=\"filter\" class=\"filter\" hidden>\n"
		"<label>Text in the row<input id=\"filter-text\" type=\"search\" "
		"autocomplete=\"off\"></label>\n"
		"<label>Outcome<select id=\"filter-kind\"><option value=\"all\">all</option>"
		"<option value=\"bad\">failed</option><option value=\"wait\">WAIT</option>"
		"<option value=\"ok\">ok</option><option value=\"mark\">marks</option></select>"
		"</label>\n<output id=\"filter-count\" aria-live=\"polite\"></output>\n</form>\n");
}

static void add_took(struct html_page *p, uint64_t us)
{
	if (us < 1000)
		buf_addf(p->out, "%" PRIu64 " &#181;s", us);
	else
		buf_addf(p->out, "%.2f ms", (double)us / 1000);
}

static void add_mark(struct html_page *p, const struct html_row *row)
{
	buf_addf(p->out,
		 "<tr id=\"m%" PRIu64 "\" data-kind=\"mark\" class=\"mark\"><td></td><td "
		 "class=\"n\">%.6f</td><td colspan=\"6\">",
		 row->packet, (double)row->since_us / 1e6);
	html_text(p, row->command);
	html_back_links(p, HTML_PACKETS, row->packet, row->last_packet);
	buf_add_str(p->out, "</td></tr>\n");
}

/* `failures` counts what was printed; there is an end to what a person reads on paper. */
static void add_transaction(struct html_page *p, const struct html_row *row, size_t *failures)
{
	bool quoted = html_is_quoted(p, row->packet, row->last_packet);
	bool on_paper = quoted || (row->kind != HTML_OK && (*failures)++ < PAPER_ROWS);

	buf_addf(p->out,
		 "<tr id=\"x%" PRIu64
		 "\" data-kind=\"%s\" class=\"%s%s%s\"><td class=\"n\">%" PRIu64
		 "</td><td class=\"n\">%.6f</td><td class=\"n\">",
		 row->number, kind_names[row->kind], kind_names[row->kind], quoted ? " quoted" : "",
		 on_paper ? "" : " screen", row->number, (double)row->since_us / 1e6);
	add_took(p, row->took_us);
	buf_add_str(p->out, "</td><td>");
	html_text(p, row->command);
	buf_add_char(p->out, ' ');
	html_text(p, row->arguments);
	buf_add_str(p->out, "</td><td>");
	html_text(p, *row->status ? row->status : "-");
	buf_add_str(p->out, "</td><td class=\"p\" title=\"");
	html_text(p, row->phase);
	buf_add_str(p->out, "\">");
	html_text(p, row->phase);
	buf_addf(p->out, "</td><td class=\"n\">%u</td><td class=\"t\">", row->retry + 1);
	html_text(p, row->says);
	html_back_links(p, HTML_PACKETS, row->packet, row->last_packet);
	buf_add_str(p->out, "</td></tr>\n");
}

void html_transactions(struct html_page *p)
{
	size_t n = html_rows_n(p->rows), failures = 0;

	buf_add_str(p->out, "<h2 id=\"transactions\">Transactions</h2>\n");
	if (n < p->rows->seen)
		buf_addf(p->out,
			 "<p>The first %d of %" PRIu64 ", and of the others those that "
			 "failed. The embedded trace holds all.</p>\n",
			 HTML_ROWS_MAX, p->rows->seen);
	buf_add_str(p->out,
		    "<p class=\"paper\">On paper: the first that failed, those that evidence rests "
		    "on, and the marks between them. The page on a screen has the others.</p>\n");
	add_filter(p);
	buf_add_str(p->out,
		    "<div class=\"scroll\" tabindex=\"0\"><table id=\"rows\"><thead><tr><th "
		    "scope=\"col\">#</th><th scope=\"col\">Seconds</th><th "
		    "scope=\"col\">Latency</th><th scope=\"col\">Command</th><th "
		    "scope=\"col\">Status</th><th scope=\"col\">Phase</th><th "
		    "scope=\"col\">Attempt</th><th scope=\"col\">What it says</th></tr></thead>\n"
		    "<tbody>\n");
	for (size_t i = 0; i < n; i++) {
		const struct html_row *row = html_rows_at(p->rows, i);

		if (row->kind == HTML_MARK)
			add_mark(p, row);
		else
			add_transaction(p, row, &failures);
	}
	buf_add_str(p->out, "</tbody></table></div>\n");
}

void html_registers(struct html_page *p)
{
	const struct html_register *r = (const struct html_register *)p->rows->registers.at;
	size_t n = p->rows->registers.len / sizeof(*r);
	struct buf bits;

	buf_init(&bits);
	buf_add_str(p->out, "<h2 id=\"registers\">Registers, as last read</h2>\n");
	if (!n)
		buf_add_str(p->out, "<p>None was read.</p>\n");
	else
		buf_add_str(p->out, "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th "
				    "scope=\"col\">Register</th><th scope=\"col\">Value</th><th "
				    "scope=\"col\">Bits</th><th scope=\"col\">Read by</th></tr>"
				    "</thead>\n<tbody>\n");
	for (size_t i = 0; i < n; i++) {
		buf_clear(&bits);
		coresight_add_bits(&bits, r[i].reg, r[i].value);
		buf_add_str(p->out, "<tr><th scope=\"row\">");
		html_textf(p, "%s", r[i].reg->name);
		buf_addf(p->out, "</th><td><code>0x%08" PRIx32 "</code></td><td class=\"t\">",
			 r[i].value);
		html_text(p, buf_str(&bits));
		buf_addf(p->out, "</td><td><a href=\"#x%" PRIu64 "\">#%" PRIu64 "</a></td></tr>\n",
			 r[i].number, r[i].number);
	}
	if (n)
		buf_add_str(p->out, "</tbody></table></div>\n");
	buf_done(&bits);
}
