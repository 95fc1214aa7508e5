/* The option bytes of STM32F2, F4 and F7: protection in force, and how it changes. */
#include "probe/sim/flash_f4.h"

#include "probe/base/bytes.h"

#define OPTCR_RDP     0x0000ff00u
#define OPTCR_RDP_AT  8
#define OPTCR_NWRP    0x0fff0000u
#define OPTCR_NWRP_AT 16
#define OPTCR_FACTORY 0x0fffaaecu /* open, no sector protected, BOR off, software watchdog */

#define LEVEL_OPEN   0xaa
#define LEVEL_CLOSED 0xcc

#define OPTION_WRITE_MS	   20.0
#define OPENING_MS_PER_MIB 16000.0 /* the main flash is erased byte by byte */

/* Words of option[]: what the option cells hold, and what the last reset put in force. */
enum { OPTION_CELLS = 0, OPTION_FORCE = 4, OPTION_CELLS1 = 8, OPTION_FORCE1 = 12 };

unsigned flash_f4_protection(const struct flash *f)
{
	uint32_t rdp = (get_le32(f->option + OPTION_FORCE) & OPTCR_RDP) >> OPTCR_RDP_AT;

	return rdp == LEVEL_OPEN ? 0 : rdp == LEVEL_CLOSED ? 2 : 1;
}

void flash_f4_load_options(struct flash *f)
{
	uint32_t value = get_le32(f->option + OPTION_CELLS);

	put_le32(f->option + OPTION_FORCE, value);
	*flash_reg(f, OPTCR) = value | OPTCR_LOCK;
	if (!flash_f4_facts(f)->bank_sectors)
		return;
	value = get_le32(f->option + OPTION_CELLS1);
	put_le32(f->option + OPTION_FORCE1, value);
	*flash_reg(f, OPTCR1) = value;
}

void flash_f4_set_protection(struct flash *f, unsigned level)
{
	uint32_t rdp = level == 0 ? LEVEL_OPEN : level == 1 ? 0x55 : LEVEL_CLOSED;

	put_le32(f->option, (get_le32(f->option) & ~OPTCR_RDP) | rdp << OPTCR_RDP_AT);
	flash_f4_load_options(f);
}

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

/* Where the bit of a sector is: in the word at `ret_word`, and in the one `OPTION_FORCE` behind. */
static uint32_t protection_bit(const struct flash *f, unsigned sector, unsigned *ret_word)
{
	unsigned bank = flash_f4_facts(f)->bank_sectors;
	bool second = bank && sector >= bank;

	*ret_word = second ? OPTION_CELLS1 : OPTION_CELLS;
	return (uint32_t)1 << (OPTCR_NWRP_AT + sector - (second ? bank : 0));
}

bool flash_f4_write_protected(const struct flash *f, size_t off)
{
	unsigned n, word;
	uint32_t bit;

	if (!sector_at(f, off, &n))
		return true;
	bit = protection_bit(f, n, &word);
	return !(get_le32(f->option + word + OPTION_FORCE) & bit);
}

void flash_f4_set_write_protection(struct flash *f, size_t off)
{
	unsigned n, word;
	uint32_t bit;

	if (!sector_at(f, off, &n))
		return;
	bit = protection_bit(f, n, &word);
	put_le32(f->option + word, get_le32(f->option + word) & ~bit);
	flash_f4_load_options(f);
}

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

void flash_f4_keep_options(struct flash *f, const struct flash_job *job)
{
	(void)job;
	put_le32(f->option, *flash_reg(f, OPTCR) & ~(OPTCR_LOCK | OPTCR_START));
	put_le32(f->option + OPTION_CELLS1, *flash_reg(f, OPTCR1));
}

void flash_f4_deliver_options(struct flash *f)
{
	if (get_le32(f->option))
		return;
	put_le32(f->option, OPTCR_FACTORY);
	put_le32(f->option + OPTION_CELLS1, OPTCR_NWRP);
}
