/* What all flash controllers have in common, worked through the debug port: see ctrl.h. */
#include "flash/ctrl.h"

#include <string.h>

#include "flash/feed.h"

static const struct ctrl *const ctrls[CHIP_CTRLS] = {
	[CHIP_CTRL_FPEC] = &ctrl_fpec, [CHIP_CTRL_F4] = &ctrl_f4,     [CHIP_CTRL_L0] = &ctrl_l0,
	[CHIP_CTRL_L4] = &ctrl_l4,     [CHIP_CTRL_L5] = &ctrl_l5,     [CHIP_CTRL_H5] = &ctrl_h5,
	[CHIP_CTRL_H7] = &ctrl_h7,     [CHIP_CTRL_H7AB] = &ctrl_h7ab,
};

#define UNIT_LIMIT_MS 50
#define POLL_US	      1000

const struct ctrl *ctrl_of(const struct chip *c)
{
	return ctrls[c->ctrl];
}

static uint32_t reg(const struct chip *c, unsigned bank, uint16_t off)
{
	return c->regs + (bank ? c->bank2_regs : 0) + off;
}

uint32_t ctrl_sr(const struct chip *c, unsigned bank)
{
	return reg(c, bank, ctrl_of(c)->sr);
}

uint32_t ctrl_cr(const struct chip *c, unsigned bank)
{
	return reg(c, bank, ctrl_of(c)->cr);
}

uint32_t ctrl_busy(const struct chip *c)
{
	return c->busy ? c->busy : ctrl_of(c)->busy;
}

unsigned ctrl_unit(const struct chip *c, unsigned width)
{
	return ctrl_of(c)->wide ? c->granule : width;
}

double ctrl_erase_ms(const struct chip *c, uint32_t bytes, unsigned width)
{
	const struct ctrl *k = ctrl_of(c);

	return k->erase_ms ? k->erase_ms(c, bytes, width) : c->erase_ms;
}

double ctrl_program_ms(const struct chip *c, uint32_t bytes, unsigned width)
{
	const struct ctrl *k = ctrl_of(c);
	double us = k->program_us ? k->program_us(c, width) : c->program_us;

	return bytes * us / ctrl_unit(c, width) / 1000;
}

/* Whole banks with registers of their own are erased at the same time. */
static bool own_registers(const struct chip *c, const struct geometry *g)
{
	return g->n_banks == 2 && c->bank2_regs;
}

bool ctrl_side_by_side(const struct chip *c, const struct geometry *g)
{
	return own_registers(c, g) && ctrl_of(c)->at_once;
}

double ctrl_mass_ms(const struct chip *c, const struct geometry *g, unsigned width)
{
	const struct ctrl *k = ctrl_of(c);
	double ms = 0, longest = 0;

	for (size_t i = 0; k->mass && k->mass_ms && i < g->n_banks; i++) {
		double bank = k->mass_ms(c, g->banks[i].bytes, width);

		ms += bank;
		longest = bank > longest ? bank : longest;
	}
	return own_registers(c, g) ? longest : ms;
}

void ctrl_decode(const struct chip *c, uint32_t sr, struct flash_fault *f)
{
	f->has_sr = true;
	f->sr = sr;
	f->refused = sr & ctrl_of(c)->errors && !(sr & ctrl_of(c)->errors & ~ctrl_of(c)->refusals);
	f->n_bits = 0;
	for (const struct ctrl_bit *b = ctrl_of(c)->bits; b->mask; b++)
		if (sr & b->mask && f->n_bits < FAULT_BITS_MAX)
			f->bits[f->n_bits++] = (struct fault_bit){ b->name, b->says };
}

/* The access itself failed. */
static int link_failed(struct flash_fault *f, struct target *t, int rc, const struct err *e)
{
	f->link = e ? *e : (struct err){ .code = (enum err_code)rc };
	f->has_fault_address = t->has_fault_address;
	f->fault_address = t->fault_address;
	return rc;
}

static unsigned banks_of(const struct chip *c, const struct geometry *g)
{
	return own_registers(c, g) ? 2 : 1;
}

static int clear(const struct chip *c, unsigned bank, struct target *t, struct err *e)
{
	return target_write32(t, reg(c, bank, ctrl_of(c)->clear), ctrl_of(c)->clear_all, e);
}

int ctrl_clear(const struct chip *c, unsigned bank, struct target *t, struct err *e)
{
	return clear(c, bank, t, e);
}

/* The keys are written only where they are needed: a key too many locks until the next reset. */
static int unlock_bank(const struct chip *c, unsigned bank, struct target *t, struct flash_fault *f,
		       struct err *e)
{
	const struct ctrl *k = ctrl_of(c);
	uint32_t cr = 0;
	int rc = target_read32(t, ctrl_cr(c, bank), &cr, e);

	for (size_t i = 0; !rc && cr & k->lock && i < CTRL_KEYS_MAX && k->keys[i].reg; i++) {
		uint32_t at = reg(c, bank, k->keys[i].reg);

		rc = target_write32(t, at, k->keys[i].first, e);
		if (!rc)
			rc = target_write32(t, at, k->keys[i].second, e);
	}
	if (!rc && cr & k->lock)
		rc = target_read32(t, ctrl_cr(c, bank), &cr, e);
	if (rc)
		return link_failed(f, t, rc, e);
	if (cr & k->lock)
		return err_set_native(e, ERR_PROTOCOL, (int)cr,
				      "the flash stays locked (CR 0x%08x); a reset is needed", cr);
	rc = clear(c, bank, t, e);
	return rc ? link_failed(f, t, rc, e) : 0;
}

int ctrl_unlock(const struct chip *c, const struct geometry *g, struct target *t,
		struct flash_fault *f, struct err *e)
{
	int rc = ctrl_settle(c, g, t, f, e);

	for (unsigned bank = 0; !rc && bank < banks_of(c, g); bank++)
		rc = unlock_bank(c, bank, t, f, e);
	return rc ? err_prefix(e, rc, "unlocking the flash") : 0;
}

int ctrl_lock(const struct chip *c, const struct geometry *g, struct target *t, struct err *e)
{
	int rc = 0;

	for (unsigned bank = 0; !rc && bank < banks_of(c, g); bank++)
		rc = target_write32(t, ctrl_cr(c, bank), ctrl_of(c)->lock, e);
	return rc ? err_prefix(e, rc, "locking the flash") : 0;
}

static int judge(const struct chip *c, uint32_t sr, struct flash_fault *f, struct err *e)
{
	if (!(sr & ctrl_of(c)->errors))
		return 0;
	ctrl_decode(c, sr, f);
	return err_set_native(e, ERR_STATUS, (int)sr, "%s (SR 0x%08x): %s",
			      f->n_bits ? f->bits[0].name : "an error", sr,
			      f->n_bits ? f->bits[0].says : "nobody has named this bit");
}

/* Sleeps until shortly before the typical time, then looks every millisecond. */
static int wait_idle(const struct chip *c, unsigned bank, struct target *t, unsigned typical_ms,
		     unsigned limit_ms, struct flash_fault *f, uint32_t *ret_sr, struct err *e)
{
	struct deadline limit;
	uint32_t sr = 0;
	int rc;

	deadline_init(&limit, t->clock, t->deadline, "the flash operation", limit_ms);
	rc = typical_ms ? feed_sleep_us(t, &limit, typical_ms * 800ull, e) : 0;
	while (!rc) {
		feed(t);
		rc = target_read32(t, ctrl_sr(c, bank), &sr, e);
		if (rc)
			return link_failed(f, t, rc, e);
		if (!(sr & ctrl_busy(c))) {
			*ret_sr = sr;
			return 0;
		}
		rc = deadline_sleep_us(&limit, POLL_US, e);
	}
	if (rc == ERR_DEADLINE && !deadline_check(t->deadline, NULL)) {
		f->timed_out = true;
		ctrl_decode(c, sr, f);
		rc = err_set_native(e, ERR_TIMEOUT, (int)sr,
				    "the flash is busy for more than %u ms (SR 0x%08x)", limit_ms,
				    sr);
	}
	return rc;
}

int ctrl_wait(const struct chip *c, unsigned bank, struct target *t, unsigned typical_ms,
	      unsigned limit_ms, struct flash_fault *f, struct err *e)
{
	uint32_t sr = 0;
	int rc = wait_idle(c, bank, t, typical_ms, limit_ms, f, &sr, e);

	return rc ? rc : judge(c, sr, f, e);
}

int ctrl_settle(const struct chip *c, const struct geometry *g, struct target *t,
		struct flash_fault *f, struct err *e)
{
	uint32_t sr;
	int rc = 0;

	for (unsigned bank = 0; !rc && ctrl_side_by_side(c, g) && bank < g->n_banks; bank++)
		rc = wait_idle(c, bank, t, 0, ctrl_of(c)->erase_limit_ms, f, &sr, e);
	return rc;
}

static int run_erase(const struct chip *c, unsigned bank, const struct ctrl_erase *k,
		     struct target *t, struct err *e)
{
	struct target_word w[3];
	size_t n = 0, done;

	w[n++] = (struct target_word){ true, ctrl_cr(c, bank), k->cr };
	if (k->address)
		w[n++] = (struct target_word){ true, k->address, k->value };
	if (k->go)
		w[n++] = (struct target_word){ true, ctrl_cr(c, bank), k->go };
	return target_words(t, w, n, &done, e);
}

/* Clear what is left of earlier, and begin. */
static int begin_erase(const struct chip *c, unsigned bank, const struct ctrl_erase *k,
		       struct target *t, struct flash_fault *f, struct err *e)
{
	int rc = clear(c, bank, t, e);

	if (!rc)
		rc = run_erase(c, bank, k, t, e);
	return rc ? link_failed(f, t, rc, e) : 0;
}

/* Wait, and take the mode bits back. */
static int end_erase(const struct chip *c, unsigned bank, unsigned typical_ms, unsigned limit_ms,
		     struct target *t, struct flash_fault *f, struct err *e)
{
	int rc, idle;

	rc = ctrl_wait(c, bank, t, typical_ms, limit_ms, f, e);
	idle = target_write32(t, ctrl_cr(c, bank), 0, rc ? NULL : e);
	return rc ? rc : idle ? link_failed(f, t, idle, e) : 0;
}

int ctrl_erase_block(const struct chip *c, const struct geometry_block *b, unsigned width,
		     struct target *t, struct flash_fault *f, struct err *e)
{
	const struct ctrl *k = ctrl_of(c);
	struct ctrl_erase words;
	int rc;

	k->erase(c, b, width, &words);
	rc = begin_erase(c, b->ctrl_bank, &words, t, f, e);
	if (!rc)
		rc = end_erase(c, b->ctrl_bank, (unsigned)ctrl_erase_ms(c, b->bytes, width),
			       k->erase_limit_ms, t, f, e);
	return rc ? err_prefix(e, rc, "erasing the block at 0x%08x", b->address) : 0;
}

int ctrl_erase_pair(const struct chip *c, const struct geometry_block *a,
		    const struct geometry_block *b, unsigned width, struct target *t,
		    struct flash_fault *f, struct err *e)
{
	const struct geometry_block *const pair[] = { a, b };
	const struct ctrl *k = ctrl_of(c);
	unsigned typical = (unsigned)ctrl_erase_ms(c, a->bytes, width);
	size_t begun = 0;
	int rc = 0;

	for (; !rc && begun < 2; begun++) {
		struct ctrl_erase words;

		fault_set_address(f, pair[begun]->address);
		k->erase(c, pair[begun], width, &words);
		rc = begin_erase(c, pair[begun]->ctrl_bank, &words, t, f, e);
	}
	for (size_t i = 0; i < begun; i++) { /* what one of them met does not stop the other */
		struct flash_fault later = *f, *about = rc ? &later : f;
		int end;

		if (!rc)
			fault_set_address(f, pair[i]->address);
		end = end_erase(c, pair[i]->ctrl_bank, i ? 0 : typical, k->erase_limit_ms, t, about,
				rc ? NULL : e);
		rc = rc ? rc : end;
	}
	return rc ? err_prefix(e, rc, "erasing the blocks at 0x%08x and 0x%08x", a->address,
			       b->address)
		  : 0;
}

int ctrl_mass_erase(const struct chip *c, const struct geometry *g, unsigned width,
		    struct target *t, struct flash_fault *f, struct err *e)
{
	const struct ctrl *k = ctrl_of(c);
	unsigned typical = (unsigned)ctrl_mass_ms(c, g, width) /
			   (own_registers(c, g) ? 1 : (unsigned)g->n_banks);
	int rc = 0;

	if (!k->mass)
		return err_set(e, ERR_UNSUPPORTED, "%s cannot be erased as a whole", c->name);
	for (unsigned bank = 0; !rc && bank < g->n_banks; bank++) {
		struct ctrl_erase words;

		k->mass(c, bank, width, &words);
		rc = begin_erase(c, bank, &words, t, f, e);
		if (!rc && !own_registers(c, g))
			rc = end_erase(c, bank, typical, k->mass_limit_ms, t, f, e);
	}
	for (unsigned bank = 0; !rc && own_registers(c, g) && bank < g->n_banks; bank++)
		rc = end_erase(c, bank, bank ? 0 : typical, k->mass_limit_ms, t, f, e);
	return rc ? err_prefix(e, rc, "erasing the whole chip") : 0;
}

static bool is_blank(const struct chip *c, const uint8_t *bytes, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (bytes[i] != c->erased)
			return false;
	return true;
}

/* One unit; a wide one in a single transaction, as L0 wants no pause in it. */
static int program_unit(const struct chip *c, unsigned bank, unsigned width, uint32_t address,
			const uint8_t *bytes, struct target *t, struct flash_fault *f,
			struct err *e)
{
	unsigned unit = ctrl_unit(c, width);
	int rc = target_write_wide(t, unit < 4 ? unit : 4, true, address, bytes, unit, e);

	if (rc)
		return link_failed(f, t, rc, e);
	return ctrl_wait(c, bank, t, 0, UNIT_LIMIT_MS, f, e);
}

int ctrl_program(const struct chip *c, unsigned bank, unsigned width, uint32_t address,
		 const uint8_t *bytes, size_t len, struct target *t, struct flash_fault *f,
		 struct err *e)
{
	unsigned unit = ctrl_unit(c, width);
	int rc = clear(c, bank, t, e), idle;

	if (!rc)
		rc = target_write32(t, ctrl_cr(c, bank), ctrl_of(c)->program_cr(c, width), e);
	if (rc)
		return link_failed(f, t, rc, e);
	for (size_t i = 0; !rc && i < len; i += unit) {
		if (is_blank(c, bytes + i, unit))
			continue;
		rc = program_unit(c, bank, width, address + (uint32_t)i, bytes + i, t, f, e);
		if (rc) {
			fault_set_address(f, address + (uint32_t)i);
			err_prefix(e, rc, "programming 0x%08x", address + (uint32_t)i);
		}
	}
	idle = target_write32(t, ctrl_cr(c, bank), 0, rc ? NULL : e);
	return rc ? rc : idle ? link_failed(f, t, idle, e) : 0;
}
