/*
 * The flash controller of STM32L4, G0, G4, WB and of L5 and U5 in their open state (RM0351,
 * RM0444, RM0440, RM0456): granules of two or four words, error correction, pages by number,
 * options through registers. Fast programming (a row at once) is not there.
 */
#include "probe/sim/flash.h"

#include <string.h>

#include "probe/base/bytes.h"
#include "probe/sim/flash_family.h"

#define ACR 0x00u

#define SR_EOP	   0x0001u
#define SR_PROGERR 0x0008u
#define SR_WRPERR  0x0010u
#define SR_PGAERR  0x0020u
#define SR_SIZERR  0x0040u
#define SR_PGSERR  0x0080u
#define SR_FLAGS   0xe3fbu
#define SR_ERRORS  0xc3fau

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

#define LEVEL_OPEN   0xaau
#define LEVEL_CLOSED 0xccu
#define OPTION_MS    25.0
#define WRP_NONE     0x000000ffu /* begins behind its end: protects nothing */

static const uint32_t keys[2] = { 0x45670123, 0xcdef89ab };
static const uint32_t option_keys[2] = { 0x08192a3b, 0x4c5d6e7f };

enum { OPTION_OPTR, OPTION_WRP };

const struct flash_l4_facts flash_l4_l476 = {
	.keyr = 0x08,
	.optkeyr = 0x0c,
	.sr = 0x10,
	.cr = 0x14,
	.optr = 0x20,
	.wrp = { 0x2c, 0x30, 0x4c, 0x50 },
	.factory = 0xffeff8aa,
	.bank2_bit = 0x800,
	.page_mask = 0xff,
	.words = 2,
	.busy = 0x10000,
};

const struct flash_l4_facts flash_l4_g0 = {
	.keyr = 0x08,
	.optkeyr = 0x0c,
	.sr = 0x10,
	.cr = 0x14,
	.optr = 0x20,
	.wrp = { 0x2c, 0x30 },
	.factory = 0xdfffe1aa,
	.page_mask = 0x7f,
	.words = 2,
	.busy = 0x50000, /* BSY and CFGBSY */
};

const struct flash_l4_facts flash_l4_g4 = {
	.keyr = 0x08,
	.optkeyr = 0x0c,
	.sr = 0x10,
	.cr = 0x14,
	.optr = 0x20,
	.wrp = { 0x2c, 0x30 },
	.factory = 0xffeff8aa,
	.page_mask = 0x7f,
	.words = 2,
	.busy = 0x10000,
};

const struct flash_l4_facts flash_l4_u5 = {
	.keyr = 0x08,
	.optkeyr = 0x10,
	.sr = 0x20,
	.cr = 0x28,
	.optr = 0x40,
	.wrp = { 0x58, 0x5c, 0x68, 0x6c },
	.factory = 0x1feff8aa,
	.bank2_bit = 0x800,
	.page_mask = 0xff,
	.words = 4,
	.busy = 0x10000,
};

static const struct flash_l4_facts *facts(const struct flash *f)
{
	return f->row->family;
}

static uint32_t *sr(struct flash *f)
{
	return flash_reg(f, facts(f)->sr);
}

static uint32_t *cr(struct flash *f)
{
	return flash_reg(f, facts(f)->cr);
}

static size_t page_bytes(const struct flash *f)
{
	return f->row->blocks[0].bytes;
}

static size_t bank_bytes(const struct flash *f)
{
	return facts(f)->bank2_bit ? f->size / 2 : f->size;
}

static unsigned bank_of(const struct flash *f, size_t off)
{
	return (unsigned)(off / bank_bytes(f));
}

/* ---- options ---- */

static unsigned protection(const struct flash *f)
{
	uint32_t rdp = f->option_force[OPTION_OPTR] & 0xff;

	return rdp == LEVEL_OPEN ? 0 : rdp == LEVEL_CLOSED ? 2 : 1;
}

static void load_options(struct flash *f)
{
	unsigned i;

	memcpy(f->option_force, f->option_cells, sizeof(f->option_force));
	*flash_reg(f, facts(f)->optr) = f->option_force[OPTION_OPTR];
	for (i = 0; i < 4 && facts(f)->wrp[i]; i++)
		*flash_reg(f, facts(f)->wrp[i]) = f->option_force[OPTION_WRP + i];
}

static void set_protection(struct flash *f, unsigned level)
{
	uint32_t rdp = level == 0 ? LEVEL_OPEN : level == 1 ? 0x55 : LEVEL_CLOSED;

	f->option_cells[OPTION_OPTR] = (f->option_cells[OPTION_OPTR] & ~0xffu) | rdp;
	load_options(f);
}

static void set_write_protection(struct flash *f, size_t off)
{
	unsigned bank = bank_of(f, off);
	uint32_t page = (uint32_t)(off % bank_bytes(f) / page_bytes(f));

	f->option_cells[OPTION_WRP + 2 * bank] = page | page << 16;
	load_options(f);
}

static bool in_area(uint32_t area, uint32_t page)
{
	uint32_t from = area & 0xff, to = area >> 16 & 0xff;

	return from <= to && page >= from && page <= to;
}

static bool write_protected(const struct flash *f, size_t off)
{
	const uint32_t *area = &f->option_force[OPTION_WRP + 2 * bank_of(f, off)];
	uint32_t page = (uint32_t)(off % bank_bytes(f) / page_bytes(f));

	return in_area(area[0], page) || in_area(area[1], page);
}

static void start_options(struct flash *f)
{
	bool opens = protection(f) == 1 && (*flash_reg(f, facts(f)->optr) & 0xff) == LEVEL_OPEN;
	unsigned i;

	if (protection(f) == 2 || flash_busy(f))
		return;
	f->option_cells[OPTION_OPTR] = *flash_reg(f, facts(f)->optr);
	for (i = 0; i < 4 && facts(f)->wrp[i]; i++)
		f->option_cells[OPTION_WRP + i] = *flash_reg(f, facts(f)->wrp[i]);
	if (opens) /* the way back to level 0 erases everything first */
		flash_begin(f, 0, FLASH_JOB_ERASE, 0, f->size, NULL, f->row->mass_ms * 1000);
	else
		flash_begin(f, 0, FLASH_JOB_OPTIONS, 0, 0, NULL, OPTION_MS * 1000);
}

/* ---- registers ---- */

static void reset(struct flash *f, bool power_on)
{
	unsigned i;

	(void)power_on;
	if (!f->option_cells[OPTION_OPTR]) {
		f->option_cells[OPTION_OPTR] = facts(f)->factory;
		for (i = 0; i < 4; i++)
			f->option_cells[OPTION_WRP + i] = WRP_NONE;
	}
	*flash_reg(f, ACR) = 0x600;
	*sr(f) = 0;
	*cr(f) = CR_LOCKS;
	load_options(f);
}

static uint32_t read_reg(struct flash *f, uint32_t off)
{
	if (off == facts(f)->keyr || off == facts(f)->optkeyr)
		return 0;
	if (off == facts(f)->sr)
		return *sr(f) | (flash_busy(f) ? facts(f)->busy : 0);
	return *flash_reg(f, off);
}

static void refuse(struct flash *f, uint32_t flag)
{
	*sr(f) |= flag;
	*cr(f) &= ~CR_STRT;
}

static bool shut_off(const struct flash *f)
{
	return f->debugger_seen && protection(f) > 0;
}

static void start_page_erase(struct flash *f)
{
	const struct flash_l4_facts *l = facts(f);
	unsigned bank = *cr(f) & l->bank2_bit ? 1 : 0;
	size_t off = (size_t)(*cr(f) >> CR_PAGE_AT & l->page_mask) * page_bytes(f);

	if (off >= bank_bytes(f)) {
		refuse(f, SR_PGSERR);
		return;
	}
	off += bank * bank_bytes(f);
	if (shut_off(f) || write_protected(f, off))
		refuse(f, SR_WRPERR);
	else
		flash_begin(f, bank, FLASH_JOB_ERASE, off, page_bytes(f), NULL,
			    f->row->erase_ms * 1000);
}

static bool any_write_protected(const struct flash *f, size_t from, size_t len)
{
	size_t off;

	for (off = from; off < from + len; off += page_bytes(f))
		if (write_protected(f, off))
			return true;
	return false;
}

static void start_mass_erase(struct flash *f, uint32_t which)
{
	size_t from = which & CR_MER1 ? 0 : bank_bytes(f);
	size_t to = which & CR_MER2 && facts(f)->bank2_bit ? f->size : bank_bytes(f);

	if (shut_off(f) || any_write_protected(f, from, to - from))
		refuse(f, SR_WRPERR);
	else
		flash_begin(f, bank_of(f, from), FLASH_JOB_ERASE, from, to - from, NULL,
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
		start_options(f);
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
		if (facts(f)->wrp[i] && off == facts(f)->wrp[i])
			return true;
	return off == facts(f)->optr;
}

static enum bus_answer write_reg(struct flash *f, uint32_t off, uint32_t value, uint32_t mask)
{
	const struct flash_l4_facts *l = facts(f);

	value &= mask;
	if (off == l->keyr)
		return write_key(f, 0, CR_LOCK, keys, value);
	if (off == l->optkeyr)
		return write_key(f, 1, CR_OPTLOCK, option_keys, value);
	if (off == l->sr)
		*sr(f) &= ~(value & SR_FLAGS);
	else if (off == l->cr)
		write_cr(f, (*cr(f) & ~mask) | value);
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
	size_t bytes = 4u * facts(f)->words;

	if (shut_off(f) || write_protected(f, g->off))
		refuse(f, SR_WRPERR);
	else if (!cells_blank(&f->cells, g->off, bytes) && !all_zero(g->data, bytes))
		refuse(f, SR_PROGERR);
	else
		flash_begin(f, bank_of(f, g->off), FLASH_JOB_PROGRAM, g->off, bytes, g->data,
			    f->row->program_us);
}

static enum bus_answer store(struct flash *f, size_t off, const struct bus_access *a)
{
	struct flash_gather *g = &f->gather[0];
	size_t bytes = 4u * facts(f)->words;

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

const struct flash_ops flash_l4 = {
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
