/*
 * What flashing an image into a chip comes to, before anything is touched: the blocks to erase, the
 * bytes to program, how long that takes, and whether it fits at all. Pure arithmetic.
 *
 *	plan_init(&p);
 *	rc = plan_make(&p, &image, &geometry, &e);
 *	for (i = 0; i < p.n_blocks; i++)	what the blocks hold, where somebody has read it
 *		plan_compare(&p, i, &image, &geometry, bytes);
 *	plan_settle(&p, chip);
 *	if (the user allows it)
 *		plan_weigh_mass_erase(&p, chip, &geometry, width);
 *	plan_time(&p, chip, &rates, &time);
 *	plan_done(&p);
 */
#ifndef SWDOCTOR_PLAN_H
#define SWDOCTOR_PLAN_H

#include "flash/chip.h"
#include "flash/geometry.h"
#include "flash/image.h"

struct plan_block {
	struct geometry_block where;
	uint32_t image_bytes;	/* that the image gives */
	uint32_t program_bytes; /* in granules that are not blank */
	bool has_vectors;	/* erased first, programmed last */
	bool compared;		/* it is known what the block holds */
	bool same;		/* it holds the image already: nothing is done to it */
	bool blank;		/* it holds nothing: it is programmed without an erase */
	uint32_t kept_bytes;	/* outside the image, not blank, written back; if compared */
};

struct plan {
	struct plan_block *blocks; /* that the image touches, by address */
	size_t n_blocks;
	uint64_t image_bytes;
	bool mass_erase; /* of the whole chip, in mass_ms; no block is the same then */
	double mass_ms;
};

struct plan_sums { /* of the blocks that are not the same */
	size_t erase_blocks, blank_blocks, same_blocks;
	uint64_t erase_bytes, program_bytes, kept_bytes;
};

struct plan_rates {		  /* of the link */
	double attach_ms;	  /* from opening the probe to a halted core */
	double write_us, read_us; /* one KiB to and from the target's RAM */
	unsigned width; /* of programming, in bytes, as the voltage allows; 0: the widest */
};

struct plan_time { /* milliseconds, typical */
	double keep, erase, program, transfer, check, total;
};

void plan_init(struct plan *p);
void plan_done(struct plan *p);

/* ERR_USAGE: the image does not fit; the text has the numbers. */
int plan_make(struct plan *p, const struct image *im, const struct geometry *g, struct err *e);
/* Block i holds these bytes, where.bytes of them. */
void plan_compare(struct plan *p, size_t i, const struct image *im, const struct geometry *g,
		  const uint8_t *there);
/* After the last block was compared: if any changes, the one with the vectors is written anew, so
 * that half an image never starts. A blank block of a chip with error correction is erased all the
 * same: what looks blank may have been cut short. */
void plan_settle(struct plan *p, const struct chip *chip);
/* Whether erasing the whole chip is faster than its blocks: as the engine weighs it. width 0: the
 * widest. */
void plan_weigh_mass_erase(struct plan *p, const struct chip *chip, const struct geometry *g,
			   unsigned width);
void plan_sum(const struct plan *p, struct plan_sums *ret);

/* An ST-LINK's, by generation and clock: published block rates, as the virtual bench has them. */
void plan_rates_stlink(struct plan_rates *r, bool is_v3, uint32_t khz);
/* The chip has a controller (ctrl_of). Transfer and programming overlap, as does the erase of one
 * block with both of another. */
void plan_time(const struct plan *p, const struct chip *chip, const struct plan_rates *r,
	       struct plan_time *ret);
#endif
