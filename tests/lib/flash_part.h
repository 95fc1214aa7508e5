/* A flash memory of the bench by itself, for tests at its registers; on a clock of its own. */
#ifndef SWDOCTOR_TESTS_FLASH_PART_H
#define SWDOCTOR_TESTS_FLASH_PART_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/sim/chip.h"

#define MS NS_PER_MS
#define US NS_PER_US

struct part {
	struct rng rng;
	struct flash f;
	uint64_t now;
};

static inline void part_init(struct part *p, const char *chip)
{
	const struct chip_row *row = chip_find(chip);

	assert_non_null(row);
	rng_init(&p->rng, 7);
	p->now = 0;
	flash_init(&p->f, row->flash, (size_t)row->flash_kib * 1024, &p->rng);
	flash_reset(&p->f, true, 0);
}

static inline enum bus_answer store(struct part *p, size_t off, unsigned size, uint32_t value)
{
	struct bus_access a = { .addr = p->f.row->base + (uint32_t)off,
				.size = size,
				.write = true,
				.value = value,
				.now_ns = p->now,
				.ready_ns = p->now };
	enum bus_answer answer = flash_array(&p->f, off, &a);

	p->now = a.ready_ns;
	return answer;
}

static inline enum bus_answer put(struct part *p, uint32_t off, uint32_t value)
{
	struct bus_access a = {
		.addr = off, .size = 4, .write = true, .value = value, .now_ns = p->now
	};

	return flash_register(&p->f, off, &a);
}

static inline uint32_t get(struct part *p, uint32_t off)
{
	struct bus_access a = { .addr = off, .size = 4, .now_ns = p->now };

	assert_int_equal(flash_register(&p->f, off, &a), BUS_OK);
	return a.value;
}

static inline enum bus_answer load(struct part *p, size_t off, uint32_t *ret)
{
	struct bus_access a = { .addr = (uint32_t)off,
				.size = 4,
				.master = BUS_DEBUG,
				.now_ns = p->now,
				.ready_ns = p->now };
	enum bus_answer answer = flash_array(&p->f, off, &a);

	p->now = a.ready_ns;
	*ret = a.value;
	return answer;
}

static inline void pass(struct part *p, uint64_t ns)
{
	p->now += ns;
	flash_advance(&p->f, p->now);
}

enum { KEY1 = 0x45670123, KEY2 = 0xcdef89ab, OPTION_KEY1 = 0x08192a3b, OPTION_KEY2 = 0x4c5d6e7f };

static inline void store_words(struct part *p, size_t off, unsigned n, uint32_t value)
{
	unsigned i;

	for (i = 0; i < n; i++)
		assert_int_equal(store(p, off + 4 * i, 4, value + i), BUS_OK);
}

#endif
