/* `swdoctor check`: the health of the connection, hop by hop. */
#include "analyzer/commands.h"

#include <string.h>

#include "analyzer/base/output.h"
#include "analyzer/check/check_history_show.h"
#include "analyzer/check/check_probe.h"
#include "analyzer/cli/consent.h"
#include "analyzer/cli/probe_flags.h"

static const struct cli_option options[] = {
	{ .name = "allow",
	  .arg = "WHAT",
	  .help = "reset: the target may be reset, and its RAM written to and put back; erase: "
		  "also "
		  "a blank block of its flash erased, to see what the supply does meanwhile" },
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
	{ .name = "board",
	  .arg = "NAME",
	  .help = "what you call this board; the history then knows it even when its chip does "
		  "not answer" },
	{ .name = "history", .help = "show what earlier checks found, and open no probe" },
	{ .name = "no-history", .help = "do not keep this check in the history" },
	{ .name = "events", .help = "list in the JSON what was seen" },
	{ .name = "result", .arg = "FILE", .help = "also write the JSON to FILE, atomically" },
	{ 0 },
};

static const struct cli_example examples[] = {
	{ "swdoctor check", "examine probe, wires and target without disturbing the target" },
	{ "swdoctor check --allow reset", "also test the reset line" },
	{ "swdoctor check --allow reset --sweep", "also measure how fast the link can be" },
	{ "swdoctor check --allow erase", "also watch the supply while flash is erased" },
	{ "swdoctor check --probe usb@1-2 --probe usb@1-3", "two probes at once" },
	{ "swdoctor check --history", "did a probe or a board get worse?" },
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

/* ---- the history ---- */

/* What --board and --probe usb:SERIAL leave of it. */
static bool is_wanted(const struct cli_args *args, const struct check_past *p)
{
	const char *board = cli_value(args, "board", NULL);
	const char *words = cli_value(args, "probe", NULL);
	const char *serial = words ? strchr(words, ':') : NULL;

	if (board && !(p->label && !strcmp(p->label, board)) &&
	    !(p->board && !strcmp(p->board, board)))
		return false;
	return !words || !strcmp(p->probe, words) || (serial && !strcmp(p->probe, serial + 1));
}

static int read_history(const struct cli_args *args, struct arena *a,
			struct check_history_view *ret, struct err *e)
{
	struct check_history *h = NULL;
	const struct check_past *all = NULL;
	struct check_past *wanted;
	size_t n = 0;
	int rc = check_history_open(NULL, false, &h, e);

	if (!rc)
		rc = check_history_read(h, a, &all, &n, e);
	check_history_close(h);
	if (rc)
		return rc;
	/* Whose fault it is shows in all of it, also where only a part is shown. */
	ret->trend = trend_find(all, n, a);
	wanted = arena_alloc(a, (n + 1) * sizeof(*wanted));
	for (size_t i = 0; i < n; i++)
		if (is_wanted(args, &all[i]))
			wanted[ret->n++] = all[i];
	ret->past = wanted;
	return 0;
}

static int show_history(const struct cli_args *args, const struct term *t)
{
	struct check_history_view v = { 0 };
	struct arena *a = arena_new();
	struct buf out = { 0 };
	struct result end;
	struct err e = { 0 };
	int rc = read_history(args, a, &v, &e);

	if (!rc && !strcmp(cli_value(args, "format", "text"), "json"))
		check_history_json(&v, &out);
	else if (!rc)
		check_history_text(&v, t, &out);
	if (!rc)
		rc = output_write(1, buf_str(&out), out.len, "standard output", &e);
	result_fill(&end,
		    rc		? cli_fail(args, &e)
		    : !v.n	? EXIT_CODE_UNKNOWN
		    : v.trend.n ? EXIT_CODE_PROBLEM
				: EXIT_CODE_HEALTHY,
		    NULL, NULL, NULL);
	result_print(&end);
	buf_done(&out);
	arena_free(a);
	return end.code;
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

	c.options.allow_erase = consent_given(args, "erase");
	c.options.allow_reset = consent_given(args, "reset") || c.options.allow_erase;
	c.options.sweep = cli_count(args, "sweep");
	c.options.rules = cli_value(args, "rules", NULL);
	c.label = cli_value(args, "board", NULL);
	c.keep = !cli_count(args, "no-history");
	term_init(&c.term, 1, cli_value(args, "color", NULL));
	if (cli_count(args, "history"))
		return show_history(args, &c.term);
	rc = load(&c, &e);
	c.options.judge = c.judge.rules;
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
		"target that cannot be reached, or whose core is locked up, may be reset. On a "
		"terminal check asks where a step would be left out for want of consent. With "
		"--connect under-reset the target is reset whatever else is said; with normal or "
		"hot-plug no reset is tried where that fails.\n\n"
		"Several probes are examined side by side, each in a process of its own; the worst "
		"of them is the exit code, and --format json prints a line for each.\n\n"
		"Each check is kept in $XDG_STATE_HOME/swdoctor/history.db. --history shows, with "
		"--probe usb:SERIAL or --board NAME for one of them, which probe or board got "
		"worse, and whose fault it is where probes and boards were combined: then it ends "
		"with 1, with 0 if nothing got worse, and with 11 if nothing was kept.\n\n"
		"Exit code: 0 healthy, 1 a problem was found, 3 no such probe, 4 busy or no "
		"permission, 5 the probe is sick, 6 hardware, 7 firmware or protection, 8 the link "
		"is marginal, 11 no verdict. The last line on standard error tells it too.",
	.run = run,
};
