/* The bench's flash controller of H5, at its registers. */
#include <string.h>

#include "tests/lib/flash_part.h"

/* ---- H5 (RM0481 7) ---- */

enum { H5_KEYR = 0x04, H5_OPTKEYR = 0x0c, H5_OPTCR = 0x1c, H5_SR = 0x20, H5_CR = 0x28 };
enum { H5_CCR = 0x30, H5_OPTSR = 0x50, H5_OPTSR_PRG = 0x54, H5_ECCDETR = 0x104 };

static void h5_init(struct part *p, const char *chip)
{
	part_init(p, chip);
	assert_int_equal(get(p, H5_CR), 0x01);
	put(p, H5_KEYR, KEY1);
	put(p, H5_KEYR, KEY2);
	assert_int_equal(get(p, H5_CR), 0);
}

static void h5_unlock_options(struct part *p)
{
	assert_int_equal(get(p, H5_OPTCR) & 1, 1);
	put(p, H5_OPTKEYR, OPTION_KEY1);
	put(p, H5_OPTKEYR, OPTION_KEY2);
	assert_int_equal(get(p, H5_OPTCR) & 1, 0);
}

static void h5_programs_words_of_sixteen_bytes(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	h5_init(&p, "H563");
	assert_int_equal(store(&p, 0, 4, 1), BUS_OK);
	assert_int_equal(get(&p, H5_SR), 0x40000); /* PGSERR: PG was not set */
	put(&p, H5_CCR, 0x40000);
	assert_int_equal(get(&p, H5_SR), 0);
	put(&p, H5_CR, 0x02);
	store_words(&p, 0x20, 3, 5);
	assert_int_equal(get(&p, H5_SR), 0x02);
	store_words(&p, 0x2c, 1, 8);
	assert_int_equal(get(&p, H5_SR) & 0x03, 0x01);
	pass(&p, MS);
	assert_int_equal(get(&p, H5_SR), 0x10000);
	load(&p, 0x2c, &word);
	assert_int_equal(word, 8);
	flash_done(&p.f);
}

static void h5_tells_an_incomplete_word_and_a_byte_written_twice(void **state)
{
	struct part p;

	(void)state;
	h5_init(&p, "H563");
	put(&p, H5_CR, 0x02);
	store_words(&p, 0, 2, 5);
	store_words(&p, 0x10, 1, 5);
	assert_int_equal(get(&p, H5_SR), 0x100000);
	put(&p, H5_CCR, 0x100000);
	store_words(&p, 0, 2, 5);
	store_words(&p, 4, 1, 5);
	assert_int_equal(get(&p, H5_SR), 0x80000);
	flash_done(&p.f);
}

static void h5_erases_the_sector_of_the_bank_that_is_selected(void **state)
{
	struct part p;

	(void)state;
	h5_init(&p, "H563");
	memset(p.f.cells.at, 0, p.f.size);
	put(&p, H5_CR, 0x80000000 | 3 << 6 | 0x04);
	put(&p, H5_CR, 0x80000000 | 3 << 6 | 0x24);
	pass(&p, MS);
	assert_int_equal(get(&p, H5_SR), 0x01);
	pass(&p, 2 * MS);
	assert_true(cells_blank(&p.f.cells, 0x100000 + 3 * 0x2000, 0x2000));
	assert_int_equal(p.f.cells.at[3 * 0x2000], 0);
	assert_int_equal(p.f.cells.at[0x100000 + 4 * 0x2000], 0);
	flash_done(&p.f);
}

static void h5_refuses_a_sector_that_is_not_there(void **state)
{
	struct part p;

	(void)state;
	h5_init(&p, "H503");
	put(&p, H5_CR, 8 << 6 | 0x04);
	put(&p, H5_CR, 8 << 6 | 0x24);
	assert_int_equal(get(&p, H5_SR), 0x40000);
	flash_done(&p.f);
}

static void h5_write_protects_one_sector_on_h503_and_four_elsewhere(void **state)
{
	struct part p;

	(void)state;
	h5_init(&p, "H503");
	p.f.row->ops->set_write_protection(&p.f, 0x10000 + 0x2000);
	assert_int_equal(get(&p, 0x1e8), 0xfffffffd);
	flash_done(&p.f);
	h5_init(&p, "H563");
	p.f.row->ops->set_write_protection(&p.f, 5 * 0x2000);
	assert_int_equal(get(&p, 0xe8), 0xfffffffd);
	put(&p, H5_CR, 7 << 6 | 0x04);
	put(&p, H5_CR, 7 << 6 | 0x24);
	assert_int_equal(get(&p, H5_SR), 0x20000);
	flash_done(&p.f);
}

static void h5_swaps_banks_and_bksel_stays_with_them(void **state)
{
	struct part p;

	(void)state;
	h5_init(&p, "H533");
	p.f.cells.at[0] = 0x11;
	p.f.cells.at[0x40000] = 0x22;
	h5_unlock_options(&p);
	put(&p, H5_OPTSR_PRG, get(&p, H5_OPTSR_PRG) | 0x80000000);
	put(&p, H5_OPTCR, 0x02);
	pass(&p, 50 * MS);
	flash_reset(&p.f, false, p.now);
	assert_int_equal(get(&p, H5_OPTCR) & 0x80000000, 0x80000000);
	assert_int_equal(p.f.cells.at[0], 0x22);
	put(&p, H5_KEYR, KEY1);
	put(&p, H5_KEYR, KEY2);
	put(&p, H5_CR, 0x04);
	put(&p, H5_CR, 0x24);
	pass(&p, 3 * MS);
	assert_int_equal(p.f.cells.at[0], 0x22);
	assert_int_equal(p.f.cells.at[0x40000], 0xff);
	flash_done(&p.f);
}

static void h5_closed_product_state_takes_no_options(void **state)
{
	struct part p;

	(void)state;
	h5_init(&p, "H563");
	h5_unlock_options(&p);
	put(&p, H5_OPTSR_PRG, (get(&p, H5_OPTSR_PRG) & ~0xff00u) | 0x7200);
	put(&p, H5_OPTCR, 0x02);
	pass(&p, 50 * MS);
	assert_int_equal(p.f.row->ops->protection(&p.f), 0); /* not yet */
	flash_reset(&p.f, false, p.now);
	assert_int_equal(get(&p, H5_OPTSR) >> 8 & 0xff, 0x72);
	assert_int_equal(p.f.row->ops->protection(&p.f), 1);
	h5_unlock_options(&p);
	put(&p, H5_OPTSR_PRG, (get(&p, H5_OPTSR_PRG) & ~0xff00u) | 0xed00);
	put(&p, H5_OPTCR, 0x02);
	assert_int_equal(get(&p, H5_SR), 0x800000);
	flash_done(&p.f);
}

static void h5_broken_word_is_told_and_cannot_be_read(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	h5_init(&p, "H563");
	put(&p, H5_CR, 0x02);
	store_words(&p, 0x40, 4, 0x01010101);
	flash_reset(&p.f, false, p.now + 20 * US);
	assert_int_equal(load(&p, 0x40, &word), BUS_FAULT);
	assert_int_equal(get(&p, H5_ECCDETR), 0x80000004);
	flash_done(&p.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(h5_programs_words_of_sixteen_bytes),
		cmocka_unit_test(h5_tells_an_incomplete_word_and_a_byte_written_twice),
		cmocka_unit_test(h5_erases_the_sector_of_the_bank_that_is_selected),
		cmocka_unit_test(h5_refuses_a_sector_that_is_not_there),
		cmocka_unit_test(h5_write_protects_one_sector_on_h503_and_four_elsewhere),
		cmocka_unit_test(h5_swaps_banks_and_bksel_stays_with_them),
		cmocka_unit_test(h5_closed_product_state_takes_no_options),
		cmocka_unit_test(h5_broken_word_is_told_and_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
