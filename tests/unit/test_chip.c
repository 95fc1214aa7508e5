/* The chip table as it ships, its reader, and the arithmetic of erase blocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "flash/geometry.h"

static void load(struct chips *c)
{
	struct err e = { 0 };

	if (chips_load(NULL, c, &e))
		fail_msg("%s", e.text);
}

static void the_shipped_table_is_read(void **state)
{
	struct chips c;
	const struct chip *f4;

	(void)state;
	load(&c);
	f4 = chips_find(&c, 0x413);
	assert_non_null(f4);
	assert_string_equal(f4->family, "F4");
	assert_int_equal(f4->ctrl, CHIP_CTRL_F4);
	assert_int_equal(f4->max_bytes, 1024 * 1024);
	assert_int_equal(f4->freezes[0].mask, 0x1800);
	assert_null(chips_find(&c, 0x999));
	chips_done(&c);
}

/* Every layout of every row divides every size it can have into blocks without hole or overlap. */
static void every_row_divides_its_flash_into_blocks(void **state)
{
	struct chips c;

	(void)state;
	load(&c);
	for (size_t i = 0; i < c.n; i++)
		for (size_t k = 0; k < c.at[i].n_layouts; k++) {
			const struct chip_layout *l = &c.at[i].layouts[k];
			uint32_t bytes = l->kib ? l->kib * 1024 : c.at[i].max_bytes, sum = 0;
			struct geometry g;
			struct geometry_block b, again;
			struct err e;

			if (geometry_init(&g, &c.at[i], l, bytes, false, &e))
				fail_msg("%s", e.text);
			assert_int_equal(geometry_bytes(&g), bytes);
			for (uint32_t n = 0; n < g.n_blocks; n++) {
				assert_true(geometry_block_nth(&g, n, &b));
				assert_int_equal(b.number, n);
				assert_true(geometry_block_at(&g, b.address + b.bytes - 1, &again));
				assert_memory_equal(&b, &again, sizeof(b));
				sum += b.bytes;
			}
			assert_int_equal(sum, bytes);
			assert_false(geometry_block_nth(&g, g.n_blocks, &b));
			assert_false(geometry_holds(&g, c.at[i].base - 4, 8));
			assert_true(geometry_holds(&g, c.at[i].base, g.banks[0].bytes));
		}
	chips_done(&c);
}

static void a_mistake_in_the_table_is_named_with_its_place(void **state)
{
	static const char *const wrong[][2] = {
		{ "chips:\n  - { dev_id: 0x410, colour: red }\n", "t:2:22: unknown key 'colour'" },
		{ "chips:\n  - { dev_id: 0x41000 }\n",
		  "t:2:15: '0x41000' is no number up to 65535" },
		{ "chips:\n  - { dev_id: 1 }\n", "t:2:5: the key 'name' is missing" },
		{ "chips: 3\n", "t:1:8: a list belongs here" },
	};
	struct chips c;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct err e = { 0 };

		assert_int_equal(chips_parse("t", wrong[i][0], strlen(wrong[i][0]), &c, &e),
				 ERR_FORMAT);
		assert_string_equal(e.text, wrong[i][1]);
	}
}

static void banks_behind_a_hole_and_swapped_ones_are_told_apart(void **state)
{
	struct chips c;
	const struct chip *h7;
	struct geometry g;
	struct geometry_block b;

	(void)state;
	load(&c);
	h7 = chips_find(&c, 0x450);
	assert_int_equal(geometry_init(&g, h7, &h7->layouts[1], 1024 * 1024, true, NULL), 0);
	assert_false(geometry_block_at(&g, 0x08080000, &b));
	assert_true(geometry_block_at(&g, 0x08120000, &b));
	assert_int_equal(b.bank, 1);
	assert_int_equal(b.ctrl_bank, 0);
	assert_int_equal(b.in_bank, 1);
	assert_int_equal(b.number, 5);
	assert_false(geometry_holds(&g, 0x0807fffc, 8));
	chips_done(&c);
}

/* RM0399 4.3.13: H7's registers go with the bank that is seen there; RM0481: those of H5 do not. */
static void banks_that_take_their_registers_along_are_not_exchanged_again(void **state)
{
	struct chips c;

	(void)state;
	load(&c);
	assert_int_equal(chips_find(&c, 0x450)->swap.mask, 0);
	assert_int_equal(chips_find(&c, 0x480)->swap.mask, 0);
	assert_int_not_equal(chips_find(&c, 0x484)->swap.mask, 0);
	chips_done(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_table_is_read),
		cmocka_unit_test(every_row_divides_its_flash_into_blocks),
		cmocka_unit_test(a_mistake_in_the_table_is_named_with_its_place),
		cmocka_unit_test(banks_behind_a_hole_and_swapped_ones_are_told_apart),
		cmocka_unit_test(banks_that_take_their_registers_along_are_not_exchanged_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
