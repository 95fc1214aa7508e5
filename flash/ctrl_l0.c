/*
 * The controller of L0 and L1 (RM0367, RM0038): erased cells are 0, pages are erased by a store,
 * half-pages are programmed by a burst that nothing may interrupt. There is no mass erase but the
 * one that comes with lifting read protection.
 */
#include "flash/ctrl.h"

#define PECR_PROG  (1U << 3)
#define PECR_ERASE (1U << 9)
#define PECR_FPRG  (1U << 10)

static const struct ctrl_bit bits[] = {
	{ 1U << 8, "WRPERR", "the sector is write-protected" },
	{ 1U << 9, "PGAERR", "a half-page was not aligned" },
	{ 1U << 10, "SIZERR", "a store was no word" },
	{ 1U << 11, "OPTVERR", "the option bytes do not fit their complements" },
	{ 1U << 13, "RDERR", "a read of a protected sector" },
	{ 1U << 16, "NOTZEROERR", "a word was not blank when it was to be programmed" },
	{ 1U << 17, "FWWERR", "an access disturbed a half-page" },
	{ 0 },
};

static unsigned width(const struct chip *c, int mv)
{
	(void)mv;
	return c->granule;
}

static uint32_t program_cr(const struct chip *c, unsigned w)
{
	(void)c;
	(void)w;
	return PECR_FPRG | PECR_PROG;
}

static void erase(const struct chip *c, const struct geometry_block *b, unsigned w,
		  struct ctrl_erase *ret)
{
	(void)c;
	(void)w;
	*ret = (struct ctrl_erase){ PECR_ERASE | PECR_PROG, b->address, 0, 0 };
}

const struct ctrl ctrl_l0 = {
	.sr = 0x18,
	.cr = 0x04,
	.clear = 0x18,
	.keys = { { 0x0c, 0x89abcdef, 0x02030405 }, { 0x10, 0x8c9daebf, 0x13141516 } },
	.lock = 3U,
	.busy = 1U << 0,
	.errors = 0x32700, /* OPTVERR is set at power-on of some parts and stops nothing */
	.refusals = 1U << 8,
	.clear_all = 0x33f02,
	.wide = true,
	.erase_limit_ms = 50,
	.bits = bits,
	.width = width,
	.program_cr = program_cr,
	.erase = erase,
};
