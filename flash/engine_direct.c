/* Erasing and programming, phase WRITE: by the debug port alone; and the whole chip at once. */
#include "flash/engine_write.h"

/* How far it is. */
struct direct {
	uint64_t done, total;
};

/*
 * A controller that was locked by a reset takes an erase without a word and does nothing. What went
 * wrong once may be just that, so from then on it is looked for.
 */
static int unlock_again(struct work *w, struct err *e)
{
	if (w->out->attempts <= 1)
		return 0;
	return ctrl_unlock(w->s->chip, &w->s->geo, w->s->t, &w->s->fault, e);
}

static int erase_directly(struct work *w, struct work_block *b, struct err *e)
{
	struct flash_fault *f = &w->s->fault;
	int rc;

	b->checked = false;
	if (b->erased && b->blank) {
		b->dirty = true;
		b->told->state = FLASH_BLOCK_ERASED;
		return 0;
	}
	rc = engine_note_erase(w, b, e);
	if (rc)
		return rc;
	fault_init(f, FAULT_STEP_ERASE);
	fault_set_address(f, b->told->where.address);
	rc = unlock_again(w, e);
	if (rc)
		return rc;
	work_erase_begins(b);
	rc = ctrl_erase_block(w->s->chip, &b->told->where, w->s->width, w->s->t, f, e);
	if (rc)
		return rc;
	fault_init(f, FAULT_STEP_NONE);
	work_erase_is_over(w, b);
	b->told->state = FLASH_BLOCK_ERASED;
	b->erased = true;
	return 0;
}

static int program_directly(struct work *w, struct work_block *b, struct direct *s, struct err *e)
{
	struct flash_fault *f = &w->s->fault;
	struct stretch st = { 0 };
	int rc = 0;

	b->told->state = FLASH_BLOCK_UNKNOWN;
	b->erased = false;
	while (!rc && write_next_stretch(w, b, st.off + st.len, 1024, &st)) {
		uint32_t address = b->told->where.address + st.off;

		fault_init(f, FAULT_STEP_PROGRAM);
		fault_set_address(f, address);
		rc = ctrl_program(w->s->chip, b->told->where.ctrl_bank, w->s->width, address,
				  b->want + st.off, st.len, w->s->t, f, e);
		work_progress(w, FLASH_PHASE_WRITE, s->done + st.off, s->total, address);
	}
	if (rc)
		return rc;
	fault_init(f, FAULT_STEP_NONE);
	s->done += b->told->where.bytes;
	work_progress(w, FLASH_PHASE_WRITE, s->done, s->total, b->told->where.address);
	write_is_over(w, b);
	return speed_good(&w->s->speed, w->s->t, b->told->where.bytes, e);
}

int engine_write_directly(struct work *w, struct err *e)
{
	struct direct s = { .total = write_bytes(w) };
	int rc = erase_directly(w, &w->blocks[w->vectors], e);

	for (size_t i = 0; !rc && i < w->n; i++) {
		if (w->blocks[i].same || i == w->vectors)
			continue;
		rc = erase_directly(w, &w->blocks[i], e);
		if (!rc)
			rc = program_directly(w, &w->blocks[i], &s, e);
	}
	return rc ? rc : program_directly(w, &w->blocks[w->vectors], &s, e);
}

/* ---- all at once ---- */

int engine_mass_erase(struct work *w, struct err *e)
{
	struct flash_fault *f = &w->s->fault;
	int rc;

	fault_init(f, FAULT_STEP_MASS_ERASE);
	for (size_t i = 0; i < w->n; i++) {
		struct work_block *b = &w->blocks[i];

		b->dirty = true;
		b->checked = b->erased = false;
		b->told->state = FLASH_BLOCK_UNKNOWN;
	}
	rc = ctrl_mass_erase(w->s->chip, &w->s->geo, w->s->width, w->s->t, f, e);
	if (rc)
		return rc;
	fault_init(f, FAULT_STEP_NONE);
	for (size_t i = 0; i < w->n; i++)
		w->blocks[i].erased = w->blocks[i].blank = true;
	w->out->mass_erased = true;
	return 0;
}

int engine_erase_instead(struct work *w, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < w->n; i++)
		rc = engine_note_erase(w, &w->blocks[i], e);
	return rc ? rc : engine_mass_erase(w, e);
}
