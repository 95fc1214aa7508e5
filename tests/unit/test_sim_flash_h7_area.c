/* H743 on the bench: areas which may only be executed (RM0399 4.5.4). */
#include <string.h>

#include "tests/lib/h7_part.h"

enum { H7_WRPERR = 0x20000, H7_RDPERR = 0x800000 };
#define CHANGE_ERROR 0x40000000u
#define DMEP	     0x80000000u

/* Sector 1 of bank 1 is blocks 0x200 to 0x3ff. */
#define SECOND_SECTOR 0x03ff0200u
#define NO_AREA	      0x000000ffu

static void h7_change(struct part *p, uint32_t reg, uint32_t value, uint64_t ms)
{
	if (get(p, H7_OPTCR) & 1) {
		put(p, H7_OPTKEYR, OPTION_KEY1);
		put(p, H7_OPTKEYR, OPTION_KEY2);
	}
	put(p, reg, value);
	put(p, H7_OPTCR, 0x02);
	pass(p, ms * MS);
}

static void h743_area_reads_as_zero_and_a_flag_says_so(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	h7_open(&p, "H743");
	memset(p.f.cells.at, 0x5a, p.f.size);
	assert_int_equal(get(&p, H7_PRAR), NO_AREA);
	h7_change(&p, H7_PRAR_PRG, SECOND_SECTOR, 300);
	assert_int_equal(get(&p, H7_PRAR), SECOND_SECTOR);
	assert_int_equal(load(&p, 0x1fffc, &word), BUS_OK);
	assert_int_equal(word, 0x5a5a5a5a);
	assert_int_equal(load(&p, 0x120000, &word), BUS_OK); /* the other bank's second sector */
	assert_int_equal(word, 0x5a5a5a5a);
	assert_int_equal(get(&p, H7_SR) & H7_RDPERR, 0);
	assert_int_equal(load(&p, 0x20000, &word), BUS_OK);
	assert_int_equal(word, 0);
	assert_int_equal(get(&p, H7_SR) & H7_RDPERR, H7_RDPERR);
	assert_int_equal(get(&p, H7_SR + H7_BANK2) & H7_RDPERR, 0);
	put(&p, 0x14, H7_RDPERR);
	assert_int_equal(get(&p, H7_SR) & H7_RDPERR, 0);
	flash_done(&p.f);
}

static void h743_area_cannot_be_erased_or_programmed(void **state)
{
	static const uint32_t erases[] = { 0x04 | 1 << 8, 0x08 };
	struct part p;
	size_t i;

	(void)state;
	h7_open(&p, "H743");
	h7_change(&p, H7_PRAR_PRG, 0x02800280, 300); /* begin and end alike: the whole bank */
	put(&p, H7_CR, 0x02);
	store_words(&p, 0xe0000, 8, 0);
	assert_int_equal(get(&p, H7_SR) & H7_WRPERR, H7_WRPERR);
	flash_done(&p.f);
	h7_open(&p, "H743");
	memset(p.f.cells.at, 0x5a, p.f.size);
	h7_change(&p, H7_PRAR_PRG, 0x02810280, 300); /* in the middle of sector 1 */
	for (i = 0; i < 2; i++) {
		put(&p, 0x14, H7_WRPERR);
		put(&p, H7_CR, erases[i] | 0x80);
		assert_int_equal(get(&p, H7_SR) & H7_WRPERR, H7_WRPERR);
	}
	put(&p, H7_CR, 0x04 | 0x80); /* sector 0 */
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
	h7_open(&p, "H743");
	h7_change(&p, H7_PRAR_PRG, SECOND_SECTOR, 300);
	for (i = 0; i < 3; i++) {
		h7_change(&p, H7_PRAR_PRG, smaller[i], 300);
		assert_int_equal(get(&p, H7_PRAR), SECOND_SECTOR);
		assert_int_equal(get(&p, H7_OPTSR_CUR) & CHANGE_ERROR, CHANGE_ERROR);
		put(&p, H7_OPTCCR, CHANGE_ERROR);
		assert_int_equal(get(&p, H7_OPTSR_CUR) & CHANGE_ERROR, 0);
	}
	h7_change(&p, H7_PRAR_PRG, DMEP | 0x04ff0100, 300);
	assert_int_equal(get(&p, H7_PRAR), DMEP | 0x04ff0100);
	h7_change(&p, H7_PRAR_PRG, 0x04ff0100, 300); /* without its mark */
	assert_int_equal(get(&p, H7_OPTSR_CUR) & CHANGE_ERROR, CHANGE_ERROR);
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
		h7_open(&p, "H743");
		memset(p.f.cells.at, 0x5a, p.f.size);
		h7_change(&p, H7_PRAR_PRG, rows[i].area, 300);
		h7_change(&p, H7_OPTSR_PRG, (get(&p, H7_OPTSR_CUR) & ~0xff00u) | 0xbb00, 300);
		assert_int_equal(p.f.row->ops->protection(&p.f), 1);
		put(&p, H7_PRAR_PRG, rows[i].asked);
		h7_change(&p, H7_OPTSR_PRG, (get(&p, H7_OPTSR_CUR) & ~0xff00u) | 0xaa00, 9000);
		assert_int_equal(get(&p, H7_PRAR), rows[i].left);
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
	h7_open(&p, "H743");
	memset(p.f.cells.at, 0x5a, p.f.size);
	p.f.row->ops->set_write_protection(&p.f, 0);
	h7_change(&p, H7_PRAR_PRG, SECOND_SECTOR, 300);
	put(&p, H7_PRAR_PRG, DMEP | NO_AREA);
	put(&p, H7_CR, 0x88);
	assert_int_equal(get(&p, H7_SR) & H7_WRPERR, H7_WRPERR); /* sector 0 is still protected */
	put(&p, 0x14, H7_WRPERR);
	put(&p, H7_WPSN_PRG, 0xff);
	put(&p, H7_CR, 0x88);
	pass(&p, 14000 * MS);
	assert_int_equal(get(&p, H7_SR), 0x10000);
	assert_true(cells_blank(&p.f.cells, 0, 0x100000));
	assert_int_equal(p.f.cells.at[0x100000], 0x5a);
	assert_int_equal(get(&p, H7_PRAR), DMEP | NO_AREA);
	assert_int_equal(get(&p, H7_WPSN), 0xff);
	flash_done(&p.f);
}

static void h743_closed_answers_a_debugger_with_a_fault_and_the_same_flag(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	h7_open(&p, "H743");
	p.f.row->ops->set_protection(&p.f, 1);
	p.f.debugger_seen = true;
	assert_int_equal(load(&p, 0x100000, &word), BUS_FAULT);
	assert_int_equal(get(&p, H7_SR + H7_BANK2), H7_RDPERR);
	assert_int_equal(get(&p, H7_SR), 0);
	flash_done(&p.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(h743_area_reads_as_zero_and_a_flag_says_so),
		cmocka_unit_test(h743_area_cannot_be_erased_or_programmed),
		cmocka_unit_test(h743_area_grows_and_does_not_shrink),
		cmocka_unit_test(h743_opening_spares_an_area_that_is_not_marked),
		cmocka_unit_test(h743_bank_erase_may_remove_all_protection),
		cmocka_unit_test(h743_closed_answers_a_debugger_with_a_fault_and_the_same_flag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
