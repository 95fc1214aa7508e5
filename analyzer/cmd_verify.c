/* `swdoctor verify`: does a chip hold an image? */
#include "analyzer/commands.h"

#include <stdlib.h>

#include "analyzer/flash/flash_args.h"
#include "analyzer/flash/flash_strategy.h"
#include "analyzer/flash/flash_write.h"

#define TIMEOUT_S 300

static const struct cli_option options[] = {
	{ .name = "verify",
	  .arg = "HOW",
	  .choices = "normal|full",
	  .help = "full: the host reads back every byte, besides the checksum on the target" },
	{ .name = "halt", .help = "leave the program halted at its first instruction" },
	{ 0 },
};

static const struct cli_example examples[] = {
	{ "swdoctor verify firmware.elf", "compare" },
	{ "swdoctor verify --base 0x08000000 --verify full firmware.bin",
	  "every byte by the host" },
	{ 0 },
};

static int engine(const struct flash_work *w, struct flash_session *s, const struct flash_ops *ops,
		  struct err *e)
{
	const struct flash_write *fw = w->run->user;
	const struct image *im = w->run->image;
	struct flash_report *r = w->report;
	struct flash_segment *room = calloc(im->n_segments, sizeof(*room));
	struct flash_image image;
	int rc = flash_write_fits(w, s, e);

	if (!room)
		abort();
	image = flash_write_image(im, room);
	if (!rc) {
		rc = flash_verify(s, &image, &fw->options, ops, &r->outcome, e);
		r->has_outcome = true;
		flash_work_take_session(w, s);
	}
	free(room);
	return rc;
}

static int run(const struct cli_command *c, const struct cli_args *args)
{
	struct flash_write write = { .engine = engine };

	return flash_write_run(c, args, TIMEOUT_S, &write);
}

const struct cli_command cmd_verify = {
	.name = "verify",
	.operands = "IMAGE...",
	.min_operands = 1,
	.max_operands = CLI_OPERANDS_ANY,
	.summary = "compare an image with what a chip holds",
	.examples = examples,
	.options = { options, flash_image_options, flash_engine_options, flash_strategy_options,
		     flash_report_options, probe_flags },
	.details =
		"Nothing is erased or programmed. The chip is reset and its RAM is used, unless "
		"--no-reset and "
		"--no-loader say otherwise; afterwards its program runs.\n\n"
		"Exit code: 0 the same, 2 the image is wrong or does not fit, 3 to 5 the probe, 6 "
		"and 7 the target does not answer, 9 it differs.",
	.run = run,
};
