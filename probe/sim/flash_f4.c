/* The flash controller of STM32F2, F4 and F7 (PM0059, RM0090, RM0385). */
#include "probe/sim/flash_f4.h"

#include <limits.h>

#include "probe/base/bytes.h"

#define SR_EOP	  0x00001u
#define SR_OPERR  0x00002u
#define SR_WRPERR 0x00010u
#define SR_PGAERR 0x00020u
#define SR_PGPERR 0x00040u
#define SR_PGSERR 0x00080u
#define SR_RDERR  0x00100u
#define SR_FLAGS  0x001f3u
#define SR_BSY	  0x10000u

#define CR_PG		0x00000001u
#define CR_SER		0x00000002u
#define CR_MER		0x00000004u
#define CR_SNB		0x000000f8u
#define CR_SNB_AT	3
#define SECOND_BANK_SNB 16u
#define CR_PSIZE	0x00000300u
#define CR_PSIZE_AT	8
#define CR_MER1		0x00008000u /* of the second bank */
#define CR_STRT		0x00010000u
#define CR_EOPIE	0x01000000u
#define CR_IE		0x03000000u
#define CR_LOCK		0x80000000u

#define ROW_BYTES    16u /* a store may not cross a 128-bit row */
#define PSIZE_DOUBLE 3

static const uint32_t keys[2] = { 0x45670123, 0xcdef89ab };
static const uint32_t option_keys[2] = { 0x08192a3b, 0x4c5d6e7f };

/* Supply that each width wants at least, in mV (RM0090 3.5.1, table "program/erase parallelism").
 */
static const unsigned psize_mv[4] = { 1700, 2100, 2700, 2700 };

static const double mass_ms_per_mib[4] = { 16000, 11000, 8000, 6900 };

/* ---- registers ---- */

static void reset(struct flash *f, bool power_on)
{
	(void)power_on;
	flash_f4_deliver_options(f);
	*flash_reg(f, ACR) = 0;
	*flash_reg(f, SR) = 0;
	*flash_reg(f, CR) = CR_LOCK;
	flash_f4_load_options(f);
}

static uint32_t read_reg(struct flash *f, uint32_t off)
{
	if (off == KEYR || off == OPTKEYR)
		return 0;
	if (off == SR)
		return *flash_reg(f, SR) | (flash_busy(f) ? SR_BSY : 0);
	return *flash_reg(f, off);
}

static bool shut_off(const struct flash *f)
{
	return f->debugger_seen && flash_f4_protection(f) > 0;
}

static void refuse(struct flash *f, uint32_t flag)
{
	*flash_reg(f, SR) |= flag;
	*flash_reg(f, CR) &= ~CR_STRT;
}

static unsigned psize(const struct flash *f)
{
	return (f->reg[CR / 4] & CR_PSIZE) >> CR_PSIZE_AT;
}

static double sector_erase_ms(const struct flash *f, size_t bytes)
{
	size_t i;

	for (i = 0; i < 2 && flash_f4_facts(f)->sector[i].bytes < bytes; i++)
		;
	return flash_f4_facts(f)->sector[i].ms[psize(f)] * flash_f4_facts(f)->factor;
}

static void begin_erase(struct flash *f, size_t off, size_t len, double ms)
{
	flash_begin(f, 0, FLASH_JOB_ERASE, off, len, NULL, ms * 1000);
	f->job[0].weak = f->supply_mv < psize_mv[psize(f)];
}

/* The second bank's sectors count from 16, whatever the first one has. */
static unsigned sector_asked(const struct flash *f)
{
	unsigned number = (f->reg[CR / 4] & CR_SNB) >> CR_SNB_AT, bank = flash_f4_bank_sectors(f);

	if (!bank || number < bank)
		return number;
	return number < SECOND_BANK_SNB ? UINT_MAX : number - SECOND_BANK_SNB + bank;
}

static void start_sector_erase(struct flash *f)
{
	unsigned number = sector_asked(f);
	size_t off = 0, len = 0;
	unsigned n;

	for (n = 0; flash_block_at(f, off, &off, &len) && n < number; n++)
		off += len;
	if (n != number || off >= f->size)
		refuse(f, SR_PGSERR);
	else if (shut_off(f) || flash_f4_write_protected(f, off))
		refuse(f, SR_WRPERR);
	else
		begin_erase(f, off, len, sector_erase_ms(f, len));
}

static void start_mass_erase(struct flash *f, uint32_t which)
{
	size_t half = flash_f4_bank_sectors(f) ? f->size / 2 : f->size, off;
	size_t from = which & CR_MER ? 0 : half, to = which & CR_MER1 ? f->size : half;

	for (off = from; off < to && !flash_f4_write_protected(f, off); off += 0x4000)
		;
	if (shut_off(f) || off < to)
		refuse(f, SR_WRPERR);
	else
		begin_erase(f, from, to - from,
			    mass_ms_per_mib[psize(f)] * (double)(to - from) / 1048576);
}

static void start(struct flash *f)
{
	uint32_t mode = *flash_reg(f, CR) & (CR_PG | CR_SER | CR_MER | CR_MER1);

	if (flash_busy(f))
		return;
	if (mode == CR_SER)
		start_sector_erase(f);
	else if (mode && !(mode & ~(CR_MER | CR_MER1)))
		start_mass_erase(f, mode);
	else
		refuse(f, SR_PGSERR);
}

static void write_cr(struct flash *f, uint32_t value)
{
	uint32_t old = *flash_reg(f, CR);
	uint32_t takes = CR_PG | CR_SER | CR_MER | CR_SNB | CR_PSIZE | CR_STRT | CR_IE | CR_LOCK;

	if (flash_f4_bank_sectors(f))
		takes |= CR_MER1;
	if (old & CR_LOCK)
		return;
	*flash_reg(f, CR) = value & takes;
	if (value & CR_STRT && !(old & CR_STRT) && !(value & CR_LOCK))
		start(f);
}

static void write_optcr(struct flash *f, uint32_t value)
{
	uint32_t old = *flash_reg(f, OPTCR);

	if (old & OPTCR_LOCK || flash_busy(f))
		return;
	*flash_reg(f, OPTCR) = value;
	if (value & OPTCR_START && !(value & OPTCR_LOCK))
		flash_f4_start_options(f);
}

/* Both locks work alike: the pair opens, anything else locks and faults. */
static enum bus_answer write_key(struct flash *f, unsigned lock, uint32_t reg, uint32_t locked,
				 const uint32_t pair[2], uint32_t value)
{
	enum bus_answer answer = flash_unlock(f, lock, reg, locked, pair, value);

	if (answer == BUS_FAULT)
		*flash_reg(f, reg) |= locked;
	return answer;
}

static enum bus_answer write_reg(struct flash *f, uint32_t off, uint32_t value, uint32_t mask)
{
	value &= mask;
	switch (off) {
	case ACR:
		*flash_reg(f, ACR) = (*flash_reg(f, ACR) & ~mask) | value;
		break;
	case KEYR:
		return write_key(f, 0, CR, CR_LOCK, keys, value);
	case OPTKEYR:
		return write_key(f, 1, OPTCR, OPTCR_LOCK, option_keys, value);
	case SR:
		*flash_reg(f, SR) &= ~(value & SR_FLAGS);
		break;
	case CR:
		write_cr(f, (*flash_reg(f, CR) & ~mask) | value);
		break;
	case OPTCR:
		write_optcr(f, (*flash_reg(f, OPTCR) & ~mask) | value);
		break;
	default:
		if (flash_f4_is_option(f, off) && !(*flash_reg(f, OPTCR) & OPTCR_LOCK))
			*flash_reg(f, off) = (*flash_reg(f, off) & ~mask) | value;
		break;
	}
	return BUS_OK;
}

/* ---- the array ---- */

static enum bus_answer store(struct flash *f, size_t off, const struct bus_access *a)
{
	unsigned width = 1u << psize(f);
	uint8_t bytes[4];

	put_le32(bytes, a->value);
	if (*flash_reg(f, CR) & CR_LOCK || !(*flash_reg(f, CR) & CR_PG))
		refuse(f, SR_PGSERR);
	else if (shut_off(f) || flash_f4_write_protected(f, off))
		refuse(f, SR_WRPERR);
	else if (off / ROW_BYTES != (off + a->size - 1) / ROW_BYTES)
		refuse(f, SR_PGAERR);
	else if (a->size != width && psize(f) != PSIZE_DOUBLE)
		refuse(f, SR_PGPERR);
	else {
		flash_begin(f, 0, FLASH_JOB_PROGRAM, off, a->size, bytes, f->row->program_us);
		f->job[0].weak = f->supply_mv < psize_mv[psize(f)];
	}
	return BUS_OK;
}

static bool hidden(struct flash *f, size_t off)
{
	if (!flash_f4_executes_only(f, off))
		return false;
	*flash_reg(f, SR) |= SR_RDERR;
	return true;
}

/* EOP comes only with its interrupt enabled (RM0090 3.9.4). */
static void finish(struct flash *f, unsigned bank)
{
	(void)bank;
	if (*flash_reg(f, CR) & CR_EOPIE)
		*flash_reg(f, SR) |= SR_EOP;
	*flash_reg(f, CR) &= ~CR_STRT;
	*flash_reg(f, OPTCR) &= ~OPTCR_START;
}

const struct flash_ops flash_f4 = {
	.reset = reset,
	.read = read_reg,
	.write = write_reg,
	.store = store,
	.hidden = hidden,
	.stays = flash_f4_stays,
	.finish = finish,
	.keep_options = flash_f4_keep_options,
	.protection = flash_f4_protection,
	.watchdogs = flash_f4_watchdogs,
	.set_protection = flash_f4_set_protection,
	.set_write_protection = flash_f4_set_write_protection,
};
