/* Halting debug: DHCSR, DCRSR, DCRDR, DEMCR and DFSR (ARMv7-M ARM C1.6). */
#include "probe/sim/core.h"

#define DHCSR 0xe000edf0u
#define DCRSR 0xe000edf4u
#define DCRDR 0xe000edf8u
#define DEMCR 0xe000edfcu
#define DFSR  0xe000ed30u

#define DHCSR_KEY      0xa05f0000u
#define DHCSR_S_REGRDY 0x00010000u
#define DHCSR_S_HALT   0x00020000u
#define DHCSR_S_SLEEP  0x00040000u
#define DHCSR_S_LOCKUP 0x00080000u
#define DHCSR_S_RETIRE 0x01000000u
#define DHCSR_S_RESET  0x02000000u
#define DHCSR_C_BITS   0x0000002fu

#define DCRSR_WRITE  0x00010000u
#define DCRSR_REGSEL 0x0000007fu
#define XPSR_T	     0x01000000u

#define DEMCR_BITS_V6 (DEMCR_VC_CORERESET | DEMCR_VC_HARDERR | DEMCR_TRCENA)
#define DEMCR_BITS_V7 0x010f07f1u
#define DFSR_BITS     0x1fu

void core_debug_power_on(struct core *c)
{
	c->dhcsr = 0;
	c->demcr = 0;
	c->dfsr = 0;
	c->dcrdr = 0;
	c->reset_seen = true;
	c->retire_seen = false;
	c->fp_ctrl = 0;
	c->dwt_ctrl = 0;
}

/* Debug state takes the core out of lockup as well (B1.5.15). */
void core_halt(struct core *c, uint32_t dfsr_bit)
{
	c->locked_up = false;
	c->halted = true;
	c->dhcsr |= DHCSR_HALT;
	c->dhcsr &= ~DHCSR_STEP;
	c->dfsr |= dfsr_bit;
	c->sleep = CORE_AWAKE;
	c->yield = true;
}

static uint32_t read_dhcsr(struct core *c)
{
	uint32_t value = c->dhcsr | DHCSR_S_REGRDY;

	if (c->halted)
		value |= DHCSR_S_HALT;
	if (c->sleep != CORE_AWAKE)
		value |= DHCSR_S_SLEEP;
	if (c->locked_up)
		value |= DHCSR_S_LOCKUP;
	if (c->retire_seen)
		value |= DHCSR_S_RETIRE;
	if (c->reset_seen || c->held)
		value |= DHCSR_S_RESET;
	c->retire_seen = false;
	c->reset_seen = false;
	return value;
}

static void write_dhcsr(struct core *c, uint32_t value)
{
	if ((value & 0xffff0000) != DHCSR_KEY)
		return;
	/* C_MASKINTS changes in debug state only, the others need C_DEBUGEN. */
	if (!c->halted)
		value = (value & ~DHCSR_MASKINTS) | (c->dhcsr & DHCSR_MASKINTS);
	if (c->shut) /* C_DEBUGEN can be set, and does nothing until the core leaves that state */
		value &= ~(DHCSR_C_BITS | DHCSR_DEBUGEN);
	if (!(value & DHCSR_DEBUGEN))
		value &= ~DHCSR_C_BITS;
	c->dhcsr = value & DHCSR_C_BITS;
	c->yield = true;
	if (c->held)
		return;
	if (c->dhcsr & DHCSR_HALT) {
		if (!c->halted && (c->sleep != CORE_DEEP || c->deep_debug))
			core_halt(c, DFSR_HALTED);
	} else {
		c->halted = false;
	}
}

static void write_dcrsr(struct core *c, uint32_t value)
{
	unsigned number = value & DCRSR_REGSEL;

	if (!c->halted)
		return;
	if (!(value & DCRSR_WRITE)) {
		c->dcrdr = core_reg(c, number);
		if (number == CORE_XPSR && c->no_thumb)
			c->dcrdr &= ~XPSR_T;
		return;
	}
	core_set_reg(c, number, c->dcrdr);
	if (number == CORE_XPSR)
		c->no_thumb = !(c->dcrdr & XPSR_T);
}

static void write_reg(struct core *c, uint32_t addr, uint32_t value)
{
	switch (addr) {
	case DHCSR:
		write_dhcsr(c, value);
		break;
	case DCRSR:
		write_dcrsr(c, value);
		break;
	case DCRDR:
		c->dcrdr = value;
		break;
	case DEMCR:
		c->demcr = value & (c->row->level == THUMB_V6M ? DEMCR_BITS_V6 : DEMCR_BITS_V7);
		break;
	default:
		c->dfsr &= ~(value & DFSR_BITS);
		break;
	}
}

static uint32_t read_reg(struct core *c, uint32_t addr)
{
	switch (addr) {
	case DHCSR:
		return read_dhcsr(c);
	case DCRDR:
		return c->dcrdr;
	case DEMCR:
		return c->demcr;
	case DFSR:
		return c->dfsr;
	default:
		return 0;
	}
}

bool core_debug_reg(struct core *c, struct bus_access *a)
{
	uint32_t word = a->addr & ~3u;

	if (word != DFSR && (word < DHCSR || word > DEMCR))
		return false;
	if (a->write) {
		/* Firmware cannot debug its own core. */
		if (a->master == BUS_DEBUG || word == DFSR || word == DEMCR)
			write_reg(c, word, a->value);
	} else {
		a->value = read_reg(c, word) >> (8 * (a->addr & 3));
	}
	return true;
}
