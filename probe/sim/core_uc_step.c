/*
 * The hook before every instruction: counts time, keeps instructions away that the core lacks, and
 * stops before those that the rest of the core model has to act on, so that the registers are
 * always those of an instruction's border.
 */
#include "probe/sim/core_uc.h"

#include "probe/base/bytes.h"

/* Eighths of a cycle that an IT block may take; one that is left by a jump backwards never ends. */
#define IT_LONGEST 2048

/* ---- the hook before every instruction ---- */

static bool may_go_on(struct core *c, uint32_t pc)
{
	struct core_slice *s = &c->slice;

	if (s->why != CORE_STOP_TIME) { /* the last instruction met a fault */
		uc_emu_stop(c->uc);
		return false;
	}
	if (s->it_left && s->used < s->budget + IT_LONGEST)
		return true;
	if (s->used >= s->budget || s->instructions >= s->instructions_max) {
		core_uc_stop(c, CORE_STOP_TIME);
		return false;
	}
	if (c->yield) {
		core_uc_stop(c, CORE_STOP_YIELD);
		return false;
	}
	if (c->mpu.ctrl && mpu_forbids_fetch(&c->mpu, pc)) {
		core_uc_stop(c, CORE_STOP_FORBIDDEN);
		return false;
	}
	if (c->fp_ctrl & 1 && core_stops_at(c, pc)) {
		core_uc_stop(c, CORE_STOP_BREAKPOINT);
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
		s->code = core_uc_map_at(c, pc);
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
		s->read.stored = s->write.stored = true;
	if (op.cost == THUMB_MULTIPLE)
		s->used += (uint64_t)8 * op.words;
	if (s->code && !s->code->flash && s->code->base >= 0x20000000)
		s->used += r->ram_fetch;
	s->instructions++;
}

void core_uc_on_instruction(uc_engine *uc, uint64_t address, uint32_t size, void *user)
{
	struct core *c = user;
	struct core_slice *s = &c->slice;
	uint32_t pc = (uint32_t)address;
	struct thumb_op op;
	enum core_stop act;

	(void)uc;
	core_uc_finish_access(c);
	if (s->next_pc && pc != s->next_pc)
		s->used += c->row->jump;
	if (!may_go_on(c, pc))
		return;
	op = op_at(c, pc, size);
	act = acts_on(c, op);
	s->last_pc = pc;
	s->next_pc = pc + size;
	if (act != CORE_STOP_TIME) {
		core_uc_stop(c, act);
		return;
	}
	if (spins(c, pc, size) && !s->it_left && s->used < s->budget)
		s->used = s->budget;
	charge(c, op);
	if (s->code && s->code->flash && pc / CORE_LINE != s->line) {
		s->line = pc / CORE_LINE;
		c->bus.fetched(c->bus.user, pc);
	}
	if (op.kind == THUMB_IT)
		s->it_left = op.words;
	else if (s->it_left)
		s->it_left--;
}
