/* `swdoctor check`: the health of the connection, hop by hop. */
#include "analyzer/commands.h"

#include "analyzer/check_probe.h"
#include "analyzer/consent.h"
#include "analyzer/output.h"
#include "analyzer/probe_flags.h"

static const struct cli_option options[] = {
	{ .name = "allow",
	  .arg = "WHAT",
	  .help = "reset: the target may be reset, and its RAM written to and put back" },
	{ .name = "sweep",
	  .help = "measure the margin of the link at every speed (needs --allow reset)" },
	{ .name = "format",
	  .arg = "FORMAT",
	  .choices = "text|json",
	  .help = "for people or programs" },
	{ .name = "all", .help = "every probe on USB, side by side" },
	{ .name = "all-causes", .help = "also show the causes that are less than possible" },
	{ .name = "connector",
	  .arg = "NAME",
	  .help = "the probe's connector, to be drawn: arm-20, cortex-10, dongle-a, dongle-b, "
		  "nucleo-6, stdc-14, tc2030" },
	{ .name = "events", .help = "list in the JSON what was seen" },
	{ .name = "result", .arg = "FILE", .help = "also write the JSON to FILE, atomically" },
	{ 0 },
};

static const struct cli_example examples[] = {
	{ "swdoctor check", "examine probe, wires and target without disturbing the target" },
	{ "swdoctor check --allow reset", "also test the reset line" },
	{ "swdoctor check --allow reset --sweep", "also measure how fast the link can be" },
	{ "swdoctor check --probe usb@1-2 --probe usb@1-3", "two probes at once" },
	{ "swdoctor check --all --format json", "every probe, a line of JSON each" },
	{ 0 },
};

static int load(struct check *c, struct err *e)
{
	const char *connector = cli_value(c->args, "connector", NULL);
	struct buf mistakes;
	int rc = consent_check(c->args, e);

	if (rc)
		return rc;
	c->connector = connector ? connector_find(connector) : NULL;
	if (connector && !c->connector)
		return err_set(e, ERR_USAGE, "no connector is called '%.60s'", connector);
	buf_init(&mistakes);
	rc = judge_init(&c->judge, cli_value(c->args, "rules", NULL), &mistakes, e);
	output_write(2, buf_str(&mistakes), mistakes.len, "standard error", NULL);
	buf_done(&mistakes);
	return rc;
}

static int run(const struct cli_command *command, const struct cli_args *args)
{
	struct check c = { .args = args };
	const struct each_probe each = {
		.args = args,
		.command = command->name,
		.all = cli_count(args, "all"),
		.user = &c,
		.work = check_probe,
		.fail = check_probe_failed,
	};
	struct err e = { 0 };
	int rc;

	c.options.allow_reset = consent_given(args, "reset");
	c.options.sweep = cli_count(args, "sweep");
	c.options.rules = cli_value(args, "rules", NULL);
	term_init(&c.term, 1, cli_value(args, "color", NULL));
	rc = load(&c, &e);
	rc = each_probe_run(&each, rc ? &e : NULL);
	judge_done(&c.judge);
	return rc;
}

const struct cli_command cmd_check = {
	.name = "check",
	.operands = "",
	.summary =
		"examine the connection from the host to the chip, and say what is wrong with it",
	.examples = examples,
	.options = { options, probe_flags },
	.details =
		"Without --allow reset a running target is neither halted, reset nor written to; a "
		"target that cannot be reached, or whose core is locked up, may be reset.\n\n"
		"Exit code: 0 healthy, 1 a problem was found, 3 no such probe, 4 busy or no "
		"permission, 5 the probe is sick, 6 hardware, 7 firmware or protection, 8 the link "
		"is marginal, 11 no verdict. The last line on standard error tells it too.",
	.run = run,
};
