/*
 * Charts as inline SVG: errors on the wires by speed with the bounds of what that many accesses can
 * tell, the voltage over time, and every transaction's latency. See report_html.h.
 */
#include "analyzer/report/report_html.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/base/error_rate.h"

enum { WIDTH = 640, HEIGHT = 270, LEFT = 84, RIGHT = 34, TOP = 14, BOTTOM = 36 };

#define DOTS_MAX   2000
#define RATE_FLOOR 1e-6

struct chart {
	struct html_page *p;
	double x0, x1, y0, y1; /* data at the edges */
};

static double px(const struct chart *c, double x)
{
	double span = c->x1 > c->x0 ? c->x1 - c->x0 : 1;

	return LEFT + (x - c->x0) / span * (WIDTH - LEFT - RIGHT);
}

static double py(const struct chart *c, double y)
{
	double span = c->y1 > c->y0 ? c->y1 - c->y0 : 1;

	return HEIGHT - BOTTOM - (y - c->y0) / span * (HEIGHT - TOP - BOTTOM);
}

static void begin(struct chart *c, const char *title, const char *says)
{
	buf_addf(c->p->out,
		 "<figure><svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%d\" "
		 "height=\"%d\" viewBox=\"0 0 %d %d\" font-size=\"16\"><title>%s</title><desc>%s"
		 "</desc>\n<path class=\"axis\" fill=\"none\" d=\"M%d %dV%dH%d\"/>\n",
		 WIDTH, HEIGHT, WIDTH, HEIGHT, title, says, LEFT, TOP, HEIGHT - BOTTOM,
		 WIDTH - RIGHT);
}

static void label_y(struct chart *c, double y, const char *text)
{
	buf_addf(c->p->out,
		 "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text class=\"ink\" x=\"%d\" y=\"%.1f\" "
		 "text-anchor=\"end\">%s</text>\n",
		 LEFT, py(c, y), WIDTH - RIGHT, LEFT - 8, py(c, y) + 5, text);
}

static void label_x(struct chart *c, double x, const char *text)
{
	buf_addf(c->p->out,
		 "<text class=\"ink\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
		 px(c, x), HEIGHT - BOTTOM + 24, text);
}

static void end(struct chart *c, const char *caption)
{
	buf_addf(c->p->out, "</svg><figcaption>%s</figcaption></figure>\n", caption);
}

static void label_seconds(struct chart *c)
{
	for (int i = 0; i <= 4; i++) {
		double x = c->x0 + (c->x1 - c->x0) * i / 4;
		char text[32];

		snprintf(text, sizeof(text), "%.3f s", x / 1e6);
		label_x(c, x, text);
	}
}

/* ---- errors by speed ---- */

static double decades(double rate)
{
	return log10(fmax(rate, RATE_FLOOR));
}

/* What is known of one speed. */
struct margin {
	uint32_t khz; /* 0: as it was found */
	double rate, low, high;
	const char *says; /* NULL: counted from transactions */
	uint64_t errors, accesses;
};

static void add_speed(struct chart *c, const struct margin *m, double x)
{
	char text[40];

	buf_addf(c->p->out, "<g><title>%" PRIu32 " kHz: ", m->khz);
	if (m->says)
		html_text(c->p, m->says);
	else
		buf_addf(c->p->out, "%" PRIu64 " of %" PRIu64 " accesses failed", m->errors,
			 m->accesses);
	buf_addf(c->p->out,
		 "; at least %.2g, at most %.2g, each at 95 %%</title><rect class=\"band\" "
		 "x=\"%.1f\" y=\"%.1f\" "
		 "width=\"16\" height=\"%.1f\"/><circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" "
		 "r=\"4\"/></g>\n",
		 m->low, m->high, px(c, x) - 8, py(c, decades(m->high)),
		 py(c, decades(m->low)) - py(c, decades(m->high)), m->rate > 0 ? "dot-bad" : "dot",
		 px(c, x), py(c, decades(m->rate)));
	if (m->khz)
		snprintf(text, sizeof(text), "%" PRIu32, m->khz);
	else
		snprintf(text, sizeof(text), "as found");
	label_x(c, x, text);
}

static int by_khz(const void *a, const void *b)
{
	uint32_t x = ((const struct margin *)a)->khz, y = ((const struct margin *)b)->khz;

	return x < y ? -1 : x > y;
}

/* What the examination measured with known words, the last time at each speed. */
static size_t measured(const struct html_page *p, struct margin *ret)
{
	const struct events *events = p->in->report.events;
	size_t n = 0, at;

	for (size_t i = 0; i < events_len(events); i++) {
		const struct event *e = events_at(events, i);

		if (e->kind != EVENT_LINK_RATE || !e->v[0].has || !e->v[1].has || !e->v[2].has ||
		    !e->v[4].has)
			continue;
		for (at = 0; at < n && ret[at].khz != (uint32_t)e->v[0].num;)
			at++;
		if (at == HTML_SPEEDS_MAX)
			continue;
		ret[at] = (struct margin){ .khz = (uint32_t)e->v[0].num,
					   .rate = (double)e->v[1].num / 1e9,
					   .low = (double)e->v[4].num / 1e9,
					   .high = (double)e->v[2].num / 1e9,
					   .says = e->text };
		n += at == n;
	}
	return n;
}

static size_t counted(const struct html_page *p, struct margin *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < p->rows->n_speeds; i++) {
		const struct html_speed *s = &p->rows->speeds[i];
		struct error_rate bounds = error_rate_interval(s->errors, s->accesses);

		if (!s->accesses)
			continue;
		ret[n] = (struct margin){ .khz = s->khz,
					  .rate = (double)s->errors / (double)s->accesses,
					  .low = bounds.least,
					  .high = bounds.most,
					  .errors = s->errors,
					  .accesses = s->accesses };
		n++;
	}
	return n;
}

static void add_margin(struct html_page *p)
{
	static const char *const rates[] = {
		"1e-6", "1e-5", "1e-4", "0.1 %", "1 %", "10 %", "all"
	};
	struct chart c = { .p = p, .y0 = -6, .y1 = 0 };
	struct margin used[HTML_SPEEDS_MAX];
	size_t n = measured(p, used);

	if (!n)
		n = counted(p, used);
	if (!n)
		return;
	qsort(used, n, sizeof(used[0]), by_khz);
	c.x0 = -0.5;
	c.x1 = (double)n - 0.5;
	begin(&c, "Errors on the wires by speed",
	      "Share of words that went wrong, by the link's speed in kHz, with its bounds");
	for (int i = 0; i <= 6; i++)
		label_y(&c, i - 6, rates[i]);
	for (size_t i = 0; i < n; i++)
		add_speed(&c, &used[i], (double)i);
	end(&c,
	    used[0].says
		    ? "Link margin: share of known words that came back wrong or not at all, by "
		      "speed in kHz. The rate lies above the band's lower end at 95 %, and below "
		      "its upper end at 95 %; a point at the bottom means that none went wrong."
		    : "Link margin: share of accesses that lost bits or got no answer, by speed in "
		      "kHz. The rate lies above the band's lower end at 95 %, and below its upper "
		      "end at 95 %; a point at the bottom means that none failed. `swdoctor check "
		      "--sweep` measures every speed.");
}

/* ---- voltage ---- */

static void add_voltage(struct html_page *p)
{
	const struct html_volt *v = (const struct html_volt *)p->rows->volts.at;
	size_t n = p->rows->volts.len / sizeof(*v);
	struct chart c = { .p = p, .y0 = 0, .y1 = 4000 };
	static const char *const volts[] = { "0 V", "1 V", "2 V", "3 V", "4 V" };

	if (!n)
		return;
	c.x0 = (double)v[0].since_us;
	c.x1 = (double)v[n - 1].since_us;
	begin(&c, "Voltage on VTref over time", "As the probe measured it");
	for (int i = 0; i <= 4; i++)
		label_y(&c, i * 1000, volts[i]);
	label_seconds(&c);
	buf_add_str(p->out, "<polyline class=\"curve\" points=\"");
	for (size_t i = 0; i < n; i++)
		buf_addf(p->out, "%.1f,%.1f ", px(&c, (double)v[i].since_us), py(&c, v[i].mv));
	buf_add_str(p->out, "\"/>\n");
	for (size_t i = 0; i < n; i++)
		buf_addf(p->out,
			 "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"><title>%.3f V at "
			 "%.3f s"
			 "</title></circle>\n",
			 px(&c, (double)v[i].since_us), py(&c, v[i].mv), v[i].mv / 1000.0,
			 (double)v[i].since_us / 1e6);
	end(&c, "VTref as the probe measured it; its converter is good to about 0.1 V.");
}

/* ---- latencies ---- */

static void add_latencies(struct html_page *p)
{
	static const char *const took[] = { "10 \xc2\xb5s", "100 \xc2\xb5s", "1 ms", "10 ms",
					    "100 ms",	    "1 s",	     "10 s" };
	static const char *const classes[HTML_KINDS] = { "dot", "dot-wait", "dot-bad", "dot" };
	struct chart c = { .p = p, .y0 = 1, .y1 = 7 };
	size_t n = html_rows_n(p->rows), step = n / DOTS_MAX + 1;

	if (!n)
		return;
	c.x0 = (double)html_rows_at(p->rows, 0)->since_us;
	c.x1 = (double)html_rows_at(p->rows, n - 1)->since_us;
	begin(&c, "Transactions over time", "Latency of each; failures are drawn larger");
	for (int i = 0; i <= 6; i++)
		label_y(&c, i + 1, took[i]);
	label_seconds(&c);
	for (size_t i = 0; i < n; i++) {
		const struct html_row *row = html_rows_at(p->rows, i);
		double y = log10(fmin(fmax((double)row->took_us, 10), 1e7));

		if (row->kind == HTML_MARK || (row->kind == HTML_OK && i % step))
			continue;
		buf_addf(p->out,
			 "<circle data-row=\"x%" PRIu64 "\" class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" "
			 "r=\"%s\"/>\n",
			 row->number, classes[row->kind], px(&c, (double)row->since_us), py(&c, y),
			 row->kind == HTML_OK ? "2" : "4");
	}
	end(&c,
	    "Each transaction by when it began and how long it took: failures are drawn larger. "
	    "Click one to see its row.");
}

void html_charts(struct html_page *p)
{
	size_t before = p->out->len, heading;

	buf_add_str(p->out, "<h2 id=\"charts\">Charts</h2>\n<div class=\"maps charts\">\n");
	heading = p->out->len;
	add_margin(p);
	add_voltage(p);
	add_latencies(p);
	if (p->out->len == heading)
		p->out->len = before; /* a log: nothing was measured */
	else
		buf_add_str(p->out, "</div>\n");
}
