/* `swdoctor option`: the option bytes of a chip, shown by name and changed with consent. */
#include "analyzer/commands.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/flash/flash_args.h"
#include "analyzer/flash/flash_run.h"
#include "flash/option.h"
#include "probe/cortexm.h"

#define WRITE_MS     75000 /* what the slowest chip takes to erase itself, and more */
#define TAKE_OVER_US 50000 /* a chip that resets itself to take options over */

static const struct cli_option options[] = {
	{ .name = "allow",
	  .arg = "LIST",
	  .help = "reset: writing resets the chip; mass-erase: opening it erases all its flash" },
	{ 0 },
};

static const struct cli_example examples[] = {
	{ "swdoctor option", "what is protected, how it boots, when it resets" },
	{ "swdoctor option bor-level=3 --allow reset", "change one" },
	{ "swdoctor option rdp=0 --allow reset,mass-erase",
	  "open a protected chip; its flash is lost" },
	{ 0 },
};

static int parse(const struct flash_work *w, struct option_change *changes, struct err *e)
{
	const struct cli_args *args = w->run->args;
	int rc = 0;

	for (size_t i = 0; i < args->n_operands && !rc; i++)
		rc = option_change_parse(&w->report->options.layout, args->operands[i], &changes[i],
					 e);
	return rc;
}

static int ask(const struct flash_work *w, const struct option_change *changes, struct err *e)
{
	const struct cli_args *args = w->run->args;

	for (size_t i = 0; i < args->n_operands; i++)
		if (option_erases_all(&w->report->options, &changes[i]) &&
		    !flash_args_allow(args, "mass-erase",
				      "Taking read protection off erases everything in flash."))
			return err_set(e, ERR_USAGE,
				       "taking read protection off erases everything in flash: "
				       "--allow mass-erase says that this is wanted");
	if (!flash_args_allow(args, "reset", "Writing option bytes resets the chip."))
		return err_set(e, ERR_USAGE,
			       "writing option bytes resets the chip: --allow reset says that this "
			       "is wanted");
	return 0;
}

/* Back to the chip after it has, or should have, reset itself; then reset it for those that do not.
 */
static int take_over(const struct flash_work *w, struct err *e)
{
	struct target *t = w->probe->target;
	int rc;

	clock_sleep_us(t->clock, TAKE_OVER_US);
	target_clear_errors(t, NULL, NULL);
	rc = probe_session_connect(w->probe, e);
	if (!rc)
		rc = cortexm_enable_debug(t, e);
	if (!rc)
		rc = cortexm_reset(t, CORTEXM_RESET_SYSTEM, false, NULL, e);
	return rc;
}

static int not_taken(const struct option_value *v, uint32_t asked, struct err *e)
{
	const struct option_value want = { .field = v->field, .value = asked };
	char was[16], is[16];

	option_value_text(&want, was, sizeof(was));
	option_value_text(v, is, sizeof(is));
	return err_set_native(e, ERR_PROTOCOL, (int)v->value,
			      "%s was written as %s and reads %s; it may need the supply to be "
			      "switched off and on",
			      v->field->name, was, is);
}

static int check(const struct flash_work *w, const struct option_change *changes, struct err *e)
{
	struct option_state *now = &w->report->options;

	for (size_t i = 0; i < w->run->args->n_operands; i++)
		for (size_t k = 0; k < now->n; k++) {
			const struct option_value *v = &now->values[k];

			if (v->field == changes[i].field && v->value != changes[i].value)
				return not_taken(v, changes[i].value, e);
		}
	return 0;
}

/*
 * Begun, it is brought to its end whether or not the user wants one: some chips erase all of their
 * option bytes before they write one, and bytes left erased mean that the chip is protected.
 */
static int write_all(const struct flash_work *w, const struct option_change *changes, struct err *e)
{
	struct flash_report *r = w->report;
	struct target *t = w->probe->target;
	int rc;

	probe_grant(&w->probe->probe, "writing the option bytes", WRITE_MS);
	rc = option_write(t, r->id.chip, &r->options, changes, w->run->args->n_operands, e);
	if (!rc)
		rc = take_over(w, e);
	if (!rc)
		rc = option_read(t, r->id.chip, &r->options, e);
	if (!rc)
		rc = check(w, changes, e);
	if (!rc)
		rc = cortexm_release(t, e);
	return rc;
}

static int change(const struct flash_work *w, const struct option_change *changes, struct err *e)
{
	struct target *t = w->probe->target;
	int rc = cortexm_enable_debug(t, e);

	if (!rc)
		rc = cortexm_reset(t, CORTEXM_RESET_SYSTEM, true, NULL, e);
	if (!rc)
		rc = deadline_check(t->deadline, e);
	return rc ? flash_work_let_go(w, rc) : write_all(w, changes, e);
}

static int work(const struct flash_work *w, struct err *e)
{
	struct flash_report *r = w->report;
	size_t n = w->run->args->n_operands;
	struct option_change *changes = calloc(n + 1, sizeof(*changes));
	int rc;

	if (!changes)
		abort();
	rc = flash_work_identify(w, e);
	if (!rc)
		rc = option_read(w->probe->target, r->id.chip, &r->options, e);
	if (!rc && n)
		rc = parse(w, changes, e);
	if (!rc && n)
		rc = ask(w, changes, e);
	if (!rc && n)
		rc = change(w, changes, e);
	r->has_options = !rc;
	free(changes);
	return rc;
}

static int run(const struct cli_command *c, const struct cli_args *args)
{
	struct chips chips = { 0 };
	struct err e = { 0 };
	struct flash_run frame = {
		.args = args,
		.command = c->name,
		.why = "swdoctor option",
		.chips = &chips,
		.work = work,
	};
	int rc = flash_args_check_allow(args, &e);
	int code;

	if (!rc)
		rc = chips_load(cli_value(args, "rules", NULL), &chips, &e);
	code = flash_run(&frame, rc ? &e : NULL);
	chips_done(&chips);
	return code;
}

const struct cli_command cmd_option = {
	.name = "option",
	.operands = "[NAME=VALUE...]",
	.max_operands = CLI_OPERANDS_ANY,
	.summary = "show a chip's option bytes by name, or change them",
	.examples = examples,
	.options = { options, flash_report_options, probe_flags },
	.details = "Without operands nothing is changed, and the program goes on running. Changes "
		   "are written, the chip "
		   "is reset, and what it says then is compared; once it has begun, this goes on "
		   "to its end after Ctrl-C.\n\n"
		   "Read protection level 2 is never set: it is for ever. Nor are others whose "
		   "mistakes could not be "
		   "undone; they are shown.\n\n"
		   "Exit code: 0 shown or changed, 2 consent is missing or a name is wrong, 3 to 5 "
		   "the probe, 6 the target "
		   "does not answer, 9 the chip did not take the change.",
	.run = run,
};
