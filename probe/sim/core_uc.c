/* Instructions and registers by unicorn. */
#include "probe/sim/core_uc.h"

#include <stdlib.h>

#define NARROW_OPS     65536
#define EXC_RETURN_MIN 0xf0000000u
#define NEVER_REACHED  0xfffffffeu

static const int reg_ids[] = {
	UC_ARM_REG_R0,	UC_ARM_REG_R1,	 UC_ARM_REG_R2,	 UC_ARM_REG_R3,	 UC_ARM_REG_R4,
	UC_ARM_REG_R5,	UC_ARM_REG_R6,	 UC_ARM_REG_R7,	 UC_ARM_REG_R8,	 UC_ARM_REG_R9,
	UC_ARM_REG_R10, UC_ARM_REG_R11,	 UC_ARM_REG_R12, UC_ARM_REG_SP,	 UC_ARM_REG_LR,
	UC_ARM_REG_PC,	UC_ARM_REG_XPSR, UC_ARM_REG_MSP, UC_ARM_REG_PSP,
};

static uint32_t reg_read(struct core *c, int id)
{
	uint32_t value = 0;

	uc_reg_read(c->uc, id, &value);
	return value;
}

static void reg_write(struct core *c, int id, uint32_t value)
{
	uc_reg_write(c->uc, id, &value);
}

/* ---- registers ---- */

uint32_t core_reg(struct core *c, unsigned number)
{
	if (number <= CORE_PSP)
		return reg_read(c, reg_ids[number]);
	if (number == CORE_SPECIAL)
		return reg_read(c, UC_ARM_REG_CONTROL) << 24 |
		       (reg_read(c, UC_ARM_REG_FAULTMASK) & 1) << 16 |
		       (reg_read(c, UC_ARM_REG_BASEPRI) & 0xff) << 8 |
		       (reg_read(c, UC_ARM_REG_PRIMASK) & 1);
	if (!core_has_fpu(c))
		return 0;
	if (number == CORE_FPSCR)
		return reg_read(c, UC_ARM_REG_FPSCR);
	if (number >= CORE_S0 && number <= CORE_S31)
		return reg_read(c, UC_ARM_REG_S0 + (int)(number - CORE_S0));
	return 0;
}

void core_set_reg(struct core *c, unsigned number, uint32_t value)
{
	if (number == CORE_PC)
		value |= 1; /* unicorn leaves Thumb state otherwise */
	if (number <= CORE_PSP) {
		reg_write(c, reg_ids[number], value);
	} else if (number == CORE_SPECIAL) {
		reg_write(c, UC_ARM_REG_CONTROL, value >> 24 & 3);
		reg_write(c, UC_ARM_REG_FAULTMASK, value >> 16 & 1);
		reg_write(c, UC_ARM_REG_BASEPRI, value >> 8 & 0xff);
		reg_write(c, UC_ARM_REG_PRIMASK, value & 1);
	} else if (core_has_fpu(c) && number == CORE_FPSCR) {
		reg_write(c, UC_ARM_REG_FPSCR, value);
	} else if (core_has_fpu(c) && number >= CORE_S0 && number <= CORE_S31) {
		reg_write(c, UC_ARM_REG_S0 + (int)(number - CORE_S0), value);
	}
}

/* ---- what unicorn reports ---- */

static bool on_unmapped(uc_engine *uc, uc_mem_type type, uint64_t address, int size, int64_t value,
			void *user)
{
	struct core *c = user;

	(void)uc, (void)size, (void)value;
	c->slice.fault_addr = (uint32_t)address;
	if (type == UC_MEM_FETCH_UNMAPPED || type == UC_MEM_FETCH_PROT)
		c->slice.why =
			address >= EXC_RETURN_MIN ? CORE_STOP_EXC_RETURN : CORE_STOP_FETCH_FAULT;
	else
		c->slice.why = CORE_STOP_DATA_FAULT;
	return false;
}

#define UC_INTR_SVC	   2
#define UC_INTR_BKPT	   7
#define UC_INTR_EXC_RETURN 8

static void on_interrupt(uc_engine *uc, uint32_t number, void *user)
{
	(void)uc;
	if (number == UC_INTR_EXC_RETURN)
		core_uc_stop(user, CORE_STOP_EXC_RETURN);
	else if (number == UC_INTR_BKPT)
		core_uc_stop(user, CORE_STOP_BKPT);
	else if (number == UC_INTR_SVC)
		core_uc_stop(user, CORE_STOP_SVC);
	else
		core_uc_stop(user, CORE_STOP_UNDEFINED);
}

static bool on_invalid(uc_engine *uc, void *user)
{
	(void)uc;
	core_uc_stop(user, CORE_STOP_UNDEFINED);
	return false;
}

/* ---- running ---- */

enum core_stop core_uc_run(struct core *c)
{
	struct core_slice *s = &c->slice;
	uint32_t pc = core_reg(c, CORE_PC);
	uc_err rc;

	s->why = CORE_STOP_TIME;
	s->next_pc = 0;
	s->it_left = 0;
	s->code = NULL;
	s->line = 0;
	s->read.known = s->write.known = false;
	if (pc >= EXC_RETURN_MIN) /* nothing can be fetched there, and unicorn would not say so */
		return CORE_STOP_FETCH_FAULT;
	s->running = true;
	rc = uc_emu_start(c->uc, pc | 1, NEVER_REACHED, 0, 0);
	core_uc_finish_access(c);
	c->now_ns = core_time(c);
	s->running = false;
	if (rc == UC_ERR_EXCEPTION && s->why == CORE_STOP_TIME)
		s->why = CORE_STOP_UNDEFINED;
	if (s->why == CORE_STOP_TIME && core_reg(c, CORE_PC) >= EXC_RETURN_MIN)
		s->why = CORE_STOP_EXC_RETURN;
	if (s->why == CORE_STOP_DATA_FAULT)
		core_set_reg(c, CORE_PC, s->last_pc);
	return s->why;
}

void core_uc_forget(struct core *c, uint32_t addr, uint32_t len)
{
	uc_ctl_remove_cache(c->uc, addr, (uint64_t)addr + len);
}

static void check(uc_err rc)
{
	if (rc != UC_ERR_OK)
		abort();
}

void core_uc_map(struct core *c, const struct core_map *m)
{
	uint64_t begin = m->base, end = begin + m->size - 1;
	uc_hook hook;

	check(uc_mem_map_ptr(c->uc, begin, (m->size + 0xfff) & ~0xfffu, UC_PROT_ALL, m->at));
	if (!m->flash)
		return;
	check(uc_hook_add(c->uc, &hook, UC_HOOK_MEM_WRITE, (void *)core_uc_on_flash_write, c, begin,
			  end));
	check(uc_hook_add(c->uc, &hook, UC_HOOK_MEM_READ, (void *)core_uc_on_flash_read, c, begin,
			  end));
}

static void map_mmio(struct core *c, unsigned slot, uint32_t base, uint32_t bytes)
{
	c->mmio[slot] = (struct mmio){ .core = c, .base = base };
	check(uc_mmio_map(c->uc, base, bytes, core_uc_on_mmio_read, &c->mmio[slot],
			  core_uc_on_mmio_write, &c->mmio[slot]));
}

void core_uc_open(struct core *c)
{
	uc_hook hook;
	unsigned op;

	c->narrow = malloc(NARROW_OPS * sizeof(c->narrow[0]));
	c->mmio = calloc(CORE_MMIOS, sizeof(c->mmio[0]));
	if (!c->narrow || !c->mmio)
		abort();
	for (op = 0; op < NARROW_OPS; op++)
		c->narrow[op] = thumb_narrow((uint16_t)op);
	check(uc_open(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS, &c->uc));
	check(uc_ctl_set_cpu_model(c->uc, c->row->unicorn_model));
	map_mmio(c, 0, CORE_PERIPHERALS, CORE_PERIPHERALS_BYTES);
	map_mmio(c, 1, CORE_SYSTEM_MEMORY, CORE_SYSTEM_MEMORY_BYTES);
	map_mmio(c, 2, CORE_PPB, CORE_PPB_BYTES);
	/* An empty range (begin after end) means everywhere. */
	check(uc_hook_add(c->uc, &hook, UC_HOOK_CODE, (void *)core_uc_on_instruction, c, 1, 0));
	check(uc_hook_add(c->uc, &hook, UC_HOOK_MEM_INVALID, (void *)on_unmapped, c, 1, 0));
	check(uc_hook_add(c->uc, &hook, UC_HOOK_INTR, (void *)on_interrupt, c, 1, 0));
	check(uc_hook_add(c->uc, &hook, UC_HOOK_INSN_INVALID, (void *)on_invalid, c, 1, 0));
}

void core_uc_close(struct core *c)
{
	if (c->uc)
		uc_close(c->uc);
	free(c->narrow);
	free(c->mmio);
}
