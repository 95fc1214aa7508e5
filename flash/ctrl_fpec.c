/* The controller of F0, F1, F3 (PM0075, RM0091, RM0316): half-words, pages by address. */
#include "flash/ctrl.h"

#define CR_PG	(1U << 0)
#define CR_PER	(1U << 1)
#define CR_MER	(1U << 2)
#define CR_STRT (1U << 6)
#define AR	0x14

static const struct ctrl_bit bits[] = {
	{ 1U << 2, "PGERR", "a half-word was not blank when it was to be programmed" },
	{ 1U << 4, "WRPRTERR", "the page is write-protected" },
	{ 0 },
};

static unsigned width(const struct chip *c, int mv)
{
	(void)c;
	(void)mv;
	return 2;
}

static uint32_t program_cr(const struct chip *c, unsigned w)
{
	(void)c;
	(void)w;
	return CR_PG;
}

static uint32_t ar(const struct chip *c, unsigned bank)
{
	return c->regs + (bank ? c->bank2_regs : 0) + AR;
}

static void erase(const struct chip *c, const struct geometry_block *b, unsigned w,
		  struct ctrl_erase *ret)
{
	(void)w;
	*ret = (struct ctrl_erase){ CR_PER, ar(c, b->ctrl_bank), b->address, CR_PER | CR_STRT };
}

static void mass(const struct chip *c, unsigned bank, unsigned w, struct ctrl_erase *ret)
{
	(void)c;
	(void)bank;
	(void)w;
	*ret = (struct ctrl_erase){ CR_MER, 0, 0, CR_MER | CR_STRT };
}

/* DS5319: 20 to 40; published sessions show the longer. */
static double mass_ms(const struct chip *c, uint32_t bytes, unsigned w)
{
	(void)c;
	(void)bytes;
	(void)w;
	return 40;
}

const struct ctrl ctrl_fpec = {
	.sr = 0x0c,
	.cr = 0x10,
	.clear = 0x0c,
	.keys = { { 0x04, 0x45670123, 0xcdef89ab } },
	.lock = 1U << 7,
	.busy = 1U << 0,
	.errors = 0x14,
	.refusals = 1U << 4,
	.clear_all = 0x34,
	.erase_limit_ms = 500,
	.mass_limit_ms = 1000,
	.bits = bits,
	.width = width,
	.program_cr = program_cr,
	.erase = erase,
	.mass = mass,
	.mass_ms = mass_ms,
};
