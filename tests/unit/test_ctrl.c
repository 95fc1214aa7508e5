/*
 * Controllers as scripted chats: how wide they program at which supply, and the words and stores
 * that this comes to on a target that writes down what it is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flash/ctrl.h"
#include "tests/lib/chip_table.h"

static void a_low_supply_narrows_the_width(void **state)
{
	static const struct {
		uint16_t dev_id;
		int mv;
		unsigned width;
	} cases[] = {
		{ 0x413, 3300, 4 },  { 0x413, 2700, 4 },  { 0x413, 2699, 2 },  { 0x413, 2100, 2 },
		{ 0x413, 2099, 1 },  { 0x413, 0, 1 },	  { 0x411, 2400, 2 },  { 0x411, 1800, 1 },
		{ 0x449, 3300, 4 },  { 0x449, 1800, 1 },  { 0x415, 1800, 8 },  { 0x410, 2000, 2 },
		{ 0x450, 3300, 32 }, { 0x450, 1700, 32 }, { 0x484, 1800, 16 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct chip *c = chips_find(&chips, cases[i].dev_id);

		assert_non_null(c);
		assert_int_equal(ctrl_unit(c, ctrl_of(c)->width(c, cases[i].mv)), cases[i].width);
	}
}

/* PSIZE, bits 9:8 of FLASH_CR (RM0090 3.9.7); an erase takes it as well. */
static void f4_tells_its_controller_the_width(void **state)
{
	const struct chip *c = chips_find(&chips, 0x413);
	const struct geometry_block block = { .address = 0x08008000, .bytes = 16384, .in_bank = 2 };
	static const struct {
		unsigned width;
		uint32_t psize;
	} cases[] = { { 1, 0 }, { 2, 0x100 }, { 4, 0x200 } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct ctrl_erase words;

		assert_int_equal(ctrl_of(c)->program_cr(c, cases[i].width), 1 | cases[i].psize);
		ctrl_of(c)->erase(c, &block, cases[i].width, &words);
		assert_int_equal(words.go, 0x10002 | 2 << 3 | cases[i].psize);
		ctrl_of(c)->mass(c, 0, cases[i].width, &words);
		assert_int_equal(words.go, 0x10004 | cases[i].psize);
	}
}

static void narrower_is_slower(void **state)
{
	const struct chip *c = chips_find(&chips, 0x413);

	(void)state;
	for (unsigned width = 1; width < 4; width *= 2) {
		assert_true(ctrl_program_ms(c, 65536, width) >
			    ctrl_program_ms(c, 65536, 2 * width));
		assert_true(ctrl_erase_ms(c, 131072, width) > ctrl_erase_ms(c, 131072, 2 * width));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_low_supply_narrows_the_width),
		cmocka_unit_test(f4_tells_its_controller_the_width),
		cmocka_unit_test(narrower_is_slower),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
