/*
 * The cells of a flash array: what erasing and programming do to bits, also when they are cut
 * short. Knows no registers and no time. The bytes lie page-aligned, so that the core's emulation
 * can map them.
 *
 * On parts with error correction each granule carries a mark when its last operation was cut
 * short or its code no longer fits the data: reading it fails until it is erased.
 */
#ifndef SWDOCTOR_SIM_CELLS_H
#define SWDOCTOR_SIM_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/sim/rng.h"

enum cells_wear { CELLS_STAY_PROGRAMMED, CELLS_STAY_ERASED };

struct cells {
	uint8_t *at;
	size_t size;	  /* bytes */
	size_t mapped;	  /* bytes of the mapping, whole pages */
	uint8_t erased;	  /* 0xff, or 0x00 where erased cells read as zero */
	unsigned granule; /* bytes under one error correcting code; 0: none */
	uint8_t *hanging; /* bits between old and new: each read may differ. NULL: there are none */
	uint8_t *torn;	  /* a byte per granule, 1: cannot be read; NULL without code */
	struct rng *rng;  /* lent */
	struct {
		size_t off, len; /* len 0: none */
		enum cells_wear wear;
	} worn[2];
};

/* All cells erased. `rng` decides what a cut operation leaves. */
void cells_init(struct cells *c, size_t size, uint8_t erased, unsigned granule, struct rng *rng);
void cells_done(struct cells *c);

void cells_erase(struct cells *c, size_t off, size_t len);
/* Programming moves bits away from the erased value only, whatever `bytes` asks for. */
void cells_program(struct cells *c, size_t off, const uint8_t *bytes, size_t len);
/* Cut short after `done` (0 to 1) of the time: bits hang between old and new. */
void cells_erase_cut(struct cells *c, size_t off, size_t len, double done);
void cells_program_cut(struct cells *c, size_t off, const uint8_t *bytes, size_t len, double done);

/* Cells that wore out: from now on they stay programmed, or erased, for ever. Two places at most.
 */
void cells_break(struct cells *c, size_t off, size_t len, enum cells_wear wear);

/* Before a read: bits that hang fall one way or the other. */
void cells_waver(struct cells *c, size_t off, size_t len);

/* What lay in the first half lies in the second now, and the other way round. */
void cells_swap_halves(struct cells *c);

bool cells_blank(const struct cells *c, size_t off, size_t len);
bool cells_torn(const struct cells *c, size_t off, size_t len);

#endif
