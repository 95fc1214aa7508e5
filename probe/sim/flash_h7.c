/*
 * The flash controller of STM32H74x (RM0433): two banks with registers of their own, words of 32
 * bytes, options through registers. Its hardware CRC is not there.
 */
#include "probe/sim/flash.h"

#include <string.h>

#include "probe/base/bytes.h"

/* Of a bank; the second one's lie 0x100 further on. */
enum {
	ACR = 0x00,
	KEYR = 0x04,
	OPTKEYR = 0x08,
	CR = 0x0c,
	SR = 0x10,
	CCR = 0x14,
	OPTCR = 0x18,
	OPTSR_CUR = 0x1c,
	OPTSR_PRG = 0x20,
	OPTCCR = 0x24,
	WPSN_CUR = 0x38,
	WPSN_PRG = 0x3c
};

#define BANK_REGS 0x100u

#define SR_BSY	   0x00000001u
#define SR_WBNE	   0x00000002u
#define SR_QW	   0x00000004u
#define SR_EOP	   0x00010000u
#define SR_WRPERR  0x00020000u
#define SR_PGSERR  0x00040000u
#define SR_STRBERR 0x00080000u
#define SR_INCERR  0x00200000u
#define SR_FLAGS   0x1fef0000u

#define CR_LOCK	    0x00000001u
#define CR_PG	    0x00000002u
#define CR_SER	    0x00000004u
#define CR_BER	    0x00000008u
#define CR_PSIZE_AT 4
#define CR_FW	    0x00000040u
#define CR_START    0x00000080u
#define CR_SNB_AT   8

#define OPTCR_LOCK  0x00000001u
#define OPTCR_START 0x00000002u
#define OPTCR_MER   0x00000010u

#define OPTSR_RDP_AT  8
#define OPTSR_FACTORY 0x1846aaf0u
#define OPTION_MS     200.0
#define WORD	      32u
#define SECTOR	      0x20000u
#define SECTORS	      8u

#define LEVEL_OPEN   0xaau
#define LEVEL_CLOSED 0xccu

enum { OPTION_SR, OPTION_WPSN }; /* and WPSN of bank 2 behind it */

static const uint32_t keys[2] = { 0x45670123, 0xcdef89ab };
static const uint32_t option_keys[2] = { 0x08192a3b, 0x4c5d6e7f };

/* By PSIZE (DS12110 table 50). */
static const double word_us[4] = { 290, 180, 130, 100 };
static const double sector_ms[4] = { 2000, 1800, 1100, 1000 };
static const double bank_ms[4] = { 13000, 8000, 6000, 5000 };

static uint32_t *reg(struct flash *f, unsigned bank, uint32_t off)
{
	return flash_reg(f, off + bank * BANK_REGS);
}

static unsigned psize(struct flash *f, unsigned bank)
{
	return *reg(f, bank, CR) >> CR_PSIZE_AT & 3;
}

static size_t bank_bytes(const struct flash *f)
{
	return f->size / 2;
}

static unsigned bank_of(const struct flash *f, size_t off)
{
	return (unsigned)(off / bank_bytes(f));
}

/* ---- options ---- */

static unsigned protection(const struct flash *f)
{
	uint32_t rdp = f->option_force[OPTION_SR] >> OPTSR_RDP_AT & 0xff;

	return rdp == LEVEL_OPEN ? 0 : rdp == LEVEL_CLOSED ? 2 : 1;
}

static void load_options(struct flash *f)
{
	unsigned bank;

	memcpy(f->option_force, f->option_cells, sizeof(f->option_force));
	*flash_reg(f, OPTSR_CUR) = f->option_force[OPTION_SR];
	*flash_reg(f, OPTSR_PRG) = f->option_force[OPTION_SR];
	for (bank = 0; bank < FLASH_BANKS; bank++) {
		*reg(f, bank, WPSN_CUR) = f->option_force[OPTION_WPSN + bank];
		*reg(f, bank, WPSN_PRG) = f->option_force[OPTION_WPSN + bank];
	}
}

static void set_protection(struct flash *f, unsigned level)
{
	uint32_t rdp = level == 0 ? LEVEL_OPEN : level == 1 ? 0x55 : LEVEL_CLOSED;

	f->option_cells[OPTION_SR] &= ~((uint32_t)0xff << OPTSR_RDP_AT);
	f->option_cells[OPTION_SR] |= rdp << OPTSR_RDP_AT;
	load_options(f);
}

static void set_write_protection(struct flash *f, size_t off)
{
	unsigned bank = bank_of(f, off);

	f->option_cells[OPTION_WPSN + bank] &= ~(1u << (off % bank_bytes(f) / SECTOR));
	load_options(f);
}

static bool write_protected(const struct flash *f, size_t off)
{
	uint32_t open = f->option_force[OPTION_WPSN + bank_of(f, off)];

	return !(open >> (off % bank_bytes(f) / SECTOR) & 1);
}

static void start_options(struct flash *f)
{
	uint32_t asked = *flash_reg(f, OPTSR_PRG);
	bool opens = protection(f) == 1 && (asked >> OPTSR_RDP_AT & 0xff) == LEVEL_OPEN;
	unsigned bank;

	if (protection(f) == 2 || flash_busy(f))
		return;
	f->option_cells[OPTION_SR] = asked;
	for (bank = 0; bank < FLASH_BANKS; bank++)
		f->option_cells[OPTION_WPSN + bank] = *reg(f, bank, WPSN_PRG);
	if (opens)
		flash_begin(f, 0, FLASH_JOB_ERASE, 0, f->size, NULL, bank_ms[3] * 1000);
	else
		flash_begin(f, 0, FLASH_JOB_OPTIONS, 0, 0, NULL, OPTION_MS * 1000);
}

/* ---- registers ---- */

static void reset(struct flash *f, bool power_on)
{
	unsigned bank;

	(void)power_on;
	if (!f->option_cells[OPTION_SR]) {
		f->option_cells[OPTION_SR] = OPTSR_FACTORY;
		f->option_cells[OPTION_WPSN] = 0xff;
		f->option_cells[OPTION_WPSN + 1] = 0xff;
	}
	*flash_reg(f, ACR) = 0x37;
	*flash_reg(f, OPTCR) = OPTCR_LOCK;
	for (bank = 0; bank < FLASH_BANKS; bank++) {
		*reg(f, bank, CR) = CR_LOCK;
		*reg(f, bank, SR) = 0;
	}
	load_options(f);
}

static uint32_t status(struct flash *f, unsigned bank)
{
	uint32_t value = *reg(f, bank, SR);

	if (flash_bank_busy(f, bank))
		value |= SR_BSY | SR_QW;
	if (f->gather[bank].filled)
		value |= SR_WBNE;
	return value;
}

static uint32_t read_reg(struct flash *f, uint32_t off)
{
	uint32_t in_bank = off % BANK_REGS;

	if (in_bank == KEYR || off == OPTKEYR || in_bank == CCR)
		return 0;
	if (in_bank == SR && off < FLASH_BANKS * BANK_REGS)
		return status(f, off / BANK_REGS);
	if (off == OPTSR_CUR) /* OPT_BUSY */
		return *flash_reg(f, off) | (f->job[0].kind == FLASH_JOB_OPTIONS ? 1 : 0);
	return *flash_reg(f, off);
}

static void refuse(struct flash *f, unsigned bank, uint32_t flag)
{
	*reg(f, bank, SR) |= flag;
	*reg(f, bank, CR) &= ~CR_START;
}

static bool shut_off(const struct flash *f)
{
	return f->debugger_seen && protection(f) > 0;
}

static void start_erase(struct flash *f, unsigned bank, size_t off, size_t len, double ms)
{
	size_t at;

	for (at = off; at < off + len; at += SECTOR)
		if (shut_off(f) || write_protected(f, at)) {
			refuse(f, bank, SR_WRPERR);
			return;
		}
	flash_begin(f, bank, FLASH_JOB_ERASE, off, len, NULL, ms * 1000);
}

static void start(struct flash *f, unsigned bank)
{
	uint32_t mode = *reg(f, bank, CR) & (CR_SER | CR_BER);
	size_t base = bank * bank_bytes(f);
	size_t sector = *reg(f, bank, CR) >> CR_SNB_AT & 7;

	if (flash_bank_busy(f, bank))
		return;
	if (mode & CR_BER)
		start_erase(f, bank, base, bank_bytes(f), bank_ms[psize(f, bank)]);
	else if (mode & CR_SER && sector * SECTOR < bank_bytes(f))
		start_erase(f, bank, base + sector * SECTOR, SECTOR, sector_ms[psize(f, bank)]);
	else
		refuse(f, bank, SR_PGSERR);
}

static void program(struct flash *f, unsigned bank)
{
	struct flash_gather *g = &f->gather[bank];

	memset(g->data + g->filled, 0xff, WORD - g->filled);
	g->filled = 0;
	if (shut_off(f) || write_protected(f, g->off))
		refuse(f, bank, SR_WRPERR);
	else
		flash_begin(f, bank, FLASH_JOB_PROGRAM, g->off, WORD, g->data,
			    word_us[psize(f, bank)]);
}

static void write_cr(struct flash *f, unsigned bank, uint32_t value)
{
	uint32_t old = *reg(f, bank, CR);

	if (old & CR_LOCK)
		return;
	*reg(f, bank, CR) = value & ~CR_FW;
	if (value & CR_LOCK)
		return;
	if (value & CR_START && !(old & CR_START))
		start(f, bank);
	if (value & CR_FW && f->gather[bank].filled && !flash_bank_busy(f, bank))
		program(f, bank);
}

static void write_optcr(struct flash *f, uint32_t value)
{
	unsigned bank;

	if (*flash_reg(f, OPTCR) & OPTCR_LOCK)
		return;
	*flash_reg(f, OPTCR) = value & ~(OPTCR_START | OPTCR_MER);
	if (value & OPTCR_LOCK)
		return;
	if (value & OPTCR_START)
		start_options(f);
	for (bank = 0; value & OPTCR_MER && bank < FLASH_BANKS; bank++)
		start_erase(f, bank, bank * bank_bytes(f), bank_bytes(f), bank_ms[psize(f, bank)]);
}

static enum bus_answer write_key(struct flash *f, unsigned lock, uint32_t off, uint32_t locked,
				 const uint32_t pair[2], uint32_t value)
{
	if (!(*flash_reg(f, off) & locked))
		f->key_step[lock] = FLASH_KEY_DEAD;
	switch (flash_key(f, lock, pair, value)) {
	case FLASH_KEY_OPENS:
		*flash_reg(f, off) &= ~locked;
		return BUS_OK;
	case FLASH_KEY_WRONG:
		return BUS_FAULT;
	case FLASH_KEY_FIRST:
		break;
	}
	return BUS_OK;
}

static enum bus_answer write_bank_reg(struct flash *f, unsigned bank, uint32_t off, uint32_t value,
				      uint32_t mask)
{
	switch (off) {
	case KEYR:
		return write_key(f, bank, CR + bank * BANK_REGS, CR_LOCK, keys, value);
	case CR:
		write_cr(f, bank, (*reg(f, bank, CR) & ~mask) | value);
		break;
	case CCR:
		*reg(f, bank, SR) &= ~(value & SR_FLAGS);
		break;
	case WPSN_PRG:
		if (!(*flash_reg(f, OPTCR) & OPTCR_LOCK))
			*reg(f, bank, WPSN_PRG) = value;
		break;
	default:
		break;
	}
	return BUS_OK;
}

static enum bus_answer write_reg(struct flash *f, uint32_t off, uint32_t value, uint32_t mask)
{
	value &= mask;
	switch (off) {
	case ACR:
		*flash_reg(f, ACR) = (*flash_reg(f, ACR) & ~mask) | value;
		return BUS_OK;
	case OPTKEYR:
	case OPTKEYR + BANK_REGS:
		return write_key(f, 2, OPTCR, OPTCR_LOCK, option_keys, value);
	case OPTCR:
	case OPTCR + BANK_REGS:
		write_optcr(f, value);
		return BUS_OK;
	case OPTSR_PRG:
		if (!(*flash_reg(f, OPTCR) & OPTCR_LOCK))
			*flash_reg(f, OPTSR_PRG) = value;
		return BUS_OK;
	default:
		if (off >= FLASH_BANKS * BANK_REGS)
			return BUS_OK;
		return write_bank_reg(f, off / BANK_REGS, off % BANK_REGS, value, mask);
	}
}

/* ---- the array ---- */

/* Narrower stores fill the word as well; it is written when its last byte came. */
static enum bus_answer store(struct flash *f, size_t off, const struct bus_access *a)
{
	unsigned bank = bank_of(f, off), i;
	struct flash_gather *g = &f->gather[bank];
	size_t word = off / WORD * WORD;

	if (*reg(f, bank, CR) & CR_LOCK || !(*reg(f, bank, CR) & CR_PG)) {
		refuse(f, bank, SR_PGSERR);
		return BUS_OK;
	}
	if (g->filled && word != g->off) {
		g->filled = 0;
		refuse(f, bank, SR_INCERR);
		return BUS_OK;
	}
	if (off - word != g->filled) {
		g->filled = 0;
		refuse(f, bank, off - word < g->filled ? SR_STRBERR : SR_INCERR);
		return BUS_OK;
	}
	g->off = word;
	for (i = 0; i < a->size; i++)
		g->data[g->filled++] = (uint8_t)(a->value >> (8 * i));
	if (g->filled == WORD)
		program(f, bank);
	return BUS_OK;
}

static void finish(struct flash *f, unsigned bank)
{
	*reg(f, bank, SR) |= SR_EOP;
	*reg(f, bank, CR) &= ~CR_START;
	if (memcmp(f->option_cells, f->option_force, sizeof(f->option_force)) != 0)
		load_options(f); /* most options count at once */
}

const struct flash_ops flash_h7 = {
	.reset = reset,
	.read = read_reg,
	.write = write_reg,
	.store = store,
	.bank_of = bank_of,
	.finish = finish,
	.protection = protection,
	.set_protection = set_protection,
	.set_write_protection = set_write_protection,
};
