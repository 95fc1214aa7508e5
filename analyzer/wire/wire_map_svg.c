/* The connector drawn as SVG, for pages and files: see wire_map.h. */
#include "analyzer/wire/wire_map.h"

#include "analyzer/base/html.h"

enum { ROW = 26, TOP = 40, LABEL = 92, PITCH = 40, BODY_PAD = 14, RADIUS = 10 };

struct look {
	const char *cls, *fill, *ink, *sign;
};

static const struct look looks[] = {
	[WIRE_UNKNOWN] = { "wire-unknown", "#ffffff", "#333333", "" },
	[WIRE_GOOD] = { "wire-good", "#d7f0dd", "#14532d", "\xe2\x9c\x93" },
	[WIRE_SUSPECT] = { "wire-suspect", "#ffe9b8", "#7a4a00", "?" },
	[WIRE_BAD] = { "wire-bad", "#ffd6d3", "#8c1212", "\xe2\x9c\x97" },
};

static const struct look *look_of(const struct wire_map *m, const struct connector_pin *p)
{
	return &looks[p->wire == WIRE_NONE ? WIRE_UNKNOWN : m->state[p->wire].mark];
}

static void add_pin(const struct wire_map *m, const struct connector_pin *p, int x, int y,
		    bool left, struct buf *out)
{
	const struct look *k = look_of(m, p);
	int text_x = left ? x - PITCH / 2 - BODY_PAD : x + PITCH / 2 + BODY_PAD;

	buf_addf(out,
		 "<g class=\"%s\"><circle cx=\"%d\" cy=\"%d\" r=\"%d\" fill=\"%s\" stroke=\"%s\"/>",
		 k->cls, x, y, RADIUS, k->fill, k->ink);
	buf_addf(out,
		 "<text x=\"%d\" y=\"%d\" font-size=\"10\" text-anchor=\"middle\" fill=\"%s\">%u"
		 "</text>",
		 x, y + 4, k->ink, p->number);
	buf_addf(out, "<text x=\"%d\" y=\"%d\" font-size=\"13\" text-anchor=\"%s\" fill=\"%s\"%s>",
		 text_x, y + 4, left ? "end" : "start", k->ink,
		 *k->sign ? " font-weight=\"bold\"" : "");
	if (left && *k->sign)
		buf_addf(out, "%s ", k->sign);
	html_add(out, p->label);
	if (!left && *k->sign)
		buf_addf(out, " %s", k->sign);
	buf_add_str(out, "</text></g>\n");
}

/* What a screen reader says. */
static void add_description(const struct wire_map *m, struct buf *out)
{
	buf_add_str(out, "<title>");
	html_add(out, m->connector->title);
	buf_add_str(out, "</title><desc>");
	for (enum wire w = 0; w < WIRES; w++) {
		struct buf pins;

		buf_init(&pins);
		connector_add_pins(m->connector, w, &pins);
		if (pins.len)
			buf_addf(out, "%s: pin %s, %s. ", wire_rows[w].label, pins.at,
				 wire_mark_name(m->state[w].mark));
		buf_done(&pins);
	}
	buf_add_str(out, "</desc>\n");
}

void wire_map_svg(const struct wire_map *m, struct buf *out)
{
	const struct connector *c = m->connector;
	int rows = (int)(c->n_pins / c->columns), height = TOP + rows * ROW + 12;
	int body = (int)(c->columns - 1) * PITCH + PITCH, width = 2 * (LABEL + BODY_PAD) + body;
	int first_x = LABEL + BODY_PAD + PITCH / 2;

	buf_addf(out,
		 "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"wire-map\" role=\"img\" "
		 "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\">",
		 width, height, width, height);
	add_description(m, out);
	buf_addf(out,
		 "<text class=\"wire-ink\" x=\"%d\" y=\"18\" font-size=\"12\" "
		 "text-anchor=\"middle\" fill=\"#333333\">",
		 width / 2);
	html_add(out, c->id);
	buf_add_str(out, ", seen from above</text>\n");
	buf_addf(out,
		 "<rect class=\"wire-body\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" "
		 "fill=\"#e8e8ee\" stroke=\"#555555\"/>\n",
		 LABEL + BODY_PAD, TOP - ROW / 2 - 2, body, rows * ROW + 4);
	for (size_t i = 0; i < c->n_pins; i++) {
		int column = (int)(i % c->columns), row = (int)(i / c->columns);

		add_pin(m, &c->pins[i], first_x + column * PITCH, TOP + row * ROW + 2, column == 0,
			out);
	}
	buf_add_str(out, "</svg>\n");
}
