/*
 * The controllers of L4, L4+, G0, G4, WB, WL, C0, U0 (RM0351, RM0432, RM0444, RM0440, RM0434) and,
 * with the same bits at other places, of L5, U5, U3, WBA (RM0438, RM0456): pages by number, a
 * granule of 8 or 16 bytes with error correction.
 */
#include "flash/ctrl.h"

#define CR_PG	  (1U << 0)
#define CR_PER	  (1U << 1)
#define CR_MER1	  (1U << 2)
#define CR_MER2	  (1U << 15)
#define CR_STRT	  (1U << 16)
#define CR_PNB(n) ((uint32_t)(n) << 3)

#define ACR_L4	      0x00
#define ACR_CACHES_L4 (7U << 8) /* PRFTEN, ICEN, DCEN */
#define ACR_RESETS_L4 (3U << 11)

static const struct ctrl_bit bits[] = {
	{ 1U << 1, "OPERR", "an operation failed" },
	{ 1U << 3, "PROGERR", "a granule was not blank when it was to be programmed" },
	{ 1U << 4, "WRPERR", "the page is write-protected" },
	{ 1U << 5, "PGAERR", "a store was not aligned to its granule" },
	{ 1U << 6, "SIZERR", "a store was no word" },
	{ 1U << 7, "PGSERR", "the order of steps was wrong, or an old error was not cleared" },
	{ 1U << 8, "MISERR", "data came too late for fast programming" },
	{ 1U << 9, "FASTERR", "fast programming failed" },
	{ 1U << 13, "OPTWERR", "an option write was refused" },
	{ 1U << 14, "RDERR", "a read of a protected area" },
	{ 1U << 15, "OPTVERR", "the option bytes do not fit their code" },
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
	return CR_PG;
}

static void erase(const struct chip *c, const struct geometry_block *b, unsigned w,
		  struct ctrl_erase *ret)
{
	uint32_t cr = CR_PER | CR_PNB(b->in_bank);

	(void)w;
	if (b->ctrl_bank)
		cr |= 1U << c->bank_bit;
	*ret = (struct ctrl_erase){ cr, 0, 0, cr | CR_STRT };
}

static void mass(const struct chip *c, unsigned bank, unsigned w, struct ctrl_erase *ret)
{
	uint32_t cr = bank ? CR_MER2 : CR_MER1;

	(void)c;
	(void)w;
	*ret = (struct ctrl_erase){ cr, 0, 0, cr | CR_STRT };
}

static int prepare(const struct chip *c, struct target *t, struct err *e)
{
	uint32_t acr;
	int rc = target_read32(t, c->regs + ACR_L4, &acr, e);

	if (rc || !(acr & ACR_CACHES_L4))
		return rc;
	acr &= ~ACR_CACHES_L4;
	rc = target_write32(t, c->regs + ACR_L4, acr, e);
	if (!rc)
		rc = target_write32(t, c->regs + ACR_L4, acr | ACR_RESETS_L4, e);
	return rc ? rc : target_write32(t, c->regs + ACR_L4, acr, e);
}

/* As long as a page: DS10198, DS12232. */
static double mass_ms(const struct chip *c, uint32_t bytes, unsigned w)
{
	(void)c;
	(void)bytes;
	(void)w;
	return 22.2;
}

const struct ctrl ctrl_l4 = {
	.sr = 0x10,
	.cr = 0x14,
	.clear = 0x10,
	.keys = { { 0x08, 0x45670123, 0xcdef89ab } },
	.lock = 1U << 31,
	.busy = 1U << 16,
	.errors = 0x3fa, /* RDERR and OPTVERR stop nothing once they are cleared */
	.refusals = 1U << 4,
	.clear_all = 0xc3fb,
	.wide = true,
	.erase_limit_ms = 250,
	.mass_limit_ms = 1000,
	.bits = bits,
	.width = width,
	.program_cr = program_cr,
	.erase = erase,
	.mass = mass,
	.mass_ms = mass_ms,
	.prepare = prepare,
};

const struct ctrl ctrl_l5 = {
	.sr = 0x20,
	.cr = 0x28,
	.clear = 0x20,
	.keys = { { 0x08, 0x45670123, 0xcdef89ab } },
	.lock = 1U << 31,
	.busy = 1U << 16,
	.errors = 0xfa,
	.refusals = 1U << 4,
	.clear_all = 0xa0fb,
	.wide = true,
	.erase_limit_ms = 250,
	.mass_limit_ms = 5000,
	.bits = bits,
	.width = width,
	.program_cr = program_cr,
	.erase = erase,
	.mass = mass,
};
