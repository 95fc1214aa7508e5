/* `swdoctor read`: memory into a file, without touching the program that runs. */
#include "analyzer/commands.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/base/output.h"
#include "analyzer/flash/flash_args.h"
#include "analyzer/flash/flash_protection.h"
#include "analyzer/flash/flash_run.h"
#include "analyzer/flash/flash_strategy.h"

static const struct cli_example examples[] = {
	{ "swdoctor read backup.bin", "the whole flash" },
	{ "swdoctor read --range 0x20000000+4K ram.bin", "other memory" },
	{ "swdoctor read --range 0x08000000+256 - | xxd", "to standard output" },
	{ 0 },
};

struct reading {
	const char *file;
	bool has_range;
	struct flash_range range;
};

/* ---- the engine's loop, but the program that runs is not disturbed ---- */

static void show(void *user, const struct flash_progress *p)
{
	const struct flash_work *w = user;

	flash_progress_show(w->progress, p);
}

static size_t choose(void *user, const struct flash_session *s, const struct recovery **ret,
		     size_t max)
{
	static const char *const gentle[] = { "ask-again",     "clear-errors", "attach-again",
					      "lower-speed",   "leave-mode",   "reset-usb",
					      "smaller-blocks" };
	const struct flash_work *w = user;
	size_t n = treat_choose(w->treat, s, ret, max), kept = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sizeof(gentle) / sizeof(gentle[0]); k++)
			if (!strcmp(ret[i]->name, gentle[k]))
				ret[kept++] = ret[i];
	return kept;
}

static void tried(void *user, const struct flash_try *one)
{
	const struct flash_work *w = user;

	treat_tried(w->treat, one);
}

static void begin(const struct flash_work *w, struct flash_session *s, struct flash_strategy *room)
{
	flash_work_session(w, s);
	s->options.connect_auto = s->options.may_rise = false;
	flash_strategy_apply(w, s, room);
}

/* What connecting takes that does not come about at once. */
static int identify(const struct flash_work *w, struct flash_session *s,
		    const struct flash_ops *ops, struct err *e)
{
	int rc = flash_work_identify(w, e);

	if (!rc || rc == ERR_UNSUPPORTED || flash_link(s, ops, NULL))
		return rc;
	*e = (struct err){ 0 };
	flash_work_take_session(w, s);
	return 0;
}

/* Memory can be read of a chip that nobody knows. */
static int read_memory(const struct flash_work *w, struct flash_session *s,
		       const struct flash_ops *ops, const struct flash_range *r, uint8_t *ret,
		       struct err *e)
{
	int rc;

	s->state = SESSION_LINKED;
	s->id = w->report->id;
	s->chip = s->id.chip;
	rc = flash_read(s, r->address, ret, r->len, ops, e);
	return rc ? err_prefix(e, rc, "reading %u bytes at 0x%08x", r->len, r->address) : 0;
}

/* A file gets its name when all is in it; a device or a pipe is written into, never replaced. */
static int write_file(const char *name, const uint8_t *bytes, size_t len, struct err *e)
{
	struct buf content = { 0 };
	int rc;

	if (!strcmp(name, "-"))
		return output_write(1, bytes, len, "standard output", e);
	buf_add(&content, bytes, len);
	rc = output_file(name, &content, e);
	buf_done(&content);
	return rc;
}

/* With several probes each writes a file of its own: NAME, NAME-2, NAME-3. */
static void name_file(const struct flash_work *w, const char *name, struct buf *out)
{
	const char *probe;

	buf_add_str(out, name);
	for (size_t n = 1; (probe = cli_nth(w->run->args, "probe", n)); n++)
		if (!strcmp(probe, w->report->probe) && strcmp(name, "-"))
			buf_addf(out, "-%zu", n + 1);
}

static bool is_flash(const struct flash_report *r, uint32_t address)
{
	for (unsigned i = 0; r->has_geometry && i < r->geometry.n_banks; i++)
		if (address - r->geometry.banks[i].base < r->geometry.banks[i].bytes)
			return true;
	return false;
}

/* Flash that cannot be read: is it protected? The option bytes can be read all the same. */
static int tell_protection(const struct flash_work *w, const struct flash_session *s, int rc,
			   struct err *e)
{
	struct err why = { 0 };
	int protection = flash_protection_check(w, s, &why);

	if (!protection)
		return rc;
	*e = why;
	return protection;
}

static int work(const struct flash_work *w, struct err *e)
{
	const struct reading *reading = w->run->user;
	struct flash_report *r = w->report;
	struct flash_range range = reading->range;
	const struct flash_ops ops = {
		.user = (void *)w, .progress = show, .choose = choose, .tried = tried
	};
	struct flash_strategy strategy;
	struct flash_session s;
	struct buf name = { 0 };
	uint8_t *bytes;
	int rc;

	begin(w, &s, &strategy);
	rc = identify(w, &s, &ops, e);
	flash_strategy_report(&s, r);
	if (reading->has_range && rc == ERR_UNSUPPORTED)
		rc = 0;
	if (rc)
		return rc;
	if (!reading->has_range)
		range = (struct flash_range){ r->geometry.banks[0].base,
					      r->geometry.banks[0].bytes };
	bytes = malloc(range.len);
	if (!bytes)
		return err_set(e, ERR_NO_MEMORY, "no memory for %u bytes", range.len);
	rc = read_memory(w, &s, &ops, &range, bytes, e);
	if (rc == ERR_STATUS && is_flash(r, range.address))
		rc = tell_protection(w, &s, rc, e);
	flash_strategy_report(&s, r);
	name_file(w, reading->file, &name);
	if (!rc)
		rc = write_file(name.at, bytes, range.len, e);
	r->has_read = !rc;
	r->read_address = range.address;
	r->read_bytes = range.len;
	r->read_file = reading->file;
	buf_done(&name);
	free(bytes);
	return rc;
}

static int parse(const struct cli_args *args, struct reading *ret, struct err *e)
{
	const char *range = cli_value(args, "range", NULL);

	ret->file = args->operands[0];
	ret->has_range = range;
	if (cli_count(args, "range") > 1)
		return err_set(e, ERR_USAGE, "read takes one --range");
	if (!strcmp(ret->file, "-") && cli_count(args, "probe") > 1)
		return err_set(e, ERR_USAGE, "several probes cannot share standard output");
	return range ? flash_args_range(range, &ret->range, e) : 0;
}

static int run(const struct cli_command *c, const struct cli_args *args)
{
	struct reading reading = { 0 };
	struct chips chips = { 0 };
	struct err e = { 0 };
	struct flash_run frame = {
		.args = args,
		.command = c->name,
		.why = "swdoctor read",
		.chips = &chips,
		.user = &reading,
		.work = work,
	};
	int rc = parse(args, &reading, &e);
	int code;

	if (!rc)
		rc = chips_load(cli_value(args, "rules", NULL), &chips, &e);
	frame.data_on_stdout = reading.file && !strcmp(reading.file, "-");
	code = flash_run(&frame, rc ? &e : NULL);
	chips_done(&chips);
	return code;
}

const struct cli_command cmd_read = {
	.name = "read",
	.operands = "FILE|-",
	.min_operands = 1,
	.max_operands = 1,
	.summary = "read the flash, or other memory, into a file",
	.examples = examples,
	.options = { flash_range_option, flash_report_options, probe_flags },
	.details =
		"The program on the chip goes on running. Of chips with a hole between their "
		"banks the whole "
		"flash is the first bank; read the second with --range. With several --probe the "
		"files of the second and "
		"further ones are called FILE-2, FILE-3.\n\n"
		"Exit code: 0 read, 3 to 5 the probe, 6 the target does not answer, 9 it answers "
		"but cannot be read.",
	.run = run,
};
