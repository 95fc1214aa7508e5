/* A scenario's wires: what they are, and how good. */
#include "probe/sim/scenario_parts.h"

#define REF_CM 20.0

enum wire_word {
	WORD_CONNECTED,
	WORD_OPEN,
	WORD_SHORTED,
	WORD_HIGH,
	WORD_SWAPPED,
	WORD_INTERMITTENT,
	WORD_NOISY,
	WORD_LONG
};

static const char *const wire_words[] = { "connected",	  "open",  "shorted", "high", "swapped",
					  "intermittent", "noisy", "long",    NULL };

/* What kind of cable, and half of the bits are wrong at this clock when it is REF_CM long. */
static const char *const cable_words[] = { "ribbon", "jumpers", "clone", NULL };
static const double cable_f50_hz[] = { 40e6, 12e6, 4e6 };

struct wire_reading {
	int word, cable;
	double cm;
	struct scenario *s;
};

static const struct field wire_word_field = { .kind = FIELD_CHOICE,
					      .offset = offsetof(struct wire_reading, word),
					      .words = wire_words };

static int read_quality(struct reader *r, uint32_t node, size_t offset, void *into)
{
	const struct field f = { .kind = FIELD_REAL, .offset = offset };
	struct wire_reading *w = into;

	return reader_value(r, node, &f, &w->s->quality);
}

#define QUALITY(field)                                                                             \
	static int read_##field(struct reader *r, uint32_t node, void *into)                       \
	{                                                                                          \
		return read_quality(r, node, offsetof(struct wire_quality, field), into);          \
	}
QUALITY(steepness)
QUALITY(floor)
QUALITY(edge)
QUALITY(burst)
QUALITY(slip)
QUALITY(silent_read)
QUALITY(silent_write)

static int read_good(struct reader *r, uint32_t node, void *into)
{
	const struct field f = { .kind = FIELD_MS };
	struct wire_reading *w = into;

	return reader_value(r, node, &f, &w->s->contact.good_ns);
}

static int read_bad(struct reader *r, uint32_t node, void *into)
{
	const struct field f = { .kind = FIELD_MS };
	struct wire_reading *w = into;

	return reader_value(r, node, &f, &w->s->contact.bad_ns);
}

static int read_rise(struct reader *r, uint32_t node, void *into)
{
	const struct field f = { .kind = FIELD_MS };
	struct wire_reading *w = into;

	return reader_value(r, node, &f, &w->s->nrst_rise_ns);
}

static const struct field wire_fields[] = {
	{ .name = "is",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(struct wire_reading, word),
	  .words = wire_words },
	{ .name = "cable",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(struct wire_reading, cable),
	  .words = cable_words },
	{ .name = "cm", .kind = FIELD_REAL, .offset = offsetof(struct wire_reading, cm) },
	{ .name = "good-ms", .kind = FIELD_CUSTOM, .read = read_good },
	{ .name = "bad-ms", .kind = FIELD_CUSTOM, .read = read_bad },
	{ .name = "rise-ms", .kind = FIELD_CUSTOM, .read = read_rise },
	{ .name = "steepness", .kind = FIELD_CUSTOM, .read = read_steepness },
	{ .name = "floor", .kind = FIELD_CUSTOM, .read = read_floor },
	{ .name = "edge", .kind = FIELD_CUSTOM, .read = read_edge },
	{ .name = "burst", .kind = FIELD_CUSTOM, .read = read_burst },
	{ .name = "slip", .kind = FIELD_CUSTOM, .read = read_slip },
	{ .name = "silent-read", .kind = FIELD_CUSTOM, .read = read_silent_read },
	{ .name = "silent-write", .kind = FIELD_CUSTOM, .read = read_silent_write },
	{ 0 },
};

/* A ground that is long or missing: edges bounce, and the usable clock sinks. */
static void spoil_ground(struct scenario *s, double f50_factor, double edge)
{
	double f50 = s->quality.f50_hz > 0 ? s->quality.f50_hz : cable_f50_hz[0];

	s->quality.f50_hz = f50 * f50_factor;
	if (s->quality.edge < edge)
		s->quality.edge = edge;
}

static void apply_word(struct scenario *s, enum wire_line line, enum wire_word word)
{
	static const enum wire_state states[] = {
		[WORD_CONNECTED] = WIRE_CONNECTED, [WORD_OPEN] = WIRE_OPEN,
		[WORD_SHORTED] = WIRE_LOW,	   [WORD_HIGH] = WIRE_HIGH,
		[WORD_SWAPPED] = WIRE_SWAPPED,
	};

	if (word <= WORD_SWAPPED)
		s->state[line] = states[word];
	if (word == WORD_INTERMITTENT && !s->contact.bad_ns) {
		s->contact.good_ns = 400 * NS_PER_MS;
		s->contact.bad_ns = 40 * NS_PER_MS;
	}
	if (word == WORD_NOISY && s->quality.edge <= 0)
		s->quality.edge = 1e-4;
	if (line == WIRE_GND && word == WORD_LONG)
		spoil_ground(s, 0.5, 1e-6);
	if (line == WIRE_GND && word == WORD_OPEN)
		spoil_ground(s, 0.05, 3e-3);
}

static int read_wire(struct reader *r, uint32_t node, enum wire_line line, struct scenario *s)
{
	struct wire_reading w = { .cable = -1, .cm = REF_CM, .s = s };
	int rc = reader_is_map(r, node) ? reader_map(r, node, wire_fields, &w)
					: reader_value(r, node, &wire_word_field, &w);

	if (rc)
		return rc;
	if (w.cm < 1 || s->quality.burst < 1 || s->quality.steepness <= 0)
		return reader_fail(r, node, "cm and burst are at least 1, steepness is above 0");
	if (w.cable >= 0 || w.cm > REF_CM)
		s->quality.f50_hz = cable_f50_hz[w.cable < 0 ? 0 : w.cable] * REF_CM / w.cm;
	apply_word(s, line, (enum wire_word)w.word);
	return 0;
}

#define LINE(name, line)                                                                           \
	static int read_##name(struct reader *r, uint32_t node, void *into)                        \
	{                                                                                          \
		return read_wire(r, node, line, into);                                             \
	}
LINE(vtref, WIRE_VTREF)
LINE(gnd, WIRE_GND)
LINE(swdio, WIRE_SWDIO)
LINE(swclk, WIRE_SWCLK)
LINE(nrst, WIRE_NRST)
LINE(swo, WIRE_SWO)

static const struct field wires_fields[] = {
	{ .name = "vtref", .kind = FIELD_CUSTOM, .read = read_vtref },
	{ .name = "gnd", .kind = FIELD_CUSTOM, .read = read_gnd },
	{ .name = "swdio", .kind = FIELD_CUSTOM, .read = read_swdio },
	{ .name = "swclk", .kind = FIELD_CUSTOM, .read = read_swclk },
	{ .name = "nrst", .kind = FIELD_CUSTOM, .read = read_nrst },
	{ .name = "swo", .kind = FIELD_CUSTOM, .read = read_swo },
	{ 0 },
};

int scenario_read_wires(struct reader *r, uint32_t node, void *into)
{
	return reader_map(r, node, wires_fields, into);
}
