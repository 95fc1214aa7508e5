/*
 * The controllers of H7 (RM0433; H7A3 and relatives: RM0455) and H5 (RM0481): sectors by number, a
 * flash word of 16 or 32 bytes with error correction, errors cleared in a register of their own.
 */
#include "flash/ctrl.h"

#define CR_PG	    (1U << 1)
#define CR_SER	    (1U << 2)
#define CR_BER	    (1U << 3)
#define CR_PSIZE(n) ((uint32_t)(n) << 4)
#define CR_START    (1U << 7)
#define CR_SNB(n)   ((uint32_t)(n) << 8)

#define CR_AB_START  (1U << 5) /* H7A3, H5 */
#define CR_AB_SNB(n) ((uint32_t)(n) << 6)
#define CR_H5_BKSEL  (1U << 31)

static const struct ctrl_bit bits[] = {
	{ 1U << 17, "WRPERR", "the sector is write-protected" },
	{ 1U << 18, "PGSERR", "the order of steps was wrong" },
	{ 1U << 19, "STRBERR", "a byte was written twice" },
	{ 1U << 21, "INCERR", "a flash word was not complete" },
	{ 1U << 22, "OPERR", "an operation failed" },
	{ 1U << 23, "RDPERR", "a read of a read-protected area" },
	{ 1U << 24, "RDSERR", "a read of a secure area" },
	{ 1U << 25, "SNECCERR", "one wrong bit was corrected" },
	{ 1U << 26, "DBECCERR", "two wrong bits: the flash word must be erased" },
	{ 0 },
};

static const struct ctrl_bit h5_bits[] = {
	{ 1U << 17, "WRPERR", "the sector is write-protected" },
	{ 1U << 18, "PGSERR", "the order of steps was wrong" },
	{ 1U << 19, "STRBERR", "a byte was written twice" },
	{ 1U << 20, "INCERR", "a flash word was not complete" },
	{ 1U << 21, "OBKERR", "an operation on option keys failed" },
	{ 1U << 22, "OBKWERR", "an option key was not written" },
	{ 1U << 23, "OPTCHANGEERR", "an option change was refused" },
	{ 0 },
};

static unsigned width(const struct chip *c, int mv)
{
	(void)mv;
	return c->granule;
}

/*
 * Of H74x and H72x: how many bits at once the cells take; the flash word stays what it is. 64 want
 * 1.8 V (DS12110), so an unknown voltage counts as too low for them.
 */
#define MV_FOR_8_BYTES 1800

static unsigned h7_width(const struct chip *c, int mv)
{
	(void)c;
	return mv >= MV_FOR_8_BYTES ? 8 : 4;
}

static uint32_t psize(unsigned w)
{
	return w == 8 ? CR_PSIZE(3) : CR_PSIZE(2);
}

static uint32_t h7_program_cr(const struct chip *c, unsigned w)
{
	(void)c;
	return CR_PG | psize(w);
}

static uint32_t program_cr(const struct chip *c, unsigned w)
{
	(void)c;
	(void)w;
	return CR_PG;
}

static void h7_erase(const struct chip *c, const struct geometry_block *b, unsigned w,
		     struct ctrl_erase *ret)
{
	uint32_t cr = CR_SER | CR_SNB(b->in_bank) | psize(w);

	(void)c;
	*ret = (struct ctrl_erase){ cr, 0, 0, cr | CR_START };
}

static void ab_erase(const struct chip *c, const struct geometry_block *b, unsigned w,
		     struct ctrl_erase *ret)
{
	uint32_t cr = CR_SER | CR_AB_SNB(b->in_bank);

	(void)c;
	(void)w;
	*ret = (struct ctrl_erase){ cr, 0, 0, cr | CR_AB_START };
}

static void h5_erase(const struct chip *c, const struct geometry_block *b, unsigned w,
		     struct ctrl_erase *ret)
{
	uint32_t cr = CR_SER | CR_AB_SNB(b->in_bank) | (b->ctrl_bank ? CR_H5_BKSEL : 0);

	(void)c;
	(void)w;
	*ret = (struct ctrl_erase){ cr, 0, 0, cr | CR_AB_START };
}

static void h7_mass(const struct chip *c, unsigned bank, unsigned w, struct ctrl_erase *ret)
{
	(void)c;
	(void)bank;
	*ret = (struct ctrl_erase){ CR_BER | psize(w), 0, 0, CR_BER | psize(w) | CR_START };
}

static void ab_mass(const struct chip *c, unsigned bank, unsigned w, struct ctrl_erase *ret)
{
	(void)c;
	(void)bank;
	(void)w;
	*ret = (struct ctrl_erase){ CR_BER, 0, 0, CR_BER | CR_AB_START };
}

static void h5_mass(const struct chip *c, unsigned bank, unsigned w, struct ctrl_erase *ret)
{
	uint32_t cr = CR_BER | (bank ? CR_H5_BKSEL : 0);

	(void)c;
	(void)w;
	*ret = (struct ctrl_erase){ cr, 0, 0, cr | CR_AB_START };
}

/* DS12110: a sector of 128 KiB, a bank of any size, a flash word. */
static double h7_erase_ms(const struct chip *c, uint32_t bytes, unsigned w)
{
	(void)c;
	return (w == 8 ? 1000.0 : 1100.0) * bytes / (128 * 1024);
}

static double h7_mass_ms(const struct chip *c, uint32_t bytes, unsigned w)
{
	(void)c;
	(void)bytes;
	return w == 8 ? 5000.0 : 6000.0;
}

static double h7_program_us(const struct chip *c, unsigned w)
{
	return w == 8 ? c->program_us : 1.3 * c->program_us;
}

#define H7_REGISTERS                                                                               \
	.sr = 0x10, .cr = 0x0c, .clear = 0x14, .keys = { { 0x04, 0x45670123, 0xcdef89ab } },       \
	.lock = 1U << 0, .busy = 0x7, .errors = 0x00ee0000, .clear_all = 0x0fef0000, .wide = true, \
	.refusals = 1U << 17, .at_once = true, .bits = bits

const struct ctrl ctrl_h7 = {
	H7_REGISTERS,
	.erase_limit_ms = 10000,
	.mass_limit_ms = 60000,
	.width = h7_width,
	.program_cr = h7_program_cr,
	.erase = h7_erase,
	.mass = h7_mass,
	.erase_ms = h7_erase_ms,
	.mass_ms = h7_mass_ms,
	.program_us = h7_program_us,
};

const struct ctrl ctrl_h7ab = {
	H7_REGISTERS,		.width = width,		  .erase_limit_ms = 1000,
	.mass_limit_ms = 60000, .program_cr = program_cr, .erase = ab_erase,
	.mass = ab_mass,
};

const struct ctrl ctrl_h5 = {
	.sr = 0x20,
	.cr = 0x28,
	.clear = 0x30,
	.keys = { { 0x04, 0x45670123, 0xcdef89ab } },
	.lock = 1U << 0,
	.busy = 0x3,
	.errors = 0x001e0000,
	.refusals = 1U << 17,
	.clear_all = 0x00ff0000,
	.wide = true,
	.erase_limit_ms = 50,
	.mass_limit_ms = 10000,
	.bits = h5_bits,
	.width = width,
	.program_cr = program_cr,
	.erase = h5_erase,
	.mass = h5_mass,
};
