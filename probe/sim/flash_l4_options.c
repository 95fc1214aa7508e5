/*
 * L4 and L5 class: where their registers lie, and their option bytes, which are registers, too:
 * protection in force, and how it changes.
 */
#include "probe/sim/flash_l4.h"

#include <string.h>

#define LEVEL_OPEN   0xaau
#define LEVEL_CLOSED 0xccu
#define OPTION_MS    25.0
#define WRP_NONE     0x000000ffu /* begins behind its end: protects nothing */

enum { OPTION_OPTR, OPTION_WRP };

const struct flash_l4_facts flash_l4_l476 = {
	.keyr = 0x08,
	.optkeyr = 0x0c,
	.sr = 0x10,
	.cr = 0x14,
	.optr = 0x20,
	.wrp = { 0x2c, 0x30, 0x4c, 0x50 },
	.factory = 0xffeff8aa,
	.bank2_bit = 0x800,
	.page_mask = 0xff,
	.eccr = 0x18,
	.words = 2,
	.busy = 0x10000,
};

const struct flash_l4_facts flash_l4_g0 = {
	.keyr = 0x08,
	.optkeyr = 0x0c,
	.sr = 0x10,
	.cr = 0x14,
	.optr = 0x20,
	.wrp = { 0x2c, 0x30 },
	.factory = 0xdfffe1aa,
	.page_mask = 0x7f,
	.eccr = 0x18,
	.words = 2,
	.busy = 0x50000, /* BSY and CFGBSY */
};

/* With two banks; the second one has a busy flag of its own. */
const struct flash_l4_facts flash_l4_g0b = {
	.keyr = 0x08,
	.optkeyr = 0x0c,
	.sr = 0x10,
	.cr = 0x14,
	.optr = 0x20,
	.wrp = { 0x2c, 0x30, 0x4c, 0x50 },
	.factory = 0xdfffe1aa,
	.bank2_bit = 0x2000,
	.page_mask = 0x3ff,
	.eccr = 0x18,
	.words = 2,
	.busy = 0x50000,
};

const struct flash_l4_facts flash_l4_wb = {
	.keyr = 0x08,
	.optkeyr = 0x0c,
	.sr = 0x10,
	.cr = 0x14,
	.optr = 0x20,
	.wrp = { 0x2c, 0x30 },
	.factory = 0x3ffff1aa,
	.page_mask = 0xff,
	.eccr = 0x18,
	.words = 2,
	.busy = 0x50000,
};

const struct flash_l4_facts flash_l4_g4 = {
	.keyr = 0x08,
	.optkeyr = 0x0c,
	.sr = 0x10,
	.cr = 0x14,
	.optr = 0x20,
	.wrp = { 0x2c, 0x30 },
	.factory = 0xffeff8aa,
	.page_mask = 0x7f,
	.eccr = 0x18,
	.words = 2,
	.busy = 0x10000,
};

const struct flash_l4_facts flash_l4_u5 = {
	.keyr = 0x08,
	.optkeyr = 0x10,
	.sr = 0x20,
	.cr = 0x28,
	.optr = 0x40,
	.wrp = { 0x58, 0x5c, 0x68, 0x6c },
	.factory = 0x1feff8aa,
	.bank2_bit = 0x800,
	.page_mask = 0xff,
	.eccr = 0x30,
	.words = 4,
	.busy = 0x10000,
};

const struct flash_l4_facts flash_l4_l5 = {
	.keyr = 0x08,
	.optkeyr = 0x10,
	.sr = 0x20,
	.cr = 0x28,
	.optr = 0x40,
	.wrp = { 0x58, 0x5c, 0x68, 0x6c },
	.factory = 0x7feff8aa,
	.bank2_bit = 0x800,
	.page_mask = 0x7f,
	.eccr = 0x30,
	.words = 2,
	.busy = 0x10000,
};

/* ---- options ---- */

unsigned flash_l4_protection(const struct flash *f)
{
	uint32_t rdp = f->option_force[OPTION_OPTR] & 0xff;

	return rdp == LEVEL_OPEN ? 0 : rdp == LEVEL_CLOSED ? 2 : 1;
}

void flash_l4_load_options(struct flash *f)
{
	unsigned i;

	memcpy(f->option_force, f->option_cells, sizeof(f->option_force));
	*flash_reg(f, flash_l4_facts(f)->optr) = f->option_force[OPTION_OPTR];
	for (i = 0; i < 4 && flash_l4_facts(f)->wrp[i]; i++)
		*flash_reg(f, flash_l4_facts(f)->wrp[i]) = f->option_force[OPTION_WRP + i];
}

void flash_l4_set_protection(struct flash *f, unsigned level)
{
	uint32_t rdp = level == 0 ? LEVEL_OPEN : level == 1 ? 0x55 : LEVEL_CLOSED;

	f->option_cells[OPTION_OPTR] = (f->option_cells[OPTION_OPTR] & ~0xffu) | rdp;
	flash_l4_load_options(f);
}

void flash_l4_set_write_protection(struct flash *f, size_t off)
{
	unsigned bank = flash_l4_bank_of(f, off);
	uint32_t page = (uint32_t)(off % flash_l4_bank_bytes(f) / flash_l4_page_bytes(f));

	f->option_cells[OPTION_WRP + 2 * bank] = page | page << 16;
	flash_l4_load_options(f);
}

static bool in_area(uint32_t area, uint32_t page)
{
	uint32_t from = area & 0xff, to = area >> 16 & 0xff;

	return from <= to && page >= from && page <= to;
}

bool flash_l4_write_protected(const struct flash *f, size_t off)
{
	const uint32_t *area = &f->option_force[OPTION_WRP + 2 * flash_l4_bank_of(f, off)];
	uint32_t page = (uint32_t)(off % flash_l4_bank_bytes(f) / flash_l4_page_bytes(f));

	return in_area(area[0], page) || in_area(area[1], page);
}

void flash_l4_start_options(struct flash *f)
{
	bool opens = flash_l4_protection(f) == 1 &&
		     (*flash_reg(f, flash_l4_facts(f)->optr) & 0xff) == LEVEL_OPEN;

	if (flash_l4_protection(f) == 2 || flash_busy(f))
		return;
	/* The way back to level 0 erases everything first. */
	flash_begin(f, 0, opens ? FLASH_JOB_OPEN : FLASH_JOB_OPTIONS, 0, 0, NULL,
		    1000 * (opens ? f->row->mass_ms + OPTION_MS : OPTION_MS));
}

/* In force they are after the next loading only. */
void flash_l4_keep_options(struct flash *f, const struct flash_job *job)
{
	unsigned i;

	(void)job;
	f->option_cells[OPTION_OPTR] = *flash_reg(f, flash_l4_facts(f)->optr);
	for (i = 0; i < 4 && flash_l4_facts(f)->wrp[i]; i++)
		f->option_cells[OPTION_WRP + i] = *flash_reg(f, flash_l4_facts(f)->wrp[i]);
}

void flash_l4_deliver_options(struct flash *f)
{
	unsigned i;

	if (f->option_cells[OPTION_OPTR])
		return;
	f->option_cells[OPTION_OPTR] = flash_l4_facts(f)->factory;
	for (i = 0; i < 4; i++)
		f->option_cells[OPTION_WRP + i] = WRP_NONE;
}
