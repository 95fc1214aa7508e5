/* Exceptions and faults of the core model, up to lockup. */
#include <stdint.h>

#include "tests/lib/core_board.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(svc_goes_to_its_handler_and_comes_back),
		cmocka_unit_test(a_bus_error_becomes_a_hard_fault_with_its_address),
		cmocka_unit_test(a_fault_with_its_handler_enabled_is_not_escalated),
		cmocka_unit_test(a_fault_in_the_hard_fault_handler_locks_up_until_it_is_halted),
		cmocka_unit_test(a_blank_chip_locks_up),
		cmocka_unit_test(vector_catch_of_hard_faults_halts_before_the_handler),
		cmocka_unit_test(an_instruction_that_the_core_lacks_is_undefined),
		cmocka_unit_test(the_fpu_works_once_it_is_switched_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
