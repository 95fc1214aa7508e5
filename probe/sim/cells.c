/* The cells of a flash array. */
#include "probe/sim/cells.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE 4096u

void cells_init(struct cells *c, size_t size, uint8_t erased, unsigned granule, struct rng *rng)
{
	*c = (struct cells){ .size = size, .erased = erased, .granule = granule, .rng = rng };
	c->mapped = (size + PAGE - 1) / PAGE * PAGE;
	c->at = mmap(NULL, c->mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (c->at == MAP_FAILED)
		abort();
	memset(c->at, erased, c->mapped);
	if (granule) {
		c->torn = calloc(size / granule + 1, 1);
		if (!c->torn)
			abort();
	}
}

void cells_done(struct cells *c)
{
	if (c->at)
		munmap(c->at, c->mapped);
	free(c->torn);
	free(c->hanging);
	*c = (struct cells){ 0 };
}

static void mark(struct cells *c, size_t off, size_t len, uint8_t torn)
{
	if (c->granule && len)
		memset(c->torn + off / c->granule, torn,
		       (off + len - 1) / c->granule - off / c->granule + 1);
}

/* ---- bits between old and new ---- */

#define WAVER_CHANCE 0.125 /* of a bit, with each read */

static void hang(struct cells *c, size_t at, uint8_t bits)
{
	if (!c->hanging)
		c->hanging = calloc(c->size, 1);
	if (!c->hanging)
		abort();
	c->hanging[at] = bits;
}

static void settle(struct cells *c, size_t off, size_t len)
{
	if (c->hanging)
		memset(c->hanging + off, 0, len);
}

void cells_waver(struct cells *c, size_t off, size_t len)
{
	size_t i;
	int bit;

	for (i = off; c->hanging && i < off + len; i++)
		for (bit = 0; c->hanging[i] && bit < 8; bit++)
			if (c->hanging[i] & 1 << bit && rng_chance(c->rng, WAVER_CHANCE))
				c->at[i] ^= (uint8_t)(1 << bit);
}

void cells_break(struct cells *c, size_t off, size_t len, enum cells_wear wear)
{
	unsigned slot = c->worn[0].len ? 1 : 0;

	assert(off <= c->size && len <= c->size - off);
	c->worn[slot].off = off;
	c->worn[slot].len = len;
	c->worn[slot].wear = wear;
}

static void wear_out_byte(struct cells *c, size_t at)
{
	uint8_t stuck = c->erased ? 0xee : 0x11; /* every fourth bit */
	size_t i;

	for (i = 0; i < 2; i++) {
		if (at - c->worn[i].off >= c->worn[i].len)
			continue;
		if (c->worn[i].wear == CELLS_STAY_ERASED)
			c->at[at] = c->erased;
		else
			c->at[at] = c->erased ? c->at[at] & stuck : c->at[at] | stuck;
	}
}

/* What worn cells make of an operation. */
static void wear_out(struct cells *c, size_t off, size_t len)
{
	size_t i;

	for (i = off; c->worn[0].len && i < off + len; i++)
		wear_out_byte(c, i);
}

void cells_erase(struct cells *c, size_t off, size_t len)
{
	assert(off <= c->size && len <= c->size - off);
	memset(c->at + off, c->erased, len);
	settle(c, off, len);
	mark(c, off, len, 0);
	wear_out(c, off, len);
}

/* What a byte becomes when every bit that differs from the erased value is programmed. */
static uint8_t programmed(const struct cells *c, uint8_t old, uint8_t asked)
{
	return c->erased ? old & asked : old | asked;
}

static bool all_are(const uint8_t *bytes, size_t len, uint8_t value)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (bytes[i] != value)
			return false;
	return true;
}

void cells_program(struct cells *c, size_t off, const uint8_t *bytes, size_t len)
{
	/* A code that was written twice no longer fits its data; all zeros has one that always
	 * does. */
	bool twice = c->granule && !cells_blank(c, off, len) && !all_are(bytes, len, 0);
	size_t i;

	assert(off <= c->size && len <= c->size - off);
	for (i = 0; i < len; i++)
		c->at[off + i] = programmed(c, c->at[off + i], bytes[i]);
	settle(c, off, len);
	mark(c, off, len, twice);
	wear_out(c, off, len);
}

/* Of the bits in which old and new differ, each has reached the new value with chance `done`. */
static uint8_t between(struct cells *c, uint8_t old, uint8_t new, double done)
{
	uint8_t moved = 0;
	int bit;

	for (bit = 0; bit < 8; bit++)
		if ((old ^ new) & 1 << bit && rng_chance(c->rng, done))
			moved |= (uint8_t)(1 << bit);
	return old ^ moved;
}

void cells_erase_cut(struct cells *c, size_t off, size_t len, double done)
{
	size_t i;

	assert(off <= c->size && len <= c->size - off);
	for (i = off; i < off + len; i++) {
		hang(c, i, c->at[i] ^ c->erased);
		c->at[i] = between(c, c->at[i], c->erased, done);
	}
	mark(c, off, len, 1);
}

void cells_program_cut(struct cells *c, size_t off, const uint8_t *bytes, size_t len, double done)
{
	size_t i;

	assert(off <= c->size && len <= c->size - off);
	for (i = 0; i < len; i++) {
		uint8_t *at = &c->at[off + i], new = programmed(c, *at, bytes[i]);

		hang(c, off + i, *at ^ new);
		*at = between(c, *at, new, done);
	}
	mark(c, off, len, 1);
}

static void swap_halves(uint8_t *bytes, size_t len)
{
	size_t half = len / 2, i;

	for (i = 0; i < half; i++) {
		uint8_t first = bytes[i];

		bytes[i] = bytes[half + i];
		bytes[half + i] = first;
	}
}

void cells_swap_halves(struct cells *c)
{
	size_t i;

	swap_halves(c->at, c->size);
	if (c->hanging)
		swap_halves(c->hanging, c->size);
	if (c->granule)
		swap_halves(c->torn, c->size / c->granule);
	for (i = 0; i < 2; i++)
		if (c->worn[i].len)
			c->worn[i].off = (c->worn[i].off + c->size / 2) % c->size;
}

bool cells_blank(const struct cells *c, size_t off, size_t len)
{
	assert(off <= c->size && len <= c->size - off);
	return all_are(c->at + off, len, c->erased);
}

bool cells_torn(const struct cells *c, size_t off, size_t len)
{
	size_t i;

	if (!c->granule || !len)
		return false;
	assert(off <= c->size && len <= c->size - off);
	for (i = off / c->granule; i <= (off + len - 1) / c->granule; i++)
		if (c->torn[i])
			return true;
	return false;
}
