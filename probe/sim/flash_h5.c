/*
 * The flash controller of STM32H5 (RM0481, RM0492): two banks behind one set of registers, words
 * of 16 bytes, sectors by number, errors cleared in a register of their own. Its secure registers,
 * its option keys and its high-cycle data area are not there.
 */
#include "probe/sim/flash_h5.h"

#include <string.h>

#define SR_BSY	   0x00000001u
#define SR_WBNE	   0x00000002u
#define SR_EOP	   0x00010000u
#define SR_WRPERR  0x00020000u
#define SR_PGSERR  0x00040000u
#define SR_STRBERR 0x00080000u
#define SR_INCERR  0x00100000u
#define SR_FLAGS   0x00ff0000u

#define CR_LOCK	     0x00000001u
#define CR_PG	     0x00000002u
#define CR_SER	     0x00000004u
#define CR_BER	     0x00000008u
#define CR_FW	     0x00000010u
#define CR_STRT	     0x00000020u
#define CR_SECTOR_AT 6
#define CR_SECTORS   0x7fu
#define CR_MER	     0x00008000u
#define CR_BKSEL     0x80000000u

#define ECCDETR_ECCD 0x80000000u

#define WORD 16u

static const uint32_t keys[2] = { 0x45670123, 0xcdef89ab };
static const uint32_t option_keys[2] = { 0x08192a3b, 0x4c5d6e7f };

/* ---- registers ---- */

static void reset(struct flash *f, bool power_on)
{
	(void)power_on;
	flash_h5_deliver_options(f);
	*flash_reg(f, ACR) = 0x13;
	*flash_reg(f, NSSR) = 0;
	*flash_reg(f, NSCR) = CR_LOCK;
	*flash_reg(f, OPTCR) = OPTCR_LOCK;
	flash_h5_load_options(f);
}

static uint32_t read_reg(struct flash *f, uint32_t off)
{
	uint32_t value = *flash_reg(f, off);

	if (off == NSKEYR || off == OPTKEYR || off == NSCCR)
		return 0;
	if (off == NSSR && flash_busy(f))
		value |= SR_BSY;
	if (off == NSSR && f->gather[0].filled)
		value |= SR_WBNE;
	if (off == OPTCR && f->swapped)
		value |= OPTCR_SWAP;
	return value;
}

static void refuse(struct flash *f, uint32_t flag)
{
	*flash_reg(f, NSSR) |= flag;
	*flash_reg(f, NSCR) &= ~CR_STRT;
}

static void start_erase(struct flash *f, size_t off, size_t len, double ms)
{
	size_t at;

	for (at = off; at < off + len; at += f->row->blocks[0].bytes)
		if (flash_h5_write_protected(f, at)) {
			refuse(f, SR_WRPERR);
			return;
		}
	flash_begin(f, flash_h5_bank_of(f, off), FLASH_JOB_ERASE, off, len, NULL, ms * 1000);
}

/* BKSEL counts the banks as they are, whichever of them is seen first (RM0481 7.3.5). */
static size_t selected_bank(struct flash *f)
{
	unsigned bank = *flash_reg(f, NSCR) & CR_BKSEL ? 1 : 0;

	return flash_half_base(f, bank, flash_h5_bank_bytes(f));
}

static void start(struct flash *f)
{
	uint32_t mode = *flash_reg(f, NSCR) & (CR_PG | CR_SER | CR_BER | CR_MER);
	size_t off = (*flash_reg(f, NSCR) >> CR_SECTOR_AT & CR_SECTORS) * f->row->blocks[0].bytes;
	size_t bank = selected_bank(f);

	if (flash_busy(f))
		return;
	if (mode == CR_SER && off < flash_h5_bank_bytes(f))
		start_erase(f, bank + off, f->row->blocks[0].bytes, f->row->erase_ms);
	else if (mode == CR_BER)
		start_erase(f, bank, flash_h5_bank_bytes(f), f->row->mass_ms);
	else if (mode == CR_MER)
		start_erase(f, 0, f->size, f->row->mass_ms);
	else
		refuse(f, SR_PGSERR);
}

static void program(struct flash *f)
{
	struct flash_gather *g = &f->gather[0];

	memset(g->data + g->filled, 0xff, WORD - g->filled);
	g->filled = 0;
	if (flash_h5_write_protected(f, g->off))
		refuse(f, SR_WRPERR);
	else
		flash_begin(f, flash_h5_bank_of(f, g->off), FLASH_JOB_PROGRAM, g->off, WORD,
			    g->data, f->row->program_us);
}

static void write_cr(struct flash *f, uint32_t value)
{
	uint32_t old = *flash_reg(f, NSCR);

	if (old & CR_LOCK)
		return;
	*flash_reg(f, NSCR) = value & ~CR_FW;
	if (value & CR_LOCK)
		return;
	if (value & CR_STRT && !(old & CR_STRT))
		start(f);
	if (value & CR_FW && f->gather[0].filled && !flash_busy(f))
		program(f);
}

static void write_optcr(struct flash *f, uint32_t value)
{
	if (*flash_reg(f, OPTCR) & OPTCR_LOCK)
		return;
	*flash_reg(f, OPTCR) = value & OPTCR_LOCK;
	if (value & OPTCR_START && !(value & OPTCR_LOCK))
		flash_h5_start_options(f);
}

static enum bus_answer write_reg(struct flash *f, uint32_t off, uint32_t value, uint32_t mask)
{
	uint32_t merged = (*flash_reg(f, off) & ~mask) | (value & mask);

	value &= mask;
	switch (off) {
	case NSKEYR:
		return flash_unlock(f, 0, NSCR, CR_LOCK, keys, value);
	case OPTKEYR:
		return flash_unlock(f, 1, OPTCR, CR_LOCK, option_keys, value);
	case NSCR:
		write_cr(f, merged);
		break;
	case OPTCR:
		write_optcr(f, merged);
		break;
	case NSCCR:
		*flash_reg(f, NSSR) &= ~(value & SR_FLAGS);
		break;
	case ECCDETR:
		*flash_reg(f, off) &= ~(value & ECCDETR_ECCD);
		break;
	default:
		if (off == ACR || (flash_h5_is_option(off) && !(*flash_reg(f, OPTCR) & OPTCR_LOCK)))
			*flash_reg(f, off) = merged;
		break;
	}
	return BUS_OK;
}

/* ---- the array ---- */

/* Narrower stores fill the word as well; it is written when its last byte came. */
static enum bus_answer store(struct flash *f, size_t off, const struct bus_access *a)
{
	struct flash_gather *g = &f->gather[0];
	size_t word = off / WORD * WORD;
	unsigned i;

	if (*flash_reg(f, NSCR) & CR_LOCK || !(*flash_reg(f, NSCR) & CR_PG)) {
		refuse(f, SR_PGSERR);
		return BUS_OK;
	}
	if ((g->filled && word != g->off) || off - word > g->filled) {
		g->filled = 0;
		refuse(f, SR_INCERR);
		return BUS_OK;
	}
	if (off - word < g->filled) {
		g->filled = 0;
		refuse(f, SR_STRBERR);
		return BUS_OK;
	}
	g->off = word;
	for (i = 0; i < a->size; i++)
		g->data[g->filled++] = (uint8_t)(a->value >> (8 * i));
	if (g->filled == WORD)
		program(f);
	return BUS_OK;
}

static void finish(struct flash *f, unsigned bank)
{
	(void)bank;
	*flash_reg(f, NSSR) |= SR_EOP;
	*flash_reg(f, NSCR) &= ~CR_STRT;
}

/* ECCDETR keeps the first address until somebody clears it. */
static void broken(struct flash *f, size_t off)
{
	uint32_t *eccd = flash_reg(f, ECCDETR);

	if (!(*eccd & ECCDETR_ECCD))
		*eccd = ECCDETR_ECCD | (uint32_t)(off / WORD);
}

const struct flash_ops flash_h5 = {
	.reset = reset,
	.read = read_reg,
	.write = write_reg,
	.store = store,
	.one_at_a_time = true,
	.bank_of = flash_h5_bank_of,
	.finish = finish,
	.keep_options = flash_h5_keep_options,
	.broken = broken,
	.protection = flash_h5_protection,
	.watchdogs = flash_h5_watchdogs,
	.shuts_debug = true,
	.set_protection = flash_h5_set_protection,
	.set_write_protection = flash_h5_set_write_protection,
	.may_swap = flash_h5_may_swap,
	.set_swapped = flash_h5_set_swapped,
};
