/*
 * Where erase blocks lie: addresses to blocks and back. Pure arithmetic on a layout that was
 * chosen for one chip; nothing here touches a target.
 */
#ifndef SWDOCTOR_FLASH_GEOMETRY_H
#define SWDOCTOR_FLASH_GEOMETRY_H

#include "flash/chip.h"

struct geometry_bank {
	uint32_t base;
	uint32_t bytes;
	uint32_t first; /* number of its first block in the whole array */
};

struct geometry {
	size_t n_banks;
	struct geometry_bank banks[CHIP_BANKS_MAX];
	size_t n_runs;
	struct chip_run runs[CHIP_RUNS_MAX]; /* of each bank, no count is 0 */
	uint32_t n_blocks;
	uint8_t granule; /* as the chip's */
	uint8_t erased;
	bool swapped; /* bank 1 of the controller is seen at the second address */
};

struct geometry_block {
	uint32_t address;
	uint32_t bytes;
	uint32_t number;    /* in the whole array */
	uint32_t in_bank;   /* in its bank, as the controller counts */
	unsigned bank;	    /* by address: 0 or 1 */
	unsigned ctrl_bank; /* as the controller names it: differs while banks are swapped */
};

/* ERR_NOT_FOUND: the chip has no layout for this size. */
int geometry_init(struct geometry *g, const struct chip *c, const struct chip_layout *layout,
		  uint32_t flash_bytes, bool swapped, struct err *e);
/* Size, option bits and layout as the target has them. */
int geometry_read(struct geometry *g, const struct chip *c, struct target *t, struct err *e);

bool geometry_block_at(const struct geometry *g, uint32_t address, struct geometry_block *ret);
bool geometry_block_nth(const struct geometry *g, uint32_t number, struct geometry_block *ret);
/* All of [address, address + len) is flash. */
bool geometry_holds(const struct geometry *g, uint32_t address, uint32_t len);
uint32_t geometry_bytes(const struct geometry *g);

#endif
