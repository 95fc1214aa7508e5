/* The flash controllers of H7A3 and H5, and banks that change places. */
#include <string.h>

#include "tests/lib/flash_part.h"

enum { KEY1 = 0x45670123, KEY2 = 0xcdef89ab, OPTION_KEY1 = 0x08192a3b, OPTION_KEY2 = 0x4c5d6e7f };

static void store_words(struct part *p, size_t off, unsigned n, uint32_t value)
{
	unsigned i;

	for (i = 0; i < n; i++)
		assert_int_equal(store(p, off + 4 * i, 4, value + i), BUS_OK);
}

/* ---- H7A3 (RM0455 4.9) ---- */

enum { AB_KEYR = 0x04, AB_OPTKEYR = 0x08, AB_CR = 0x0c, AB_SR = 0x10, AB_OPTCR = 0x18 };
enum { AB_OPTSR = 0x1c, AB_OPTSR_PRG = 0x20, AB_WPSN = 0x38, BANK2 = 0x100 };

static void ab_init(struct part *p, const char *chip)
{
	part_init(p, chip);
	put(p, AB_KEYR, KEY1);
	put(p, AB_KEYR, KEY2);
	assert_int_equal(get(p, AB_CR) & 1, 0);
}

static void h7a3_programs_words_of_sixteen_bytes(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	ab_init(&p, "H7A3");
	put(&p, AB_CR, 0x02);
	store_words(&p, 0x40, 3, 0x100);
	assert_int_equal(get(&p, AB_SR), 0x02); /* WBNE */
	store_words(&p, 0x4c, 1, 0x103);
	assert_int_equal(get(&p, AB_SR), 0x05); /* BSY, QW */
	pass(&p, 21 * US);
	assert_int_equal(get(&p, AB_SR), 0x10000);
	load(&p, 0x4c, &word);
	assert_int_equal(word, 0x103);
	flash_done(&p.f);
}

static void h7a3_erases_by_sector_numbers_from_bit_six(void **state)
{
	struct part p;

	(void)state;
	ab_init(&p, "H7A3");
	memset(p.f.cells.at, 0, 0x8000);
	put(&p, AB_CR, 0x04 | 2 << 6);
	put(&p, AB_CR, 0x04 | 2 << 6 | 0x20);
	pass(&p, 2 * MS);
	assert_int_equal(get(&p, AB_SR), 0x05);
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
	ab_init(&p, "H7A3");
	put(&p, AB_CR, 0x02);
	store_words(&p, 0, 1, 0x12345678);
	put(&p, AB_CR, 0x12);
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
	ab_init(&p, "H7A3");
	p.f.row->ops->set_write_protection(&p.f, 0x8000 + 5 * 0x2000);
	assert_int_equal(get(&p, AB_WPSN), 0xfffffffb);
	put(&p, AB_CR, 0x04 | 8 << 6);
	put(&p, AB_CR, 0x24 | 8 << 6);
	assert_int_equal(get(&p, AB_SR), 0x20000);
	flash_done(&p.f);
}

static void h7b0_has_one_bank(void **state)
{
	struct part p;

	(void)state;
	ab_init(&p, "H7B0");
	assert_int_equal(get(&p, AB_CR + BANK2), 0);
	assert_int_equal(p.f.size, 128 * 1024);
	flash_done(&p.f);
}

static void h7_banks_change_places_with_the_next_reset(void **state)
{
	struct part p;

	(void)state;
	ab_init(&p, "H743");
	p.f.cells.at[0] = 0x11;
	p.f.cells.at[0x100000] = 0x22;
	put(&p, AB_OPTKEYR, OPTION_KEY1);
	put(&p, AB_OPTKEYR, OPTION_KEY2);
	put(&p, AB_OPTSR_PRG, get(&p, AB_OPTSR_PRG) | 0x80000000);
	put(&p, AB_OPTCR, 0x02);
	pass(&p, 300 * MS);
	assert_int_equal(p.f.cells.at[0], 0x11);
	assert_int_equal(get(&p, AB_OPTCR) & 0x80000000, 0);
	flash_reset(&p.f, false, p.now);
	assert_int_equal(p.f.cells.at[0], 0x22);
	assert_int_equal(p.f.cells.at[0x100000], 0x11);
	assert_int_equal(get(&p, AB_OPTCR) & 0x80000000, 0x80000000);
	/* The registers of bank 2 now write what is seen at the beginning. */
	put(&p, AB_KEYR + BANK2, KEY1);
	put(&p, AB_KEYR + BANK2, KEY2);
	put(&p, AB_CR + BANK2, 0x04 | 0x30);
	put(&p, AB_CR + BANK2, 0x84 | 0x30);
	pass(&p, 1100 * MS);
	assert_int_equal(p.f.cells.at[0], 0xff);
	assert_int_equal(p.f.cells.at[0x100000], 0x11);
	flash_done(&p.f);
}

/* What may only be executed (RM0399 4.5.4). */

enum { AB_OPTCCR = 0x24, AB_PRAR = 0x28, AB_PRAR_PRG = 0x2c, AB_WPSN_PRG = 0x3c };
enum { H7_WRPERR = 0x20000, H7_RDPERR = 0x800000 };
#define CHANGE_ERROR 0x40000000u
#define DMEP	     0x80000000u

/* Sector 1 of bank 1 is blocks 0x200 to 0x3ff. */
#define SECOND_SECTOR 0x03ff0200u
#define NO_AREA	      0x000000ffu

static void h7_change(struct part *p, uint32_t reg, uint32_t value, uint64_t ms)
{
	if (get(p, AB_OPTCR) & 1) {
		put(p, AB_OPTKEYR, OPTION_KEY1);
		put(p, AB_OPTKEYR, OPTION_KEY2);
	}
	put(p, reg, value);
	put(p, AB_OPTCR, 0x02);
	pass(p, ms * MS);
}

static void h743_area_reads_as_zero_and_a_flag_says_so(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	ab_init(&p, "H743");
	memset(p.f.cells.at, 0x5a, p.f.size);
	assert_int_equal(get(&p, AB_PRAR), NO_AREA);
	h7_change(&p, AB_PRAR_PRG, SECOND_SECTOR, 300);
	assert_int_equal(get(&p, AB_PRAR), SECOND_SECTOR);
	assert_int_equal(load(&p, 0x1fffc, &word), BUS_OK);
	assert_int_equal(word, 0x5a5a5a5a);
	assert_int_equal(load(&p, 0x120000, &word), BUS_OK); /* the other bank's second sector */
	assert_int_equal(word, 0x5a5a5a5a);
	assert_int_equal(get(&p, AB_SR) & H7_RDPERR, 0);
	assert_int_equal(load(&p, 0x20000, &word), BUS_OK);
	assert_int_equal(word, 0);
	assert_int_equal(get(&p, AB_SR) & H7_RDPERR, H7_RDPERR);
	assert_int_equal(get(&p, AB_SR + BANK2) & H7_RDPERR, 0);
	put(&p, 0x14, H7_RDPERR);
	assert_int_equal(get(&p, AB_SR) & H7_RDPERR, 0);
	flash_done(&p.f);
}

static void h743_area_cannot_be_erased_or_programmed(void **state)
{
	static const uint32_t erases[] = { 0x04 | 1 << 8, 0x08 };
	struct part p;
	size_t i;

	(void)state;
	ab_init(&p, "H743");
	h7_change(&p, AB_PRAR_PRG, 0x02800280, 300); /* begin and end alike: the whole bank */
	put(&p, AB_CR, 0x02);
	store_words(&p, 0xe0000, 8, 0);
	assert_int_equal(get(&p, AB_SR) & H7_WRPERR, H7_WRPERR);
	flash_done(&p.f);
	ab_init(&p, "H743");
	memset(p.f.cells.at, 0x5a, p.f.size);
	h7_change(&p, AB_PRAR_PRG, 0x02810280, 300); /* in the middle of sector 1 */
	for (i = 0; i < 2; i++) {
		put(&p, 0x14, H7_WRPERR);
		put(&p, AB_CR, erases[i] | 0x80);
		assert_int_equal(get(&p, AB_SR) & H7_WRPERR, H7_WRPERR);
	}
	put(&p, AB_CR, 0x04 | 0x80); /* sector 0 */
	pass(&p, 2500 * MS);
	assert_int_equal(p.f.cells.at[0], 0xff);
	assert_int_equal(p.f.cells.at[0x20000], 0x5a);
	flash_done(&p.f);
}

static void h743_area_grows_and_does_not_shrink(void **state)
{
	static const uint32_t smaller[] = { NO_AREA, 0x03ff0201, 0x03fe0200 };
	struct part p;
	size_t i;

	(void)state;
	ab_init(&p, "H743");
	h7_change(&p, AB_PRAR_PRG, SECOND_SECTOR, 300);
	for (i = 0; i < 3; i++) {
		h7_change(&p, AB_PRAR_PRG, smaller[i], 300);
		assert_int_equal(get(&p, AB_PRAR), SECOND_SECTOR);
		assert_int_equal(get(&p, AB_OPTSR) & CHANGE_ERROR, CHANGE_ERROR);
		put(&p, AB_OPTCCR, CHANGE_ERROR);
		assert_int_equal(get(&p, AB_OPTSR) & CHANGE_ERROR, 0);
	}
	h7_change(&p, AB_PRAR_PRG, DMEP | 0x04ff0100, 300);
	assert_int_equal(get(&p, AB_PRAR), DMEP | 0x04ff0100);
	h7_change(&p, AB_PRAR_PRG, 0x04ff0100, 300); /* without its mark */
	assert_int_equal(get(&p, AB_OPTSR) & CHANGE_ERROR, CHANGE_ERROR);
	flash_done(&p.f);
}

static void h743_opening_spares_an_area_that_is_not_marked(void **state)
{
	static const struct {
		uint32_t area, asked, left;
		uint8_t second, third;
	} rows[] = {
		{ SECOND_SECTOR, SECOND_SECTOR, SECOND_SECTOR, 0x5a, 0xff },
		{ SECOND_SECTOR, DMEP | NO_AREA, DMEP | NO_AREA, 0xff, 0xff },
		{ DMEP | SECOND_SECTOR, NO_AREA, NO_AREA, 0xff, 0xff },
		/* Leaving it without erasing it is refused, and nothing opens. */
		{ SECOND_SECTOR, NO_AREA, SECOND_SECTOR, 0x5a, 0x5a },
	};
	struct part p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ab_init(&p, "H743");
		memset(p.f.cells.at, 0x5a, p.f.size);
		h7_change(&p, AB_PRAR_PRG, rows[i].area, 300);
		h7_change(&p, AB_OPTSR_PRG, (get(&p, AB_OPTSR) & ~0xff00u) | 0xbb00, 300);
		assert_int_equal(p.f.row->ops->protection(&p.f), 1);
		put(&p, AB_PRAR_PRG, rows[i].asked);
		h7_change(&p, AB_OPTSR_PRG, (get(&p, AB_OPTSR) & ~0xff00u) | 0xaa00, 9000);
		assert_int_equal(get(&p, AB_PRAR), rows[i].left);
		assert_int_equal(p.f.cells.at[0x20000], rows[i].second);
		assert_int_equal(p.f.cells.at[0x40000], rows[i].third);
		assert_int_equal(p.f.row->ops->protection(&p.f), rows[i].third == 0x5a);
		flash_done(&p.f);
	}
}

static void h743_bank_erase_may_remove_all_protection(void **state)
{
	struct part p;

	(void)state;
	ab_init(&p, "H743");
	memset(p.f.cells.at, 0x5a, p.f.size);
	p.f.row->ops->set_write_protection(&p.f, 0);
	h7_change(&p, AB_PRAR_PRG, SECOND_SECTOR, 300);
	put(&p, AB_PRAR_PRG, DMEP | NO_AREA);
	put(&p, AB_CR, 0x88);
	assert_int_equal(get(&p, AB_SR) & H7_WRPERR, H7_WRPERR); /* sector 0 is still protected */
	put(&p, 0x14, H7_WRPERR);
	put(&p, AB_WPSN_PRG, 0xff);
	put(&p, AB_CR, 0x88);
	pass(&p, 14000 * MS);
	assert_int_equal(get(&p, AB_SR), 0x10000);
	assert_true(cells_blank(&p.f.cells, 0, 0x100000));
	assert_int_equal(p.f.cells.at[0x100000], 0x5a);
	assert_int_equal(get(&p, AB_PRAR), DMEP | NO_AREA);
	assert_int_equal(get(&p, AB_WPSN), 0xff);
	flash_done(&p.f);
}

static void h743_closed_answers_a_debugger_with_a_fault_and_the_same_flag(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	ab_init(&p, "H743");
	p.f.row->ops->set_protection(&p.f, 1);
	p.f.debugger_seen = true;
	assert_int_equal(load(&p, 0x100000, &word), BUS_FAULT);
	assert_int_equal(get(&p, AB_SR + BANK2), H7_RDPERR);
	assert_int_equal(get(&p, AB_SR), 0);
	flash_done(&p.f);
}

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
		cmocka_unit_test(h7a3_programs_words_of_sixteen_bytes),
		cmocka_unit_test(h7a3_erases_by_sector_numbers_from_bit_six),
		cmocka_unit_test(h7a3_forces_a_word_out_with_bit_four),
		cmocka_unit_test(h7a3_protects_four_sectors_with_one_bit),
		cmocka_unit_test(h7b0_has_one_bank),
		cmocka_unit_test(h7_banks_change_places_with_the_next_reset),
		cmocka_unit_test(h743_area_reads_as_zero_and_a_flag_says_so),
		cmocka_unit_test(h743_area_cannot_be_erased_or_programmed),
		cmocka_unit_test(h743_area_grows_and_does_not_shrink),
		cmocka_unit_test(h743_opening_spares_an_area_that_is_not_marked),
		cmocka_unit_test(h743_bank_erase_may_remove_all_protection),
		cmocka_unit_test(h743_closed_answers_a_debugger_with_a_fault_and_the_same_flag),
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
