/*
 * What the journal of an earlier run means for this one, and what this one notes in it. Nothing of
 * it is trusted without a look at the chip: bytes that a block held come back only where the block
 * was not right since, and a block that was right is compared like any other.
 */
#include "flash/engine_work.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/bytes.h"

static void take_run(void *user, const uint8_t image[SHA256_BYTES])
{
	struct work *w = user;

	w->out->interrupted_before = true;
	w->resumes = !memcmp(image, w->image_hash, SHA256_BYTES);
	for (size_t i = 0; i < w->n; i++)
		w->blocks[i].was_done = false;
}

static void take_done(void *user, uint32_t address, uint32_t len)
{
	struct work *w = user;

	for (size_t i = 0; i < w->n; i++)
		if (w->blocks[i].told->where.address == address &&
		    w->blocks[i].told->where.bytes == len)
			w->blocks[i].was_done = w->resumes;
}

static void take_kept(void *user, uint32_t address, const uint8_t *bytes, uint32_t len)
{
	struct work *w = user;

	w->out->interrupted_before = true;
	for (uint32_t i = 0; i < len; i++) {
		struct work_block *b = work_block_at(w, address + i);
		uint32_t off;

		if (!b)
			continue;
		off = address + i - b->told->where.address;
		/* The oldest record counts: later ones may be of a block half written. */
		if (b->origin[off] == WORK_UNKNOWN) {
			b->want[off] = bytes[i];
			b->origin[off] = WORK_KEPT;
		}
	}
}

static void hash_image(const struct flash_image *image, uint8_t ret[SHA256_BYTES])
{
	struct buf all = { 0 };

	for (size_t i = 0; i < image->n; i++) {
		uint8_t head[8];

		put_le32(head, image->at[i].address);
		put_le32(head + 4, (uint32_t)image->at[i].len);
		buf_add(&all, head, sizeof(head));
		buf_add(&all, image->at[i].bytes, image->at[i].len);
	}
	sha256(buf_str(&all), all.len, ret);
	buf_done(&all);
}

int engine_take_journal(struct work *w, const struct flash_image *image, struct err *e)
{
	const struct journal_reader reader = {
		.user = w, .run = take_run, .kept = take_kept, .done = take_done
	};
	int rc = journal_init(&w->journal, w->o->journal_dir, w->s, e);

	hash_image(image, w->image_hash);
	return rc ? rc : journal_read(&w->journal, &reader, e);
}

void engine_count_resumed(struct work *w)
{
	w->out->blocks_resumed = 0;
	for (size_t i = 0; i < w->n; i++)
		w->out->blocks_resumed += w->blocks[i].was_done && w->blocks[i].same;
}

int engine_note_run(struct work *w, struct err *e)
{
	int rc = w->run_noted ? 0 : journal_add_run(&w->journal, w->image_hash, e);

	w->run_noted = !rc;
	return rc;
}

int engine_note_kept(struct work *w, const struct work_block *b, struct err *e)
{
	uint32_t bytes = b->told->where.bytes, end;
	int rc = 0;

	for (uint32_t off = 0; !rc && off < bytes; off = end) {
		for (end = off; end < bytes && b->origin[end] == b->origin[off];)
			end++;
		if (b->origin[off] == WORK_KEPT && !work_is_blank(w, b->want + off, end - off))
			rc = journal_add(&w->journal, b->told->where.address + off, b->want + off,
					 end - off, e);
	}
	if (rc)
		fault_init(&w->s->fault, FAULT_STEP_KEEP);
	return rc;
}

/* A disk that is full costs the next run some work, and this one nothing. */
void engine_note_done(struct work *w, struct work_block *b)
{
	if (!b->noted_done)
		b->noted_done = !journal_add_done(&w->journal, b->told->where.address,
						  b->told->where.bytes, NULL);
}

int engine_note_erase(struct work *w, struct work_block *b, struct err *e)
{
	int rc;

	if (!b->noted_done)
		return 0;
	b->noted_done = false;
	rc = engine_note_kept(w, b, e);
	return rc ? rc : journal_sync(&w->journal, e);
}
