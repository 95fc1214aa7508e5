/* The flash controller of STM32F0, F1 and F3 (PM0075, RM0091, RM0316). */
#include "probe/sim/flash.h"

#include <string.h>

#include "probe/base/bytes.h"

enum {
	ACR = 0x00,
	KEYR = 0x04,
	OPTKEYR = 0x08,
	SR = 0x0c,
	CR = 0x10,
	AR = 0x14,
	OBR = 0x1c,
	WRPR = 0x20
};

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

#define OBR_OPTERR 0x1u

/* Where the bytes of the option area lie. */
enum { OPT_RDP = 0, OPT_USER = 2, OPT_DATA0 = 4, OPT_DATA1 = 6, OPT_WRP = 8 };

#define OPTION_ERASE_MS 22.0
#define WRP_GROUP_BYTES 4096u

static const uint32_t keys[2] = { 0x45670123, 0xcdef89ab };

/* ---- options ---- */

static bool is_f1(const struct flash *f)
{
	return f->row->ops == &flash_fpec_f1;
}

/* An option byte counts only with its complement beside it (PM0075 2.4.2). */
static bool option_byte(const struct flash *f, unsigned at, uint8_t *ret)
{
	*ret = f->option[at];
	if ((f->option[at] ^ f->option[at + 1]) == 0xff)
		return true;
	*ret = 0xff;
	return false;
}

static void load_options(struct flash *f)
{
	uint8_t rdp, user, data0, data1, wrp;
	bool good = option_byte(f, OPT_RDP, &rdp);
	uint32_t obr;
	unsigned i;

	good &= option_byte(f, OPT_USER, &user);
	good &= option_byte(f, OPT_DATA0, &data0);
	good &= option_byte(f, OPT_DATA1, &data1);
	if (is_f1(f)) {
		obr = (uint32_t)(rdp != f->row->open_rdp) << 1 | (uint32_t)(user & 7) << 2 |
		      (uint32_t)data0 << 10 | (uint32_t)data1 << 18;
	} else {
		uint32_t level = rdp == f->row->open_rdp ? 0 : rdp == 0xcc ? 3 : 1;

		obr = level << 1 | (uint32_t)user << 8 | (uint32_t)data0 << 16 |
		      (uint32_t)data1 << 24;
	}
	*flash_reg(f, OBR) = obr | (good ? 0 : OBR_OPTERR);
	*flash_reg(f, WRPR) = 0;
	for (i = 0; i < 4; i++) {
		option_byte(f, OPT_WRP + 2 * i, &wrp);
		*flash_reg(f, WRPR) |= (uint32_t)wrp << (8 * i);
	}
}

static unsigned protection(const struct flash *f)
{
	uint32_t obr = f->reg[OBR / 4];

	if (is_f1(f))
		return obr >> 1 & 1;
	return (obr >> 1 & 3) == 3 ? 2 : obr >> 1 & 1;
}

static void set_option(struct flash *f, unsigned at, uint8_t value)
{
	f->option[at] = value;
	f->option[at + 1] = (uint8_t)~value;
}

static void set_protection(struct flash *f, unsigned level)
{
	set_option(f, OPT_RDP, level == 0 ? f->row->open_rdp : level == 1 ? 0x00 : 0xcc);
	load_options(f);
}

/* One bit per 4 KiB; bit 31 stands for all that lies beyond 31 groups (PM0075 2.4.2). */
static uint32_t wrp_bit(size_t off)
{
	size_t group = off / WRP_GROUP_BYTES;

	return (uint32_t)1 << (group > 31 ? 31 : group);
}

static void set_write_protection(struct flash *f, size_t off)
{
	uint32_t wrpr = *flash_reg(f, WRPR) & ~wrp_bit(off);
	unsigned i;

	for (i = 0; i < 4; i++)
		set_option(f, OPT_WRP + 2 * i, (uint8_t)(wrpr >> (8 * i)));
	load_options(f);
}

/* Protected F1 parts write-protect their first 4 KiB by themselves (PM0075 2.4.1). */
static bool write_protected(const struct flash *f, size_t off)
{
	if (is_f1(f) && protection(f) && off < WRP_GROUP_BYTES)
		return true;
	return !(f->reg[WRPR / 4] & wrp_bit(off));
}

/* Leaving read-out protection erases the main flash before the new value counts. */
static void program_option(struct flash *f, size_t at, uint8_t value)
{
	bool opens = at == OPT_RDP && protection(f) > 0 && value == f->row->open_rdp;

	flash_begin(f, 0, opens ? FLASH_JOB_OPEN : FLASH_JOB_OPTIONS, at, 1, &value,
		    opens ? f->row->mass_ms * 1000 : f->row->program_us);
}

/* Without data it was the option bytes' erasing, which begins to show at once. */
static void keep_options(struct flash *f, const struct flash_job *job)
{
	if (job->len)
		set_option(f, (unsigned)job->off, job->data[0]);
}

/* ---- registers ---- */

static void reset(struct flash *f, bool power_on)
{
	static const uint8_t blank[FLASH_OPTION_BYTES] = { 0 };
	unsigned i;

	(void)power_on;
	if (!memcmp(f->option, blank, sizeof(blank))) {
		set_option(f, OPT_RDP, f->row->open_rdp);
		for (i = OPT_USER; i < FLASH_OPTION_BYTES; i += 2)
			set_option(f, i, 0xff);
	}
	*flash_reg(f, ACR) = is_f1(f) ? 0x30 : 0;
	*flash_reg(f, SR) = 0;
	*flash_reg(f, CR) = CR_LOCK;
	*flash_reg(f, AR) = 0;
	load_options(f);
}

static uint32_t read_reg(struct flash *f, uint32_t off)
{
	if (off == KEYR || off == OPTKEYR || off == AR)
		return 0;
	if (off == SR)
		return *flash_reg(f, SR) | (flash_busy(f) ? SR_BSY : 0);
	return *flash_reg(f, off);
}

/* With read-out protection, a debugger's presence shuts erasing and programming off (PM0075 2.4.1).
 */
static bool shut_off(const struct flash *f)
{
	return f->debugger_seen && protection(f) > 0;
}

static void refuse(struct flash *f, uint32_t flag)
{
	*flash_reg(f, SR) |= flag;
	*flash_reg(f, CR) &= ~CR_STRT;
}

static void start_page_erase(struct flash *f)
{
	size_t off = *flash_reg(f, AR) - f->row->base, len;

	if (!flash_block_at(f, off, &off, &len))
		refuse(f, SR_PGERR);
	else if (shut_off(f) || write_protected(f, off))
		refuse(f, SR_WRPRTERR);
	else
		flash_begin(f, 0, FLASH_JOB_ERASE, off, len, NULL, f->row->erase_ms * 1000);
}

static bool any_write_protected(const struct flash *f)
{
	size_t off;

	for (off = 0; off < f->size; off += WRP_GROUP_BYTES)
		if (write_protected(f, off))
			return true;
	return false;
}

/* STRT was written. Exactly one mode bit may stand (PM0075 3.3). */
static void start(struct flash *f)
{
	uint32_t mode = *flash_reg(f, CR) & CR_MODES;

	if (flash_busy(f))
		return;
	if (mode == CR_PER) {
		start_page_erase(f);
	} else if (mode == CR_MER) {
		if (shut_off(f) || any_write_protected(f))
			refuse(f, SR_WRPRTERR);
		else
			flash_begin(f, 0, FLASH_JOB_ERASE, 0, f->size, NULL,
				    f->row->mass_ms * 1000);
	} else if (mode == CR_OPTER && *flash_reg(f, CR) & CR_OPTWRE) {
		memset(f->option, 0xff, sizeof(f->option));
		flash_begin(f, 0, FLASH_JOB_OPTIONS, 0, 0, NULL, OPTION_ERASE_MS * 1000);
	} else {
		refuse(f, SR_PGERR);
	}
}

static void write_cr(struct flash *f, uint32_t value)
{
	uint32_t old = *flash_reg(f, CR);
	uint32_t takes = CR_MODES | CR_STRT | CR_IE;

	if (old & CR_LOCK)
		return;
	/* LOCK is set by writing it, OPTWRE is cleared by writing zero. */
	*flash_reg(f, CR) = (value & takes) | (value & CR_LOCK) | (old & value & CR_OPTWRE);
	if (value & CR_LOCK)
		*flash_reg(f, CR) &= ~CR_OPTWRE;
	if (value & CR_OBL_LAUNCH && !is_f1(f))
		f->system_reset_wanted = true;
	else if (value & CR_STRT && !(old & CR_STRT))
		start(f);
}

static enum bus_answer write_key(struct flash *f, uint32_t value)
{
	if (!(*flash_reg(f, CR) & CR_LOCK))
		f->key_step[0] = FLASH_KEY_DEAD;
	switch (flash_key(f, 0, keys, value)) {
	case FLASH_KEY_OPENS:
		*flash_reg(f, CR) &= ~CR_LOCK;
		return BUS_OK;
	case FLASH_KEY_WRONG:
		*flash_reg(f, CR) |= CR_LOCK;
		return BUS_FAULT;
	case FLASH_KEY_FIRST:
		break;
	}
	return BUS_OK;
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
	value &= mask;
	switch (off) {
	case ACR:
		*flash_reg(f, ACR) = (*flash_reg(f, ACR) & ~(mask & 0x1f)) | (value & 0x1f);
		if (*flash_reg(f, ACR) & 0x10)
			*flash_reg(f, ACR) |= 0x20; /* PRFTBS follows PRFTBE */
		break;
	case KEYR:
		return write_key(f, value);
	case OPTKEYR:
		return write_optkey(f, value);
	case SR:
		*flash_reg(f, SR) &= ~(value & SR_FLAGS);
		break;
	case CR:
		write_cr(f, (*flash_reg(f, CR) & ~mask) | value);
		break;
	case AR:
		*flash_reg(f, AR) = value;
		break;
	default:
		break;
	}
	return BUS_OK;
}

/* ---- the array ---- */

static enum bus_answer store(struct flash *f, size_t off, const struct bus_access *a)
{
	uint8_t bytes[2];

	/* PM0075 2.3.3: anything but a half-word is a bus error. */
	if (a->size != 2 || *flash_reg(f, CR) & CR_LOCK || !(*flash_reg(f, CR) & CR_PG))
		return BUS_FAULT;
	put_le16(bytes, (uint16_t)a->value);
	if (shut_off(f) || write_protected(f, off))
		refuse(f, SR_WRPRTERR);
	else if (!cells_blank(&f->cells, off, 2) && get_le16(bytes) != 0)
		refuse(f, SR_PGERR);
	else
		flash_begin(f, 0, FLASH_JOB_PROGRAM, off, 2, bytes, f->row->program_us);
	return BUS_OK;
}

static enum bus_answer store_option(struct flash *f, uint32_t off, const struct bus_access *a)
{
	uint32_t cr = *flash_reg(f, CR);

	if (a->size != 2 || cr & CR_LOCK || !(cr & CR_OPTPG) || !(cr & CR_OPTWRE))
		return BUS_FAULT;
	if (f->option[off] != 0xff || f->option[off + 1] != 0xff) {
		refuse(f, SR_PGERR);
		return BUS_OK;
	}
	program_option(f, off, (uint8_t)a->value);
	return BUS_OK;
}

static void finish(struct flash *f, unsigned bank)
{
	(void)bank;
	*flash_reg(f, SR) |= SR_EOP;
	*flash_reg(f, CR) &= ~CR_STRT;
}

#define FPEC_OPS                                                                                   \
	.reset = reset, .read = read_reg, .write = write_reg, .store = store,                      \
	.store_option = store_option, .finish = finish, .keep_options = keep_options,              \
	.protection = protection, .set_protection = set_protection,                                \
	.set_write_protection = set_write_protection

const struct flash_ops flash_fpec_f1 = { FPEC_OPS };
const struct flash_ops flash_fpec_f0 = { FPEC_OPS };
