/* The flash controller of STM32F2, F4 and F7 (PM0059, RM0090, RM0385). */
#include "probe/sim/flash.h"

#include "probe/base/bytes.h"
#include "probe/sim/flash_family.h"

enum { ACR = 0x00, KEYR = 0x04, OPTKEYR = 0x08, SR = 0x0c, CR = 0x10, OPTCR = 0x14 };

#define SR_EOP	  0x00001u
#define SR_OPERR  0x00002u
#define SR_WRPERR 0x00010u
#define SR_PGAERR 0x00020u
#define SR_PGPERR 0x00040u
#define SR_PGSERR 0x00080u
#define SR_FLAGS  0x001f3u
#define SR_BSY	  0x10000u

#define CR_PG	    0x00000001u
#define CR_SER	    0x00000002u
#define CR_MER	    0x00000004u
#define CR_SNB	    0x000000f8u
#define CR_SNB_AT   3
#define CR_PSIZE    0x00000300u
#define CR_PSIZE_AT 8
#define CR_STRT	    0x00010000u
#define CR_EOPIE    0x01000000u
#define CR_IE	    0x03000000u
#define CR_LOCK	    0x80000000u

#define OPTCR_LOCK    0x00000001u
#define OPTCR_START   0x00000002u
#define OPTCR_RDP     0x0000ff00u
#define OPTCR_RDP_AT  8
#define OPTCR_NWRP    0x0fff0000u
#define OPTCR_NWRP_AT 16
#define OPTCR_FACTORY 0x0fffaaecu /* open, no sector protected, BOR off, software watchdog */

#define LEVEL_OPEN   0xaa
#define LEVEL_CLOSED 0xcc

#define ROW_BYTES	16u /* a store may not cross a 128-bit row */
#define OPTION_WRITE_MS 20.0
#define PSIZE_DOUBLE	3

static const uint32_t keys[2] = { 0x45670123, 0xcdef89ab };
static const uint32_t option_keys[2] = { 0x08192a3b, 0x4c5d6e7f };

/* Supply that each width wants at least, in mV (RM0090 3.5.1, table "program/erase parallelism").
 */
static const unsigned psize_mv[4] = { 1700, 2100, 2700, 2700 };

/* DS8626 table 40; x64 needs an external supply. Published sessions erase faster than typical. */
const struct flash_f4_facts flash_f4_f4 = {
	.sector = { { 0x4000, { 400, 300, 250, 230 } },
		    { 0x10000, { 1200, 700, 550, 490 } },
		    { 0x20000, { 2000, 1300, 1000, 875 } } },
	.factor = 0.83,
};

/* DS10916 table 49. */
const struct flash_f4_facts flash_f4_f7 = {
	.sector = { { 0x8000, { 400, 250, 200, 190 } },
		    { 0x20000, { 1100, 800, 500, 475 } },
		    { 0x40000, { 2100, 1400, 1000, 950 } } },
	.factor = 1,
};

static const double mass_ms_per_mib[4] = { 16000, 11000, 8000, 6900 };

/* ---- options ---- */

/* Two words of option[]: what the option cells hold, and what the last reset put in force. */
enum { OPTION_CELLS = 0, OPTION_FORCE = 4 };

static unsigned protection(const struct flash *f)
{
	uint32_t rdp = (get_le32(f->option + OPTION_FORCE) & OPTCR_RDP) >> OPTCR_RDP_AT;

	return rdp == LEVEL_OPEN ? 0 : rdp == LEVEL_CLOSED ? 2 : 1;
}

static void load_options(struct flash *f)
{
	uint32_t value = get_le32(f->option + OPTION_CELLS);

	put_le32(f->option + OPTION_FORCE, value);
	*flash_reg(f, OPTCR) = value | OPTCR_LOCK;
}

static void set_protection(struct flash *f, unsigned level)
{
	uint32_t rdp = level == 0 ? LEVEL_OPEN : level == 1 ? 0x55 : LEVEL_CLOSED;

	put_le32(f->option, (get_le32(f->option) & ~OPTCR_RDP) | rdp << OPTCR_RDP_AT);
	load_options(f);
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

static bool write_protected(const struct flash *f, size_t off)
{
	unsigned n;

	if (!sector_at(f, off, &n))
		return true;
	return !(get_le32(f->option + OPTION_FORCE) & ((uint32_t)1 << (OPTCR_NWRP_AT + n)));
}

static void set_write_protection(struct flash *f, size_t off)
{
	unsigned n;

	if (!sector_at(f, off, &n))
		return;
	put_le32(f->option, get_le32(f->option) & ~((uint32_t)1 << (OPTCR_NWRP_AT + n)));
	load_options(f);
}

/* A write from level 1 to level 0 erases the main flash first (RM0090 3.6.3). */
static void start_options(struct flash *f)
{
	uint32_t asked = *flash_reg(f, OPTCR);
	bool opens = protection(f) == 1 && (asked & OPTCR_RDP) >> OPTCR_RDP_AT == LEVEL_OPEN;

	if (protection(f) == 2)
		return;
	flash_begin(
		f, 0, opens ? FLASH_JOB_OPEN : FLASH_JOB_OPTIONS, 0, 0, NULL,
		1000 * (opens ? mass_ms_per_mib[0] * (double)f->size / 1048576 : OPTION_WRITE_MS));
}

static void keep_options(struct flash *f, const struct flash_job *job)
{
	(void)job;
	put_le32(f->option, *flash_reg(f, OPTCR) & ~(OPTCR_LOCK | OPTCR_START));
}

/* ---- registers ---- */

static void reset(struct flash *f, bool power_on)
{
	(void)power_on;
	if (!get_le32(f->option))
		put_le32(f->option, OPTCR_FACTORY);
	*flash_reg(f, ACR) = 0;
	*flash_reg(f, SR) = 0;
	*flash_reg(f, CR) = CR_LOCK;
	load_options(f);
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
	return f->debugger_seen && protection(f) > 0;
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
	const struct flash_f4_facts *facts = f->row->family;
	size_t i;

	for (i = 0; i < 2 && facts->sector[i].bytes < bytes; i++)
		;
	return facts->sector[i].ms[psize(f)] * facts->factor;
}

static void begin_erase(struct flash *f, size_t off, size_t len, double ms)
{
	flash_begin(f, 0, FLASH_JOB_ERASE, off, len, NULL, ms * 1000);
	f->job[0].weak = f->supply_mv < psize_mv[psize(f)];
}

static void start_sector_erase(struct flash *f)
{
	unsigned number = (*flash_reg(f, CR) & CR_SNB) >> CR_SNB_AT;
	size_t off = 0, len = 0;
	unsigned n;

	for (n = 0; flash_block_at(f, off, &off, &len) && n < number; n++)
		off += len;
	if (n != number || off >= f->size)
		refuse(f, SR_PGSERR);
	else if (shut_off(f) || write_protected(f, off))
		refuse(f, SR_WRPERR);
	else
		begin_erase(f, off, len, sector_erase_ms(f, len));
}

static void start(struct flash *f)
{
	uint32_t mode = *flash_reg(f, CR) & (CR_PG | CR_SER | CR_MER);
	size_t off;

	if (flash_busy(f))
		return;
	if (mode == CR_SER) {
		start_sector_erase(f);
	} else if (mode == CR_MER) {
		for (off = 0; off < f->size && !write_protected(f, off); off += 0x4000)
			;
		if (shut_off(f) || off < f->size)
			refuse(f, SR_WRPERR);
		else
			begin_erase(f, 0, f->size,
				    mass_ms_per_mib[psize(f)] * (double)f->size / 1048576);
	} else {
		refuse(f, SR_PGSERR);
	}
}

static void write_cr(struct flash *f, uint32_t value)
{
	uint32_t old = *flash_reg(f, CR);
	uint32_t takes = CR_PG | CR_SER | CR_MER | CR_SNB | CR_PSIZE | CR_STRT | CR_IE | CR_LOCK;

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
		start_options(f);
}

/* Both locks work alike: the pair opens, anything else kills it and faults. */
static enum bus_answer write_key(struct flash *f, unsigned lock, uint32_t reg, uint32_t locked,
				 const uint32_t pair[2], uint32_t value)
{
	if (!(*flash_reg(f, reg) & locked))
		f->key_step[lock] = FLASH_KEY_DEAD;
	switch (flash_key(f, lock, pair, value)) {
	case FLASH_KEY_OPENS:
		*flash_reg(f, reg) &= ~locked;
		return BUS_OK;
	case FLASH_KEY_WRONG:
		*flash_reg(f, reg) |= locked;
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
	else if (shut_off(f) || write_protected(f, off))
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
	.finish = finish,
	.keep_options = keep_options,
	.protection = protection,
	.set_protection = set_protection,
	.set_write_protection = set_write_protection,
};
