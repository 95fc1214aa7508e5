/*
 * L4 and L5 class: what stores into the array do (a granule, or a row at once), and what reads of
 * it meet besides data.
 */
#include "probe/sim/flash_l4.h"

#include "probe/base/bytes.h"

#define FAST_GAP_US   20     /* longer than that between two granules, and the row is lost */
#define FAST_US_AT_32 1910.0 /* a row of 32 granules (DS10198 table 69) */

static size_t granule_bytes(const struct flash *f)
{
	return 4u * flash_l4_facts(f)->words;
}

static bool all_zero(const uint8_t *bytes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (bytes[i])
			return false;
	return true;
}

static void drop(struct flash *f, uint32_t flag)
{
	f->gather[0].filled = 0;
	flash_l4_refuse(f, flag);
}

static void program(struct flash *f)
{
	const struct flash_gather *g = &f->gather[0];
	size_t bytes = granule_bytes(f);

	if (flash_l4_shut_off(f) || flash_is_secure(f) || flash_l4_write_protected(f, g->off))
		flash_l4_refuse(f, FLASH_L4_SR_WRPERR);
	else if (!cells_blank(&f->cells, g->off, bytes) && !all_zero(g->data, bytes))
		flash_l4_refuse(f, FLASH_L4_SR_PROGERR);
	else
		flash_begin(f, flash_l4_bank_of(f, g->off), FLASH_JOB_PROGRAM, g->off, bytes,
			    g->data, f->row->program_us);
}

/* Nothing looks whether the row is blank: the bank was erased before (RM0351 3.3.7). */
static void program_row(struct flash *f, size_t bytes)
{
	const struct flash_gather *g = &f->gather[0];

	if (flash_l4_shut_off(f) || flash_is_secure(f) || flash_l4_write_protected(f, g->off))
		flash_l4_refuse(f, FLASH_L4_SR_WRPERR);
	else
		flash_begin(f, flash_l4_bank_of(f, g->off), FLASH_JOB_PROGRAM, g->off, bytes,
			    g->data, FAST_US_AT_32 * (double)bytes / 256);
}

static bool too_late(const struct flash_gather *g, size_t granule, uint64_t now_ns)
{
	return g->filled && g->filled % granule == 0 &&
	       now_ns - g->last_ns > FAST_GAP_US * NS_PER_US;
}

enum bus_answer flash_l4_store(struct flash *f, size_t off, const struct bus_access *a)
{
	struct flash_gather *g = &f->gather[0];
	uint32_t cr = *flash_l4_cr(f);
	bool fast = cr & FLASH_L4_CR_FSTPG;
	size_t bytes = fast ? flash_l4_facts(f)->row_bytes : granule_bytes(f);

	if (cr & FLASH_L4_CR_LOCK || !(cr & (FLASH_L4_CR_PG | FLASH_L4_CR_FSTPG)) ||
	    *flash_l4_sr(f) & FLASH_L4_SR_ERRORS ||
	    (fast && !(f->blank_banks >> flash_l4_bank_of(f, off) & 1)))
		drop(f, FLASH_L4_SR_PGSERR);
	else if (a->size != 4)
		drop(f, FLASH_L4_SR_SIZERR);
	else if (fast && too_late(g, granule_bytes(f), a->now_ns))
		drop(f, FLASH_L4_SR_MISERR);
	else if (off % bytes != g->filled || (g->filled && off / bytes * bytes != g->off))
		drop(f, FLASH_L4_SR_PGAERR);
	else {
		g->off = off / bytes * bytes;
		g->last_ns = a->now_ns;
		put_le32(g->data + g->filled, a->value);
		g->filled += 4;
	}
	if (g->filled == bytes) {
		g->filled = 0;
		if (fast)
			program_row(f, bytes);
		else
			program(f);
	}
	return BUS_OK;
}

void flash_l4_note_blank(struct flash *f, unsigned bank, bool blank)
{
	f->blank_banks &= ~(1u << bank);
	if (blank)
		f->blank_banks |= 1u << bank;
}

bool flash_l4_hidden(struct flash *f, size_t off)
{
	if (!flash_l4_executes_only(f, off))
		return false;
	*flash_l4_sr(f) |= FLASH_L4_SR_RDERR;
	return true;
}

/* ECCR keeps the first address until somebody clears it. */
void flash_l4_broken(struct flash *f, size_t off)
{
	uint32_t *eccr = flash_reg(f, flash_l4_facts(f)->eccr);

	if (!(*eccr & FLASH_L4_ECCR_ECCD))
		*eccr = FLASH_L4_ECCR_ECCD | (uint32_t)(off / granule_bytes(f));
}
