/* The option bytes of STM32H7, which are registers: protection in force, and how it changes. */
#include "probe/sim/flash_h7.h"

#include <string.h>

#define OPTSR_IWDG1_SW	0x10u
#define OPTSR_RDP_AT	8
#define OPTSR_FACTORY	0x1846aaf0u
#define OPTSR_SWAP_BANK 0x80000000u
#define OPTION_MS	200.0
#define OPENING_MS	5000.0 /* both banks are erased at their fastest */

#define LEVEL_OPEN   0xaau
#define LEVEL_CLOSED 0xccu

#define PRAR_FACTORY 0x000000ffu /* ends before it begins: no area */
#define PRAR_BLOCK   256u
#define PRAR_DMEP    0x80000000u /* opening erases the area, too */

enum { OPTION_SR, OPTION_WPSN, OPTION_PRAR = OPTION_WPSN + FLASH_BANKS }; /* of each bank */

/* DS12110 table 50. */
#define H743                                                                                       \
	.word = 32, .group = 0x20000, .fw = 0x40, .start = 0x80, .sector_at = 8, .sector_mask = 7, \
	.psize = true, .word_us = { 290, 180, 130, 100 }, .sector_ms = { 2000, 1800, 1100, 1000 }, \
	.bank_ms = { 13000, 8000, 6000, 5000 }

/* RM0455 4.9; a bank takes what its sectors take. */
#define H7A3                                                                                       \
	.word = 16, .group = 4 * 0x2000, .fw = 0x10, .start = 0x20, .sector_at = 6,                \
	.sector_mask = 0x7f, .word_us = { 20 }, .sector_ms = { 2.2 }

const struct flash_h7_facts flash_h7_h743 = { H743, .banks = 2 };
const struct flash_h7_facts flash_h7_h723 = { H743, .banks = 1 };
const struct flash_h7_facts flash_h7_h7a3 = { H7A3, .banks = 2, .bank_ms = { 281.6 } };
const struct flash_h7_facts flash_h7_h7b0 = { H7A3, .banks = 1, .bank_ms = { 35.2 } };

unsigned flash_h7_bank_of(const struct flash *f, size_t off)
{
	return flash_half_of(f, off, flash_h7_bank_bytes(f));
}

unsigned flash_h7_protection(const struct flash *f)
{
	uint32_t rdp = f->option_force[OPTION_SR] >> OPTSR_RDP_AT & 0xff;

	return rdp == LEVEL_OPEN ? 0 : rdp == LEVEL_CLOSED ? 2 : 1;
}

/* No option starts the window watchdog (RM0433 4.9.7). */
unsigned flash_h7_watchdogs(const struct flash *f)
{
	return f->option_force[OPTION_SR] & OPTSR_IWDG1_SW ? 0 : FLASH_STARTS_IWDG;
}

void flash_h7_load_options(struct flash *f)
{
	unsigned bank;

	memcpy(f->option_force, f->option_cells, sizeof(f->option_force));
	*flash_reg(f, OPTSR_CUR) = f->option_force[OPTION_SR];
	*flash_reg(f, OPTSR_PRG) = f->option_force[OPTION_SR];
	for (bank = 0; bank < FLASH_BANKS; bank++) {
		*flash_h7_reg(f, bank, WPSN_CUR) = f->option_force[OPTION_WPSN + bank];
		*flash_h7_reg(f, bank, WPSN_PRG) = f->option_force[OPTION_WPSN + bank];
		*flash_h7_reg(f, bank, PRAR_CUR) = f->option_force[OPTION_PRAR + bank];
		*flash_h7_reg(f, bank, PRAR_PRG) = f->option_force[OPTION_PRAR + bank];
	}
	if (flash_h7_facts(f)->banks > 1)
		flash_swap(f, f->option_force[OPTION_SR] & OPTSR_SWAP_BANK);
}

void flash_h7_set_protection(struct flash *f, unsigned level)
{
	uint32_t rdp = level == 0 ? LEVEL_OPEN : level == 1 ? 0x55 : LEVEL_CLOSED;

	f->option_cells[OPTION_SR] &= ~((uint32_t)0xff << OPTSR_RDP_AT);
	f->option_cells[OPTION_SR] |= rdp << OPTSR_RDP_AT;
	flash_h7_load_options(f);
}

bool flash_h7_may_swap(const struct flash_row *row)
{
	const struct flash_h7_facts *h = row->family;

	return h->banks > 1;
}

void flash_h7_set_swapped(struct flash *f)
{
	f->option_cells[OPTION_SR] |= OPTSR_SWAP_BANK;
	flash_h7_load_options(f);
}

static uint32_t protection_bit(const struct flash *f, size_t off)
{
	return (uint32_t)1 << (off % flash_h7_bank_bytes(f) / flash_h7_facts(f)->group);
}

void flash_h7_set_write_protection(struct flash *f, size_t off)
{
	unsigned bank = flash_h7_bank_of(f, off);

	f->option_cells[OPTION_WPSN + bank] &= ~protection_bit(f, off);
	flash_h7_load_options(f);
}

bool flash_h7_write_protected(const struct flash *f, size_t off)
{
	uint32_t open = f->option_force[OPTION_WPSN + flash_h7_bank_of(f, off)];

	return !(open & protection_bit(f, off));
}

/* ---- what may only be executed (RM0399 4.5.4) ---- */

struct area {		   /* blocks of a bank */
	uint32_t from, to; /* the last one; none if it is before the first */
};

static struct area area_of(const struct flash *f, uint32_t prar)
{
	struct area a = { .from = prar & 0xfff, .to = prar >> 16 & 0xfff };

	if (a.from == a.to) /* that means the whole bank */
		a = (struct area){ 0, (uint32_t)(flash_h7_bank_bytes(f) / PRAR_BLOCK) - 1 };
	return a;
}

static bool is_empty(struct area a)
{
	return a.from > a.to;
}

bool flash_h7_has_execute_only(const struct flash *f, size_t off, size_t len)
{
	struct area a = area_of(f, f->option_force[OPTION_PRAR + flash_h7_bank_of(f, off)]);
	size_t at = off % flash_h7_bank_bytes(f);

	return !is_empty(a) && at / PRAR_BLOCK <= a.to && (at + len - 1) / PRAR_BLOCK >= a.from;
}

bool flash_h7_executes_only(const struct flash *f, size_t off)
{
	return flash_h7_has_execute_only(f, off, 1);
}

static uint32_t prar_asked(const struct flash *f, unsigned bank)
{
	return f->reg[(PRAR_PRG + bank * BANK_REGS) / 4];
}

/* As it is, or as it shall be: either is enough. */
static bool area_falls(const struct flash *f, unsigned bank)
{
	return (f->option_force[OPTION_PRAR + bank] | prar_asked(f, bank)) & PRAR_DMEP;
}

/* Sectors that hold some of an area stay when protection falls, unless they shall not. */
bool flash_h7_stays(const struct flash *f, size_t off)
{
	return flash_h7_has_execute_only(f, off, f->row->blocks[0].bytes) &&
	       !area_falls(f, flash_h7_bank_of(f, off));
}

/* An area may grow and no more; its mark may be set. Opening changes both, but for an area that
 * stays. */
static bool area_may_become(const struct flash *f, unsigned bank, bool opens)
{
	uint32_t was = f->option_force[OPTION_PRAR + bank], asked = prar_asked(f, bank);
	struct area old = area_of(f, was), new = area_of(f, asked);
	bool shrinks = !is_empty(old) && (new.from > old.from || new.to < old.to);

	if (shrinks)
		return opens && area_falls(f, bank);
	return opens || !(was & ~asked & PRAR_DMEP);
}

static uint32_t open_groups(const struct flash *f)
{
	size_t groups = flash_h7_bank_bytes(f) / flash_h7_facts(f)->group;

	return groups < 8 ? 0xff : 0xffffffff >> (32 - groups);
}

bool flash_h7_removal_is_asked(const struct flash *f, unsigned bank)
{
	uint32_t asked = prar_asked(f, bank);
	uint32_t wpsn = f->reg[(WPSN_PRG + bank * BANK_REGS) / 4];

	return asked & PRAR_DMEP && is_empty(area_of(f, asked)) && wpsn == open_groups(f);
}

void flash_h7_remove_protection(struct flash *f, unsigned bank)
{
	f->option_cells[OPTION_PRAR + bank] = prar_asked(f, bank);
	f->option_cells[OPTION_WPSN + bank] = open_groups(f);
	flash_h7_load_options(f);
}

/* ---- changing them ---- */

void flash_h7_start_options(struct flash *f)
{
	uint32_t asked = *flash_reg(f, OPTSR_PRG);
	bool opens = flash_h7_protection(f) == 1 && (asked >> OPTSR_RDP_AT & 0xff) == LEVEL_OPEN;

	if (flash_busy(f))
		return;
	if (flash_h7_protection(f) == 2 || !area_may_become(f, 0, opens) ||
	    !area_may_become(f, 1, opens)) {
		*flash_reg(f, OPTSR_CUR) |= OPTSR_CHANGE_ERROR;
		return;
	}
	flash_begin(f, 0, opens ? FLASH_JOB_OPEN : FLASH_JOB_OPTIONS, 0, 0, NULL,
		    1000 * (opens ? OPENING_MS : OPTION_MS));
}

/* They count at once, all but the one that swaps the banks: it waits for a reset. */
void flash_h7_keep_options(struct flash *f, const struct flash_job *job)
{
	unsigned bank;
	bool swapped = f->swapped;

	(void)job;
	f->option_cells[OPTION_SR] = *flash_reg(f, OPTSR_PRG);
	for (bank = 0; bank < FLASH_BANKS; bank++) {
		f->option_cells[OPTION_WPSN + bank] = *flash_h7_reg(f, bank, WPSN_PRG);
		f->option_cells[OPTION_PRAR + bank] = prar_asked(f, bank);
	}
	flash_h7_load_options(f);
	flash_swap(f, swapped);
}

void flash_h7_deliver_options(struct flash *f)
{
	if (f->option_cells[OPTION_SR])
		return;
	f->option_cells[OPTION_SR] = OPTSR_FACTORY;
	f->option_cells[OPTION_WPSN] = open_groups(f);
	f->option_cells[OPTION_WPSN + 1] = open_groups(f);
	f->option_cells[OPTION_PRAR] = PRAR_FACTORY;
	f->option_cells[OPTION_PRAR + 1] = PRAR_FACTORY;
}
