/* What the state of the chip means: see outcome.h. */
#include "flash/outcome.h"

#include <stdlib.h>

#define RANGES_MAX 4 /* written out; more are counted */

void flash_outcome_done(struct flash_outcome *o)
{
	free(o->blocks);
	o->blocks = NULL;
	o->n_blocks = 0;
}

/* ---- old, new, unknown ---- */

const char *outcome_group_name(enum outcome_group g)
{
	static const char *const names[] = { "new", "old", "unknown" };

	return names[g];
}

enum outcome_group outcome_group_of(const struct flash_outcome *o, const struct flash_block *b)
{
	switch (b->state) {
	case FLASH_BLOCK_VERIFIED:
	case FLASH_BLOCK_UNCHANGED:
		return OUTCOME_NEW;
	case FLASH_BLOCK_ERASED: /* which is what was asked for, where there is no image */
		return o->done && !b->image_bytes ? OUTCOME_NEW : OUTCOME_UNKNOWN;
	case FLASH_BLOCK_UNTOUCHED: /* half an earlier run may be in it */
		return o->interrupted_before ? OUTCOME_UNKNOWN : OUTCOME_OLD;
	case FLASH_BLOCK_PROGRAMMED:
	case FLASH_BLOCK_BAD:
	case FLASH_BLOCK_UNKNOWN:
		break;
	}
	return OUTCOME_UNKNOWN;
}

bool outcome_next_range(const struct flash_outcome *o, enum outcome_group g, size_t *n,
			uint32_t *ret_address, uint32_t *ret_bytes)
{
	size_t i = *n;

	while (i < o->n_blocks && outcome_group_of(o, &o->blocks[i]) != g)
		i++;
	if (i == o->n_blocks) {
		*n = i;
		return false;
	}
	*ret_address = o->blocks[i].where.address;
	*ret_bytes = 0;
	for (; i < o->n_blocks && outcome_group_of(o, &o->blocks[i]) == g &&
	       o->blocks[i].where.address == *ret_address + *ret_bytes;
	     i++)
		*ret_bytes += o->blocks[i].where.bytes;
	*n = i;
	return true;
}

/* ---- does it boot? ---- */

static bool is_untouched(const struct flash_block *b)
{
	return b->state == FLASH_BLOCK_UNTOUCHED || b->state == FLASH_BLOCK_UNCHANGED;
}

static const struct flash_block *boot_block(const struct flash_outcome *o)
{
	for (size_t i = 0; i < o->n_blocks; i++)
		if (o->blocks[i].where.address == o->boot_address)
			return &o->blocks[i];
	return NULL;
}

static size_t count_group(const struct flash_outcome *o, enum outcome_group g)
{
	size_t n = 0;

	for (size_t i = 0; i < o->n_blocks; i++)
		n += outcome_group_of(o, &o->blocks[i]) == g;
	return n;
}

static bool nothing_touched(const struct flash_outcome *o)
{
	for (size_t i = 0; i < o->n_blocks; i++)
		if (!is_untouched(&o->blocks[i]))
			return false;
	return !o->mass_erased;
}

/* Some of it is not done. Its vectors are erased before anything else, and programmed after it. */
static enum outcome_boots boots_half(const struct flash_outcome *o, const struct flash_block *boot)
{
	if (!boot)
		return OUTCOME_BOOTS_LOADER;
	if (boot->state == FLASH_BLOCK_ERASED)
		return OUTCOME_BOOTS_NOTHING;
	if (boot->state == FLASH_BLOCK_UNKNOWN)
		for (size_t i = 0; i < o->n_blocks; i++)
			if (o->blocks[i].state == FLASH_BLOCK_VERIFIED)
				return OUTCOME_BOOTS_NOTHING; /* so that erase is over */
	return count_group(o, OUTCOME_NEW) == o->n_blocks ? OUTCOME_BOOTS_NEW
							  : OUTCOME_BOOTS_UNKNOWN;
}

enum outcome_boots outcome_boots(const struct flash_outcome *o)
{
	const struct flash_block *boot = boot_block(o);

	if (o->mass_erased)
		return OUTCOME_BOOTS_NOTHING;
	if (o->done && boot)
		return boot->image_bytes ? OUTCOME_BOOTS_NEW : OUTCOME_BOOTS_NOTHING;
	if (nothing_touched(o) || (o->done && !boot))
		return o->interrupted_before && !o->done ? OUTCOME_BOOTS_UNKNOWN
							 : OUTCOME_BOOTS_AS_BEFORE;
	return boots_half(o, boot);
}

static const struct {
	const char *name, *text;
} boots_rows[] = {
	[OUTCOME_BOOTS_NEW] = { "new", "the new image boots" },
	[OUTCOME_BOOTS_AS_BEFORE] = { "as-before", "what was there before boots as before" },
	[OUTCOME_BOOTS_NOTHING] = { "nothing",
				    "the chip does not boot: its vectors are erased, and stay so "
				    "until everything else is right" },
	[OUTCOME_BOOTS_LOADER] = { "loader", "what lies at the boot address was not touched; the "
					     "image behind it is not whole" },
	[OUTCOME_BOOTS_UNKNOWN] = { "unknown", "whether the chip boots is not known" },
};

const char *outcome_boots_name(enum outcome_boots b)
{
	return boots_rows[b].name;
}

const char *outcome_boots_text(enum outcome_boots b)
{
	return boots_rows[b].text;
}

/* ---- and now? ---- */

const char *outcome_next(const struct flash_outcome *o)
{
	if (o->done)
		return "";
	if (nothing_touched(o) && !o->interrupted_before)
		return "nothing was changed: when the cause is removed, run the same command again";
	return "when the cause is removed, run the same command again: it goes on from here, and "
	       "leaves alone what is right already";
}

/* ---- for people ---- */

static void add_group(const struct flash_outcome *o, enum outcome_group g, bool first,
		      struct buf *out)
{
	uint32_t address, bytes;
	size_t n = 0, ranges = 0, blocks = count_group(o, g);

	buf_addf(out, "%s%zu block%s %s (", first ? "" : ", ", blocks, blocks == 1 ? "" : "s",
		 outcome_group_name(g));
	while (outcome_next_range(o, g, &n, &address, &bytes)) {
		if (++ranges <= RANGES_MAX)
			buf_addf(out, "%s0x%08x..0x%08x", ranges == 1 ? "" : " ", address,
				 address + bytes - 1);
	}
	if (ranges > RANGES_MAX)
		buf_addf(out, " and %zu more stretches", ranges - RANGES_MAX);
	buf_add_char(out, ')');
}

static void add_state(const struct flash_outcome *o, struct buf *out)
{
	bool first = true;

	buf_add_str(out, "state    ");
	for (int g = 0; g < OUTCOME_GROUPS; g++)
		if (count_group(o, (enum outcome_group)g)) {
			add_group(o, (enum outcome_group)g, first, out);
			first = false;
		}
	buf_add_str(out, first ? "no block was touched\n" : "\n");
	if (!o->state_known)
		buf_add_str(out, "         whether the core runs and the flash is locked is not "
				 "known\n");
	else
		buf_addf(out, "         the core %s, the flash is %s\n",
			 o->running ? "runs" : "is halted", o->locked ? "locked" : "unlocked");
	if (o->bytes_torn)
		buf_addf(out,
			 "         %llu bytes could not be read at first: an earlier write was cut "
			 "short, and their error correction gave up\n",
			 (unsigned long long)o->bytes_torn);
}

void outcome_write_text(const struct flash_outcome *o, struct buf *out)
{
	add_state(o, out);
	buf_addf(out, "boots    %s\n", outcome_boots_text(outcome_boots(o)));
	if (*outcome_next(o))
		buf_addf(out, "next     %s\n", outcome_next(o));
	if (o->journal[0])
		buf_addf(out,
			 "         %s has what the erased blocks held outside the image; the next "
			 "run on this chip writes it back\n",
			 o->journal);
}
