/*
 * What was falsified on its way into RAM, found by the loader (a wrong check, a wrong sum) or by
 * reading back, and written again: only the words that differ, so that a wire that gets one word in
 * a thousand wrong costs little. See loader.h.
 */
#include <string.h>

#include "flash/loader_internal.h"
#include "probe/base/bytes.h"

#define ROUNDS_MAX  12
#define WORDS_BATCH 32
#define ORDER_AT    20 /* in a slot */

static const uint8_t filler[4] = { 0xff, 0xff, 0xff, 0xff };

static void padded_tail(const uint8_t *bytes, uint32_t len, uint8_t tail[4])
{
	memcpy(tail, filler, 4);
	memcpy(tail, bytes + (len & ~3U), len & 3);
}

uint32_t loader_sum_padded(const uint8_t *bytes, uint32_t len)
{
	uint32_t sum = loader_crc(bytes, len & ~3U);
	uint8_t tail[4];

	if (!(len & 3))
		return sum;
	padded_tail(bytes, len, tail);
	return loader_crc_from(sum, tail, 4);
}

int loader_write_padded(struct loader *l, uint32_t address, const uint8_t *bytes, uint32_t len,
			struct err *e)
{
	uint32_t whole = len & ~3U;
	uint8_t tail[4];
	int rc = whole ? target_write(l->s->t, address, bytes, whole, e) : 0;

	if (rc || whole == len)
		return rc;
	padded_tail(bytes, len, tail);
	return target_write32(l->s->t, address + whole, get_le32(tail), e);
}

/* A word, the last one filled up. */
static uint32_t word_at(const uint8_t *bytes, uint32_t len, uint32_t off)
{
	uint8_t tail[4];

	if (off + 4 <= len)
		return get_le32(bytes + off);
	padded_tail(bytes, len, tail);
	return get_le32(tail);
}

static int write_batch(struct loader *l, struct target_word *words, size_t n, struct err *e)
{
	size_t done;

	l->s->care.mended += n;
	return n ? target_words(l->s->t, words, n, &done, e) : 0;
}

/* Reads it back once, and writes what differs again. *ret_differ: so many words. */
static int mend_once(struct loader *l, uint32_t address, const uint8_t *bytes, uint32_t len,
		     uint32_t *ret_differ, struct err *e)
{
	struct target_word words[WORDS_BATCH];
	uint8_t back[4096];
	size_t n = 0;
	int rc = 0;

	*ret_differ = 0;
	for (uint32_t off = 0; !rc && off < len; off += sizeof(back)) {
		uint32_t left = ((len + 3) & ~3U) - off;
		uint32_t here = left < sizeof(back) ? left : sizeof(back);

		rc = target_read(l->s->t, address + off, back, here, e);
		for (uint32_t i = 0; !rc && i < here; i += 4) {
			uint32_t want = word_at(bytes, len, off + i);

			if (get_le32(back + i) == want)
				continue;
			++*ret_differ;
			words[n++] = (struct target_word){ true, address + off + i, want };
			if (n == WORDS_BATCH) {
				rc = write_batch(l, words, n, e);
				n = 0;
			}
		}
	}
	return rc ? rc : write_batch(l, words, n, e);
}

int loader_place(struct loader *l, uint32_t address, const uint8_t *bytes, uint32_t len,
		 struct err *e)
{
	uint32_t differ = 1;
	int rc = 0;

	for (unsigned round = 0; !rc && differ && round < ROUNDS_MAX; round++)
		rc = mend_once(l, address, bytes, len, &differ, e);
	if (rc)
		return loader_link_failed(l, FAULT_STEP_LOADER, rc, e);
	if (differ) {
		fault_init(&l->s->fault, FAULT_STEP_LOADER);
		return err_set(e, ERR_PROTOCOL, "RAM at 0x%08x does not keep what is written",
			       address);
	}
	return 0;
}

/* ---- orders ---- */

static uint32_t turn(uint32_t x)
{
	return x >> 7 | x << 25;
}

void loader_pack_slot(const struct loader_slot *slot, uint8_t out[LOADER_SLOT_BYTES])
{
	uint32_t check = turn(turn(turn(turn(slot->a) + slot->b) + slot->c) + slot->d) +
			 (uint32_t)slot->order;

	put_le32(out, slot->a);
	put_le32(out + 4, slot->b);
	put_le32(out + 8, slot->c);
	put_le32(out + 12, slot->d);
	put_le32(out + 16, check);
	put_le32(out + ORDER_AT, slot->order);
}

static uint32_t current_slot(const struct loader *l)
{
	return l->ring + l->done % l->n_slots * LOADER_SLOT_BYTES;
}

/* The order goes away first: else it might be done while its slot is written, and stand there
 * again afterwards. */
static int write_slot(struct loader *l, struct err *e)
{
	uint8_t bytes[LOADER_SLOT_BYTES];
	int rc = target_write32(l->s->t, current_slot(l) + ORDER_AT, 0, e);

	loader_pack_slot(&l->pending[l->done % l->n_slots], bytes);
	if (!rc)
		rc = target_write(l->s->t, current_slot(l), bytes, sizeof(bytes), e);
	l->s->care.mended++;
	return rc;
}

static int too_often(struct loader *l, const struct loader_note *n, struct err *e)
{
	fault_init(&l->s->fault, n->step);
	fault_set_address(&l->s->fault, n->address);
	return err_set(e, ERR_PROTOCOL, "%s 0x%08x: what is written into RAM does not arrive there",
		       fault_step_name(n->step), n->address);
}

int loader_mend(struct loader *l, uint32_t done, struct err *e)
{
	struct loader_note *n = &l->notes[l->done % l->n_slots];
	const struct loader_slot *slot = &l->pending[l->done % l->n_slots];
	uint32_t differ;
	int rc;

	if (++n->mended > ROUNDS_MAX)
		return too_often(l, n, e);
	if (done & LOADER_REFUSED_ORDER) {
		rc = write_slot(l, e);
	} else {
		n->looked_at = true;
		rc = mend_once(l, slot->b, n->bytes, n->len, &differ, e);
	}
	return rc ? loader_link_failed(l, n->step, rc, e) : 0;
}

bool loader_is_careful(const struct loader *l)
{
	const struct care *c = &l->s->care;

	return c->mended || c->wrong_words;
}

int loader_mend_ahead(struct loader *l, bool *ret_any, struct err *e)
{
	*ret_any = false;
	for (uint32_t i = l->done; i != l->sent; i++) {
		struct loader_note *n = &l->notes[i % l->n_slots];
		uint32_t differ;
		int rc;

		if (!n->bytes || n->looked_at)
			continue;
		n->looked_at = *ret_any = true;
		rc = mend_once(l, l->pending[i % l->n_slots].b, n->bytes, n->len, &differ, e);
		return rc ? loader_link_failed(l, n->step, rc, e) : 0;
	}
	return 0;
}

int loader_mend_lost(struct loader *l, bool *ret_lost, struct err *e)
{
	struct loader_note *n = &l->notes[l->done % l->n_slots];
	uint32_t order = 1, done = 0;
	int rc = target_read32(l->s->t, current_slot(l) + ORDER_AT, &order, e);

	*ret_lost = false;
	if (!rc && !order)
		rc = target_read32(l->s->t, l->mailbox + 4 * LOADER_DONE, &done, e);
	if (!rc && !order && (done & LOADER_COUNT) == (l->done & LOADER_COUNT) &&
	    l->sent != l->done) {
		if (++n->mended > ROUNDS_MAX)
			return too_often(l, n, e);
		rc = write_slot(l, e);
		*ret_lost = !rc;
	}
	return rc ? loader_link_failed(l, n->step, rc, e) : 0;
}
