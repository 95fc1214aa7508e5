/* A chip on the virtual bench: see flash_bench.h. */
#include "tests/lib/flash_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void flash_bench_noise(uint8_t *bytes, size_t len, unsigned seed)
{
	uint64_t x = seed * 0x9e3779b97f4a7c15ull + 1;

	for (size_t i = 0; i < len; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		bytes[i] = (uint8_t)(x >> 32);
	}
}

static uint64_t transfers(const struct flash_bench *b)
{
	struct sim_stats st;

	b->p.bench.plugin->stats(b->p.bench.bench, &st);
	return st.usb_transfers;
}

void flash_bench_begin(struct flash_bench *b, const char *words, uint32_t khz)
{
	char full[256];
	const struct probe_options o = { .words = full, .clock = &clock_real, .no_trace = true };

	memset(b, 0, sizeof(*b));
	snprintf(full, sizeof(full), "sim:%s", words);
	snprintf(b->folder, sizeof(b->folder), "/tmp/test-flash-XXXXXX");
	assert_non_null(mkdtemp(b->folder));
	if (chips_load(NULL, &b->chips, &b->e) || probe_open(&o, &b->p, &b->e) ||
	    stlink_open(&b->p.stlink, &b->e))
		fail_msg("%s", b->e.text);
	target_stlink_init(&b->ts, &b->p.stlink, 0, STLINK_LINK_SWD, khz ? khz : 1800);
	b->size = b->p.bench.plugin->flash_size(b->p.bench.bench, &b->base);
	b->model = malloc(b->size);
	assert_non_null(b->model);
	assert_true(b->p.bench.plugin->flash_read(b->p.bench.bench, 0, b->model, b->size));
}

void flash_bench_end(struct flash_bench *b)
{
	flash_outcome_done(&b->out);
	stlink_close(&b->p.stlink, NULL);
	probe_close(&b->p);
	chips_done(&b->chips);
	free(b->model);
	rmdir(b->folder);
}

static void put(struct flash_bench *b)
{
	assert_true(b->p.bench.plugin->flash_write(b->p.bench.bench, 0, b->model, b->size));
}

void flash_bench_fill(struct flash_bench *b, unsigned seed)
{
	flash_bench_noise(b->model, b->size, seed);
	put(b);
}

void flash_bench_blank(struct flash_bench *b, uint8_t erased)
{
	memset(b->model, erased, b->size);
	put(b);
}

int flash_bench_program(struct flash_bench *b, const struct flash_image *image,
			const struct session_options *so, const struct flash_options *fo,
			const struct flash_ops *ops)
{
	struct flash_options o = fo ? *fo : (struct flash_options){ 0 };
	int rc;

	o.journal_dir = b->folder;
	for (size_t i = 0; i < image->n; i++)
		memcpy(b->model + (image->at[i].address - b->base), image->at[i].bytes,
		       image->at[i].len);
	session_init(&b->s, &b->ts.t, &b->chips, so ? so : &(struct session_options){ 0 });
	flash_outcome_done(&b->out);
	b->e = (struct err){ 0 };
	b->began_us = clock_now_us(b->p.clock);
	b->transfers_before = transfers(b);
	rc = flash_program(&b->s, image, &o, ops, &b->out, &b->e);
	b->seconds = (double)(clock_now_us(b->p.clock) - b->began_us) / 1e6;
	b->transfers = transfers(b) - b->transfers_before;
	return rc;
}

void flash_bench_check(struct flash_bench *b)
{
	uint8_t *there = malloc(b->size);

	assert_non_null(there);
	assert_true(b->p.bench.plugin->flash_read(b->p.bench.bench, 0, there, b->size));
	for (size_t i = 0; i < b->size; i++)
		if (there[i] != b->model[i]) {
			unsigned found = there[i];

			free(there);
			fail_msg("0x%08zx holds 0x%02x, should be 0x%02x", b->base + i, found,
				 b->model[i]);
			return;
		}
	free(there);
}
