/* L4 and L5 class: option bytes, which are registers: protection in force, and how it changes. */
#include "probe/sim/flash_l4.h"

#include <string.h>

#define LEVEL_OPEN   0xaau
#define LEVEL_HALF   0x55u /* 0.5 with TrustZone, else 1 */
#define LEVEL_CLOSED 0xccu
#define OPTION_MS    25.0
#define WRP_NONE     0x000000ffu /* begins behind its end: protects nothing */
#define PCROP_RDP    0x80000000u /* opening erases these areas, too */

/* Of the option cells: OPTR, four areas of write protection, four that may only be executed. */
enum { OPTION_OPTR, OPTION_WRP, OPTION_PCROP = OPTION_WRP + 4, OPTION_END = OPTION_PCROP + 8 };
_Static_assert(OPTION_END <= FLASH_OPTION_WORDS, "the option cells are too few");

/* The registers that hold options, in the order of the cells; 0: not there. */
static uint16_t option_at(const struct flash *f, unsigned i)
{
	const struct flash_l4_facts *l = flash_l4_facts(f);

	if (i == OPTION_OPTR)
		return l->optr;
	if (i < OPTION_PCROP)
		return l->wrp[i - OPTION_WRP];
	return l->pcrop[(i - OPTION_PCROP) / 2][(i - OPTION_PCROP) % 2];
}

bool flash_l4_is_option(const struct flash *f, uint32_t off)
{
	unsigned i;

	for (i = 0; i < OPTION_END; i++)
		if (option_at(f, i) && option_at(f, i) == off)
			return true;
	return false;
}

#define OPTR_IWDG_SW 0x00010000u
#define OPTR_WWDG_SW 0x00080000u

unsigned flash_l4_watchdogs(const struct flash *f)
{
	uint32_t optr = f->option_force[OPTION_OPTR];

	return (optr & OPTR_IWDG_SW ? 0 : FLASH_STARTS_IWDG) |
	       (optr & OPTR_WWDG_SW ? 0 : FLASH_STARTS_WWDG);
}

/* With TrustZone on, all of the flash is secure, unless somebody says otherwise, which nobody does
 * here; from level 0.5 on a debugger is not. Level 0 with TrustZone is not told apart from none. */
bool flash_l4_secure(const struct flash *f)
{
	uint32_t optr = f->option_force[OPTION_OPTR];

	return optr & flash_l4_facts(f)->tz_bit && (optr & 0xff) != LEVEL_OPEN;
}

unsigned flash_l4_protection(const struct flash *f)
{
	uint32_t rdp = f->option_force[OPTION_OPTR] & 0xff;

	if (rdp == LEVEL_HALF && flash_l4_secure(f))
		return 0;
	return rdp == LEVEL_OPEN ? 0 : rdp == LEVEL_CLOSED ? 2 : 1;
}

void flash_l4_load_options(struct flash *f)
{
	unsigned i;
	const struct flash_l4_facts *l = flash_l4_facts(f);
	uint32_t optr = f->option_cells[OPTION_OPTR];

	memcpy(f->option_force, f->option_cells, sizeof(f->option_force));
	for (i = 0; i < OPTION_END; i++)
		if (option_at(f, i))
			*flash_reg(f, option_at(f, i)) = f->option_force[i];
	f->other_layout = l->dual_bit && !(optr & l->dual_bit);
	flash_swap(f, flash_l4_dual(f) && l->swap_bit && !(optr & l->swap_bit) == l->swap_low);
}

void flash_l4_set_protection(struct flash *f, unsigned level)
{
	uint32_t rdp = level == 0 ? LEVEL_OPEN : level == 1 ? 0x55 : LEVEL_CLOSED;

	f->option_cells[OPTION_OPTR] = (f->option_cells[OPTION_OPTR] & ~0xffu) | rdp;
	flash_l4_load_options(f);
}

bool flash_l4_may_swap(const struct flash_row *row)
{
	const struct flash_l4_facts *l = row->family;

	return l->swap_bit;
}

void flash_l4_set_swapped(struct flash *f)
{
	const struct flash_l4_facts *l = flash_l4_facts(f);

	f->option_cells[OPTION_OPTR] &= ~l->swap_bit;
	f->option_cells[OPTION_OPTR] |= l->swap_low ? 0 : l->swap_bit;
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

	return in_area(area[0], page) || in_area(area[1], page) || flash_l4_executes_only(f, off);
}

/* ---- what may only be executed ---- */

static bool in_pcrop(const struct flash *f, unsigned area, size_t off)
{
	const struct flash_l4_facts *l = flash_l4_facts(f);
	uint32_t from = f->option_force[OPTION_PCROP + 2 * area] & l->pcrop_mask;
	uint32_t to = f->option_force[OPTION_PCROP + 2 * area + 1] & l->pcrop_mask, at;

	if (!l->pcrop[area][0])
		return false;
	if (l->pcrop_by_bank && flash_l4_dual(f)) {
		if (flash_l4_bank_of(f, off) != area % 2)
			return false;
		off %= flash_l4_bank_bytes(f);
	}
	at = (uint32_t)(off / l->pcrop_unit);
	return from <= to && at >= from && at <= to;
}

bool flash_l4_executes_only(const struct flash *f, size_t off)
{
	unsigned i;

	for (i = 0; i < 4; i++)
		if (in_pcrop(f, i, off))
			return true;
	return false;
}

/* Pages that hold some of such an area stay, unless the area's end says otherwise. */
bool flash_l4_stays(const struct flash *f, size_t off)
{
	size_t at;
	unsigned i;

	for (i = 0; i < 4; i++)
		for (at = off; at < off + flash_l4_page_bytes(f); at += 8)
			if (in_pcrop(f, i, at))
				return !(f->option_force[OPTION_PCROP + 1] & PCROP_RDP);
	return false;
}

/* An area may grow only: its begin may go down, its end up. */
static bool pcrop_shrinks(const struct flash *f, unsigned cell)
{
	uint32_t mask = flash_l4_facts(f)->pcrop_mask;
	uint32_t old = f->option_cells[cell] & mask, now = f->reg[option_at(f, cell) / 4] & mask;

	return (cell - OPTION_PCROP) % 2 ? now < old : now > old;
}

/* ---- the reset pin ---- */

uint32_t flash_l4_nrst_bits(const struct flash_row *row)
{
	return ((const struct flash_l4_facts *)row->family)->nrst_bits;
}

static uint32_t lowest_bit(uint32_t bits)
{
	return bits & -bits;
}

enum flash_nrst_mode flash_l4_nrst_mode(const struct flash *f)
{
	uint32_t bits = flash_l4_nrst_bits(f->row);

	return (f->option_force[OPTION_OPTR] & bits) / lowest_bit(bits);
}

void flash_l4_set_nrst_mode(struct flash *f, enum flash_nrst_mode mode)
{
	uint32_t bits = flash_l4_nrst_bits(f->row);

	f->option_cells[OPTION_OPTR] &= ~bits;
	f->option_cells[OPTION_OPTR] |= mode * lowest_bit(bits);
	flash_l4_load_options(f);
}

/* ---- changing them ---- */

void flash_l4_set_trustzone(struct flash *f)
{
	f->option_cells[OPTION_OPTR] &= ~0xffu;
	f->option_cells[OPTION_OPTR] |= flash_l4_facts(f)->tz_bit | LEVEL_HALF;
	flash_l4_load_options(f);
}

void flash_l4_start_options(struct flash *f)
{
	bool opens = (flash_l4_protection(f) == 1 || flash_l4_secure(f)) &&
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

	uint32_t stays = job->kind == FLASH_JOB_OPEN ? 0 : f->option_cells[OPTION_OPTR];

	for (i = 0; i < OPTION_END; i++) {
		bool shrinks = i >= OPTION_PCROP && pcrop_shrinks(f, i);

		if (option_at(f, i) && (!shrinks || job->kind == FLASH_JOB_OPEN))
			f->option_cells[i] = *flash_reg(f, option_at(f, i));
	}
	/* TrustZone is left by opening alone. */
	f->option_cells[OPTION_OPTR] |= stays & flash_l4_facts(f)->tz_bit;
}

void flash_l4_deliver_options(struct flash *f)
{
	unsigned i;

	if (f->option_cells[OPTION_OPTR])
		return;
	f->option_cells[OPTION_OPTR] = flash_l4_facts(f)->factory;
	for (i = 0; i < 4; i++)
		f->option_cells[OPTION_WRP + i] = WRP_NONE;
	for (i = 0; i < 4; i++) {
		f->option_cells[OPTION_PCROP + 2 * i] = flash_l4_facts(f)->pcrop_mask;
		f->option_cells[OPTION_PCROP + 2 * i + 1] = 0;
	}
}
