/*
 * The controller of F2, F4, F7 (RM0033, RM0090, RM0385): sectors by number, a width of 1, 2 or 4
 * bytes that the supply must allow. Too wide at a low supply raises no flag: cells are just badly
 * programmed, so an unknown voltage counts as low.
 */
#include "flash/ctrl.h"

#define CR_PG	       (1U << 0)
#define CR_SER	       (1U << 1)
#define CR_MER	       (1U << 2)
#define CR_MER2	       (1U << 15)
#define CR_STRT	       (1U << 16)
#define CR_SNB(n)      ((uint32_t)(n) << 3)
#define CR_PSIZE(w)    ((w) == 4 ? 2U << 8 : (w) == 2 ? 1U << 8 : 0U)
#define SNB_BANK2      0x10
#define ACR	       0x00
#define ACR_CACHES_F4  (7U << 8) /* PRFTEN, ICEN, DCEN */
#define ACR_RESETS_F4  (3U << 11)
#define MV_FOR_4_BYTES 2700
#define MV_FOR_2_BYTES 2100

static const struct ctrl_bit bits[] = {
	{ 1U << 1, "OPERR", "an operation was refused" },
	{ 1U << 4, "WRPERR", "the sector is write-protected" },
	{ 1U << 5, "PGAERR", "a store crossed a row of 16 bytes" },
	{ 1U << 6, "PGPERR", "a store was not as wide as PSIZE says" },
	{ 1U << 7, "PGSERR", "the order of steps was wrong" },
	{ 1U << 8, "RDERR", "a read of a protected sector" },
	{ 0 },
};

static unsigned width(const struct chip *c, int mv)
{
	(void)c;
	return mv >= MV_FOR_4_BYTES ? 4 : mv >= MV_FOR_2_BYTES ? 2 : 1;
}

static uint32_t program_cr(const struct chip *c, unsigned w)
{
	(void)c;
	return CR_PG | CR_PSIZE(w);
}

static void erase(const struct chip *c, const struct geometry_block *b, unsigned w,
		  struct ctrl_erase *ret)
{
	uint32_t nth = b->in_bank + (b->ctrl_bank ? SNB_BANK2 : 0);
	uint32_t cr = CR_SER | CR_SNB(nth) | CR_PSIZE(w);

	(void)c;
	*ret = (struct ctrl_erase){ cr, 0, 0, cr | CR_STRT };
}

static void mass(const struct chip *c, unsigned bank, unsigned w, struct ctrl_erase *ret)
{
	uint32_t cr = (bank ? CR_MER2 : CR_MER) | CR_PSIZE(w);

	(void)c;
	*ret = (struct ctrl_erase){ cr, 0, 0, cr | CR_STRT };
}

/* Data sheets, typical (DS8626; F7: DS10916): by size of the sector and width. */
struct sector_time {
	uint32_t bytes;
	unsigned ms[3]; /* 1, 2, 4 bytes at once */
};

static const struct sector_time f4_times[] = {
	{ 16 * 1024, { 400, 300, 250 } },
	{ 64 * 1024, { 1200, 700, 550 } },
	{ 128 * 1024, { 2000, 1300, 1000 } },
};
static const struct sector_time f7_times[] = {
	{ 16 * 1024, { 400, 300, 250 } },     { 32 * 1024, { 400, 250, 200 } },
	{ 64 * 1024, { 1200, 700, 550 } },    { 128 * 1024, { 1100, 800, 500 } },
	{ 256 * 1024, { 2100, 1400, 1000 } },
};

static double time_of(const struct sector_time *times, size_t n, uint32_t bytes, unsigned w)
{
	for (size_t i = 0; i < n; i++)
		if (times[i].bytes >= bytes)
			return times[i].ms[w == 4 ? 2 : w == 2 ? 1 : 0];
	return times[n - 1].ms[w == 4 ? 2 : w == 2 ? 1 : 0];
}

static double erase_ms(const struct chip *c, uint32_t bytes, unsigned w)
{
	if (c->family[1] == '7')
		return time_of(f7_times, sizeof(f7_times) / sizeof(f7_times[0]), bytes, w);
	return time_of(f4_times, sizeof(f4_times) / sizeof(f4_times[0]), bytes, w);
}

/* DS8626, for 1 MiB: by width. */
static double mass_ms(const struct chip *c, uint32_t bytes, unsigned w)
{
	(void)c;
	return (w == 4 ? 8000.0 : w == 2 ? 11000.0 : 16000.0) * bytes / (1024 * 1024);
}

/* Whole instruction and data caches go: they are not told about programming. */
static int prepare(const struct chip *c, struct target *t, struct err *e)
{
	uint32_t acr, resets = ACR_RESETS_F4;
	int rc = target_read32(t, c->regs + ACR, &acr, e);

	if (rc || !(acr & ACR_CACHES_F4))
		return rc;
	acr &= ~ACR_CACHES_F4;
	rc = target_write32(t, c->regs + ACR, acr, e);
	if (!rc)
		rc = target_write32(t, c->regs + ACR, acr | resets, e);
	return rc ? rc : target_write32(t, c->regs + ACR, acr, e);
}

const struct ctrl ctrl_f4 = {
	.sr = 0x0c,
	.cr = 0x10,
	.clear = 0x0c,
	.keys = { { 0x04, 0x45670123, 0xcdef89ab } },
	.lock = 1U << 31,
	.busy = 1U << 16,
	.errors = 0xf2,
	.refusals = 1U << 4,
	.clear_all = 0x1f3,
	.erase_limit_ms = 10000,
	.mass_limit_ms = 70000,
	.bits = bits,
	.width = width,
	.program_cr = program_cr,
	.erase = erase,
	.mass = mass,
	.mass_ms = mass_ms,
	.erase_ms = erase_ms,
	.prepare = prepare,
};
