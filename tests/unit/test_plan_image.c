/* Plans of any image: every byte in one block, whatever it looks like; and what does not fit. */
#include <stdlib.h>
#include <string.h>

#include "tests/lib/plan_chips.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_images_are_planned),
		cmocka_unit_test(what_does_not_fit_is_refused_with_its_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
