/*
 * The flash controller of STM32L0 and L1 (RM0367, RM0038): erased cells read as zero, a word or
 * half a page at once, a page is erased by a store into it. Data EEPROM takes stores of any width
 * and erases by itself.
 */
#include "probe/sim/flash.h"

#include <string.h>

#include "probe/base/bytes.h"
#include "probe/sim/flash_family.h"

enum {
	ACR = 0x00,
	PECR = 0x04,
	PDKEYR = 0x08,
	PEKEYR = 0x0c,
	PRGKEYR = 0x10,
	OPTKEYR = 0x14,
	SR = 0x18,
	OPTR = 0x1c,
	WRPR = 0x20,
	WRPR2 = 0x80,
	WRPR3 = 0x84
};

#define SR_BSY	    0x00001u
#define SR_EOP	    0x00002u
#define SR_ENDHV    0x00004u
#define SR_READY    0x00008u
#define SR_WRPERR   0x00100u
#define SR_PGAERR   0x00200u
#define SR_SIZERR   0x00400u
#define SR_OPTVERR  0x00800u
#define SR_RDERR_L0 0x02000u
#define SR_NOTZERO  0x10000u
#define SR_FLAGS    0x33f02u

#define PECR_PELOCK	0x00001u
#define PECR_PRGLOCK	0x00002u
#define PECR_OPTLOCK	0x00004u
#define PECR_LOCKS	0x00007u
#define PECR_PROG	0x00008u
#define PECR_FIX	0x00100u
#define PECR_ERASE	0x00200u
#define PECR_FPRG	0x00400u
#define PECR_OBL_LAUNCH 0x40000u

#define LEVEL_OPEN   0xaau
#define LEVEL_CLOSED 0xccu
#define WRP_SECTOR   4096u

static const uint32_t pe_keys[2] = { 0x89abcdef, 0x02030405 };
static const uint32_t prg_keys[2] = { 0x8c9daebf, 0x13141516 };
static const uint32_t option_keys[2] = { 0xfbead9c8, 0x24252627 };

/* The option words: value below, complement above. */
enum { OPT_RDP = 0, OPT_USER = 4, OPT_WRP = 8 };

#define SECTORS_IN_WORD 16u
#define RDP_BYTE	0xffu

const struct flash_l0_facts flash_l0_l0 = {
	.pcrop_bit = 0x100,
	.wrpr = { WRPR, WRPR2 },
	.read_error_bit = SR_RDERR_L0,
};

/* L1 programs over what is there, and no flag tells. */
const struct flash_l0_facts flash_l0_l1 = {
	.programs_over = true,
	.pcrop_bit = 0x100,
	.wrpr = { WRPR, WRPR2, WRPR3 },
};

static const struct flash_l0_facts *facts(const struct flash *f)
{
	return f->row->family;
}

static size_t page_bytes(const struct flash *f)
{
	return f->row->blocks[0].bytes;
}

/* ---- options ---- */

static void set_word(struct flash *f, uint32_t at, uint32_t value)
{
	put_le32(f->option + at, value | (~value & 0xffff) << 16);
}

/* Where a word and its complement differ, the flag says so and all of its bits are set. */
static uint32_t option_word(struct flash *f, uint32_t at)
{
	uint32_t word = get_le32(f->option + at);

	if ((word ^ word >> 16) % 0x10000 == 0xffff)
		return word & 0xffff;
	*flash_reg(f, SR) |= SR_OPTVERR;
	return 0xffff;
}

static void load_options(struct flash *f)
{
	uint32_t rdp = option_word(f, OPT_RDP), at;
	unsigned i = 0;

	*flash_reg(f, OPTR) = (rdp & 0x1ff) | option_word(f, OPT_USER) << 16;
	for (at = OPT_WRP; at < f->row->option_bytes; at += 8, i++)
		*flash_reg(f, facts(f)->wrpr[i]) = option_word(f, at) | option_word(f, at + 4)
										<< 16;
}

#define OPTR_WDG_SW 0x00100000u

static unsigned watchdogs(const struct flash *f)
{
	return f->reg[OPTR / 4] & OPTR_WDG_SW ? 0 : FLASH_STARTS_IWDG;
}

static unsigned protection(const struct flash *f)
{
	uint32_t rdp = f->reg[OPTR / 4] & 0xff;

	return rdp == LEVEL_OPEN ? 0 : rdp == LEVEL_CLOSED ? 2 : 1;
}

static void set_protection(struct flash *f, unsigned level)
{
	set_word(f, OPT_RDP, level == 0 ? LEVEL_OPEN : level == 1 ? 0x00 : LEVEL_CLOSED);
	load_options(f);
}

static void set_write_protection(struct flash *f, size_t off)
{
	uint32_t sector = (uint32_t)(off / WRP_SECTOR);
	uint32_t at = OPT_WRP + 4 * (sector / SECTORS_IN_WORD);

	if (at >= f->row->option_bytes)
		return;
	set_word(f, at, (get_le32(f->option + at) & 0xffff) | 1u << sector % SECTORS_IN_WORD);
	load_options(f);
}

static bool marked(const struct flash *f, size_t off)
{
	size_t sector = off / WRP_SECTOR;

	if (OPT_WRP + 4 * (sector / SECTORS_IN_WORD) >= f->row->option_bytes)
		return false;
	return f->reg[facts(f)->wrpr[sector / 32] / 4] >> sector % 32 & 1;
}

static bool executes_only(const struct flash *f, size_t off)
{
	return f->reg[OPTR / 4] & facts(f)->pcrop_bit && !marked(f, off);
}

/* Where the bits mean "execute only" they are the other way round: 0 protects (RM0367 3.4.2). */
static bool write_protected(const struct flash *f, size_t off)
{
	return f->reg[OPTR / 4] & facts(f)->pcrop_bit ? !marked(f, off) : marked(f, off);
}

static bool hidden(struct flash *f, size_t off)
{
	if (!executes_only(f, off))
		return false;
	*flash_reg(f, SR) |= facts(f)->read_error_bit;
	return true;
}

/* ---- registers ---- */

static void reset(struct flash *f, bool power_on)
{
	uint32_t at;

	(void)power_on;
	if (!get_le32(f->option)) {
		set_word(f, OPT_RDP, LEVEL_OPEN);
		set_word(f, OPT_USER, 0x8070);
		for (at = OPT_WRP; at < f->row->option_bytes; at += 4)
			set_word(f, at, 0);
	}
	*flash_reg(f, ACR) = 0;
	*flash_reg(f, PECR) = PECR_LOCKS;
	*flash_reg(f, SR) = 0;
	load_options(f);
}

static uint32_t read_reg(struct flash *f, uint32_t off)
{
	if (off >= PDKEYR && off <= OPTKEYR)
		return 0;
	if (off == SR)
		return *flash_reg(f, SR) | (flash_busy(f) ? SR_BSY : (uint32_t)SR_ENDHV | SR_READY);
	return *flash_reg(f, off);
}

static void write_pecr(struct flash *f, uint32_t value)
{
	uint32_t old = *flash_reg(f, PECR);

	if (old & PECR_PELOCK)
		return;
	value |= old & PECR_LOCKS; /* locks are only set by writing */
	if (value & PECR_PELOCK)   /* and the modes are gone: tools leave them set when they lock */
		value = PECR_LOCKS;
	if (value & PECR_OPTLOCK)
		value &= ~PECR_OBL_LAUNCH;
	*flash_reg(f, PECR) = value;
	f->gather[0].filled = 0;
	if (value & PECR_OBL_LAUNCH && !flash_busy(f))
		f->system_reset_wanted = true;
}

static enum bus_answer write_key(struct flash *f, unsigned lock, uint32_t locked,
				 const uint32_t pair[2], uint32_t value)
{
	/* The other two locks do not even listen while PECR is locked. */
	if (locked != PECR_PELOCK && *flash_reg(f, PECR) & PECR_PELOCK)
		return BUS_FAULT;
	switch (flash_key(f, lock, pair, value)) {
	case FLASH_KEY_OPENS:
		*flash_reg(f, PECR) &= ~locked;
		return BUS_OK;
	case FLASH_KEY_WRONG:
		return BUS_FAULT;
	case FLASH_KEY_FIRST:
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
		break;
	case PECR:
		write_pecr(f, (*flash_reg(f, PECR) & ~mask) | value);
		break;
	case PEKEYR:
		return write_key(f, 0, PECR_PELOCK, pe_keys, value);
	case PRGKEYR:
		return write_key(f, 1, PECR_PRGLOCK, prg_keys, value);
	case OPTKEYR:
		return write_key(f, 2, PECR_OPTLOCK, option_keys, value);
	case SR:
		*flash_reg(f, SR) &= ~(value & SR_FLAGS);
		break;
	default:
		break;
	}
	return BUS_OK;
}

/* ---- the array ---- */

static void refuse(struct flash *f, uint32_t flag)
{
	*flash_reg(f, SR) |= flag;
	f->gather[0].filled = 0;
}

static void program(struct flash *f, size_t off, const uint8_t *data, size_t bytes)
{
	if (!facts(f)->programs_over && !cells_blank(&f->cells, off, bytes)) {
		refuse(f, SR_NOTZERO);
		return;
	}
	flash_begin(f, 0, FLASH_JOB_PROGRAM, off, bytes, data, f->row->program_us);
}

static void gather_half_page(struct flash *f, size_t off, uint32_t value)
{
	struct flash_gather *g = &f->gather[0];
	size_t half = page_bytes(f) / 2;

	if (off % half != g->filled || (g->filled && off / half * half != g->off)) {
		refuse(f, SR_PGAERR);
		return;
	}
	g->off = off / half * half;
	put_le32(g->data + g->filled, value);
	g->filled += 4;
	if (g->filled == half) {
		g->filled = 0;
		program(f, g->off, g->data, half);
	}
}

static enum bus_answer store(struct flash *f, size_t off, const struct bus_access *a)
{
	uint32_t pecr = *flash_reg(f, PECR);
	uint8_t word[4];

	if (pecr & (PECR_PELOCK | PECR_PRGLOCK)) {
		refuse(f, SR_WRPERR);
		return BUS_FAULT;
	}
	if ((f->debugger_seen && protection(f)) || write_protected(f, off)) {
		refuse(f, SR_WRPERR);
	} else if (a->size != 4) {
		refuse(f, SR_SIZERR);
	} else if (pecr & PECR_ERASE && pecr & PECR_PROG) {
		flash_begin(f, 0, FLASH_JOB_ERASE, off / page_bytes(f) * page_bytes(f),
			    page_bytes(f), NULL, f->row->erase_ms * 1000);
	} else if (pecr & PECR_FPRG && pecr & PECR_PROG) {
		gather_half_page(f, off, a->value);
	} else {
		put_le32(word, a->value);
		program(f, off, word, sizeof(word));
	}
	return BUS_OK;
}

/* Erased first, unless that is not needed and not asked for (RM0367 3.3.4). */
static enum bus_answer store_eeprom(struct flash *f, size_t off, const struct bus_access *a)
{
	bool twice = *flash_reg(f, PECR) & PECR_FIX || !cells_blank(&f->eeprom, off, a->size);
	uint8_t bytes[4];

	if (*flash_reg(f, PECR) & PECR_PELOCK) {
		refuse(f, SR_WRPERR);
		return BUS_FAULT;
	}
	put_le32(bytes, a->value);
	flash_begin(f, 0, FLASH_JOB_EEPROM, off, a->size, bytes,
		    f->row->program_us * (twice ? 2 : 1));
	return BUS_OK;
}

static enum bus_answer store_option(struct flash *f, uint32_t off, const struct bus_access *a)
{
	uint8_t word[4];
	bool opens;

	if (*flash_reg(f, PECR) & (PECR_PELOCK | PECR_OPTLOCK) || a->size != 4)
		return BUS_FAULT;
	if (protection(f) == 2)
		return BUS_OK;
	opens = off == OPT_RDP && protection(f) == 1 && (a->value & RDP_BYTE) == LEVEL_OPEN;
	put_le32(word, a->value);
	flash_begin(f, 0, opens ? FLASH_JOB_OPEN : FLASH_JOB_OPTIONS, off, sizeof(word), word,
		    opens ? f->row->mass_ms * 1000 : f->row->program_us);
	return BUS_OK;
}

static void keep_options(struct flash *f, const struct flash_job *job)
{
	memcpy(f->option + job->off, job->data, job->len);
}

static void finish(struct flash *f, unsigned bank)
{
	(void)bank;
	*flash_reg(f, SR) |= SR_EOP;
	if (*flash_reg(f, PECR) & PECR_OBL_LAUNCH) /* what was in work came first */
		f->system_reset_wanted = true;
}

const struct flash_ops flash_l0 = {
	.reset = reset,
	.read = read_reg,
	.write = write_reg,
	.store = store,
	.store_option = store_option,
	.store_eeprom = store_eeprom,
	.hidden = hidden,
	.finish = finish,
	.keep_options = keep_options,
	.protection = protection,
	.watchdogs = watchdogs,
	.set_protection = set_protection,
	.set_write_protection = set_write_protection,
};
