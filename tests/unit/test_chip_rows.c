/*
 * Every row of rules/chips.yaml against what the public sources say (tests/reference/chips.txt):
 * identity, addresses, sizes, erase blocks, watchdogs and debug clocks. A chip that is known there
 * and missing here fails, too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flash/geometry.h"
#include "tests/lib/chip_table.h"

static const char path[] = "tests/reference/chips.txt";

struct claim {
	unsigned id;
	char controller[16], core[16], blocks[120];
	char regs[12], base[12], size_reg[12], max[12], erased[12], granule[12], ram[12], uid[12],
		iwdg[12];
};

/* What the file says; `each` gets every line. */
static void read_lines(void (*each)(const char *line, unsigned *n), unsigned least)
{
	char line[400];
	unsigned n = 0;
	FILE *f = fopen(path, "r");

	if (!f)
		fail_msg("%s cannot be read", path);
	while (fgets(line, sizeof(line), f))
		each(line, &n);
	fclose(f);
	assert_true(n >= least); /* the words of the file are those that the test knows */
}

static void same(const struct claim *c, const char *what, const char *claimed, uint32_t ours)
{
	if (strcmp(claimed, "-") && strtoul(claimed, NULL, 16) != ours)
		fail_msg("0x%03x: %s is 0x%x here and 0x%s elsewhere", c->id, what, ours, claimed);
}

/* The sources name a controller by its families. */
static void same_controller(const struct claim *c, const struct chip *chip)
{
	static const char *const names[][2] = {
		{ "fpec_f0f1f3", "fpec" },
		{ "f2f4f7", "f4" },
		{ "l0l1", "l0" },
		{ "l4class", "l4" },
		{ "l5class", "l5" },
		{ "h5class", "h5" },
		{ "h7", "h7" },
		{ "h7ab", "h7ab" },
	};

	if (chip->ctrl == CHIP_CTRL_NONE) {
		assert_int_equal(chip->proof, CHIP_PROOF_NONE);
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i][0], c->controller)) {
			assert_string_equal(names[i][1], chip_ctrl_name(chip->ctrl));
			return;
		}
	fail_msg("0x%03x: no controller is called %s", c->id, c->controller);
}

/* Sizes of all blocks in order, as "4x4000,1x10000,7x20000" or "400" say it. */
static size_t expand(const char *blocks, uint32_t bytes, uint32_t *ret, size_t max)
{
	size_t n = 0;

	while (*blocks) {
		unsigned count = 0, size = 0;
		int used = 0;

		if (sscanf(blocks, "%xx%x%n", &count, &size, &used) != 2) {
			assert_int_equal(sscanf(blocks, "%x%n", &size, &used), 1);
			count = bytes / size;
		}
		while (count-- > 0 && n < max)
			ret[n++] = size;
		blocks += used + (blocks[used] == ',');
	}
	return n;
}

#define BLOCKS_MAX 8192

static bool layout_is(const struct chip *chip, const struct chip_layout *l, const uint32_t *sizes,
		      size_t n)
{
	struct geometry g;
	struct geometry_block b;

	if ((l->kib && l->kib * 1024 != chip->max_bytes) ||
	    geometry_init(&g, chip, l, chip->max_bytes, false, NULL) || g.n_blocks != n)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (!geometry_block_nth(&g, i, &b) || b.bytes != sizes[i])
			return false;
	return true;
}

static void has_blocks(const struct claim *c, const struct chip *chip)
{
	static uint32_t sizes[BLOCKS_MAX];
	size_t n = expand(c->blocks, chip->max_bytes, sizes, BLOCKS_MAX);

	for (size_t i = 0; i < chip->n_layouts; i++)
		if (layout_is(chip, &chip->layouts[i], sizes, n))
			return;
	fail_msg("0x%03x: no layout has the blocks %s", c->id, c->blocks);
}

static const struct chip *row_of(unsigned id)
{
	const struct chip *chip = chips_find(&chips, (uint16_t)id);

	if (!chip)
		fail_msg("0x%03x is missing in rules/chips.yaml", id);
	return chip;
}

static void check_chip(const char *line, unsigned *n)
{
	struct claim c;
	const struct chip *chip;

	if (sscanf(line, "chip %x %15s %15s %11s %11s %11s %11s %11s %11s %11s %11s %11s %119s",
		   &c.id, c.controller, c.core, c.regs, c.base, c.size_reg, c.max, c.erased,
		   c.granule, c.ram, c.uid, c.iwdg, c.blocks) != 13)
		return;
	++*n;
	chip = row_of(c.id);
	same_controller(&c, chip);
	assert_string_equal(chip->core, c.core);
	same(&c, "the controller's address", c.regs, chip->regs);
	same(&c, "the flash's address", c.base, chip->base);
	same(&c, "the size register", c.size_reg, chip->size_reg);
	same(&c, "the largest size", c.max, chip->max_bytes);
	same(&c, "an erased byte", c.erased, chip->erased);
	same(&c, "the smallest RAM", c.ram, chip->ram.bytes);
	same(&c, "the unique id", c.uid, chip->uid);
	same(&c, "the watchdog", c.iwdg, chip->iwdg);
	if (chip->ctrl == CHIP_CTRL_F4) /* any width up to 32 bits */
		assert_int_equal(chip->granule, 4);
	else if (chip->ctrl == CHIP_CTRL_L0) /* half a page at once */
		assert_int_equal(chip->granule * 2, chip->layouts[0].runs[0].bytes);
	else
		same(&c, "the granule", c.granule, chip->granule);
	has_blocks(&c, chip);
}

static void every_known_chip_is_there_and_the_same(void **state)
{
	(void)state;
	read_lines(check_chip, 80);
}

static void check_stop(const char *line, unsigned *n)
{
	unsigned id, reg, mask;
	const struct chip *chip;
	uint32_t there = 0;

	if (sscanf(line, "stop %x %x %x", &id, &reg, &mask) != 3)
		return;
	++*n;
	chip = row_of(id);
	for (size_t i = 0; i < chip->n_freezes; i++)
		if (chip->freezes[i].reg == reg)
			there |= chip->freezes[i].mask & chip->freezes[i].value;
	if ((there & mask) != mask)
		fail_msg("0x%03x: bits 0x%x of 0x%08x are to be set to stop watchdogs", id, mask,
			 reg);
}

static void watchdogs_are_stopped_as_elsewhere(void **state)
{
	(void)state;
	read_lines(check_stop, 80);
}

static void covers(unsigned id, const char *what, const struct chip_place *p, unsigned reg,
		   unsigned mask)
{
	if (p->reg != reg || (p->mask & p->value & mask) != mask)
		fail_msg("0x%03x: %s: bits 0x%x of 0x%08x are to be set", id, what, mask, reg);
}

static void check_clocks(const char *line, unsigned *n)
{
	unsigned id, reg, mask;

	if (sscanf(line, "awake %x %x %x", &id, &reg, &mask) == 3)
		covers(id, "low-power debug", &row_of(id)->dbgmcu, reg, mask);
	else if (sscanf(line, "clock %x %x %x", &id, &reg, &mask) == 3)
		covers(id, "clock of DBGMCU", &row_of(id)->dbgmcu_clock, reg, mask);
	else
		return;
	++*n;
}

static void debug_clocks_are_kept_as_elsewhere(void **state)
{
	(void)state;
	read_lines(check_clocks, 100);
}

/* What no source lists but the engine relies on. */
static void rows_make_sense(void **state)
{
	(void)state;
	for (size_t i = 0; i < chips.n; i++) {
		const struct chip *c = &chips.at[i];

		assert_true(c->max_bytes % c->granule == 0);
		assert_true(c->program_us > 0);
		assert_true(c->core_khz >= 2000 && c->core_khz <= 64000);
		assert_true(c->ram.bytes >= 2048 && c->ram.bytes % 256 == 0);
		assert_int_equal(c->erased, c->ctrl == CHIP_CTRL_L0 ? 0x00 : 0xff);
		assert_true(c->proof <= CHIP_PROOF_PEER); /* silicon has not been seen */
		/* Without a time of its own the controller knows: by size and width. */
		assert_true(c->erase_ms > 0 || c->ctrl == CHIP_CTRL_F4 || c->ctrl == CHIP_CTRL_H7);
	}
}

/* Whoever can be programmed was flashed on the bench, to the last row; who cannot claims nothing.
 */
static void what_can_be_programmed_was_shown_on_the_bench(void **state)
{
	(void)state;
	for (size_t i = 0; i < chips.n; i++) {
		const struct chip *c = &chips.at[i];

		if (c->ctrl == CHIP_CTRL_NONE ? c->proof != CHIP_PROOF_NONE
					      : c->proof < CHIP_PROOF_BENCH)
			fail_msg("0x%03x: %s: proof is %s", c->dev_id, c->name,
				 chip_proof_name(c->proof));
	}
}

/* No family reads its flash without wait states beyond this; what begins at it is slow enough. */
#define KHZ_WITHOUT_WAITING 24000

static void a_fast_core_waits_for_the_flash_first(void **state)
{
	(void)state;
	for (size_t i = 0; i < chips.n; i++) {
		const struct chip *c = &chips.at[i];

		if (c->n_boosts && c->core_khz > KHZ_WITHOUT_WAITING &&
		    (c->boosts[0].set.reg != c->regs || !(c->boosts[0].set.value & 7)))
			fail_msg("0x%03x: %u kHz without wait states", c->dev_id, c->core_khz);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_known_chip_is_there_and_the_same),
		cmocka_unit_test(watchdogs_are_stopped_as_elsewhere),
		cmocka_unit_test(debug_clocks_are_kept_as_elsewhere),
		cmocka_unit_test(rows_make_sense),
		cmocka_unit_test(what_can_be_programmed_was_shown_on_the_bench),
		cmocka_unit_test(a_fast_core_waits_for_the_flash_first),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
