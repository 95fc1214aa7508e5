/* The commands of the probe that recorded sequences of other tools are built from. */
#ifndef SWDOCTOR_TESTS_TOOL_COMMANDS_H
#define SWDOCTOR_TESTS_TOOL_COMMANDS_H

#include "tests/lib/desk.h"

#define DHCSR 0xe000edf0u
#define DCRSR 0xe000edf4u
#define DCRDR 0xe000edf8u
#define DEMCR 0xe000edfcu
#define AIRCR 0xe000ed0cu
#define DFSR  0xe000ed30u
#define CPUID 0xe000ed00u

#define KEY	  0xa05f0000u
#define S_REGRDY  0x00010000u
#define S_HALT	  0x00020000u
#define S_RESET	  0x02000000u
#define RAM	  0x20000000u
#define RAM_CODE  0x20000200u
#define PORT_DP	  0xffff
#define BLOCK_MAX 6144u

#define BYTES4(v) (uint8_t)(v), (uint8_t)((v) >> 8), (uint8_t)((v) >> 16), (uint8_t)((v) >> 24)

static inline unsigned last_status(struct desk *d)
{
	ASK(d, 12, 0xf2, 0x3e);
	return get_le16(d->reply);
}

static inline uint32_t dap_read(struct desk *d, unsigned port, unsigned reg)
{
	ASK(d, 8, 0xf2, 0x45, (uint8_t)port, (uint8_t)(port >> 8), (uint8_t)reg, 0);
	assert_int_equal(get_le16(d->reply), 0x80);
	return get_le32(d->reply + 4);
}

static inline void dap_write(struct desk *d, unsigned port, unsigned reg, uint32_t value)
{
	ASK(d, 2, 0xf2, 0x46, (uint8_t)port, (uint8_t)(port >> 8), (uint8_t)reg, 0, BYTES4(value));
	assert_int_equal(get_le16(d->reply), 0x80);
}

/* The access port through which the core is reached: one that sees all of the bus. */
static inline uint8_t core_ap(const struct desk *d)
{
	const struct chip_ap *ap = d->b.chip.row->ap;
	uint8_t n = 0;

	while (!ap[n].idr || ap[n].window_bytes)
		n++;
	return n;
}

static inline const uint8_t *read_block(struct desk *d, uint32_t addr, unsigned len)
{
	ASK(d, len, 0xf2, 0x07, BYTES4(addr), (uint8_t)len, (uint8_t)(len >> 8), core_ap(d));
	memmove(d->reply + 64, d->reply, len);
	assert_int_equal(last_status(d), 0x80);
	return d->reply + 64;
}

static inline uint32_t read_word(struct desk *d, uint32_t addr)
{
	return get_le32(read_block(d, addr, 4));
}

static inline void write_block(struct desk *d, uint32_t addr, const uint8_t *bytes, unsigned len)
{
	SAY(d, 0xf2, 0x08, BYTES4(addr), (uint8_t)len, (uint8_t)(len >> 8), core_ap(d));
	send(d, bytes, len);
	assert_int_equal(last_status(d), 0x80);
}

static inline void write_word(struct desk *d, uint32_t addr, uint32_t value)
{
	uint8_t bytes[4];

	put_le32(bytes, value);
	write_block(d, addr, bytes, sizeof(bytes));
}

/* Both go through DCRSR; the register commands of the firmware are OpenOCD's and st-flash's. */
static inline uint32_t read_core_reg(struct desk *d, unsigned number)
{
	write_word(d, DCRSR, number);
	assert_true(read_word(d, DHCSR) & S_REGRDY);
	return read_word(d, DCRDR);
}

static inline void write_core_reg(struct desk *d, unsigned number, uint32_t value)
{
	write_word(d, DCRDR, value);
	write_word(d, DCRSR, number | 0x10000);
	assert_true(read_word(d, DHCSR) & S_REGRDY);
}

static inline unsigned mode(struct desk *d)
{
	ASK(d, 2, 0xf5);
	return d->reply[0];
}

static inline void leave_debug(struct desk *d)
{
	if (mode(d) == 2)
		SAY(d, 0xf2, 0x21);
}

static inline void ask_versions(struct desk *d)
{
	ASK(d, 6, 0xf1);
	if (d->b.fw.version.hardware >= 3)
		ASK(d, 12, 0xfb);
}

static inline void set_1_mhz(struct desk *d)
{
	if (d->b.fw.version.hardware >= 3) {
		ASK(d, 8, 0xf2, 0x61, 0, 0, BYTES4(1000));
		assert_int_equal(get_le32(d->reply + 4), 1000);
	} else {
		ASK(d, 2, 0xf2, 0x43, 3, 0);
		assert_int_equal(get_le16(d->reply), 0x80);
	}
}

/* Two instructions in RAM: ADDS r0, #1 and a branch back. */
static inline void put_a_loop(struct desk *d)
{
	write_word(d, RAM_CODE, 0xe7fd3001);
	write_core_reg(d, 0, 100);
	write_core_reg(d, 15, RAM_CODE);
	write_core_reg(d, 16, 0x01000000);
}

#endif
