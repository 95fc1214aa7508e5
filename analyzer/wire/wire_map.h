/*
 * The debug connector as a picture: which signal is on which pin, with good, suspect and bad wires
 * marked; for a terminal and as SVG. Facts about connectors and wires stand in
 * wire_map_connectors.def and wire_map_wires.def.
 */
#ifndef SWDOCTOR_WIRE_MAP_H
#define SWDOCTOR_WIRE_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/base/term.h"
#include "probe/base/buf.h"

/* In the order in which they are measured: each one leans on those before it. */
enum wire {
#define WIRE(id, ...) WIRE_##id,
#include "analyzer/wire/wire_map_wires.def"
#undef WIRE
	WIRES,
	WIRE_NONE = WIRES /* a pin that SWD does not use */
};

struct wire_row {
	const char *id; /* "swdio" */
	const char *label;
	const char *chip_pin; /* the other end: "PA13" */
	const char *measure, *expect, *otherwise;
	const char *hop;   /* works if the wire does; "" where none tells */
	const char *fact;  /* id, or "group.", of what is known of it; "" */
	const char *trust; /* how far what a probe says of it can be trusted */
};

extern const struct wire_row wire_rows[WIRES];

enum wire wire_find(const char *id); /* WIRE_NONE: there is none */

struct connector_pin {
	unsigned number;
	const char *label;
	enum wire wire;
};

struct connector {
	const char *id; /* "arm-20" */
	const char *title, *pitch, *met_at, *source;
	unsigned columns;		  /* 1: a single row */
	const struct connector_pin *pins; /* ends with number 0 */
	size_t n_pins;
};

extern const struct connector connectors[];
extern const size_t n_connectors;

const struct connector *connector_find(const char *id); /* NULL: there is none */
/* "7", "4, 6, 8": the pins of a wire; "" if the connector does not have it. */
void connector_add_pins(const struct connector *c, enum wire w, struct buf *out);
/*
 * Connectors that a probe with these USB ids may have: the likeliest first, the rest after it. A
 * V2 cannot tell whether it is ST's or a dongle of two pinouts. Never none; `ret` has room for 3.
 */
size_t connectors_of_probe(uint16_t pid, const struct connector *ret[3]);

enum wire_mark { WIRE_UNKNOWN, WIRE_GOOD, WIRE_SUSPECT, WIRE_BAD };

struct wire_state {
	enum wire_mark mark;
	const char *note; /* lent: "3.24 V"; NULL: nothing to say */
};

struct wire_map {
	const struct connector *connector;
	struct wire_state state[WIRES];
};

const char *wire_mark_name(enum wire_mark m); /* "suspect" */
/* Some lines that end with newlines: the connector from above, then what is known of each wire. */
void wire_map_text(const struct wire_map *m, const struct term *t, struct buf *out);
/*
 * One <svg> element without scripts or outside references, fit to stand in a page or alone. Its
 * colours are attributes that a page's style may overrule by class: wire-good, wire-suspect,
 * wire-bad, wire-unknown, wire-ink, wire-body.
 */
void wire_map_svg(const struct wire_map *m, struct buf *out);

#endif
