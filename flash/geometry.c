/* Addresses to erase blocks and back: see geometry.h. */
#include "flash/geometry.h"

#include <assert.h>

/* Fit the runs into a bank: the last one is cut or takes what is left. */
static int fit_runs(struct geometry *g, const struct chip_layout *l, uint32_t bank_bytes)
{
	uint32_t left = bank_bytes;

	g->n_runs = 0;
	for (size_t i = 0; i < l->n_runs && left; i++) {
		uint32_t most = left / l->runs[i].bytes;
		uint32_t count =
			l->runs[i].count && l->runs[i].count < most ? l->runs[i].count : most;

		if (!count)
			return ERR_NOT_FOUND;
		g->runs[g->n_runs++] = (struct chip_run){ count, l->runs[i].bytes };
		g->n_blocks += count;
		left -= count * l->runs[i].bytes;
	}
	return left ? ERR_NOT_FOUND : 0;
}

int geometry_init(struct geometry *g, const struct chip *c, const struct chip_layout *l,
		  uint32_t flash_bytes, bool swapped, struct err *e)
{
	uint32_t bank_bytes = flash_bytes / l->banks;

	*g = (struct geometry){ .n_banks = l->banks,
				.granule = c->granule,
				.erased = c->erased,
				.swapped = swapped && l->banks == 2 };
	if (fit_runs(g, l, bank_bytes))
		return err_set(e, ERR_NOT_FOUND, "%s: %u KiB of flash fit no layout that is known",
			       c->name, flash_bytes / 1024);
	g->banks[0] = (struct geometry_bank){ c->base, bank_bytes, 0 };
	if (l->banks == 2)
		g->banks[1] = (struct geometry_bank){ l->bank2 ? l->bank2 : c->base + bank_bytes,
						      bank_bytes, g->n_blocks };
	g->n_blocks *= l->banks;
	return 0;
}

static int holds(const struct chip_place *p, struct target *t, bool *ret, struct err *e)
{
	uint32_t word;
	int rc;

	if (!p->mask) {
		*ret = true;
		return 0;
	}
	rc = target_read32(t, p->reg, &word, e);
	if (!rc)
		*ret = (word & p->mask) == p->value;
	return rc;
}

int geometry_read(struct geometry *g, const struct chip *c, struct target *t, struct err *e)
{
	const struct chip_layout *l = NULL;
	bool known, yes = false, swapped = false;
	uint32_t bytes;
	int rc = chip_read_size(c, t, &bytes, &known, e);

	for (size_t i = 0; !rc && !l && i < c->n_layouts; i++) {
		if (c->layouts[i].kib && c->layouts[i].kib * 1024 != bytes)
			continue;
		rc = holds(&c->layouts[i].when, t, &yes, e);
		if (!rc && yes)
			l = &c->layouts[i];
	}
	if (!rc && c->swap.mask)
		rc = holds(&c->swap, t, &swapped, e);
	if (rc)
		return err_prefix(e, rc, "reading how the flash is divided");
	if (!l)
		return err_set(e, ERR_NOT_FOUND, "%s: no layout is known for %u KiB", c->name,
			       bytes / 1024);
	return geometry_init(g, c, l, bytes, swapped, e);
}

static bool block_in_bank(const struct geometry *g, unsigned bank, uint32_t off,
			  struct geometry_block *ret)
{
	const struct geometry_bank *b = &g->banks[bank];
	uint32_t at = 0, number = 0;

	for (size_t i = 0; i < g->n_runs; i++) {
		uint32_t bytes = g->runs[i].count * g->runs[i].bytes;

		if (off - at < bytes) {
			uint32_t nth = (off - at) / g->runs[i].bytes;

			*ret = (struct geometry_block){
				.address = b->base + at + nth * g->runs[i].bytes,
				.bytes = g->runs[i].bytes,
				.number = b->first + number + nth,
				.in_bank = number + nth,
				.bank = bank,
				.ctrl_bank = g->swapped ? !bank : bank,
			};
			return true;
		}
		at += bytes;
		number += g->runs[i].count;
	}
	return false;
}

bool geometry_block_at(const struct geometry *g, uint32_t address, struct geometry_block *ret)
{
	for (unsigned i = 0; i < g->n_banks; i++)
		if (address - g->banks[i].base < g->banks[i].bytes)
			return block_in_bank(g, i, address - g->banks[i].base, ret);
	return false;
}

bool geometry_block_nth(const struct geometry *g, uint32_t number, struct geometry_block *ret)
{
	uint32_t per_bank = g->n_blocks / (uint32_t)(g->n_banks ? g->n_banks : 1);
	uint32_t left, off = 0;

	if (number >= g->n_blocks)
		return false;
	left = number % per_bank;
	for (size_t i = 0; i < g->n_runs; i++) {
		if (left < g->runs[i].count)
			return block_in_bank(g, number / per_bank, off + left * g->runs[i].bytes,
					     ret);
		left -= g->runs[i].count;
		off += g->runs[i].count * g->runs[i].bytes;
	}
	assert(!"the runs make up the bank");
	return false;
}

bool geometry_holds(const struct geometry *g, uint32_t address, uint32_t len)
{
	while (len) {
		struct geometry_block b;
		uint32_t here;

		if (!geometry_block_at(g, address, &b))
			return false;
		here = b.address + b.bytes - address;
		here = here < len ? here : len;
		address += here;
		len -= here;
	}
	return true;
}

uint32_t geometry_bytes(const struct geometry *g)
{
	uint32_t bytes = 0;

	for (size_t i = 0; i < g->n_banks; i++)
		bytes += g->banks[i].bytes;
	return bytes;
}
