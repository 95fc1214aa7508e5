/* Reset and clock control of L0, L1, L4, G0, G4, C0 and WB (RM0367, RM0038, RM0351, RM0444, RM0440,
 * RM0490, RM0434). */
#include "probe/sim/clocks.h"

#define MHZ CLOCKS_MHZ
#define HSI (16 * MHZ)

#define FLAGS_WITHOUT_POR                                                                          \
	{                                                                                          \
		[CLOCKS_BOR] = 27, [CLOCKS_PIN] = 26, [CLOCKS_POR] = -1, [CLOCKS_SOFT] = 28,       \
		[CLOCKS_IWDG] = 29, [CLOCKS_WWDG] = 30, [CLOCKS_LOWPOWER] = 31,                    \
		[CLOCKS_OPTIONS] = 25                                                              \
	}

static uint32_t reg_at(const uint32_t *reg, unsigned off)
{
	return reg[off / 4];
}

/* ---- L0, L1 ---- */

static uint32_t l0_l1_hz(const uint32_t *reg, uint32_t cfgr)
{
	uint32_t range = reg_at(reg, 0x04) >> 13 & 7;
	static const uint8_t mul[] = { 3, 4, 6, 8, 12, 16, 24, 32, 48 };
	uint32_t factor = cfgr >> 18 & 0xf, hz = 65536u << (range > 6 ? 6 : range);

	if ((cfgr & 3) == 1)
		hz = HSI;
	else if ((cfgr & 3) == 2)
		hz = CLOCKS_HSE;
	else if ((cfgr & 3) == 3)
		hz = (cfgr >> 16 & 1 ? CLOCKS_HSE : HSI) * mul[factor > 8 ? 8 : factor] /
		     ((cfgr >> 22 & 3) + 1);
	return clocks_divided(hz, cfgr >> 4 & 0xf);
}

static uint32_t l0_hz(const uint32_t *reg)
{
	return l0_l1_hz(reg, reg_at(reg, 0x0c));
}

static uint32_t l1_hz(const uint32_t *reg)
{
	return l0_l1_hz(reg, reg_at(reg, 0x08));
}

const struct clocks_row clocks_l0 = {
	.base = 0x40021000,
	.at_reset = { { 0x00, 0x00000300 }, { 0x04, 0x0000b000 }, { 0x30, 0x00000100 } },
	.follow = { { 0x00, 0, 2 },
		    { 0x00, 8, 9 },
		    { 0x00, 16, 17 },
		    { 0x00, 24, 25 },
		    { 0x50, 0, 1 } },
	.switch_off = 0x0c,
	.switch_bits = 2,
	.switch_status = 2,
	.flags_off = 0x50,
	.clear_bit = 23,
	.flag_bit = { [CLOCKS_BOR] = -1,
		      [CLOCKS_PIN] = 26,
		      [CLOCKS_POR] = 27,
		      [CLOCKS_SOFT] = 28,
		      [CLOCKS_IWDG] = 29,
		      [CLOCKS_WWDG] = 30,
		      [CLOCKS_LOWPOWER] = 31,
		      [CLOCKS_OPTIONS] = 25 },
	.core_hz = l0_hz,
};

const struct clocks_row clocks_l1 = {
	.base = 0x40023800,
	.at_reset = { { 0x00, 0x00000300 }, { 0x04, 0x0000b000 }, { 0x1c, 0x00008000 } },
	.follow = { { 0x00, 0, 1 },
		    { 0x00, 8, 9 },
		    { 0x00, 16, 17 },
		    { 0x00, 24, 25 },
		    { 0x34, 0, 1 } },
	.switch_off = 0x08,
	.switch_bits = 2,
	.switch_status = 2,
	.flags_off = 0x34,
	.clear_bit = 24,
	.flag_bit = { [CLOCKS_BOR] = -1,
		      [CLOCKS_PIN] = 26,
		      [CLOCKS_POR] = 27,
		      [CLOCKS_SOFT] = 28,
		      [CLOCKS_IWDG] = 29,
		      [CLOCKS_WWDG] = 30,
		      [CLOCKS_LOWPOWER] = 31,
		      [CLOCKS_OPTIONS] = 25 },
	.core_hz = l1_hz,
};

/* ---- L4, G4, WB ---- */

static uint32_t msi_hz(uint32_t cr, uint32_t csr)
{
	static const uint16_t khz[] = { 100,  200,  400,   800,	  1000,	 2000,
					4000, 8000, 16000, 24000, 32000, 48000 };
	uint32_t range = cr & 8 ? cr >> 4 & 0xf : csr >> 8 & 0xf;

	return khz[range > 11 ? 11 : range] * 1000u;
}

static uint32_t pll_r_hz(uint32_t source_hz, uint32_t m, uint32_t pllcfgr)
{
	return source_hz / m * (pllcfgr >> 8 & 0x7f) / (2 * ((pllcfgr >> 25 & 3) + 1));
}

static uint32_t l4_wb_hz(const uint32_t *reg, uint32_t msi)
{
	uint32_t cfgr = reg_at(reg, 0x08), pll = reg_at(reg, 0x0c), hz = msi;

	if ((cfgr & 3) == 1)
		hz = HSI;
	else if ((cfgr & 3) == 2)
		hz = CLOCKS_HSE;
	else if ((cfgr & 3) == 3)
		hz = pll_r_hz((pll & 3) == 1   ? msi
			      : (pll & 3) == 3 ? CLOCKS_HSE
					       : HSI,
			      (pll >> 4 & 7) + 1, pll);
	return clocks_divided(hz, cfgr >> 4 & 0xf);
}

static uint32_t l4_hz(const uint32_t *reg)
{
	return l4_wb_hz(reg, msi_hz(reg_at(reg, 0x00), reg_at(reg, 0x94)));
}

/* The range is always CR's. */
static uint32_t wb_hz(const uint32_t *reg)
{
	return l4_wb_hz(reg, msi_hz(reg_at(reg, 0x00) | 8, 0));
}

const struct clocks_row clocks_l4 = {
	.base = 0x40021000,
	.at_reset = { { 0x00, 0x00000063 },
		      { 0x0c, 0x00001000 },
		      { 0x48, 0x00000100 },
		      { 0x94, 0x00000600 } },
	.follow = { { 0x00, 0, 1 },
		    { 0x00, 8, 10 },
		    { 0x00, 16, 17 },
		    { 0x00, 24, 25 },
		    { 0x94, 0, 1 } },
	.switch_off = 0x08,
	.switch_bits = 2,
	.switch_status = 2,
	.flags_off = 0x94,
	.clear_bit = 23,
	.flag_bit = FLAGS_WITHOUT_POR,
	.core_hz = l4_hz,
};

const struct clocks_row clocks_wb = {
	.base = 0x58000000,
	.at_reset = { { 0x00, 0x00000063 }, { 0x0c, 0x22040100 } },
	.follow = { { 0x00, 0, 1 },
		    { 0x00, 8, 10 },
		    { 0x00, 16, 17 },
		    { 0x00, 24, 25 },
		    { 0x94, 0, 1 } },
	.switch_off = 0x08,
	.switch_bits = 2,
	.switch_status = 2,
	.flags_off = 0x94,
	.clear_bit = 23,
	.flag_bit = FLAGS_WITHOUT_POR,
	.core_hz = wb_hz,
};

static uint32_t g4_hz(const uint32_t *reg)
{
	uint32_t cfgr = reg_at(reg, 0x08), pll = reg_at(reg, 0x0c), hz = HSI;

	if ((cfgr & 3) == 2)
		hz = CLOCKS_HSE;
	else if ((cfgr & 3) == 3)
		hz = pll_r_hz((pll & 3) == 3 ? CLOCKS_HSE : HSI, (pll >> 4 & 0xf) + 1, pll);
	return clocks_divided(hz, cfgr >> 4 & 0xf);
}

const struct clocks_row clocks_g4 = {
	.base = 0x40021000,
	.at_reset = { { 0x00, 0x00000500 },
		      { 0x08, 0x00000005 },
		      { 0x0c, 0x00001000 },
		      { 0x48, 0x00000100 } },
	.follow = { { 0x00, 8, 10 }, { 0x00, 16, 17 }, { 0x00, 24, 25 }, { 0x94, 0, 1 } },
	.switch_off = 0x08,
	.switch_bits = 2,
	.switch_status = 2,
	.flags_off = 0x94,
	.clear_bit = 23,
	.flag_bit = FLAGS_WITHOUT_POR,
	.core_hz = g4_hz,
};

/* ---- G0 ---- */

static uint32_t g0_hz(const uint32_t *reg)
{
	uint32_t cfgr = reg_at(reg, 0x08), pll = reg_at(reg, 0x0c);
	uint32_t hz = HSI >> (reg_at(reg, 0x00) >> 11 & 7);

	if ((cfgr & 7) == 1)
		hz = CLOCKS_HSE;
	else if ((cfgr & 7) == 2)
		hz = ((pll & 3) == 3 ? CLOCKS_HSE : HSI) / ((pll >> 4 & 7) + 1) *
		     (pll >> 8 & 0x7f) / ((pll >> 29 & 7) + 1);
	return clocks_divided(hz, cfgr >> 8 & 0xf);
}

const struct clocks_row clocks_g0 = {
	.base = 0x40021000,
	.at_reset = { { 0x00, 0x00000500 }, { 0x0c, 0x00001000 }, { 0x38, 0x00000100 } },
	.follow = { { 0x00, 8, 10 }, { 0x00, 16, 17 }, { 0x00, 24, 25 }, { 0x60, 0, 1 } },
	.switch_off = 0x08,
	.switch_bits = 3,
	.switch_status = 3,
	.flags_off = 0x60,
	.clear_bit = 23,
	.flag_bit = FLAGS_WITHOUT_POR,
	.core_hz = g0_hz,
};

/* ---- C0: 48 MHz, divided by four after a reset ---- */

static uint32_t c0_hz(const uint32_t *reg)
{
	uint32_t cfgr = reg_at(reg, 0x08), hz = 48 * MHZ >> (reg_at(reg, 0x00) >> 11 & 7);

	return clocks_divided((cfgr & 7) == 1 ? CLOCKS_HSE : hz, cfgr >> 8 & 0xf);
}

const struct clocks_row clocks_c0 = {
	.base = 0x40021000,
	.at_reset = { { 0x00, 0x00001540 }, { 0x38, 0x00000100 } },
	.follow = { { 0x00, 8, 10 }, { 0x00, 16, 17 }, { 0x60, 0, 1 } },
	.switch_off = 0x08,
	.switch_bits = 3,
	.switch_status = 3,
	.flags_off = 0x60,
	.clear_bit = 23,
	.flag_bit = FLAGS_WITHOUT_POR,
	.core_hz = c0_hz,
};
