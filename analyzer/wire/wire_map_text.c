/* The connector drawn with characters, for a terminal or a text file: see wire_map.h. */
#include "analyzer/wire/wire_map.h"

#include <stdio.h>
#include <string.h>

struct drawing {
	const struct wire_map *m;
	const struct term *t;
	struct buf *out;
};

struct frame {
	const char *top_left, *top, *top_right, *side, *bottom_left, *bottom_right;
};

static const struct frame *frame_of(const struct term *t)
{
	static const struct frame lines = { "\xe2\x94\x8c", "\xe2\x94\x80", "\xe2\x94\x90",
					    "\xe2\x94\x82", "\xe2\x94\x94", "\xe2\x94\x98" };
	static const struct frame ascii = { "+", "-", "+", "|", "+", "+" };

	return t->utf8 ? &lines : &ascii;
}

/* One column wide, and different without colour. */
static const char *sign(const struct term *t, enum wire_mark m)
{
	switch (m) {
	case WIRE_GOOD:
		return t->utf8 ? "\xe2\x9c\x93" : "+";
	case WIRE_SUSPECT:
		return "?";
	case WIRE_BAD:
		return t->utf8 ? "\xe2\x9c\x97" : "X";
	case WIRE_UNKNOWN:
		break;
	}
	return " ";
}

static enum term_style style_of(enum wire_mark m)
{
	static const enum term_style styles[] = {
		[WIRE_UNKNOWN] = TERM_PLAIN,
		[WIRE_GOOD] = TERM_GOOD,
		[WIRE_SUSPECT] = TERM_WARN,
		[WIRE_BAD] = TERM_BAD,
	};

	return styles[m];
}

static enum wire_mark mark_of(const struct drawing *d, const struct connector_pin *p)
{
	return p->wire == WIRE_NONE ? WIRE_UNKNOWN : d->m->state[p->wire].mark;
}

static size_t widest_label(const struct connector *c)
{
	size_t widest = 0;

	for (size_t i = 0; i < c->n_pins; i++)
		if (strlen(c->pins[i].label) > widest)
			widest = strlen(c->pins[i].label);
	return widest;
}

/* "? SWDIO" outside the body, against it on the left and on the right. */
static void add_label(struct drawing *d, const struct connector_pin *p, int width, bool left)
{
	enum wire_mark m = mark_of(d, p);

	if (left)
		buf_addf(d->out, "  %*s", width - (int)strlen(p->label), "");
	else
		buf_add_str(d->out, "  ");
	term_style(d->t, d->out, style_of(m));
	if (left)
		buf_addf(d->out, "%s %s", sign(d->t, m), p->label);
	else
		buf_addf(d->out, "%s%s%s", p->label, m == WIRE_UNKNOWN ? "" : " ",
			 m == WIRE_UNKNOWN ? "" : sign(d->t, m));
	term_style(d->t, d->out, TERM_PLAIN);
	if (left)
		buf_add_str(d->out, "  ");
}

static void add_edge(struct drawing *d, int indent, size_t inner, const char *left,
		     const char *right)
{
	buf_addf(d->out, "%*s%s", indent, "", left);
	for (size_t i = 0; i < inner; i++)
		buf_add_str(d->out, frame_of(d->t)->top);
	buf_addf(d->out, "%s\n", right);
}

static void add_body(struct drawing *d)
{
	const struct connector *c = d->m->connector;
	const struct frame *f = frame_of(d->t);
	int width = (int)widest_label(c), indent = width + 6;
	size_t inner = c->columns == 1 ? 4 : 8;

	add_edge(d, indent, inner, f->top_left, f->top_right);
	for (size_t i = 0; i < c->n_pins; i += c->columns) {
		add_label(d, &c->pins[i], width, true);
		if (c->columns == 1)
			buf_addf(d->out, "%s %2u %s\n", f->side, c->pins[i].number, f->side);
		else
			buf_addf(d->out, "%s %2u  %2u %s", f->side, c->pins[i].number,
				 c->pins[i + 1].number, f->side);
		if (c->columns != 1) {
			add_label(d, &c->pins[i + 1], width, false);
			buf_add_char(d->out, '\n');
		}
	}
	add_edge(d, indent, inner, f->bottom_left, f->bottom_right);
}

/* "? SWDIO  pin 7   suspect: nothing answered" */
static void add_state(struct drawing *d, enum wire w)
{
	const struct wire_state *s = &d->m->state[w];
	struct buf pins;

	buf_init(&pins);
	connector_add_pins(d->m->connector, w, &pins);
	if (pins.len && (s->mark != WIRE_UNKNOWN || s->note)) {
		char head[80];
		int n = snprintf(head, sizeof(head), " %-5s  pin %-4.40s  ", wire_rows[w].label,
				 pins.at);

		buf_add_str(d->out, "  ");
		term_style(d->t, d->out, style_of(s->mark));
		buf_addf(d->out, "%s%s%s", sign(d->t, s->mark), head, wire_mark_name(s->mark));
		term_style(d->t, d->out, TERM_PLAIN);
		if (s->note) {
			buf_add_str(d->out, ": ");
			term_add_wrapped(d->t, d->out, s->note,
					 (size_t)n + 5 + strlen(wire_mark_name(s->mark)),
					 (size_t)n + 3);
		}
		buf_add_char(d->out, '\n');
	}
	buf_done(&pins);
}

void wire_map_text(const struct wire_map *m, const struct term *t, struct buf *out)
{
	struct drawing d = { m, t, out };
	const struct connector *c = m->connector;
	struct buf title = { 0 };

	buf_addf(&title, "%s, seen from above (%s; %s)", c->title, c->pitch, c->met_at);
	term_add_wrapped(t, out, title.at, 0, 2);
	buf_add_char(out, '\n');
	buf_done(&title);
	add_body(&d);
	for (enum wire w = 0; w < WIRES; w++)
		add_state(&d, w);
}
