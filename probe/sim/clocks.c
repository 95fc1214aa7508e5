/* Reset and clock control: what all families share. */
#include "probe/sim/clocks.h"

#include <string.h>

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
uint32_t clocks_divided(uint32_t hz, uint32_t hpre)
{
	static const uint16_t by[8] = { 2, 4, 8, 16, 64, 128, 256, 512 };

	return hpre & 8 ? hz / by[hpre & 7] : hz;
}
