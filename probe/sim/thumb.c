/* Facts about Thumb instructions, by their encoding. */
#include "probe/sim/thumb.h"

/* ---- 16 bits: the first row that fits ---- */

struct row {
	uint16_t mask, is;
	struct thumb_op op;
};

#define PLAIN(level, cost)                                                                         \
	{                                                                                          \
		THUMB_PLAIN, level, cost, 0                                                        \
	}
#define SPECIAL(kind, level)                                                                       \
	{                                                                                          \
		kind, level, THUMB_ALU, 0                                                          \
	}

static const struct row narrow[] = {
	{ 0xf800, 0x4800, PLAIN(THUMB_V6M, THUMB_LOAD) },  /* LDR (literal) */
	{ 0xf800, 0x5800, PLAIN(THUMB_V6M, THUMB_LOAD) },  /* LDR, LDRH, LDRB, LDRSH by register */
	{ 0xfe00, 0x5600, PLAIN(THUMB_V6M, THUMB_LOAD) },  /* LDRSB by register */
	{ 0xf000, 0x5000, PLAIN(THUMB_V6M, THUMB_STORE) }, /* the rest by register */
	{ 0xe800, 0x6800, PLAIN(THUMB_V6M, THUMB_LOAD) },  /* LDR, LDRB */
	{ 0xe800, 0x6000, PLAIN(THUMB_V6M, THUMB_STORE) },
	{ 0xe800, 0x8800, PLAIN(THUMB_V6M, THUMB_LOAD) }, /* LDRH, LDR SP */
	{ 0xe800, 0x8000, PLAIN(THUMB_V6M, THUMB_STORE) },
	{ 0xf500, 0xb100, PLAIN(THUMB_V7M, THUMB_ALU) },      /* CBZ, CBNZ */
	{ 0xfe00, 0xb400, PLAIN(THUMB_V6M, THUMB_MULTIPLE) }, /* PUSH */
	{ 0xfe00, 0xbc00, PLAIN(THUMB_V6M, THUMB_MULTIPLE) }, /* POP */
	{ 0xffc0, 0xba80, SPECIAL(THUMB_UDF, THUMB_V6M) },
	{ 0xff00, 0xb700, SPECIAL(THUMB_UDF, THUMB_V6M) },
	{ 0xff00, 0xbe00, SPECIAL(THUMB_BKPT, THUMB_V6M) },
	{ 0xffff, 0xbf20, SPECIAL(THUMB_WFE, THUMB_V6M) },
	{ 0xffff, 0xbf30, SPECIAL(THUMB_WFI, THUMB_V6M) },
	{ 0xff0f, 0xbf00, PLAIN(THUMB_V6M, THUMB_ALU) }, /* NOP, YIELD, SEV */
	{ 0xff00, 0xbf00, SPECIAL(THUMB_IT, THUMB_V7M) },
	{ 0xf000, 0xc000, PLAIN(THUMB_V6M, THUMB_MULTIPLE) }, /* LDM, STM */
	{ 0xff00, 0xde00, SPECIAL(THUMB_UDF, THUMB_V6M) },
	{ 0xff00, 0xdf00, SPECIAL(THUMB_SVC, THUMB_V6M) },
	{ 0x0000, 0x0000, PLAIN(THUMB_V6M, THUMB_ALU) },
};

static uint8_t count_bits(unsigned bits)
{
	return (uint8_t)__builtin_popcount(bits);
}

/* The mask ends with a one behind the last condition (A7.3.2). */
static uint8_t it_length(uint16_t op)
{
	return (uint8_t)(4 - __builtin_ctz(op & 0xf));
}

struct thumb_op thumb_narrow(uint16_t op)
{
	const struct row *r = narrow;
	struct thumb_op ret;

	while ((op & r->mask) != r->is)
		r++;
	ret = r->op;
	if (ret.cost == THUMB_MULTIPLE) /* PUSH and POP have one more register in bit 8 */
		ret.words = count_bits(op >> 12 == 0xb ? op & 0x1ff : op & 0xff);
	else if (ret.kind == THUMB_IT)
		ret.words = it_length(op);
	return ret;
}

/* ---- 32 bits, by the groups of A5.3 ---- */

static struct thumb_op plain(enum thumb_level level, enum thumb_cost cost)
{
	return (struct thumb_op){ THUMB_PLAIN, (uint8_t)level, (uint8_t)cost, 0 };
}

static struct thumb_op special(enum thumb_kind kind, enum thumb_level level)
{
	return (struct thumb_op){ (uint8_t)kind, (uint8_t)level, THUMB_ALU, 0 };
}

static struct thumb_op wide_load_store_several(uint16_t first, uint16_t second)
{
	struct thumb_op op = plain(THUMB_V7M, THUMB_MULTIPLE);

	if (!(first & 0x0040))
		op.words = count_bits(second); /* LDM, STM */
	else if ((first & 0xfff0) == 0xe8d0 && (second & 0xfff0) == 0xf000)
		op = plain(THUMB_V7M, THUMB_LOAD); /* TBB, TBH */
	else
		op.words = 2; /* LDRD, STRD, and the exclusive ones */
	return op;
}

static struct thumb_op wide_control(uint16_t first, uint16_t second)
{
	if ((second & 0xd000) == 0xd000)
		return plain(THUMB_V6M, THUMB_ALU); /* BL */
	if ((second & 0xd000) == 0x9000 || (first & 0x0380) != 0x0380)
		return plain(THUMB_V7M, THUMB_ALU); /* B.W, with and without condition */
	if ((first & 0xfff0) == 0xf7f0)
		return special(THUMB_UDF, THUMB_V6M);
	if (first == 0xf3af && second == 0x8002)
		return special(THUMB_WFE, THUMB_V7M);
	if (first == 0xf3af && second == 0x8003)
		return special(THUMB_WFI, THUMB_V7M);
	if ((first & 0xfff0) == 0xf3a0 || (second & 0xfff0) == 0x8f20)
		return plain(THUMB_V7M, THUMB_ALU); /* hints, CLREX */
	return plain(THUMB_V6M, THUMB_ALU);	    /* MSR, MRS, DSB, DMB, ISB */
}

static struct thumb_op wide_immediate(uint16_t first, uint16_t second)
{
	bool saturate16 =
		((first & 0xfff0) == 0xf320 || (first & 0xfff0) == 0xf3a0) && !(second & 0x70c0);

	return plain(saturate16 ? THUMB_DSP : THUMB_V7M, THUMB_ALU);
}

static struct thumb_op wide_register(uint16_t first, uint16_t second)
{
	unsigned op1 = first >> 4 & 0xf, op2 = second >> 4 & 0xf;
	bool dsp;

	if (op1 < 8)
		dsp = op2 & 8 &&
		      ((first & 0xf) != 0xf || op1 == 2 || op1 == 3); /* extend (and add) */
	else
		dsp = !(op2 & 8) || op1 == 8 || op1 == 10; /* parallel; QADD and its like; SEL */
	return plain(dsp ? THUMB_DSP : THUMB_V7M, THUMB_ALU);
}

static struct thumb_op wide_multiply(uint16_t first, uint16_t second)
{
	unsigned op1 = first >> 4 & 7, op2 = second >> 4 & 0xf;

	if (!(first & 0x80))
		return plain(op1 ? THUMB_DSP : THUMB_V7M, THUMB_ALU);
	if (op1 == 1 || op1 == 3)
		return plain(THUMB_V7M, THUMB_DIV);
	return plain(op2 || op1 == 5 ? THUMB_DSP : THUMB_V7M, THUMB_MUL_LONG);
}

static struct thumb_op wide_coprocessor(uint16_t first, uint16_t second)
{
	unsigned number = second >> 8 & 0xf;

	if (number != 10 && number != 11)
		return special(THUMB_UDF, THUMB_V6M);
	/* Loads and stores of registers have bit 25 clear; everything else calculates or moves. */
	return plain(THUMB_FPU, first & 0x0200 ? THUMB_ALU : THUMB_LOAD);
}

struct thumb_op thumb_wide(uint16_t first, uint16_t second)
{
	if ((first & 0xfe00) == 0xe800)
		return wide_load_store_several(first, second);
	if ((first & 0xfe00) == 0xea00) /* PKHBT and PKHTB are the only ones of their group */
		return plain((first & 0xfff0) == 0xeac0 ? THUMB_DSP : THUMB_V7M, THUMB_ALU);
	if ((first & 0xec00) == 0xec00)
		return wide_coprocessor(first, second);
	if ((first & 0xf800) == 0xf000)
		return second & 0x8000 ? wide_control(first, second)
				       : wide_immediate(first, second);
	if ((first & 0xfe00) == 0xf800)
		return plain(THUMB_V7M, first & 0x0010 ? THUMB_LOAD : THUMB_STORE);
	if ((first & 0xff00) == 0xfa00)
		return wide_register(first, second);
	return wide_multiply(first, second);
}
