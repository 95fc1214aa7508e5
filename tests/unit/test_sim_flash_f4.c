/* The bench's flash controller of F4, at its registers. */
#include <string.h>

#include "tests/lib/flash_part.h"

enum { F4_KEYR = 0x04, F4_OPTKEYR = 0x08, F4_SR = 0x0c, F4_CR = 0x10, F4_OPTCR = 0x14 };

static void f4_unlock(struct part *p)
{
	put(p, F4_KEYR, 0x45670123);
	put(p, F4_KEYR, 0xcdef89ab);
	assert_int_equal(get(p, F4_CR) & 0x80000000, 0);
}

static void f4_wants_stores_of_the_width_that_was_set(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	part_init(&p, "F405");
	f4_unlock(&p);
	put(&p, F4_CR, 0x201);
	store(&p, 0, 2, 0x1234);
	assert_int_equal(get(&p, F4_SR), 0x40);
	put(&p, F4_SR, 0xf3);
	store(&p, 0, 4, 0x12345678);
	assert_int_equal(get(&p, F4_SR), 0x10000);
	pass(&p, 16 * US);
	assert_int_equal(get(&p, F4_SR), 0);
	load(&p, 0, &word);
	assert_int_equal(word, 0x12345678);
	flash_done(&p.f);
}

static void f4_store_without_programming_mode_is_a_sequence_error(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	part_init(&p, "F405");
	f4_unlock(&p);
	store(&p, 0, 4, 0);
	assert_int_equal(get(&p, F4_SR), 0x80);
	load(&p, 0, &word);
	assert_int_equal(word, 0xffffffff);
	flash_done(&p.f);
}

static void f4_programming_clears_bits_and_never_sets_them(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	part_init(&p, "F405");
	f4_unlock(&p);
	put(&p, F4_CR, 0x201);
	store(&p, 0, 4, 0xffff0ff0);
	store(&p, 0, 4, 0x0ff0ffff);
	load(&p, 0, &word);
	assert_int_equal(word, 0x0ff00ff0);
	assert_int_equal(get(&p, F4_SR), 0);
	flash_done(&p.f);
}

static void f4_sectors_differ_and_wider_is_faster(void **state)
{
	static const struct {
		uint32_t cr;
		unsigned ms;
		size_t off, len;
	} rows[] = {
		{ 0x002, 332, 0, 0x4000 },	  /* sector 0 at x8: 400 ms times 0.83 */
		{ 0x202, 207, 0, 0x4000 },	  /* at x32 */
		{ 0x022, 996, 0x10000, 0x10000 }, /* sector 4 */
		{ 0x22a, 830, 0x20000, 0x20000 }, /* sector 5 at x32 */
		{ 0x25a, 830, 0xe0000, 0x20000 }, /* sector 11 */
	};
	struct part p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		part_init(&p, "F405");
		memset(p.f.cells.at, 0, p.f.size);
		f4_unlock(&p);
		put(&p, F4_CR, rows[i].cr | 0x10000);
		pass(&p, (rows[i].ms - 1) * MS);
		assert_int_equal(get(&p, F4_SR), 0x10000);
		pass(&p, 2 * MS);
		assert_int_equal(get(&p, F4_SR), 0);
		assert_true(cells_blank(&p.f.cells, rows[i].off, rows[i].len));
		if (rows[i].off)
			assert_int_equal(p.f.cells.at[rows[i].off - 1], 0);
		if (rows[i].off + rows[i].len < p.f.size)
			assert_int_equal(p.f.cells.at[rows[i].off + rows[i].len], 0);
		flash_done(&p.f);
	}
}

static void f4_there_is_no_sector_twelve(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "F405");
	f4_unlock(&p);
	put(&p, F4_CR, 0x10002 | 12 << 3);
	assert_int_equal(get(&p, F4_SR), 0x80);
	flash_done(&p.f);
}

static void f4_wide_programming_at_a_low_supply_is_weak_and_nobody_says_so(void **state)
{
	struct part p;
	uint32_t word, good = 0;
	size_t i;

	(void)state;
	part_init(&p, "F405");
	p.f.supply_mv = 2400;
	f4_unlock(&p);
	put(&p, F4_CR, 0x201);
	for (i = 0; i < 256; i += 4)
		store(&p, i, 4, 0);
	assert_int_equal(get(&p, F4_SR) & 0xf2, 0);
	for (i = 0; i < 256; i += 4) {
		load(&p, i, &word);
		good += word == 0;
	}
	assert_true(good < 32);
	flash_done(&p.f);
}

static void f4_write_protected_sector_says_so(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "F405");
	p.f.row->ops->set_write_protection(&p.f, 0x8000);
	f4_unlock(&p);
	put(&p, F4_CR, 0x10002 | 2 << 3);
	assert_int_equal(get(&p, F4_SR), 0x10);
	put(&p, F4_SR, 0x10);
	put(&p, F4_CR, 0x10004);
	assert_int_equal(get(&p, F4_SR), 0x10);
	flash_done(&p.f);
}

static void f4_leaving_level_one_erases_everything(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	part_init(&p, "F405");
	p.f.cells.at[0x12345] = 0;
	p.f.row->ops->set_protection(&p.f, 1);
	p.f.debugger_seen = true;
	assert_int_equal(load(&p, 0, &word), BUS_FAULT);
	put(&p, F4_OPTKEYR, 0x08192a3b);
	put(&p, F4_OPTKEYR, 0x4c5d6e7f);
	put(&p, F4_OPTCR, 0x0fffaaec);
	put(&p, F4_OPTCR, 0x0fffaaee);
	pass(&p, 10 * NS_PER_S);
	assert_int_equal(get(&p, F4_SR), 0x10000);
	pass(&p, 10 * NS_PER_S);
	assert_int_equal(get(&p, F4_SR), 0);
	assert_int_equal(load(&p, 0, &word), BUS_FAULT); /* until the next reset */
	flash_reset(&p.f, false, p.now);
	assert_int_equal(load(&p, 0, &word), BUS_OK);
	assert_int_equal(p.f.cells.at[0x12345], 0xff);
	flash_done(&p.f);
}

static void f4_second_bank_counts_its_sectors_from_16(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "F429I");
	memset(p.f.cells.at, 0x55, p.f.size);
	f4_unlock(&p);
	put(&p, F4_CR, 0x10202 | 12 << 3);
	assert_int_equal(get(&p, F4_SR), 0x80); /* there is none between the banks */
	put(&p, F4_SR, 0x80);
	put(&p, F4_CR, 0x202);
	put(&p, F4_CR, 0x10202 | 16 << 3);
	pass(&p, NS_PER_S);
	assert_true(cells_blank(&p.f.cells, 0x100000, 0x4000));
	assert_int_equal(p.f.cells.at[0xfffff], 0x55);
	assert_int_equal(p.f.cells.at[0x104000], 0x55);
	put(&p, F4_CR, 0x8200);
	put(&p, F4_CR, 0x18200); /* MER1: the second bank alone */
	pass(&p, 20 * NS_PER_S);
	assert_true(cells_blank(&p.f.cells, 0x100000, 0x100000));
	assert_int_equal(p.f.cells.at[0xfffff], 0x55);
	flash_done(&p.f);
}

static void f4_second_bank_is_protected_by_a_word_of_its_own(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "F429I");
	f4_unlock(&p);
	p.f.row->ops->set_write_protection(&p.f, 0x104000);
	assert_int_equal(get(&p, 0x18) & 0x0fff0000, 0x0ffd0000);
	put(&p, F4_CR, 0x10202 | 17 << 3);
	assert_int_equal(get(&p, F4_SR), 0x10);
	put(&p, F4_SR, 0x10);
	put(&p, F4_CR, 0x202);
	put(&p, F4_CR, 0x10202 | 1 << 3);
	assert_int_equal(get(&p, F4_SR), 0x10000);
	flash_done(&p.f);
}

static void worn_cells_show_in_what_is_left(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "F405");
	memset(p.f.cells.at, 0, p.f.size);
	flash_break_block(&p.f, 0x4000);
	f4_unlock(&p);
	put(&p, F4_CR, 0x10002 | 1 << 3);
	pass(&p, NS_PER_S);
	assert_int_equal(get(&p, F4_SR), 0);
	assert_false(cells_blank(&p.f.cells, 0x4000, 0x4000));
	flash_done(&p.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(f4_wants_stores_of_the_width_that_was_set),
		cmocka_unit_test(f4_store_without_programming_mode_is_a_sequence_error),
		cmocka_unit_test(f4_programming_clears_bits_and_never_sets_them),
		cmocka_unit_test(f4_sectors_differ_and_wider_is_faster),
		cmocka_unit_test(f4_there_is_no_sector_twelve),
		cmocka_unit_test(f4_wide_programming_at_a_low_supply_is_weak_and_nobody_says_so),
		cmocka_unit_test(f4_write_protected_sector_says_so),
		cmocka_unit_test(f4_leaving_level_one_erases_everything),
		cmocka_unit_test(f4_second_bank_counts_its_sectors_from_16),
		cmocka_unit_test(f4_second_bank_is_protected_by_a_word_of_its_own),
		cmocka_unit_test(worn_cells_show_in_what_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
