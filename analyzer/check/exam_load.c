/*
 * The supply under load: VTref while a block of flash is erased, which draws the largest current
 * that a probe can bring about. Only a block that is blank is taken, so that nothing is lost; with
 * --allow erase only.
 */
#include "analyzer/check/exam_internal.h"

#include <stdlib.h>

#include "flash/ctrl.h"

#define PIECE	    4096
#define BLOCKS_MOST 4 /* so many of the last blocks are looked at */
#define RESTS	    8
#define LIMIT_MS    4000
#define NO_MV	    INT32_MAX

static int voltage(struct exam *x, int *ret_mv, struct err *e)
{
	struct stlink_voltage v = { 0 };
	int rc = stlink_can(x->s, STLINK_GATE_VOLTAGE) ? stlink_read_voltage(x->s, &v, e)
						       : ERR_UNSUPPORTED;

	*ret_mv = rc ? NO_MV : v.mv;
	return rc == ERR_PROTOCOL || rc == ERR_UNSUPPORTED ? 0 : rc;
}

/* ---- a blank block ---- */

static int is_blank(struct exam *x, const struct geometry_block *b, bool *ret, struct err *e)
{
	uint8_t piece[PIECE];
	int rc = 0;

	*ret = true;
	for (uint32_t at = 0; !rc && *ret && at < b->bytes; at += PIECE) {
		uint32_t n = b->bytes - at < PIECE ? b->bytes - at : PIECE;

		rc = target_read(x->t, b->address + at, piece, n, e);
		for (uint32_t i = 0; !rc && *ret && i < n; i++)
			*ret = piece[i] == x->chip->erased;
	}
	return rc;
}

/* From the end, where programs seldom reach; *ret_found false: none of them is blank. */
static int find_blank(struct exam *x, const struct geometry *g, struct geometry_block *ret,
		      bool *ret_found, struct err *e)
{
	int rc = 0;

	*ret_found = false;
	for (uint32_t i = 0; !rc && !*ret_found && i < BLOCKS_MOST && i < g->n_blocks; i++)
		if (geometry_block_nth(g, g->n_blocks - 1 - i, ret))
			rc = is_blank(x, ret, ret_found, e);
	return rc;
}

/* ---- the erase ---- */

static int begin(struct exam *x, const struct geometry_block *b, unsigned width, struct err *e)
{
	struct ctrl_erase k = { 0 };
	struct target_word w[3];
	size_t n = 0, done;

	ctrl_of(x->chip)->erase(x->chip, b, width, &k);
	w[n++] = (struct target_word){ true, ctrl_cr(x->chip, b->ctrl_bank), k.cr };
	if (k.address)
		w[n++] = (struct target_word){ true, k.address, k.value };
	if (k.go)
		w[n++] = (struct target_word){ true, ctrl_cr(x->chip, b->ctrl_bank), k.go };
	return target_words(x->t, w, n, &done, e);
}

/* Reads VTref until the flash is idle again; *ret_least: the lowest. */
static int watch(struct exam *x, const struct geometry_block *b, int *ret_least, struct err *e)
{
	uint64_t end = clock_now_us(x->s->clock) + LIMIT_MS * 1000;
	uint32_t sr = ctrl_busy(x->chip);
	int rc = 0;

	while (!rc && sr & ctrl_busy(x->chip) && clock_now_us(x->s->clock) < end) {
		int mv;

		rc = voltage(x, &mv, e);
		*ret_least = mv < *ret_least ? mv : *ret_least;
		if (!rc)
			rc = target_read32(x->t, ctrl_sr(x->chip, b->ctrl_bank), &sr, e);
	}
	return rc;
}

static int erase(struct exam *x, const struct geometry *g, const struct geometry_block *b,
		 int rest_mv, int *ret_least, struct err *e)
{
	const struct deadline *run = x->s->deadline;
	struct flash_fault fault = { 0 };
	unsigned width = ctrl_of(x->chip)->width(x->chip, rest_mv == NO_MV ? 0 : rest_mv);
	int rc;

	exam_tell_change(x, "erased", "a block of flash that is blank is erased");
	rc = ctrl_unlock(x->chip, g, x->t, &fault, e);

	/* What is begun is brought to its end, also when the run is over. */
	x->s->deadline = x->t->deadline = NULL;
	if (!rc)
		rc = begin(x, b, width, e);
	if (!rc)
		rc = watch(x, b, ret_least, e);
	if (!rc)
		rc = target_write32(x->t, ctrl_cr(x->chip, b->ctrl_bank), 0, e);
	ctrl_lock(x->chip, g, x->t, NULL);
	x->s->deadline = x->t->deadline = run;
	return rc;
}

/* ---- the step ---- */

static void tell(struct exam *x, const struct geometry_block *b, int rest, int least, bool broke)
{
	exam_say(x, EVENT_VOLTAGE_LOAD,
		 EXAM_VALUES(EXAM_NUM(rest), EXAM_NUM(least), EXAM_NUM(rest - least)),
		 "while the blank block at 0x%08x was erased, VTref went from %d to %d mV%s",
		 b->address, rest, least, broke ? ", and the link broke" : "");
}

static int load(struct exam *x, const struct geometry *g, struct err *e)
{
	struct geometry_block b;
	struct err now = { 0 };
	int rest = NO_MV, least = NO_MV, mv, rc = 0;
	bool found = false;

	rc = find_blank(x, g, &b, &found, e);
	if (rc)
		return rc;
	if (!found)
		return err_set(e, ERR_UNFIT,
			       "none of the last blocks is blank: nothing was erased");
	for (unsigned i = 0; !rc && i < RESTS; i++) {
		rc = voltage(x, &mv, e);
		rest = mv < rest ? mv : rest;
	}
	if (rc)
		return rc;
	rc = erase(x, g, &b, rest, &least, &now);
	if (rc == ERR_STATUS && voltage(x, &mv, NULL) == 0)
		least = mv < least ? mv : least;
	if (rest != NO_MV && least != NO_MV)
		tell(x, &b, rest, least, rc == ERR_STATUS);
	if (rc == ERR_STATUS)
		return exam_mend(x, e);
	if (rc && e)
		*e = now;
	return rc;
}

int exam_load(struct exam *x, struct err *e)
{
	struct geometry g;
	int rc;

	if (!x->chip || !ctrl_of(x->chip) || x->under_reset || x->held)
		return 0;
	rc = exam_halt(x, e);
	if (rc)
		return rc == ERR_STATUS || rc == ERR_PROTOCOL ? 0 : rc;
	rc = geometry_read(&g, x->chip, x->t, e);
	if (!rc)
		rc = load(x, &g, e);
	if (!exam_is_usb(rc) && !exam_is_over(rc))
		exam_let_go(x, NULL);
	return rc == ERR_STATUS ? 0 : rc;
}
