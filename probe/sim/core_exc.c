/*
 * Exceptions: which comes next, entry, return, faults and lockup (ARMv7-M ARM B1.5).
 * Left out: lazy stacking of the FPU, tail-chaining and late arrival as such (only their times
 * would differ), and the secure state of ARMv8-M.
 */
#include "probe/sim/core.h"

#define HFSR_VECTTBL  0x00000002u
#define HFSR_FORCED   0x40000000u
#define HFSR_DEBUGEVT 0x80000000u

#define SHCSR_MEMFAULTENA 0x00010000u
#define SHCSR_BUSFAULTENA 0x00020000u
#define SHCSR_USGFAULTENA 0x00040000u

#define XPSR_T	      0x01000000u
#define XPSR_FLAGS    0xf8000000u
#define XPSR_ALIGN    0x00000200u
#define XPSR_IPSR     0x000001ffu
#define CONTROL_SPSEL 2u
#define FRAME_BYTES   32u
#define LOWEST	      256 /* below every priority an exception can have */

/* ---- memory, as the core's own bus cycles ---- */

static enum bus_answer load(struct core *c, enum bus_master as, uint32_t addr, uint32_t *ret)
{
	struct bus_access a = { .addr = addr & ~3u,
				.size = 4,
				.master = as,
				.now_ns = c->now_ns,
				.ready_ns = c->now_ns };
	enum bus_answer answer = c->bus.access(c->bus.user, &a);

	if (answer == BUS_OK)
		*ret = a.value;
	return answer;
}

static enum bus_answer store(struct core *c, uint32_t addr, uint32_t value)
{
	struct bus_access a = { .addr = addr & ~3u,
				.size = 4,
				.write = true,
				.value = value,
				.master = BUS_CORE,
				.now_ns = c->now_ns,
				.ready_ns = c->now_ns };

	return c->bus.access(c->bus.user, &a);
}

/* ---- priorities ---- */

static bool bit_of(const uint32_t *bits, unsigned n)
{
	return bits[n / 32] >> (n % 32) & 1;
}

static void set_bit(uint32_t *bits, unsigned n, bool on)
{
	if (on)
		bits[n / 32] |= (uint32_t)1 << (n % 32);
	else
		bits[n / 32] &= ~((uint32_t)1 << (n % 32));
}

static int priority_of(const struct core *c, unsigned exception)
{
	return exception == EXC_NMI ? -2 : exception == EXC_HARD ? -1 : c->priority[exception];
}

static int current_priority(struct core *c)
{
	uint32_t special = core_reg(c, CORE_SPECIAL);
	int lowest = LOWEST, mask = special >> 8 & 0xff;
	unsigned n;

	for (n = EXC_NMI; n < EXC_IRQ0 + CORE_IRQS; n++)
		if (bit_of(c->active, n) && priority_of(c, n) < lowest)
			lowest = priority_of(c, n);
	if (mask && mask < lowest)
		lowest = mask;
	if (special & 1 && lowest > 0)
		lowest = 0;
	if (special & 0x10000 && lowest > -1)
		lowest = -1;
	return lowest;
}

void core_pend(struct core *c, unsigned exception)
{
	set_bit(c->pending, exception, true);
	c->yield = true;
}

static bool can_be_taken(const struct core *c, unsigned n)
{
	if (!bit_of(c->pending, n))
		return false;
	if (n >= EXC_IRQ0 && !bit_of(c->enabled, n - EXC_IRQ0))
		return false;
	return !(c->dhcsr & DHCSR_DEBUGEN && c->dhcsr & DHCSR_MASKINTS && n >= EXC_PENDSV);
}

unsigned core_next_exception(struct core *c)
{
	int best = LOWEST + 1;
	unsigned n, found = 0, any = 0;

	for (n = 0; n < sizeof(c->pending) / sizeof(c->pending[0]); n++)
		any |= c->pending[n];
	if (!any)
		return 0;
	for (n = EXC_NMI; n < EXC_IRQ0 + CORE_IRQS; n++)
		if (can_be_taken(c, n) && priority_of(c, n) < best) {
			best = priority_of(c, n);
			found = n;
		}
	return found && best < current_priority(c) ? found : 0;
}

/* ---- entry and return ---- */

static void lock_up(struct core *c)
{
	c->locked_up = true;
	core_set_reg(c, CORE_PC, 0xfffffffe);
	c->yield = true;
}

static bool push_frame(struct core *c)
{
	static const unsigned order[] = { 0, 1, 2, 3, 12, CORE_LR, CORE_PC };
	uint32_t sp = core_reg(c, CORE_SP), xpsr = core_reg(c, CORE_XPSR);
	uint32_t at = (sp - FRAME_BYTES) & ~7u;
	unsigned i;

	for (i = 0; i < 7; i++)
		if (store(c, at + 4 * i, core_reg(c, order[i])) != BUS_OK)
			return false;
	xpsr = (xpsr & ~XPSR_ALIGN) | XPSR_T | (sp & 4 ? XPSR_ALIGN : 0);
	if (store(c, at + 28, xpsr) != BUS_OK)
		return false;
	core_set_reg(c, CORE_SP, at);
	return true;
}

static uint32_t exc_return_value(struct core *c)
{
	if (core_reg(c, CORE_XPSR) & XPSR_IPSR)
		return 0xfffffff1;
	return core_reg(c, CORE_SPECIAL) >> 24 & CONTROL_SPSEL ? 0xfffffffd : 0xfffffff9;
}

static void enter_handler(struct core *c, unsigned exception, uint32_t lr, uint32_t vector)
{
	uint32_t special = core_reg(c, CORE_SPECIAL);
	uint32_t xpsr = core_reg(c, CORE_XPSR);

	set_bit(c->pending, exception, false);
	set_bit(c->active, exception, true);
	core_set_reg(c, CORE_XPSR, (xpsr & XPSR_FLAGS) | XPSR_T | exception);
	core_set_reg(c, CORE_SPECIAL, special & ~(CONTROL_SPSEL << 24));
	core_set_reg(c, CORE_LR, lr);
	core_set_reg(c, CORE_PC, vector & ~1u);
}

/* Whether the debugger wants to see this exception before its handler runs. */
static bool is_caught(const struct core *c, unsigned exception, uint32_t cfsr)
{
	uint32_t wanted = 0;

	if (exception == EXC_HARD)
		wanted |= DEMCR_VC_HARDERR;
	if (cfsr & 0xff)
		wanted |= DEMCR_VC_MMERR;
	if (cfsr & 0xff00)
		wanted |= DEMCR_VC_BUSERR;
	if (cfsr & CFSR_NOCP)
		wanted |= DEMCR_VC_NOCPERR;
	if (cfsr & (CFSR_UNDEFINSTR | CFSR_INVSTATE | CFSR_INVPC))
		wanted |= DEMCR_VC_STATERR;
	return c->dhcsr & DHCSR_DEBUGEN && c->demcr & wanted;
}

static void take(struct core *c, unsigned exception, uint32_t cfsr)
{
	uint32_t lr = exc_return_value(c), vector = 0;

	if (!push_frame(c)) {
		c->cfsr |= CFSR_STKERR;
		if (exception == EXC_HARD) {
			lock_up(c);
			return;
		}
		set_bit(c->pending, exception, false);
		c->hfsr |= HFSR_FORCED;
		exception = EXC_HARD;
	}
	c->no_thumb = false;
	if (load(c, BUS_FETCH, c->vtor + 4 * exception, &vector) != BUS_OK || !(vector & 1)) {
		c->hfsr |= HFSR_VECTTBL;
		lock_up(c);
		return;
	}
	enter_handler(c, exception, lr, vector);
	if (is_caught(c, exception, cfsr))
		core_halt(c, DFSR_VCATCH);
}

void core_take(struct core *c, unsigned exception)
{
	take(c, exception, 0);
}

static void pop_frame(struct core *c)
{
	static const unsigned order[] = { 0, 1, 2, 3, 12, CORE_LR, CORE_PC };
	uint32_t at = core_reg(c, CORE_SP), value = 0, xpsr = XPSR_T;
	unsigned i;

	for (i = 0; i < 7; i++) {
		if (load(c, BUS_CORE, at + 4 * i, &value) != BUS_OK) {
			core_fault(c, EXC_BUS, CFSR_UNSTKERR, 0);
			return;
		}
		core_set_reg(c, order[i], value);
	}
	load(c, BUS_CORE, at + 28, &xpsr);
	core_set_reg(c, CORE_SP, at + FRAME_BYTES + (xpsr & XPSR_ALIGN ? 4 : 0));
	core_set_reg(c, CORE_XPSR, (xpsr & ~XPSR_ALIGN) | XPSR_T);
}

void core_return(struct core *c)
{
	uint32_t how = core_reg(c, CORE_PC) & 0xf, special = core_reg(c, CORE_SPECIAL);
	unsigned exception = core_reg(c, CORE_XPSR) & XPSR_IPSR;
	uint32_t xpsr = core_reg(c, CORE_XPSR);

	if (!exception) {
		core_fault(c, EXC_USAGE, CFSR_INVPC, 0);
		return;
	}
	set_bit(c->active, exception, false);
	/* A return to thread mode unmasks what FAULTMASK held back (B1.5.8). */
	special &= ~0x10000u;
	core_set_reg(c, CORE_XPSR, xpsr & ~XPSR_IPSR);
	core_set_reg(c, CORE_SPECIAL,
		     (how & 4) ? special | CONTROL_SPSEL << 24 : special & ~(CONTROL_SPSEL << 24));
	pop_frame(c);
}

/* ---- faults ---- */

static bool is_enabled(const struct core *c, unsigned exception)
{
	switch (exception) {
	case EXC_MEM:
		return c->shcsr & SHCSR_MEMFAULTENA;
	case EXC_BUS:
		return c->shcsr & SHCSR_BUSFAULTENA;
	case EXC_USAGE:
		return c->shcsr & SHCSR_USGFAULTENA;
	default:
		return true;
	}
}

void core_fault(struct core *c, unsigned exception, uint32_t cfsr, uint32_t addr)
{
	int now = current_priority(c);

	if (c->row->level > THUMB_V6M) {
		c->cfsr |= cfsr;
		if (cfsr & CFSR_BFARVALID)
			c->bfar = addr;
	}
	if (exception != EXC_HARD && (c->row->level == THUMB_V6M || !is_enabled(c, exception) ||
				      priority_of(c, exception) >= now)) {
		exception = EXC_HARD;
		c->hfsr |= HFSR_FORCED;
	} else if (exception == EXC_HARD) {
		c->hfsr |= HFSR_DEBUGEVT;
	}
	if (exception == EXC_HARD && now <= -1)
		lock_up(c);
	else
		take(c, exception, cfsr);
}

/* Fetch stack and start address from where the vector table is after a reset. */
void core_exc_reset(struct core *c)
{
	uint32_t sp = 0, pc = 0;
	bool good = load(c, BUS_FETCH, c->vtor, &sp) == BUS_OK &&
		    load(c, BUS_FETCH, c->vtor + 4, &pc) == BUS_OK;
	unsigned i;

	for (i = 0; i < sizeof(c->pending) / sizeof(c->pending[0]); i++) {
		c->pending[i] = 0;
		c->active[i] = 0;
	}
	for (i = 0; i < CORE_IRQS / 32; i++)
		c->enabled[i] = 0;
	core_set_reg(c, CORE_SPECIAL, 0);
	core_set_reg(c, CORE_XPSR, XPSR_T);
	core_set_reg(c, CORE_MSP, sp & ~3u);
	core_set_reg(c, CORE_LR, 0xffffffff);
	core_set_reg(c, CORE_PC, pc & ~1u);
	c->no_thumb = !(pc & 1);
	if (!good) {
		c->hfsr |= HFSR_VECTTBL;
		lock_up(c);
	}
}
