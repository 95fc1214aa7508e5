/*
 * What else lies in the private peripheral bus: FPB, DWT, the component identifications and the
 * ROM table (ARMv7-M ARM C1.8, C1.11, D1). ITM and TPIU keep what is written and do nothing.
 */
#include "probe/sim/core.h"

#define DWT	      0xe0001000u
#define DWT_CYCCNT    0xe0001004u
#define DWT_PCSR      0xe000101cu
#define DWT_CYCCNTENA 0x1u
#define DWT_WRITABLE  0x0fffffffu

#define FPB	  0xe0002000u
#define FP_COMP0  0xe0002008u
#define FP_COMPS  8
#define FP_KEY	  0x2u
#define FP_ENABLE 0x1u

#define ROM_TABLE	 0xe00ff000u
#define ROM_PART_BETWEEN 0x4c8u
#define IDS_OFFSET	 0xfd0u
#define DEVARCH		 0xfbcu
#define DEVTYPE		 0xfccu
#define PIDR4		 0xfd0u
#define PIDR0		 0xfe0u
#define CIDR0		 0xff0u

/* ---- breakpoints ---- */

static unsigned comparators(const struct core *c)
{
	return (c->row->fp_ctrl >> 4 & 0xf) | (c->row->fp_ctrl >> 8 & 0x70);
}

/* Revision 1 matches halves of a word in the code region, revision 2 any half-word. */
static bool compares(const struct core *c, uint32_t comp, uint32_t pc)
{
	if (!(comp & 1))
		return false;
	if (c->row->fp_ctrl >> 28)
		return (comp & ~1u) == pc;
	if ((comp & 0x1ffffffc) != (pc & ~3u))
		return false;
	return comp >> (pc & 2 ? 31 : 30) & 1;
}

bool core_stops_at(const struct core *c, uint32_t pc)
{
	unsigned i;

	if (!(c->dhcsr & DHCSR_DEBUGEN))
		return false;
	for (i = 0; i < comparators(c); i++)
		if (compares(c, c->fp_comp[i], pc))
			return true;
	return false;
}

static void write_fpb(struct core *c, uint32_t addr, uint32_t value)
{
	unsigned n = (addr - FP_COMP0) / 4;

	if (addr == FPB && value & FP_KEY)
		c->fp_ctrl = value & FP_ENABLE;
	else if (addr >= FP_COMP0 && n < comparators(c))
		c->fp_comp[n] = value;
}

static uint32_t read_fpb(const struct core *c, uint32_t addr)
{
	unsigned n = (addr - FP_COMP0) / 4;

	if (addr == FPB)
		return c->row->fp_ctrl | c->fp_ctrl;
	return addr >= FP_COMP0 && n < comparators(c) ? c->fp_comp[n] : 0;
}

/* ---- DWT ---- */

static uint32_t cyccnt(const struct core *c)
{
	if (!(c->dwt_ctrl & DWT_CYCCNTENA))
		return c->cyccnt_base;
	return c->cyccnt_base +
	       (uint32_t)((core_time(c) - c->cyccnt_from_ns) / 1000 * (c->hz / 1000) / 1000);
}

static void write_dwt(struct core *c, uint32_t addr, uint32_t value)
{
	uint32_t count = addr == DWT_CYCCNT ? value : cyccnt(c);

	if (addr != DWT && addr != DWT_CYCCNT)
		return;
	c->cyccnt_base = count;
	c->cyccnt_from_ns = core_time(c);
	if (addr == DWT)
		c->dwt_ctrl = value & DWT_WRITABLE;
}

static uint32_t read_dwt(struct core *c, uint32_t addr)
{
	if (addr == DWT)
		return c->row->dwt_ctrl | c->dwt_ctrl;
	if (addr == DWT_CYCCNT)
		return cyccnt(c);
	if (addr == DWT_PCSR)
		return core_executes(c) ? core_reg(c, CORE_PC) : 0xffffffff;
	return 0;
}

/* ---- identification ---- */

static uint32_t component_id(unsigned part, unsigned klass, uint32_t off)
{
	static const uint8_t preamble[4] = { 0x0d, 0x00, 0x05, 0xb1 };

	if (off >= CIDR0)
		return preamble[(off - CIDR0) / 4] | (off == CIDR0 + 4 ? klass << 4 : 0);
	switch (off) {
	case PIDR4:
		return 0x04;
	case PIDR0:
		return part & 0xff;
	case PIDR0 + 4:
		return 0xb0 | part >> 8;
	case PIDR0 + 8:
		return 0x0b;
	default:
		return 0;
	}
}

/* ST is no Arm: its designer code is 0x20, and its parts are numbered as DBGMCU has them. */
static uint32_t chip_id(const struct core *c, uint32_t off)
{
	switch (off) {
	case PIDR4:
		return 0x00;
	case PIDR0 + 4:
		return c->chip_part >> 8;
	case PIDR0 + 8:
		return 0x0a;
	default:
		return component_id(c->chip_part, 1, off);
	}
}

/* A table that has nothing to tell but the one behind it. */
static uint32_t read_outer_table(const struct core *c, uint32_t addr)
{
	uint32_t off = addr & 0xfff;

	if (off < IDS_OFFSET)
		return off ? 0 : 0x00001003;
	if ((addr & ~0xfffu) == c->row->rom_base)
		return chip_id(c, off);
	return component_id(ROM_PART_BETWEEN, 1, off);
}

static uint32_t read_rom_table(const struct core *c, uint32_t off)
{
	unsigned n = off / 4;

	if (off >= IDS_OFFSET)
		return component_id(c->row->rom_part, 1, off);
	if (n < sizeof(c->row->component) / sizeof(c->row->component[0]) &&
	    c->row->component[n].base)
		return ((c->row->component[n].base - ROM_TABLE) & 0xfffff000) | 3;
	return 0;
}

static bool read_id(const struct core *c, uint32_t addr, uint32_t *ret)
{
	uint32_t off = addr & 0xfff;
	unsigned i;

	for (i = 0; i < sizeof(c->row->component) / sizeof(c->row->component[0]); i++) {
		const struct core_component *p = &c->row->component[i];

		if (!p->base || p->base != (addr & ~0xfffu))
			continue;
		if (off >= IDS_OFFSET)
			*ret = component_id(p->part, p->klass, off);
		else if (off == DEVTYPE && p->klass == 9)
			*ret = p->devtype;
		else if (off == DEVARCH && p->archid)
			*ret = 0x47700000u | p->archid;
		else
			return false;
		return true;
	}
	return false;
}

/* ---- by address ---- */

static uint32_t read_reg(struct core *c, uint32_t addr)
{
	uint32_t page = addr & ~0xfffu, value;

	if (page == ROM_TABLE)
		return read_rom_table(c, addr - ROM_TABLE);
	if (c->row->rom_base && page >= c->row->rom_base && page < ROM_TABLE)
		return read_outer_table(c, addr);
	if (read_id(c, addr, &value))
		return value;
	if (page == FPB)
		return read_fpb(c, addr);
	/* DWT is dark until DEMCR.TRCENA powers the trace part (C1.6.5). */
	if (page == DWT && c->demcr & DEMCR_TRCENA)
		return read_dwt(c, addr);
	return 0;
}

bool core_ppb_reg(struct core *c, struct bus_access *a)
{
	uint32_t addr = a->addr & ~3u, page = addr & ~0xfffu;

	if (!a->write) {
		a->value = read_reg(c, addr) >> (8 * (a->addr & 3));
		return true;
	}
	if (page == FPB)
		write_fpb(c, addr, a->value);
	else if (page == DWT && c->demcr & DEMCR_TRCENA)
		write_dwt(c, addr, a->value);
	return true;
}
