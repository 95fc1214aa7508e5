/* Lines that the flash interface keeps. */
#include "probe/sim/flash_cache.h"

#include <string.h>

#include "probe/sim/flash.h"

#define ACR 0

/* RM0090 3.9.1: 8 lines for data, 64 for code, of 128 bits. */
const struct flash_cache flash_cache_f4 = {
	.data_on = 1u << 10,
	.data_reset = 1u << 12,
	.data_lines = 8,
	.code_on = 1u << 9,
	.code_reset = 1u << 11,
	.code_lines = 64,
};

/* RM0351 3.3.4: 8 lines for data, 32 for code, of 256 bits. */
const struct flash_cache flash_cache_l4 = {
	.data_on = 1u << 10,
	.data_reset = 1u << 12,
	.data_lines = 16,
	.code_on = 1u << 9,
	.code_reset = 1u << 11,
	.code_lines = 64,
};

/* RM0444 3.3.4: two lines of 256 bits, for code alone. */
const struct flash_cache flash_cache_g0 = {
	.code_on = 1u << 9,
	.code_reset = 1u << 11,
	.code_lines = 4,
};

/* RM0385 3.3.2: one for both, behind the ITCM bus. */
const struct flash_cache flash_cache_f7 = {
	.data_on = 1u << 9,
	.data_reset = 1u << 11,
	.data_lines = 64,
	.code_on = 1u << 9,
	.code_reset = 1u << 11,
	.code_lines = 64,
	.by_alias = true,
};

static bool is_on(const struct flash *f, uint32_t bit)
{
	return f->reg[ACR] & bit;
}

static bool serves(const struct flash *f, uint32_t bit, uint32_t addr)
{
	bool second = addr - f->row->base >= f->size;

	return f->row->cache && is_on(f, bit) && (second || !f->row->cache->by_alias);
}

/* The line of a place; it is read from the cells unless it is there. */
static const uint8_t *line_at(const struct flash *f, struct flash_lines *l, unsigned lines,
			      size_t off)
{
	size_t begin = off / FLASH_LINE * FLASH_LINE;
	unsigned i = (unsigned)(off / FLASH_LINE % lines);

	if (!l->at[i].valid || l->at[i].off != begin) {
		l->at[i].valid = true;
		l->at[i].off = begin;
		memcpy(l->at[i].data, f->cells.at + begin, FLASH_LINE);
	}
	return l->at[i].data;
}

void flash_cache_read(struct flash *f, size_t off, const struct bus_access *a, uint8_t ret[4])
{
	const struct flash_cache *c = f->row->cache;
	bool fetch = a->master == BUS_FETCH;
	unsigned i;

	if (!c || !serves(f, fetch ? c->code_on : c->data_on, a->addr)) {
		memcpy(ret, f->cells.at + off, a->size);
		return;
	}
	for (i = 0; i < a->size; i++, off++)
		ret[i] = line_at(f, fetch ? &f->code_lines : &f->data_lines,
				 fetch ? c->code_lines : c->data_lines, off)[off % FLASH_LINE];
}

void flash_cache_fetch(struct flash *f, size_t off, uint32_t addr)
{
	const struct flash_cache *c = f->row->cache;

	if (c && serves(f, c->code_on, addr))
		line_at(f, &f->code_lines, c->code_lines, off);
}

void flash_cache_view(struct flash *f, bool by_alias, uint8_t *view, size_t off, size_t len)
{
	const struct flash_cache *c = f->row->cache;
	unsigned i;

	memcpy(view + off, f->cells.at + off, len);
	if (!c || c->by_alias != by_alias || !is_on(f, c->code_on))
		return;
	for (i = 0; i < c->code_lines; i++)
		if (f->code_lines.at[i].valid && f->code_lines.at[i].off < off + len &&
		    f->code_lines.at[i].off + FLASH_LINE > off)
			memcpy(view + f->code_lines.at[i].off, f->code_lines.at[i].data,
			       FLASH_LINE);
}

/* What was executed from a line may not be what lies in the cells: it is seen from now on. */
static void forget_code(struct flash *f)
{
	unsigned i;

	for (i = 0; i < FLASH_LINES_MAX; i++) {
		size_t off = f->code_lines.at[i].off;

		if (f->code_lines.at[i].valid &&
		    memcmp(f->code_lines.at[i].data, f->cells.at + off, FLASH_LINE))
			flash_changed(f, off, FLASH_LINE);
		f->code_lines.at[i].valid = false;
	}
}

void flash_cache_reset(struct flash *f)
{
	memset(&f->data_lines, 0, sizeof(f->data_lines));
	forget_code(f);
}

void flash_cache_control(struct flash *f, uint32_t old)
{
	const struct flash_cache *c = f->row->cache;
	unsigned i;

	if (!c)
		return;
	if (is_on(f, c->data_reset) && !is_on(f, c->data_on))
		memset(&f->data_lines, 0, sizeof(f->data_lines));
	if (is_on(f, c->code_reset) && !is_on(f, c->code_on))
		forget_code(f);
	for (i = 0; (old ^ f->reg[ACR]) & c->code_on && i < c->code_lines; i++)
		if (f->code_lines.at[i].valid)
			flash_changed(f, f->code_lines.at[i].off, FLASH_LINE);
}

void flash_cache_programmed(struct flash *f, size_t off, size_t len)
{
	const struct flash_cache *c = f->row->cache;
	size_t at;
	unsigned i;

	for (at = off; c && c->data_lines && at < off + len; at++) {
		i = (unsigned)(at / FLASH_LINE % c->data_lines);
		if (f->data_lines.at[i].valid &&
		    f->data_lines.at[i].off == at / FLASH_LINE * FLASH_LINE)
			f->data_lines.at[i].data[at % FLASH_LINE] = f->cells.at[at];
	}
}
