/*
 * Plans: random images on chips of several shapes touch exactly the blocks that hold a byte of
 * them; what does not fit is refused with its numbers; times are what the data sheets add up to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flash/plan.h"

/* ---- chips made for the tests ---- */

enum { F103, F405, L476, H743, L053, N_CHIPS };

static const struct chip chips[N_CHIPS] = {
	[F103] = { .family = "F1",
		   .ctrl = CHIP_CTRL_FPEC,
		   .base = 0x08000000,
		   .max_bytes = 128 * 1024,
		   .granule = 2,
		   .erased = 0xff,
		   .program_us = 50,
		   .erase_ms = 20,
		   .core_khz = 8000 },
	[F405] = { .family = "F4",
		   .ctrl = CHIP_CTRL_F4,
		   .base = 0x08000000,
		   .max_bytes = 1024 * 1024,
		   .granule = 4,
		   .erased = 0xff,
		   .program_us = 16,
		   .core_khz = 16000 },
	[L476] = { .family = "L4",
		   .ctrl = CHIP_CTRL_L4,
		   .base = 0x08000000,
		   .max_bytes = 1024 * 1024,
		   .granule = 8,
		   .erased = 0xff,
		   .program_us = 80,
		   .erase_ms = 22,
		   .core_khz = 16000 },
	[H743] = { .family = "H7",
		   .ctrl = CHIP_CTRL_H7,
		   .base = 0x08000000,
		   .max_bytes = 2048 * 1024,
		   .granule = 32,
		   .erased = 0xff,
		   .program_us = 100,
		   .core_khz = 64000 },
	[L053] = { .family = "L0",
		   .ctrl = CHIP_CTRL_L0,
		   .base = 0x08000000,
		   .max_bytes = 64 * 1024,
		   .granule = 64,
		   .erased = 0x00,
		   .program_us = 3280,
		   .erase_ms = 3.28 },
};

static const struct chip_layout layouts[N_CHIPS] = {
	[F103] = { .banks = 1, .n_runs = 1, .runs = { { 0, 1024 } } },
	[F405] = { .banks = 1, .n_runs = 3, .runs = { { 4, 16384 }, { 1, 65536 }, { 0, 131072 } } },
	[L476] = { .banks = 2, .n_runs = 1, .runs = { { 0, 2048 } } },
	[H743] = { .banks = 2, .bank2 = 0x08100000, .n_runs = 1, .runs = { { 0, 131072 } } },
	[L053] = { .banks = 1, .n_runs = 1, .runs = { { 0, 128 } } },
};

static struct geometry geometry_of(unsigned chip, uint32_t bytes)
{
	struct geometry g;
	struct err e = { 0 };

	assert_int_equal(geometry_init(&g, &chips[chip], &layouts[chip], bytes, false, &e), 0);
	return g;
}

static void add(struct image *im, uint32_t address, const void *bytes, size_t len)
{
	struct image_input in = {
		.name = "x", .bytes = bytes, .len = len, .has_base = true, .base = address
	};
	struct err e = { 0 };

	in.format = image_format_find("bin");
	assert_int_equal(image_add(im, &in, &e), 0);
}

/* An image of `len` bytes 0x5a at an address. */
static void make(struct image *im, uint32_t address, size_t len)
{
	uint8_t *bytes = malloc(len);
	struct err e = { 0 };

	assert_non_null(bytes);
	memset(bytes, 0x5a, len);
	image_init(im);
	add(im, address, bytes, len);
	assert_int_equal(image_finish(im, &e), 0);
	free(bytes);
}

/* ---- random images ---- */

static uint64_t seed;

static uint32_t below(uint32_t n)
{
	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(seed >> 33) % n;
}

static uint32_t some_address(const struct geometry *g)
{
	const struct geometry_bank *b = &g->banks[below((uint32_t)g->n_banks)];

	switch (below(4)) {
	case 0:
		return b->base; /* the edges are where mistakes are */
	case 1:
		return b->base + b->bytes - 1 - below(8);
	default:
		return b->base + below(b->bytes);
	}
}

static void make_random(struct image *im, const struct geometry *g)
{
	static uint8_t bytes[300000];
	struct err e = { 0 };
	int rc;

	do {
		image_init(im);
		for (unsigned n = 1 + below(5); n > 0; n--) {
			uint32_t len = 1 + below(below(2) ? 40 : sizeof(bytes) - 1);
			uint32_t at = some_address(g);

			while (!geometry_holds(g, at, len))
				len = (len + 1) / 2;
			for (uint32_t i = 0; i < len; i++)
				bytes[i] = (uint8_t)(below(3) ? at + i : g->erased);
			add(im, at, bytes, len);
		}
		rc = image_finish(im, &e); /* pieces may contradict each other: then anew */
		if (rc)
			image_done(im);
	} while (rc);
}

static void every_byte_lies_in_one_planned_block(const struct plan *p, const struct image *im)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < p->n_blocks; i++) {
		const struct plan_block *b = &p->blocks[i];
		uint8_t *room = malloc(b->where.bytes);

		assert_non_null(room);
		assert_true(b->image_bytes > 0);
		assert_int_equal(image_copy(im, b->where.address, room, b->where.bytes),
				 b->image_bytes);
		assert_true(b->program_bytes <= b->where.bytes);
		assert_true(!i || b->where.address >= p->blocks[i - 1].where.address +
							      p->blocks[i - 1].where.bytes);
		sum += b->image_bytes;
		free(room);
	}
	assert_int_equal(sum, im->bytes);
	assert_int_equal(p->image_bytes, im->bytes);
}

static void a_block_that_holds_the_image_is_left_alone(struct plan *p, const struct image *im,
						       const struct geometry *g)
{
	struct plan_sums before, after;

	plan_sum(p, &before);
	for (size_t i = 0; i < p->n_blocks; i++) {
		struct plan_block *b = &p->blocks[i];
		uint32_t image_only = b->program_bytes;
		uint8_t *there = malloc(b->where.bytes);

		assert_non_null(there);
		memset(there, g->erased, b->where.bytes);
		image_copy(im, b->where.address, there, b->where.bytes);
		plan_compare(p, i, im, g, there);
		assert_true(b->same);
		assert_int_equal(b->kept_bytes, 0);
		assert_int_equal(b->program_bytes, image_only);
		/* One bit more or less anywhere, and it is either the image's or to be kept. */
		for (unsigned tries = 0; tries < 4; tries++) {
			uint32_t at = below(b->where.bytes);
			uint8_t byte, was = there[at];
			bool of_image = image_copy(im, b->where.address + at, &byte, 1);

			there[at] ^= 0x10;
			plan_compare(p, i, im, g, there);
			assert_int_equal(b->same, !of_image);
			assert_int_equal(b->kept_bytes, !of_image);
			there[at] = was;
		}
		plan_compare(p, i, im, g, there);
		free(there);
	}
	plan_sum(p, &after);
	assert_int_equal(after.same_blocks, p->n_blocks);
	assert_int_equal(before.erase_blocks, p->n_blocks);
	assert_int_equal(after.erase_bytes + after.program_bytes, 0);
}

static void random_images_are_planned(void **state)
{
	static const struct {
		unsigned chip;
		uint32_t kib;
	} parts[] = { { F103, 64 },   { F103, 128 },  { F405, 512 },  { F405, 1024 },
		      { L476, 1024 }, { H743, 1024 }, { H743, 2048 }, { L053, 64 } };

	(void)state;
	for (unsigned run = 0; run < 200; run++) {
		struct geometry g = geometry_of(parts[run % 8].chip, parts[run % 8].kib * 1024);
		struct image im;
		struct plan p;
		struct err e = { 0 };

		seed = run;
		make_random(&im, &g);
		plan_init(&p);
		assert_int_equal(plan_make(&p, &im, &g, &e), 0);
		every_byte_lies_in_one_planned_block(&p, &im);
		a_block_that_holds_the_image_is_left_alone(&p, &im, &g);
		plan_done(&p);
		image_done(&im);
	}
}

/* ---- what does not fit ---- */

static const struct {
	unsigned chip;
	uint32_t kib, address, len;
	const char *says; /* NULL: it fits */
} fits[] = {
	{ F103, 64, 0x08000000, 65536, NULL },
	{ F103, 64, 0x08000000, 65537,
	  "the image does not fit: 65537 bytes from 0x08000000 on end at 0x08010000, 1 bytes "
	  "beyond "
	  "the flash of this chip, 0x08000000 to 0x0800ffff (64 KiB)" },
	{ F103, 64, 0x08010000, 1,
	  "1 bytes of the image go to 0x08010000; the flash of this chip is 0x08000000 to "
	  "0x0800ffff "
	  "(64 KiB)" },
	{ F103, 64, 0x07ffffff, 2,
	  "2 bytes of the image go to 0x07ffffff; the flash of this chip is 0x08000000 to "
	  "0x0800ffff "
	  "(64 KiB)" },
	{ F103, 64, 0xffffffff, 1,
	  "1 bytes of the image go to 0xffffffff; the flash of this chip is 0x08000000 to "
	  "0x0800ffff "
	  "(64 KiB)" },
	{ L476, 1024, 0x0807ffff, 2, NULL },
	{ H743, 2048, 0x080fffff, 2, NULL },
	{ H743, 1024, 0x0807ffff, 2,
	  "the image does not fit: 2 bytes from 0x0807ffff on end at 0x08080000, 1 bytes beyond "
	  "the "
	  "flash of this chip, 0x08000000 to 0x0807ffff and 0x08100000 to 0x0817ffff (1024 KiB)" },
	{ H743, 1024, 0x08100000, 524288, NULL },
};

static void what_does_not_fit_is_refused_with_its_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(fits) / sizeof(fits[0]); i++) {
		struct geometry g = geometry_of(fits[i].chip, fits[i].kib * 1024);
		struct image im;
		struct plan p;
		struct err e = { 0 };

		make(&im, fits[i].address, fits[i].len);
		plan_init(&p);
		assert_int_equal(plan_make(&p, &im, &g, &e), fits[i].says ? ERR_USAGE : 0);
		if (fits[i].says)
			assert_string_equal(e.text, fits[i].says);
		plan_done(&p);
		image_done(&im);
	}
}

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
		cmocka_unit_test(random_images_are_planned),
		cmocka_unit_test(what_does_not_fit_is_refused_with_its_numbers),
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
