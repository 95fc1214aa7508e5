/*
 * The flash controller of STM32L4, G0, G4, WB and of L5 and U5 in their open state (RM0351,
 * RM0444, RM0440, RM0456): granules of two or four words, error correction, pages by number,
 * options through registers. Fast programming (a row at once) is not there.
 */
#include "probe/sim/flash.h"

#include <string.h>

#include "probe/base/bytes.h"
#include "probe/sim/flash_l4.h"

#define ACR 0x00u

#define SR_EOP	   0x0001u
#define SR_PROGERR 0x0008u
#define SR_WRPERR  0x0010u
#define SR_PGAERR  0x0020u
#define SR_SIZERR  0x0040u
#define SR_PGSERR  0x0080u
#define SR_FLAGS   0xe3fbu
#define SR_ERRORS  0xc3fau

#define ECCR_ECCD 0x80000000u

#define CR_PG	      0x00000001u
#define CR_PER	      0x00000002u
#define CR_MER1	      0x00000004u
#define CR_PAGE_AT    3
#define CR_MER2	      0x00008000u
#define CR_STRT	      0x00010000u
#define CR_OPTSTRT    0x00020000u
#define CR_FSTPG      0x00040000u
#define CR_EOPIE      0x01000000u
#define CR_OBL_LAUNCH 0x08000000u
#define CR_OPTLOCK    0x40000000u
#define CR_LOCK	      0x80000000u
#define CR_LOCKS      (CR_OPTLOCK | CR_LOCK)

static const uint32_t keys[2] = { 0x45670123, 0xcdef89ab };
static const uint32_t option_keys[2] = { 0x08192a3b, 0x4c5d6e7f };

/* ---- registers ---- */

static uint32_t *sr(struct flash *f)
{
	return flash_reg(f, flash_l4_facts(f)->sr);
}

static uint32_t *cr(struct flash *f)
{
	return flash_reg(f, flash_l4_facts(f)->cr);
}

static void reset(struct flash *f, bool power_on)
{
	(void)power_on;
	flash_l4_deliver_options(f);
	*flash_reg(f, ACR) = 0x600;
	*sr(f) = 0;
	*cr(f) = CR_LOCKS;
	flash_l4_load_options(f);
}

static uint32_t read_reg(struct flash *f, uint32_t off)
{
	if (off == flash_l4_facts(f)->keyr || off == flash_l4_facts(f)->optkeyr)
		return 0;
	if (off == flash_l4_facts(f)->sr)
		return *sr(f) | (flash_busy(f) ? flash_l4_facts(f)->busy : 0);
	return *flash_reg(f, off);
}

static void refuse(struct flash *f, uint32_t flag)
{
	*sr(f) |= flag;
	*cr(f) &= ~CR_STRT;
}

static bool shut_off(const struct flash *f)
{
	return f->debugger_seen && flash_l4_protection(f) > 0;
}

static void start_page_erase(struct flash *f)
{
	const struct flash_l4_facts *l = flash_l4_facts(f);
	unsigned bank = *cr(f) & l->bank2_bit ? 1 : 0;
	size_t off = (size_t)(*cr(f) >> CR_PAGE_AT & l->page_mask) * flash_l4_page_bytes(f);

	if (off >= flash_l4_bank_bytes(f)) {
		refuse(f, SR_PGSERR);
		return;
	}
	off += bank * flash_l4_bank_bytes(f);
	if (shut_off(f) || flash_l4_write_protected(f, off))
		refuse(f, SR_WRPERR);
	else
		flash_begin(f, bank, FLASH_JOB_ERASE, off, flash_l4_page_bytes(f), NULL,
			    f->row->erase_ms * 1000);
}

static bool any_write_protected(const struct flash *f, size_t from, size_t len)
{
	size_t off;

	for (off = from; off < from + len; off += flash_l4_page_bytes(f))
		if (flash_l4_write_protected(f, off))
			return true;
	return false;
}

static void start_mass_erase(struct flash *f, uint32_t which)
{
	size_t from = which & CR_MER1 ? 0 : flash_l4_bank_bytes(f);
	size_t to =
		which & CR_MER2 && flash_l4_facts(f)->bank2_bit ? f->size : flash_l4_bank_bytes(f);

	if (shut_off(f) || any_write_protected(f, from, to - from))
		refuse(f, SR_WRPERR);
	else
		flash_begin(f, flash_l4_bank_of(f, from), FLASH_JOB_ERASE, from, to - from, NULL,
			    f->row->mass_ms * 1000);
}

static void start(struct flash *f)
{
	uint32_t mode = *cr(f) & (CR_PG | CR_PER | CR_MER1 | CR_MER2 | CR_FSTPG);

	if (flash_busy(f))
		return;
	if (*sr(f) & SR_ERRORS) /* a flag that an earlier failure left stops everything */
		refuse(f, SR_PGSERR);
	else if (mode == CR_PER)
		start_page_erase(f);
	else if (mode && !(mode & ~(CR_MER1 | CR_MER2)))
		start_mass_erase(f, mode);
	else
		refuse(f, SR_PGSERR);
}

static void write_cr(struct flash *f, uint32_t value)
{
	uint32_t old = *cr(f);

	if (old & CR_LOCK)
		return;
	value |= old & CR_OPTLOCK; /* locks are only set by writing */
	if (value & CR_LOCK)
		value |= CR_OPTLOCK;
	*cr(f) = value & ~(CR_OPTSTRT | CR_OBL_LAUNCH);
	if (!(value & CR_PG))
		f->gather[0].filled = 0;
	if (value & CR_LOCK)
		return;
	if (value & CR_STRT && !(old & CR_STRT))
		start(f);
	if (value & CR_OPTSTRT && !(value & CR_OPTLOCK))
		flash_l4_start_options(f);
	if (value & CR_OBL_LAUNCH && !(value & CR_OPTLOCK))
		f->system_reset_wanted = true;
}

static enum bus_answer write_key(struct flash *f, unsigned lock, uint32_t locked,
				 const uint32_t pair[2], uint32_t value)
{
	if (!(*cr(f) & locked))
		f->key_step[lock] = FLASH_KEY_DEAD;
	switch (flash_key(f, lock, pair, value)) {
	case FLASH_KEY_OPENS:
		*cr(f) &= ~locked;
		return BUS_OK;
	case FLASH_KEY_WRONG:
		return BUS_FAULT;
	case FLASH_KEY_FIRST:
		break;
	}
	return BUS_OK;
}

static bool is_option(const struct flash *f, uint32_t off)
{
	unsigned i;

	for (i = 0; i < 4; i++)
		if (flash_l4_facts(f)->wrp[i] && off == flash_l4_facts(f)->wrp[i])
			return true;
	return off == flash_l4_facts(f)->optr;
}

static enum bus_answer write_reg(struct flash *f, uint32_t off, uint32_t value, uint32_t mask)
{
	const struct flash_l4_facts *l = flash_l4_facts(f);

	value &= mask;
	if (off == l->keyr)
		return write_key(f, 0, CR_LOCK, keys, value);
	if (off == l->optkeyr)
		return write_key(f, 1, CR_OPTLOCK, option_keys, value);
	if (off == l->sr)
		*sr(f) &= ~(value & SR_FLAGS);
	else if (off == l->cr)
		write_cr(f, (*cr(f) & ~mask) | value);
	else if (off == l->eccr)
		*flash_reg(f, off) &= ~(value & ECCR_ECCD);
	else if (off == ACR || (is_option(f, off) && !(*cr(f) & CR_OPTLOCK)))
		*flash_reg(f, off) = (*flash_reg(f, off) & ~mask) | value;
	return BUS_OK;
}

/* ---- the array ---- */

static bool all_zero(const uint8_t *bytes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (bytes[i])
			return false;
	return true;
}

static void program(struct flash *f)
{
	const struct flash_gather *g = &f->gather[0];
	size_t bytes = 4u * flash_l4_facts(f)->words;

	if (shut_off(f) || flash_l4_write_protected(f, g->off))
		refuse(f, SR_WRPERR);
	else if (!cells_blank(&f->cells, g->off, bytes) && !all_zero(g->data, bytes))
		refuse(f, SR_PROGERR);
	else
		flash_begin(f, flash_l4_bank_of(f, g->off), FLASH_JOB_PROGRAM, g->off, bytes,
			    g->data, f->row->program_us);
}

static enum bus_answer store(struct flash *f, size_t off, const struct bus_access *a)
{
	struct flash_gather *g = &f->gather[0];
	size_t bytes = 4u * flash_l4_facts(f)->words;

	if (*cr(f) & CR_LOCK || !(*cr(f) & CR_PG) || *sr(f) & SR_ERRORS) {
		refuse(f, SR_PGSERR);
		return BUS_OK;
	}
	if (a->size != 4) {
		refuse(f, SR_SIZERR);
		return BUS_OK;
	}
	if (off % bytes != g->filled || (g->filled && off / bytes * bytes != g->off)) {
		g->filled = 0;
		refuse(f, SR_PGAERR);
		return BUS_OK;
	}
	g->off = off / bytes * bytes;
	put_le32(g->data + g->filled, a->value);
	g->filled += 4;
	if (g->filled == bytes) {
		g->filled = 0;
		program(f);
	}
	return BUS_OK;
}

static void finish(struct flash *f, unsigned bank)
{
	(void)bank;
	if (*cr(f) & CR_EOPIE)
		*sr(f) |= SR_EOP;
	*cr(f) &= ~CR_STRT;
}

/* ECCR keeps the first address until somebody clears it. */
static void broken(struct flash *f, size_t off)
{
	uint32_t *eccr = flash_reg(f, flash_l4_facts(f)->eccr);

	if (!(*eccr & ECCR_ECCD))
		*eccr = ECCR_ECCD | (uint32_t)(off / (4u * flash_l4_facts(f)->words));
}

const struct flash_ops flash_l4 = {
	.reset = reset,
	.read = read_reg,
	.write = write_reg,
	.store = store,
	.one_at_a_time = true,
	.bank_of = flash_l4_bank_of,
	.finish = finish,
	.keep_options = flash_l4_keep_options,
	.broken = broken,
	.protection = flash_l4_protection,
	.set_protection = flash_l4_set_protection,
	.set_write_protection = flash_l4_set_write_protection,
};
