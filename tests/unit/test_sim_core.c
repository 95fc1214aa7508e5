/* The core model: real code, its time, halting debug, sleep and watchdog. */
#include <stdint.h>

#include "tests/lib/core_board.h"

static void code_takes_the_cycles_of_its_core(void **state)
{
	struct board b;
	uint32_t turns;

	(void)state;
	/* movs r0, #0; 1: adds r0, #1; b 1b: four cycles a turn on a Cortex-M3 */
	board_init(&b, "F103", CODE(0x2000, 0x3001, 0xe7fd), 0x2);
	pass(&b, 20 * NS_PER_US + 10 * NS_PER_MS);
	halt(&b);
	turns = reg(&b, 0);
	assert_in_range(turns, 8000 * 10 / 4 - 20, 8000 * 10 / 4 + 20);
	chip_done(&b.c);
}

static void a_clock_that_is_raised_makes_code_faster(void **state)
{
	struct board b;

	(void)state;
	board_init(&b, "F405", CODE(0x2000, 0x3001, 0xe7fd), 0x2);
	pass(&b, NS_PER_MS);
	assert_int_equal(b.c.core.hz, 16000000);
	poke(&b, 0x40023804, 0x08012008);
	poke(&b, 0x40023800, 0x01000083);
	assert_int_equal(peek(&b, 0x40023800) & 0x02000000, 0x02000000);
	poke(&b, 0x40023808, 0x00000002);
	assert_int_equal(peek(&b, 0x40023808), 0x0000000a);
	pass(&b, NS_PER_US);
	assert_int_equal(b.c.core.hz, 64000000);
	chip_reset(&b.c, CLOCKS_SOFT, b.now);
	pass(&b, NS_PER_MS);
	assert_int_equal(b.c.core.hz, 16000000);
	chip_done(&b.c);
}

static void a_wait_for_a_register_is_as_long_as_if_it_were_executed(void **state)
{
	/* ldr r1, [pc] (FLASH_SR); 1: ldr r0, [r1]; movs r2, #1; tst r0, r2; bne 1b; bkpt */
	static const uint16_t code[] = { 0x4902, 0x6808, 0x2201, 0x4210,
					 0xd1fb, 0xbe00, 0x200c, 0x4002 };
	struct board b;
	uint64_t began;
	size_t i;

	(void)state;
	board_init(&b, "F103", CODE(0xe7fe), 0);
	for (i = 0; i < sizeof(code) / 2; i++)
		put_le16(b.c.ram[0] + 2 * i, code[i]);
	pass(&b, NS_PER_MS);
	halt(&b);
	poke(&b, 0x40022004, 0x45670123);
	poke(&b, 0x40022004, 0xcdef89ab);
	poke(&b, 0x40022010, 0x02);
	poke(&b, 0x40022014, FLASH + 0x8000);
	poke(&b, 0x40022010, 0x42);
	began = b.now;
	set_reg(&b, 15, RAM);
	poke(&b, DHCSR, DHCSR_KEY | 1);
	pass(&b, 30 * NS_PER_MS);
	assert_int_equal(peek(&b, DHCSR) & S_HALT, S_HALT);
	assert_int_equal(reg(&b, 15), RAM + 10);
	/* 22 ms of polling in a few instructions, and the loader's clock shows all of it */
	assert_true(b.c.core.retired < 200);
	assert_true(b.c.core.now_ns >= began + 30 * NS_PER_MS);
	chip_done(&b.c);
}

/* ---- halting debug ---- */

static void sticky_bits_go_when_they_are_read(void **state)
{
	struct board b;
	uint32_t dhcsr;

	(void)state;
	board_init(&b, "F405", CODE(0xe7fe), 0);
	pass(&b, NS_PER_MS);
	dhcsr = peek(&b, DHCSR);
	assert_int_equal(dhcsr & (S_RESET | S_RETIRE), S_RESET | S_RETIRE);
	assert_int_equal(peek(&b, DHCSR) & (S_RESET | S_RETIRE), 0);
	pass(&b, NS_PER_MS);
	assert_int_equal(peek(&b, DHCSR) & (S_RESET | S_RETIRE), S_RETIRE);
	chip_done(&b.c);
}

static void a_reset_with_vector_catch_halts_at_the_first_instruction(void **state)
{
	struct board b;

	(void)state;
	board_init(&b, "F405", CODE(0x2000, 0x3001, 0xe7fd), 0x2);
	pass(&b, NS_PER_MS);
	halt(&b);
	poke(&b, DEMCR, 1);
	poke(&b, DFSR, 0x1f);
	poke(&b, AIRCR, 0x05fa0004);
	pass(&b, NS_PER_MS);
	assert_int_equal(peek(&b, DHCSR) & (S_HALT | S_RESET | 2), S_HALT | S_RESET | 2);
	assert_int_equal(peek(&b, DFSR), 0x8);
	assert_int_equal(reg(&b, 15), FLASH + 0x40);
	assert_int_equal(reg(&b, 13), RAM + 0x1000);
	chip_done(&b.c);
}

static void without_debug_enabled_vector_catch_catches_nothing(void **state)
{
	struct board b;

	(void)state;
	board_init(&b, "F405", CODE(0xe7fe), 0);
	pass(&b, NS_PER_MS);
	poke(&b, DEMCR, 1);
	poke(&b, AIRCR, 0x05fa0004);
	pass(&b, NS_PER_MS);
	assert_int_equal(peek(&b, DHCSR) & S_HALT, 0);
	chip_done(&b.c);
}

static void a_step_is_one_instruction(void **state)
{
	struct board b;

	(void)state;
	board_init(&b, "F405", CODE(0x2000, 0x3001, 0xe7fd), 0x2);
	pass(&b, NS_PER_MS);
	halt(&b);
	set_reg(&b, 15, FLASH + 0x40);
	set_reg(&b, 0, 77);
	poke(&b, DHCSR, DHCSR_KEY | 5);
	pass(&b, NS_PER_US);
	assert_int_equal(reg(&b, 15), FLASH + 0x42);
	assert_int_equal(reg(&b, 0), 0);
	assert_int_equal(peek(&b, DHCSR) & (S_HALT | 2), S_HALT | 2);
	chip_done(&b.c);
}

static void a_breakpoint_of_the_fpb_stops_there(void **state)
{
	struct board b;

	(void)state;
	board_init(&b, "F103", CODE(0x2000, 0x3001, 0xe7fd), 0x2);
	pass(&b, NS_PER_MS);
	halt(&b);
	poke(&b, DFSR, 0x1f);
	poke(&b, FP_COMP, (FLASH + 0x44) | 0x40000001); /* the lower half-word */
	poke(&b, FP_CTRL, 3);
	set_reg(&b, 15, FLASH + 0x40);
	poke(&b, DHCSR, DHCSR_KEY | 1);
	pass(&b, NS_PER_MS);
	assert_int_equal(reg(&b, 15), FLASH + 0x44);
	assert_int_equal(peek(&b, DFSR), 2);
	chip_done(&b.c);
}

static void bkpt_halts_where_it_stands(void **state)
{
	struct board b;

	(void)state;
	board_init(&b, "F405", CODE(0xe7fe), 0);
	pass(&b, NS_PER_MS);
	halt(&b);
	poke(&b, RAM, 0xbe003001); /* adds r0, #1; bkpt */
	set_reg(&b, 0, 4);
	set_reg(&b, 15, RAM);
	poke(&b, DHCSR, DHCSR_KEY | 1);
	pass(&b, NS_PER_MS);
	assert_int_equal(reg(&b, 15), RAM + 2);
	assert_int_equal(reg(&b, 0), 5);
	poke(&b, RAM, 0xbe003007); /* code that changed in RAM is what runs next */
	set_reg(&b, 15, RAM);
	poke(&b, DHCSR, DHCSR_KEY | 1);
	pass(&b, NS_PER_MS);
	assert_int_equal(reg(&b, 0), 12);
	chip_done(&b.c);
}

/* ---- sleep and watchdog ---- */

static void a_sleeping_core_says_so_and_can_be_halted(void **state)
{
	struct board b;

	(void)state;
	board_init(&b, "F405", CODE(0xbf30, 0xe7fd), 2); /* 1: wfi; b 1b */
	pass(&b, NS_PER_MS);
	assert_int_equal(peek(&b, DHCSR) & S_SLEEP, S_SLEEP);
	halt(&b);
	assert_int_equal(peek(&b, DHCSR) & (S_SLEEP | S_HALT), S_HALT);
	assert_int_equal(reg(&b, 15), FLASH + 0x42);
	chip_done(&b.c);
}

static void the_watchdog_resets_and_freezes_only_when_it_was_told_to(void **state)
{
	struct board b;
	unsigned resets;

	(void)state;
	board_init(&b, "F405", CODE(0xe7fe), 0);
	pass(&b, NS_PER_MS);
	poke(&b, 0x40003000, 0x5555);
	poke(&b, 0x40003008, 0x1ff); /* 512 ticks at 8 kHz: 64 ms */
	poke(&b, 0x40003000, 0xcccc);
	pass(&b, 60 * NS_PER_MS);
	assert_int_equal(b.c.resets, 0);
	pass(&b, 10 * NS_PER_MS);
	assert_int_equal(b.c.resets, 1);
	assert_int_equal(peek(&b, 0x40023874) >> 29 & 1, 1); /* IWDGRSTF */

	poke(&b, 0x40003000, 0xcccc);
	halt(&b);
	pass(&b, NS_PER_S);
	resets = b.c.resets;
	assert_true(resets > 1); /* halting alone stops nothing */
	pass(&b, NS_PER_MS);
	poke(&b, 0xe0042008, 0x1000);
	halt(&b);
	poke(&b, 0x40003000, 0xcccc);
	pass(&b, 10 * NS_PER_S);
	assert_int_equal(b.c.resets, resets);
	chip_done(&b.c);
}

static void a_reset_keeps_ram_and_debug_and_a_power_cycle_does_not(void **state)
{
	struct board b;
	uint32_t before;

	(void)state;
	board_init(&b, "F405", CODE(0xe7fe), 0);
	pass(&b, NS_PER_MS);
	poke(&b, RAM + 0x100, 0xcafe1234);
	poke(&b, DHCSR, DHCSR_KEY | 1);
	poke(&b, 0xe0042004, 7);
	chip_set_nrst(&b.c, true, b.now);
	chip_set_nrst(&b.c, false, b.now + NS_PER_MS);
	b.now += 2 * NS_PER_MS;
	pass(&b, NS_PER_MS);
	assert_int_equal(peek(&b, RAM + 0x100), 0xcafe1234);
	assert_int_equal(peek(&b, DHCSR) & 1, 1);
	assert_int_equal(peek(&b, 0xe0042004), 7);
	chip_set_supply(&b.c, 0, b.now);
	chip_set_supply(&b.c, 3300, b.now + NS_PER_MS);
	b.now += 2 * NS_PER_MS;
	pass(&b, NS_PER_MS);
	before = peek(&b, RAM + 0x100);
	assert_int_not_equal(before, 0xcafe1234);
	assert_int_equal(peek(&b, DHCSR) & 1, 0);
	assert_int_equal(peek(&b, 0xe0042004), 0);
	chip_done(&b.c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_takes_the_cycles_of_its_core),
		cmocka_unit_test(a_clock_that_is_raised_makes_code_faster),
		cmocka_unit_test(a_wait_for_a_register_is_as_long_as_if_it_were_executed),
		cmocka_unit_test(sticky_bits_go_when_they_are_read),
		cmocka_unit_test(a_reset_with_vector_catch_halts_at_the_first_instruction),
		cmocka_unit_test(without_debug_enabled_vector_catch_catches_nothing),
		cmocka_unit_test(a_step_is_one_instruction),
		cmocka_unit_test(a_breakpoint_of_the_fpb_stops_there),
		cmocka_unit_test(bkpt_halts_where_it_stands),
		cmocka_unit_test(a_sleeping_core_says_so_and_can_be_halted),
		cmocka_unit_test(the_watchdog_resets_and_freezes_only_when_it_was_told_to),
		cmocka_unit_test(a_reset_keeps_ram_and_debug_and_a_power_cycle_does_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
