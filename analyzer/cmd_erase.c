/* `swdoctor erase`: blocks of flash, or all of it. */
#include "analyzer/commands.h"

#include <stdlib.h>

#include "analyzer/flash/flash_args.h"
#include "analyzer/flash/flash_strategy.h"
#include "analyzer/flash/flash_write.h"

#define TIMEOUT_S 300

static const struct cli_option options[] = {
	{ .name = "all", .help = "the whole chip; needs --allow mass-erase" },
	{ .name = "halt", .help = "leave the chip halted" },
	{ 0 },
};

static const struct cli_example examples[] = {
	{ "swdoctor erase --range 0x08004000+16K --allow erase",
	  "every block that a range touches" },
	{ "swdoctor erase --all --allow mass-erase", "the whole chip" },
	{ 0 },
};

struct erasing {
	struct flash_write write; /* first: the frame's user */
	struct flash_range *ranges;
	size_t n;
};

static int engine(const struct flash_work *w, struct flash_session *s, const struct flash_ops *ops,
		  struct err *e)
{
	const struct erasing *er = w->run->user;
	struct flash_report *r = w->report;
	int rc;

	for (size_t i = 0; i < er->n; i++)
		if (!geometry_holds(&s->geo, er->ranges[i].address, er->ranges[i].len))
			return err_set(
				e, ERR_USAGE,
				"0x%08x to 0x%08x is not all flash: it is %u KiB from 0x%08x on",
				er->ranges[i].address,
				er->ranges[i].address + (er->ranges[i].len - 1),
				geometry_bytes(&s->geo) / 1024, s->geo.banks[0].base);
	rc = flash_erase(s, er->ranges, er->n, &er->write.options, ops, &r->outcome, e);
	r->has_outcome = true;
	flash_work_take_session(w, s);
	return rc;
}

static int parse(const struct cli_args *args, struct erasing *er, struct err *e)
{
	bool all = cli_count(args, "all");
	int rc = flash_write_options(args, &er->write, e);

	er->write.options.halt = cli_count(args, "halt");
	if (!rc)
		rc = flash_args_ranges(args, &er->ranges, &er->n, e);
	if (rc)
		return rc;
	if (all == (er->n > 0))
		return err_set(e, ERR_USAGE, "erase wants --range, or --all for the whole chip");
	if (all && !flash_args_allow(args, "mass-erase", "This erases the whole chip."))
		return err_set(e, ERR_USAGE,
			       "--all erases the whole chip: --allow mass-erase says that this is "
			       "wanted");
	if (!all && !flash_args_allow(args, "erase", "This erases every block that is touched."))
		return err_set(
			e, ERR_USAGE,
			"every block that a range touches is erased as a whole: --allow erase "
			"says that this is wanted");
	return 0;
}

static int run(const struct cli_command *c, const struct cli_args *args)
{
	struct erasing er = { .write.engine = engine };
	struct chips chips = { 0 };
	struct err e = { 0 };
	struct flash_run frame = {
		.args = args,
		.command = c->name,
		.why = "swdoctor erase",
		.timeout_s = TIMEOUT_S,
		.chips = &chips,
		.user = &er,
		.work = flash_write_work,
	};
	int rc = parse(args, &er, &e);
	int code;

	if (!rc)
		rc = chips_load(cli_value(args, "rules", NULL), &chips, &e);
	code = flash_run(&frame, rc ? &e : NULL);
	free(er.ranges);
	chips_done(&chips);
	return code;
}

const struct cli_command cmd_erase = {
	.name = "erase",
	.operands = "",
	.summary = "erase blocks of a chip's flash, or all of it",
	.examples = examples,
	.options = { options, flash_range_option, flash_engine_options, flash_strategy_options,
		     flash_report_options, probe_flags },
	.details = "Blocks are erased as a whole. On a terminal you are asked; elsewhere --allow "
		   "says that it is "
		   "wanted. Protection is not touched.\n\n"
		   "Exit code: 0 erased and seen to be blank, 2 wrong usage or no consent, 3 to 5 "
		   "the probe, 6 and 7 the target does not answer, 9 erasing failed.",
	.run = run,
};
