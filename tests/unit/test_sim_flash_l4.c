/* The bench's flash controllers of the L4 class and of U5, at their registers. */
#include <string.h>

#include "tests/lib/flash_part.h"

struct l4_map { /* where the registers of a chip lie */
	const char *chip;
	uint32_t keyr, optkeyr, sr, cr, eccr, optr, wrp;
	uint32_t granule, page, busy;
	double program_us, erase_ms;
};

static const struct l4_map l4_maps[] = {
	{ "L476", 0x08, 0x0c, 0x10, 0x14, 0x18, 0x20, 0x2c, 8, 2048, 0x10000, 81.7, 22.02 },
	{ "G071", 0x08, 0x0c, 0x10, 0x14, 0x18, 0x20, 0x2c, 8, 2048, 0x50000, 85, 22 },
	{ "G431", 0x08, 0x0c, 0x10, 0x14, 0x18, 0x20, 0x2c, 8, 2048, 0x10000, 81.7, 22.02 },
	{ "U575", 0x08, 0x10, 0x20, 0x28, 0x30, 0x40, 0x58, 16, 8192, 0x10000, 118, 1.5 },
};

#define L4_MAPS (sizeof(l4_maps) / sizeof(l4_maps[0]))

#define PG    0x00000001u
#define PER   0x00000002u
#define MER1  0x00000004u
#define BKER  0x00000800u
#define MER2  0x00008000u
#define STRT  0x00010000u
#define OPTST 0x00020000u
#define EOPIE 0x01000000u
#define OBL   0x08000000u

#define PROGERR 0x08u
#define WRPERR	0x10u
#define PGAERR	0x20u
#define SIZERR	0x40u
#define PGSERR	0x80u

static void l4_init(struct part *p, const struct l4_map *m)
{
	part_init(p, m->chip);
	assert_int_equal(get(p, m->cr), 0xc0000000);
	assert_int_equal(put(p, m->keyr, 0x45670123), BUS_OK);
	assert_int_equal(put(p, m->keyr, 0xcdef89ab), BUS_OK);
	assert_int_equal(get(p, m->cr), 0x40000000);
}

static void l4_unlock_options(struct part *p, const struct l4_map *m)
{
	assert_int_equal(put(p, m->optkeyr, 0x08192a3b), BUS_OK);
	assert_int_equal(put(p, m->optkeyr, 0x4c5d6e7f), BUS_OK);
	assert_int_equal(get(p, m->cr) & 0xc0000000, 0);
}

static void l4_program(struct part *p, const struct l4_map *m, size_t off, uint32_t word)
{
	uint32_t i;

	put(p, m->cr, PG);
	for (i = 0; i < m->granule; i += 4)
		assert_int_equal(store(p, off + i, 4, word + i), BUS_OK);
}

static void l4_wait(struct part *p)
{
	while (flash_busy(&p->f))
		pass(p, MS);
}

static void l4_every_class_programs_a_granule_in_its_time(void **state)
{
	struct part p;
	uint32_t word;
	size_t i;

	(void)state;
	for (i = 0; i < L4_MAPS; i++) {
		const struct l4_map *m = &l4_maps[i];

		l4_init(&p, m);
		l4_program(&p, m, 2 * m->granule, 0x11223344);
		assert_int_equal(get(&p, m->sr), m->busy);
		assert_int_equal(p.now, 0); /* the store itself does not wait */
		assert_int_equal(load(&p, 2 * m->granule + 4, &word), BUS_OK);
		assert_int_equal(word, 0x11223348);
		assert_int_equal(p.now, (uint64_t)(m->program_us * 1000)); /* a read does */
		assert_int_equal(get(&p, m->sr), 0);
		assert_true(cells_blank(&p.f.cells, 0, 2 * m->granule));
		flash_done(&p.f);
	}
}

static void l4_half_a_granule_changes_nothing(void **state)
{
	struct part p;

	(void)state;
	l4_init(&p, &l4_maps[0]);
	put(&p, 0x14, PG);
	assert_int_equal(store(&p, 0x100, 4, 0), BUS_OK);
	pass(&p, MS);
	assert_int_equal(get(&p, 0x10), 0);
	assert_true(cells_blank(&p.f.cells, 0, p.f.size));
	/* The next one is taken for its other half, and is not. */
	assert_int_equal(store(&p, 0x108, 4, 0), BUS_OK);
	assert_int_equal(get(&p, 0x10), PGAERR);
	assert_true(cells_blank(&p.f.cells, 0, p.f.size));
	flash_done(&p.f);
}

static void l4_errors_have_their_flags(void **state)
{
	struct part p;
	size_t i;

	(void)state;
	for (i = 0; i < L4_MAPS; i++) {
		const struct l4_map *m = &l4_maps[i];

		l4_init(&p, m);
		store(&p, 0, 4, 0); /* without PG */
		assert_int_equal(get(&p, m->sr), PGSERR);
		put(&p, m->sr, 0xc3fb);
		put(&p, m->cr, PG);
		store(&p, 0, 2, 0);
		assert_int_equal(get(&p, m->sr), SIZERR);
		put(&p, m->sr, 0xc3fb);
		store(&p, 4, 4, 0); /* does not begin where a granule does */
		assert_int_equal(get(&p, m->sr), PGAERR);
		/* One that still stands makes the next a sequence error, and nothing is written. */
		l4_program(&p, m, 0, 0x12345678);
		assert_int_equal(get(&p, m->sr), PGAERR | PGSERR);
		put(&p, m->sr, 0xc3fb);
		assert_int_equal(get(&p, m->sr), 0);
		assert_true(cells_blank(&p.f.cells, 0, p.f.size));
		flash_done(&p.f);
	}
}

static void l4_granule_is_programmed_once(void **state)
{
	struct part p;
	uint32_t word;
	size_t i;

	(void)state;
	for (i = 0; i < L4_MAPS; i++) {
		const struct l4_map *m = &l4_maps[i];

		l4_init(&p, m);
		l4_program(&p, m, 0, 0xfffffff0);
		l4_wait(&p);
		l4_program(&p, m, 0, 0xffffff00); /* would only clear bits */
		assert_int_equal(get(&p, m->sr), PROGERR);
		put(&p, m->sr, 0xc3fb);
		assert_int_equal(load(&p, 0, &word), BUS_OK);
		assert_int_equal(word, 0xfffffff0);
		/* All zeros has a code that always fits. */
		put(&p, m->cr, PG);
		for (word = 0; word < m->granule; word += 4)
			store(&p, word, 4, 0);
		l4_wait(&p);
		assert_int_equal(get(&p, m->sr), 0);
		assert_int_equal(load(&p, 0, &word), BUS_OK);
		assert_int_equal(word, 0);
		flash_done(&p.f);
	}
}

static void l4_page_erase_takes_its_time_and_its_page(void **state)
{
	struct part p;
	size_t i;

	(void)state;
	for (i = 0; i < L4_MAPS; i++) {
		const struct l4_map *m = &l4_maps[i];

		l4_init(&p, m);
		memset(p.f.cells.at, 0x55, p.f.size);
		put(&p, m->cr, PER | 3 << 3 | EOPIE);
		put(&p, m->cr, PER | 3 << 3 | EOPIE | STRT);
		assert_int_equal(get(&p, m->sr), m->busy);
		pass(&p, (uint64_t)(m->erase_ms * (double)MS) - 1);
		assert_int_equal(get(&p, m->sr), m->busy);
		pass(&p, 1);
		assert_int_equal(get(&p, m->sr), 1); /* EOP, because its interrupt is enabled */
		assert_int_equal(get(&p, m->cr) & STRT, 0);
		assert_true(cells_blank(&p.f.cells, 3 * m->page, m->page));
		assert_int_equal(p.f.cells.at[3 * m->page - 1], 0x55);
		assert_int_equal(p.f.cells.at[4 * m->page], 0x55);
		flash_done(&p.f);
	}
}

static void l4_two_modes_at_once_are_a_sequence_error(void **state)
{
	struct part p;

	(void)state;
	l4_init(&p, &l4_maps[0]);
	put(&p, 0x14, PER | PG | STRT);
	assert_int_equal(get(&p, 0x10), PGSERR);
	flash_done(&p.f);
}

static void l4_second_bank_is_erased_by_its_own_bits(void **state)
{
	struct part p;
	size_t half;

	(void)state;
	l4_init(&p, &l4_maps[0]);
	half = p.f.size / 2;
	memset(p.f.cells.at, 0x55, p.f.size);
	put(&p, 0x14, PER | BKER | 1 << 3 | STRT);
	l4_wait(&p);
	assert_true(cells_blank(&p.f.cells, half + 2048, 2048));
	assert_int_equal(p.f.cells.at[2048], 0x55);
	put(&p, 0x14, MER2 | STRT);
	l4_wait(&p);
	assert_true(cells_blank(&p.f.cells, half, half));
	assert_int_equal(p.f.cells.at[half - 1], 0x55);
	put(&p, 0x14, 0);
	put(&p, 0x14, MER1 | MER2 | STRT);
	l4_wait(&p);
	assert_true(cells_blank(&p.f.cells, 0, p.f.size));
	flash_done(&p.f);
}

static void l4_other_bank_can_be_read_while_one_is_busy(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	l4_init(&p, &l4_maps[0]);
	put(&p, 0x14, PER | STRT);
	assert_int_equal(load(&p, p.f.size / 2, &word), BUS_OK);
	assert_int_equal(p.now, 0);
	assert_int_equal(load(&p, 0, &word), BUS_OK);
	assert_int_equal(p.now, 22020 * US);
	flash_done(&p.f);
}

static void l4_wrong_key_faults_until_a_reset(void **state)
{
	struct part p;

	(void)state;
	part_init(&p, "L476");
	assert_int_equal(put(&p, 0x08, 0xcdef89ab), BUS_FAULT);
	assert_int_equal(put(&p, 0x08, 0x45670123), BUS_FAULT);
	flash_reset(&p.f, false, p.now);
	assert_int_equal(put(&p, 0x08, 0x45670123), BUS_OK);
	assert_int_equal(put(&p, 0x08, 0xcdef89ab), BUS_OK);
	assert_int_equal(get(&p, 0x14), 0x40000000);
	/* LOCK takes OPTLOCK with it, and the keys open it once more. */
	l4_unlock_options(&p, &l4_maps[0]);
	put(&p, 0x14, 0x80000000);
	assert_int_equal(get(&p, 0x14), 0xc0000000);
	flash_done(&p.f);
}

static void l4_write_protected_pages_refuse_everything(void **state)
{
	struct part p;
	size_t i;

	(void)state;
	for (i = 0; i < L4_MAPS; i++) {
		const struct l4_map *m = &l4_maps[i];

		l4_init(&p, m);
		memset(p.f.cells.at, 0x55, 4 * m->page);
		p.f.row->ops->set_write_protection(&p.f, m->page);
		assert_int_equal(get(&p, m->wrp), 0x00010001);
		put(&p, m->cr, PER | 1 << 3 | STRT);
		assert_int_equal(get(&p, m->sr), WRPERR);
		put(&p, m->sr, 0xc3fb);
		put(&p, m->cr, MER1 | STRT);
		assert_int_equal(get(&p, m->sr), WRPERR);
		put(&p, m->sr, 0xc3fb);
		l4_program(&p, m, m->page, 0);
		assert_int_equal(get(&p, m->sr), WRPERR);
		put(&p, m->sr, 0xc3fb);
		put(&p, m->cr, PER | 2 << 3 | STRT);
		assert_int_equal(get(&p, m->sr), m->busy);
		flash_done(&p.f);
	}
}

static void l4_options_count_after_loading_them(void **state)
{
	struct part p;
	uint32_t optr;

	(void)state;
	l4_init(&p, &l4_maps[0]);
	optr = get(&p, 0x20);
	assert_int_equal(optr, 0xffeff8aa);
	put(&p, 0x20, 0xffeff8bb); /* locked */
	assert_int_equal(get(&p, 0x20), optr);
	l4_unlock_options(&p, &l4_maps[0]);
	put(&p, 0x20, 0xffeff8bb);
	put(&p, 0x14, OPTST);
	assert_int_equal(get(&p, 0x10), 0x10000);
	l4_wait(&p);
	assert_int_equal(p.f.row->ops->protection(&p.f), 0); /* not yet */
	put(&p, 0x14, OBL);
	assert_true(p.f.system_reset_wanted);
	flash_reset(&p.f, false, p.now);
	assert_int_equal(p.f.row->ops->protection(&p.f), 1);
	assert_int_equal(get(&p, 0x20), 0xffeff8bb);
	flash_done(&p.f);
}

static void l4_close(struct part *p, const struct l4_map *m)
{
	l4_init(p, m);
	memset(p->f.cells.at, 0x55, p->f.size);
	p->f.row->ops->set_protection(&p->f, 1);
	p->f.debugger_seen = true;
}

static void l4_closed_flash_is_neither_read_nor_written(void **state)
{
	struct part p;
	uint32_t word;

	(void)state;
	l4_close(&p, &l4_maps[1]);
	assert_int_equal(load(&p, 0, &word), BUS_FAULT);
	put(&p, 0x14, PER | STRT);
	assert_int_equal(get(&p, 0x10), WRPERR);
	assert_int_equal(get(&p, 0x20) & 0xff, 0x55); /* the level is always visible */
	flash_done(&p.f);
}

static void l4_leaving_level_one_erases_first(void **state)
{
	struct part p;

	(void)state;
	l4_close(&p, &l4_maps[1]);
	l4_unlock_options(&p, &l4_maps[1]);
	put(&p, 0x20, 0xdfffe1aa);
	put(&p, 0x14, OPTST);
	l4_wait(&p);
	assert_true(cells_blank(&p.f.cells, 0, p.f.size));
	assert_int_equal(p.f.row->ops->protection(&p.f), 1);
	flash_reset(&p.f, false, p.now);
	assert_int_equal(p.f.row->ops->protection(&p.f), 0);
	flash_done(&p.f);
}

static void l4_leaving_level_one_cut_short_leaves_it_closed(void **state)
{
	struct part p;

	(void)state;
	l4_close(&p, &l4_maps[1]);
	l4_unlock_options(&p, &l4_maps[1]);
	put(&p, 0x20, 0xdfffe1aa);
	put(&p, 0x14, OPTST);
	pass(&p, 10 * MS);
	flash_cut(&p.f, p.now);
	flash_reset(&p.f, true, p.now);
	assert_false(cells_blank(&p.f.cells, 0, p.f.size));
	assert_int_equal(p.f.row->ops->protection(&p.f), 1);
	flash_done(&p.f);
}

static void a_granule_whose_programming_was_cut_cannot_be_read_until_it_is_erased(void **state)
{
	struct part p;
	uint32_t word;
	size_t i;

	(void)state;
	for (i = 0; i < L4_MAPS; i++) {
		const struct l4_map *m = &l4_maps[i];

		l4_init(&p, m);
		l4_program(&p, m, m->page, 0x12345678);
		pass(&p, 40 * US);
		flash_reset(&p.f, true, p.now);
		assert_int_equal(load(&p, m->page, &word), BUS_FAULT);
		assert_int_equal(get(&p, m->eccr), 0x80000000 | m->page / m->granule);
		put(&p, m->eccr, 0x80000000);
		assert_int_equal(get(&p, m->eccr) & 0x80000000, 0);
		put(&p, 0x00, 0); /* the data cache would keep what is read next */
		assert_int_equal(load(&p, m->page + m->granule, &word), BUS_OK);
		put(&p, m->keyr, 0x45670123);
		put(&p, m->keyr, 0xcdef89ab);
		put(&p, m->cr, PER | 1 << 3 | STRT);
		l4_wait(&p);
		assert_int_equal(load(&p, m->page, &word), BUS_OK);
		assert_int_equal(word, 0xffffffff);
		flash_done(&p.f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(l4_every_class_programs_a_granule_in_its_time),
		cmocka_unit_test(l4_half_a_granule_changes_nothing),
		cmocka_unit_test(l4_errors_have_their_flags),
		cmocka_unit_test(l4_granule_is_programmed_once),
		cmocka_unit_test(l4_page_erase_takes_its_time_and_its_page),
		cmocka_unit_test(l4_two_modes_at_once_are_a_sequence_error),
		cmocka_unit_test(l4_second_bank_is_erased_by_its_own_bits),
		cmocka_unit_test(l4_other_bank_can_be_read_while_one_is_busy),
		cmocka_unit_test(l4_wrong_key_faults_until_a_reset),
		cmocka_unit_test(l4_write_protected_pages_refuse_everything),
		cmocka_unit_test(l4_options_count_after_loading_them),
		cmocka_unit_test(l4_closed_flash_is_neither_read_nor_written),
		cmocka_unit_test(l4_leaving_level_one_erases_first),
		cmocka_unit_test(l4_leaving_level_one_cut_short_leaves_it_closed),
		cmocka_unit_test(
			a_granule_whose_programming_was_cut_cannot_be_read_until_it_is_erased),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
