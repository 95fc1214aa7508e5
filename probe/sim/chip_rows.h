/* The rows of all chips, for the list in chip_rows.c. */
#ifndef SWDOCTOR_SIM_CHIP_ROWS_H
#define SWDOCTOR_SIM_CHIP_ROWS_H

#include "probe/sim/chip.h"

extern const struct chip_row chip_f042, chip_f051, chip_f072, chip_f091, chip_f100, chip_f103,
	chip_f103e, chip_f107;
extern const struct chip_row chip_f207, chip_f303, chip_f303e, chip_f401, chip_f405, chip_f411,
	chip_f429, chip_f429i, chip_f446;
extern const struct chip_row chip_f722, chip_f746, chip_g031, chip_g071, chip_g0b1, chip_g431,
	chip_g474, chip_c031;
extern const struct chip_row chip_h503, chip_h533, chip_h563, chip_h723, chip_h743, chip_h750,
	chip_h7a3, chip_h7b0;
extern const struct chip_row chip_l031, chip_l053, chip_l152, chip_l432, chip_l476, chip_l496,
	chip_l4r5;
extern const struct chip_row chip_l552, chip_u575, chip_wb55, chip_wl55;

#endif
