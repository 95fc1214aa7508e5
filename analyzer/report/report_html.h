/*
 * One HTML file about a log or a trace: verdict and first action on top, then hops, findings with
 * evidence that is linked both ways with the lines or transactions it rests on, wires, charts,
 * transactions, registers, environment, and the trace itself to download.
 *
 * Nothing is loaded from outside; the page's policy allows only the style and the script that are
 * named by their hashes. All text is redacted (unless that is off) and escaped on its way in.
 */
#ifndef SWDOCTOR_REPORT_HTML_H
#define SWDOCTOR_REPORT_HTML_H

#include "analyzer/report/report_html_rows.h"
#include "analyzer/report/report_input.h"
#include "analyzer/wire/wire_map.h"

/* `rows` were gathered while `in` was read. `connector` may be NULL: by the probe. */
int report_html(struct report_input *in, const struct html_rows *rows,
		const struct connector *connector, struct buf *out, struct err *e);

/* ---- what the report_html_*.c files share ---- */

struct html_page {
	struct report_input *in;
	const struct html_rows *rows;
	const struct connector *connector;
	struct buf *out;
};

/* Text of the input: redacted, escaped. */
void html_text(struct html_page *p, const char *text);
void html_textf(struct html_page *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The rules' own words: what stands between backticks is code. */
void html_words(struct html_page *p, const char *text);
/* A link's target for the place (line or packet) of an event: "L12", "x7", "m9"; false: it is not
 * on the page. */
bool html_anchor(const struct html_page *p, const struct event *ev, char ret[32]);
/* "line 14" or "packet 7", as a link where it leads somewhere. */
void html_place(struct html_page *p, const struct event *ev);

enum html_side { HTML_LINES, HTML_PACKETS };

/* "for +14 dB, CAUSE" links back to all evidence that rests on lines, or packets, from..to. */
void html_back_links(struct html_page *p, enum html_side side, uint64_t from, uint64_t to);

/* Some evidence of a named cause rests on these packets. */
bool html_is_quoted(const struct html_page *p, uint64_t from, uint64_t to);

void html_summary(struct html_page *p); /* the header: verdict, why, what to do first, contents */
void html_hops(struct html_page *p);
void html_findings(struct html_page *p);
void html_charts(struct html_page *p);
void html_transactions(struct html_page *p);
void html_registers(struct html_page *p);
void html_log(struct html_page *p);
void html_attempts(struct html_page *p); /* the journal: marks of a trace, or the log's attempts */
int html_embedded_trace(struct html_page *p, struct err *e);

#endif
