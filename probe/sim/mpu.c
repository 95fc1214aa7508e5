/* The memory protection unit: ARMv7-M ARM B3.5 (PMSAv7; PMSAv6 of a Cortex-M0+ is the same here),
 * ARMv8-M ARM B11 (PMSAv8). */
#include "probe/sim/mpu.h"

enum { MPU_TYPE = 0xd90, MPU_CTRL = 0xd94, MPU_RNR = 0xd98, MPU_RBAR = 0xd9c, MPU_REST = 0xda0 };

#define CTRL_ENABLE	0x1u
#define CTRL_PRIVDEFENA 0x4u
#define CTRL_BITS	0x7u

#define RBAR_VALID   0x10u
#define RBAR_NUMBER  0xfu
#define RBAR_ADDRESS 0xffffffe0u
#define RASR_ENABLE  0x1u
#define RASR_XN	     0x10000000u
#define RBAR_V8_XN   0x1u
#define RLAR_ENABLE  0x1u

void mpu_reset(struct mpu *m)
{
	unsigned i;

	m->ctrl = 0;
	m->number = 0;
	for (i = 0; i < MPU_REGIONS_MAX; i++)
		m->region[i].rest = 0;
}

bool mpu_read(const struct mpu *m, uint32_t off, uint32_t *ret)
{
	if (off < MPU_TYPE || off > MPU_REST)
		return false;
	*ret = 0;
	if (!m->regions)
		return true;
	if (off == MPU_TYPE)
		*ret = m->regions << 8;
	else if (off == MPU_CTRL)
		*ret = m->ctrl;
	else if (off == MPU_RNR)
		*ret = m->number;
	else if (off == MPU_RBAR)
		*ret = m->region[m->number].base | (m->v8 ? 0 : m->number);
	else
		*ret = m->region[m->number].rest;
	return true;
}

static void write_base(struct mpu *m, uint32_t value)
{
	if (!m->v8 && value & RBAR_VALID)
		m->number = (value & RBAR_NUMBER) % m->regions;
	m->region[m->number].base = m->v8 ? value : value & RBAR_ADDRESS;
}

bool mpu_write(struct mpu *m, uint32_t off, uint32_t value)
{
	if (off < MPU_TYPE || off > MPU_REST)
		return false;
	if (!m->regions)
		return true;
	if (off == MPU_CTRL)
		m->ctrl = value & CTRL_BITS;
	else if (off == MPU_RNR)
		m->number = value % m->regions;
	else if (off == MPU_RBAR)
		write_base(m, value);
	else if (off == MPU_REST)
		m->region[m->number].rest = value;
	return true;
}

static bool holds_v8(const struct mpu *m, unsigned i, uint32_t addr)
{
	return m->region[i].rest & RLAR_ENABLE && addr >= (m->region[i].base & RBAR_ADDRESS) &&
	       addr <= (m->region[i].rest | ~RBAR_ADDRESS);
}

/* An eighth of a region that is left out belongs to the one below it. */
static bool holds_v7(const struct mpu *m, unsigned i, uint32_t addr)
{
	uint32_t rest = m->region[i].rest, bits = (rest >> 1 & 0x1f) + 1;
	uint64_t bytes = UINT64_C(1) << bits, off = addr - (m->region[i].base & ~(bytes - 1));

	return rest & RASR_ENABLE && off < bytes &&
	       !(bytes >= 256 && rest >> (8 + off / (bytes / 8)) & 1);
}

/* Of regions of ARMv7-M that lie over each other the last one counts. */
bool mpu_forbids_fetch(const struct mpu *m, uint32_t addr)
{
	unsigned i;

	if (!(m->ctrl & CTRL_ENABLE))
		return false;
	for (i = m->regions; i-- > 0;) {
		if (m->v8 ? holds_v8(m, i, addr) : holds_v7(m, i, addr))
			return m->v8 ? m->region[i].base & RBAR_V8_XN : m->region[i].rest & RASR_XN;
	}
	return !(m->ctrl & CTRL_PRIVDEFENA);
}
