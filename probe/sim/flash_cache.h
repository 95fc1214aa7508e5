/*
 * The caches of the flash interface (F2, F4, L4 class), and the accelerator of F7. A line stays as
 * it was when it was read, until somebody resets the cache while it is off. Programming also
 * changes what the data cache holds; an erase does not, and code is never told (RM0090 3.6.4,
 * RM0440 3.3.7).
 *
 * Data accesses to code memory go the same way from the core and from the debug port of a
 * Cortex-M3 or M4 (ARM DDI 0439, "DCode memory interface"): both are served from the data cache.
 * A core without one (M0+) has a cache for code alone. The first level caches of a Cortex-M7 are
 * not there: its first level is off after a reset.
 */
#ifndef SWDOCTOR_SIM_FLASH_CACHE_H
#define SWDOCTOR_SIM_FLASH_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FLASH_LINE	16
#define FLASH_LINES_MAX 64

struct flash;
struct bus_access;

struct flash_cache {		      /* bits of ACR, which is at offset 0 of all of them */
	uint32_t data_on, data_reset; /* 0: there is no cache for data */
	uint32_t code_on, code_reset;
	uint8_t data_lines, code_lines;
	bool by_alias; /* it serves the second address of the array and not the first */
};

extern const struct flash_cache flash_cache_f4, flash_cache_f7, flash_cache_l4, flash_cache_g0;

struct flash_lines { /* each place has one line that can hold it */
	struct {
		bool valid;
		size_t off;
		uint8_t data[FLASH_LINE];
	} at[FLASH_LINES_MAX];
};

/* A read of the array: the bytes as the caches have them. `ret` is filled. */
void flash_cache_read(struct flash *f, size_t off, const struct bus_access *a, uint8_t ret[4]);
/* The core executes what lies there. */
void flash_cache_fetch(struct flash *f, size_t off, uint32_t addr);
/* What it executes from now on at this part of the array, by the first address or by the second. */
void flash_cache_view(struct flash *f, bool by_alias, uint8_t *view, size_t off, size_t len);

/* ---- for flash.c ---- */

void flash_cache_reset(struct flash *f);
/* ACR was written. */
void flash_cache_control(struct flash *f, uint32_t old);
/* Cells were programmed. */
void flash_cache_programmed(struct flash *f, size_t off, size_t len);

#endif
