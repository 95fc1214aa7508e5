/* A scenario's chip, its supply and the program in it. */
#include "probe/sim/scenario_parts.h"

/* ---- chip ---- */

static int read_part(struct reader *r, uint32_t node, void *into)
{
	struct scenario *s = into;
	const char *text = NULL;
	const struct chip_row *row;
	int rc = reader_text(r, node, &text);

	if (rc)
		return rc;
	row = chip_find(text);
	if (!row)
		return reader_fail(r, node, "there is no chip '%s' on the bench", text);
	s->chip = row;
	return 0;
}

static int read_write_protected(struct reader *r, uint32_t node, void *into)
{
	const struct field number = { .kind = FIELD_U32 };
	struct scenario *s = into;

	if (s->n_write_protected == SCENARIO_BLOCKS_MAX)
		return reader_fail(r, node, "at most %d blocks", SCENARIO_BLOCKS_MAX);
	return reader_value(r, node, &number, &s->write_protected[s->n_write_protected++]);
}

static int read_write_protection(struct reader *r, uint32_t node, void *into)
{
	return reader_list(r, node, read_write_protected, into);
}

static const char *const nrst_words[] = { [FLASH_NRST_AS_MADE] = "as-made",
					  [FLASH_NRST_INPUT] = "input",
					  [FLASH_NRST_GPIO] = "gpio",
					  [FLASH_NRST_BOTH] = "both",
					  NULL };

static const struct field chip_fields[] = {
	{ .name = "part", .kind = FIELD_CUSTOM, .read = read_part },
	{ .name = "rdp", .kind = FIELD_U32, .offset = offsetof(struct scenario, protection) },
	{ .name = "write-protected", .kind = FIELD_CUSTOM, .read = read_write_protection },
	{ .name = "hardware-watchdog",
	  .kind = FIELD_BOOL,
	  .offset = offsetof(struct scenario, hardware_watchdog) },
	{ .name = "trustzone", .kind = FIELD_BOOL, .offset = offsetof(struct scenario, trustzone) },
	{ .name = "swapped", .kind = FIELD_BOOL, .offset = offsetof(struct scenario, swapped) },
	{ .name = "nrst-mode",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(struct scenario, nrst_mode),
	  .words = nrst_words },
	{ .name = "slowness", .kind = FIELD_REAL, .offset = offsetof(struct scenario, slowness) },
	{ .name = "bad-block", .kind = FIELD_U32, .offset = offsetof(struct scenario, bad_block) },
	{ .name = "bad-cell", .kind = FIELD_U32, .offset = offsetof(struct scenario, bad_cell) },
	{ .name = "stuck-cell",
	  .kind = FIELD_U32,
	  .offset = offsetof(struct scenario, stuck_cell) },
	{ .name = "idcode", .kind = FIELD_U32, .offset = offsetof(struct scenario, idcode) },
	{ .name = "dpidr", .kind = FIELD_U32, .offset = offsetof(struct scenario, dpidr) },
	{ .name = "told-kib", .kind = FIELD_U32, .offset = offsetof(struct scenario, told_kib) },
	{ 0 },
};

static bool in_flash(const struct scenario *s, uint32_t addr)
{
	return addr - s->chip->flash->base < s->chip->flash_kib * 1024;
}

static bool may_swap(const struct flash_row *row)
{
	return row->ops->may_swap && row->ops->may_swap(row);
}

int scenario_read_chip(struct reader *r, uint32_t node, void *into)
{
	struct scenario *s = into;
	size_t i;
	int rc;

	if (!reader_is_map(r, node))
		return read_part(r, node, into);
	rc = reader_map(r, node, chip_fields, into);
	if (rc)
		return rc;
	if (s->protection > 2)
		return reader_fail(r, node, "rdp is 0, 1 or 2");
	if (s->trustzone && !s->chip->flash->ops->set_trustzone)
		return reader_fail(r, node, "this chip has no TrustZone");
	if (s->swapped && !may_swap(s->chip->flash))
		return reader_fail(r, node, "this chip has no banks to exchange");
	if (s->nrst_mode && !flash_has_nrst_mode(s->chip->flash))
		return reader_fail(r, node, "the reset pin of this chip has no modes");
	for (i = 0; i < s->n_write_protected; i++)
		if (!in_flash(s, s->write_protected[i]))
			return reader_fail(r, node, "0x%08x is not in this chip's flash",
					   s->write_protected[i]);
	if ((s->bad_block && !in_flash(s, s->bad_block)) ||
	    (s->bad_cell && !in_flash(s, s->bad_cell)) ||
	    (s->stuck_cell && !in_flash(s, s->stuck_cell)))
		return reader_fail(r, node, "the bad place is not in this chip's flash");
	return 0;
}

/* ---- supply and program ---- */

const char *const scenario_when_words[] = { "always",  "erasing", "programming",
					    "running", "halted",  NULL };

static const struct field volts_field = { .kind = FIELD_VOLTS,
					  .offset = offsetof(struct scenario, mv) };

static const struct field supply_fields[] = {
	{ .name = "volts", .kind = FIELD_VOLTS, .offset = offsetof(struct scenario, mv) },
	{ .name = "sag", .kind = FIELD_VOLTS, .offset = offsetof(struct scenario, sag_mv) },
	{ .name = "when",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(struct scenario, sag_when),
	  .words = scenario_when_words },
	{ 0 },
};

int scenario_read_supply(struct reader *r, uint32_t node, void *into)
{
	return reader_is_map(r, node) ? reader_map(r, node, supply_fields, into)
				      : reader_value(r, node, &volts_field, into);
}

static const char *const program_words[] = { "blank",	  "run",   "sleep",    "stop",
					     "standby",	  "remap", "watchdog", "lockup",
					     "hardfault", "reset", "mpu",      NULL };

static const struct field program_word = { .kind = FIELD_CHOICE,
					   .offset = offsetof(struct scenario, program),
					   .words = program_words };

static const struct field program_fields[] = {
	{ .name = "does",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(struct scenario, program),
	  .words = program_words },
	{ .name = "file", .kind = FIELD_TEXT, .offset = offsetof(struct scenario, program_file) },
	{ .name = "after-ms", .kind = FIELD_U32, .offset = offsetof(struct scenario, after_ms) },
	{ 0 },
};

int scenario_read_program(struct reader *r, uint32_t node, void *into)
{
	struct scenario *s = into;
	int rc;

	if (!reader_is_map(r, node))
		return reader_value(r, node, &program_word, into);
	rc = reader_map(r, node, program_fields, into);
	if (s->program_file)
		s->program = PROGRAM_FILE;
	return rc;
}
