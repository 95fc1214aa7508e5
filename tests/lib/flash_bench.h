/*
 * A chip on the virtual bench for tests of the flash engine: its array is filled and compared from
 * outside, and the numbers of a run are taken.
 */
#ifndef SWDOCTOR_TESTS_FLASH_BENCH_H
#define SWDOCTOR_TESTS_FLASH_BENCH_H

#include "flash/engine.h"
#include "probe/probe.h"
#include "probe/target_stlink.h"

struct flash_bench {
	struct probe p;
	struct target_stlink ts;
	struct chips chips;
	struct flash_session s;
	struct flash_outcome out;
	struct err e;
	uint8_t *model; /* what the array must hold */
	size_t size;
	uint32_t base;
	char folder[64]; /* of the journal */
	uint64_t began_us, transfers_before;
	double seconds; /* of the last run, from opening the probe to letting go */
	uint64_t transfers;
};

/* words: "healthy-f405-v2,seed=3". khz 0: 1800. Fails the test if it cannot be opened. */
void flash_bench_begin(struct flash_bench *b, const char *words, uint32_t khz);
void flash_bench_end(struct flash_bench *b);
/* Everything in the array random, or blank; the model follows. */
void flash_bench_fill(struct flash_bench *b, unsigned seed);
void flash_bench_blank(struct flash_bench *b, uint8_t erased);
/* Puts the bytes into the model, and gives flash_program the image. Returns its result. */
int flash_bench_program(struct flash_bench *b, const struct flash_image *image,
			const struct session_options *so, const struct flash_options *fo,
			const struct flash_ops *ops);
/* Fails the test unless array and model are equal. */
void flash_bench_check(struct flash_bench *b);
/* Deterministic noise. */
void flash_bench_noise(uint8_t *bytes, size_t len, unsigned seed);

#endif
