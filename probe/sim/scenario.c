/* A scenario from its YAML. */
#include "probe/sim/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/sim/scenario_read.h"

#define SERIAL_DIGITS 24
#define REF_CM	      20.0

static const struct host_row hosts[] = {
	{ "nominal", 0, 0, 0, 0 },
	{ "fast", 10, 30, 40, 10 },
	{ "slow", 50, 300, 500, 60 },
	{ "remote", 50, 4000, 4000, 60 },
};

const struct host_row *host_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (!strcmp(hosts[i].name, name))
			return &hosts[i];
	return NULL;
}

void scenario_defaults(struct scenario *s)
{
	*s = (struct scenario){ .probe = probe_row_find("v2"),
				.host = &hosts[0],
				.chip = chip_find("F405"),
				.mode = FW_IDLE,
				.slowness = 1,
				.mv = 3300,
				.program = PROGRAM_RUN,
				.seed = 1 };
	s->version = s->probe->version;
	s->quality.burst = 1;
	s->quality.steepness = 0.08;
	memcpy(s->serial, "53570000000000000000F00D", sizeof(s->serial));
}

/* ---- probe, firmware, host ---- */

static int read_probe_type(struct reader *r, uint32_t node, void *into)
{
	struct scenario *s = into;
	const char *text = NULL;
	const struct probe_row *row;
	int rc = reader_text(r, node, &text);

	if (rc)
		return rc;
	row = probe_row_find(text);
	if (!row)
		return reader_fail(r, node, "there is no probe '%s' on the bench", text);
	s->probe = row;
	s->version = row->version;
	return 0;
}

static int read_serial(struct reader *r, uint32_t node, void *into)
{
	struct scenario *s = into;
	const char *text = NULL;
	int rc = reader_text(r, node, &text);

	if (rc)
		return rc;
	if (strlen(text) != SERIAL_DIGITS || strspn(text, "0123456789ABCDEF") != SERIAL_DIGITS)
		return reader_fail(r, node, "a serial number has %d hexadecimal digits",
				   SERIAL_DIGITS);
	memcpy(s->serial, text, SERIAL_DIGITS + 1);
	return 0;
}

static const char *const mode_words[] = { "dfu", "idle", "debug", "swim", "bootloader", NULL };

static const struct field probe_fields[] = {
	{ .name = "type", .kind = FIELD_CUSTOM, .read = read_probe_type },
	{ .name = "serial", .kind = FIELD_CUSTOM, .read = read_serial },
	{ .name = "mode",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(struct scenario, mode),
	  .words = mode_words },
	{ .name = "stuck", .kind = FIELD_BOOL, .offset = offsetof(struct scenario, stuck) },
	{ 0 },
};

static int read_probe(struct reader *r, uint32_t node, void *into)
{
	return reader_is_map(r, node) ? reader_map(r, node, probe_fields, into)
				      : read_probe_type(r, node, into);
}

static int read_firmware(struct reader *r, uint32_t node, void *into)
{
	struct scenario *s = into;
	const char *text = NULL;
	struct err e = { 0 };
	int rc = reader_text(r, node, &text);

	if (rc)
		return rc;
	if (probe_version_parse(text, &s->version, &e))
		return reader_fail(r, node, "%s", e.text);
	return 0;
}

static int read_preset(struct reader *r, uint32_t node, void *into)
{
	struct scenario *s = into;
	const char *text = NULL;
	int rc = reader_text(r, node, &text);

	if (rc)
		return rc;
	s->host = host_find(text);
	return s->host ? 0 : reader_fail(r, node, "there is no host preset '%s'", text);
}

static const struct field host_fields[] = {
	{ .name = "preset", .kind = FIELD_CUSTOM, .read = read_preset },
	{ .name = "no-probe", .kind = FIELD_BOOL, .offset = offsetof(struct scenario, absent) },
	{ .name = "denied", .kind = FIELD_BOOL, .offset = offsetof(struct scenario, denied) },
	{ .name = "busy", .kind = FIELD_BOOL, .offset = offsetof(struct scenario, busy) },
	{ 0 },
};

static int read_host(struct reader *r, uint32_t node, void *into)
{
	struct scenario *s = into;
	int rc;

	if (!reader_is_map(r, node))
		return read_preset(r, node, into);
	rc = reader_map(r, node, host_fields, into);
	return rc ? rc : s->host ? 0 : reader_fail(r, node, "no host preset");
}

/* ---- chip ---- */

static int read_part(struct reader *r, uint32_t node, void *into)
{
	struct scenario *s = into;
	const char *text = NULL;
	const struct chip_row *row;
	int rc = reader_text(r, node, &text);

	if (rc)
		return rc;
	row = chip_find(text);
	if (!row)
		return reader_fail(r, node, "there is no chip '%s' on the bench", text);
	s->chip = row;
	return 0;
}

static int read_write_protected(struct reader *r, uint32_t node, void *into)
{
	const struct field number = { .kind = FIELD_U32 };
	struct scenario *s = into;

	if (s->n_write_protected == SCENARIO_BLOCKS_MAX)
		return reader_fail(r, node, "at most %d blocks", SCENARIO_BLOCKS_MAX);
	return reader_value(r, node, &number, &s->write_protected[s->n_write_protected++]);
}

static int read_write_protection(struct reader *r, uint32_t node, void *into)
{
	return reader_list(r, node, read_write_protected, into);
}

static const struct field chip_fields[] = {
	{ .name = "part", .kind = FIELD_CUSTOM, .read = read_part },
	{ .name = "rdp", .kind = FIELD_U32, .offset = offsetof(struct scenario, protection) },
	{ .name = "write-protected", .kind = FIELD_CUSTOM, .read = read_write_protection },
	{ .name = "hardware-watchdog",
	  .kind = FIELD_BOOL,
	  .offset = offsetof(struct scenario, hardware_watchdog) },
	{ .name = "slowness", .kind = FIELD_REAL, .offset = offsetof(struct scenario, slowness) },
	{ .name = "bad-block", .kind = FIELD_U32, .offset = offsetof(struct scenario, bad_block) },
	{ .name = "bad-cell", .kind = FIELD_U32, .offset = offsetof(struct scenario, bad_cell) },
	{ .name = "idcode", .kind = FIELD_U32, .offset = offsetof(struct scenario, idcode) },
	{ .name = "dpidr", .kind = FIELD_U32, .offset = offsetof(struct scenario, dpidr) },
	{ 0 },
};

static bool in_flash(const struct scenario *s, uint32_t addr)
{
	return addr - s->chip->flash->base < s->chip->flash_kib * 1024;
}

static int read_chip(struct reader *r, uint32_t node, void *into)
{
	struct scenario *s = into;
	size_t i;
	int rc;

	if (!reader_is_map(r, node))
		return read_part(r, node, into);
	rc = reader_map(r, node, chip_fields, into);
	if (rc)
		return rc;
	if (s->protection > 2)
		return reader_fail(r, node, "rdp is 0, 1 or 2");
	for (i = 0; i < s->n_write_protected; i++)
		if (!in_flash(s, s->write_protected[i]))
			return reader_fail(r, node, "0x%08x is not in this chip's flash",
					   s->write_protected[i]);
	if ((s->bad_block && !in_flash(s, s->bad_block)) ||
	    (s->bad_cell && !in_flash(s, s->bad_cell)))
		return reader_fail(r, node, "the bad place is not in this chip's flash");
	return 0;
}

/* ---- wires ---- */

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
	double cm, ground;
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

static int read_wires(struct reader *r, uint32_t node, void *into)
{
	return reader_map(r, node, wires_fields, into);
}

/* ---- supply and program ---- */

static const char *const when_words[] = { "always",  "erasing", "programming",
					  "running", "halted",	NULL };

static const struct field volts_field = { .kind = FIELD_VOLTS,
					  .offset = offsetof(struct scenario, mv) };

static const struct field supply_fields[] = {
	{ .name = "volts", .kind = FIELD_VOLTS, .offset = offsetof(struct scenario, mv) },
	{ .name = "sag", .kind = FIELD_VOLTS, .offset = offsetof(struct scenario, sag_mv) },
	{ .name = "when",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(struct scenario, sag_when),
	  .words = when_words },
	{ 0 },
};

static int read_supply(struct reader *r, uint32_t node, void *into)
{
	return reader_is_map(r, node) ? reader_map(r, node, supply_fields, into)
				      : reader_value(r, node, &volts_field, into);
}

static const char *const program_words[] = { "blank", "run",	  "sleep",  "stop",	 "standby",
					     "remap", "watchdog", "lockup", "hardfault", NULL };

static const struct field program_word = { .kind = FIELD_CHOICE,
					   .offset = offsetof(struct scenario, program),
					   .words = program_words };

static const struct field program_fields[] = {
	{ .name = "does",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(struct scenario, program),
	  .words = program_words },
	{ .name = "file", .kind = FIELD_TEXT, .offset = offsetof(struct scenario, program_file) },
	{ .name = "after-ms", .kind = FIELD_U32, .offset = offsetof(struct scenario, after_ms) },
	{ 0 },
};

static int read_program(struct reader *r, uint32_t node, void *into)
{
	struct scenario *s = into;
	int rc;

	if (!reader_is_map(r, node))
		return reader_value(r, node, &program_word, into);
	rc = reader_map(r, node, program_fields, into);
	if (s->program_file)
		s->program = PROGRAM_FILE;
	return rc;
}

/* ---- what happens ---- */

static const char *const fault_words[] = { "status",	 "usb-stall",	"usb-lost", "usb-short",
					   "usb-unplug", "probe-stuck", "wire",	    "noise",
					   "supply",	 "nrst-pulse",	NULL };
static const char *const line_words[] = { "vtref", "gnd", "swdio", "swclk", "nrst", "swo", NULL };
static const char *const state_words[] = {
	"connected", "open", "shorted", "high", "swapped", NULL
};

/* "transaction 120" or "ms 5"; "3 transactions" or "20 ms" for durations: the number and the unit.
 */
static int read_amount(struct reader *r, uint32_t node, bool number_first, uint64_t *transactions,
		       uint64_t *ns)
{
	unsigned long long n = 0;
	const char *text = NULL;
	char unit[16] = "";
	int rc = reader_text(r, node, &text), end = 0, got;

	if (rc)
		return rc;
	got = number_first ? sscanf(text, "%llu %15[a-z]%n", &n, unit, &end)
			   : sscanf(text, "%15[a-z] %llu%n", unit, &n, &end);
	if (got == 2 && !text[end] && n && !strncmp(unit, "transactions", strlen("transaction")))
		*transactions = n;
	else if (got == 2 && !text[end] && n && !strcmp(unit, "ms"))
		*ns = n * NS_PER_MS;
	else
		return reader_fail(r, node,
				   number_first ? "'3 transactions' or '20 ms', not '%s'"
						: "'transaction 3' or 'ms 20', not '%s'",
				   text);
	return 0;
}

static int read_at(struct reader *r, uint32_t node, void *into)
{
	struct fault *f = into;

	return read_amount(r, node, false, &f->at_transaction, &f->at_ns);
}

static int read_for(struct reader *r, uint32_t node, void *into)
{
	struct fault *f = into;

	return read_amount(r, node, true, &f->for_transactions, &f->for_ns);
}

static const struct field fault_fields[] = {
	{ .name = "what",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(struct fault, kind),
	  .words = fault_words },
	{ .name = "at", .kind = FIELD_CUSTOM, .read = read_at },
	{ .name = "when",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(struct fault, when),
	  .words = when_words },
	{ .name = "probability",
	  .kind = FIELD_REAL,
	  .offset = offsetof(struct fault, probability) },
	{ .name = "for", .kind = FIELD_CUSTOM, .read = read_for },
	{ .name = "word", .kind = FIELD_U32, .offset = offsetof(struct fault, status) },
	{ .name = "wire",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(struct fault, line),
	  .words = line_words },
	{ .name = "is",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(struct fault, state),
	  .words = state_words },
	{ .name = "edge", .kind = FIELD_REAL, .offset = offsetof(struct fault, edge) },
	{ .name = "volts", .kind = FIELD_VOLTS, .offset = offsetof(struct fault, mv) },
	{ 0 },
};

static int read_fault(struct reader *r, uint32_t node, void *into)
{
	struct scenario *s = into;
	struct fault *f = &s->fault[s->n_faults];
	int rc;

	if (s->n_faults == SCENARIO_FAULTS_MAX)
		return reader_fail(r, node, "at most %d faults", SCENARIO_FAULTS_MAX);
	*f = (struct fault){ .kind = (enum fault_kind) - 1, .probability = 1 };
	rc = reader_map(r, node, fault_fields, f);
	if (rc)
		return rc;
	if (f->kind == (enum fault_kind) - 1)
		return reader_fail(r, node, "a fault says `what` happens");
	if (f->kind == FAULT_STATUS && (!f->status || f->status > 0xff))
		return reader_fail(r, node, "a status word is a number from 1 to 255");
	s->n_faults++;
	return 0;
}

static int read_faults(struct reader *r, uint32_t node, void *into)
{
	return reader_list(r, node, read_fault, into);
}

static const struct field also_fields[] = {
	{ .name = "cause", .kind = FIELD_TEXT, .offset = offsetof(struct scenario_also, cause) },
	{ .name = "why", .kind = FIELD_TEXT, .offset = offsetof(struct scenario_also, why) },
	{ 0 },
};

static int read_one_also(struct reader *r, uint32_t node, void *into)
{
	struct scenario *s = into;
	struct scenario_also *also = &s->also[s->n_also];
	int rc;

	if (s->n_also == SCENARIO_ALSO_MAX)
		return reader_fail(r, node, "at most %d other causes", SCENARIO_ALSO_MAX);
	rc = reader_map(r, node, also_fields, also);
	if (!rc && (!also->cause || !also->why))
		return reader_fail(r, node, "a cause and why it cannot be told apart");
	s->n_also++;
	return rc;
}

static int read_also(struct reader *r, uint32_t node, void *into)
{
	return reader_list(r, node, read_one_also, into);
}

/* ---- the whole ---- */

static const struct field scenario_fields[] = {
	{ .name = "probe", .kind = FIELD_CUSTOM, .read = read_probe },
	{ .name = "firmware", .kind = FIELD_CUSTOM, .read = read_firmware },
	{ .name = "chip", .kind = FIELD_CUSTOM, .read = read_chip },
	{ .name = "host", .kind = FIELD_CUSTOM, .read = read_host },
	{ .name = "wires", .kind = FIELD_CUSTOM, .read = read_wires },
	{ .name = "supply", .kind = FIELD_CUSTOM, .read = read_supply },
	{ .name = "program", .kind = FIELD_CUSTOM, .read = read_program },
	{ .name = "faults", .kind = FIELD_CUSTOM, .read = read_faults },
	{ .name = "truth", .kind = FIELD_TEXT, .offset = offsetof(struct scenario, truth) },
	{ .name = "also", .kind = FIELD_CUSTOM, .read = read_also },
	{ 0 },
};

/* The order of keys must not matter, and `firmware` refines what `probe` says. */
static int read_in_order(struct reader *r, struct scenario *s)
{
	const struct field *f;
	uint32_t key, value;
	int rc;

	for (f = scenario_fields; f->name; f++)
		for (key = 1; key < r->y->nodes[0].end; key = r->y->nodes[value].end) {
			value = r->y->nodes[key].end;
			if (strcmp(f->name, yaml_text(r->y, key)) != 0)
				continue;
			rc = reader_value(r, value, f, s);
			if (rc)
				return rc;
		}
	return 0;
}

static int parse(const char *text, size_t len, struct arena *a, struct scenario *s, struct err *e)
{
	struct yaml_mistakes mistakes = { 0 };
	struct yaml y;
	struct reader r = { .y = &y, .a = a, .e = e };
	struct scenario unused;
	int rc = yaml_parse(text, len, a, &y, &mistakes);

	if (rc && mistakes.n)
		return err_set(e, ERR_FORMAT, "line %u: %s", mistakes.at[0].line,
			       mistakes.at[0].text);
	if (rc)
		return err_set(e, ERR_FORMAT, "no YAML");
	unused = *s;
	rc = reader_map(&r, 0, scenario_fields, &unused); /* finds keys that are unknown */
	return rc ? rc : read_in_order(&r, s);
}

int scenario_parse(const char *text, size_t len, struct arena *a, struct scenario *ret,
		   struct err *e)
{
	struct scenario s;
	int rc;

	scenario_defaults(&s);
	rc = parse(text, len, a, &s, e);
	if (!rc)
		*ret = s;
	return rc;
}

int scenario_set(struct scenario *s, const char *assignment, struct arena *a, struct err *e)
{
	const char *equals = strchr(assignment, '=');
	struct scenario changed = *s;
	struct buf text;
	int rc;

	if (!equals)
		return err_set(e, ERR_USAGE, "'%s' is not KEY=VALUE", assignment);
	buf_init(&text);
	buf_addf(&text, "%.*s: %s\n", (int)(equals - assignment), assignment, equals + 1);
	rc = parse(text.at, text.len, a, &changed, e);
	buf_done(&text);
	if (rc)
		return err_prefix(e, rc, "%s", assignment);
	*s = changed;
	return 0;
}
