/*
 * Sequences that write option bytes. Register names and orders: PM0075 and RM0091 (FPEC), RM0090
 * (F4), RM0377 (L0), RM0351 and RM0444 (L4), RM0438 and RM0456 (L5). Those where what is to be
 * stands in registers of its own, H5 and H7: option_write_next.c.
 */
#include "flash/option_write.h"

#include "probe/base/bytes.h"

/* ---- FPEC: the area is erased, and all of it written by half-words ---- */

#define FPEC_AREA  0x1ffff800U
#define FPEC_BUSY  0x01U
#define FPEC_ERRS  0x14U
#define FPEC_OPTPG 0x10U
#define FPEC_OPTER 0x20U
#define FPEC_STRT  0x40U
#define FPEC_WRE   0x200U

enum {
	FPEC_KEYR = 0x04,
	FPEC_OPTKEYR = 0x08,
	FPEC_SR = 0x0c,
	FPEC_CR = 0x10,
	FPEC_OBR = 0x1c,
	FPEC_WRPR = 0x20
};

static int fpec_wait(struct target *t, const struct chip *c, struct err *e)
{
	uint32_t sr = 0;
	int rc = option_wait(t, c->regs + FPEC_SR, FPEC_BUSY, OPTION_WAIT_MS, &sr, e);

	return rc ? rc : option_refused(c->regs + FPEC_SR, sr, FPEC_ERRS, e);
}

/* The eight bytes in the order of the area: RDP, USER, DATA0, DATA1, WRP0 to WRP3. */
static void fpec_bytes(const struct chip *c, const struct option_reg *regs, size_t n,
		       uint8_t ret[8])
{
	bool f1 = c->family[1] == '1';
	uint32_t obr = option_reg_value(regs, n, FPEC_OBR),
		 wrpr = option_reg_value(regs, n, FPEC_WRPR);
	bool open = f1 ? !(obr & 2) : !(obr & 6);

	ret[0] = open ? (f1 ? 0xa5 : 0xaa) : 0xbb;
	ret[1] = (uint8_t)(f1 ? (obr >> 2 | 0xf8) : obr >> 8);
	ret[2] = (uint8_t)(f1 ? obr >> 10 : obr >> 16);
	ret[3] = (uint8_t)(f1 ? obr >> 18 : obr >> 24);
	put_le32(ret + 4, wrpr);
}

static int fpec_write_bytes(struct target *t, const struct chip *c, const uint8_t bytes[8],
			    struct err *e)
{
	int rc = target_write32(t, c->regs + FPEC_CR, FPEC_OPTPG | FPEC_WRE, e);

	for (unsigned i = 0; i < 8 && !rc; i++) {
		uint8_t half[2] = { bytes[i], (uint8_t)~bytes[i] };

		rc = target_write_wide(t, 2, true, FPEC_AREA + 2 * i, half, 2, e);
		if (!rc)
			rc = fpec_wait(t, c, e);
	}
	return rc;
}

static int fpec_write(struct target *t, const struct chip *c, const struct option_reg *regs,
		      size_t n, struct err *e)
{
	uint32_t cr = c->regs + FPEC_CR;
	uint8_t bytes[8];
	int rc = option_unlock(t, cr, 0x80, c->regs + FPEC_KEYR, option_flash_keys, e);

	fpec_bytes(c, regs, n, bytes);
	if (!rc)
		rc = option_write_keys(t, c->regs + FPEC_OPTKEYR, option_flash_keys, e);
	if (!rc)
		rc = target_write32(t, c->regs + FPEC_SR, FPEC_ERRS | 0x20, e);
	if (!rc)
		rc = target_write32(t, cr, FPEC_OPTER | FPEC_WRE, e);
	if (!rc)
		rc = target_write32(t, cr, FPEC_OPTER | FPEC_WRE | FPEC_STRT, e);
	if (!rc)
		rc = fpec_wait(t, c, e);
	/* From here to the last byte the area is not whole: each byte at once, RDP first. */
	if (!rc)
		rc = fpec_write_bytes(t, c, bytes, e);
	if (!rc)
		rc = target_write32(t, cr, 0x80, e);
	return rc;
}

const struct option_writer option_writer_fpec = { fpec_write };

/* ---- F2, F4, F7 ---- */

enum { F4_OPTKEYR = 0x08, F4_SR = 0x0c, F4_OPTCR = 0x14 };

#define F4_OPTLOCK 1U
#define F4_OPTSTRT 2U
#define F4_BUSY	   0x10000U
#define F4_ERRS	   0xf2U

static int f4_write(struct target *t, const struct chip *c, const struct option_reg *regs, size_t n,
		    struct err *e)
{
	uint32_t optcr = c->regs + F4_OPTCR, sr = 0;
	uint32_t value = option_reg_value(regs, n, F4_OPTCR) & ~(F4_OPTLOCK | F4_OPTSTRT);
	int rc = option_wait(t, c->regs + F4_SR, F4_BUSY, OPTION_WAIT_MS, &sr, e);

	if (!rc)
		rc = target_write32(t, c->regs + F4_SR, F4_ERRS | 1, e);
	if (!rc)
		rc = option_unlock(t, optcr, F4_OPTLOCK, c->regs + F4_OPTKEYR, option_option_keys,
				   e);
	for (size_t i = 0; i < n && !rc; i++)
		if (regs[i].offset != F4_OPTCR && regs[i].changed)
			rc = target_write32(t, c->regs + regs[i].offset, regs[i].value, e);
	if (!rc)
		rc = target_write32(t, optcr, value, e);
	if (!rc)
		rc = target_write32(t, optcr, value | F4_OPTSTRT, e);
	if (!rc)
		rc = option_wait(t, c->regs + F4_SR, F4_BUSY, OPTION_REGRESSION_MS, &sr, e);
	if (!rc)
		rc = option_refused(c->regs + F4_SR, sr, F4_ERRS, e);
	if (!rc)
		rc = target_write32(t, optcr, value | F4_OPTLOCK, e);
	return rc;
}

const struct option_writer option_writer_f4 = { f4_write };

/* ---- L0, L1: words, each with its complement, that erase themselves ---- */

enum {
	L0_PECR = 0x04,
	L0_PEKEYR = 0x0c,
	L0_OPTKEYR = 0x14,
	L0_SR = 0x18,
	L0_OPTR = 0x1c,
	L0_WRPR = 0x20
};

#define L0_AREA	   0x1ff80000U
#define L0_PELOCK  1U
#define L0_OPTLOCK 4U
#define L0_LAUNCH  0x40000U
#define L0_BUSY	   1U
#define L0_ERRS	   0x700U

static int l0_write_half(struct target *t, const struct chip *c, uint32_t at, uint32_t half,
			 struct err *e)
{
	uint32_t sr = 0;
	int rc;

	half &= 0xffff;
	rc = target_write32(t, at, half | (~half & 0xffff) << 16, e);
	if (!rc)
		rc = option_wait(t, c->regs + L0_SR, L0_BUSY, OPTION_WAIT_MS, &sr, e);
	return rc ? rc : option_refused(c->regs + L0_SR, sr, L0_ERRS, e);
}

static int l0_write(struct target *t, const struct chip *c, const struct option_reg *regs, size_t n,
		    struct err *e)
{
	static const uint32_t pe_keys[2] = { 0x89abcdef, 0x02030405 };
	static const uint32_t l0_keys[2] = { 0xfbead9c8, 0x24252627 };
	uint32_t pecr = c->regs + L0_PECR;
	int rc = option_unlock(t, pecr, L0_PELOCK, c->regs + L0_PEKEYR, pe_keys, e);

	if (!rc)
		rc = option_unlock(t, pecr, L0_OPTLOCK, c->regs + L0_OPTKEYR, l0_keys, e);
	for (size_t i = 0; i < n && !rc; i++) {
		uint32_t at = L0_AREA + (regs[i].offset == L0_OPTR ? 0 : 8);

		if (!regs[i].changed)
			continue;
		rc = l0_write_half(t, c, at + 4, regs[i].value >> 16, e);
		if (!rc) /* with the protection last */
			rc = l0_write_half(t, c, at, regs[i].value, e);
	}
	if (!rc)
		target_write32(t, pecr, L0_LAUNCH, NULL); /* resets the chip: no answer is fine */
	return rc;
}

const struct option_writer option_writer_l0 = { l0_write };

/* ---- L4 and L5: registers, then OPTSTRT, then OBL_LAUNCH ---- */

struct l4_regs {
	uint32_t keyr, optkeyr, sr, cr;
	uint32_t errors;
};

#define L4_OPTSTRT 0x20000U
#define L4_LAUNCH  0x08000000U
#define L4_OPTLOCK 0x40000000U
#define L4_LOCK	   0x80000000U
#define L4_BUSY	   0x10000U

static int l4_start(struct target *t, uint32_t base, const struct l4_regs *at, struct err *e)
{
	uint32_t sr = 0;
	int rc = target_write32(t, base + at->cr, L4_OPTSTRT, e);

	if (!rc)
		rc = option_wait(t, base + at->sr, L4_BUSY, OPTION_WAIT_MS, &sr, e);
	if (!rc)
		rc = option_refused(base + at->sr, sr, at->errors, e);
	if (!rc)
		target_write32(t, base + at->cr, L4_LAUNCH, NULL); /* resets the chip: as above */
	return rc;
}

static int write_by_registers(struct target *t, const struct chip *c, const struct l4_regs *at,
			      const struct option_reg *regs, size_t n, struct err *e)
{
	uint32_t sr = 0;
	int rc = option_wait(t, c->regs + at->sr, L4_BUSY, OPTION_WAIT_MS, &sr, e);

	if (!rc) /* OPTVERR may stand since power-on and would refuse all */
		rc = target_write32(t, c->regs + at->sr, at->errors | 0x8000 | 1, e);
	if (!rc)
		rc = option_unlock(t, c->regs + at->cr, L4_LOCK, c->regs + at->keyr,
				   option_flash_keys, e);
	if (!rc)
		rc = option_unlock(t, c->regs + at->cr, L4_OPTLOCK, c->regs + at->optkeyr,
				   option_option_keys, e);
	for (size_t i = 0; i < n && !rc; i++)
		if (regs[i].changed)
			rc = target_write32(t, c->regs + regs[i].offset, regs[i].value, e);
	return rc ? rc : l4_start(t, c->regs, at, e);
}

static int l4_write(struct target *t, const struct chip *c, const struct option_reg *regs, size_t n,
		    struct err *e)
{
	static const struct l4_regs at = { 0x08, 0x0c, 0x10, 0x14, 0x43fa };

	return write_by_registers(t, c, &at, regs, n, e);
}

const struct option_writer option_writer_l4 = { l4_write };

static int l5_write(struct target *t, const struct chip *c, const struct option_reg *regs, size_t n,
		    struct err *e)
{
	static const struct l4_regs at = { 0x08, 0x10, 0x20, 0x28, 0x20fa };

	return write_by_registers(t, c, &at, regs, n, e);
}

const struct option_writer option_writer_l5 = { l5_write };
