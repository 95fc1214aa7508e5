/* A chip of the bench without a probe, whose core runs a few instructions. */
#ifndef SWDOCTOR_TESTS_CORE_BOARD_H
#define SWDOCTOR_TESTS_CORE_BOARD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/base/bytes.h"
#include "probe/sim/chip.h"

#define RAM	  0x20000000u
#define FLASH	  0x08000000u
#define DHCSR	  0xe000edf0u
#define DCRSR	  0xe000edf4u
#define DCRDR	  0xe000edf8u
#define DEMCR	  0xe000edfcu
#define DFSR	  0xe000ed30u
#define CFSR	  0xe000ed28u
#define HFSR	  0xe000ed2cu
#define BFAR	  0xe000ed38u
#define AIRCR	  0xe000ed0cu
#define CPACR	  0xe000ed88u
#define SHCSR	  0xe000ed24u
#define FP_CTRL	  0xe0002000u
#define FP_COMP	  0xe0002008u
#define DHCSR_KEY 0xa05f0000u

#define S_HALT	 0x00020000u
#define S_SLEEP	 0x00040000u
#define S_LOCKUP 0x00080000u
#define S_RETIRE 0x01000000u
#define S_RESET	 0x02000000u

struct board {
	struct rng rng;
	struct chip c;
	uint64_t now;
};

/* A vector table at the start of flash: the handlers of exceptions 2 to 15 begin at `handler`. */
static inline void put_program(struct board *b, const uint16_t *code, size_t n, uint32_t handler)
{
	uint8_t *at = b->c.flash.cells.at;
	size_t i;

	put_le32(at, RAM + 0x1000);
	put_le32(at + 4, FLASH + 0x40 + 1);
	for (i = 2; i < 16; i++)
		put_le32(at + 4 * i, (FLASH + 0x40 + handler) | 1);
	for (i = 0; i < n; i++)
		put_le16(at + 0x40 + 2 * i, code[i]);
}

static inline void board_init(struct board *b, const char *chip, const uint16_t *code, size_t n,
			      uint32_t handler)
{
	rng_init(&b->rng, 3);
	chip_init(&b->c, chip_find(chip), &b->rng);
	put_program(b, code, n, handler);
	b->now = 0;
	chip_set_supply(&b->c, 3300, 0);
}

static inline void pass(struct board *b, uint64_t ns)
{
	b->now += ns;
	chip_advance(&b->c, b->now);
}

static inline uint32_t peek(struct board *b, uint32_t addr)
{
	struct bus_access a = {
		.addr = addr, .size = 4, .master = BUS_DEBUG, .now_ns = b->now, .ready_ns = b->now
	};

	assert_int_equal(chip_bus(&b->c, &a), BUS_OK);
	return a.value;
}

static inline void poke(struct board *b, uint32_t addr, uint32_t value)
{
	struct bus_access a = { .addr = addr,
				.size = 4,
				.write = true,
				.value = value,
				.master = BUS_DEBUG,
				.now_ns = b->now,
				.ready_ns = b->now };

	assert_int_equal(chip_bus(&b->c, &a), BUS_OK);
}

static inline void halt(struct board *b)
{
	poke(b, DHCSR, DHCSR_KEY | 3);
	pass(b, NS_PER_US);
}

static inline uint32_t reg(struct board *b, unsigned n)
{
	poke(b, DCRSR, n);
	return peek(b, DCRDR);
}

static inline void set_reg(struct board *b, unsigned n, uint32_t value)
{
	poke(b, DCRDR, value);
	poke(b, DCRSR, n | 0x10000);
}

#define CODE(...) (const uint16_t[]){ __VA_ARGS__ }, sizeof((const uint16_t[]){ __VA_ARGS__ }) / 2

#endif
