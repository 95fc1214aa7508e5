/* `swdoctor reset`: start the chip anew. */
#include "analyzer/commands.h"

#include <string.h>

#include "analyzer/flash/flash_args.h"
#include "analyzer/flash/flash_run.h"
#include "probe/cortexm.h"

static const struct cli_option options[] = {
	{ .name = "how",
	  .arg = "HOW",
	  .choices = "system|core|hardware",
	  .help = "by the core's request (system), of the core alone, or by the reset line" },
	{ .name = "halt", .help = "leave it halted at its first instruction" },
	{ 0 },
};

static const struct cli_example examples[] = {
	{ "swdoctor reset", "start the program anew" },
	{ "swdoctor reset --how hardware --halt", "by the reset line, and stop there" },
	{ 0 },
};

static enum cortexm_reset how(const struct cli_args *args)
{
	const char *word = cli_value(args, "how", "system");

	return !strcmp(word, "core")	   ? CORTEXM_RESET_CORE
	       : !strcmp(word, "hardware") ? CORTEXM_RESET_HARDWARE
					   : CORTEXM_RESET_SYSTEM;
}

static int work(const struct flash_work *w, struct err *e)
{
	struct flash_report *r = w->report;
	struct target *t = w->probe->target;
	bool halt = cli_count(w->run->args, "halt");
	int rc = probe_session_connect(w->probe, e);

	r->linked = !rc;
	if (!rc) /* that it was reset is seen by debugging */
		rc = cortexm_enable_debug(t, e);
	if (!rc)
		rc = cortexm_reset(t, how(w->run->args), halt, &r->reset_seen, e);
	if (!rc && !halt)
		rc = cortexm_release(t, e);
	r->has_reset = !rc;
	r->halted = halt;
	if (!rc && !r->reset_seen)
		rc = err_set(e, ERR_PROTOCOL, "the core saw no reset");
	return flash_work_let_go(w, rc);
}

static int run(const struct cli_command *c, const struct cli_args *args)
{
	struct flash_run frame = {
		.args = args, .command = c->name, .why = "swdoctor reset", .work = work
	};

	return flash_run(&frame, NULL);
}

const struct cli_command cmd_reset = {
	.name = "reset",
	.operands = "",
	.summary = "reset the chip, and run its program or halt it",
	.examples = examples,
	.options = { options, flash_report_options, probe_flags },
	.details = "That a reset happened is asked of the core; a reset line that is not connected "
		   "is told.\n\n"
		   "Exit code: 0 reset, 3 to 5 the probe, 6 the target does not answer, 9 it "
		   "answers, but was not reset.",
	.run = run,
};
