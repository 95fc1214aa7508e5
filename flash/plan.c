/* Which blocks an image touches, and what has to be done to them: see plan.h. */
#include "flash/plan.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flash/ctrl.h"

#define GOOD_MV 3300 /* where nobody has measured */

void plan_init(struct plan *p)
{
	*p = (struct plan){ 0 };
}

void plan_done(struct plan *p)
{
	free(p->blocks);
	*p = (struct plan){ 0 };
}

/* ---- does it fit ---- */

static uint64_t bank_end(const struct geometry_bank *b)
{
	return (uint64_t)b->base + b->bytes;
}

/* The flash as people write it: "0x08000000 to 0x0800ffff (64 KiB)", with two parts if there is a
 * hole. */
static void flash_text(const struct geometry *g, char *room, size_t size)
{
	const struct geometry_bank *first = &g->banks[0], *last = &g->banks[g->n_banks - 1];

	if (g->n_banks == 2 && bank_end(first) != last->base)
		snprintf(room, size, "0x%08x to 0x%08llx and 0x%08x to 0x%08llx (%u KiB)",
			 first->base, (unsigned long long)bank_end(first) - 1, last->base,
			 (unsigned long long)bank_end(last) - 1, geometry_bytes(g) / 1024);
	else
		snprintf(room, size, "0x%08x to 0x%08llx (%u KiB)", first->base,
			 (unsigned long long)bank_end(last) - 1, geometry_bytes(g) / 1024);
}

/* Where flash ends that holds `address`; 0 if none does. */
static uint64_t flash_end(const struct geometry *g, uint64_t address)
{
	uint64_t end = 0;

	for (size_t i = 0; i < g->n_banks; i++)
		if ((address >= g->banks[i].base && address < bank_end(&g->banks[i])) ||
		    end == g->banks[i].base)
			end = bank_end(&g->banks[i]);
	return end;
}

static int check_segment(const struct image_segment *s, const struct geometry *g, struct err *e)
{
	uint64_t end = flash_end(g, s->address), wanted = (uint64_t)s->address + s->len;
	char flash[120];

	if (end >= wanted)
		return 0;
	flash_text(g, flash, sizeof(flash));
	if (!end)
		return err_set(e, ERR_USAGE,
			       "%u bytes of the image go to 0x%08x; the flash of this chip is %s",
			       s->len, s->address, flash);
	return err_set(
		e, ERR_USAGE,
		"the image does not fit: %u bytes from 0x%08x on end at 0x%08llx, %llu bytes "
		"beyond the flash of this chip, %s",
		s->len, s->address, (unsigned long long)wanted - 1,
		(unsigned long long)(wanted - end), flash);
}

/* ---- blocks ---- */

static bool is_blank(const uint8_t *bytes, size_t len, uint8_t erased)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != erased)
			return false;
	return true;
}

/* Bytes of granules that are not blank. */
static uint32_t to_program(const uint8_t *bytes, uint32_t len, const struct geometry *g)
{
	uint32_t n = 0;

	for (uint32_t at = 0; at < len; at += g->granule)
		if (!is_blank(bytes + at, g->granule, g->erased))
			n += g->granule;
	return n;
}

/* A block's worth of bytes, as `there` or (NULL) blank; to be freed. */
static uint8_t *block_bytes(const struct geometry *g, const struct geometry_block *where,
			    const uint8_t *there)
{
	uint8_t *bytes = malloc(where->bytes);

	if (!bytes)
		abort();
	if (there)
		memcpy(bytes, there, where->bytes);
	else
		memset(bytes, g->erased, where->bytes);
	return bytes;
}

static void add_block(struct plan *p, const struct image *im, const struct geometry *g,
		      const struct geometry_block *where)
{
	struct plan_block *b = &p->blocks[p->n_blocks++];
	uint8_t *bytes = block_bytes(g, where, NULL);

	b->where = *where;
	b->image_bytes = (uint32_t)image_copy(im, where->address, bytes, where->bytes);
	b->program_bytes = to_program(bytes, where->bytes, g);
	b->has_vectors = where->address == g->banks[0].base;
	p->image_bytes += b->image_bytes;
	free(bytes);
}

int plan_make(struct plan *p, const struct image *im, const struct geometry *g, struct err *e)
{
	uint64_t next = 0; /* blocks below are there already */

	for (size_t i = 0; i < im->n_segments; i++) {
		int rc = check_segment(&im->segments[i], g, e);

		if (rc)
			return rc;
	}
	p->blocks = calloc(g->n_blocks, sizeof(*p->blocks));
	if (!p->blocks)
		abort();
	for (size_t i = 0; i < im->n_segments; i++) {
		const struct image_segment *s = &im->segments[i];
		uint64_t at = s->address > next ? s->address : next;

		while (at < (uint64_t)s->address + s->len) {
			struct geometry_block where;
			bool found = geometry_block_at(g, (uint32_t)at, &where);

			assert(found);
			add_block(p, im, g, &where);
			next = at = (uint64_t)where.address + where.bytes;
		}
	}
	return 0;
}

void plan_compare(struct plan *p, size_t i, const struct image *im, const struct geometry *g,
		  const uint8_t *there)
{
	struct plan_block *b = &p->blocks[i];
	uint8_t *after = block_bytes(g, &b->where, there);
	uint8_t *image = block_bytes(g, &b->where, NULL);

	image_copy(im, b->where.address, after, b->where.bytes);
	b->compared = true;
	b->same = !memcmp(after, there, b->where.bytes);
	b->blank = is_blank(there, b->where.bytes, g->erased);
	b->program_bytes = to_program(after, b->where.bytes, g);
	image_copy(im, b->where.address, image, b->where.bytes);
	/* Where the image has nothing, or blank bytes, `image` is blank. */
	b->kept_bytes = 0;
	for (uint32_t k = 0; k < b->where.bytes; k++)
		b->kept_bytes += image[k] == g->erased && after[k] != g->erased;
	free(after);
	free(image);
}

void plan_settle(struct plan *p, const struct chip *chip)
{
	bool changes = false;

	for (size_t i = 0; i < p->n_blocks; i++)
		changes |= !p->blocks[i].same;
	for (size_t i = 0; i < p->n_blocks; i++)
		p->blocks[i].same &= !(changes && p->blocks[i].has_vectors);
	for (size_t i = 0; i < p->n_blocks; i++)
		p->blocks[i].blank &= !chip->ecc;
}

static unsigned width_of(const struct chip *chip, unsigned width)
{
	return width ? width : ctrl_of(chip)->width(chip, GOOD_MV);
}

void plan_weigh_mass_erase(struct plan *p, const struct chip *chip, const struct geometry *g,
			   unsigned width)
{
	double blocks = 0, again = 0;

	width = width_of(chip, width);
	p->mass_ms = ctrl_mass_ms(chip, g, width);
	for (size_t i = 0; i < p->n_blocks; i++) {
		const struct plan_block *b = &p->blocks[i];

		if (b->same)
			again += ctrl_program_ms(chip, b->where.bytes, width);
		else if (!b->blank)
			blocks += ctrl_erase_ms(chip, b->where.bytes, width);
	}
	p->mass_erase = ctrl_mass_pays(p->mass_ms, blocks, again);
	for (size_t i = 0; p->mass_erase && i < p->n_blocks; i++)
		p->blocks[i].same = false;
}

void plan_sum(const struct plan *p, struct plan_sums *ret)
{
	*ret = (struct plan_sums){ 0 };
	for (size_t i = 0; i < p->n_blocks; i++) {
		const struct plan_block *b = &p->blocks[i];

		if (b->same) {
			ret->same_blocks++;
			continue;
		}
		ret->blank_blocks += b->blank;
		ret->erase_blocks += !b->blank;
		ret->erase_bytes += b->blank ? 0 : b->where.bytes;
		ret->program_bytes += b->program_bytes;
		ret->kept_bytes += b->kept_bytes;
	}
}

/* ---- time ---- */

/* One transfer on the wire takes 47 clocks; the rest is the probe's and the bus's. */
void plan_rates_stlink(struct plan_rates *r, bool is_v3, uint32_t khz)
{
	double wire_us = 47.0 * 1000 / (khz ? khz : 1);
	double usb_us = is_v3 ? 1.0 / 30 : 1.0; /* one byte */
	double block_us = is_v3 ? 0.3 : 0.8; /* for a KiB, its share of a 4 KiB block's commands */

	r->attach_ms = is_v3 ? 35 : 55;
	r->write_us = 256 * (wire_us + (is_v3 ? 2.0 : 1.0)) + 1024 * usb_us + 256 * block_us;
	r->read_us = 256 * (wire_us + (is_v3 ? 4.2 : 6.2)) + 1024 * usb_us + 256 * block_us;
}

/* A checksum over the flash by the target: about 8 cycles a word. */
static double check_ms(const struct chip *chip, uint64_t bytes)
{
	return chip->core_khz ? (double)bytes / 4 * 8 / chip->core_khz : 0;
}

void plan_time(const struct plan *p, const struct chip *chip, const struct plan_rates *r,
	       struct plan_time *ret)
{
	unsigned width = width_of(chip, r->width);
	double work, in_bank[CHIP_BANKS_MAX] = { 0 };

	*ret = (struct plan_time){ .erase = p->mass_erase ? p->mass_ms : 0 };
	for (size_t i = 0; i < p->n_blocks; i++) {
		const struct plan_block *b = &p->blocks[i];
		double erase, program;

		ret->check += check_ms(chip, b->image_bytes);
		if (b->same)
			continue;
		erase = b->blank || p->mass_erase ? 0 : ctrl_erase_ms(chip, b->where.bytes, width);
		program = ctrl_program_ms(chip, b->program_bytes, width);
		ret->erase += erase;
		ret->program += program;
		in_bank[b->where.ctrl_bank] += erase + program;
		ret->transfer += b->program_bytes / 1024.0 * r->write_us / 1000;
		if (b->kept_bytes) /* read before the erase, with what is blank among it */
			ret->keep += (b->where.bytes - b->image_bytes) / 1024.0 * r->read_us / 1000;
	}
	work = in_bank[0] + in_bank[1];
	if (ctrl_of(chip)->at_once && chip->bank2_regs)
		work = in_bank[0] > in_bank[1] ? in_bank[0] : in_bank[1];
	ret->total = r->attach_ms + ret->keep + (p->mass_erase ? p->mass_ms : 0) +
		     (work > ret->transfer ? work : ret->transfer) + ret->check;
}
