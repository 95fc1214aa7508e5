/* The command that erases: ranges by blocks, banks side by side, or the whole chip. */
#include "flash/engine_work.h"

struct erase {
	struct work w; /* first */
	const struct flash_range *ranges;
	size_t n;
};

static int lay_out_ranges(struct erase *x, struct err *e)
{
	for (size_t i = 0; i < x->n; i++) {
		uint32_t address = x->ranges[i].address, left = x->ranges[i].len;

		while (left) {
			struct work_block *b = work_block_at(&x->w, address);
			uint32_t here;

			if (!b)
				return err_set(e, ERR_USAGE, "there is no flash at 0x%08x",
					       address);
			here = b->told->where.address + b->told->where.bytes - address;
			here = here < left ? here : left;
			address += here;
			left -= here;
		}
	}
	return 0;
}

/* The next one that can be erased at the same time; NULL: none. */
static struct flash_block *partner_of(struct work *w, size_t i)
{
	const struct geometry_block *first = &w->blocks[i].told->where;

	if (!ctrl_side_by_side(w->s->chip, &w->s->geo))
		return NULL;
	for (i++; i < w->n; i++) {
		struct flash_block *b = w->blocks[i].told;

		if (b->state != FLASH_BLOCK_ERASED && b->where.ctrl_bank != first->ctrl_bank &&
		    b->where.bytes == first->bytes)
			return b;
	}
	return NULL;
}

static int erase_with(struct work *w, struct flash_block *b, struct flash_block *partner,
		      struct err *e)
{
	struct flash_session *s = w->s;
	int rc;

	fault_init(&s->fault, FAULT_STEP_ERASE);
	fault_set_address(&s->fault, b->where.address);
	b->state = FLASH_BLOCK_UNKNOWN;
	if (partner)
		partner->state = FLASH_BLOCK_UNKNOWN;
	rc = partner ? ctrl_erase_pair(s->chip, &b->where, &partner->where, s->width, s->t,
				       &s->fault, e)
		     : ctrl_erase_block(s->chip, &b->where, s->width, s->t, &s->fault, e);
	if (rc)
		return rc;
	b->state = FLASH_BLOCK_ERASED;
	if (partner)
		partner->state = FLASH_BLOCK_ERASED;
	w->out->blocks_erased += partner ? 2 : 1;
	return 0;
}

static int erase_blocks(struct work *w, struct err *e)
{
	uint64_t done = 0, total = 0;
	int rc = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct flash_block *b = w->blocks[i].told;

		total += b->where.bytes;
		done += b->state == FLASH_BLOCK_ERASED ? b->where.bytes : 0;
	}
	for (size_t i = 0; !rc && i < w->n; i++) {
		struct flash_block *b = w->blocks[i].told, *partner;

		if (b->state == FLASH_BLOCK_ERASED)
			continue;
		partner = partner_of(w, i);
		rc = erase_with(w, b, partner, e);
		done += b->where.bytes + (partner ? partner->where.bytes : 0);
		work_progress(w, FLASH_PHASE_ERASE, done, total, b->where.address);
	}
	return rc;
}

static int erase_all(struct work *w, struct err *e)
{
	if (!w->ops->consent || !w->ops->consent(w->ops->user, FLASH_CONSENT_MASS_ERASE,
						 "everything in the flash of the chip is lost"))
		return err_set(e, ERR_USAGE, "erasing the whole chip was not allowed");
	return engine_mass_erase(w, e);
}

/* Every block in turn, where the controller has no mass erase. */
static int lay_out_all(struct work *w)
{
	struct geometry_block b;

	for (uint32_t i = 0; geometry_block_nth(&w->s->geo, i, &b); i++)
		work_block_at(w, b.address);
	return 0;
}

static int erase_once(struct work *w, struct err *e)
{
	struct erase *x = (struct erase *)w;
	int rc = engine_reach(w, SESSION_HALTED, e);

	w->use_loader = false;
	w->s->loader = NULL;
	if (!rc)
		rc = session_reach(w->s, SESSION_READY, e);
	if (!rc && !w->n)
		rc = x->n ? lay_out_ranges(x, e) : lay_out_all(w);
	if (!rc && !x->n && w->s->ctrl->mass)
		rc = erase_all(w, e);
	else if (!rc)
		rc = erase_blocks(w, e);
	return rc;
}

int flash_erase(struct flash_session *s, const struct flash_range *ranges, size_t n,
		const struct flash_options *o, const struct flash_ops *ops,
		struct flash_outcome *ret, struct err *e)
{
	struct erase x = { .ranges = ranges, .n = n };
	int rc;

	work_init(&x.w, s, o, ops, ret);
	rc = engine_until_done(&x.w, erase_once, e);
	for (size_t i = 0; !rc && i < ret->n_blocks; i++)
		ret->blocks[i].state = FLASH_BLOCK_ERASED;
	return engine_finish(&x.w, rc, e);
}
