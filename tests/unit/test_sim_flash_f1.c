/* The bench's flash controller of F1, at its registers. */
#include <string.h>

#include "tests/lib/flash_part.h"

enum { F1_KEYR = 0x04, F1_OPTKEYR = 0x08, F1_SR = 0x0c, F1_CR = 0x10, F1_AR = 0x14, F1_OBR = 0x1c };

static void f1_unlock(struct part *p)
{
	assert_int_equal(put(p, F1_KEYR, 0x45670123), BUS_OK);
	assert_int_equal(put(p, F1_KEYR, 0xcdef89ab), BUS_OK);
	assert_int_equal(get(p, F1_CR) & 0x80, 0);
}

static void f1_stays_locked_without_its_keys(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "F103");
	assert_int_equal(get(&p, F1_CR), 0x80);
	put(&p, F1_CR, 0x01);
	assert_int_equal(get(&p, F1_CR), 0x80);
	assert_int_equal(store(&p, 0, 2, 0x1234), BUS_FAULT);
	flash_done(&p.f);
}

static void f1_wrong_key_locks_until_a_reset(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "F103");
	assert_int_equal(put(&p, F1_KEYR, 0x45670123), BUS_OK);
	assert_int_equal(put(&p, F1_KEYR, 0x11111111), BUS_FAULT);
	assert_int_equal(put(&p, F1_KEYR, 0x45670123), BUS_FAULT);
	flash_reset(&p.f, false, p.now);
	f1_unlock(&p);
	flash_done(&p.f);
}

static void f1_programs_a_half_word_and_stalls_the_next(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	part_init(&p, "F103");
	f1_unlock(&p);
	put(&p, F1_CR, 0x01);
	assert_int_equal(store(&p, 0x100, 2, 0xbeef), BUS_OK);
	assert_int_equal(get(&p, F1_SR) & 0x01, 0x01);
	assert_int_equal(p.now, 0);
	assert_int_equal(store(&p, 0x102, 2, 0xdead), BUS_OK);
	assert_int_equal(p.now, 52500); /* the bus waited for the first */
	assert_int_equal(load(&p, 0x100, &word), BUS_OK);
	assert_int_equal(word, 0xdeadbeef);
	assert_int_equal(p.now, 2 * 52500);
	assert_int_equal(get(&p, F1_SR), 0x20);
	flash_done(&p.f);
}

static void f1_takes_half_words_only(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "F103");
	f1_unlock(&p);
	put(&p, F1_CR, 0x01);
	assert_int_equal(store(&p, 0x100, 4, 0x12345678), BUS_FAULT);
	assert_int_equal(store(&p, 0x100, 1, 0x12), BUS_FAULT);
	flash_done(&p.f);
}

static void f1_refuses_to_program_twice_except_with_zero(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	part_init(&p, "F103");
	f1_unlock(&p);
	put(&p, F1_CR, 0x01);
	store(&p, 0, 2, 0x1234);
	pass(&p, MS);
	assert_int_equal(store(&p, 0, 2, 0x1230), BUS_OK);
	assert_int_equal(get(&p, F1_SR) & 0x04, 0x04);
	put(&p, F1_SR, 0x34);
	assert_int_equal(get(&p, F1_SR), 0);
	assert_int_equal(store(&p, 0, 2, 0), BUS_OK);
	pass(&p, MS);
	load(&p, 0, &word);
	assert_int_equal(word, 0xffff0000);
	assert_int_equal(get(&p, F1_SR), 0x20);
	flash_done(&p.f);
}

static void f1_erases_one_page_in_its_time(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "F103");
	memset(p.f.cells.at, 0, 0x1000);
	f1_unlock(&p);
	put(&p, F1_CR, 0x02);
	put(&p, F1_AR, 0x08000400 + 0x123);
	put(&p, F1_CR, 0x42);
	pass(&p, 21 * MS);
	assert_int_equal(get(&p, F1_SR), 0x01);
	pass(&p, 2 * MS);
	assert_int_equal(get(&p, F1_SR), 0x20);
	assert_true(cells_blank(&p.f.cells, 0x400, 0x400));
	assert_int_equal(p.f.cells.at[0x3ff], 0);
	assert_int_equal(p.f.cells.at[0x800], 0);
	flash_done(&p.f);
}

static void f1_protected_page_says_so(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "F103");
	p.f.row->ops->set_write_protection(&p.f, 0x1000);
	f1_unlock(&p);
	put(&p, F1_CR, 0x02);
	put(&p, F1_AR, 0x08001400);
	put(&p, F1_CR, 0x42);
	assert_int_equal(get(&p, F1_SR), 0x10);
	put(&p, F1_SR, 0x10);
	put(&p, F1_CR, 0x01);
	store(&p, 0x1ffe, 2, 0x1111);
	assert_int_equal(get(&p, F1_SR), 0x10);
	store(&p, 0x2000, 2, 0x1111);
	assert_int_equal(get(&p, F1_SR) & 0x01, 0x01);
	flash_done(&p.f);
}

static void f1_read_protection_hides_the_flash_and_leaving_it_erases(void **state)
{
	struct part p;
	struct bus_access a = { .size = 2, .write = true, .value = 0x00a5 };
	uint32_t word;

	(void)state;
	part_init(&p, "F103");
	p.f.cells.at[0] = 0x42;
	p.f.row->ops->set_protection(&p.f, 1);
	p.f.debugger_seen = true;
	assert_int_equal(load(&p, 0, &word), BUS_FAULT);
	assert_int_equal(get(&p, F1_OBR) & 2, 2);
	f1_unlock(&p);
	put(&p, F1_OPTKEYR, 0x45670123);
	put(&p, F1_OPTKEYR, 0xcdef89ab);
	put(&p, F1_CR, 0x220);
	put(&p, F1_CR, 0x260);
	pass(&p, 50 * MS);
	put(&p, F1_CR, 0x210);
	a.now_ns = p.now;
	a.ready_ns = p.now;
	assert_int_equal(flash_option(&p.f, 0, &a), BUS_OK);
	pass(&p, 100 * MS);
	flash_reset(&p.f, false, p.now);
	assert_int_equal(load(&p, 0, &word), BUS_OK);
	assert_int_equal(word, 0xffffffff);
	flash_done(&p.f);
}

static void a_reset_in_the_middle_of_an_erase_leaves_neither_old_nor_new(void **state)
{
	struct part p;
	size_t i, zero = 0, ones = 0;

	(void)state;
	part_init(&p, "F103");
	memset(p.f.cells.at, 0, 0x400);
	f1_unlock(&p);
	put(&p, F1_CR, 0x02);
	put(&p, F1_AR, 0x08000000);
	put(&p, F1_CR, 0x42);
	flash_reset(&p.f, false, p.now + 11 * MS);
	for (i = 0; i < 0x400; i++) {
		zero += p.f.cells.at[i] == 0;
		ones += p.f.cells.at[i] == 0xff;
	}
	assert_true(zero < 0x200 && ones < 0x200);
	assert_int_equal(get(&p, F1_CR), 0x80);
	flash_done(&p.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(f1_stays_locked_without_its_keys),
		cmocka_unit_test(f1_wrong_key_locks_until_a_reset),
		cmocka_unit_test(f1_programs_a_half_word_and_stalls_the_next),
		cmocka_unit_test(f1_takes_half_words_only),
		cmocka_unit_test(f1_refuses_to_program_twice_except_with_zero),
		cmocka_unit_test(f1_erases_one_page_in_its_time),
		cmocka_unit_test(f1_protected_page_says_so),
		cmocka_unit_test(f1_read_protection_hides_the_flash_and_leaving_it_erases),
		cmocka_unit_test(a_reset_in_the_middle_of_an_erase_leaves_neither_old_nor_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
