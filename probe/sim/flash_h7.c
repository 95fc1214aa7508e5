/*
 * The flash controller of STM32H7 (RM0433; RM0455 for H7A3 and its relatives): two banks with
 * registers of their own, words of 32 or 16 bytes, options through registers. Its hardware CRC is
 * not there.
 */
#include "probe/sim/flash.h"

#include <string.h>

#include "probe/sim/flash_h7.h"

#define SR_BSY	    0x00000001u
#define SR_WBNE	    0x00000002u
#define SR_QW	    0x00000004u
#define SR_EOP	    0x00010000u
#define SR_WRPERR   0x00020000u
#define SR_PGSERR   0x00040000u
#define SR_STRBERR  0x00080000u
#define SR_INCERR   0x00200000u
#define SR_RDPERR   0x00800000u
#define SR_DBECCERR 0x04000000u
#define SR_FLAGS    0x1fef0000u

#define CR_LOCK	    0x00000001u
#define CR_PG	    0x00000002u
#define CR_SER	    0x00000004u
#define CR_BER	    0x00000008u
#define CR_PSIZE_AT 4

#define OPTCR_LOCK  0x00000001u
#define OPTCR_START 0x00000002u
#define OPTCR_MER   0x00000010u
#define OPTCR_SWAP  0x80000000u

static const uint32_t keys[2] = { 0x45670123, 0xcdef89ab };
static const uint32_t option_keys[2] = { 0x08192a3b, 0x4c5d6e7f };

static unsigned psize(struct flash *f, unsigned bank)
{
	return flash_h7_facts(f)->psize ? *flash_h7_reg(f, bank, CR) >> CR_PSIZE_AT & 3 : 0;
}

/* ---- registers ---- */

static void reset(struct flash *f, bool power_on)
{
	unsigned bank;

	(void)power_on;
	flash_h7_deliver_options(f);
	*flash_reg(f, ACR) = 0x37;
	*flash_reg(f, OPTCR) = OPTCR_LOCK;
	for (bank = 0; bank < FLASH_BANKS; bank++) {
		*flash_h7_reg(f, bank, CR) = CR_LOCK;
		*flash_h7_reg(f, bank, SR) = 0;
	}
	flash_h7_load_options(f);
}

static uint32_t status(struct flash *f, unsigned bank)
{
	uint32_t value = *flash_h7_reg(f, bank, SR);

	if (flash_bank_busy(f, bank))
		value |= SR_BSY | SR_QW;
	if (f->gather[bank].filled)
		value |= SR_WBNE;
	return value;
}

/*
 * Which register an offset means: the sets of the two banks change places together with the banks,
 * and what belongs to neither is seen in both (RM0399 4.3.13, table 19).
 */
static uint32_t register_at(const struct flash *f, uint32_t off)
{
	uint32_t in_bank = off % BANK_REGS;

	switch (in_bank) {
	case ACR:
	case OPTKEYR:
	case OPTCR:
	case OPTSR_CUR:
	case OPTSR_PRG:
	case OPTCCR:
		return off < FLASH_BANKS * BANK_REGS ? in_bank : off;
	default:
		return off < FLASH_BANKS * BANK_REGS && f->swapped ? off ^ BANK_REGS : off;
	}
}

static uint32_t read_reg(struct flash *f, uint32_t off)
{
	uint32_t in_bank = off % BANK_REGS;

	off = register_at(f, off);
	if (in_bank == KEYR || off == OPTKEYR || in_bank == CCR)
		return 0;
	if (off >= BANK_REGS && flash_h7_bank_bytes(f) == f->size)
		return 0; /* there is no second bank */
	if (in_bank == SR && off < FLASH_BANKS * BANK_REGS)
		return status(f, off / BANK_REGS);
	if (off == OPTCR)
		return *flash_reg(f, OPTCR) | (f->swapped ? OPTCR_SWAP : 0);
	if (off == OPTSR_CUR) /* OPT_BUSY */
		return *flash_reg(f, off) |
		       (f->job[0].kind == FLASH_JOB_OPTIONS || f->job[0].kind == FLASH_JOB_OPEN);
	return *flash_reg(f, off);
}

static void refuse(struct flash *f, unsigned bank, uint32_t flag)
{
	*flash_h7_reg(f, bank, SR) |= flag;
	*flash_h7_reg(f, bank, CR) &= ~flash_h7_facts(f)->start;
}

static bool shut_off(const struct flash *f)
{
	return f->debugger_seen && flash_h7_protection(f) > 0;
}

static size_t sector_bytes(const struct flash *f)
{
	return f->row->blocks[0].bytes;
}

static void start_erase(struct flash *f, unsigned bank, size_t off, size_t len, double ms)
{
	size_t at;

	for (at = off; at < off + len; at += sector_bytes(f))
		if (shut_off(f) || flash_h7_write_protected(f, at) ||
		    flash_h7_has_execute_only(f, at, sector_bytes(f))) {
			refuse(f, bank, SR_WRPERR);
			return;
		}
	flash_begin(f, bank, FLASH_JOB_ERASE, off, len, NULL, ms * 1000);
}

/* With all protection removed in the option registers it falls with what it protects. */
static void start_bank_erase(struct flash *f, unsigned bank)
{
	size_t base = flash_h7_bank_base(f, bank), len = flash_h7_bank_bytes(f);
	double ms = flash_h7_facts(f)->bank_ms[psize(f, bank)];

	if (!flash_h7_removal_is_asked(f, bank) || shut_off(f))
		start_erase(f, bank, base, len, ms);
	else
		flash_begin(f, bank, FLASH_JOB_ERASE, base, len, NULL, ms * 1000);
}

static void start(struct flash *f, unsigned bank)
{
	const struct flash_h7_facts *h = flash_h7_facts(f);
	uint32_t mode = *flash_h7_reg(f, bank, CR) & (CR_SER | CR_BER);
	size_t base = flash_h7_bank_base(f, bank), bytes = sector_bytes(f);
	size_t sector = *flash_h7_reg(f, bank, CR) >> h->sector_at & h->sector_mask;

	if (flash_bank_busy(f, bank))
		return;
	if (mode & CR_BER)
		start_bank_erase(f, bank);
	else if (mode & CR_SER && sector * bytes < flash_h7_bank_bytes(f))
		start_erase(f, bank, base + sector * bytes, bytes, h->sector_ms[psize(f, bank)]);
	else
		refuse(f, bank, SR_PGSERR);
}

static void program(struct flash *f, unsigned bank)
{
	const struct flash_h7_facts *h = flash_h7_facts(f);
	struct flash_gather *g = &f->gather[bank];

	memset(g->data + g->filled, 0xff, h->word - g->filled);
	g->filled = 0;
	if (shut_off(f) || flash_h7_write_protected(f, g->off) || flash_h7_executes_only(f, g->off))
		refuse(f, bank, SR_WRPERR);
	else
		flash_begin(f, bank, FLASH_JOB_PROGRAM, g->off, h->word, g->data,
			    h->word_us[psize(f, bank)]);
}

static void write_cr(struct flash *f, unsigned bank, uint32_t value)
{
	const struct flash_h7_facts *h = flash_h7_facts(f);
	uint32_t old = *flash_h7_reg(f, bank, CR);

	if (old & CR_LOCK)
		return;
	*flash_h7_reg(f, bank, CR) = value & ~h->fw;
	if (value & CR_LOCK)
		return;
	if (value & h->start && !(old & h->start))
		start(f, bank);
	if (value & h->fw && f->gather[bank].filled && !flash_bank_busy(f, bank))
		program(f, bank);
}

static void write_optcr(struct flash *f, uint32_t value)
{
	unsigned bank;

	if (*flash_reg(f, OPTCR) & OPTCR_LOCK)
		return;
	*flash_reg(f, OPTCR) = value & ~(OPTCR_START | OPTCR_MER | OPTCR_SWAP);
	if (value & OPTCR_LOCK)
		return;
	if (value & OPTCR_START)
		flash_h7_start_options(f);
	for (bank = 0; value & OPTCR_MER && bank * flash_h7_bank_bytes(f) < f->size; bank++)
		start_bank_erase(f, bank);
}

static enum bus_answer write_bank_reg(struct flash *f, unsigned bank, uint32_t off, uint32_t value,
				      uint32_t mask)
{
	switch (off) {
	case KEYR:
		return flash_unlock(f, bank, CR + bank * BANK_REGS, CR_LOCK, keys, value);
	case CR:
		write_cr(f, bank, (*flash_h7_reg(f, bank, CR) & ~mask) | value);
		break;
	case CCR:
		*flash_h7_reg(f, bank, SR) &= ~(value & SR_FLAGS);
		break;
	case WPSN_PRG:
	case PRAR_PRG:
		if (!(*flash_reg(f, OPTCR) & OPTCR_LOCK))
			*flash_h7_reg(f, bank, off) = value;
		break;
	default:
		break;
	}
	return BUS_OK;
}

static enum bus_answer write_reg(struct flash *f, uint32_t off, uint32_t value, uint32_t mask)
{
	value &= mask;
	off = register_at(f, off);
	switch (off) {
	case ACR:
		*flash_reg(f, ACR) = (*flash_reg(f, ACR) & ~mask) | value;
		return BUS_OK;
	case OPTKEYR:
		return flash_unlock(f, 2, OPTCR, OPTCR_LOCK, option_keys, value);
	case OPTCR:
		write_optcr(f, value);
		return BUS_OK;
	case OPTSR_PRG:
		if (!(*flash_reg(f, OPTCR) & OPTCR_LOCK))
			*flash_reg(f, OPTSR_PRG) = value;
		return BUS_OK;
	case OPTCCR:
		*flash_reg(f, OPTSR_CUR) &= ~(value & OPTSR_CHANGE_ERROR);
		return BUS_OK;
	default:
		if (off / BANK_REGS * flash_h7_bank_bytes(f) >= f->size)
			return BUS_OK;
		return write_bank_reg(f, off / BANK_REGS, off % BANK_REGS, value, mask);
	}
}

/* ---- the array ---- */

/* Narrower stores fill the word as well; it is written when its last byte came. */
static enum bus_answer store(struct flash *f, size_t off, const struct bus_access *a)
{
	unsigned bank = flash_h7_bank_of(f, off), i;
	struct flash_gather *g = &f->gather[bank];
	size_t word_bytes = flash_h7_facts(f)->word, word = off / word_bytes * word_bytes;

	if (*flash_h7_reg(f, bank, CR) & CR_LOCK || !(*flash_h7_reg(f, bank, CR) & CR_PG)) {
		refuse(f, bank, SR_PGSERR);
		return BUS_OK;
	}
	if (g->filled && word != g->off) {
		g->filled = 0;
		refuse(f, bank, SR_INCERR);
		return BUS_OK;
	}
	if (off - word != g->filled) {
		refuse(f, bank, off - word < g->filled ? SR_STRBERR : SR_INCERR);
		g->filled = 0;
		return BUS_OK;
	}
	g->off = word;
	for (i = 0; i < a->size; i++)
		g->data[g->filled++] = (uint8_t)(a->value >> (8 * i));
	if (g->filled == word_bytes)
		program(f, bank);
	return BUS_OK;
}

static void finish(struct flash *f, unsigned bank)
{
	*flash_h7_reg(f, bank, SR) |= SR_EOP;
	if (f->job[bank].len == flash_h7_bank_bytes(f) && flash_h7_removal_is_asked(f, bank))
		flash_h7_remove_protection(f, bank);
	*flash_h7_reg(f, bank, CR) &= ~flash_h7_facts(f)->start;
}

static void refused(struct flash *f, size_t off)
{
	*flash_h7_reg(f, flash_h7_bank_of(f, off), SR) |= SR_RDPERR;
}

/* It reads as zero, without a bus error (RM0399 4.5.4). */
static bool hidden(struct flash *f, size_t off)
{
	bool is = flash_h7_executes_only(f, off);

	if (is)
		refused(f, off);
	return is;
}

static void broken(struct flash *f, size_t off)
{
	*flash_h7_reg(f, flash_h7_bank_of(f, off), SR) |= SR_DBECCERR;
}

const struct flash_ops flash_h7 = {
	.reset = reset,
	.read = read_reg,
	.write = write_reg,
	.store = store,
	.bank_of = flash_h7_bank_of,
	.finish = finish,
	.keep_options = flash_h7_keep_options,
	.hidden = hidden,
	.stays = flash_h7_stays,
	.broken = broken,
	.refused = refused,
	.protection = flash_h7_protection,
	.watchdogs = flash_h7_watchdogs,
	.set_protection = flash_h7_set_protection,
	.set_write_protection = flash_h7_set_write_protection,
	.may_swap = flash_h7_may_swap,
	.set_swapped = flash_h7_set_swapped,
};
