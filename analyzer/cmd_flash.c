/* `swdoctor flash`: an image into a chip, verified by reading back. */
#include "analyzer/commands.h"

#include <stdlib.h>

#include "analyzer/flash/flash_args.h"
#include "analyzer/flash/flash_strategy.h"
#include "analyzer/flash/flash_write.h"
#include "flash/speed.h"

#define TIMEOUT_S 600

static const struct cli_option options[] = {
	{ .name = "dry-run", .letter = 'n', .help = "show what would be done, and change nothing" },
	{ .name = "verify",
	  .arg = "HOW",
	  .choices = "normal|full",
	  .help = "full: the host reads back every byte, besides the checksum on the target" },
	{ .name = "rewrite", .help = "erase and program also what is right already" },
	{ .name = "halt", .help = "leave the new program halted at its first instruction" },
	{ 0 },
};

static const struct cli_example examples[] = {
	{ "swdoctor flash firmware.elf", "write, verify, run" },
	{ "swdoctor flash --base 0x08000000 firmware.bin", "a plain binary" },
	{ "swdoctor flash --dry-run boot.hex app.hex", "what two images together would need" },
	{ "swdoctor flash -p usb:A -p usb:B firmware.elf", "two boards at once" },
	{ 0 },
};

struct flashing {
	struct flash_write write; /* first: the frame's user */
	bool dry_run;
};

static int read_blocks(const struct flash_work *w, struct flash_session *s, struct err *e)
{
	struct plan *p = &w->report->plan;
	int rc = 0;

	for (size_t i = 0; i < p->n_blocks && !rc; i++) {
		const struct geometry_block *b = &p->blocks[i].where;
		uint8_t *there = malloc(b->bytes);

		if (!there)
			abort();
		rc = target_read(s->t, b->address, there, b->bytes, e);
		if (!rc)
			plan_compare(p, i, w->run->image, &s->geo, there);
		free(there);
	}
	return rc ? err_prefix(e, rc, "reading what is there") : 0;
}

static int dry_run(const struct flash_work *w, struct flash_session *s, struct err *e)
{
	const struct flashing *f = w->run->user;
	const struct stlink *stlink = &w->probe->probe.stlink;
	struct flash_report *r = w->report;
	struct plan_rates rates = { 0 };
	int rc = read_blocks(w, s, e);

	if (rc)
		return rc;
	plan_settle(&r->plan, s->chip);
	if (f->write.options.mass_erase)
		plan_weigh_mass_erase(&r->plan, s->chip, &s->geo, s->width);
	plan_rates_stlink(&rates, stlink->version.hardware >= 3,
			  w->probe->khz ? stlink->khz : speed_expected(s->t));
	rates.width = s->width;
	plan_time(&r->plan, s->chip, &rates, &r->time);
	r->has_plan = true;
	return 0;
}

static int engine(const struct flash_work *w, struct flash_session *s, const struct flash_ops *ops,
		  struct err *e)
{
	const struct flashing *f = w->run->user;
	const struct image *im = w->run->image;
	struct flash_report *r = w->report;
	struct flash_segment *room;
	struct flash_image image;
	int rc = flash_write_fits(w, s, e);

	if (!rc && f->dry_run)
		return dry_run(w, s, e);
	if (rc)
		return rc;
	room = calloc(im->n_segments, sizeof(*room));
	if (!room)
		abort();
	image = flash_write_image(im, room);
	rc = flash_program(s, &image, &f->write.options, ops, &r->outcome, e);
	r->has_outcome = true;
	flash_work_take_session(w, s);
	free(room);
	return rc;
}

static int run(const struct cli_command *c, const struct cli_args *args)
{
	struct flashing f = { .write.engine = engine, .dry_run = cli_count(args, "dry-run") };

	f.write.options.rewrite = cli_count(args, "rewrite");
	return flash_write_run(c, args, TIMEOUT_S, &f.write);
}

const struct cli_command cmd_flash = {
	.name = "flash",
	.operands = "IMAGE...",
	.min_operands = 1,
	.max_operands = CLI_OPERANDS_ANY,
	.summary = "write an image into a chip, verify it and run it",
	.examples = examples,
	.options = { options, flash_image_options, flash_engine_options, flash_strategy_options,
		     flash_report_options, probe_flags },
	.details =
		"IMAGE is ELF, Intel HEX, S-records or a plain binary; several are put together. "
		"Blocks that hold the "
		"right bytes are left alone, bytes outside the image are kept, and success is "
		"said only after every "
		"byte was compared after the last write. The block with the vectors is erased "
		"first and programmed last, "
		"so that half an image never starts.\n\n"
		"Exit code: 0 written and verified, 2 the image is wrong or does not fit, 3 to 5 "
		"the probe, 6 and 7 the target does not answer, 9 writing or verifying failed.",
	.run = run,
};
