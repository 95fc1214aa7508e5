/*
 * The flash controller of STM32L4, G0, G4, WB and of L5 and U5 in their open state (RM0351,
 * RM0444, RM0440, RM0456): granules of two or four words, error correction, pages by number,
 * options through registers.
 */
#include "probe/sim/flash.h"

#include <string.h>

#include "probe/sim/flash_l4.h"
#include "probe/base/bytes.h"

#define ACR 0x00u

#define SR_FLAGS 0xe3fbu

#define CR_PER	      0x00000002u
#define CR_MER1	      0x00000004u
#define CR_PAGE_AT    3
#define CR_MER2	      0x00008000u
#define CR_OPTSTRT    0x00020000u
#define CR_EOPIE      0x01000000u
#define CR_OBL_LAUNCH 0x08000000u
#define CR_OPTLOCK    0x40000000u
#define CR_LOCKS      (CR_OPTLOCK | FLASH_L4_CR_LOCK)

static const uint32_t keys[2] = { 0x45670123, 0xcdef89ab };
static const uint32_t option_keys[2] = { 0x08192a3b, 0x4c5d6e7f };

/* ---- registers ---- */

static void reset(struct flash *f, bool power_on)
{
	(void)power_on;
	flash_l4_deliver_options(f);
	*flash_reg(f, ACR) = 0x600;
	f->blank_banks = 0;
	*flash_l4_sr(f) = 0;
	*flash_l4_cr(f) = CR_LOCKS;
	flash_l4_load_options(f);
}

static uint32_t read_reg(struct flash *f, uint32_t off)
{
	if (off == flash_l4_facts(f)->keyr || off == flash_l4_facts(f)->optkeyr)
		return 0;
	if (off == flash_l4_facts(f)->sr)
		return *flash_l4_sr(f) | (flash_busy(f) ? flash_l4_facts(f)->busy : 0);
	return *flash_reg(f, off);
}

void flash_l4_refuse(struct flash *f, uint32_t flag)
{
	uint32_t fast =
		FLASH_L4_SR_WRPERR | FLASH_L4_SR_PGAERR | FLASH_L4_SR_SIZERR | FLASH_L4_SR_MISERR;

	if (*flash_l4_cr(f) & FLASH_L4_CR_FSTPG && flag & fast)
		flag |= FLASH_L4_SR_FASTERR;
	*flash_l4_sr(f) |= flag;
	*flash_l4_cr(f) &= ~FLASH_L4_CR_STRT;
}

static void start_page_erase(struct flash *f)
{
	const struct flash_l4_facts *l = flash_l4_facts(f);
	unsigned bank = flash_l4_dual(f) && *flash_l4_cr(f) & l->bank2_bit ? 1 : 0;
	size_t off =
		(size_t)(*flash_l4_cr(f) >> CR_PAGE_AT & l->page_mask) * flash_l4_page_bytes(f);

	if (off >= flash_l4_bank_bytes(f)) {
		flash_l4_refuse(f, FLASH_L4_SR_PGSERR);
		return;
	}
	off += flash_l4_bank_base(f, bank);
	if (flash_l4_shut_off(f) || flash_is_secure(f) || flash_l4_write_protected(f, off))
		flash_l4_refuse(f, FLASH_L4_SR_WRPERR);
	else
		flash_begin(f, bank, FLASH_JOB_ERASE, off, flash_l4_page_bytes(f), NULL,
			    f->row->erase_ms * 1000);
}

static bool may_erase_bank(const struct flash *f, unsigned bank)
{
	size_t from = flash_l4_bank_base(f, bank), off;

	for (off = from; off < from + flash_l4_bank_bytes(f); off += flash_l4_page_bytes(f))
		if (flash_l4_write_protected(f, off))
			return false;
	return !flash_l4_shut_off(f) && !flash_is_secure(f);
}

static void erase_bank(struct flash *f, unsigned bank)
{
	flash_begin(f, bank, FLASH_JOB_ERASE, flash_l4_bank_base(f, bank), flash_l4_bank_bytes(f),
		    NULL, f->row->mass_ms * 1000);
	flash_l4_note_blank(f, bank, true);
}

/* Where there is one bank, either bit means it. */
static void start_mass_erase(struct flash *f, uint32_t which)
{
	bool first = which & CR_MER1 || !flash_l4_dual(f);
	bool second = which & CR_MER2 && flash_l4_dual(f);

	if ((first && !may_erase_bank(f, 0)) || (second && !may_erase_bank(f, 1))) {
		flash_l4_refuse(f, FLASH_L4_SR_WRPERR);
		return;
	}
	if (first)
		erase_bank(f, 0);
	if (second)
		erase_bank(f, 1);
}

static void start(struct flash *f)
{
	uint32_t mode =
		*flash_l4_cr(f) & (FLASH_L4_CR_PG | CR_PER | CR_MER1 | CR_MER2 | FLASH_L4_CR_FSTPG);

	if (flash_busy(f))
		return;
	if (*flash_l4_sr(f) &
	    FLASH_L4_SR_ERRORS) /* a flag that an earlier failure left stops everything */
		flash_l4_refuse(f, FLASH_L4_SR_PGSERR);
	else if (mode == CR_PER)
		start_page_erase(f);
	else if (mode && !(mode & ~(CR_MER1 | CR_MER2)))
		start_mass_erase(f, mode);
	else
		flash_l4_refuse(f, FLASH_L4_SR_PGSERR);
}

static void write_cr(struct flash *f, uint32_t value)
{
	uint32_t old = *flash_l4_cr(f);

	if (old & FLASH_L4_CR_LOCK)
		return;
	value |= old & CR_OPTLOCK; /* locks are only set by writing */
	if (value & FLASH_L4_CR_LOCK)
		value |= CR_OPTLOCK;
	*flash_l4_cr(f) = value & ~(CR_OPTSTRT | CR_OBL_LAUNCH);
	if (!(value & (FLASH_L4_CR_PG | FLASH_L4_CR_FSTPG)))
		f->gather[0].filled = 0;
	if (value & FLASH_L4_CR_LOCK)
		return;
	if (value & FLASH_L4_CR_STRT && !(old & FLASH_L4_CR_STRT))
		start(f);
	if (value & CR_OPTSTRT && !(value & CR_OPTLOCK))
		flash_l4_start_options(f);
	if (value & CR_OBL_LAUNCH && !(value & CR_OPTLOCK))
		f->system_reset_wanted = true;
}

static enum bus_answer write_reg(struct flash *f, uint32_t off, uint32_t value, uint32_t mask)
{
	const struct flash_l4_facts *l = flash_l4_facts(f);

	value &= mask;
	if (off == l->keyr)
		return flash_unlock(f, 0, l->cr, FLASH_L4_CR_LOCK, keys, value);
	if (off == l->optkeyr)
		return flash_unlock(f, 1, l->cr, CR_OPTLOCK, option_keys, value);
	if (off == l->sr)
		*flash_l4_sr(f) &= ~(value & SR_FLAGS);
	else if (off == l->cr)
		write_cr(f, (*flash_l4_cr(f) & ~mask) | value);
	else if (off == l->eccr)
		*flash_reg(f, off) &= ~(value & FLASH_L4_ECCR_ECCD);
	else if (off == ACR || (flash_l4_is_option(f, off) && !(*flash_l4_cr(f) & CR_OPTLOCK)))
		*flash_reg(f, off) = (*flash_reg(f, off) & ~mask) | value;
	return BUS_OK;
}

static void finish(struct flash *f, unsigned bank)
{
	(void)bank;
	if (*flash_l4_cr(f) & CR_EOPIE)
		*flash_l4_sr(f) |= FLASH_L4_SR_EOP;
	*flash_l4_cr(f) &= ~FLASH_L4_CR_STRT;
}

#define L4_OPS                                                                                     \
	.reset = reset, .read = read_reg, .write = write_reg, .store = flash_l4_store,             \
	.one_at_a_time = true, .bank_of = flash_l4_bank_of, .finish = finish,                      \
	.keep_options = flash_l4_keep_options, .hidden = flash_l4_hidden, .stays = flash_l4_stays, \
	.broken = flash_l4_broken, .broken_interrupts = true, .protection = flash_l4_protection,   \
	.set_protection = flash_l4_set_protection,                                                 \
	.set_write_protection = flash_l4_set_write_protection, .watchdogs = flash_l4_watchdogs,    \
	.may_swap = flash_l4_may_swap, .set_swapped = flash_l4_set_swapped,                        \
	.nrst_bits = flash_l4_nrst_bits, .nrst_mode = flash_l4_nrst_mode,                          \
	.set_nrst_mode = flash_l4_set_nrst_mode

const struct flash_ops flash_l4 = { L4_OPS };

/* And with TrustZone. */
const struct flash_ops flash_l5 = {
	L4_OPS,
	.secure = flash_l4_secure,
	.set_trustzone = flash_l4_set_trustzone,
};
