/* The rows of all chips, for the list in chip_rows.c. */
#ifndef SWDOCTOR_SIM_CHIP_ROWS_H
#define SWDOCTOR_SIM_CHIP_ROWS_H

#include "probe/sim/chip.h"

/* L4 and G4 (RM0351 9.2.1, RM0440 10.2.1): the boot loader sets it where BFB2 starts from bank 2.
 */
#define SYSCFG_FB_MODE                                                                             \
	{                                                                                          \
		0x40010000, 0x100, 0x100                                                           \
	}

extern const struct chip_row chip_c011, chip_c031, chip_c051, chip_c071, chip_c092, chip_f031,
	chip_f042, chip_f051, chip_f072, chip_f091, chip_f100, chip_f100e, chip_f103, chip_f103e,
	chip_f103g, chip_f103l, chip_f107, chip_f207, chip_f302, chip_f303, chip_f303e, chip_f334,
	chip_f373, chip_f401, chip_f401e, chip_f405, chip_f410, chip_f411, chip_f412, chip_f413,
	chip_f429, chip_f429i, chip_f446, chip_f469, chip_f722, chip_f746, chip_f767, chip_g031,
	chip_g051, chip_g071, chip_g0b1, chip_g431, chip_g474, chip_g491, chip_h503, chip_h533,
	chip_h563, chip_h723, chip_h743, chip_h750, chip_h7a3, chip_h7b0, chip_l011, chip_l031,
	chip_l053, chip_l073, chip_l152, chip_l152a, chip_l152c, chip_l152d, chip_l152e, chip_l412,
	chip_l432, chip_l452, chip_l476, chip_l496, chip_l4p5, chip_l4r5, chip_l552, chip_u031,
	chip_u083, chip_u385, chip_u3c5, chip_u535, chip_u575, chip_u595, chip_u5f9, chip_wb15,
	chip_wb35, chip_wb55, chip_wba25, chip_wba52, chip_wba65, chip_wl55;

#endif
