/* Reset and clock control of H7, U5, U3, WBA and H5 (RM0433, RM0455, RM0456, RM0481). */
#include "probe/sim/clocks.h"

#define MHZ CLOCKS_MHZ

static uint32_t reg_at(const uint32_t *reg, unsigned off)
{
	return reg[off / 4];
}

/* ---- H7 ---- */

static uint32_t h7_pll_hz(const uint32_t *reg, uint32_t hsi)
{
	uint32_t select = reg_at(reg, 0x28), divide = reg_at(reg, 0x30);
	uint32_t m = select >> 4 & 0x3f;
	uint32_t source = (select & 3) == 0 ? hsi : (select & 3) == 1 ? 4 * MHZ : CLOCKS_HSE;

	if (!m)
		return hsi;
	return source / m * ((divide & 0x1ff) + 1) / ((divide >> 9 & 0x7f) + 1);
}

static uint32_t h7_hz(const uint32_t *reg)
{
	uint32_t cr = reg_at(reg, 0x00), hsi = 64 * MHZ >> (cr >> 3 & 3), hz = hsi;

	switch (reg_at(reg, 0x10) & 7) {
	case 1:
		hz = 4 * MHZ;
		break;
	case 2:
		hz = CLOCKS_HSE;
		break;
	case 3:
		hz = h7_pll_hz(reg, hsi);
		break;
	default:
		break;
	}
	return clocks_divided(hz, reg_at(reg, 0x18) >> 8 & 0xf);
}

#define H7_COMMON                                                                                  \
	.base = 0x58024400,                                                                        \
	.at_reset = { { 0x00, 0x00004025 }, { 0x28, 0x02020200 }, { 0x30, 0x01010280 } },          \
	.follow = { { 0x00, 0, 2 },                                                                \
		    { 0x00, 7, 8 },                                                                \
		    { 0x00, 16, 17 },                                                              \
		    { 0x00, 24, 25 },                                                              \
		    { 0x74, 0, 1 } },                                                              \
	.switch_off = 0x10, .switch_bits = 3, .switch_status = 3, .clear_bit = 16,                 \
	.flag_bit = { [CLOCKS_BOR] = 21,      [CLOCKS_PIN] = 22,    [CLOCKS_POR] = 23,             \
		      [CLOCKS_SOFT] = 24,     [CLOCKS_IWDG] = 26,   [CLOCKS_WWDG] = 28,            \
		      [CLOCKS_LOWPOWER] = 30, [CLOCKS_OPTIONS] = -1 },                             \
	.core_hz = h7_hz

const struct clocks_row clocks_h7 = { H7_COMMON, .flags_off = 0xd0 };
const struct clocks_row clocks_h7a3 = { H7_COMMON, .flags_off = 0x130 };

/* ---- U5 ---- */

/* PLL1SRC is MSIS, HSI16 or HSE; the core gets PLL1R. */
static uint32_t u5_pll_hz(const uint32_t *reg, uint32_t msi)
{
	uint32_t config = reg_at(reg, 0x28), divide = reg_at(reg, 0x34);
	uint32_t source = (config & 3) == 3 ? CLOCKS_HSE : (config & 3) == 2 ? 16 * MHZ : msi;

	return source / ((config >> 8 & 0xf) + 1) * ((divide & 0x1ff) + 1) /
	       ((divide >> 24 & 0x7f) + 1);
}

static uint32_t u5_hz(const uint32_t *reg)
{
	uint32_t msi = 4 * MHZ, hz = msi;

	switch (reg_at(reg, 0x1c) & 3) {
	case 1:
		hz = 16 * MHZ;
		break;
	case 2:
		hz = CLOCKS_HSE;
		break;
	case 3:
		hz = u5_pll_hz(reg, msi);
		break;
	default:
		break;
	}
	return clocks_divided(hz, reg_at(reg, 0x20) & 0xf);
}

#define U5_COMMON                                                                                  \
	.switch_off = 0x1c, .switch_bits = 2, .switch_status = 2, .flags_off = 0xf4,               \
	.clear_bit = 23,                                                                           \
	.flag_bit = { [CLOCKS_BOR] = 27,      [CLOCKS_PIN] = 26,    [CLOCKS_POR] = -1,             \
		      [CLOCKS_SOFT] = 28,     [CLOCKS_IWDG] = 29,   [CLOCKS_WWDG] = 30,            \
		      [CLOCKS_LOWPOWER] = 31, [CLOCKS_OPTIONS] = 25 }

#define U5_FOLLOW                                                                                  \
	{                                                                                          \
		{ 0x00, 0, 2 }, { 0x00, 8, 10 }, { 0x00, 16, 17 },                                 \
		{                                                                                  \
			0x00, 24, 25                                                               \
		}                                                                                  \
	}

const struct clocks_row clocks_u5 = {
	U5_COMMON,
	.base = 0x46020c00,
	.at_reset = { { 0x00, 0x00000035 }, { 0x34, 0x01010280 }, { 0x88, 0xd0200100 } },
	.follow = U5_FOLLOW,
	.core_hz = u5_hz,
};

/* U3 begins with its MSI at 12 MHz, WBA with HSI16 (RM0487, RM0493); neither has a PLL here. */
static uint32_t u3_hz(const uint32_t *reg)
{
	uint32_t source = reg_at(reg, 0x1c) & 3;

	return clocks_divided(source ? 16 * MHZ : 12 * MHZ, reg_at(reg, 0x20) & 0xf);
}

static uint32_t wba_hz(const uint32_t *reg)
{
	uint32_t source = reg_at(reg, 0x1c) & 3;

	return clocks_divided(source == 2 ? 32 * MHZ : 16 * MHZ, reg_at(reg, 0x20) & 0xf);
}

const struct clocks_row clocks_u3 = {
	U5_COMMON,	     .base = 0x40030c00, .at_reset = { { 0x00, 0x00000035 } },
	.follow = U5_FOLLOW, .core_hz = u3_hz,
};

const struct clocks_row clocks_wba = {
	U5_COMMON,	     .base = 0x46020c00, .at_reset = { { 0x00, 0x00000500 } },
	.follow = U5_FOLLOW, .core_hz = wba_hz,
};

/* ---- H5 (RM0481) ---- */

/* PLL1SRC is HSI, CSI or HSE; the core gets PLL1P. */
static uint32_t h5_pll_hz(const uint32_t *reg, uint32_t hsi)
{
	uint32_t config = reg_at(reg, 0x28), divide = reg_at(reg, 0x34), m = config >> 8 & 0x3f;
	uint32_t source = (config & 3) == 3 ? CLOCKS_HSE : (config & 3) == 2 ? 4 * MHZ : hsi;

	if (!m || !(config & 3))
		return hsi;
	return source / m * ((divide & 0x1ff) + 1) / ((divide >> 9 & 0x7f) + 1);
}

static uint32_t h5_hz(const uint32_t *reg)
{
	uint32_t hsi = 64 * MHZ >> (reg_at(reg, 0x00) >> 3 & 3), hz = hsi;

	switch (reg_at(reg, 0x1c) & 3) {
	case 1:
		hz = 4 * MHZ;
		break;
	case 2:
		hz = CLOCKS_HSE;
		break;
	case 3:
		hz = h5_pll_hz(reg, hsi);
		break;
	default:
		break;
	}
	return clocks_divided(hz, reg_at(reg, 0x20) & 0xf);
}

const struct clocks_row clocks_h5 = {
	.base = 0x44020c00,
	.at_reset = { { 0x00, 0x0000002b }, { 0x34, 0x01010280 }, { 0x88, 0xd0000100 } },
	.follow = { { 0x00, 0, 1 }, { 0x00, 8, 9 }, { 0x00, 16, 17 }, { 0x00, 24, 25 } },
	.switch_off = 0x1c,
	.switch_bits = 2,
	.switch_status = 3,
	.flags_off = 0xf4,
	.clear_bit = 23,
	.flag_bit = { [CLOCKS_BOR] = 27,
		      [CLOCKS_PIN] = 26,
		      [CLOCKS_POR] = -1,
		      [CLOCKS_SOFT] = 28,
		      [CLOCKS_IWDG] = 29,
		      [CLOCKS_WWDG] = 30,
		      [CLOCKS_LOWPOWER] = 31,
		      [CLOCKS_OPTIONS] = -1 },
	.core_hz = h5_hz,
};
