/* Orders to the loader and their flow: see loader.h. */
#include "flash/loader.h"

#include <string.h>

#include "flash/loader_internal.h"
#include "probe/base/bytes.h"

#define SUM_CYCLES_UNIT 6 /* for a word */
#define SUM_CYCLES_CODE 60
#define SUM_LIMIT_MS	2000
#define SPARE_MS	200 /* what an order may take longer than its limit says: the link's share */
#define LATE_MS		10  /* an order this late is looked into */
#define ALIVE_MS	100 /* no longer without a look at the core: it may have been reset */
#define PACE_MIN	0.5
#define PACE_MAX	1.5
#define PACE_FROM_MS	10 /* shorter orders tell more about the link than about the flash */
#define CAREFUL_CHUNK	1024
#define CAREFUL_MS	15  /* a pause in which bytes can be read back */
#define DATA_ALIGN	128 /* the largest unit */

/* ---- the flow ---- */

static uint32_t unfinished(const struct loader *l)
{
	return l->issued - l->done;
}

static struct loader_note *note_of(struct loader *l, uint32_t order)
{
	return &l->notes[order % l->n_slots];
}

static uint64_t now(const struct loader *l)
{
	return clock_now_us(l->s->t->clock);
}

/* A run of slots that does not wrap. */
static int send_run(struct loader *l, uint32_t n, struct err *e)
{
	uint32_t first = l->sent % l->n_slots;
	uint8_t bytes[LOADER_SLOTS_MAX * LOADER_SLOT_BYTES];
	int rc;

	for (uint32_t i = 0; i < n; i++)
		loader_pack_slot(&l->pending[first + i], bytes + (size_t)i * LOADER_SLOT_BYTES);
	rc = target_write(l->s->t, l->ring + first * LOADER_SLOT_BYTES, bytes,
			  (size_t)n * LOADER_SLOT_BYTES, e);
	if (rc)
		return loader_link_failed(l, note_of(l, l->sent)->step, rc, e);
	if (l->sent == l->done)
		l->current_since_us = l->seen_us = now(l);
	l->sent += n;
	return 0;
}

void loader_hold(struct loader *l)
{
	l->holding = true;
	l->hold_from = l->issued;
}

int loader_let_go(struct loader *l, struct err *e)
{
	l->holding = false;
	return loader_flush(l, e);
}

bool loader_can_hold(struct loader *l, uint32_t len)
{
	uint32_t to_end = l->data_bytes - l->data_head, held = 0, given = l->issued - l->hold_from;

	for (uint32_t i = l->hold_from; i != l->issued; i++)
		held += note_of(l, i)->data;
	return given + 2 < l->n_slots / 2 &&
	       held + len + (to_end < len ? to_end : 0) <= l->data_bytes;
}

int loader_flush(struct loader *l, struct err *e)
{
	uint32_t upto = l->holding ? l->hold_from : l->issued;
	int rc = 0;

	while (!rc && l->sent != upto) {
		uint32_t n = upto - l->sent, to_end = l->n_slots - l->sent % l->n_slots;

		rc = send_run(l, n < to_end ? n : to_end, e);
	}
	return rc;
}

/*
 * What was finished since the last look, and when the next one began: nobody saw it, but typical
 * times and the pace so far tell. Silicon is often faster than typical, and keeps to its pace.
 */
static void take_done(struct loader *l, uint32_t done)
{
	double typical = 0, took = (double)(now(l) - l->current_since_us) / 1000;

	if (done == l->done)
		return;
	l->seen_us = now(l);
	while (l->done != done) {
		const struct loader_note *n = note_of(l, l->done++);

		l->data_used -= n->data;
		typical += n->typical_ms;
	}
	if (typical > PACE_FROM_MS) {
		double pace = took / typical;

		if (pace < l->pace)
			l->pace = pace < PACE_MIN ? PACE_MIN : pace;
		else
			l->pace += ((pace < PACE_MAX ? pace : PACE_MAX) - l->pace) / 4;
	}
	if (typical * l->pace < took)
		l->current_since_us += (uint64_t)(typical * l->pace * 1000);
	else
		l->current_since_us = now(l);
}

/* Nothing of this can be: it counts what was never ordered, or is refused or failed idle. */
static bool is_odd(const struct loader *l, uint32_t word)
{
	return word & ~LOADER_COUNT ||
	       (word & LOADER_COUNT) - (l->done & LOADER_COUNT) > l->sent - l->done;
}

static int look(struct loader *l, struct err *e)
{
	uint32_t at = l->mailbox + 4 * LOADER_DONE, word;
	int rc = target_read32(l->s->t, at, &word, e);

	if (!rc && is_odd(l, word)) /* or it was read wrong */
		rc = target_read32(l->s->t, at, &word, e);
	if (rc)
		return loader_link_failed(l, note_of(l, l->done)->step, rc, e);
	if (((word - l->done) & LOADER_COUNT) > l->sent - l->done)
		return loader_examine(l, e);
	take_done(l, l->done + ((word - l->done) & LOADER_COUNT));
	if (word & LOADER_FAILED)
		return loader_examine(l, e);
	if (word & ~LOADER_COUNT && l->done != l->sent) {
		l->current_since_us = now(l);
		return loader_mend(l, word, e);
	}
	return 0;
}

/* Typical time, from the begin of the current order until `order` are finished. */
static double typical_until(struct loader *l, uint32_t order)
{
	double ms = 0;

	for (uint32_t i = l->done; i != order; i++)
		ms += note_of(l, i)->typical_ms;
	return ms * l->pace;
}

static int sleep_for(struct loader *l, double ms, struct err *e)
{
	struct deadline none;
	const struct deadline *d = l->s->t->deadline;

	if (!d) {
		deadline_init(&none, l->s->t->clock, NULL, "the loader", 0);
		d = &none;
	}
	if (l->idle)
		l->idle(l->idle_user);
	return deadline_sleep_us(d, (uint64_t)(ms * 1000), e);
}

/*
 * Between two looks: most of what should be left, so that the last look before the end is near it;
 * then small steps.
 */
static double pause_ms(struct loader *l, uint32_t order)
{
	double last = note_of(l, order - 1)->typical_ms;
	double since = (double)(now(l) - l->current_since_us) / 1000;
	double left = typical_until(l, order) - since;
	double step = last * 0.03;

	if (left > 20)
		return left * 0.85;
	if (left > 0.5)
		return left;
	return step > 10 ? 10 : step < 0.5 ? 0.5 : step;
}

/* The current order takes longer than it may. */
static bool is_late(struct loader *l)
{
	const struct loader_note *n = note_of(l, l->done);
	double since = (double)(now(l) - l->seen_us) / 1000;

	return since > n->limit_ms + SPARE_MS;
}

/* Something may be wrong: half as long again as is typical. */
static bool is_suspicious(struct loader *l)
{
	const struct loader_note *n = note_of(l, l->done);
	double since = (double)(now(l) - l->seen_us) / 1000;

	return since > 1.5 * n->typical_ms + LATE_MS;
}

/* Does it run on, and is its order there at all? */
static int look_closely(struct loader *l, bool *ret_lost, struct err *e)
{
	int rc = loader_check_alive(l, e);

	*ret_lost = false;
	if (!rc)
		rc = loader_mend_lost(l, ret_lost, e);
	if (*ret_lost)
		l->current_since_us = now(l);
	l->alive_us = now(l);
	return rc;
}

/* A loader that was reset or stopped, or that an order did not reach, is not fed for long. */
static int stay_alive(struct loader *l, struct err *e)
{
	uint64_t last = l->alive_us > l->seen_us ? l->alive_us : l->seen_us;
	bool lost;

	return l->sent == l->done || now(l) - last < ALIVE_MS * 1000 ? 0
								     : look_closely(l, &lost, e);
}

/* Sleep, or do something useful meanwhile. */
static int rest(struct loader *l, uint32_t order, struct err *e)
{
	bool careful = loader_is_careful(l), any = false;
	double ms = pause_ms(l, careful ? l->done + 1 : order);
	int rc = careful && ms > CAREFUL_MS ? loader_mend_ahead(l, &any, e) : 0;

	while (!rc && !any && ms > ALIVE_MS) {
		rc = sleep_for(l, ALIVE_MS, e);
		if (!rc)
			rc = stay_alive(l, e);
		ms -= ALIVE_MS;
	}
	return rc || any ? rc : sleep_for(l, ms, e);
}

static int in_doubt(struct loader *l, struct err *e)
{
	bool lost;
	int rc = look_closely(l, &lost, e);

	return rc || lost || !is_late(l) ? rc : loader_examine(l, e);
}

int loader_wait(struct loader *l, uint32_t order, struct err *e)
{
	int rc = loader_flush(l, e);

	while (!rc && (int32_t)(order - l->done) > 0) {
		rc = rest(l, order, e);
		if (!rc)
			rc = look(l, e);
		if (!rc && (int32_t)(order - l->done) > 0)
			rc = is_suspicious(l) ? in_doubt(l, e) : stay_alive(l, e);
	}
	return rc;
}

/* ---- orders ---- */

static int give(struct loader *l, const struct loader_slot *slot, const struct loader_note *note,
		struct err *e)
{
	int rc = unfinished(l) == l->n_slots ? loader_wait(l, l->done + l->n_slots / 2, e) : 0;

	if (rc)
		return rc;
	l->pending[l->issued % l->n_slots] = *slot;
	*note_of(l, l->issued) = *note;
	l->issued++;
	l->given_ms += note->typical_ms;
	return 0;
}

static int select_bank(struct loader *l, unsigned bank, enum fault_step step, struct err *e)
{
	const struct chip *c = l->s->chip;
	struct loader_slot slot = { ctrl_sr(c, bank), ctrl_cr(c, bank), 0, 0, LOADER_SELECT };
	struct loader_note note = { .step = step, .limit_ms = 100 };

	if (!c->bank2_regs || bank == l->bank)
		return 0;
	l->bank = bank;
	return give(l, &slot, &note, e);
}

int loader_begin_erase(struct loader *l, const struct geometry_block *b, struct err *e)
{
	const struct flash_session *s = l->s;
	struct loader_note note = { .step = FAULT_STEP_ERASE,
				    .address = b->address,
				    .limit_ms = 100 };
	struct ctrl_erase k;
	int rc = select_bank(l, b->ctrl_bank, FAULT_STEP_ERASE, e);

	s->ctrl->erase(s->chip, b, s->width, &k);
	if (!rc)
		rc = give(l, &(struct loader_slot){ k.address, k.cr, k.go, k.value, LOADER_START },
			  &note, e);
	l->begun_at_ms[b->ctrl_bank] = l->given_ms;
	return rc;
}

/* What the other bank does meanwhile is time that this wait does not take. */
int loader_end_erase(struct loader *l, const struct geometry_block *b, struct err *e)
{
	const struct flash_session *s = l->s;
	double left = ctrl_erase_ms(s->chip, b->bytes, s->width) -
		      (l->given_ms - l->begun_at_ms[b->ctrl_bank]);
	struct loader_note note = { .step = FAULT_STEP_ERASE,
				    .address = b->address,
				    .typical_ms = left > 0 ? left : 0,
				    .limit_ms = s->ctrl->erase_limit_ms };
	int rc = select_bank(l, b->ctrl_bank, FAULT_STEP_ERASE, e);

	return rc ? rc
		  : give(l, &(struct loader_slot){ b->address, 0, 0, 0, LOADER_WAIT }, &note, e);
}

uint32_t loader_chunk(const struct loader *l)
{
	uint32_t most = (uint32_t)l->s->t->block_bytes, half = l->data_bytes / 2;

	if (loader_is_careful(l) && most > CAREFUL_CHUNK)
		most = CAREFUL_CHUNK;
	most = most < half ? most : half;
	return most < DATA_ALIGN ? DATA_ALIGN : most / DATA_ALIGN * DATA_ALIGN;
}

/* Room in the data ring, in one piece; waits for it. *ret_held: with what is left out at its end.
 */
static int room(struct loader *l, uint32_t len, uint32_t *ret_off, uint32_t *ret_held,
		struct err *e)
{
	uint32_t to_end = l->data_bytes - l->data_head;
	uint32_t skip = to_end < len ? to_end : 0;

	while (l->data_bytes - l->data_used < skip + len) {
		int rc = loader_wait(l, l->done + 1, e);

		if (rc)
			return rc;
	}
	*ret_off = skip ? 0 : l->data_head;
	*ret_held = skip + len;
	return 0;
}

static enum loader_order program_order(const struct flash_session *s)
{
	if (s->ctrl->wide)
		return LOADER_PROGRAM_WIDE;
	return s->width == 4   ? LOADER_PROGRAM_4
	       : s->width == 2 ? LOADER_PROGRAM_2
			       : LOADER_PROGRAM_1;
}

int loader_program(struct loader *l, const struct geometry_block *b, uint32_t address,
		   const uint8_t *bytes, uint32_t len, struct err *e)
{
	const struct flash_session *s = l->s;
	struct loader_note note = {
		.step = FAULT_STEP_PROGRAM, .address = address, .bytes = bytes, .len = len
	};
	struct loader_slot slot = { .a = address,
				    .c = len,
				    .d = loader_sum_padded(bytes, len),
				    .order = program_order(s) };
	uint32_t off = 0, padded = (len + 3) & ~3U;
	int rc = select_bank(l, b->ctrl_bank, FAULT_STEP_PROGRAM, e);

	if (!rc && l->sent == l->done) /* it is idle: an erase can begin while these bytes travel */
		rc = loader_flush(l, e);
	if (!rc)
		rc = stay_alive(l, e);
	if (!rc)
		rc = room(l, padded, &off, &note.data, e);
	if (!rc) {
		rc = loader_write_padded(l, l->data + off, bytes, len, e);
		if (rc)
			return loader_link_failed(l, FAULT_STEP_PROGRAM, rc, e);
	}
	note.typical_ms = ctrl_program_ms(s->chip, len, s->width);
	note.limit_ms = (unsigned)(note.typical_ms * 10) + 100;
	slot.b = l->data + off;
	if (!rc)
		rc = give(l, &slot, &note, e);
	if (rc)
		return rc;
	l->data_head = off + padded == l->data_bytes ? 0 : off + padded;
	l->data_used += note.data;
	return loader_flush(l, e);
}

int loader_sum(struct loader *l, enum fault_step step, uint32_t address, uint32_t piece,
	       uint32_t pieces, uint32_t *ret_result, struct err *e)
{
	uint32_t cycles = (l->by_unit ? SUM_CYCLES_UNIT : SUM_CYCLES_CODE) * (piece / 4 * pieces);
	struct loader_note note = { .step = step,
				    .address = address,
				    .typical_ms = cycles / (double)l->s->chip->core_khz,
				    .limit_ms = SUM_LIMIT_MS };
	struct loader_slot slot = { address, 0, piece, pieces, LOADER_SUM };
	uint32_t first = l->next_result + pieces > l->n_results ? 0 : l->next_result;
	int rc;

	slot.b = l->results + 4 * first;
	rc = give(l, &slot, &note, e);
	if (rc)
		return rc;
	l->next_result = first + pieces;
	*ret_result = first;
	return 0;
}

int loader_results(struct loader *l, uint32_t first, uint32_t n, uint32_t *ret, struct err *e)
{
	uint8_t bytes[4 * LOADER_RESULTS_MAX];
	int rc = target_read(l->s->t, l->results + 4 * first, bytes, 4 * (size_t)n, e);

	if (rc)
		return loader_link_failed(l, FAULT_STEP_VERIFY, rc, e);
	for (uint32_t i = 0; i < n; i++)
		ret[i] = get_le32(bytes + 4 * (size_t)i);
	return 0;
}
