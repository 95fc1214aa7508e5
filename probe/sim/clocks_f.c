/* Reset and clock control of F0, F1, F3 and F4 (RM0091, RM0008, RM0316, RM0090). */
#include "probe/sim/clocks.h"

#define MHZ CLOCKS_MHZ

/* ---- F0, F1, F3: one layout, and a PLL that multiplies half of the HSI ---- */

static uint32_t f1_hz(const uint32_t *reg)
{
	uint32_t cfgr = reg[1];
	uint32_t mul = (cfgr >> 18 & 0xf) + 2, hz = 8 * MHZ;

	if ((cfgr & 3) == 1)
		hz = CLOCKS_HSE;
	else if ((cfgr & 3) == 2)
		hz = (cfgr >> 16 & 1 ? CLOCKS_HSE / (1 + (cfgr >> 17 & 1)) : 4 * MHZ) *
		     (mul > 16 ? 16 : mul);
	return clocks_divided(hz, cfgr >> 4 & 0xf);
}

#define F1_LAYOUT                                                                                  \
	.base = 0x40021000,                                                                        \
	.follow = { { 0x00, 0, 1 }, { 0x00, 16, 17 }, { 0x00, 24, 25 }, { 0x24, 0, 1 } },          \
	.switch_off = 0x04, .switch_bits = 2, .switch_status = 2, .flags_off = 0x24,               \
	.clear_bit = 24, .core_hz = f1_hz

const struct clocks_row clocks_f1 = {
	F1_LAYOUT,
	.at_reset = { { 0x00, 0x00000083 }, { 0x14, 0x00000014 } },
	.flag_bit = { [CLOCKS_BOR] = -1,
		      [CLOCKS_PIN] = 26,
		      [CLOCKS_POR] = 27,
		      [CLOCKS_SOFT] = 28,
		      [CLOCKS_IWDG] = 29,
		      [CLOCKS_WWDG] = 30,
		      [CLOCKS_LOWPOWER] = 31,
		      [CLOCKS_OPTIONS] = -1 },
};

#define F0_FLAGS                                                                                   \
	{                                                                                          \
		[CLOCKS_BOR] = -1, [CLOCKS_PIN] = 26, [CLOCKS_POR] = 27, [CLOCKS_SOFT] = 28,       \
		[CLOCKS_IWDG] = 29, [CLOCKS_WWDG] = 30, [CLOCKS_LOWPOWER] = 31,                    \
		[CLOCKS_OPTIONS] = 25                                                              \
	}

const struct clocks_row clocks_f0 = {
	F1_LAYOUT,
	.at_reset = { { 0x00, 0x00000083 }, { 0x14, 0x00000014 } },
	.flag_bit = F0_FLAGS,
};

const struct clocks_row clocks_f3 = {
	F1_LAYOUT,
	.at_reset = { { 0x00, 0x00000083 }, { 0x14, 0x00000014 } },
	.flag_bit = F0_FLAGS,
};

/* ---- F4 ---- */

static uint32_t f4_hz(const uint32_t *reg)
{
	uint32_t pll = reg[1], cfgr = reg[2], hz = 16 * MHZ;
	uint32_t m = pll & 0x3f, n = pll >> 6 & 0x1ff, p = 2 * ((pll >> 16 & 3) + 1);

	if ((cfgr & 3) == 1)
		hz = CLOCKS_HSE;
	else if ((cfgr & 3) == 2 && m)
		hz = (pll >> 22 & 1 ? CLOCKS_HSE : 16 * MHZ) / m * n / p;
	return clocks_divided(hz, cfgr >> 4 & 0xf);
}

const struct clocks_row clocks_f4 = {
	.base = 0x40023800,
	.at_reset = { { 0x00, 0x00000083 }, { 0x04, 0x24003010 }, { 0x30, 0x00100000 } },
	.follow = { { 0x00, 0, 1 }, { 0x00, 16, 17 }, { 0x00, 24, 25 }, { 0x74, 0, 1 } },
	.switch_off = 0x08,
	.switch_bits = 2,
	.switch_status = 2,
	.flags_off = 0x74,
	.clear_bit = 24,
	.flag_bit = { [CLOCKS_BOR] = 25,
		      [CLOCKS_PIN] = 26,
		      [CLOCKS_POR] = 27,
		      [CLOCKS_SOFT] = 28,
		      [CLOCKS_IWDG] = 29,
		      [CLOCKS_WWDG] = 30,
		      [CLOCKS_LOWPOWER] = 31,
		      [CLOCKS_OPTIONS] = -1 },
	.core_hz = f4_hz,
};
