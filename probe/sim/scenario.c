/* A scenario from its YAML. */
#include "probe/sim/scenario.h"

#include <string.h>

#include "probe/base/buf.h"
#include "probe/sim/scenario_parts.h"

void scenario_defaults(struct scenario *s)
{
	*s = (struct scenario){ .probe = probe_row_find("v2"),
				.host = host_find("nominal"),
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

/* ---- other causes that look the same ---- */

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
	{ .name = "probe", .kind = FIELD_CUSTOM, .read = scenario_read_probe },
	{ .name = "firmware", .kind = FIELD_CUSTOM, .read = scenario_read_firmware },
	{ .name = "chip", .kind = FIELD_CUSTOM, .read = scenario_read_chip },
	{ .name = "host", .kind = FIELD_CUSTOM, .read = scenario_read_host },
	{ .name = "wires", .kind = FIELD_CUSTOM, .read = scenario_read_wires },
	{ .name = "supply", .kind = FIELD_CUSTOM, .read = scenario_read_supply },
	{ .name = "program", .kind = FIELD_CUSTOM, .read = scenario_read_program },
	{ .name = "faults", .kind = FIELD_CUSTOM, .read = scenario_read_faults },
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
	const char *equals = strchr(assignment, '='), *at;
	struct scenario changed = *s;
	struct buf text;
	int depth = 0, rc;

	if (!equals)
		return err_set(e, ERR_USAGE, "'%s' is not KEY=VALUE", assignment);
	buf_init(&text);
	for (at = assignment; at < equals; at++) {
		if (*at == '.')
			buf_add_str(&text, ": {");
		else
			buf_add_char(&text, *at);
		depth += *at == '.';
	}
	buf_addf(&text, ": %s", equals + 1);
	while (depth--)
		buf_add_char(&text, '}');
	buf_add_char(&text, '\n');
	rc = parse(text.at, text.len, a, &changed, e);
	buf_done(&text);
	if (rc)
		return err_prefix(e, rc, "%s", assignment);
	*s = changed;
	return 0;
}
