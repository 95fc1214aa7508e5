/* The option bytes of STM32F2, F4 and F7: protection in force, and how it changes. */
#include "probe/sim/flash_f4.h"

#include <string.h>

#define OPTCR_RDP     0x0000ff00u
#define OPTCR_RDP_AT  8
#define OPTCR_NWRP_AT 16
#define OPTCR2_RDP    0x80000000u

#define LEVEL_OPEN   0xaau
#define LEVEL_CLOSED 0xccu

#define OPTION_WRITE_MS	   20.0
#define OPENING_MS_PER_MIB 16000.0 /* the main flash is erased byte by byte */

/* Words of the option cells. */
enum { OPTION_OPTCR, OPTION_OPTCR1, OPTION_OPTCR2, OPTION_END };

static const uint16_t option_at[OPTION_END] = { OPTCR, OPTCR1, OPTCR2 };

/* OPTCR1 is there with a second bank and on F7, OPTCR2 on F72x. */
static bool has_option(const struct flash *f, unsigned i)
{
	const struct flash_f4_facts *facts = flash_f4_facts(f);

	return i == OPTION_OPTCR || (i == OPTION_OPTCR1 && facts->factory1) ||
	       (i == OPTION_OPTCR2 && facts->pcrop_in_optcr2);
}

bool flash_f4_is_option(const struct flash *f, uint32_t off)
{
	return (off == OPTCR1 && has_option(f, OPTION_OPTCR1)) ||
	       (off == OPTCR2 && has_option(f, OPTION_OPTCR2));
}

unsigned flash_f4_protection(const struct flash *f)
{
	uint32_t rdp = (f->option_force[OPTION_OPTCR] & OPTCR_RDP) >> OPTCR_RDP_AT;

	return rdp == LEVEL_OPEN ? 0 : rdp == LEVEL_CLOSED ? 2 : 1;
}

#define OPTCR_IWDG_SW 0x20u

/* F7 has a bit for the window watchdog as well (RM0385 3.4.1). */
unsigned flash_f4_watchdogs(const struct flash *f)
{
	uint32_t optcr = f->option_force[OPTION_OPTCR], wwdg = flash_f4_facts(f)->wwdg_bit;

	return (optcr & OPTCR_IWDG_SW ? 0 : FLASH_STARTS_IWDG) |
	       (wwdg && !(optcr & wwdg) ? FLASH_STARTS_WWDG : 0);
}

void flash_f4_load_options(struct flash *f)
{
	const struct flash_f4_facts *facts = flash_f4_facts(f);
	unsigned i;

	memcpy(f->option_force, f->option_cells, sizeof(f->option_force));
	for (i = 0; i < OPTION_END; i++)
		if (has_option(f, i))
			*flash_reg(f, option_at[i]) = f->option_force[i];
	*flash_reg(f, OPTCR) |= OPTCR_LOCK;
	f->other_layout = facts->dual_bit &&
			  !(f->option_force[OPTION_OPTCR] & facts->dual_bit) == facts->dual_low;
}

void flash_f4_set_protection(struct flash *f, unsigned level)
{
	uint32_t rdp = level == 0 ? LEVEL_OPEN : level == 1 ? 0x55 : LEVEL_CLOSED;

	f->option_cells[OPTION_OPTCR] &= ~OPTCR_RDP;
	f->option_cells[OPTION_OPTCR] |= rdp << OPTCR_RDP_AT;
	flash_f4_load_options(f);
}

/* ---- sectors ---- */

static bool sector_at(const struct flash *f, size_t off, unsigned *ret_number)
{
	size_t at = 0, start, len;
	unsigned n = 0;

	while (flash_block_at(f, at, &start, &len)) {
		if (off < start + len) {
			*ret_number = n;
			return true;
		}
		at = start + len;
		n++;
	}
	return false;
}

/* Where the protection bit of a sector is: in which word, and there. */
static uint32_t protection_bit(const struct flash *f, unsigned sector, unsigned *ret_word)
{
	const struct flash_f4_facts *facts = flash_f4_facts(f);
	unsigned bank = flash_f4_bank_sectors(f), bit = sector;

	*ret_word = OPTION_OPTCR;
	if (bank && facts->wrp_pairs) {
		bit = sector / 2;
	} else if (bank && sector >= bank) {
		bit = sector - bank;
		*ret_word = OPTION_OPTCR1;
	}
	if (facts->wrp_last && bit > facts->wrp_last)
		bit = facts->wrp_last;
	return (uint32_t)1 << (OPTCR_NWRP_AT + bit);
}

static bool protection_bit_is_set(const struct flash *f, unsigned sector)
{
	unsigned word;
	uint32_t bit = protection_bit(f, sector, &word);

	return f->option_force[word] & bit;
}

static bool pcrop_mode(const struct flash *f)
{
	return f->option_force[OPTION_OPTCR] & flash_f4_facts(f)->pcrop_bit;
}

bool flash_f4_executes_only(const struct flash *f, size_t off)
{
	uint32_t bits = f->option_force[OPTION_OPTCR2];
	unsigned n;

	if ((!bits && !pcrop_mode(f)) || !sector_at(f, off, &n))
		return false;
	return flash_f4_facts(f)->pcrop_in_optcr2 ? bits >> n & 1 : protection_bit_is_set(f, n);
}

/* With a bit for each, opening spares such sectors unless bit 31 is set (RM0431 3.5). */
bool flash_f4_stays(const struct flash *f, size_t off)
{
	return flash_f4_facts(f)->pcrop_in_optcr2 && flash_f4_executes_only(f, off) &&
	       !(f->option_force[OPTION_OPTCR2] & OPTCR2_RDP);
}

bool flash_f4_write_protected(const struct flash *f, size_t off)
{
	unsigned n;

	if (!sector_at(f, off, &n) || flash_f4_executes_only(f, off))
		return true;
	return !pcrop_mode(f) && !protection_bit_is_set(f, n);
}

void flash_f4_set_write_protection(struct flash *f, size_t off)
{
	unsigned n, word;
	uint32_t bit;

	if (!sector_at(f, off, &n))
		return;
	bit = protection_bit(f, n, &word);
	f->option_cells[word] &= ~bit;
	flash_f4_load_options(f);
}

/* ---- changing them ---- */

/* A write from level 1 to level 0 erases the main flash first (RM0090 3.6.3). */
void flash_f4_start_options(struct flash *f)
{
	uint32_t asked = *flash_reg(f, OPTCR);
	bool opens =
		flash_f4_protection(f) == 1 && (asked & OPTCR_RDP) >> OPTCR_RDP_AT == LEVEL_OPEN;

	if (flash_f4_protection(f) == 2)
		return;
	flash_begin(
		f, 0, opens ? FLASH_JOB_OPEN : FLASH_JOB_OPTIONS, 0, 0, NULL,
		1000 * (opens ? OPENING_MS_PER_MIB * (double)f->size / 1048576 : OPTION_WRITE_MS));
}

/* "Execute only" is left by opening alone. */
void flash_f4_keep_options(struct flash *f, const struct flash_job *job)
{
	bool opened = job->kind == FLASH_JOB_OPEN;
	uint32_t stays = opened ? 0 : f->option_cells[OPTION_OPTCR] & flash_f4_facts(f)->pcrop_bit;
	uint32_t stays2 = opened ? 0 : f->option_cells[OPTION_OPTCR2];

	f->option_cells[OPTION_OPTCR] =
		(*flash_reg(f, OPTCR) & ~(OPTCR_LOCK | OPTCR_START)) | stays;
	f->option_cells[OPTION_OPTCR1] = *flash_reg(f, OPTCR1);
	f->option_cells[OPTION_OPTCR2] = *flash_reg(f, OPTCR2) | stays2;
}

void flash_f4_deliver_options(struct flash *f)
{
	const struct flash_f4_facts *facts = flash_f4_facts(f);

	if (f->option_cells[OPTION_OPTCR])
		return;
	f->option_cells[OPTION_OPTCR] = facts->factory;
	f->option_cells[OPTION_OPTCR1] = facts->factory1;
}
