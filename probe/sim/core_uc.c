/*
 * The emulation of instructions: the only file that knows unicorn.
 *
 * A hook runs before every instruction. It counts time, keeps instructions away that the core
 * lacks, and stops before those that the rest of the core model has to act on, so that the
 * registers are always those of an instruction's border. Stores into flash are made by unicorn
 * first and undone at once, because only the flash controller knows what they do.
 */
#include "probe/sim/core.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <unicorn/unicorn.h>

#include "probe/base/bytes.h"

#define NARROW_OPS	    65536
#define PERIPHERALS	    0x40000000u
#define PERIPHERALS_BYTES   0x20000000u
#define SYSTEM_MEMORY	    0x1ff00000u
#define SYSTEM_MEMORY_BYTES 0x00100000u
#define PPB		    0xe0000000u
#define PPB_BYTES	    0x00100000u
#define EXC_RETURN_MIN	    0xf0000000u
#define NEVER_REACHED	    0xfffffffeu

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

/* ---- time ---- */

uint64_t core_time(const struct core *c)
{
	if (!c->slice.running)
		return c->now_ns;
	return c->slice.start_ns + c->slice.used * (NS_PER_S / 8) / c->hz;
}

/* The bus answered late: the core stood still until then. */
static void stall_until(struct core *c, uint64_t ready_ns)
{
	uint64_t at = core_time(c);

	if (ready_ns > at)
		c->slice.used += (ready_ns - at) * 8 * c->hz / NS_PER_S + 1;
}

static void stop(struct core *c, enum core_stop why)
{
	if (c->slice.why == CORE_STOP_TIME)
		c->slice.why = why;
	uc_emu_stop(c->uc);
}

static void fault_at(struct core *c, uint32_t addr)
{
	c->slice.fault_addr = addr;
	stop(c, CORE_STOP_DATA_FAULT);
}

static uint32_t ask_bus(struct core *c, uint32_t addr, unsigned size, bool write, uint32_t value)
{
	struct bus_access a = { .addr = addr,
				.size = size,
				.write = write,
				.value = value,
				.master = BUS_CORE,
				.now_ns = core_time(c),
				.ready_ns = core_time(c) };
	enum bus_answer answer = addr >= PPB && addr < PPB + PPB_BYTES
					 ? core_ppb(c, &a)
					 : c->bus.access(c->bus.user, &a);

	stall_until(c, a.ready_ns);
	if (answer == BUS_FAULT)
		fault_at(c, addr);
	return a.value;
}

/* ---- stores into flash ---- */

static const struct core_map *map_at(const struct core *c, uint32_t addr)
{
	unsigned i;

	for (i = 0; i < c->n_maps; i++)
		if (addr - c->map[i].base < c->map[i].size)
			return &c->map[i];
	return NULL;
}

static void put_bytes(uint8_t *at, uint32_t value, unsigned size)
{
	unsigned i;

	for (i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t get_bytes(const uint8_t *at, unsigned size)
{
	return size == 4 ? get_le32(at) : size == 2 ? get_le16(at) : *at;
}

static void finish_store(struct core *c)
{
	struct core_slice *s = &c->slice;
	const struct core_map *m;

	if (!s->store.pending)
		return;
	s->store.pending = false;
	m = map_at(c, s->store.addr);
	put_bytes(m->at + (s->store.addr - m->base), s->store.old, s->store.size);
	ask_bus(c, s->store.addr, s->store.size, true, s->store.value);
}

static void on_flash_write(uc_engine *uc, uc_mem_type type, uint64_t address, int size,
			   int64_t value, void *user)
{
	struct core *c = user;
	const struct core_map *m = map_at(c, (uint32_t)address);

	(void)uc, (void)type;
	finish_store(c); /* of the same instruction, if it stores several words */
	if (size > 4 || !m) {
		fault_at(c, (uint32_t)address);
		return;
	}
	c->slice.store.pending = true;
	c->slice.store.addr = (uint32_t)address;
	c->slice.store.size = (unsigned)size;
	c->slice.store.value = (uint32_t)value;
	c->slice.store.old = get_bytes(m->at + (address - m->base), (unsigned)size);
}

static void on_flash_read(uc_engine *uc, uc_mem_type type, uint64_t address, int size,
			  int64_t value, void *user)
{
	(void)uc, (void)type, (void)value;
	ask_bus(user, (uint32_t)address, (unsigned)size > 4 ? 4 : (unsigned)size, false, 0);
}

/* ---- the hook before every instruction ---- */

static bool may_go_on(struct core *c, uint32_t pc)
{
	struct core_slice *s = &c->slice;

	if (s->why != CORE_STOP_TIME) { /* the last instruction met a fault */
		uc_emu_stop(c->uc);
		return false;
	}
	if (s->it_left)
		return true;
	if (s->used >= s->budget || s->instructions >= s->instructions_max) {
		stop(c, CORE_STOP_TIME);
		return false;
	}
	if (c->yield) {
		stop(c, CORE_STOP_YIELD);
		return false;
	}
	if (c->fp_ctrl & 1 && core_stops_at(c, pc)) {
		stop(c, CORE_STOP_BREAKPOINT);
		return false;
	}
	return true;
}

static struct thumb_op op_at(struct core *c, uint32_t pc, uint32_t size)
{
	struct core_slice *s = &c->slice;
	const uint8_t *at;
	const struct thumb_op *known = c->narrow;

	if (!s->code || pc - s->code->base >= s->code->size)
		s->code = map_at(c, pc);
	if (!s->code) /* cannot be fetched; unicorn will say so */
		return known[0];
	at = s->code->at + (pc - s->code->base);
	return size == 2 ? known[get_le16(at)] : thumb_wide(get_le16(at), get_le16(at + 2));
}

/* `b .`: nothing will happen until something from outside does. */
static bool spins(const struct core *c, uint32_t pc, uint32_t size)
{
	const struct core_map *m = c->slice.code;

	return size == 2 && m && get_le16(m->at + (pc - m->base)) == 0xe7fe;
}

static enum core_stop acts_on(const struct core *c, struct thumb_op op)
{
	if (op.level > (unsigned)c->row->level)
		return op.level == THUMB_FPU ? CORE_STOP_NOCP : CORE_STOP_UNDEFINED;
	if (op.level == THUMB_FPU && (c->cpacr >> 20 & 0xf) != 0xf)
		return CORE_STOP_NOCP;
	switch (op.kind) {
	case THUMB_BKPT:
		return CORE_STOP_BKPT;
	case THUMB_SVC:
		return CORE_STOP_SVC;
	case THUMB_WFI:
	case THUMB_WFE:
		return CORE_STOP_WFI;
	case THUMB_UDF:
		return CORE_STOP_UNDEFINED;
	default:
		return CORE_STOP_TIME;
	}
}

static void charge(struct core *c, struct thumb_op op)
{
	const struct core_row *r = c->row;
	struct core_slice *s = &c->slice;

	if (op.kind != THUMB_IT) /* runs beside the instruction before it */
		s->used += r->cost[op.cost];
	if (op.cost == THUMB_STORE || op.cost == THUMB_MULTIPLE)
		s->poll.stored = true;
	if (op.cost == THUMB_MULTIPLE)
		s->used += (uint64_t)8 * op.words;
	if (s->code && !s->code->flash && s->code->base >= 0x20000000)
		s->used += r->ram_fetch;
	s->instructions++;
}

static void on_instruction(uc_engine *uc, uint64_t address, uint32_t size, void *user)
{
	struct core *c = user;
	struct core_slice *s = &c->slice;
	uint32_t pc = (uint32_t)address;
	struct thumb_op op;
	enum core_stop act;

	(void)uc;
	finish_store(c);
	if (s->next_pc && pc != s->next_pc)
		s->used += c->row->jump;
	if (!may_go_on(c, pc))
		return;
	op = op_at(c, pc, size);
	act = acts_on(c, op);
	s->last_pc = pc;
	s->next_pc = pc + size;
	if (act != CORE_STOP_TIME) {
		stop(c, act);
		return;
	}
	if (spins(c, pc, size) && !s->it_left && s->used < s->budget)
		s->used = s->budget;
	charge(c, op);
	if (op.kind == THUMB_IT)
		s->it_left = op.words;
	else if (s->it_left)
		s->it_left--;
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
		stop(user, CORE_STOP_EXC_RETURN);
	else if (number == UC_INTR_BKPT)
		stop(user, CORE_STOP_BKPT);
	else if (number == UC_INTR_SVC)
		stop(user, CORE_STOP_SVC);
	else
		stop(user, CORE_STOP_UNDEFINED);
}

static bool on_invalid(uc_engine *uc, void *user)
{
	(void)uc;
	stop(user, CORE_STOP_UNDEFINED);
	return false;
}

struct mmio { /* unicorn hands over offsets only */
	struct core *core;
	uint32_t base;
};

/* ---- loops that wait for a register ---- */

static bool same_state(struct core *c)
{
	unsigned i;
	bool same = true;

	for (i = 0; i <= CORE_PSP; i++) {
		uint32_t now = core_reg(c, i);

		same &= now == c->slice.poll.reg[i];
		c->slice.poll.reg[i] = now;
	}
	return same;
}

/*
 * The same instruction read the same value from the same register, with all of the core's registers
 * as they were and nothing stored in between: so it will go on until the register changes. Leave
 * out as many whole turns of the loop as fit before that.
 */
static void skip_waiting(struct core *c, uint32_t addr, uint32_t value)
{
	struct core_slice *s = &c->slice;
	bool repeats = s->poll.known && !s->poll.stored && s->poll.pc == s->last_pc &&
		       s->poll.addr == addr && s->poll.value == value;
	uint64_t turn = s->used - s->poll.used, end = s->budget, quiet_ns;

	if (repeats && same_state(c)) {
		quiet_ns = c->bus.quiet_until(c->bus.user);
		if (quiet_ns != UINT64_MAX && quiet_ns > s->start_ns) {
			uint64_t until = (quiet_ns - s->start_ns) * c->hz / (NS_PER_S / 8);

			end = until < end ? until : end;
		}
		if (turn && end > s->used)
			s->used += (end - s->used) / turn * turn;
	} else if (!repeats) {
		s->poll.reg[0] = ~core_reg(c, 0);
	}
	s->poll.known = true;
	s->poll.stored = false;
	s->poll.pc = s->last_pc;
	s->poll.addr = addr;
	s->poll.value = value;
	s->poll.used = s->used;
}

static uint64_t on_mmio_read(uc_engine *uc, uint64_t off, unsigned size, void *user)
{
	const struct mmio *m = user;
	uint32_t value = ask_bus(m->core, m->base + (uint32_t)off, size, false, 0);

	(void)uc;
	skip_waiting(m->core, m->base + (uint32_t)off, value);
	return value;
}

static void on_mmio_write(uc_engine *uc, uint64_t off, unsigned size, uint64_t value, void *user)
{
	const struct mmio *m = user;

	(void)uc;
	ask_bus(m->core, m->base + (uint32_t)off, size, true, (uint32_t)value);
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
	s->poll.known = false;
	if (pc >= EXC_RETURN_MIN) /* nothing can be fetched there, and unicorn would not say so */
		return CORE_STOP_FETCH_FAULT;
	s->running = true;
	rc = uc_emu_start(c->uc, pc | 1, NEVER_REACHED, 0, 0);
	finish_store(c);
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
	check(uc_hook_add(c->uc, &hook, UC_HOOK_MEM_WRITE, (void *)on_flash_write, c, begin, end));
	check(uc_hook_add(c->uc, &hook, UC_HOOK_MEM_READ, (void *)on_flash_read, c, begin, end));
}

static void map_mmio(struct core *c, unsigned slot, uint32_t base, uint32_t bytes)
{
	c->mmio[slot] = (struct mmio){ .core = c, .base = base };
	check(uc_mmio_map(c->uc, base, bytes, on_mmio_read, &c->mmio[slot], on_mmio_write,
			  &c->mmio[slot]));
}

void core_uc_open(struct core *c)
{
	uc_hook hook;
	unsigned op;

	c->narrow = malloc(NARROW_OPS * sizeof(c->narrow[0]));
	c->mmio = calloc(3, sizeof(c->mmio[0]));
	if (!c->narrow || !c->mmio)
		abort();
	for (op = 0; op < NARROW_OPS; op++)
		c->narrow[op] = thumb_narrow((uint16_t)op);
	check(uc_open(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS, &c->uc));
	check(uc_ctl_set_cpu_model(c->uc, c->row->unicorn_model));
	map_mmio(c, 0, PERIPHERALS, PERIPHERALS_BYTES);
	map_mmio(c, 1, SYSTEM_MEMORY, SYSTEM_MEMORY_BYTES);
	map_mmio(c, 2, PPB, PPB_BYTES);
	/* An empty range (begin after end) means everywhere. */
	check(uc_hook_add(c->uc, &hook, UC_HOOK_CODE, (void *)on_instruction, c, 1, 0));
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
