/* The loader's life: into RAM, running, looked at in trouble, stopped. See loader.h. */
#include <string.h>

#include "flash/loader_internal.h"
#include "probe/base/bytes.h"
#include "probe/cortexm.h"

#define SMALL_RAM     8192 /* below it slots and results are few */
#define PACE_AT_FIRST 0.8  /* rather a look too early than too late */
#define STACK_BYTES   64
#define REG_SP	      13
#define REG_PC	      15
#define REG_XPSR      16
#define XPSR_THUMB    (1U << 24)
#define FEED_KEY      0xaaaaU
#define FAILED_FLASH  1
#define BEAT_PAUSE_US 2000

static uint32_t overhead(const struct chip *c, uint32_t *ret_slots, uint32_t *ret_results)
{
	bool small = c->ram.bytes < SMALL_RAM;

	*ret_slots = small ? 16 : LOADER_SLOTS_MAX;
	*ret_results = small ? 32 : LOADER_RESULTS_MAX;
	return (uint32_t)loader_code_len + 4 * LOADER_WORDS + LOADER_SLOT_BYTES * *ret_slots +
	       4 * *ret_results + STACK_BYTES;
}

bool loader_fits(const struct chip *c)
{
	uint32_t slots, results, used = overhead(c, &slots, &results);

	return ctrl_of(c) && c->ram.bytes >= used + 2 * 256;
}

static void lay_out(struct loader *l, struct flash_session *s)
{
	const struct chip *c = s->chip;
	uint32_t at = c->ram.base + (uint32_t)loader_code_len;

	*l = (struct loader){
		.s = s, .idle = l->idle, .idle_user = l->idle_user, .pace = PACE_AT_FIRST
	};
	overhead(c, &l->n_slots, &l->n_results);
	l->mailbox = (at + 3) & ~3U;
	l->ring = l->mailbox + 4 * LOADER_WORDS;
	l->results = l->ring + LOADER_SLOT_BYTES * l->n_slots;
	l->data = (l->results + 4 * l->n_results + 7) & ~7U;
	l->data_bytes = (c->ram.base + c->ram.bytes - STACK_BYTES - l->data) & ~127U;
}

/* The mailbox and the first order, behind the code; the loader empties the ring behind that. */
static size_t fill(const struct loader *l, uint8_t *image)
{
	const struct flash_session *s = l->s;
	const struct chip *c = s->chip;
	uint32_t words[LOADER_WORDS] = {
		[LOADER_SLOT] = l->ring,
		[LOADER_SR] = ctrl_sr(c, 0),
		[LOADER_CR] = ctrl_cr(c, 0),
		[LOADER_BUSY] = ctrl_busy(c),
		[LOADER_WRONG] = s->ctrl->errors,
		[LOADER_CR_PROGRAM] = s->ctrl->program_cr(c, s->width),
		[LOADER_BLANK] = c->erased * 0x01010101U,
		[LOADER_GRANULE] = c->granule,
		[LOADER_CRC] = l->by_unit ? c->crc_regs : 0,
		[LOADER_FEED] = c->iwdg ? c->iwdg : l->mailbox + 4 * LOADER_STATE,
		[LOADER_FEED_KEY] = c->iwdg ? FEED_KEY : 0,
		[LOADER_RING] = l->ring,
		[LOADER_RING_END] = l->ring + LOADER_SLOT_BYTES * l->n_slots,
	};
	uint8_t *at = image + (l->mailbox - c->ram.base), *slot = image + (l->ring - c->ram.base);

	if (!s->ctrl->wide && s->width < 4)
		words[LOADER_BLANK] &= s->width == 2 ? 0xffffU : 0xffU;
	memset(image, 0, l->ring - c->ram.base);
	memcpy(image, loader_code, loader_code_len);
	for (size_t i = 0; i < LOADER_WORDS; i++)
		put_le32(at + 4 * i, words[i]);
	loader_pack_slot(&l->pending[0], slot);
	return l->ring + LOADER_SLOT_BYTES - c->ram.base;
}

/* What is read back must be what was written: a loader with a wrong bit would do anything. */
static int load(struct loader *l, struct err *e)
{
	uint8_t image[4096];
	struct flash_session *s = l->s;
	size_t len = fill(l, image);
	int rc = target_write(s->t, s->chip->ram.base, image, len, e);

	if (rc)
		return loader_link_failed(l, FAULT_STEP_LOADER, rc, e);
	return loader_place(l, s->chip->ram.base, image, (uint32_t)len, e);
}

static int run(struct loader *l, struct err *e)
{
	const struct chip *c = l->s->chip;
	struct target *t = l->s->t;
	int rc = target_core_write(t, 7, l->mailbox, e);

	if (!rc) /* a fault stops it, instead of running the program's handler */
		rc = cortexm_set_catch(t, CORTEXM_CATCH_FAULTS, e);
	if (!rc)
		rc = target_core_write(t, REG_SP, c->ram.base + c->ram.bytes, e);
	if (!rc)
		rc = target_core_write(t, REG_XPSR, XPSR_THUMB, e);
	if (!rc)
		rc = target_core_write(t, REG_PC, c->ram.base, e);
	if (!rc)
		rc = cortexm_run(t, true, e);
	return rc ? loader_link_failed(l, FAULT_STEP_LOADER, rc, e) : 0;
}

/*
 * The first order: the checksum of known bytes in RAM tells whether the unit does what is expected
 * of it. It is there before the loader runs, so that the ring is empty once this is done.
 */
static int order_own_sum(struct loader *l, uint32_t *ret_result, struct err *e)
{
	uint32_t len = (uint32_t)loader_code_len & ~3U;

	return loader_sum(l, FAULT_STEP_LOADER, l->s->chip->ram.base, len, 1, ret_result, e);
}

static int check_own_sum(struct loader *l, uint32_t result, bool *ret_right, struct err *e)
{
	uint32_t sum;
	int rc;

	l->sent = l->issued;
	l->current_since_us = l->seen_us = clock_now_us(l->s->t->clock);
	rc = loader_wait(l, l->issued, e);
	if (!rc)
		rc = loader_results(l, result, 1, &sum, e);
	if (!rc)
		*ret_right = sum == loader_crc(loader_code, loader_code_len & ~(size_t)3);
	return rc;
}

static int start(struct loader *l, struct flash_session *s, bool by_unit, bool *ret_right,
		 struct err *e)
{
	uint32_t result;
	int rc;

	lay_out(l, s);
	l->by_unit = by_unit;
	rc = order_own_sum(l, &result, e);
	if (!rc)
		rc = load(l, e);
	if (!rc)
		rc = run(l, e);
	s->loader_runs = !rc;
	return rc ? rc : check_own_sum(l, result, ret_right, e);
}

int loader_start(struct loader *l, struct flash_session *s, struct err *e)
{
	bool right = false;
	int rc = start(l, s, s->chip->crc_regs, &right, e);

	if (!rc && !right && l->by_unit) {
		rc = loader_stop(l, e);
		if (!rc)
			rc = start(l, s, false, &right, e);
	}
	if (!rc && !right) {
		fault_init(&s->fault, FAULT_STEP_LOADER);
		rc = err_set(e, ERR_PROTOCOL, "the loader sums up wrongly");
	}
	return rc ? err_prefix(e, rc, "starting the loader") : 0;
}

int loader_stop(struct loader *l, struct err *e)
{
	int rc = cortexm_halt(l->s->t, e);

	if (!rc)
		l->s->loader_runs = false;
	return rc ? loader_link_failed(l, FAULT_STEP_LOADER, rc, e) : 0;
}

uint32_t loader_crc(const uint8_t *bytes, size_t len)
{
	return loader_crc_from(~0U, bytes, len);
}

uint32_t loader_crc_from(uint32_t crc, const uint8_t *bytes, size_t len)
{
	static const uint32_t table[16] = {
		0x00000000, 0x04c11db7, 0x09823b6e, 0x0d4326d9, 0x130476dc, 0x17c56b6b,
		0x1a864db2, 0x1e475005, 0x2608edb8, 0x22c9f00f, 0x2f8ad6d6, 0x2b4bcb61,
		0x350c9b64, 0x31cd86d3, 0x3c8ea00a, 0x384fbdbd,
	};

	for (size_t i = 0; i + 4 <= len; i += 4) {
		crc ^= get_le32(bytes + i);
		for (unsigned k = 0; k < 8; k++)
			crc = crc << 4 ^ table[crc >> 28];
	}
	return crc;
}

/* ---- trouble ---- */

int loader_link_failed(struct loader *l, enum fault_step step, int rc, struct err *e)
{
	struct flash_fault *f = &l->s->fault;
	struct target *t = l->s->t;

	fault_init(f, step);
	f->link = e ? *e : (struct err){ .code = (enum err_code)rc };
	f->has_fault_address = t->has_fault_address;
	f->fault_address = t->fault_address;
	f->loader = FAULT_LOADER_UNREACHABLE;
	if (l->s->loader_runs && l->done != l->issued)
		fault_set_address(f, l->notes[l->done % l->n_slots].address);
	return rc;
}

static void look_at_core(struct loader *l, const struct cortexm_state *st, struct flash_fault *f)
{
	struct cortexm_faults faults = { 0 };
	struct target *t = l->s->t;

	f->has_core = true;
	f->dhcsr = st->dhcsr;
	if (!st->halted)
		return;
	target_core_read(t, REG_PC, &f->pc, NULL);
	if (!cortexm_read_faults(t, &faults, NULL) && faults.has_fault_regs)
		f->cfsr = faults.cfsr;
}

static enum fault_loader judge_core(struct loader *l, const struct cortexm_state *st,
				    const struct flash_fault *f)
{
	uint32_t ram = l->s->chip->ram.base;

	if (st->was_reset)
		return FAULT_LOADER_RESET;
	if (st->locked_up)
		return FAULT_LOADER_CRASHED;
	if (!st->halted)
		return FAULT_LOADER_RUNNING;
	return f->pc - ram < loader_code_len && !f->cfsr ? FAULT_LOADER_HALTED
							 : FAULT_LOADER_CRASHED;
}

/* Runs, but does it count? */
static bool beats(struct loader *l, const uint32_t *before)
{
	uint32_t after = *before;

	clock_sleep_us(l->s->t->clock, BEAT_PAUSE_US);
	return !target_read32(l->s->t, l->mailbox + 4 * LOADER_BEAT, &after, NULL) &&
	       after != *before;
}

static int failed_by_status(struct loader *l, const uint32_t *words, struct flash_fault *f,
			    struct err *e)
{
	struct flash_fault other = { 0 };

	ctrl_decode(l->s->chip, words[LOADER_SR_SEEN], f);
	fault_set_address(f, words[LOADER_AT]);
	/* The other bank may be in the middle of an erase, which a reset would cut short. */
	ctrl_settle(l->s->chip, &l->s->geo, l->s->t, &other, NULL);
	return err_set_native(e, ERR_STATUS, (int)f->sr, "%s 0x%08x: %s (SR 0x%08x): %s",
			      f->step == FAULT_STEP_ERASE ? "erasing" : "programming",
			      words[LOADER_AT], f->n_bits ? f->bits[0].name : "an error", f->sr,
			      f->n_bits ? f->bits[0].says : "nobody has named this bit");
}

static int read_mailbox(struct loader *l, uint32_t *words, struct err *e)
{
	uint8_t bytes[4 * (LOADER_SLOT + 1)];
	int rc = target_read(l->s->t, l->mailbox, bytes, sizeof(bytes), e);

	for (size_t i = 0; !rc && i <= LOADER_SLOT; i++)
		words[i] = get_le32(bytes + 4 * i);
	return rc;
}

/* Whose controller an order is about: orders that were given later may be about another. */
static unsigned bank_of(const struct loader *l, const struct loader_note *n)
{
	struct geometry_block b;

	return geometry_block_at(&l->s->geo, n->address, &b) ? b.ctrl_bank : l->bank;
}

int loader_examine(struct loader *l, struct err *e)
{
	const struct loader_note *n = &l->notes[l->done % l->n_slots];
	struct flash_fault *f = &l->s->fault;
	struct target *t = l->s->t;
	struct cortexm_state st = { 0 };
	uint32_t words[LOADER_SLOT + 1] = { 0 }, sr = 0;
	int rc = cortexm_read_state(t, &st, e);

	if (!rc)
		rc = read_mailbox(l, words, e);
	if (rc)
		return loader_link_failed(l, n->step, rc, e);
	fault_init(f, n->step);
	fault_set_address(f, n->address);
	look_at_core(l, &st, f);
	f->loader = judge_core(l, &st, f);
	if (f->loader == FAULT_LOADER_RUNNING && words[LOADER_STATE] == FAILED_FLASH)
		return failed_by_status(l, words, f, e);
	if (f->loader == FAULT_LOADER_RUNNING && !beats(l, &words[LOADER_BEAT]))
		f->loader = FAULT_LOADER_STUCK;
	f->timed_out = true;
	if (!target_read32(t, ctrl_sr(l->s->chip, bank_of(l, n)), &sr, NULL))
		ctrl_decode(l->s->chip, sr, f);
	return err_set_native(e, ERR_TIMEOUT, (int)sr,
			      "%s 0x%08x: the loader does not get on (%s, SR 0x%08x, state %u)",
			      fault_step_name(n->step), n->address, fault_loader_name(f->loader),
			      sr, words[LOADER_STATE]);
}

int loader_check_alive(struct loader *l, struct err *e)
{
	struct cortexm_state st;
	int rc = cortexm_read_state(l->s->t, &st, e);

	if (rc)
		return loader_link_failed(l, l->notes[l->done % l->n_slots].step, rc, e);
	if (!st.was_reset && !st.locked_up && !st.halted)
		return 0;
	rc = loader_examine(l, e);
	/* DHCSR tells of a reset once only, and this was that look. */
	if (st.was_reset)
		l->s->fault.loader = FAULT_LOADER_RESET;
	return rc;
}
