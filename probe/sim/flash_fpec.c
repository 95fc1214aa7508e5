/*
 * The flash controller of STM32F0, F1 and F3 (PM0075, RM0091, RM0316; PM0068 for XL density, which
 * has a second bank with registers of its own; options are the first bank's).
 */
#include "probe/sim/flash_fpec.h"

#include <string.h>

#include "probe/base/bytes.h"

#define SR_BSY	    0x01u
#define SR_PGERR    0x04u
#define SR_WRPRTERR 0x10u
#define SR_EOP	    0x20u
#define SR_FLAGS    (SR_PGERR | SR_WRPRTERR | SR_EOP)

#define CR_PG	      0x0001u
#define CR_PER	      0x0002u
#define CR_MER	      0x0004u
#define CR_OPTPG      0x0010u
#define CR_OPTER      0x0020u
#define CR_STRT	      0x0040u
#define CR_LOCK	      0x0080u
#define CR_OPTWRE     0x0200u
#define CR_IE	      0x1400u
#define CR_OBL_LAUNCH 0x2000u
#define CR_MODES      (CR_PG | CR_PER | CR_MER | CR_OPTPG | CR_OPTER)

#define BANK_REGS 0x40u

#define OPTION_ERASE_MS 22.0

static const uint32_t keys[2] = { 0x45670123, 0xcdef89ab };

const struct flash_fpec_facts flash_fpec_xl = { .bank_bytes = 0x80000 };

/* ---- banks ---- */

static unsigned banks(const struct flash *f)
{
	return f->row->family ? 2 : 1;
}

static unsigned bank_of(const struct flash *f, size_t off)
{
	const struct flash_fpec_facts *facts = f->row->family;

	return facts && off >= facts->bank_bytes;
}

static size_t bank_begin(const struct flash *f, unsigned bank)
{
	const struct flash_fpec_facts *facts = f->row->family;

	return bank ? facts->bank_bytes : 0;
}

static size_t bank_end(const struct flash *f, unsigned bank)
{
	return bank + 1 < banks(f) ? bank_begin(f, bank + 1) : f->size;
}

static uint32_t *bank_reg(struct flash *f, unsigned bank, uint32_t off)
{
	return flash_reg(f, off + bank * BANK_REGS);
}

/* ---- registers ---- */

static void reset(struct flash *f, bool power_on)
{
	unsigned bank;

	(void)power_on;
	flash_fpec_deliver_options(f);
	*flash_reg(f, ACR) = flash_fpec_is_f1(f) ? 0x30 : 0;
	for (bank = 0; bank < banks(f); bank++) {
		*bank_reg(f, bank, SR) = 0;
		*bank_reg(f, bank, CR) = CR_LOCK;
		*bank_reg(f, bank, AR) = 0;
	}
	flash_fpec_load_options(f);
}

static uint32_t read_reg(struct flash *f, uint32_t off)
{
	unsigned bank = off >= BANK_REGS;
	uint32_t in_bank = off % BANK_REGS;

	if (in_bank == KEYR || off == OPTKEYR || in_bank == AR || bank >= banks(f))
		return 0;
	if (in_bank == SR)
		return *flash_reg(f, off) | (flash_bank_busy(f, bank) ? SR_BSY : 0);
	return *flash_reg(f, off);
}

/* With read-out protection, a debugger's presence shuts erasing and programming off (PM0075 2.4.1).
 */
static bool shut_off(const struct flash *f)
{
	return f->debugger_seen && flash_fpec_protection(f) > 0;
}

static void refuse(struct flash *f, unsigned bank, uint32_t flag)
{
	*bank_reg(f, bank, SR) |= flag;
	*bank_reg(f, bank, CR) &= ~CR_STRT;
}

static void start_page_erase(struct flash *f, unsigned bank)
{
	size_t off = *bank_reg(f, bank, AR) - f->row->base, len;

	if (!flash_block_at(f, off, &off, &len) || bank_of(f, off) != bank)
		refuse(f, bank, SR_PGERR);
	else if (shut_off(f) || flash_fpec_write_protected(f, off))
		refuse(f, bank, SR_WRPRTERR);
	else
		flash_begin(f, bank, FLASH_JOB_ERASE, off, len, NULL, f->row->erase_ms * 1000);
}

static bool any_write_protected(const struct flash *f, unsigned bank)
{
	size_t off;

	for (off = bank_begin(f, bank); off < bank_end(f, bank); off += WRP_GROUP_BYTES)
		if (flash_fpec_write_protected(f, off))
			return true;
	return false;
}

/* STRT was written. Exactly one mode bit may stand (PM0075 3.3). */
static void start(struct flash *f, unsigned bank)
{
	uint32_t mode = *bank_reg(f, bank, CR) & CR_MODES;

	if (flash_bank_busy(f, bank))
		return;
	if (mode == CR_PER) {
		start_page_erase(f, bank);
	} else if (mode == CR_MER) {
		if (shut_off(f) || any_write_protected(f, bank))
			refuse(f, bank, SR_WRPRTERR);
		else
			flash_begin(f, bank, FLASH_JOB_ERASE, bank_begin(f, bank),
				    bank_end(f, bank) - bank_begin(f, bank), NULL,
				    f->row->mass_ms * 1000);
	} else if (!bank && mode == CR_OPTER && *flash_reg(f, CR) & CR_OPTWRE) {
		memset(f->option, 0xff, OPT_END);
		flash_begin(f, 0, FLASH_JOB_OPTIONS, 0, 0, NULL, OPTION_ERASE_MS * 1000);
	} else {
		refuse(f, bank, SR_PGERR);
	}
}

static void write_cr(struct flash *f, unsigned bank, uint32_t value)
{
	uint32_t *cr = bank_reg(f, bank, CR), old = *cr;
	uint32_t takes = CR_MODES | CR_STRT | CR_IE;

	if (old & CR_LOCK)
		return;
	/* LOCK is set by writing it, OPTWRE is cleared by writing zero. */
	*cr = (value & takes) | (value & CR_LOCK) | (old & value & CR_OPTWRE);
	if (value & CR_LOCK)
		*cr &= ~CR_OPTWRE;
	if (value & CR_OBL_LAUNCH && !flash_fpec_is_f1(f))
		f->system_reset_wanted = true;
	else if (value & CR_STRT && !(old & CR_STRT))
		start(f, bank);
}

/* Lock 1 is the options'. */
static enum bus_answer write_key(struct flash *f, unsigned bank, uint32_t value)
{
	enum bus_answer answer =
		flash_unlock(f, 2 * bank, bank * BANK_REGS + CR, CR_LOCK, keys, value);

	if (answer == BUS_FAULT)
		*bank_reg(f, bank, CR) |= CR_LOCK;
	return answer;
}

static enum bus_answer write_optkey(struct flash *f, uint32_t value)
{
	switch (flash_key(f, 1, keys, value)) {
	case FLASH_KEY_OPENS:
		*flash_reg(f, CR) |= CR_OPTWRE;
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
	unsigned bank = off >= BANK_REGS;

	value &= mask;
	if (bank >= banks(f) || off >= 2 * BANK_REGS)
		return BUS_OK;
	switch (off) {
	case ACR:
		*flash_reg(f, ACR) = (*flash_reg(f, ACR) & ~(mask & 0x1f)) | (value & 0x1f);
		if (*flash_reg(f, ACR) & 0x10)
			*flash_reg(f, ACR) |= 0x20; /* PRFTBS follows PRFTBE */
		break;
	case KEYR:
	case KEYR + BANK_REGS:
		return write_key(f, bank, value);
	case OPTKEYR:
		return write_optkey(f, value);
	case SR:
	case SR + BANK_REGS:
		*flash_reg(f, off) &= ~(value & SR_FLAGS);
		break;
	case CR:
	case CR + BANK_REGS:
		write_cr(f, bank, (*flash_reg(f, off) & ~mask) | value);
		break;
	case AR:
	case AR + BANK_REGS:
		*flash_reg(f, off) = value;
		break;
	default:
		break;
	}
	return BUS_OK;
}

/* ---- the array ---- */

static enum bus_answer store(struct flash *f, size_t off, const struct bus_access *a)
{
	unsigned bank = bank_of(f, off);
	uint32_t cr = *bank_reg(f, bank, CR);
	uint8_t bytes[2];

	/* PM0075 2.3.3: anything but a half-word is a bus error. */
	if (a->size != 2 || cr & CR_LOCK || !(cr & CR_PG))
		return BUS_FAULT;
	put_le16(bytes, (uint16_t)a->value);
	if (shut_off(f) || flash_fpec_write_protected(f, off))
		refuse(f, bank, SR_WRPRTERR);
	else if (!cells_blank(&f->cells, off, 2) && get_le16(bytes) != 0)
		refuse(f, bank, SR_PGERR);
	else
		flash_begin(f, bank, FLASH_JOB_PROGRAM, off, 2, bytes, f->row->program_us);
	return BUS_OK;
}

static enum bus_answer store_option(struct flash *f, uint32_t off, const struct bus_access *a)
{
	uint32_t cr = *flash_reg(f, CR);

	if (a->size != 2 || cr & CR_LOCK || !(cr & CR_OPTPG) || !(cr & CR_OPTWRE))
		return BUS_FAULT;
	if (f->option[off] != 0xff || f->option[off + 1] != 0xff) {
		refuse(f, 0, SR_PGERR);
		return BUS_OK;
	}
	flash_fpec_program_option(f, off, (uint8_t)a->value);
	return BUS_OK;
}

static void finish(struct flash *f, unsigned bank)
{
	*bank_reg(f, bank, SR) |= SR_EOP;
	*bank_reg(f, bank, CR) &= ~CR_STRT;
}

#define FPEC_OPS                                                                                   \
	.reset = reset, .read = read_reg, .write = write_reg, .store = store, .bank_of = bank_of,  \
	.store_option = store_option, .finish = finish, .keep_options = flash_fpec_keep_options,   \
	.watchdogs = flash_fpec_watchdogs, .protection = flash_fpec_protection,                    \
	.set_protection = flash_fpec_set_protection,                                               \
	.set_write_protection = flash_fpec_set_write_protection

const struct flash_ops flash_fpec_f1 = { FPEC_OPS };
const struct flash_ops flash_fpec_f0 = { FPEC_OPS };
