/* `swdoctor list`: the probes of this machine, what they are and who uses them. */
#include "analyzer/commands.h"

#include <string.h>

#include "analyzer/base/output.h"
#include "analyzer/base/result.h"
#include "analyzer/list_row.h"

/* A probe that does not answer a question about itself within this time is not asked more. */
#define ASK_MS 2000

static const struct cli_option options[] = {
	{ .name = "probe",
	  .letter = 'p',
	  .arg = "WORDS",
	  .help = "only this one (usb:SERIAL, usb@BUS-PORT.PORT); no other is opened" },
	{ .name = "no-open", .help = "open none, so that the firmware stays unknown" },
	{ .name = "format",
	  .arg = "FORMAT",
	  .choices = "text|json",
	  .help = "for people or programs" },
	{ 0 },
};

static const struct cli_example examples[] = {
	{ "swdoctor list", "every probe, its firmware, the target's voltage, who uses it" },
	{ "swdoctor list --no-open", "the same without talking to any of them" },
	{ "swdoctor list --probe usb@1-2.3 --format json", "one of them, for a script" },
	{ 0 },
};

/* ---- asking ---- */

static void ask(struct probe *p, struct list_told *told)
{
	struct stlink *s = &p->stlink;
	struct err *e = &told->why_not;

	told->opened = true;
	told->has_version = !stlink_read_version(s, e);
	if (!told->has_version)
		return;
	told->version = s->version;
	told->has_mode = !stlink_read_mode(s, &told->mode, e);
	if (!told->has_mode || !stlink_can(s, STLINK_GATE_VOLTAGE))
		return;
	told->has_voltage = !stlink_read_voltage(s, &told->voltage, NULL);
	told->why_not.code = 0;
}

static void open_and_ask(struct list_row *row)
{
	char words[USB_PLACE_TEXT_MAX + 4] = "usb@";
	struct deadline limit;
	struct probe_options o = { .words = words,
				   .clock = &clock_real,
				   .run = &limit,
				   .why = "swdoctor list",
				   .no_trace = true };
	struct probe p;

	usb_place_text(&row->entry->dev.place, words + 4);
	deadline_init(&limit, &clock_real, NULL, "asking the probe", ASK_MS);
	if (probe_open(&o, &p, &row->told.why_not))
		return;
	ask(&p, &row->told);
	probe_close(&p);
}

static bool may_be_opened(const struct list_row *row)
{
	return row->entry->id->kind == USB_ID_PROBE && row->entry->id->generation != STLINK_V1 &&
	       row->entry->dev.place.n_ports && !row->entry->denied && !row->locked &&
	       !usb_entry_is_held(row->entry);
}

static void look(struct list_row *row, bool may_open)
{
	char name[PROBE_LOCK_NAME_MAX];

	probe_lock_name(&row->entry->dev, name);
	row->locked = lock_peek(lock_dir(), name, &row->lock);
	if (!may_open || !may_be_opened(row))
		return;
	if (row->entry->serial.form == USB_SERIAL_UNKNOWN)
		transport_usb_serial(&row->entry->dev, &row->entry->serial, NULL);
	open_and_ask(row);
}

/* ---- the command ---- */

struct listing {
	struct json json;
	struct term term;
	struct buf out;
	bool as_json;
	size_t n;
	bool denied;
};

static void show(struct listing *l, struct usb_entry *entry, bool may_open)
{
	struct list_row row = { .entry = entry };

	look(&row, may_open);
	l->n++;
	l->denied |= entry->denied;
	if (l->as_json)
		list_row_json(&row, &l->json);
	else
		list_row_text(&row, &l->term, &l->out);
}

static int print(struct listing *l, struct err *e)
{
	int rc;

	if (l->as_json) {
		json_close_array(&l->json);
		json_put_str(&l->json, "verdict", l->n && !l->denied ? "healthy" : "problem");
		json_close_object(&l->json);
		buf_add_char(&l->out, '\n');
	}
	rc = output_write(1, buf_str(&l->out), l->out.len, "standard output", e);
	if (!rc && !l->n && !l->as_json)
		rc = output_write(2, "no ST-LINK is plugged in, or none that was asked for\n", 53,
				  "standard error", e);
	return rc;
}

static int list(const struct cli_args *args, const struct probe_words *w, struct listing *l,
		struct err *e)
{
	struct usb_list probes;
	int rc = usb_list_read(&usb_roots_system, &probes, e);

	if (rc)
		return rc;
	for (size_t i = 0; i < probes.n; i++) {
		if (probe_words_match(w, &probes.entries[i]))
			show(l, &probes.entries[i], !cli_count(args, "no-open"));
	}
	usb_list_done(&probes);
	return print(l, e);
}

static int run(const struct cli_command *c, const struct cli_args *args)
{
	struct listing l = { .as_json = !strcmp(cli_value(args, "format", "text"), "json") };
	struct probe_words w;
	struct err e = { 0 };
	int rc = probe_words_parse(cli_value(args, "probe", "usb"), &w, &e);

	if (!rc && w.kind != PROBE_USB)
		rc = err_set(&e, ERR_USAGE, "only probes on USB can be listed");
	if (rc)
		return cli_fail(args, &e);
	buf_init(&l.out);
	term_init(&l.term, 1, cli_value(args, "color", NULL));
	json_begin(&l.json, &l.out);
	if (l.as_json) {
		json_open_object(&l.json, NULL);
		json_put_str(&l.json, "schema", "swdoctor/1");
		json_put_str(&l.json, "command", c->name);
		json_open_array(&l.json, "probes");
	}
	rc = list(args, &w, &l, &e);
	buf_done(&l.out);
	if (rc)
		return cli_fail(args, &e);
	return !l.n ? EXIT_CODE_NO_PROBE : l.denied ? EXIT_CODE_PROBE_BUSY : EXIT_CODE_HEALTHY;
}

const struct cli_command cmd_list = {
	.name = "list",
	.operands = "",
	.summary = "show the probes of this machine, who uses them and what hinders",
	.examples = examples,
	.options = { options },
	.details =
		"A probe is opened for a moment, to ask for its firmware, mode and target voltage, "
		"if "
		"nobody else uses it. With --probe no other one is opened; with --no-open none.\n\n"
		"Exit code: 0 listed, 3 there is none, 4 permission for one is missing.",
	.run = run,
};
