/* Facts about wires and connectors, looked up: see wire_map.h. */
#include "analyzer/wire/wire_map.h"

#include <string.h>

const struct wire_row wire_rows[WIRES] = {
#define WIRE(id, name, text, chip, measure, expect, otherwise, hop, fact, trust)                   \
	[WIRE_##id] = { name, text, chip, measure, expect, otherwise, hop, fact, trust },
#include "analyzer/wire/wire_map_wires.def"
#undef WIRE
};

#define PIN(number, label, wire) { number, label, WIRE_##wire },
#define CONNECTOR(id, name, title, columns, pitch, met, source, ...)                               \
	static const struct connector_pin pins_##id[] = { __VA_ARGS__{ 0 } };
#include "analyzer/wire/wire_map_connectors.def"
#undef CONNECTOR
#undef PIN

const struct connector connectors[] = {
#define CONNECTOR(id, name, title, columns, pitch, met, source, ...)                               \
	{ name,	  title,   pitch,     met,                                                         \
	  source, columns, pins_##id, sizeof(pins_##id) / sizeof(pins_##id[0]) - 1 },
#include "analyzer/wire/wire_map_connectors.def"
#undef CONNECTOR
};

const size_t n_connectors = sizeof(connectors) / sizeof(connectors[0]);

enum wire wire_find(const char *id)
{
	enum wire w = 0;

	while (w < WIRES && strcmp(wire_rows[w].id, id))
		w++;
	return w;
}

const struct connector *connector_find(const char *id)
{
	for (size_t i = 0; i < n_connectors; i++)
		if (!strcmp(connectors[i].id, id))
			return &connectors[i];
	return NULL;
}

void connector_add_pins(const struct connector *c, enum wire w, struct buf *out)
{
	const char *before = "";

	for (size_t i = 0; i < c->n_pins; i++) {
		if (c->pins[i].wire != w)
			continue;
		buf_addf(out, "%s%u", before, c->pins[i].number);
		before = ", ";
	}
}

/* USB ids as in probe/usb_ids.def; connectors by the boards that carry these probes. */
static const struct {
	uint16_t pid;
	const char *names[3];
} fits[] = {
	{ 0x374b, { "nucleo-6", "arm-20" } },	     { 0x3752, { "nucleo-6", "arm-20" } },
	{ 0x374d, { "stdc-14", "cortex-10" } },	     { 0x374e, { "stdc-14", "cortex-10" } },
	{ 0x374f, { "stdc-14", "cortex-10" } },	     { 0x3753, { "stdc-14", "cortex-10" } },
	{ 0x3754, { "stdc-14", "cortex-10" } },	     { 0x3757, { "stdc-14", "cortex-10" } },
	{ 0, { "arm-20", "dongle-a", "dongle-b" } },
};

size_t connectors_of_probe(uint16_t pid, const struct connector *ret[3])
{
	size_t row = 0, n = 0;

	while (fits[row].pid && fits[row].pid != pid)
		row++;
	for (size_t i = 0; i < 3 && fits[row].names[i]; i++)
		ret[n++] = connector_find(fits[row].names[i]);
	return n;
}

const char *wire_mark_name(enum wire_mark m)
{
	static const char *const names[] = {
		[WIRE_UNKNOWN] = "not known",
		[WIRE_GOOD] = "good",
		[WIRE_SUSPECT] = "suspect",
		[WIRE_BAD] = "bad",
	};

	return names[m];
}
