/* Flash compared by the host itself: a sample of its words beside the target's sums, or all of it.
 */
#include <stdlib.h>
#include <string.h>

#include "flash/engine_work.h"
#include "flash/feed.h"

#define SAMPLE_PERCENT 1
#define BATCH	       60 /* words that fit one queue of the probe */

/* ---- by samples ---- */

struct sample {
	size_t block;
	uint32_t off;
};

struct samples {
	struct work *w;
	struct sample at[BATCH];
	size_t n;
	int64_t owed; /* hundredths of a word that are still to be read */
};

static int read_samples(struct samples *s, struct err *e)
{
	struct work *w = s->w;
	struct target_word words[BATCH] = { 0 };
	size_t done;
	int rc;

	for (size_t i = 0; i < s->n; i++)
		words[i].address = w->blocks[s->at[i].block].told->where.address + s->at[i].off;
	rc = s->n ? target_words(w->s->t, words, s->n, &done, e) : 0;
	if (rc)
		return verify_link_failed(w, words[done < s->n ? done : 0].address, rc, e);
	for (size_t i = 0; i < s->n; i++) {
		const uint8_t *want = w->blocks[s->at[i].block].want + s->at[i].off;
		uint8_t there[4] = { (uint8_t)words[i].value, (uint8_t)(words[i].value >> 8),
				     (uint8_t)(words[i].value >> 16),
				     (uint8_t)(words[i].value >> 24) };

		if (memcmp(want, there, 4) && !engine_word_is_right(w, words[i].address, want))
			return verify_differs(w, s->at[i].block, s->at[i].off, 4, e);
	}
	w->out->bytes_sampled += 4 * s->n;
	s->n = 0;
	return 0;
}

static int take_sample(struct samples *s, size_t block, uint32_t off, struct err *e)
{
	s->at[s->n++] = (struct sample){ block, off };
	return s->n == BATCH ? read_samples(s, e) : 0;
}

/*
 * The first and the last word of a run, and as many between them, evenly, as make it one in a
 * hundred of all so far.
 */
static int sample_run(struct samples *s, size_t block, uint32_t off, uint32_t len, struct err *e)
{
	uint32_t words = len / 4, between = 0;
	int rc = take_sample(s, block, off, e);

	s->owed += (int64_t)words * SAMPLE_PERCENT - 100 * (words > 1 ? 2 : 1);
	if (s->owed > 0 && words > 2)
		between = (uint32_t)((s->owed + 99) / 100);
	between = between < words - 2 ? between : words - 2;
	s->owed -= 100 * (int64_t)between;
	for (uint32_t i = 1; !rc && i <= between; i++)
		rc = take_sample(s, block,
				 off + 4 * (uint32_t)((uint64_t)(words - 1) * i / (between + 1)),
				 e);
	return rc || words < 2 ? rc : take_sample(s, block, off + 4 * (words - 1), e);
}

int verify_samples(struct work *w, struct err *e)
{
	struct samples s = { .w = w };
	int rc = 0;

	for (size_t i = 0; !rc && i < w->n; i++)
		for (uint32_t off = 0, len;
		     !rc && work_next_run(&w->blocks[i], true, off, &off, &len); off += len)
			rc = sample_run(&s, i, off, len, e);
	return rc ? rc : read_samples(&s, e);
}

/* ---- by the host alone ---- */

static int verify_run(struct work *w, size_t block, uint32_t off, uint32_t len, struct err *e)
{
	const struct work_block *b = &w->blocks[block];
	uint8_t *there = malloc(len);
	int rc;

	if (!there)
		abort();
	rc = feed_read(w->s->t, b->told->where.address + off, there, len, e);
	if (rc)
		verify_link_failed(w, b->told->where.address + off, rc, e);
	else if (memcmp(there, b->want + off, len) &&
		 !engine_words_are_right(w, b->told->where.address + off, there, b->want + off,
					 len))
		rc = verify_differs(w, block, off, len, e);
	else
		w->out->bytes_sampled += len;
	free(there);
	return rc;
}

int verify_fully(struct work *w, struct err *e)
{
	uint64_t done = 0, total = 0;
	int rc = 0;

	for (size_t i = 0; i < w->n; i++)
		total += w->blocks[i].told->where.bytes;
	for (size_t i = 0; !rc && i < w->n; i++) {
		for (uint32_t off = 0, len;
		     !rc && work_next_run(&w->blocks[i], true, off, &off, &len);) {
			len = len < WORK_PIECE_MAX ? len : WORK_PIECE_MAX;
			rc = verify_run(w, i, off, len, e);
			off += len;
			w->out->bytes_verified += rc || w->use_loader ? 0 : len;
		}
		done += w->blocks[i].told->where.bytes;
		work_progress(w, FLASH_PHASE_VERIFY, done, total, w->blocks[i].told->where.address);
	}
	return rc;
}
