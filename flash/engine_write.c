/* Erasing and programming, phase WRITE: by the loader. */
#include "flash/engine_write.h"

#define GAP_MIN 128 /* a shorter blank stretch travels with its neighbours */

bool write_next_stretch(const struct work *w, const struct work_block *b, uint32_t from,
			uint32_t most, struct stretch *ret)
{
	uint32_t unit = ctrl_unit(w->s->chip, w->s->width), bytes = b->told->where.bytes;
	uint32_t off = from, end, last;

	while (off < bytes && work_is_blank(w, b->want + off, unit))
		off += unit;
	if (off >= bytes)
		return false;
	for (end = last = off + unit; end < bytes && end - off < most; end += unit) {
		if (!work_is_blank(w, b->want + end, unit))
			last = end + unit;
		else if (end - last >= GAP_MIN)
			break;
	}
	*ret = (struct stretch){ off, last - off };
	return true;
}

void write_is_over(struct work *w, struct work_block *b)
{
	uint32_t unit = ctrl_unit(w->s->chip, w->s->width);

	for (uint32_t off = 0; off < b->told->where.bytes; off += unit)
		if (!work_is_blank(w, b->want + off, unit))
			w->out->bytes_programmed += unit;
	b->told->state = FLASH_BLOCK_PROGRAMMED;
	b->erased = false;
}

uint64_t write_bytes(const struct work *w)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < w->n; i++)
		bytes += w->blocks[i].same ? 0 : w->blocks[i].told->where.bytes;
	return bytes;
}

/* ---- by the loader ---- */

struct check { /* the sums of a block that was programmed are on their way */
	size_t block;
	uint32_t order, result, pieces, piece_bytes;
};

struct stream {
	struct work *w;
	struct check checks[LOADER_SLOTS_MAX];
	size_t n_checks;
	uint64_t done, total;
	bool side_by_side; /* each bank has a controller of its own */
	unsigned bank;	   /* of the block that was taken last */
	size_t next[CHIP_BANKS_MAX];
};

/* It may be blank already; then there is nothing to end, either. */
static int begin_erase(struct work *w, struct work_block *b, struct err *e)
{
	bool skip = b->blank && (b->erased || !w->s->chip->ecc);
	int rc;

	b->checked = false;
	if (skip) {
		b->dirty = true;
		b->told->state = FLASH_BLOCK_ERASED;
		return 0;
	}
	rc = engine_note_erase(w, b, e);
	if (rc)
		return rc;
	work_erase_begins(b);
	return loader_begin_erase(&w->loader, &b->told->where, e);
}

static int end_erase(struct work *w, struct work_block *b, struct err *e)
{
	return b->told->state == FLASH_BLOCK_ERASED
		       ? 0
		       : loader_end_erase(&w->loader, &b->told->where, e);
}

static bool sums_are_right(const struct work_block *b, const struct check *c, const uint32_t *sums)
{
	for (uint32_t i = 0; i < c->pieces; i++)
		if (sums[i] != loader_crc(b->want + i * c->piece_bytes, c->piece_bytes))
			return false;
	return true;
}

/* One block is right, so everything that was ordered before it is done. */
static int count_checked(struct stream *s, size_t block, struct err *e)
{
	struct work *w = s->w;
	struct work_block *vectors = &w->blocks[w->vectors];

	w->blocks[block].checked = true;
	work_erase_is_over(w, &w->blocks[block]);
	work_erase_is_over(w, vectors);
	engine_note_done(w, &w->blocks[block]);
	if (vectors->told->state == FLASH_BLOCK_UNKNOWN) {
		vectors->told->state = FLASH_BLOCK_ERASED;
		vectors->erased = true;
	}
	return speed_good(&w->s->speed, w->s->t, w->blocks[block].told->where.bytes, e);
}

/* Those whose order is known to be done; nothing is waited for. */
static int take_checks(struct stream *s, struct err *e)
{
	struct work *w = s->w;

	while (s->n_checks && (int32_t)(w->loader.done - s->checks[0].order) >= 0) {
		struct check c = s->checks[0];
		const struct work_block *b = &w->blocks[c.block];
		uint32_t sums[LOADER_RESULTS_MAX];
		int rc = loader_results(&w->loader, c.result, c.pieces, sums, e);

		if (!rc && !sums_are_right(b, &c, sums)) /* or they were read wrong */
			rc = loader_results(&w->loader, c.result, c.pieces, sums, e);
		if (rc)
			return rc;
		for (uint32_t i = 0; i < c.pieces; i++) {
			uint32_t off = i * c.piece_bytes;

			if (sums[i] == loader_crc(b->want + off, c.piece_bytes))
				continue;
			verify_mismatch(w, c.block, off, c.piece_bytes);
			return err_set(e, ERR_PROTOCOL,
				       "verifying 0x%08x: %u bytes do not hold what was programmed",
				       b->told->where.address + off, c.piece_bytes);
		}
		s->n_checks--;
		for (size_t i = 0; i < s->n_checks; i++)
			s->checks[i] = s->checks[i + 1];
		rc = count_checked(s, c.block, e);
		if (rc)
			return rc;
	}
	return 0;
}

/* Trouble shows at the block where it happens, not at the end. */
static int order_check(struct stream *s, size_t block, struct err *e)
{
	struct work *w = s->w;
	const struct geometry_block *where = &w->blocks[block].told->where;
	struct check c = { .block = block };
	int rc = 0;

	if (s->n_checks == LOADER_SLOTS_MAX || s->n_checks >= w->loader.n_results / 8)
		rc = loader_wait(&w->loader, s->checks[0].order, e);
	if (!rc)
		rc = take_checks(s, e);
	c.piece_bytes = where->bytes < WORK_PIECE_MAX ? where->bytes : WORK_PIECE_MAX;
	c.pieces = where->bytes / c.piece_bytes;
	if (!rc)
		rc = loader_sum(&w->loader, FAULT_STEP_VERIFY, where->address, c.piece_bytes,
				c.pieces, &c.result, e);
	c.order = w->loader.issued;
	if (!rc)
		s->checks[s->n_checks++] = c;
	return rc;
}

/* From `from` on, and while holding only as far as there is room. *ret_end: how far it came. */
static int program_some(struct stream *s, size_t block, uint32_t from, uint32_t *ret_end,
			struct err *e)
{
	struct work *w = s->w;
	struct work_block *b = &w->blocks[block];
	uint32_t most = loader_chunk(&w->loader), unit = ctrl_unit(w->s->chip, w->s->width);
	struct stretch st = { 0 };
	int rc = 0;

	most -= most % unit;
	*ret_end = from;
	while (!rc && write_next_stretch(w, b, *ret_end, most, &st)) {
		uint32_t address = b->told->where.address + st.off;

		if (w->loader.holding && !loader_can_hold(&w->loader, st.len))
			return 0;
		rc = loader_program(&w->loader, &b->told->where, address, b->want + st.off, st.len,
				    e);
		*ret_end = st.off + st.len;
		work_progress(w, FLASH_PHASE_WRITE, s->done + st.off, s->total, address);
	}
	return rc;
}

static int program_by_loader(struct stream *s, size_t block, struct err *e)
{
	uint32_t end;
	int rc = program_some(s, block, 0, &end, e);

	s->done += s->w->blocks[block].told->where.bytes;
	if (!rc)
		write_is_over(s->w, &s->w->blocks[block]);
	return rc;
}

/* Its bytes travel while the other blocks are in work; the orders follow when those are right. */
static int program_vectors(struct stream *s, struct err *e)
{
	struct work *w = s->w;
	uint32_t end = 0;
	int rc;

	loader_hold(&w->loader);
	rc = program_some(s, w->vectors, 0, &end, e);
	if (!rc && s->n_checks)
		rc = loader_wait(&w->loader, s->checks[s->n_checks - 1].order, e);
	if (!rc)
		rc = take_checks(s, e);
	if (!rc)
		rc = loader_let_go(&w->loader, e);
	if (!rc)
		rc = program_some(s, w->vectors, end, &end, e);
	if (!rc)
		rc = loader_wait(&w->loader, w->loader.issued, e);
	if (!rc) {
		work_erase_is_over(w, &w->blocks[w->vectors]);
		write_is_over(w, &w->blocks[w->vectors]);
		work_progress(w, FLASH_PHASE_WRITE, s->total, s->total, 0);
	}
	return rc;
}

/* Of a bank, if each has a controller; w->n: no more. */
static size_t next_of_bank(const struct stream *s, unsigned bank)
{
	const struct work *w = s->w;
	size_t i = s->next[bank];

	while (i < w->n && (w->blocks[i].same || i == w->vectors ||
			    (s->side_by_side && w->blocks[i].told->where.ctrl_bank != bank)))
		i++;
	return i;
}

/*
 * The banks in turn, as long as both have something left: while one block is programmed, the next
 * one, of the other bank, is being erased.
 */
static size_t take_next(struct stream *s)
{
	unsigned bank = s->side_by_side ? !s->bank : 0;
	size_t i = next_of_bank(s, bank);

	if (i == s->w->n && s->side_by_side)
		i = next_of_bank(s, bank = !bank);
	s->bank = bank;
	s->next[bank] = i < s->w->n ? i + 1 : i;
	return i;
}

static bool in_other_bank(const struct stream *s, size_t a, size_t b)
{
	const struct work_block *at = s->w->blocks;

	return s->side_by_side && at[a].told->where.ctrl_bank != at[b].told->where.ctrl_bank;
}

static int fill_block(struct stream *s, size_t block, struct err *e)
{
	int rc = end_erase(s->w, &s->w->blocks[block], e);

	if (!rc)
		rc = program_by_loader(s, block, e);
	if (!rc)
		rc = order_check(s, block, e);
	return rc ? rc : take_checks(s, e);
}

/* Nothing else is begun before the vectors are gone: half an image must not start. */
static int write_by_loader(struct work *w, struct err *e)
{
	struct stream s = { .w = w,
			    .total = write_bytes(w),
			    .side_by_side = ctrl_side_by_side(w->s->chip, &w->s->geo),
			    .bank = 1 };
	struct work_block *vectors = &w->blocks[w->vectors];
	size_t at = take_next(&s), then;
	int rc = begin_erase(w, vectors, e);

	w->loader.next_result = 0;
	if (!rc)
		rc = end_erase(w, vectors, e);
	if (!rc && at < w->n)
		rc = begin_erase(w, &w->blocks[at], e);
	for (; !rc && at < w->n; at = then) {
		bool early;

		then = take_next(&s);
		early = then < w->n && in_other_bank(&s, at, then);
		if (early)
			rc = begin_erase(w, &w->blocks[then], e);
		if (!rc)
			rc = fill_block(&s, at, e);
		if (!rc && then < w->n && !early)
			rc = begin_erase(w, &w->blocks[then], e);
	}
	return rc ? rc : program_vectors(&s, e);
}

int engine_write(struct work *w, struct err *e)
{
	bool any = false;
	int rc = 0;

	for (size_t i = 0; i < w->n; i++)
		any |= !w->blocks[i].same;
	if (!any)
		return 0;
	if (w->mass_erase)
		rc = engine_erase_instead(w, e);
	if (!rc)
		rc = w->use_loader ? write_by_loader(w, e) : engine_write_directly(w, e);
	w->s->has_doubt &= rc != 0;
	return rc;
}
