/*
 * Option bytes of H5 and H7, whose registers come in pairs: what is, and behind it (PRG) what is to
 * be, which OPTSTRT makes true. Register names and orders: RM0481 (H5), RM0433 (H7).
 */
#include "flash/option_write.h"

#define NEXT 4 /* from a register to what is to be in it */

/* ---- H7 ---- */

enum { H7_OPTKEYR = 0x08, H7_OPTCR = 0x18, H7_OPTSR_CUR = 0x1c, H7_OPTCCR = 0x24 };

#define H7_OPTLOCK   1U
#define H7_OPTSTART  2U
#define H7_BUSY	     1U
#define H7_CHANGEERR 0x40000000U

static int h7_write(struct target *t, const struct chip *c, const struct option_reg *regs, size_t n,
		    struct err *e)
{
	uint32_t optcr = c->regs + H7_OPTCR, word = 0;
	int rc = option_unlock(t, optcr, H7_OPTLOCK, c->regs + H7_OPTKEYR, option_option_keys, e);

	if (!rc)
		rc = target_write32(t, c->regs + H7_OPTCCR, H7_CHANGEERR, e);
	for (size_t i = 0; i < n && !rc; i++) {
		uint32_t no_option = regs[i].offset == H7_OPTSR_CUR ? H7_CHANGEERR : 0;

		if (regs[i].changed)
			rc = target_write32(t, c->regs + regs[i].offset + NEXT,
					    regs[i].value & ~no_option, e);
	}
	if (!rc)
		rc = target_write32(t, optcr, H7_OPTSTART, e);
	if (!rc)
		rc = option_wait(t, c->regs + H7_OPTSR_CUR, H7_BUSY, OPTION_REGRESSION_MS, &word,
				 e);
	if (!rc)
		rc = option_refused(c->regs + H7_OPTSR_CUR, word, H7_CHANGEERR, e);
	if (!rc)
		rc = target_write32(t, optcr, H7_OPTLOCK, e);
	return rc;
}

const struct option_writer option_writer_h7 = { h7_write };

/* ---- H5: a wrong product state cannot be taken back, so none is ever asked for ---- */

enum {
	H5_OPTKEYR = 0x0c,
	H5_OPTCR = 0x1c,
	H5_NSSR = 0x20,
	H5_NSCCR = 0x30,
	H5_OPTSR_CUR = 0x50,
	H5_OPTSR2_CUR = 0x70,
};

#define H5_OPTLOCK    1U
#define H5_OPTSTRT    2U
#define H5_BUSY	      0x0bU /* BSY, WBNE, DBNE */
#define H5_ERRS	      0x00fe0000U
#define H5_STATE      0x0000ff00U
#define H5_STATE_OPEN 0x0000ed00U
#define H5_TZEN	      0xff000000U

static int h5_is_open(const struct option_reg *regs, size_t n, struct err *e)
{
	uint32_t state = option_reg_value(regs, n, H5_OPTSR_CUR) & H5_STATE;

	if (state == H5_STATE_OPEN)
		return 0;
	return err_set_native(e, ERR_UNSUPPORTED, (int)(state >> 8),
			      "the product state is 0x%02x: this tool changes options only in the "
			      "open state (0xed); the way back there is ST's debug authentication",
			      state >> 8);
}

/* What is to be holds these bits as what is. Somebody may have left others there; OPTSTRT would
 * take them too. */
static int h5_stays(struct target *t, const struct chip *c, const struct option_reg *regs, size_t n,
		    uint32_t offset, uint32_t bits, struct err *e)
{
	uint32_t is = option_reg_value(regs, n, offset), next;
	int rc = target_read32(t, c->regs + offset + NEXT, &next, e);

	if (rc || !((is ^ next) & bits))
		return rc;
	return err_set_native(e, ERR_PROTOCOL, (int)next,
			      "0x%08x reads 0x%08x: product state or TrustZone would change with "
			      "it, so nothing was started",
			      c->regs + offset + NEXT, next);
}

static int h5_prepare(struct target *t, const struct chip *c, const struct option_reg *regs,
		      size_t n, struct err *e)
{
	int rc = 0;

	/* All, not only what changes: so nothing that was left there is taken along. */
	for (size_t i = 0; i < n && !rc; i++)
		rc = target_write32(t, c->regs + regs[i].offset + NEXT, regs[i].value, e);
	if (!rc)
		rc = h5_stays(t, c, regs, n, H5_OPTSR_CUR, H5_STATE, e);
	if (!rc)
		rc = h5_stays(t, c, regs, n, H5_OPTSR2_CUR, H5_TZEN, e);
	return rc;
}

static int h5_write(struct target *t, const struct chip *c, const struct option_reg *regs, size_t n,
		    struct err *e)
{
	uint32_t optcr = c->regs + H5_OPTCR, sr = 0;
	int rc = h5_is_open(regs, n, e);

	if (!rc)
		rc = option_wait(t, c->regs + H5_NSSR, H5_BUSY, OPTION_WAIT_MS, &sr, e);
	if (!rc)
		rc = target_write32(t, c->regs + H5_NSCCR, H5_ERRS, e);
	if (!rc)
		rc = option_unlock(t, optcr, H5_OPTLOCK, c->regs + H5_OPTKEYR, option_option_keys,
				   e);
	if (!rc)
		rc = h5_prepare(t, c, regs, n, e);
	if (!rc)
		rc = target_write32(t, optcr, H5_OPTSTRT, e);
	if (!rc)
		rc = option_wait(t, c->regs + H5_NSSR, H5_BUSY, OPTION_WAIT_MS, &sr, e);
	if (!rc)
		rc = option_refused(c->regs + H5_NSSR, sr, H5_ERRS, e);
	if (!rc)
		rc = target_write32(t, optcr, H5_OPTLOCK, e);
	return rc;
}

const struct option_writer option_writer_h5 = { h5_write };
