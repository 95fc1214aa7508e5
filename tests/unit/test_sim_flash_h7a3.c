/* The bench's flash controllers of H7A3 and H7B0, at their registers. */
#include <string.h>

#include "tests/lib/h7_part.h"

static void h7a3_programs_words_of_sixteen_bytes(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	h7_open(&p, "H7A3");
	put(&p, H7_CR, 0x02);
	store_words(&p, 0x40, 3, 0x100);
	assert_int_equal(get(&p, H7_SR), 0x02); /* WBNE */
	store_words(&p, 0x4c, 1, 0x103);
	assert_int_equal(get(&p, H7_SR), 0x05); /* BSY, QW */
	pass(&p, 21 * US);
	assert_int_equal(get(&p, H7_SR), 0x10000);
	load(&p, 0x4c, &word);
	assert_int_equal(word, 0x103);
	flash_done(&p.f);
}

static void h7a3_erases_by_sector_numbers_from_bit_six(void **state)
{
	struct part p;

	(void)state;
	h7_open(&p, "H7A3");
	memset(p.f.cells.at, 0, 0x8000);
	put(&p, H7_CR, 0x04 | 2 << 6);
	put(&p, H7_CR, 0x04 | 2 << 6 | 0x20);
	pass(&p, 2 * MS);
	assert_int_equal(get(&p, H7_SR), 0x05);
	pass(&p, MS);
	assert_true(cells_blank(&p.f.cells, 0x4000, 0x2000));
	assert_int_equal(p.f.cells.at[0x3fff], 0);
	assert_int_equal(p.f.cells.at[0x6000], 0);
	flash_done(&p.f);
}

static void h7a3_forces_a_word_out_with_bit_four(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	h7_open(&p, "H7A3");
	put(&p, H7_CR, 0x02);
	store_words(&p, 0, 1, 0x12345678);
	put(&p, H7_CR, 0x12);
	pass(&p, MS);
	load(&p, 0, &word);
	assert_int_equal(word, 0x12345678);
	load(&p, 4, &word);
	assert_int_equal(word, 0xffffffff);
	flash_done(&p.f);
}

static void h7a3_protects_four_sectors_with_one_bit(void **state)
{
	struct part p;

	(void)state;
	h7_open(&p, "H7A3");
	p.f.row->ops->set_write_protection(&p.f, 0x8000 + 5 * 0x2000);
	assert_int_equal(get(&p, H7_WPSN), 0xfffffffb);
	put(&p, H7_CR, 0x04 | 8 << 6);
	put(&p, H7_CR, 0x24 | 8 << 6);
	assert_int_equal(get(&p, H7_SR), 0x20000);
	flash_done(&p.f);
}

static void h7b0_has_one_bank(void **state)
{
	struct part p;

	(void)state;
	h7_open(&p, "H7B0");
	assert_int_equal(get(&p, H7_CR + H7_BANK2), 0);
	assert_int_equal(p.f.size, 128 * 1024);
	flash_done(&p.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(h7a3_programs_words_of_sixteen_bytes),
		cmocka_unit_test(h7a3_erases_by_sector_numbers_from_bit_six),
		cmocka_unit_test(h7a3_forces_a_word_out_with_bit_four),
		cmocka_unit_test(h7a3_protects_four_sectors_with_one_bit),
		cmocka_unit_test(h7b0_has_one_bank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
