/* What options choose on the flash memories of the bench: layout, banks, what may only be executed.
 */
#include <string.h>

#include "tests/lib/flash_part.h"

static void unlock(struct part *p, uint32_t keyr, uint32_t optkeyr)
{
	assert_int_equal(put(p, keyr, 0x45670123), BUS_OK);
	assert_int_equal(put(p, keyr, 0xcdef89ab), BUS_OK);
	if (!optkeyr)
		return;
	assert_int_equal(put(p, optkeyr, 0x08192a3b), BUS_OK);
	assert_int_equal(put(p, optkeyr, 0x4c5d6e7f), BUS_OK);
}

/* ---- F103 of XL density (PM0068) ---- */

static void xl_has_a_second_bank_with_registers_of_its_own(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	part_init(&p, "F103G");
	memset(p.f.cells.at + 0x80000, 0, 0x1000);
	unlock(&p, 0x44, 0);
	assert_int_equal(get(&p, 0x50) & 0x80, 0);
	assert_int_equal(get(&p, 0x10) & 0x80, 0x80); /* the first one stays locked */
	put(&p, 0x50, 0x02);
	put(&p, 0x54, 0x08080800);
	put(&p, 0x50, 0x42);
	assert_int_equal(get(&p, 0x4c), 0x01);
	assert_int_equal(get(&p, 0x0c), 0x00);
	pass(&p, 30 * MS);
	assert_int_equal(get(&p, 0x4c), 0x20);
	assert_true(cells_blank(&p.f.cells, 0x80800, 0x800));
	assert_int_equal(p.f.cells.at[0x80000], 0);
	put(&p, 0x50, 0x01);
	assert_int_equal(store(&p, 0x80800, 2, 0x1234), BUS_OK);
	assert_int_equal(store(&p, 0x10, 2, 0x1234), BUS_FAULT);
	pass(&p, MS);
	load(&p, 0x80800, &word);
	assert_int_equal(word, 0xffff1234);
	flash_done(&p.f);
}

static void xl_bank_refuses_pages_of_the_other(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "F103G");
	unlock(&p, 0x44, 0);
	put(&p, 0x50, 0x02);
	put(&p, 0x54, 0x08000000);
	put(&p, 0x50, 0x42);
	assert_int_equal(get(&p, 0x4c), 0x04);
	flash_done(&p.f);
}

/* ---- F42x, F76x (RM0090 3.3, RM0410 3.3) ---- */

enum { F4_SR = 0x0c, F4_CR = 0x10, F4_OPTCR = 0x14, F4_OPTCR1 = 0x18, F4_OPTCR2 = 0x1c };

static void f4_program_options(struct part *p, uint32_t reg, uint32_t set, uint32_t clear)
{
	flash_reset(&p->f, false, p->now);
	unlock(p, 0x04, 0x08);
	put(p, reg, (get(p, reg) & ~clear) | set);
	put(p, F4_OPTCR, get(p, F4_OPTCR) | 0x2);
	pass(p, 100 * MS);
	flash_reset(&p->f, false, p->now);
	unlock(p, 0x04, 0);
}

static void f4_erase(struct part *p, unsigned number)
{
	put(p, F4_CR, 0x202 | number << 3);
	put(p, F4_CR, 0x10202 | number << 3);
	pass(p, 5000 * MS);
}

static void f429_of_one_mib_becomes_two_banks_with_db1m(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "F429");
	memset(p.f.cells.at, 0, p.f.size);
	f4_program_options(&p, F4_OPTCR, 0x40000000, 0);
	f4_erase(&p, 16);
	assert_true(cells_blank(&p.f.cells, 0x80000, 0x4000));
	assert_int_equal(p.f.cells.at[0x84000], 0);
	f4_erase(&p, 8); /* in the layout of one bank there was such a sector */
	assert_int_equal(get(&p, F4_SR) & 0x80, 0x80);
	flash_done(&p.f);
}

static void f767_has_sectors_of_half_the_size_without_ndbank(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "F767");
	memset(p.f.cells.at, 0, p.f.size);
	unlock(&p, 0x04, 0);
	f4_erase(&p, 1);
	assert_true(cells_blank(&p.f.cells, 0x8000, 0x8000));
	f4_program_options(&p, F4_OPTCR, 0, 0x20000000);
	memset(p.f.cells.at, 0, p.f.size);
	f4_erase(&p, 1);
	assert_true(cells_blank(&p.f.cells, 0x4000, 0x4000));
	assert_int_equal(p.f.cells.at[0x8000], 0);
	/* One bit protects two sectors. */
	p.f.row->ops->set_write_protection(&p.f, 0x100000);
	f4_erase(&p, 17);
	assert_int_equal(get(&p, F4_SR) & 0x10, 0x10);
	flash_done(&p.f);
}

static void f413_protects_its_last_sectors_together(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "F413");
	p.f.row->ops->set_write_protection(&p.f, 0x180000 - 0x20000);
	assert_int_equal(get(&p, F4_OPTCR) & 0x7fff0000, 0x3fff0000);
	unlock(&p, 0x04, 0);
	f4_erase(&p, 14);
	assert_int_equal(get(&p, F4_SR) & 0x10, 0x10);
	flash_done(&p.f);
}

/* SPRMOD turns protection round: a bit that is set makes its sector execute-only (RM0390 3.6.5). */
static void f446_sectors_may_be_made_execute_only(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	part_init(&p, "F446");
	memset(p.f.cells.at, 0x5a, p.f.size);
	f4_program_options(&p, F4_OPTCR, 0x80000000, 0x0ffb0000);
	assert_int_equal(load(&p, 0x8000, &word), BUS_OK); /* sector 2 */
	assert_int_equal(word, 0);
	assert_int_equal(get(&p, F4_SR) & 0x100, 0x100);
	assert_int_equal(load(&p, 0, &word), BUS_OK);
	assert_int_equal(word, 0x5a5a5a5a);
	put(&p, F4_SR, 0x100);
	f4_erase(&p, 2);
	assert_int_equal(get(&p, F4_SR) & 0x10, 0x10);
	/* And there is no way back but through level 1. */
	f4_program_options(&p, F4_OPTCR, 0, 0x80000000);
	assert_int_equal(get(&p, F4_OPTCR) & 0x80000000, 0x80000000);
	flash_done(&p.f);
}

static void f722_spares_execute_only_sectors_when_it_opens(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "F722");
	memset(p.f.cells.at, 0x5a, p.f.size);
	f4_program_options(&p, F4_OPTCR2, 0x02, 0);
	p.f.row->ops->set_protection(&p.f, 1);
	flash_reset(&p.f, false, p.now);
	unlock(&p, 0x04, 0x08);
	put(&p, F4_OPTCR, (get(&p, F4_OPTCR) & ~0xff00u) | 0xaa02);
	pass(&p, 20000 * MS);
	flash_reset(&p.f, false, p.now);
	assert_int_equal(p.f.row->ops->protection(&p.f), 0);
	assert_int_equal(p.f.cells.at[0], 0xff);
	assert_int_equal(p.f.cells.at[0x4000], 0x5a);
	assert_int_equal(p.f.cells.at[0x8000], 0xff);
	flash_done(&p.f);
}

/* ---- L4 class (RM0432 3, RM0440 3, RM0444 3) ---- */

enum { L4_KEYR = 0x08, L4_OPTKEYR = 0x0c, L4_SR = 0x10, L4_CR = 0x14, L4_OPTR = 0x20 };

static void l4_program_options(struct part *p, uint32_t reg, uint32_t set, uint32_t clear)
{
	unlock(p, L4_KEYR, L4_OPTKEYR);
	put(p, reg, (get(p, reg) & ~clear) | set);
	put(p, L4_CR, 0x20000);
	pass(p, 50 * MS);
	flash_reset(&p->f, false, p->now);
	unlock(p, L4_KEYR, 0);
}

static void l4_erase(struct part *p, uint32_t which)
{
	put(p, L4_CR, which | 0x02);
	put(p, L4_CR, which | 0x10002);
	pass(p, 30 * MS);
}

static void l4r5_and_g474_make_one_bank_of_two_with_longer_pages(void **state)
{
	static const struct {
		const char *chip;
		uint32_t page;
	} rows[] = { { "L4R5", 4096 }, { "G474", 2048 }, { "L4P5", 4096 } };
	struct part p;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		part_init(&p, rows[i].chip);
		memset(p.f.cells.at, 0, p.f.size);
		unlock(&p, L4_KEYR, 0);
		l4_erase(&p, 0x800 | 1 << 3);
		assert_true(cells_blank(&p.f.cells, p.f.size / 2 + rows[i].page, rows[i].page));
		assert_int_equal(p.f.cells.at[rows[i].page], 0);
		flash_reset(&p.f, false, p.now);
		l4_program_options(&p, L4_OPTR, 0, 0x400000);
		l4_erase(&p, 0x800 | 1 << 3); /* the bank's bit means nothing now */
		assert_true(cells_blank(&p.f.cells, 2 * (size_t)rows[i].page,
					2 * (size_t)rows[i].page));
		flash_done(&p.f);
	}
}

static void g0b1_shows_bank_two_first_when_an_option_bit_is_clear(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "G0B1");
	p.f.cells.at[0] = 0x11;
	p.f.cells.at[0x40000] = 0x22;
	l4_program_options(&p, L4_OPTR, 0, 0x100000);
	assert_int_equal(p.f.cells.at[0], 0x22);
	l4_erase(&p, 0); /* of bank 1, which is seen behind */
	assert_int_equal(p.f.cells.at[0], 0x22);
	assert_int_equal(p.f.cells.at[0x40000], 0xff);
	flash_done(&p.f);
}

static void l476_area_may_be_made_execute_only_and_cannot_shrink(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	part_init(&p, "L476");
	memset(p.f.cells.at, 0x5a, p.f.size);
	unlock(&p, L4_KEYR, L4_OPTKEYR);
	put(&p, 0x24, 0x100); /* double words 0x100 to 0x1ff of bank 1 */
	put(&p, 0x28, 0x1ff);
	put(&p, L4_CR, 0x20000);
	pass(&p, 50 * MS);
	flash_reset(&p.f, false, p.now);
	load(&p, 0x800, &word);
	assert_int_equal(word, 0);
	assert_int_equal(get(&p, L4_SR) & 0x4000, 0x4000);
	load(&p, 0x1000, &word);
	assert_int_equal(word, 0x5a5a5a5a);
	load(&p, 0x80800, &word);
	assert_int_equal(word, 0x5a5a5a5a);
	put(&p, L4_SR, 0x4000);
	unlock(&p, L4_KEYR, 0);
	l4_erase(&p, 1 << 3);
	assert_int_equal(get(&p, L4_SR) & 0x10, 0x10);
	flash_reset(&p.f, false, p.now);
	l4_program_options(&p, 0x28, 0, 0xff);
	assert_int_equal(get(&p, 0x28) & 0xffff, 0x1ff);
	flash_done(&p.f);
}

/* ---- fast programming (RM0351 3.3.7) ---- */

#define FSTPG 0x40000u

static void store_row(struct part *p, size_t off, unsigned words, uint64_t gap_ns)
{
	unsigned i;

	for (i = 0; i < words; i++) {
		assert_int_equal(store(p, off + 4 * i, 4, i), BUS_OK);
		p->now += gap_ns;
	}
}

static void l476_row_is_programmed_at_once_after_a_mass_erase(void **state)
{
	struct part p;
	uint64_t begin;
	uint32_t word;

	(void)state;
	part_init(&p, "L476");
	unlock(&p, L4_KEYR, 0);
	put(&p, L4_CR, FSTPG);
	store_row(&p, 0x100, 1, US);
	assert_int_equal(get(&p, L4_SR), 0x80); /* PGSERR: its bank was not erased */
	put(&p, L4_SR, 0x80);
	put(&p, L4_CR, 0x4);
	put(&p, L4_CR, 0x10004);
	pass(&p, 30 * MS);
	put(&p, L4_CR, FSTPG);
	store_row(&p, 0x100, 63, US);
	assert_int_equal(get(&p, L4_SR) & 0x10000, 0);
	begin = p.now;
	assert_int_equal(store(&p, 0x1fc, 4, 63), BUS_OK);
	assert_int_equal(get(&p, L4_SR) & 0x10000, 0x10000);
	assert_int_equal(load(&p, 0x1fc, &word), BUS_OK);
	assert_int_equal(word, 63);
	assert_int_equal(p.now - begin, 1910 * US);
	flash_done(&p.f);
}

static void a_row_whose_words_come_too_late_is_lost(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "G431");
	unlock(&p, L4_KEYR, 0);
	put(&p, L4_CR, 0x4);
	put(&p, L4_CR, 0x10004);
	pass(&p, 30 * MS);
	put(&p, L4_CR, FSTPG);
	store_row(&p, 0, 4, 2 * US);
	p.now += 40 * US;
	store(&p, 16, 4, 0);
	assert_int_equal(get(&p, L4_SR), 0x300); /* MISERR, FASTERR */
	assert_true(cells_blank(&p.f.cells, 0, 0x100));
	flash_done(&p.f);
}

/* ---- L0 (RM0367 3.4.2) ---- */

static void l053_sectors_without_their_bit_are_execute_only_with_wprmod(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	part_init(&p, "L053");
	memset(p.f.cells.at, 0x5a, p.f.size);
	memcpy(p.f.option, "\xaa\x01\x55\xfe", 4);
	memcpy(p.f.option + 8, "\x02\x00\xfd\xff", 4);
	flash_reset(&p.f, false, p.now);
	load(&p, 0, &word);
	assert_int_equal(word, 0);
	assert_int_equal(get(&p, 0x18) & 0x2000, 0x2000);
	load(&p, 0x1000, &word);
	assert_int_equal(word, 0x5a5a5a5a);
	flash_done(&p.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xl_has_a_second_bank_with_registers_of_its_own),
		cmocka_unit_test(xl_bank_refuses_pages_of_the_other),
		cmocka_unit_test(f429_of_one_mib_becomes_two_banks_with_db1m),
		cmocka_unit_test(f767_has_sectors_of_half_the_size_without_ndbank),
		cmocka_unit_test(f413_protects_its_last_sectors_together),
		cmocka_unit_test(f446_sectors_may_be_made_execute_only),
		cmocka_unit_test(f722_spares_execute_only_sectors_when_it_opens),
		cmocka_unit_test(l4r5_and_g474_make_one_bank_of_two_with_longer_pages),
		cmocka_unit_test(g0b1_shows_bank_two_first_when_an_option_bit_is_clear),
		cmocka_unit_test(l476_area_may_be_made_execute_only_and_cannot_shrink),
		cmocka_unit_test(l476_row_is_programmed_at_once_after_a_mass_erase),
		cmocka_unit_test(a_row_whose_words_come_too_late_is_lost),
		cmocka_unit_test(l053_sectors_without_their_bit_are_execute_only_with_wprmod),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
