/* What flash_h5.c (registers, array) and flash_h5_options.c share. */
#ifndef SWDOCTOR_SIM_FLASH_H5_H
#define SWDOCTOR_SIM_FLASH_H5_H

#include "probe/sim/flash.h"
#include "probe/sim/flash_family.h"

enum {
	ACR = 0x00,
	NSKEYR = 0x04,
	OPTKEYR = 0x0c,
	OPTCR = 0x1c,
	NSSR = 0x20,
	NSCR = 0x28,
	NSCCR = 0x30,
	OPTSR_CUR = 0x50,
	OPTSR_PRG = 0x54,
	OPTSR2_CUR = 0x70,
	OPTSR2_PRG = 0x74,
	NSBOOTR_CUR = 0x80,
	NSBOOTR_PRG = 0x84,
	WRP1R_CUR = 0xe8,
	WRP1R_PRG = 0xec,
	WRP2R_CUR = 0x1e8,
	WRP2R_PRG = 0x1ec,
	ECCDETR = 0x104
};

#define OPTCR_LOCK	 0x00000001u
#define OPTCR_START	 0x00000002u
#define OPTCR_SWAP	 0x80000000u
#define SR_OPTCHANGEERR	 0x00800000u
#define OPTSR_SWAP_BANK	 0x80000000u
#define FLASH_H5_OPTIONS 5u

static inline const struct flash_h5_facts *flash_h5_facts(const struct flash *f)
{
	return f->row->family;
}

static inline size_t flash_h5_bank_bytes(const struct flash *f)
{
	return f->size / 2;
}

static inline unsigned flash_h5_bank_of(const struct flash *f, size_t off)
{
	return flash_half_of(f, off, flash_h5_bank_bytes(f));
}

unsigned flash_h5_watchdogs(const struct flash *f);
unsigned flash_h5_protection(const struct flash *f);
void flash_h5_set_protection(struct flash *f, unsigned level);
bool flash_h5_may_swap(const struct flash_row *row);
void flash_h5_set_swapped(struct flash *f);
void flash_h5_set_write_protection(struct flash *f, size_t off);
bool flash_h5_write_protected(const struct flash *f, size_t off);
bool flash_h5_is_option(uint32_t off); /* one that takes what is to be programmed */
void flash_h5_deliver_options(struct flash *f);
void flash_h5_load_options(struct flash *f);
void flash_h5_start_options(struct flash *f);
void flash_h5_keep_options(struct flash *f, const struct flash_job *job);

#endif
