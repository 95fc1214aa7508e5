/*
 * Reading that is not believed at once: a word that looks wrong is read again, since a flip on the
 * wire and a wrong cell look the same only once; and what is kept of a block before it is erased
 * must agree with the checksum that the target made of it, or with a second reading.
 */
#include "flash/engine_work.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/bytes.h"

#define LOOKS_MAX  8
#define PART_BYTES 512

bool engine_word_is_right(struct work *w, uint32_t address, const uint8_t *want)
{
	uint32_t a, b;

	if (target_read32(w->s->t, address, &a, NULL) || target_read32(w->s->t, address, &b, NULL))
		return false;
	w->s->care.words_again += 2;
	if (a != get_le32(want) || b != a)
		return false;
	w->s->care.wrong_words++;
	return true;
}

bool engine_words_are_right(struct work *w, uint32_t address, const uint8_t *there,
			    const uint8_t *want, uint32_t len)
{
	unsigned wrong = 0;

	for (uint32_t i = 0; i + 4 <= len; i += 4) {
		if (!memcmp(there + i, want + i, 4))
			continue;
		/* So many are no accident. */
		if (++wrong > LOOKS_MAX + len / 64 ||
		    !engine_word_is_right(w, address + i, want + i))
			return false;
	}
	return !(len & 3) || !memcmp(there + (len & ~3U), want + (len & ~3U), len & 3);
}

int engine_read_twice(struct work *w, uint32_t address, uint8_t *bytes, uint32_t len, struct err *e)
{
	uint8_t second[1024];

	for (uint32_t off = 0; off < len; off += sizeof(second)) {
		uint32_t here = len - off < sizeof(second) ? len - off : sizeof(second);
		unsigned looks = 0;
		int rc;

		do {
			rc = target_read(w->s->t, address + off, second, here, e);
			if (rc)
				return rc;
			if (!memcmp(bytes + off, second, here))
				break;
			w->s->care.wrong_words++;
			memcpy(bytes + off, second, here);
		} while (++looks < LOOKS_MAX);
		if (looks == LOOKS_MAX)
			return err_set(e, ERR_PROTOCOL,
				       "reading 0x%08x: no two readings are the same",
				       address + off);
	}
	return 0;
}

/* Smaller pieces find out where: those that differ are read again. *ret_differ: so many. */
static int check_parts(struct work *w, const struct work_piece *whole, unsigned *ret_differ,
		       struct err *e)
{
	struct work_block *b = &w->blocks[whole->block];
	struct work_pieces parts = { 0 };
	int rc;

	*ret_differ = 0;
	for (uint32_t off = 0; off < whole->len; off += PART_BYTES) {
		uint32_t left = whole->len - off;

		work_add_piece(&parts, &(struct work_piece){ whole->block, whole->off + off,
							     left < PART_BYTES ? left : PART_BYTES,
							     false, 0 });
	}
	rc = work_sum_pieces(w, FAULT_STEP_KEEP, FLASH_PHASE_KEEP, &parts, e);
	for (size_t i = 0; !rc && i < parts.n; i++) {
		const struct work_piece *p = &parts.at[i];

		if (loader_crc(b->want + p->off, p->len) == p->sum)
			continue;
		++*ret_differ;
		w->s->care.wrong_words++;
		rc = target_read(w->s->t, b->told->where.address + p->off, b->want + p->off, p->len,
				 e);
	}
	free(parts.at);
	return rc;
}

int engine_check_kept(struct work *w, size_t block, struct err *e)
{
	const struct work_block *b = &w->blocks[block];
	int rc = 0;

	for (size_t i = 0; !rc && i < w->unknown.n; i++) {
		const struct work_piece *p = &w->unknown.at[i];
		unsigned differ =
			p->block == block && loader_crc(b->want + p->off, p->len) != p->sum;

		for (unsigned looks = 0; !rc && differ; looks++)
			rc = looks < LOOKS_MAX ? check_parts(w, p, &differ, e)
					       : err_set(e, ERR_PROTOCOL,
							 "reading 0x%08x: it is never what the "
							 "target sums up",
							 b->told->where.address + p->off);
	}
	return rc;
}
