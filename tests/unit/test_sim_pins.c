/*
 * What options and programs of the bench's chips make of what a debugger relies on: the reset pin,
 * and memory that may be executed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/sim/chip.h"
#include "probe/sim/program.h"

#define FLASH	  0x08000000u
#define RAM	  0x20000000u
#define CFSR	  0xe000ed28u
#define MPU_TYPE  0xe000ed90u
#define MPU_CTRL  0xe000ed94u
#define DHCSR	  0xe000edf0u
#define DCRSR	  0xe000edf4u
#define DCRDR	  0xe000edf8u
#define DO_HALT	  0xa05f0003u
#define DO_RUN	  0xa05f0001u
#define WRITE_PC  0x0001000fu
#define IACCVIOL  0x00000001u
#define TO_ITSELF 0xe7fee7feu /* b . */

struct board {
	struct rng rng;
	struct chip c;
	uint64_t now;
};

static void pass(struct board *b, uint64_t ns)
{
	b->now += ns;
	chip_advance(&b->c, b->now);
}

static void board_init(struct board *b, const char *chip, enum program_kind program)
{
	const struct chip_row *row = chip_find(chip);

	rng_init(&b->rng, 3);
	chip_init(&b->c, row, &b->rng);
	program_build(row, program, 0, 8000000, b->c.flash.cells.at);
	b->now = 0;
	flash_reset(&b->c.flash, true, 0);
	chip_set_supply(&b->c, 3300, 0);
	pass(b, NS_PER_MS);
}

static uint32_t ask(struct board *b, bool write, uint32_t addr, uint32_t value)
{
	struct bus_access a = { .addr = addr,
				.size = 4,
				.write = write,
				.value = value,
				.master = BUS_DEBUG,
				.now_ns = b->now,
				.ready_ns = b->now };

	assert_int_equal(chip_bus(&b->c, &a), BUS_OK);
	return a.value;
}

static void pulse(struct board *b)
{
	chip_set_nrst(&b->c, true, b->now);
	pass(b, NS_PER_MS);
}

static void a_reset_pin_that_is_an_ordinary_pin_resets_nothing(void **state)
{
	static const char *const chips[] = { "G071", "G0B1", "C031", "G431", "G474", "U083" };
	struct board b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
		board_init(&b, chips[i], PROGRAM_RUN);
		assert_true(flash_has_nrst_mode(b.c.row->flash));
		assert_int_equal(flash_nrst_mode(&b.c.flash), FLASH_NRST_BOTH);
		pulse(&b);
		assert_true(chip_in_reset(&b.c));
		chip_set_nrst(&b.c, false, b.now);
		pass(&b, NS_PER_MS);
		b.c.flash.row->ops->set_nrst_mode(&b.c.flash, FLASH_NRST_GPIO);
		pulse(&b);
		assert_false(chip_in_reset(&b.c));
		chip_reset(&b.c, CLOCKS_SOFT, b.now); /* its own still do, whatever the pin */
		assert_true(chip_in_reset(&b.c));
		pass(&b, NS_PER_MS);
		assert_false(chip_in_reset(&b.c));
		chip_done(&b.c);
	}
}

static void chips_without_such_an_option_have_a_reset_pin(void **state)
{
	(void)state;
	assert_false(flash_has_nrst_mode(chip_find("F405")->flash));
	assert_false(flash_has_nrst_mode(chip_find("L476")->flash));
	assert_false(flash_has_nrst_mode(chip_find("WB55")->flash));
}

/* The debugger lets the core run from there; true: an instruction was refused. */
static bool is_forbidden(struct board *b, uint32_t pc)
{
	ask(b, true, DHCSR, DO_HALT);
	pass(b, NS_PER_MS);
	ask(b, true, CFSR, 0xffffffff);
	ask(b, true, DCRDR, pc | 1);
	ask(b, true, DCRSR, WRITE_PC);
	ask(b, true, DHCSR, DO_RUN);
	pass(b, NS_PER_MS);
	return ask(b, false, CFSR, 0) & IACCVIOL;
}

static void what_the_unit_forbids_is_not_executed_and_a_debugger_reaches_it(void **state)
{
	static const char *const chips[] = { "F405", "F207", "F746", "L476", "H743", "U575" };
	struct board b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
		uint32_t ram = chip_find(chips[i])->ram[0].base;

		board_init(&b, chips[i], PROGRAM_MPU);
		assert_int_equal(ask(&b, false, MPU_CTRL, 0), 5);
		ask(&b, true, ram, TO_ITSELF);
		assert_int_equal(ask(&b, false, ram, 0), TO_ITSELF);
		assert_true(is_forbidden(&b, ram));
		ask(&b, true, MPU_CTRL, 0);
		assert_false(is_forbidden(&b, ram));
		chip_done(&b.c);
	}
}

static void a_chip_without_the_unit_reads_zero_there(void **state)
{
	struct board b;

	(void)state;
	board_init(&b, "F103", PROGRAM_MPU);
	assert_int_equal(ask(&b, false, MPU_TYPE, 0), 0);
	assert_int_equal(ask(&b, false, MPU_CTRL, 0), 0);
	chip_done(&b.c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reset_pin_that_is_an_ordinary_pin_resets_nothing),
		cmocka_unit_test(chips_without_such_an_option_have_a_reset_pin),
		cmocka_unit_test(what_the_unit_forbids_is_not_executed_and_a_debugger_reaches_it),
		cmocka_unit_test(a_chip_without_the_unit_reads_zero_there),
	};

	return cmocka_run_group_tests_name("sim_pins", tests, NULL, NULL);
}
