/*
 * Is every byte right now? By checksums of the target over its flash, and by what the host reads
 * itself (verify_host.c).
 */
#include <stdlib.h>
#include <string.h>

#include "flash/engine_work.h"

/* ---- what is different ---- */

static void describe(const struct work *w, const uint8_t *want, const uint8_t *there, uint32_t len,
		     uint32_t address, struct fault_mismatch *m)
{
	uint8_t erased = w->s->geo.erased;

	for (uint32_t i = 0; i < len; i++) {
		uint8_t diff = want[i] ^ there[i];

		if (!diff)
			continue;
		if (!m->differ++) {
			m->first = address + i;
			m->expected = want[i];
			m->found = there[i];
		}
		/* bits that are as erased though they should not be, and the other way round */
		m->stayed_erased += (uint32_t)__builtin_popcount(diff & ~(there[i] ^ erased));
		m->stayed_programmed += (uint32_t)__builtin_popcount(diff & (there[i] ^ erased));
	}
}

void verify_mismatch(struct work *w, size_t block, uint32_t off, uint32_t len)
{
	struct work_block *b = &w->blocks[block];
	struct flash_fault *f = &w->s->fault;
	uint8_t *there = malloc(len);

	if (!there)
		abort();
	fault_init(f, FAULT_STEP_VERIFY);
	fault_set_address(f, b->told->where.address + off);
	f->has_mismatch = true;
	f->mismatch.compared = len;
	b->told->state = FLASH_BLOCK_BAD;
	b->dirty = true;
	b->checked = false;
	if (!target_read(w->s->t, b->told->where.address + off, there, len, NULL)) {
		describe(w, b->want + off, there, len, b->told->where.address + off, &f->mismatch);
	}
	free(there);
}

int verify_differs(struct work *w, size_t block, uint32_t off, uint32_t len, struct err *e)
{
	const struct fault_mismatch *m = &w->s->fault.mismatch;

	verify_mismatch(w, block, off, len);
	if (!m->differ)
		return err_set(e, ERR_PROTOCOL,
			       "verifying 0x%08x: the checksum of %u bytes differs",
			       w->s->fault.address, len);
	return err_set(e, ERR_PROTOCOL,
		       "verifying 0x%08x: %u of %u bytes differ, the first at 0x%08x",
		       w->s->fault.address, m->differ, len, m->first);
}

int verify_link_failed(struct work *w, uint32_t address, int rc, struct err *e)
{
	struct flash_fault *f = &w->s->fault;

	fault_init(f, FAULT_STEP_VERIFY);
	fault_set_address(f, address);
	f->link = e ? *e : (struct err){ .code = (enum err_code)rc };
	f->has_fault_address = w->s->t->has_fault_address;
	f->fault_address = w->s->t->fault_address;
	return rc;
}

/* ---- by sums ---- */

static int verify_each(struct work *w, struct work_pieces *pieces, struct err *e)
{
	int rc = work_sum_pieces(w, FAULT_STEP_VERIFY, FLASH_PHASE_VERIFY, pieces, e);

	for (size_t i = 0; !rc && i < pieces->n; i++) {
		const struct work_piece *p = &pieces->at[i];

		if (p->sum != loader_crc(w->blocks[p->block].want + p->off, p->len))
			rc = verify_differs(w, p->block, p->off, p->len, e);
		else
			w->out->bytes_verified += p->len;
	}
	return rc;
}

static uint32_t end_of(const struct work *w, const struct work_piece *p)
{
	return w->blocks[p->block].told->where.address + p->off + p->len;
}

/* The piece from `first` on as long as may be, over the borders of blocks: fewer sums to read. */
static struct work_piece widen(const struct work *w, const struct work_pieces *fine, size_t first,
			       size_t *ret_next, uint32_t *ret_sum)
{
	struct work_piece wide = fine->at[first];
	size_t i = first;

	wide.known = false; /* its bytes do not lie together: who reads the sum compares it */
	wide.len = 0;
	*ret_sum = ~0U;
	do {
		const struct work_piece *p = &fine->at[i++];

		*ret_sum = loader_crc_from(*ret_sum, w->blocks[p->block].want + p->off, p->len);
		wide.len += p->len;
	} while (i < fine->n && wide.len + fine->at[i].len <= WORK_PIECE_MAX &&
		 end_of(w, &fine->at[i - 1]) == end_of(w, &fine->at[i]) - fine->at[i].len);
	*ret_next = i;
	return wide;
}

/* *ret_right: all of them are; false says only that a closer look is needed. */
static int verify_widely(struct work *w, const struct work_pieces *fine, bool *ret_right,
			 struct err *e)
{
	struct work_pieces wide = { 0 };
	uint32_t *sums = calloc(fine->n, sizeof(*sums));
	bool right = true;
	int rc;

	if (!sums)
		abort();
	for (size_t i = 0; i < fine->n;) {
		struct work_piece p = widen(w, fine, i, &i, &sums[wide.n]);

		work_add_piece(&wide, &p);
	}
	rc = work_sum_pieces(w, FAULT_STEP_VERIFY, FLASH_PHASE_VERIFY, &wide, e);
	for (size_t i = 0; !rc && i < wide.n; i++)
		right &= wide.at[i].sum == sums[i];
	for (size_t i = 0; !rc && right && i < wide.n; i++)
		w->out->bytes_verified += wide.at[i].len;
	if (!rc)
		*ret_right = right;
	free(wide.at);
	free(sums);
	return rc;
}

static int verify_sums(struct work *w, struct err *e)
{
	struct work_pieces fine = { 0 };
	bool right = true;
	int rc = 0;

	for (size_t i = 0; i < w->n; i++)
		work_add_pieces(w, &fine, i, false);
	if (fine.n)
		rc = verify_widely(w, &fine, &right, e);
	if (!rc && !right)
		rc = verify_each(w, &fine, e);
	free(fine.at);
	return rc;
}

/* What cannot be read is not right, and would end the loader. */
static int verify_readable(struct work *w, struct err *e)
{
	for (size_t i = 0; i < w->n; i++) {
		struct work_block *b = &w->blocks[i];

		if (b->dirty || !b->torn_bytes)
			continue;
		fault_init(&w->s->fault, FAULT_STEP_VERIFY);
		fault_set_address(&w->s->fault, b->told->where.address);
		b->told->state = FLASH_BLOCK_BAD;
		return err_set(e, ERR_PROTOCOL,
			       "verifying 0x%08x: %u bytes cannot be read, their error correction "
			       "gives up",
			       b->told->where.address, b->torn_bytes);
	}
	return 0;
}

int verify_all(struct work *w, bool full, struct err *e)
{
	int rc = verify_readable(w, e);

	if (!rc && w->use_loader)
		rc = verify_sums(w, e);
	if (!rc)
		rc = full || !w->use_loader ? verify_fully(w, e) : verify_samples(w, e);
	for (size_t i = 0; !rc && i < w->n; i++) {
		struct work_block *b = &w->blocks[i];

		b->torn_bytes = 0;
		if (!b->same || b->dirty)
			b->told->state = FLASH_BLOCK_VERIFIED;
		b->dirty = false;
	}
	return rc;
}
