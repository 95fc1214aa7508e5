/* The core model: real code, exceptions, faults, halting debug. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/base/bytes.h"
#include "probe/sim/chip.h"

#define RAM	  0x20000000u
#define FLASH	  0x08000000u
#define DHCSR	  0xe000edf0u
#define DCRSR	  0xe000edf4u
#define DCRDR	  0xe000edf8u
#define DEMCR	  0xe000edfcu
#define DFSR	  0xe000ed30u
#define CFSR	  0xe000ed28u
#define HFSR	  0xe000ed2cu
#define BFAR	  0xe000ed38u
#define AIRCR	  0xe000ed0cu
#define CPACR	  0xe000ed88u
#define SHCSR	  0xe000ed24u
#define FP_CTRL	  0xe0002000u
#define FP_COMP	  0xe0002008u
#define DHCSR_KEY 0xa05f0000u

#define S_HALT	 0x00020000u
#define S_SLEEP	 0x00040000u
#define S_LOCKUP 0x00080000u
#define S_RETIRE 0x01000000u
#define S_RESET	 0x02000000u

struct board {
	struct rng rng;
	struct chip c;
	uint64_t now;
};

/* A vector table at the start of flash: the handlers of exceptions 2 to 15 begin at `handler`. */
static void put_program(struct board *b, const uint16_t *code, size_t n, uint32_t handler)
{
	uint8_t *at = b->c.flash.cells.at;
	size_t i;

	put_le32(at, RAM + 0x1000);
	put_le32(at + 4, FLASH + 0x40 + 1);
	for (i = 2; i < 16; i++)
		put_le32(at + 4 * i, (FLASH + 0x40 + handler) | 1);
	for (i = 0; i < n; i++)
		put_le16(at + 0x40 + 2 * i, code[i]);
}

static void board_init(struct board *b, const char *chip, const uint16_t *code, size_t n,
		       uint32_t handler)
{
	rng_init(&b->rng, 3);
	chip_init(&b->c, chip_find(chip), &b->rng);
	put_program(b, code, n, handler);
	b->now = 0;
	chip_set_supply(&b->c, 3300, 0);
}

static void pass(struct board *b, uint64_t ns)
{
	b->now += ns;
	chip_advance(&b->c, b->now);
}

static uint32_t peek(struct board *b, uint32_t addr)
{
	struct bus_access a = {
		.addr = addr, .size = 4, .master = BUS_DEBUG, .now_ns = b->now, .ready_ns = b->now
	};

	assert_int_equal(chip_bus(&b->c, &a), BUS_OK);
	return a.value;
}

static void poke(struct board *b, uint32_t addr, uint32_t value)
{
	struct bus_access a = { .addr = addr,
				.size = 4,
				.write = true,
				.value = value,
				.master = BUS_DEBUG,
				.now_ns = b->now,
				.ready_ns = b->now };

	assert_int_equal(chip_bus(&b->c, &a), BUS_OK);
}

static void halt(struct board *b)
{
	poke(b, DHCSR, DHCSR_KEY | 3);
	pass(b, NS_PER_US);
}

static uint32_t reg(struct board *b, unsigned n)
{
	poke(b, DCRSR, n);
	return peek(b, DCRDR);
}

static void set_reg(struct board *b, unsigned n, uint32_t value)
{
	poke(b, DCRDR, value);
	poke(b, DCRSR, n | 0x10000);
}

#define CODE(...) (const uint16_t[]){ __VA_ARGS__ }, sizeof((const uint16_t[]){ __VA_ARGS__ }) / 2

/* ---- running and time ---- */

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

/* ---- exceptions and faults ---- */

static void svc_goes_to_its_handler_and_comes_back(void **state)
{
	struct board b;

	(void)state;
	/* svc 0; movs r5, #9; b .; handler: movs r4, #7; bx lr */
	board_init(&b, "F405", CODE(0xdf00, 0x2509, 0xe7fe, 0x2407, 0x4770), 6);
	pass(&b, NS_PER_MS);
	halt(&b);
	assert_int_equal(reg(&b, 4), 7);
	assert_int_equal(reg(&b, 5), 9);
	assert_int_equal(reg(&b, 13), RAM + 0x1000);
	assert_int_equal(reg(&b, 16) & 0x1ff, 0);
	chip_done(&b.c);
}

static void a_bus_error_becomes_a_hard_fault_with_its_address(void **state)
{
	struct board b;
	uint32_t frame;

	(void)state;
	/* movs r2, #6; lsls r2, #28 (0x60000000); ldr r1, [r2]; b .; handler: b . */
	board_init(&b, "F405", CODE(0x2206, 0x0712, 0x6811, 0xe7fe, 0xe7fe), 8);
	pass(&b, NS_PER_MS);
	halt(&b);
	assert_int_equal(reg(&b, 15), FLASH + 0x48);
	assert_int_equal(reg(&b, 16) & 0x1ff, 3);
	assert_int_equal(peek(&b, HFSR), 0x40000000);
	assert_int_equal(peek(&b, CFSR), 0x8200);
	assert_int_equal(peek(&b, BFAR), 0x60000000);
	frame = reg(&b, 13);
	assert_int_equal(frame, RAM + 0x1000 - 32);
	assert_int_equal(peek(&b, frame + 24), FLASH + 0x44); /* the instruction itself */
	chip_done(&b.c);
}

static void a_fault_with_its_handler_enabled_is_not_escalated(void **state)
{
	struct board b;

	(void)state;
	board_init(&b, "F405", CODE(0xe7fe, 0xde00, 0xe7fe), 4);
	pass(&b, NS_PER_MS);
	halt(&b);
	poke(&b, SHCSR, 0x40000);
	set_reg(&b, 15, FLASH + 0x42); /* udf */
	poke(&b, DHCSR, DHCSR_KEY | 1);
	pass(&b, NS_PER_MS);
	halt(&b);
	assert_int_equal(reg(&b, 16) & 0x1ff, 6);
	assert_int_equal(peek(&b, CFSR), 0x10000);
	assert_int_equal(peek(&b, HFSR), 0);
	chip_done(&b.c);
}

static void a_fault_in_the_hard_fault_handler_locks_up_until_it_is_halted(void **state)
{
	struct board b;

	(void)state;
	board_init(&b, "F103", CODE(0xde00), 0); /* udf, and the handler is the same udf */
	pass(&b, NS_PER_MS);
	assert_int_equal(peek(&b, DHCSR) & (S_LOCKUP | S_HALT), S_LOCKUP);
	halt(&b);
	assert_int_equal(peek(&b, DHCSR) & (S_LOCKUP | S_HALT), S_HALT);
	assert_int_equal(reg(&b, 15), 0xfffffffe);
	chip_done(&b.c);
}

static void a_blank_chip_locks_up(void **state)
{
	struct board b;

	(void)state;
	rng_init(&b.rng, 3);
	b.now = 0;
	chip_init(&b.c, chip_find("F103"), &b.rng);
	chip_set_supply(&b.c, 3300, 0);
	pass(&b, NS_PER_MS);
	assert_int_equal(peek(&b, DHCSR) & S_LOCKUP, S_LOCKUP);
	chip_done(&b.c);
}

static void vector_catch_of_hard_faults_halts_before_the_handler(void **state)
{
	struct board b;

	(void)state;
	board_init(&b, "F405", CODE(0xe7fe, 0xde00, 0xe7fe), 4);
	pass(&b, NS_PER_MS);
	halt(&b);
	poke(&b, DFSR, 0x1f);
	poke(&b, DEMCR, 0x400);
	set_reg(&b, 15, FLASH + 0x42);
	poke(&b, DHCSR, DHCSR_KEY | 1);
	pass(&b, NS_PER_MS);
	assert_int_equal(peek(&b, DHCSR) & S_HALT, S_HALT);
	assert_int_equal(peek(&b, DFSR), 8);
	assert_int_equal(reg(&b, 15), FLASH + 0x44);
	chip_done(&b.c);
}

static void an_instruction_that_the_core_lacks_is_undefined(void **state)
{
	static const struct {
		const char *chip;
		uint16_t code[2];
		uint32_t cfsr;
	} rows[] = {
		{ "F103", { 0xfb21, 0x3002 }, 0x10000 }, /* smlad on a Cortex-M3 */
		{ "F103", { 0xee30, 0x0a81 }, 0x80000 }, /* vadd.f32 on a Cortex-M3 */
		{ "F405", { 0xee30, 0x0a81 }, 0x80000 }, /* and with the FPU switched off */
	};
	struct board b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		board_init(&b, rows[i].chip, CODE(rows[i].code[0], rows[i].code[1], 0xe7fe, 0xe7fe),
			   6);
		pass(&b, NS_PER_MS);
		halt(&b);
		assert_int_equal(peek(&b, CFSR), rows[i].cfsr);
		assert_int_equal(reg(&b, 15), FLASH + 0x46);
		chip_done(&b.c);
	}
}

static void the_fpu_works_once_it_is_switched_on(void **state)
{
	struct board b;

	(void)state;
	board_init(&b, "F405", CODE(0xe7fe, 0xee30, 0x0a81, 0xe7fe), 0);
	pass(&b, NS_PER_MS);
	halt(&b);
	poke(&b, CPACR, 0x00f00000);
	set_reg(&b, 0x41, 0x3f800000); /* s1 = 1.0 */
	set_reg(&b, 0x42, 0x40000000); /* s2 = 2.0 */
	set_reg(&b, 15, FLASH + 0x42);
	poke(&b, DHCSR, DHCSR_KEY | 1);
	pass(&b, NS_PER_MS);
	halt(&b);
	assert_int_equal(reg(&b, 15), FLASH + 0x46);
	assert_int_equal(reg(&b, 0x40), 0x40400000);
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
		cmocka_unit_test(svc_goes_to_its_handler_and_comes_back),
		cmocka_unit_test(a_bus_error_becomes_a_hard_fault_with_its_address),
		cmocka_unit_test(a_fault_with_its_handler_enabled_is_not_escalated),
		cmocka_unit_test(a_fault_in_the_hard_fault_handler_locks_up_until_it_is_halted),
		cmocka_unit_test(a_blank_chip_locks_up),
		cmocka_unit_test(vector_catch_of_hard_faults_halts_before_the_handler),
		cmocka_unit_test(an_instruction_that_the_core_lacks_is_undefined),
		cmocka_unit_test(the_fpu_works_once_it_is_switched_on),
		cmocka_unit_test(a_sleeping_core_says_so_and_can_be_halted),
		cmocka_unit_test(the_watchdog_resets_and_freezes_only_when_it_was_told_to),
		cmocka_unit_test(a_reset_keeps_ram_and_debug_and_a_power_cycle_does_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
