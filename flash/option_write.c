/*
 * Sequences that write option bytes. Register names and orders: PM0075 and RM0091 (FPEC), RM0090
 * (F4), RM0377 (L0), RM0351 and RM0444 (L4), RM0438 and RM0456 (L5), RM0433 (H7).
 */
#include "flash/option_write.h"

#include "probe/base/bytes.h"

#define WAIT_MS	      10000
#define REGRESSION_MS 60000 /* F2, F4, F7: the whole flash is erased at the slowest width */
#define POLL_US	      2000

static const uint32_t keys[2] = { 0x45670123, 0xcdef89ab };
static const uint32_t option_keys[2] = { 0x08192a3b, 0x4c5d6e7f };

static int write_keys(struct target *t, uint32_t reg, const uint32_t pair[2], struct err *e)
{
	int rc = target_write32(t, reg, pair[0], e);

	return rc ? rc : target_write32(t, reg, pair[1], e);
}

/* Unlock if `lock` is set in reg; a key written to what is open would lock it until a reset. */
static int unlock(struct target *t, uint32_t reg, uint32_t lock, uint32_t key_reg,
		  const uint32_t pair[2], struct err *e)
{
	uint32_t word;
	int rc = target_read32(t, reg, &word, e);

	if (!rc && word & lock)
		rc = write_keys(t, key_reg, pair, e);
	if (!rc)
		rc = target_read32(t, reg, &word, e);
	if (!rc && word & lock)
		rc = err_set_native(e, ERR_PROTOCOL, (int)word, "0x%08x stays locked (0x%08x)", reg,
				    word);
	return rc;
}

static int wait_clear(struct target *t, uint32_t reg, uint32_t busy, unsigned ms, uint32_t *ret,
		      struct err *e)
{
	uint64_t end = clock_now_us(t->clock) + (uint64_t)ms * 1000;
	uint32_t word;
	int rc;

	for (;;) {
		rc = target_read32(t, reg, &word, e);
		if (rc)
			return rc;
		*ret = word;
		if (!(word & busy))
			return 0;
		if (clock_now_us(t->clock) > end)
			return err_set_native(e, ERR_TIMEOUT, (int)word,
					      "busy for more than %u ms (0x%08x is 0x%08x)", ms,
					      reg, word);
		clock_sleep_us(t->clock, POLL_US);
	}
}

static int refused(uint32_t reg, uint32_t word, uint32_t errors, struct err *e)
{
	if (!(word & errors))
		return 0;
	return err_set_native(e, ERR_PROTOCOL, (int)word,
			      "the chip refused them (0x%08x is 0x%08x)", reg, word);
}

static uint32_t value_at(const struct option_reg *regs, size_t n, uint32_t offset)
{
	for (size_t i = 0; i < n; i++)
		if (regs[i].offset == offset)
			return regs[i].value;
	return 0;
}

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
	int rc = wait_clear(t, c->regs + FPEC_SR, FPEC_BUSY, WAIT_MS, &sr, e);

	return rc ? rc : refused(c->regs + FPEC_SR, sr, FPEC_ERRS, e);
}

/* The eight bytes in the order of the area: RDP, USER, DATA0, DATA1, WRP0 to WRP3. */
static void fpec_bytes(const struct chip *c, const struct option_reg *regs, size_t n,
		       uint8_t ret[8])
{
	bool f1 = c->family[1] == '1';
	uint32_t obr = value_at(regs, n, FPEC_OBR), wrpr = value_at(regs, n, FPEC_WRPR);
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
	int rc = unlock(t, cr, 0x80, c->regs + FPEC_KEYR, keys, e);

	fpec_bytes(c, regs, n, bytes);
	if (!rc)
		rc = write_keys(t, c->regs + FPEC_OPTKEYR, keys, e);
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
	uint32_t value = value_at(regs, n, F4_OPTCR) & ~(F4_OPTLOCK | F4_OPTSTRT);
	int rc = wait_clear(t, c->regs + F4_SR, F4_BUSY, WAIT_MS, &sr, e);

	if (!rc)
		rc = target_write32(t, c->regs + F4_SR, F4_ERRS | 1, e);
	if (!rc)
		rc = unlock(t, optcr, F4_OPTLOCK, c->regs + F4_OPTKEYR, option_keys, e);
	for (size_t i = 0; i < n && !rc; i++)
		if (regs[i].offset != F4_OPTCR && regs[i].changed)
			rc = target_write32(t, c->regs + regs[i].offset, regs[i].value, e);
	if (!rc)
		rc = target_write32(t, optcr, value, e);
	if (!rc)
		rc = target_write32(t, optcr, value | F4_OPTSTRT, e);
	if (!rc)
		rc = wait_clear(t, c->regs + F4_SR, F4_BUSY, REGRESSION_MS, &sr, e);
	if (!rc)
		rc = refused(c->regs + F4_SR, sr, F4_ERRS, e);
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
		rc = wait_clear(t, c->regs + L0_SR, L0_BUSY, WAIT_MS, &sr, e);
	return rc ? rc : refused(c->regs + L0_SR, sr, L0_ERRS, e);
}

static int l0_write(struct target *t, const struct chip *c, const struct option_reg *regs, size_t n,
		    struct err *e)
{
	static const uint32_t pe_keys[2] = { 0x89abcdef, 0x02030405 };
	static const uint32_t l0_keys[2] = { 0xfbead9c8, 0x24252627 };
	uint32_t pecr = c->regs + L0_PECR;
	int rc = unlock(t, pecr, L0_PELOCK, c->regs + L0_PEKEYR, pe_keys, e);

	if (!rc)
		rc = unlock(t, pecr, L0_OPTLOCK, c->regs + L0_OPTKEYR, l0_keys, e);
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
		rc = wait_clear(t, base + at->sr, L4_BUSY, WAIT_MS, &sr, e);
	if (!rc)
		rc = refused(base + at->sr, sr, at->errors, e);
	if (!rc)
		target_write32(t, base + at->cr, L4_LAUNCH, NULL); /* resets the chip: as above */
	return rc;
}

static int write_by_registers(struct target *t, const struct chip *c, const struct l4_regs *at,
			      const struct option_reg *regs, size_t n, struct err *e)
{
	uint32_t sr = 0;
	int rc = wait_clear(t, c->regs + at->sr, L4_BUSY, WAIT_MS, &sr, e);

	if (!rc) /* OPTVERR may stand since power-on and would refuse all */
		rc = target_write32(t, c->regs + at->sr, at->errors | 0x8000 | 1, e);
	if (!rc)
		rc = unlock(t, c->regs + at->cr, L4_LOCK, c->regs + at->keyr, keys, e);
	if (!rc)
		rc = unlock(t, c->regs + at->cr, L4_OPTLOCK, c->regs + at->optkeyr, option_keys, e);
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

/* ---- H7: what is to be stands behind what is ---- */

enum { H7_OPTKEYR = 0x08, H7_OPTCR = 0x18, H7_OPTSR_CUR = 0x1c, H7_OPTCCR = 0x24 };

#define H7_OPTLOCK   1U
#define H7_OPTSTART  2U
#define H7_BUSY	     1U
#define H7_CHANGEERR 0x40000000U

static int h7_write(struct target *t, const struct chip *c, const struct option_reg *regs, size_t n,
		    struct err *e)
{
	uint32_t optcr = c->regs + H7_OPTCR, word = 0;
	int rc = unlock(t, optcr, H7_OPTLOCK, c->regs + H7_OPTKEYR, option_keys, e);

	if (!rc)
		rc = target_write32(t, c->regs + H7_OPTCCR, H7_CHANGEERR, e);
	for (size_t i = 0; i < n && !rc; i++)
		if (regs[i].changed)
			rc = target_write32(t, c->regs + regs[i].offset + 4,
					    regs[i].value & ~H7_CHANGEERR, e);
	if (!rc)
		rc = target_write32(t, optcr, H7_OPTSTART, e);
	if (!rc)
		rc = wait_clear(t, c->regs + H7_OPTSR_CUR, H7_BUSY, REGRESSION_MS, &word, e);
	if (!rc)
		rc = refused(c->regs + H7_OPTSR_CUR, word, H7_CHANGEERR, e);
	if (!rc)
		rc = target_write32(t, optcr, H7_OPTLOCK, e);
	return rc;
}

const struct option_writer option_writer_h7 = { h7_write };
