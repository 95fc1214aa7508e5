/* The system control space without its debug part: SysTick, NVIC, SCB (ARMv7-M ARM B3). */
#include "probe/sim/core.h"

#define SCS	  0xe000e000u
#define SCS_BYTES 0x00001000u

enum {
	ICTR = 0x004,
	SYST_CSR = 0x010,
	SYST_RVR = 0x014,
	SYST_CVR = 0x018,
	SYST_CALIB = 0x01c,
	ISER = 0x100,
	ICER = 0x180,
	ISPR = 0x200,
	ICPR = 0x280,
	IABR = 0x300,
	IPR = 0x400,
	IPR_END = 0x400 + CORE_IRQS,
	CPUID = 0xd00,
	ICSR = 0xd04,
	VTOR = 0xd08,
	AIRCR = 0xd0c,
	SCR = 0xd10,
	CCR = 0xd14,
	SHPR1 = 0xd18,
	SHPR3 = 0xd20,
	SHCSR = 0xd24,
	CFSR = 0xd28,
	HFSR = 0xd2c,
	MMFAR = 0xd34,
	BFAR = 0xd38,
	CLIDR = 0xd78,
	CTR = 0xd7c,
	CPACR = 0xd88,
	MVFR0 = 0xf40,
	MVFR2 = 0xf48,
};

#define SYST_ENABLE    0x1u
#define SYST_TICKINT   0x2u
#define SYST_COUNTFLAG 0x10000u

#define AIRCR_KEY	  0x05fa0000u
#define AIRCR_READS	  0xfa050000u
#define AIRCR_SYSRESETREQ 0x4u

#define ICSR_NMIPENDSET 0x80000000u
#define ICSR_PENDSVSET	0x10000000u
#define ICSR_PENDSVCLR	0x08000000u
#define ICSR_PENDSTSET	0x04000000u
#define ICSR_PENDSTCLR	0x02000000u

void core_scs_reset(struct core *c)
{
	unsigned i;

	c->vtor = c->vtor_at_reset;
	c->scr = 0;
	c->ccr = c->row->level == THUMB_V6M ? 0x208 : 0x200;
	c->shcsr = 0;
	c->cfsr = 0;
	c->hfsr = 0;
	c->cpacr = 0;
	c->prigroup = 0;
	c->systick_ctrl = 0;
	c->systick_load = 0;
	mpu_reset(&c->mpu);
	for (i = 0; i < sizeof(c->priority); i++)
		c->priority[i] = 0;
}

/* ---- SysTick ---- */

static uint64_t systick_period_ns(const struct core *c)
{
	return ((uint64_t)c->systick_load + 1) * NS_PER_S / c->hz;
}

static bool systick_runs(const struct core *c)
{
	return c->systick_ctrl & SYST_ENABLE && c->systick_load && !c->held && !c->halted &&
	       c->sleep != CORE_DEEP;
}

uint64_t core_next_event(const struct core *c)
{
	if (!systick_runs(c) || !(c->systick_ctrl & SYST_TICKINT))
		return UINT64_MAX;
	return c->systick_from_ns + systick_period_ns(c);
}

void core_systick(struct core *c)
{
	uint64_t period;

	if (!systick_runs(c))
		return;
	period = systick_period_ns(c);
	if (c->now_ns < c->systick_from_ns + period)
		return;
	c->systick_from_ns = c->now_ns - (c->now_ns - c->systick_from_ns) % period;
	c->systick_ctrl |= SYST_COUNTFLAG;
	if (c->systick_ctrl & SYST_TICKINT)
		core_pend(c, EXC_SYSTICK);
}

static uint32_t systick_value(struct core *c)
{
	uint64_t ticks = (core_time(c) - c->systick_from_ns) * c->hz / NS_PER_S;

	if (!systick_runs(c))
		return 0;
	return c->systick_load - (uint32_t)(ticks % ((uint64_t)c->systick_load + 1));
}

static void write_systick(struct core *c, uint32_t off, uint32_t value)
{
	if (off == SYST_CSR)
		c->systick_ctrl = value & 7;
	else if (off == SYST_RVR)
		c->systick_load = value & 0xffffff;
	else
		c->systick_ctrl &= ~SYST_COUNTFLAG;
	c->systick_from_ns = core_time(c);
	c->yield = true;
}

static uint32_t read_systick(struct core *c, uint32_t off)
{
	uint32_t value = c->systick_ctrl;

	if (off == SYST_RVR)
		return c->systick_load;
	if (off == SYST_CVR)
		return systick_value(c);
	c->systick_ctrl &= ~SYST_COUNTFLAG;
	return value;
}

/* ---- NVIC ---- */

/* Exceptions 16 and up lie 16 bits into the word-wise arrays that hold all exceptions. */
static void irq_bits(uint32_t *exceptions, unsigned word, uint32_t bits, bool set)
{
	unsigned i;

	for (i = 0; i < 32; i++) {
		unsigned n = EXC_IRQ0 + 32 * word + i;

		if (!(bits >> i & 1) || n >= EXC_IRQ0 + CORE_IRQS)
			continue;
		if (set)
			exceptions[n / 32] |= (uint32_t)1 << (n % 32);
		else
			exceptions[n / 32] &= ~((uint32_t)1 << (n % 32));
	}
}

static uint32_t irq_word(const uint32_t *exceptions, unsigned word)
{
	return exceptions[word] >> 16 | exceptions[word + 1] << 16;
}

static void write_nvic(struct core *c, uint32_t off, uint32_t value)
{
	unsigned word = (off & 0x7f) / 4;

	if (word >= CORE_IRQS / 32)
		return;
	if (off >= ICPR)
		irq_bits(c->pending, word, value, false);
	else if (off >= ISPR)
		irq_bits(c->pending, word, value, true);
	else if (off >= ICER)
		c->enabled[word] &= ~value;
	else
		c->enabled[word] |= value;
	c->yield = true;
}

static uint32_t read_nvic(const struct core *c, uint32_t off)
{
	unsigned word = (off & 0x7f) / 4;

	if (word >= CORE_IRQS / 32)
		return 0;
	if (off >= IABR)
		return irq_word(c->active, word);
	return off >= ISPR ? irq_word(c->pending, word) : c->enabled[word];
}

/* Priorities are bytes; STM32 implement the upper four bits (v6-M: two). */
static void write_priority(struct core *c, unsigned first, const struct bus_access *a)
{
	uint8_t bits = c->row->level == THUMB_V6M ? 0xc0 : 0xf0;
	unsigned i;

	for (i = 0; i < a->size; i++)
		c->priority[first + i] = (uint8_t)(a->value >> (8 * i)) & bits;
}

static uint32_t read_priority(const struct core *c, unsigned first)
{
	return c->priority[first] | (uint32_t)c->priority[first + 1] << 8 |
	       (uint32_t)c->priority[first + 2] << 16 | (uint32_t)c->priority[first + 3] << 24;
}

/* ---- SCB ---- */

static void write_icsr(struct core *c, uint32_t value)
{
	if (value & ICSR_NMIPENDSET)
		core_pend(c, EXC_NMI);
	if (value & ICSR_PENDSVSET)
		core_pend(c, EXC_PENDSV);
	if (value & ICSR_PENDSTSET)
		core_pend(c, EXC_SYSTICK);
	if (value & ICSR_PENDSVCLR)
		c->pending[0] &= ~((uint32_t)1 << EXC_PENDSV);
	if (value & ICSR_PENDSTCLR)
		c->pending[0] &= ~((uint32_t)1 << EXC_SYSTICK);
}

static uint32_t read_icsr(struct core *c)
{
	uint32_t value = core_reg(c, CORE_XPSR) & 0x1ff;

	if (c->pending[0] >> EXC_PENDSV & 1)
		value |= ICSR_PENDSVSET;
	if (c->pending[0] >> EXC_SYSTICK & 1)
		value |= ICSR_PENDSTSET;
	return value;
}

static void write_aircr(struct core *c, uint32_t value)
{
	if ((value & 0xffff0000) != AIRCR_KEY)
		return;
	c->prigroup = value & 0x700;
	if (value & AIRCR_SYSRESETREQ)
		c->bus.reset_wanted(c->bus.user);
}

static void write_scb(struct core *c, uint32_t off, uint32_t value)
{
	bool v7 = c->row->level > THUMB_V6M;

	switch (off) {
	case ICSR:
		write_icsr(c, value);
		break;
	case VTOR:
		c->vtor = value & 0xffffff80;
		break;
	case AIRCR:
		write_aircr(c, value);
		break;
	case SCR:
		c->scr = value & 0x16;
		break;
	case CCR:
		c->ccr = v7 ? value & 0x7031b : c->ccr;
		break;
	case SHCSR:
		c->shcsr = v7 ? value & 0x70000 : 0;
		break;
	case CFSR:
		c->cfsr &= ~value;
		break;
	case HFSR:
		c->hfsr &= ~value;
		break;
	case CPACR:
		c->cpacr = core_has_fpu(c) ? value & 0x00f00000 : 0;
		break;
	default:
		break;
	}
}

static uint32_t read_scb(struct core *c, uint32_t off)
{
	switch (off) {
	case CPUID:
		return c->row->cpuid;
	case ICSR:
		return read_icsr(c);
	case VTOR:
		return c->vtor;
	case AIRCR:
		return AIRCR_READS | c->prigroup;
	case SCR:
		return c->scr;
	case CCR:
		return c->ccr;
	case SHCSR:
		return c->shcsr;
	case CFSR:
		return c->cfsr;
	case HFSR:
		return c->hfsr;
	case MMFAR:
		return c->mmfar;
	case BFAR:
		return c->bfar;
	case CLIDR:
		return c->row->clidr;
	case CTR:
		return c->row->ctr;
	case CPACR:
		return c->cpacr;
	default:
		return off >= MVFR0 && off <= MVFR2 ? c->row->mvfr[(off - MVFR0) / 4] : 0;
	}
}

static void write_reg(struct core *c, uint32_t off, const struct bus_access *a)
{
	if (off >= SYST_CSR && off <= SYST_CVR)
		write_systick(c, off, a->value);
	else if (off >= ISER && off < IABR)
		write_nvic(c, off, a->value);
	else if (off >= IPR && off + a->size <= IPR_END)
		write_priority(c, EXC_IRQ0 + off - IPR, a);
	else if (off >= SHPR1 && off + a->size <= SHPR3 + 4)
		write_priority(c, 4 + off - SHPR1, a);
	else if (!mpu_write(&c->mpu, off, a->value))
		write_scb(c, off, a->value);
}

static uint32_t read_reg(struct core *c, uint32_t off)
{
	uint32_t value;

	if (off == ICTR)
		return CORE_IRQS / 32 - 1;
	if (off >= SYST_CSR && off <= SYST_CALIB)
		return read_systick(c, off);
	if (off >= ISER && off < IPR)
		return read_nvic(c, off);
	if (off >= IPR && off < IPR_END)
		return read_priority(c, EXC_IRQ0 + off - IPR);
	if (off >= SHPR1 && off <= SHPR3)
		return read_priority(c, 4 + off - SHPR1);
	return mpu_read(&c->mpu, off, &value) ? value : read_scb(c, off);
}

bool core_scs_reg(struct core *c, struct bus_access *a)
{
	uint32_t off = a->addr - SCS;

	if (off >= SCS_BYTES - 0x44) /* the component's identification: core_ppb.c */
		return false;
	if (a->write)
		write_reg(c, off, a);
	else
		a->value = read_reg(c, off & ~3u) >> (8 * (off & 3));
	return true;
}
