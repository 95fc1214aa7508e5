/* A scenario's probe, firmware and host. */
#include "probe/sim/scenario_parts.h"

#include <string.h>

#define SERIAL_DIGITS 24

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

int scenario_read_probe(struct reader *r, uint32_t node, void *into)
{
	return reader_is_map(r, node) ? reader_map(r, node, probe_fields, into)
				      : read_probe_type(r, node, into);
}

int scenario_read_firmware(struct reader *r, uint32_t node, void *into)
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

int scenario_read_host(struct reader *r, uint32_t node, void *into)
{
	struct scenario *s = into;
	int rc;

	if (!reader_is_map(r, node))
		return read_preset(r, node, into);
	rc = reader_map(r, node, host_fields, into);
	return rc ? rc : s->host ? 0 : reader_fail(r, node, "no host preset");
}
