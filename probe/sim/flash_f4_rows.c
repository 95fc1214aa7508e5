/* F2, F4 and F7: how long a sector takes, and what options choose (RM0090, RM0390, RM0430, RM0410).
 */
#include "probe/sim/flash_f4.h"

/* DS8626 table 40; x64 needs an external supply. Published sessions erase faster than typical. */
#define F4_TIMES                                                                                   \
	.sector = { { 0x4000, { 400, 300, 250, 230 } },                                            \
		    { 0x10000, { 1200, 700, 550, 490 } },                                          \
		    { 0x20000, { 2000, 1300, 1000, 875 } } },                                      \
	.factor = 0.83

#define SPRMOD 0x80000000u

/* Open, no sector protected, no brown-out reset, software watchdog. */
const struct flash_f4_facts flash_f4_f4 = { F4_TIMES, .factory = 0x0fffaaec };
const struct flash_f4_facts flash_f4_pcrop = { F4_TIMES, .factory = 0x0fffaaec,
					       .pcrop_bit = SPRMOD };
const struct flash_f4_facts flash_f4_f413 = { F4_TIMES, .factory = 0x7fffaaec, .pcrop_bit = SPRMOD,
					      .wrp_last = 14 };
const struct flash_f4_facts flash_f4_f4_dual = { F4_TIMES, .bank_sectors = 12,
						 .factory = 0x0fffaaec, .factory1 = 0x0fff0000,
						 .pcrop_bit = SPRMOD };
const struct flash_f4_facts flash_f4_f42_1m = { F4_TIMES,
						.bank_sectors = 8,
						.dual_bit = 0x40000000, /* DB1M */
						.factory = 0x0fffaaec,
						.factory1 = 0x0fff0000,
						.pcrop_bit = SPRMOD };

/* DS10916 table 49. Sectors of the two banks of F76x are those of F4, and take as long. */
#define F7_TIMES                                                                                   \
	.sector = { { 0x8000, { 400, 250, 200, 190 } },                                            \
		    { 0x20000, { 1100, 800, 500, 475 } },                                          \
		    { 0x40000, { 2100, 1400, 1000, 950 } } },                                      \
	.factor = 1

#define F7_BOOT 0x00400080u /* from flash by ITCM, or from the boot loader */

const struct flash_f4_facts flash_f4_f7 = { F7_TIMES, .factory = 0xc0ffaafc, .wwdg_bit = 0x10,
					    .factory1 = F7_BOOT };
const struct flash_f4_facts flash_f4_f76 = {
	F7_TIMES,

	.bank_sectors = 12, .dual_bit = 0x20000000, /* nDBANK */
	.dual_low = true,   .wrp_pairs = true,	    .factory = 0xffffaafc,
	.wwdg_bit = 0x10,   .factory1 = F7_BOOT
};
const struct flash_f4_facts flash_f4_f72 = { F4_TIMES, .pcrop_in_optcr2 = true,
					     .factory = 0xc0ffaafc, .wwdg_bit = 0x10,
					     .factory1 = F7_BOOT };
