/* A few made-up chips, and images to be planned for them. */
#ifndef SWDOCTOR_TESTS_PLAN_CHIPS_H
#define SWDOCTOR_TESTS_PLAN_CHIPS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flash/plan.h"

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

static inline struct geometry geometry_of(unsigned chip, uint32_t bytes)
{
	struct geometry g;
	struct err e = { 0 };

	assert_int_equal(geometry_init(&g, &chips[chip], &layouts[chip], bytes, false, &e), 0);
	return g;
}

static inline void add(struct image *im, uint32_t address, const void *bytes, size_t len)
{
	struct image_input in = {
		.name = "x", .bytes = bytes, .len = len, .has_base = true, .base = address
	};
	struct err e = { 0 };

	in.format = image_format_find("bin");
	assert_int_equal(image_add(im, &in, &e), 0);
}

/* An image of `len` bytes 0x5a at an address. */
static inline void make(struct image *im, uint32_t address, size_t len)
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

#endif
