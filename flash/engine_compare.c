/* What is right already, and what must be kept of blocks that are not: phases COMPARE and KEEP. */
#include "flash/engine_work.h"

#include <stdlib.h>
#include <string.h>

static int read_failed(struct work *w, enum fault_step step, uint32_t address, int rc,
		       struct err *e)
{
	struct flash_fault *f = &w->s->fault;

	fault_init(f, step);
	fault_set_address(f, address);
	f->link = e ? *e : (struct err){ .code = (enum err_code)rc };
	f->has_fault_address = w->s->t->has_fault_address;
	f->fault_address = w->s->t->fault_address;
	return rc;
}

/* A word that is partly the image's: what its other bytes are, so that all goes by words. */
static int complete_word(struct work *w, struct work_block *b, uint32_t off, struct err *e)
{
	uint32_t address = b->told->where.address + off;
	uint8_t there[4];
	int rc = engine_read(w, address, there, 4, true, &b->torn_bytes, e);

	if (!rc && !b->torn_bytes)
		rc = engine_read_twice(w, address, there, 4, e);
	if (rc)
		return read_failed(w, FAULT_STEP_COMPARE, address, rc, e);
	for (uint32_t i = 0; i < 4; i++)
		if (b->origin[off + i] == WORK_UNKNOWN) {
			b->want[off + i] = there[i];
			b->origin[off + i] = WORK_KEPT;
		}
	return 0;
}

static int complete_words(struct work *w, struct work_block *b, struct err *e)
{
	int rc = 0;

	for (uint32_t off = 0, len; !rc && work_next_run(b, true, off, &off, &len);) {
		uint32_t end = off + len;

		if (off % 4)
			rc = complete_word(w, b, off & ~3U, e);
		if (!rc && end % 4)
			rc = complete_word(w, b, end & ~3U, e);
		off = (end + 3) & ~3U;
	}
	return rc;
}

/* ---- by the loader ---- */

static uint32_t blank_sum(const struct work *w, uint32_t len)
{
	static const uint32_t piece = 256;
	uint8_t bytes[256];
	uint32_t sum;
	uint8_t *all;

	memset(bytes, w->s->geo.erased, sizeof(bytes));
	if (len <= piece)
		return loader_crc(bytes, len);
	all = malloc(len);
	if (!all)
		abort();
	memset(all, w->s->geo.erased, len);
	sum = loader_crc(all, len);
	free(all);
	return sum;
}

static void judge_piece(struct work *w, const struct work_piece *p, uint32_t blank)
{
	struct work_block *b = &w->blocks[p->block];

	if (p->sum != blank)
		b->blank = false;
	if (p->known && p->sum != loader_crc(b->want + p->off, p->len))
		b->same = false;
	if (!p->known && p->sum == blank) { /* `want` holds erased bytes there */
		memset(b->origin + p->off, WORK_KEPT, p->len);
	}
}

static int compare_by_sums(struct work *w, struct err *e)
{
	struct work_pieces pieces = { 0 };
	uint32_t len = 0, blank = 0;
	int rc;

	for (size_t i = 0; i < w->n; i++)
		work_add_pieces(w, &pieces, i, true);
	w->unknown.n = 0;
	rc = work_sum_pieces(w, FAULT_STEP_COMPARE, FLASH_PHASE_COMPARE, &pieces, e);
	for (size_t i = 0; !rc && i < pieces.n; i++) {
		if (pieces.at[i].len != len) {
			len = pieces.at[i].len;
			blank = blank_sum(w, len);
		}
		judge_piece(w, &pieces.at[i], blank);
		if (!pieces.at[i].known && pieces.at[i].sum != blank)
			work_add_piece(&w->unknown, &pieces.at[i]);
	}
	free(pieces.at);
	return rc;
}

/* ---- by the host ---- */

static bool has_unknown(const struct work_block *b)
{
	return memchr(b->origin, WORK_UNKNOWN, b->told->where.bytes);
}

static int compare_by_reading(struct work *w, struct work_block *b, struct err *e)
{
	uint32_t bytes = b->told->where.bytes, address = b->told->where.address;
	uint8_t *there = malloc(bytes);
	int rc;

	if (!there)
		abort();
	b->torn_bytes = 0;
	/* Where the image has everything it matters little which bytes cannot be read. */
	rc = engine_read(w, address, there, bytes, has_unknown(b), &b->torn_bytes, e);
	if (rc)
		read_failed(w, FAULT_STEP_COMPARE, address, rc, e);
	for (uint32_t i = 0; !rc && i < bytes; i++) {
		if (b->origin[i] == WORK_UNKNOWN) {
			b->want[i] = there[i];
			b->origin[i] = WORK_KEPT;
		}
		b->same &= b->want[i] == there[i];
	}
	b->same &= !b->torn_bytes;
	w->out->bytes_torn += b->torn_bytes;
	b->blank &= !rc && !b->torn_bytes && work_is_blank(w, there, bytes);
	free(there);
	return rc;
}

/* If anything changes, so does the block with the vectors: a half-new image must not boot. */
static void judge_vectors(struct work *w)
{
	bool all_same = true;

	for (size_t i = 0; i < w->n; i++)
		all_same &= w->blocks[i].same;
	if (!all_same && w->n)
		w->blocks[w->vectors].same = false;
	for (size_t i = 0; i < w->n; i++) {
		struct work_block *b = &w->blocks[i];

		if (!b->dirty)
			b->told->state = b->same ? FLASH_BLOCK_UNCHANGED : FLASH_BLOCK_UNTOUCHED;
		else if (b->same)
			b->told->state = FLASH_BLOCK_PROGRAMMED;
	}
}

/*
 * A block whose erase ended without an answer may look right and not last. One that was programmed
 * is asked: it may be right although the answer was lost.
 */
static bool may_be_right(const struct work *w, const struct work_block *b)
{
	uint32_t at = b->told->where.address;

	if (w->s->has_doubt && w->s->doubt - at < b->told->where.bytes)
		return false;
	return !b->dirty ||
	       (b->told->state != FLASH_BLOCK_UNKNOWN && b->told->state != FLASH_BLOCK_ERASED);
}

/* The loader died of what it read: once more from a reset, and the host finds out where. */
static int compare_torn(struct work *w, struct err *e)
{
	int rc;

	session_fell(w->s, SESSION_LINKED);
	rc = session_reach(w->s, SESSION_READY, e);
	for (size_t i = 0; !rc && i < w->n; i++)
		rc = compare_by_reading(w, &w->blocks[i], e);
	return rc;
}

int engine_compare(struct work *w, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < w->n; i++) {
		struct work_block *b = &w->blocks[i];

		b->same = may_be_right(w, b);
		b->blank = !b->dirty || b->erased;
		if (!b->dirty)
			rc = complete_words(w, b, e);
	}
	if (!rc && w->use_loader)
		rc = compare_by_sums(w, e);
	if (rc && w->use_loader && engine_met_torn(w))
		rc = compare_torn(w, e);
	for (size_t i = 0; !rc && !w->use_loader && i < w->n; i++)
		rc = compare_by_reading(w, &w->blocks[i], e);
	if (rc)
		return rc;
	for (size_t i = 0; i < w->n; i++)
		if (w->o->rewrite && !w->blocks[i].dirty)
			w->blocks[i].same = false;
	judge_vectors(w);
	return 0;
}

/* ---- the whole chip or its blocks ---- */

/* Milliseconds to erase what changes block by block, and to program what the whole chip's erase
 * would take along. */
static void weigh(const struct work *w, double *ret_blocks, double *ret_again)
{
	const struct chip *c = w->s->chip;

	*ret_blocks = *ret_again = 0;
	for (size_t i = 0; i < w->n; i++) {
		const struct work_block *b = &w->blocks[i];
		uint32_t bytes = b->told->where.bytes;

		if (b->same)
			*ret_again += ctrl_program_ms(c, bytes, w->s->width);
		else if (!b->blank || c->ecc)
			*ret_blocks += ctrl_erase_ms(c, bytes, w->s->width);
	}
}

void engine_choose_mass_erase(struct work *w)
{
	double mass = ctrl_mass_ms(w->s->chip, &w->s->geo, w->s->width), blocks, again;

	weigh(w, &blocks, &again);
	w->mass_erase = w->o->mass_erase && ctrl_mass_pays(mass, blocks, again);
	for (size_t i = 0; i < w->n; i++) /* on a second attempt blocks are cheaper */
		w->mass_erase &= !w->blocks[i].dirty;
	for (size_t i = 0; w->mass_erase && i < w->n; i++)
		w->blocks[i].same = false;
}

/* ---- keeping ---- */

/* What is read here is all that is left of it once the block is erased. */
static int keep_run(struct work *w, struct work_block *b, uint32_t off, uint32_t len, struct err *e)
{
	uint32_t address = b->told->where.address + off;
	int rc = target_read(w->s->t, address, b->want + off, len, e);

	if (rc)
		return read_failed(w, FAULT_STEP_KEEP, address, rc, e);
	memset(b->origin + off, WORK_KEPT, len);
	return 0;
}

/* Without sums a second reading tells whether the first was right. */
static int read_kept_twice(struct work *w, struct work_block *b, struct err *e)
{
	uint32_t bytes = b->told->where.bytes, end;
	int rc = 0;

	for (uint32_t off = 0; !rc && off < bytes; off = end) {
		for (end = off; end < bytes && b->origin[end] == b->origin[off];)
			end++;
		if (b->origin[off] == WORK_KEPT)
			rc = engine_read_twice(w, b->told->where.address + off, b->want + off,
					       end - off, e);
	}
	return rc;
}

/* What was not checked does not count as read. */
static int forget_kept(struct work *w, size_t block, int rc, struct err *e)
{
	struct work_block *b = &w->blocks[block];

	for (size_t i = 0; i < w->unknown.n; i++)
		if (w->unknown.at[i].block == block)
			memset(b->origin + w->unknown.at[i].off, WORK_UNKNOWN,
			       w->unknown.at[i].len);
	if (!w->use_loader && !w->out->interrupted_before)
		for (uint32_t i = 0; i < b->told->where.bytes; i++)
			if (b->origin[i] == WORK_KEPT)
				b->origin[i] = WORK_UNKNOWN;
	return read_failed(w, FAULT_STEP_KEEP, b->told->where.address, rc, e);
}

static int keep_block(struct work *w, size_t block, struct err *e)
{
	struct work_block *b = &w->blocks[block];
	int rc = 0;

	for (uint32_t off = 0, len; !rc && work_next_run(b, false, off, &off, &len); off += len)
		rc = keep_run(w, b, off, len, e);
	if (!rc && w->use_loader)
		rc = engine_check_kept(w, block, e);
	else if (!rc && !b->torn_bytes && !w->out->interrupted_before)
		rc = read_kept_twice(w, b, e);
	return rc ? forget_kept(w, block, rc, e) : engine_note_kept(w, b, e);
}

int engine_keep(struct work *w, struct err *e)
{
	uint64_t done = 0, total = 0;
	bool any = false;
	int rc = 0;

	for (size_t i = 0; i < w->n; i++)
		any |= !w->blocks[i].same;
	for (size_t i = 0; i < w->n; i++)
		if (!w->blocks[i].same && !w->blocks[i].dirty)
			total += w->blocks[i].told->where.bytes;

	for (size_t i = 0; !rc && i < w->n; i++) {
		struct work_block *b = &w->blocks[i];

		if (b->same || b->dirty)
			continue;
		rc = keep_block(w, i, e);
		done += b->told->where.bytes;
		work_progress(w, FLASH_PHASE_KEEP, done, total, b->told->where.address);
	}
	if (!rc && any)
		rc = engine_note_run(w, e);
	if (!rc)
		rc = journal_sync(&w->journal, e);
	return rc;
}
