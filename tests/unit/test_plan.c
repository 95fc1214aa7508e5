/* Plans: what is erased, programmed and told for an image, and how long it takes. */
#include <string.h>

#include "tests/lib/plan_chips.h"

/* ---- what is told ---- */

static void blocks_and_vectors_are_told(void **state)
{
	struct geometry g = geometry_of(F405, 1024 * 1024);
	struct image im;
	struct plan p;
	struct err e = { 0 };

	(void)state;
	make(&im, 0x0800fff0, 0x10011); /* ends in the first byte of a 128 KiB sector */
	plan_init(&p);
	assert_int_equal(plan_make(&p, &im, &g, &e), 0);
	assert_int_equal(p.n_blocks, 3);
	assert_int_equal(p.blocks[0].where.address, 0x0800c000);
	assert_int_equal(p.blocks[0].image_bytes, 16);
	assert_int_equal(p.blocks[1].where.bytes, 65536);
	assert_int_equal(p.blocks[1].image_bytes, 65536);
	assert_int_equal(p.blocks[2].where.bytes, 131072);
	assert_int_equal(p.blocks[2].image_bytes, 1);
	assert_int_equal(p.blocks[2].program_bytes, 4);
	assert_false(p.blocks[0].has_vectors);
	plan_done(&p);
	image_done(&im);
	make(&im, 0x08000000, 1);
	assert_int_equal(plan_make(&p, &im, &g, &e), 0);
	assert_true(p.blocks[0].has_vectors);
	plan_done(&p);
	image_done(&im);
}

/* Blocks of 2 KiB: changed, blank, and as they should be. */
static void what_is_there_decides_what_is_done(void **state)
{
	struct geometry g = geometry_of(L476, 1024 * 1024);
	uint8_t there[2048], blank[2048];
	struct plan_sums s;
	struct image im;
	struct plan p;
	struct err e = { 0 };

	(void)state;
	memset(there, 0x5a, sizeof(there)); /* as the image */
	memset(blank, 0xff, sizeof(blank));
	make(&im, 0x08000000, 3 * 2048);
	plan_init(&p);
	assert_int_equal(plan_make(&p, &im, &g, &e), 0);
	plan_compare(&p, 0, &im, &g, there);
	plan_compare(&p, 1, &im, &g, there);
	plan_compare(&p, 2, &im, &g, there);
	plan_settle(&p, &chips[L476]);
	plan_sum(&p, &s);
	assert_int_equal(s.same_blocks, 3);
	plan_compare(&p, 1, &im, &g, blank);
	plan_settle(&p, &chips[L476]); /* one changes: the vectors are taken away first */
	plan_sum(&p, &s);
	assert_int_equal(s.same_blocks, 1);
	assert_int_equal(s.blank_blocks, 1);
	assert_int_equal(s.erase_blocks, 1);
	assert_int_equal(s.erase_bytes, 2048);
	assert_int_equal(s.program_bytes, 2 * 2048);
	plan_done(&p);
	image_done(&im);
}

static void near(double value, double want)
{
	if (value < want * 0.999 || value > want * 1.001)
		fail_msg("%g is not %g", value, want);
}

static void what_looks_blank_is_erased_where_it_may_have_been_cut_short(void **state)
{
	struct geometry g = geometry_of(L476, 1024 * 1024);
	struct chip ecc = chips[L476];
	uint8_t blank[2048];
	struct plan_sums s;
	struct image im;
	struct plan p;
	struct err e = { 0 };

	(void)state;
	ecc.ecc = true;
	memset(blank, 0xff, sizeof(blank));
	make(&im, 0x08000000, 2048);
	plan_init(&p);
	assert_int_equal(plan_make(&p, &im, &g, &e), 0);
	plan_compare(&p, 0, &im, &g, blank);
	plan_settle(&p, &ecc);
	plan_sum(&p, &s);
	assert_int_equal(s.erase_blocks, 1);
	plan_done(&p);
	image_done(&im);
}

/* The whole chip (40 ms on an F103) is worth it from the third page of 20 ms on. */
static void the_whole_chip_is_erased_where_that_is_faster(void **state)
{
	static const struct {
		uint32_t pages, same;
		bool whole;
	} cases[] = {
		{ 1, 0, false }, { 2, 0, false }, { 3, 0, true }, { 9, 6, false }, { 9, 3, true }
	};
	struct geometry g = geometry_of(F103, 128 * 1024);
	uint8_t other[1024], as_wanted[1024];

	(void)state;
	memset(other, 0x11, sizeof(other));
	memset(as_wanted, 0x5a, sizeof(as_wanted));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct plan_rates rates = { 0 };
		struct plan_time t;
		struct image im;
		struct plan p;
		struct err e = { 0 };

		make(&im, 0x08000000, cases[i].pages * 1024);
		plan_init(&p);
		assert_int_equal(plan_make(&p, &im, &g, &e), 0);
		for (uint32_t k = 0; k < cases[i].pages; k++)
			plan_compare(&p, k, &im, &g, k && k <= cases[i].same ? as_wanted : other);
		plan_settle(&p, &chips[F103]);
		plan_weigh_mass_erase(&p, &chips[F103], &g, 2);
		plan_time(&p, &chips[F103], &rates, &t);
		assert_int_equal(p.mass_erase, cases[i].whole);
		if (cases[i].whole) {
			near(t.erase, p.mass_ms);
			near(t.program, cases[i].pages * 512 * 0.05);
		} else {
			near(t.erase, 20.0 * (cases[i].pages - cases[i].same));
		}
		plan_done(&p);
		image_done(&im);
	}
}

static void blank_granules_are_not_programmed(void **state)
{
	struct geometry g = geometry_of(L476, 1024 * 1024);
	uint8_t bytes[64];
	struct image im;
	struct plan p;
	struct err e = { 0 };

	(void)state;
	memset(bytes, 0xff, sizeof(bytes));
	bytes[17] = 0;
	image_init(&im);
	add(&im, 0x08000000, bytes, sizeof(bytes));
	assert_int_equal(image_finish(&im, &e), 0);
	plan_init(&p);
	assert_int_equal(plan_make(&p, &im, &g, &e), 0);
	assert_int_equal(p.blocks[0].image_bytes, 64);
	assert_int_equal(p.blocks[0].program_bytes, 8);
	plan_done(&p);
	image_done(&im);
}

/* ---- time ---- */

static struct plan_time time_of(unsigned chip, uint32_t kib, uint32_t len, unsigned width)
{
	struct geometry g = geometry_of(chip, kib * 1024);
	struct plan_rates r;
	struct plan_time t;
	struct image im;
	struct plan p;
	struct err e = { 0 };

	plan_rates_stlink(&r, false, 1800);
	r.width = width;
	make(&im, 0x08000000, len);
	plan_init(&p);
	assert_int_equal(plan_make(&p, &im, &g, &e), 0);
	plan_time(&p, &chips[chip], &r, &t);
	plan_done(&p);
	image_done(&im);
	return t;
}

static void times_are_those_of_the_data_sheets(void **state)
{
	struct plan_time t;

	(void)state;
	t = time_of(F405, 1024, 65536, 4);
	near(t.erase, 1000);
	near(t.program, 262.144);
	t = time_of(F405, 1024, 65536, 1); /* at low voltage */
	near(t.erase, 1600);
	near(t.program, 1048.576);
	t = time_of(F103, 128, 2048, 0);
	near(t.erase, 40);
	near(t.program, 51.2);
	near(t.check, 0.512);
	t = time_of(H743, 2048, 131072, 8);
	near(t.erase, 1000);
	near(t.program, 409.6);
	t = time_of(L053, 64, 128, 0);
	near(t.erase, 3.28);
	near(t.program, 6.56);
}

static void the_link_counts_where_it_is_slower_than_the_flash(void **state)
{
	struct plan_rates v2, v3;

	(void)state;
	plan_rates_stlink(&v2, false, 1800);
	plan_rates_stlink(&v3, true, 24000);
	/* Published: 123 and 895 KiB/s written, 105 and 529 to 603 read. */
	assert_in_range((unsigned)(1e6 / v2.write_us), 118, 128);
	assert_in_range((unsigned)(1e6 / v3.write_us), 850, 940);
	assert_in_range((unsigned)(1e6 / v2.read_us), 100, 110);
	assert_in_range((unsigned)(1e6 / v3.read_us), 529, 620);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_and_vectors_are_told),
		cmocka_unit_test(what_is_there_decides_what_is_done),
		cmocka_unit_test(what_looks_blank_is_erased_where_it_may_have_been_cut_short),
		cmocka_unit_test(the_whole_chip_is_erased_where_that_is_faster),
		cmocka_unit_test(blank_granules_are_not_programmed),
		cmocka_unit_test(times_are_those_of_the_data_sheets),
		cmocka_unit_test(the_link_counts_where_it_is_slower_than_the_flash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
