/* The bench's flash controller of H743, at its registers. */
#include <string.h>

#include "tests/lib/h7_part.h"

#define H7_BANK	  0x100000u
#define H7_SECTOR 0x20000u

static void h7_init(struct part *p)
{
	part_init(p, "H743");
	assert_int_equal(get(p, H7_CR), 1);
	assert_int_equal(put(p, H7_KEYR, 0x45670123), BUS_OK);
	assert_int_equal(put(p, H7_KEYR, 0xcdef89ab), BUS_OK);
	assert_int_equal(get(p, H7_CR), 0);
	assert_int_equal(get(p, H7_BANK2 + H7_CR), 1); /* each bank has a lock of its own */
}

static void h7_program(struct part *p, size_t off, unsigned words)
{
	unsigned i;

	put(p, H7_CR, 0x32); /* PG, x64 */
	for (i = 0; i < words; i++)
		assert_int_equal(store(p, off + 4 * i, 4, 0x10203040 + i), BUS_OK);
}

static void h7_programs_32_bytes_at_once(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	h7_init(&p);
	h7_program(&p, 0x40, 7);
	assert_int_equal(get(&p, H7_SR), 0x2); /* the write buffer waits for the rest */
	assert_true(cells_blank(&p.f.cells, 0, p.f.size));
	store(&p, 0x5c, 4, 0x99999999);
	assert_int_equal(get(&p, H7_SR), 0x5);
	assert_int_equal(load(&p, 0x5c, &word), BUS_OK);
	assert_int_equal(p.now, 100 * US);
	assert_int_equal(word, 0x99999999);
	assert_int_equal(get(&p, H7_SR), 0x10000);
	put(&p, H7_CCR, 0x10000);
	assert_int_equal(get(&p, H7_SR), 0);
	flash_done(&p.f);
}

static void h7_force_write_fills_up_with_ones(void **state)
{
	struct part p;

	(void)state;
	h7_init(&p);
	h7_program(&p, 0x40, 1);
	put(&p, H7_CR, 0x32 | 0x40);
	pass(&p, MS);
	assert_int_equal(get(&p, H7_SR), 0x10000);
	assert_int_equal(p.f.cells.at[0x40], 0x40);
	assert_true(cells_blank(&p.f.cells, 0x44, 28));
	flash_done(&p.f);
}

static void h7_errors_have_their_flags(void **state)
{
	struct part p;

	(void)state;
	h7_init(&p);
	store(&p, 0, 4, 0); /* without PG */
	assert_int_equal(get(&p, H7_SR), 0x40000);
	put(&p, H7_CCR, 0x40000);
	h7_program(&p, 0, 2);
	store(&p, 0x20, 4, 0); /* the word before is not full */
	assert_int_equal(get(&p, H7_SR), 0x200000);
	put(&p, H7_CCR, 0x200000);
	h7_program(&p, 0, 2);
	store(&p, 0, 4, 0); /* the same place again */
	assert_int_equal(get(&p, H7_SR), 0x80000);
	put(&p, H7_CCR, 0x80000);
	store(&p, H7_BANK, 4, 0); /* the other bank is locked */
	assert_int_equal(get(&p, H7_BANK2 + H7_SR), 0x40000);
	assert_true(cells_blank(&p.f.cells, 0, p.f.size));
	flash_done(&p.f);
}

static void h7_programming_twice_breaks_the_code(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	h7_init(&p);
	h7_program(&p, 0x40, 8);
	pass(&p, MS);
	h7_program(&p, 0x40, 8);
	pass(&p, MS);
	assert_int_equal(get(&p, H7_SR), 0x10000); /* and no flag tells */
	assert_int_equal(load(&p, 0x40, &word), BUS_FAULT);
	assert_int_equal(get(&p, H7_SR), 0x4010000); /* but for who reads */
	flash_done(&p.f);
}

static void h7_sector_erase_by_number_and_width(void **state)
{
	struct part p;

	(void)state;
	h7_init(&p);
	memset(p.f.cells.at, 0x55, p.f.size);
	put(&p, H7_CR, 0x4 | 0x30 | 2 << 8);
	put(&p, H7_CR, 0x4 | 0x30 | 2 << 8 | 0x80);
	pass(&p, 1000 * MS - 1);
	assert_int_equal(get(&p, H7_SR), 0x5);
	pass(&p, 1);
	assert_int_equal(get(&p, H7_SR), 0x10000);
	assert_true(cells_blank(&p.f.cells, 2 * H7_SECTOR, H7_SECTOR));
	assert_int_equal(p.f.cells.at[3 * H7_SECTOR], 0x55);
	put(&p, H7_CR, 0x4 | 1 << 8 | 0x80); /* x8 */
	pass(&p, 2000 * MS - 1);
	assert_int_equal(get(&p, H7_SR) & 1, 1);
	pass(&p, 1);
	assert_int_equal(get(&p, H7_SR) & 1, 0);
	flash_done(&p.f);
}

static void h7_banks_work_side_by_side(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	h7_init(&p);
	memset(p.f.cells.at, 0x55, p.f.size);
	put(&p, H7_BANK2 + H7_KEYR, 0x45670123);
	put(&p, H7_BANK2 + H7_KEYR, 0xcdef89ab);
	put(&p, H7_CR, 0x8 | 0x30 | 0x80);
	put(&p, H7_BANK2 + H7_CR, 0x4 | 0x30 | 0x80);
	assert_int_equal(get(&p, H7_SR), 0x5);
	assert_int_equal(get(&p, H7_BANK2 + H7_SR), 0x5);
	assert_int_equal(load(&p, H7_BANK + 4, &word), BUS_OK);
	assert_int_equal(p.now, 1000 * MS);
	assert_int_equal(word, 0xffffffff);
	assert_int_equal(get(&p, H7_SR), 0x5);
	pass(&p, 4000 * MS);
	assert_int_equal(get(&p, H7_SR), 0x10000);
	assert_true(cells_blank(&p.f.cells, 0, H7_BANK));
	flash_done(&p.f);
}

static void h7_write_protected_sector_stops_the_bank_erase_too(void **state)
{
	struct part p;

	(void)state;
	h7_init(&p);
	p.f.row->ops->set_write_protection(&p.f, 3 * H7_SECTOR);
	assert_int_equal(get(&p, H7_WPSN), 0xf7);
	put(&p, H7_CR, 0x8 | 0x80);
	assert_int_equal(get(&p, H7_SR), 0x20000);
	put(&p, H7_CCR, 0x20000);
	h7_program(&p, 3 * H7_SECTOR, 8);
	assert_int_equal(get(&p, H7_SR), 0x20000);
	assert_true(cells_blank(&p.f.cells, 0, p.f.size));
	flash_done(&p.f);
}

static void h7_options_count_at_once(void **state)
{
	struct part p;
	uint32_t word, options;

	(void)state;
	h7_init(&p);
	options = get(&p, H7_OPTSR_CUR);
	assert_int_equal(options >> 8 & 0xff, 0xaa);
	put(&p, H7_OPTKEYR, 0x08192a3b);
	put(&p, H7_OPTKEYR, 0x4c5d6e7f);
	put(&p, H7_OPTSR_PRG, (options & ~0xff00u) | 0x5500);
	put(&p, H7_OPTCR, 0x2);
	assert_int_equal(get(&p, H7_OPTSR_CUR) & 1, 1);
	pass(&p, 300 * MS);
	assert_int_equal(get(&p, H7_OPTSR_CUR), (options & ~0xff00u) | 0x5500);
	p.f.debugger_seen = true;
	assert_int_equal(load(&p, 0, &word), BUS_FAULT);
	/* And back: all is erased. */
	memset(p.f.cells.at, 0x55, p.f.size);
	put(&p, H7_OPTSR_PRG, options);
	put(&p, H7_OPTCR, 0x2);
	pass(&p, 2000 * MS);
	assert_int_equal(p.f.row->ops->protection(&p.f), 1); /* not before it is */
	pass(&p, 4000 * MS);
	assert_int_equal(p.f.row->ops->protection(&p.f), 0);
	assert_true(cells_blank(&p.f.cells, 0, p.f.size));
	flash_done(&p.f);
}

static void h7_ask_for_swap(struct part *p)
{
	put(p, H7_OPTKEYR, 0x08192a3b);
	put(p, H7_OPTKEYR, 0x4c5d6e7f);
	put(p, H7_OPTSR_PRG, get(p, H7_OPTSR_CUR) | 0x80000000);
	put(p, H7_OPTCR, 0x2);
	pass(p, 300 * MS);
}

/* RM0399 table 19: offset 0 is the set of whichever bank is seen at the lower address. */
static void h7_registers_change_places_with_their_banks(void **state)
{
	struct part p;

	(void)state;
	h7_init(&p);
	memset(p.f.cells.at, 0x11, H7_BANK);
	memset(p.f.cells.at + H7_BANK, 0x22, H7_BANK);
	p.f.row->ops->set_write_protection(&p.f, H7_BANK + 3 * H7_SECTOR);
	h7_ask_for_swap(&p);
	assert_int_equal(p.f.cells.at[0], 0x11); /* not before the reset */
	assert_int_equal(get(&p, H7_BANK2 + H7_WPSN), 0xf7);
	flash_reset(&p.f, false, p.now);
	assert_int_equal(get(&p, H7_OPTCR) >> 31, 1);
	assert_int_equal(get(&p, H7_BANK2 + H7_OPTCR) >> 31, 1); /* seen twice, and swapped never */
	assert_int_equal(get(&p, H7_BANK2 + H7_OPTSR_CUR), get(&p, H7_OPTSR_CUR));
	assert_int_equal(p.f.cells.at[0], 0x22);
	assert_int_equal(get(&p, H7_WPSN), 0xf7);
	assert_int_equal(get(&p, H7_BANK2 + H7_WPSN), 0xff);
	put(&p, H7_KEYR, KEY1);
	put(&p, H7_KEYR, KEY2);
	assert_int_equal(get(&p, H7_CR), 0);
	assert_int_equal(get(&p, H7_BANK2 + H7_CR), 1);
	put(&p, H7_CR, 0x4 | 0x30 | 0x80 | 1 << 8);
	pass(&p, 2000 * MS);
	assert_int_equal(get(&p, H7_SR), 0x10000);
	assert_true(cells_blank(&p.f.cells, H7_SECTOR, H7_SECTOR));
	assert_int_equal(p.f.cells.at[0], 0x22);
	assert_int_equal(p.f.cells.at[H7_BANK + H7_SECTOR], 0x11);
	flash_done(&p.f);
}

static void h7_power_cut_while_erasing_leaves_words_that_fault(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	h7_init(&p);
	memset(p.f.cells.at, 0x55, p.f.size);
	put(&p, H7_CR, 0x4 | 0x30 | 0x80);
	pass(&p, 500 * MS);
	flash_cut(&p.f, p.now);
	flash_reset(&p.f, true, p.now);
	assert_int_equal(load(&p, 0, &word), BUS_FAULT);
	assert_int_equal(load(&p, H7_SECTOR, &word), BUS_OK);
	assert_int_equal(word, 0x55555555);
	flash_done(&p.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(h7_programs_32_bytes_at_once),
		cmocka_unit_test(h7_force_write_fills_up_with_ones),
		cmocka_unit_test(h7_errors_have_their_flags),
		cmocka_unit_test(h7_programming_twice_breaks_the_code),
		cmocka_unit_test(h7_sector_erase_by_number_and_width),
		cmocka_unit_test(h7_banks_work_side_by_side),
		cmocka_unit_test(h7_write_protected_sector_stops_the_bank_erase_too),
		cmocka_unit_test(h7_options_count_at_once),
		cmocka_unit_test(h7_registers_change_places_with_their_banks),
		cmocka_unit_test(h7_power_cut_while_erasing_leaves_words_that_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
