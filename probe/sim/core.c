/* The states of a core, and its run loop. */
#include "probe/sim/core.h"

#include <assert.h>

/* How much of a long wait a busy core really executes; the rest of the time it gets for nothing. */
#define INSTRUCTIONS_PER_RUN 4000000

bool core_has_fpu(const struct core *c)
{
	return c->row->level >= THUMB_FPU;
}

bool core_executes(const struct core *c)
{
	return !c->held && !c->halted && !c->locked_up && c->sleep == CORE_AWAKE;
}

void core_init(struct core *c, const struct core_row *row, const struct core_bus *bus)
{
	*c = (struct core){ .row = row, .bus = *bus, .hz = 8000000, .held = true };
	core_uc_open(c);
}

void core_done(struct core *c)
{
	core_uc_close(c);
}

void core_map(struct core *c, uint32_t base, uint32_t size, uint8_t *at, bool flash)
{
	assert(c->n_maps < CORE_MAPS_MAX);
	c->map[c->n_maps] =
		(struct core_map){ .base = base, .size = size, .at = at, .flash = flash };
	core_uc_map(c, &c->map[c->n_maps++]);
}

/* ---- resets ---- */

void core_hold(struct core *c, uint64_t now_ns)
{
	c->held = true;
	c->halted = false;
	c->locked_up = false;
	c->sleep = CORE_AWAKE;
	c->dhcsr &= ~(DHCSR_HALT | DHCSR_STEP);
	c->yield = true;
	if (c->now_ns < now_ns)
		c->now_ns = now_ns;
}

void core_power_on(struct core *c, uint64_t now_ns)
{
	core_hold(c, now_ns);
	core_debug_power_on(c);
}

void core_release(struct core *c, uint64_t now_ns)
{
	bool stay = c->dhcsr & DHCSR_DEBUGEN;

	assert(c->held);
	if (c->now_ns < now_ns)
		c->now_ns = now_ns;
	c->held = false;
	c->reset_seen = true;
	core_scs_reset(c);
	core_exc_reset(c);
	if (stay && c->demcr & DEMCR_VC_CORERESET)
		core_halt(c, DFSR_VCATCH);
	else if (stay && c->dhcsr & DHCSR_HALT)
		core_halt(c, DFSR_HALTED);
}

/* ---- running ---- */

static uint32_t op_bytes(struct core *c)
{
	struct bus_access a = { .addr = core_reg(c, CORE_PC) & ~1u,
				.size = 2,
				.master = BUS_FETCH };
	unsigned i;

	for (i = 0; i < c->n_maps; i++) {
		const struct core_map *m = &c->map[i];

		if (a.addr - m->base < m->size) {
			const uint8_t *at = m->at + (a.addr - m->base);

			return thumb_is_wide((uint16_t)(at[0] | at[1] << 8)) ? 4 : 2;
		}
	}
	return 2;
}

static void step_over(struct core *c)
{
	core_set_reg(c, CORE_PC, core_reg(c, CORE_PC) + op_bytes(c));
}

static void act(struct core *c, enum core_stop why)
{
	switch (why) {
	case CORE_STOP_TIME:
	case CORE_STOP_YIELD:
		break;
	case CORE_STOP_BKPT:
		if (c->dhcsr & DHCSR_DEBUGEN)
			core_halt(c, DFSR_BKPT);
		else
			core_fault(c, EXC_HARD, 0, 0);
		break;
	case CORE_STOP_BREAKPOINT:
		core_halt(c, DFSR_BKPT);
		break;
	case CORE_STOP_SVC:
		step_over(c);
		core_pend(c, EXC_SVC);
		break;
	case CORE_STOP_WFI:
		step_over(c);
		c->sleep = c->scr & SCR_SLEEPDEEP ? CORE_DEEP : CORE_SLEEPING;
		c->yield = true; /* the chip's clocks follow */
		break;
	case CORE_STOP_UNDEFINED:
		core_fault(c, EXC_USAGE, CFSR_UNDEFINSTR, 0);
		break;
	case CORE_STOP_NOCP:
		core_fault(c, EXC_USAGE, CFSR_NOCP, 0);
		break;
	case CORE_STOP_DATA_FAULT:
		core_fault(c, EXC_BUS, CFSR_PRECISERR | CFSR_BFARVALID, c->slice.fault_addr);
		break;
	case CORE_STOP_FETCH_FAULT:
		core_fault(c, EXC_BUS, CFSR_IBUSERR, 0);
		break;
	case CORE_STOP_FORBIDDEN:
		core_fault(c, EXC_MEM, CFSR_IACCVIOL, 0);
		break;
	case CORE_STOP_EXC_RETURN:
		core_return(c);
		break;
	}
}

/* One stretch of instructions, until something has to be looked at. */
static void run_slice(struct core *c, uint64_t until_ns, uint64_t *instructions_left)
{
	bool step = c->dhcsr & DHCSR_STEP;
	struct core_slice *s = &c->slice;
	enum core_stop why;

	s->start_ns = c->now_ns;
	s->used = 0;
	s->instructions = 0;
	s->budget = (until_ns - c->now_ns) * c->hz / (NS_PER_S / 8) + 1;
	s->instructions_max = step ? 1 : *instructions_left;
	why = core_uc_run(c);
	if (s->instructions) {
		c->retired += s->instructions;
		c->retire_seen = true;
	}
	*instructions_left -=
		s->instructions < *instructions_left ? s->instructions : *instructions_left;
	act(c, why);
	if (step && core_executes(c) && s->instructions)
		core_halt(c, DFSR_HALTED);
}

static void wake(struct core *c)
{
	if (c->sleep == CORE_SLEEPING && core_next_exception(c))
		c->sleep = CORE_AWAKE;
}

void core_run(struct core *c, uint64_t until_ns)
{
	uint64_t left = INSTRUCTIONS_PER_RUN;
	unsigned exception;

	c->yield = false;
	while (c->now_ns < until_ns && !c->yield) {
		core_systick(c);
		wake(c);
		if (!core_executes(c) || !left) {
			c->now_ns = until_ns;
			break;
		}
		exception = core_next_exception(c);
		if (exception)
			core_take(c, exception);
		else if (c->no_thumb)
			core_fault(c, EXC_USAGE, CFSR_INVSTATE, 0);
		if (core_executes(c))
			run_slice(c, until_ns, &left);
	}
}

void core_memory_changed(struct core *c, uint32_t addr, uint32_t len)
{
	core_uc_forget(c, addr, len);
}

enum bus_answer core_ppb(struct core *c, struct bus_access *a)
{
	if (core_debug_reg(c, a) || core_scs_reg(c, a) || core_ppb_reg(c, a))
		return BUS_OK;
	if (!a->write)
		a->value = 0;
	return BUS_OK;
}
