/* The rows of all chips, for the list in chip_rows.c. */
#ifndef SWDOCTOR_SIM_CHIP_ROWS_H
#define SWDOCTOR_SIM_CHIP_ROWS_H

#include "probe/sim/chip.h"

extern const struct chip_row chip_f051, chip_f103, chip_f103e, chip_f303, chip_f405;
extern const struct chip_row chip_l053, chip_l476, chip_g071, chip_g431;
extern const struct chip_row chip_h743, chip_u575;

#endif
