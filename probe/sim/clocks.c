/* Reset and clock control, and its families (RM0008, RM0090). */
#include "probe/sim/clocks.h"

#include <string.h>

#define MHZ 1000000u
#define HSE (8 * MHZ) /* the crystal that boards have unless they say otherwise */

void clocks_init(struct clocks *c, const struct clocks_row *row)
{
	*c = (struct clocks){ .row = row };
}

static uint32_t flags_mask(const struct clocks *c)
{
	uint32_t mask = 0;
	unsigned i;

	for (i = 0; i < CLOCKS_FLAGS; i++)
		if (c->row->flag_bit[i] >= 0)
			mask |= (uint32_t)1 << c->row->flag_bit[i];
	return mask;
}

static void raise(struct clocks *c, enum clocks_flag flag)
{
	if (c->row->flag_bit[flag] >= 0)
		c->reg[c->row->flags_off / 4] |= (uint32_t)1 << c->row->flag_bit[flag];
}

void clocks_reset(struct clocks *c, enum clocks_flag why)
{
	uint32_t flags = c->reg[c->row->flags_off / 4] & flags_mask(c);
	unsigned i;

	memset(c->reg, 0, sizeof(c->reg));
	for (i = 0; i < 4; i++)
		c->reg[c->row->at_reset[i].off / 4] |= c->row->at_reset[i].value;
	if (why != CLOCKS_POR && why != CLOCKS_BOR)
		c->reg[c->row->flags_off / 4] |= flags;
	raise(c, why);
	if (why == CLOCKS_POR)
		raise(c, CLOCKS_BOR);
	raise(c, CLOCKS_PIN); /* every reset pulls the pin */
}

uint32_t clocks_read(const struct clocks *c, uint32_t off)
{
	return c->reg[off / 4];
}

static void follow(struct clocks *c)
{
	const struct clocks_row *r = c->row;
	uint32_t *sw = &c->reg[r->switch_off / 4];
	uint32_t bits = ((uint32_t)1 << r->switch_bits) - 1;
	unsigned i;

	for (i = 0; i < 8 && r->follow[i].ready; i++) {
		uint32_t *reg = &c->reg[r->follow[i].off / 4];

		*reg &= ~((uint32_t)1 << r->follow[i].ready);
		*reg |= (*reg >> r->follow[i].on & 1) << r->follow[i].ready;
	}
	*sw = (*sw & ~(bits << r->switch_status)) | (*sw & bits) << r->switch_status;
}

void clocks_write(struct clocks *c, uint32_t off, uint32_t value, uint32_t mask)
{
	uint32_t *reg = &c->reg[off / 4];
	uint32_t flags = off == c->row->flags_off ? *reg & flags_mask(c) : 0;

	*reg = (*reg & ~mask) | (value & mask);
	if (off == c->row->flags_off) {
		*reg = (*reg & ~flags_mask(c)) | flags;
		if (*reg >> c->row->clear_bit & 1)
			*reg &= ~(flags_mask(c) | (uint32_t)1 << c->row->clear_bit);
	}
	follow(c);
}

uint32_t clocks_core_hz(const struct clocks *c)
{
	return c->row->core_hz(c->reg);
}

bool clocks_gate(const struct clocks *c, uint16_t off, uint8_t bit)
{
	return c->reg[off / 4] >> bit & 1;
}

/* HPRE: 0xxx by 1, 1000 by 2, up to 1111 by 512, without 32. */
static uint32_t ahb_divided(uint32_t hz, uint32_t hpre)
{
	static const uint16_t by[8] = { 2, 4, 8, 16, 64, 128, 256, 512 };

	return hpre & 8 ? hz / by[hpre & 7] : hz;
}

/* ---- F1 (RM0008 7.3) ---- */

static uint32_t f1_hz(const uint32_t *reg)
{
	uint32_t cfgr = reg[1];
	uint32_t mul = (cfgr >> 18 & 0xf) + 2, hz = 8 * MHZ;

	if ((cfgr & 3) == 1)
		hz = HSE;
	else if ((cfgr & 3) == 2)
		hz = (cfgr >> 16 & 1 ? HSE / (1 + (cfgr >> 17 & 1)) : 4 * MHZ) *
		     (mul > 16 ? 16 : mul);
	return ahb_divided(hz, cfgr >> 4 & 0xf);
}

#define FLAGS_AT_25                                                                                \
	{                                                                                          \
		[CLOCKS_BOR] = 25, [CLOCKS_PIN] = 26, [CLOCKS_POR] = 27, [CLOCKS_SOFT] = 28,       \
		[CLOCKS_IWDG] = 29, [CLOCKS_WWDG] = 30, [CLOCKS_LOWPOWER] = 31,                    \
		[CLOCKS_OPTIONS] = -1                                                              \
	}

const struct clocks_row clocks_f1 = {
	.base = 0x40021000,
	.at_reset = { { 0x00, 0x00000083 }, { 0x14, 0x00000014 } },
	.follow = { { 0x00, 0, 1 }, { 0x00, 16, 17 }, { 0x00, 24, 25 }, { 0x24, 0, 1 } },
	.switch_off = 0x04,
	.switch_bits = 2,
	.switch_status = 2,
	.flags_off = 0x24,
	.clear_bit = 24,
	.flag_bit = { [CLOCKS_BOR] = -1,
		      [CLOCKS_PIN] = 26,
		      [CLOCKS_POR] = 27,
		      [CLOCKS_SOFT] = 28,
		      [CLOCKS_IWDG] = 29,
		      [CLOCKS_WWDG] = 30,
		      [CLOCKS_LOWPOWER] = 31,
		      [CLOCKS_OPTIONS] = -1 },
	.core_hz = f1_hz,
};

/* ---- F4 (RM0090 7.3) ---- */

static uint32_t f4_hz(const uint32_t *reg)
{
	uint32_t pll = reg[1], cfgr = reg[2], hz = 16 * MHZ;
	uint32_t m = pll & 0x3f, n = pll >> 6 & 0x1ff, p = 2 * ((pll >> 16 & 3) + 1);

	if ((cfgr & 3) == 1)
		hz = HSE;
	else if ((cfgr & 3) == 2 && m)
		hz = (pll >> 22 & 1 ? HSE : 16 * MHZ) / m * n / p;
	return ahb_divided(hz, cfgr >> 4 & 0xf);
}

const struct clocks_row clocks_f4 = {
	.base = 0x40023800,
	.at_reset = { { 0x00, 0x00000083 }, { 0x04, 0x24003010 }, { 0x30, 0x00100000 } },
	.follow = { { 0x00, 0, 1 }, { 0x00, 16, 17 }, { 0x00, 24, 25 }, { 0x74, 0, 1 } },
	.switch_off = 0x08,
	.switch_bits = 2,
	.switch_status = 2,
	.flags_off = 0x74,
	.clear_bit = 24,
	.flag_bit = FLAGS_AT_25,
	.core_hz = f4_hz,
};
