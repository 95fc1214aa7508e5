/* Blocks and the bytes they are to hold: see engine_work.h. */
#include "flash/engine_work.h"

#include <stdlib.h>
#include <string.h>

static void *must_have(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

void work_init(struct work *w, struct flash_session *s, const struct flash_options *o,
	       const struct flash_ops *ops, struct flash_outcome *out)
{
	static const struct flash_ops nobody = { 0 };

	*out = (struct flash_outcome){ .attempts = 1 };
	*w = (struct work){ .s = s, .o = o, .ops = ops ? ops : &nobody, .out = out };
	w->journal.fd = -1;
	w->began_us = clock_now_us(s->t->clock);
}

void work_done(struct work *w)
{
	for (size_t i = 0; i < w->n; i++) {
		free(w->blocks[i].want);
		free(w->blocks[i].origin);
	}
	free(w->blocks);
	free(w->unknown.at);
	journal_close(&w->journal);
}

static void add_block(struct work *w, const struct geometry_block *where)
{
	struct flash_outcome *out = w->out;
	struct work_block *b;

	out->blocks = must_have(realloc(out->blocks, (w->n + 1) * sizeof(*out->blocks)));
	w->blocks = must_have(realloc(w->blocks, (w->n + 1) * sizeof(*w->blocks)));
	out->blocks[w->n] = (struct flash_block){ .where = *where };
	b = &w->blocks[w->n++];
	*b = (struct work_block){ .want = must_have(malloc(where->bytes)),
				  .origin = must_have(calloc(1, where->bytes)) };
	memset(b->want, w->s->geo.erased, where->bytes);
	out->n_blocks = w->n;
	for (size_t i = 0; i < w->n; i++)
		w->blocks[i].told = &out->blocks[i];
}

struct work_block *work_block_at(struct work *w, uint32_t address)
{
	struct geometry_block where;

	/* Blocks come in order, so the last one is the most likely. */
	for (size_t i = w->n; i-- > 0;)
		if (address - w->blocks[i].told->where.address < w->blocks[i].told->where.bytes)
			return &w->blocks[i];
	if (!geometry_block_at(&w->s->geo, address, &where))
		return NULL;
	add_block(w, &where);
	return &w->blocks[w->n - 1];
}

static int add_segment(struct work *w, const struct flash_segment *seg, struct err *e)
{
	uint32_t address = seg->address;
	const uint8_t *bytes = seg->bytes;
	size_t left = seg->len;

	while (left) {
		struct work_block *b = work_block_at(w, address);
		uint32_t off, here;

		if (!b)
			return err_set(e, ERR_USAGE,
				       "the image has bytes at 0x%08x, where no flash is (%u KiB "
				       "from 0x%08x)",
				       address, geometry_bytes(&w->s->geo) / 1024,
				       w->s->geo.banks[0].base);
		off = address - b->told->where.address;
		here = b->told->where.bytes - off;
		here = here < left ? here : (uint32_t)left;
		memcpy(b->want + off, bytes, here);
		memset(b->origin + off, WORK_IMAGE, here);
		b->told->image_bytes += here;
		address += here;
		bytes += here;
		left -= here;
	}
	return 0;
}

int work_add_image(struct work *w, const struct flash_image *image, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < image->n; i++)
		rc = add_segment(w, &image->at[i], e);
	w->vectors = 0;
	for (size_t i = 0; i < w->n; i++)
		if (w->blocks[i].told->where.address == w->s->geo.banks[0].base)
			w->vectors = i;
	if (w->n)
		w->blocks[w->vectors].told->has_vectors = true;
	return rc;
}

bool work_next_run(const struct work_block *b, bool known, uint32_t off, uint32_t *ret_off,
		   uint32_t *ret_len)
{
	uint32_t bytes = b->told->where.bytes, end;

	while (off < bytes && (b->origin[off] != WORK_UNKNOWN) != known)
		off++;
	for (end = off; end < bytes && (b->origin[end] != WORK_UNKNOWN) == known;)
		end++;
	*ret_off = off;
	*ret_len = end - off;
	return end > off;
}

bool work_is_blank(const struct work *w, const uint8_t *bytes, size_t len)
{
	return !len || (bytes[0] == w->s->geo.erased && !memcmp(bytes, bytes + 1, len - 1));
}

void work_progress(struct work *w, enum flash_phase phase, uint64_t done, uint64_t total,
		   uint32_t address)
{
	w->progress = (struct flash_progress){ phase, done, total, address,
					       clock_now_us(w->s->t->clock) - w->began_us };
	if (w->ops->progress)
		w->ops->progress(w->ops->user, &w->progress);
}

/* ---- checksums ---- */

void work_erase_begins(struct work_block *b)
{
	b->untouched = !b->dirty;
	b->erasing = b->dirty = true;
	b->erased = false;
	b->told->state = FLASH_BLOCK_UNKNOWN;
}

void work_erase_is_over(struct work *w, struct work_block *b)
{
	w->out->blocks_erased += b->erasing;
	b->erasing = false;
}

void work_add_piece(struct work_pieces *p, const struct work_piece *piece)
{
	if (p->n == p->room) {
		p->room = p->room ? 2 * p->room : 64;
		p->at = must_have(realloc(p->at, p->room * sizeof(*p->at)));
	}
	p->at[p->n++] = *piece;
}

void work_add_pieces(struct work *w, struct work_pieces *p, size_t block, bool also_unknown)
{
	const struct work_block *b = &w->blocks[block];

	for (int known = 1; known >= !also_unknown; known--)
		for (uint32_t off = 0, len; work_next_run(b, known, off, &off, &len);) {
			uint32_t n = len < WORK_PIECE_MAX ? len : WORK_PIECE_MAX;

			work_add_piece(p, &(struct work_piece){ block, off, n, known, 0 });
			off += n;
		}
}

static uint32_t address_of(const struct work *w, const struct work_piece *p)
{
	return w->blocks[p->block].told->where.address + p->off;
}

/* How many pieces from `first` on are of one length and follow each other. */
static uint32_t alike(const struct work *w, const struct work_pieces *p, size_t first, size_t end)
{
	uint32_t n = 1;

	while (first + n < end && p->at[first + n].len == p->at[first].len &&
	       address_of(w, &p->at[first + n]) ==
		       address_of(w, &p->at[first]) + n * p->at[first].len)
		n++;
	return n;
}

static bool are_as_wanted(const struct work *w, const struct work_pieces *p, size_t first,
			  size_t end, const uint32_t *sums)
{
	bool all = true;

	if (!w->s->care.words_again && !w->s->care.mended && !w->s->care.wrong_words)
		return true; /* nothing was ever read wrong: the engine compares */
	for (size_t i = first; all && i < end; i++)
		all = !p->at[i].known ||
		      sums[i - first] == loader_crc(w->blocks[p->at[i].block].want + p->at[i].off,
						    p->at[i].len);
	return all;
}

/* As many as there are results for. */
static int sum_some(struct work *w, enum fault_step step, struct work_pieces *p, size_t first,
		    size_t end, struct err *e)
{
	uint32_t results[LOADER_RESULTS_MAX] = { 0 }, at;
	int rc = 0;

	w->loader.next_result = 0;
	for (size_t i = first; !rc && i < end;) {
		uint32_t n = alike(w, p, i, end);

		rc = loader_sum(&w->loader, step, address_of(w, &p->at[i]), p->at[i].len, n, &at,
				e);
		i += n;
	}
	if (!rc)
		rc = loader_wait(&w->loader, w->loader.issued, e);
	if (!rc)
		rc = loader_results(&w->loader, 0, (uint32_t)(end - first), results, e);
	if (!rc && !are_as_wanted(w, p, first, end, results)) /* or they were read wrong */
		rc = loader_results(&w->loader, 0, (uint32_t)(end - first), results, e);
	for (size_t i = first; !rc && i < end; i++)
		p->at[i].sum = results[i - first];
	return rc;
}

int work_sum_pieces(struct work *w, enum fault_step step, enum flash_phase phase,
		    struct work_pieces *p, struct err *e)
{
	uint64_t total = 0, done = 0;
	int rc = 0;

	for (size_t i = 0; i < p->n; i++)
		total += p->at[i].len;
	for (size_t i = 0; !rc && i < p->n;) {
		size_t end = i + w->loader.n_results;

		end = end < p->n ? end : p->n;
		rc = sum_some(w, step, p, i, end, e);
		for (; i < end; i++)
			done += p->at[i].len;
		work_progress(w, phase, done, total, 0);
	}
	return rc;
}
