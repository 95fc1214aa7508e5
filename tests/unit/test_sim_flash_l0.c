/* The bench's flash controller of L0 and L1 at its registers: cells that erase to zero. */
#include <string.h>

#include "probe/base/bytes.h"
#include "tests/lib/flash_part.h"

enum {
	PECR = 0x04,
	PEKEYR = 0x0c,
	PRGKEYR = 0x10,
	OPTKEYR = 0x14,
	SR = 0x18,
	OPTR = 0x1c,
	WRPR = 0x20
};

#define PROG  0x008u
#define ERASE 0x200u
#define FPRG  0x400u
#define OBL   0x40000u

#define IDLE   0x0cu /* ENDHV and READY */
#define EOP    0x02u
#define WRPERR 0x100u
#define PGAERR 0x200u
#define SIZERR 0x400u

static void unlock(struct part *p)
{
	assert_int_equal(put(p, PEKEYR, 0x89abcdef), BUS_OK);
	assert_int_equal(put(p, PEKEYR, 0x02030405), BUS_OK);
	assert_int_equal(put(p, PRGKEYR, 0x8c9daebf), BUS_OK);
	assert_int_equal(put(p, PRGKEYR, 0x13141516), BUS_OK);
	assert_int_equal(get(p, PECR), 0x4);
}

static void unlock_options(struct part *p)
{
	assert_int_equal(put(p, OPTKEYR, 0xfbead9c8), BUS_OK);
	assert_int_equal(put(p, OPTKEYR, 0x24252627), BUS_OK);
	assert_int_equal(get(p, PECR), 0);
}

static enum bus_answer store_option(struct part *p, uint32_t off, uint32_t value)
{
	struct bus_access a = {
		.addr = off, .size = 4, .write = true, .value = value, .now_ns = p->now
	};

	return flash_option(&p->f, off, &a);
}

static void the_memory_lock_opens_only_behind_the_first(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "L053");
	assert_int_equal(get(&p, PECR), 0x7);
	assert_int_equal(put(&p, PRGKEYR, 0x8c9daebf), BUS_FAULT);
	put(&p, PECR, 0);
	assert_int_equal(get(&p, PECR), 0x7);
	assert_int_equal(store(&p, 0, 4, 1), BUS_FAULT);
	assert_int_equal(get(&p, SR), IDLE | WRPERR);
	unlock(&p);
	put(&p, PECR, 0x7); /* modes are gone, and all is locked */
	assert_int_equal(get(&p, PECR), 0x7);
	flash_done(&p.f);
}

static void a_wrong_key_locks_until_a_reset(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "L053");
	assert_int_equal(put(&p, PEKEYR, 0x12345678), BUS_FAULT);
	assert_int_equal(put(&p, PEKEYR, 0x89abcdef), BUS_FAULT);
	flash_reset(&p.f, false, p.now);
	unlock(&p);
	flash_done(&p.f);
}

static void a_word_takes_as_long_as_half_a_page(void **state)
{
	struct part p;
	uint32_t word, i;

	(void)state;
	part_init(&p, "L053");
	unlock(&p);
	assert_int_equal(store(&p, 0x100, 4, 0x12345678), BUS_OK);
	assert_int_equal(get(&p, SR), 0x1);
	assert_int_equal(load(&p, 0x100, &word), BUS_OK);
	assert_int_equal(word, 0x12345678);
	assert_int_equal(p.now, 3280 * US);
	assert_int_equal(get(&p, SR), IDLE | EOP);
	put(&p, PECR, FPRG | PROG);
	for (i = 0; i < 64; i += 4)
		assert_int_equal(store(&p, 0x140 + i, 4, i + 1), BUS_OK);
	assert_int_equal(load(&p, 0x17c, &word), BUS_OK);
	assert_int_equal(word, 61);
	assert_int_equal(p.now, 2 * 3280 * US);
	flash_done(&p.f);
}

static void half_a_page_begins_at_its_begin(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "L053");
	unlock(&p);
	put(&p, PECR, FPRG | PROG);
	assert_int_equal(store(&p, 0x104, 4, 1), BUS_OK);
	assert_int_equal(get(&p, SR), IDLE | PGAERR);
	put(&p, SR, PGAERR);
	assert_int_equal(get(&p, SR), IDLE);
	assert_true(cells_blank(&p.f.cells, 0, p.f.size));
	flash_done(&p.f);
}

static void only_words_are_taken(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "L053");
	unlock(&p);
	store(&p, 0, 2, 1);
	assert_int_equal(get(&p, SR), IDLE | SIZERR);
	flash_done(&p.f);
}

static void l0_refuses_what_is_not_erased_and_l1_does_not(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	part_init(&p, "L053");
	unlock(&p);
	put_le32(p.f.cells.at, 0x00ff0000);
	store(&p, 0, 4, 0x0000ff00);
	assert_int_equal(get(&p, SR), IDLE | 0x10000);
	assert_int_equal(load(&p, 0, &word), BUS_OK);
	assert_int_equal(word, 0x00ff0000);
	flash_done(&p.f);

	part_init(&p, "L152");
	unlock(&p);
	put_le32(p.f.cells.at, 0x00ff0000);
	store(&p, 0, 4, 0x0000ff00);
	assert_int_equal(load(&p, 0, &word), BUS_OK);
	assert_int_equal(word, 0x00ffff00);
	flash_done(&p.f);
}

static void a_store_erases_its_page(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "L053");
	memset(p.f.cells.at, 0x55, p.f.size);
	unlock(&p);
	put(&p, PECR, ERASE | PROG);
	assert_int_equal(store(&p, 0x180, 4, 0), BUS_OK);
	pass(&p, 3280 * US - 1);
	assert_int_equal(get(&p, SR), 1);
	pass(&p, 1);
	assert_int_equal(get(&p, SR), IDLE | EOP);
	assert_true(cells_blank(&p.f.cells, 0x180, 0x80));
	assert_int_equal(p.f.cells.at[0x17f], 0x55);
	assert_int_equal(p.f.cells.at[0x200], 0x55);
	flash_done(&p.f);
}

static void a_protected_sector_says_so(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "L053");
	unlock(&p);
	p.f.row->ops->set_write_protection(&p.f, 0x1000);
	assert_int_equal(get(&p, WRPR), 0x2); /* a set bit protects */
	store(&p, 0x1ffc, 4, 1);
	assert_int_equal(get(&p, SR), IDLE | WRPERR);
	put(&p, SR, WRPERR);
	assert_int_equal(store(&p, 0x2000, 4, 1), BUS_OK);
	assert_int_equal(get(&p, SR), 1);
	flash_done(&p.f);
}

static void level_one_and_back_costs_the_memory(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	part_init(&p, "L053");
	memset(p.f.cells.at, 0x55, p.f.size);
	assert_int_equal(store_option(&p, 0, 0xffff0000), BUS_FAULT); /* locked */
	unlock(&p);
	unlock_options(&p);
	assert_int_equal(store_option(&p, 0, 0xffff0000), BUS_OK);
	pass(&p, 4 * MS);
	put(&p, PECR, OBL);
	assert_true(p.f.system_reset_wanted);
	flash_reset(&p.f, false, p.now);
	p.f.debugger_seen = true;
	assert_int_equal(get(&p, OPTR) & 0xff, 0);
	assert_int_equal(load(&p, 0, &word), BUS_FAULT);
	unlock(&p);
	unlock_options(&p);
	assert_int_equal(store_option(&p, 0, 0xff5500aa), BUS_OK);
	pass(&p, 100 * MS);
	assert_false(cells_blank(&p.f.cells, 0, p.f.size));
	pass(&p, 2000 * MS);
	assert_true(cells_blank(&p.f.cells, 0, p.f.size));
	flash_reset(&p.f, false, p.now);
	assert_int_equal(p.f.row->ops->protection(&p.f), 0);
	assert_int_equal(load(&p, 0, &word), BUS_OK);
	flash_done(&p.f);
}

static void an_option_word_without_its_complement_closes_the_chip(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "L053");
	unlock(&p);
	unlock_options(&p);
	store_option(&p, 0, 0x000000aa);
	pass(&p, 4 * MS);
	flash_reset(&p.f, false, p.now);
	assert_int_equal(p.f.row->ops->protection(&p.f), 1);
	assert_int_equal(get(&p, SR) & 0x800, 0x800);
	flash_done(&p.f);
}

static void a_reset_while_erasing_leaves_neither_old_nor_new(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	part_init(&p, "L053");
	memset(p.f.cells.at, 0xff, p.f.size);
	unlock(&p);
	put(&p, PECR, ERASE | PROG);
	store(&p, 0, 4, 0);
	pass(&p, 1640 * US);
	flash_reset(&p.f, false, p.now);
	assert_int_equal(load(&p, 0, &word), BUS_OK); /* there is no code that would not fit */
	assert_int_not_equal(word, 0xffffffff);
	assert_int_not_equal(word, 0);
	assert_int_equal(p.f.cells.at[0x80], 0xff);
	flash_done(&p.f);
}

/* ---- data EEPROM (RM0367 3.3.4) ---- */

static enum bus_answer eeprom(struct part *p, size_t off, unsigned size, bool write,
			      uint32_t *value)
{
	struct bus_access a = { .addr = p->f.row->eeprom_base + (uint32_t)off,
				.size = size,
				.write = write,
				.value = *value,
				.now_ns = p->now,
				.ready_ns = p->now };
	enum bus_answer answer = flash_eeprom(&p->f, off, &a);

	p->now = a.ready_ns;
	*value = a.value;
	return answer;
}

static void eeprom_takes_any_width_and_erases_by_itself(void **state)
{
	struct part p;
	uint32_t value = 0x12345678;
	uint64_t begin;

	(void)state;
	part_init(&p, "L053");
	assert_int_equal(eeprom(&p, 0, 4, true, &value), BUS_FAULT); /* locked */
	unlock(&p);
	begin = p.now;
	put(&p, SR, 0x100);
	assert_int_equal(eeprom(&p, 0, 4, true, &value), BUS_OK);
	assert_int_equal(eeprom(&p, 0, 4, false, &value), BUS_OK);
	assert_int_equal(value, 0x12345678);
	assert_int_equal(p.now - begin, 3280 * US);
	begin = p.now;
	value = 0x9a;
	eeprom(&p, 1, 1, true, &value);
	eeprom(&p, 0, 4, false, &value);
	assert_int_equal(value, 0x12349a78);
	assert_int_equal(p.now - begin, 6560 * US); /* there was something to erase */
	flash_done(&p.f);
}

static void eeprom_is_hidden_and_erased_with_the_flash(void **state)
{
	struct part p;
	uint32_t value = 7;

	(void)state;
	part_init(&p, "L152");
	unlock(&p);
	eeprom(&p, 0x10, 4, true, &value);
	pass(&p, 10 * MS);
	p.f.row->ops->set_protection(&p.f, 1);
	p.f.debugger_seen = true;
	assert_int_equal(eeprom(&p, 0x10, 4, false, &value), BUS_FAULT);
	flash_begin(&p.f, 0, FLASH_JOB_OPEN, 0, 4, (const uint8_t *)"\xaa\x00\x55\xff", 1000);
	pass(&p, 10 * MS);
	flash_reset(&p.f, false, p.now);
	assert_int_equal(eeprom(&p, 0x10, 4, false, &value), BUS_OK);
	assert_int_equal(value, 0);
	flash_done(&p.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_memory_lock_opens_only_behind_the_first),
		cmocka_unit_test(a_wrong_key_locks_until_a_reset),
		cmocka_unit_test(a_word_takes_as_long_as_half_a_page),
		cmocka_unit_test(half_a_page_begins_at_its_begin),
		cmocka_unit_test(only_words_are_taken),
		cmocka_unit_test(l0_refuses_what_is_not_erased_and_l1_does_not),
		cmocka_unit_test(a_store_erases_its_page),
		cmocka_unit_test(a_protected_sector_says_so),
		cmocka_unit_test(level_one_and_back_costs_the_memory),
		cmocka_unit_test(an_option_word_without_its_complement_closes_the_chip),
		cmocka_unit_test(a_reset_while_erasing_leaves_neither_old_nor_new),
		cmocka_unit_test(eeprom_takes_any_width_and_erases_by_itself),
		cmocka_unit_test(eeprom_is_hidden_and_erased_with_the_flash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
