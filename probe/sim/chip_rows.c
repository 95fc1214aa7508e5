/* All chips of the bench. */
#include "probe/sim/chip_rows.h"

#include <string.h>

static const struct chip_row *const rows[] = {
	&chip_c031,  &chip_f042, &chip_f051,  &chip_f072, &chip_f091,  &chip_f100, &chip_f103,
	&chip_f103e, &chip_f107, &chip_f207,  &chip_f303, &chip_f303e, &chip_f401, &chip_f405,
	&chip_f411,  &chip_f429, &chip_f429i, &chip_f446, &chip_f722,  &chip_f746, &chip_g031,
	&chip_g071,  &chip_g0b1, &chip_g431,  &chip_g474, &chip_h503,  &chip_h533, &chip_h563,
	&chip_h723,  &chip_h743, &chip_h750,  &chip_h7a3, &chip_h7b0,  &chip_l031, &chip_l053,
	&chip_l152,  &chip_l432, &chip_l476,  &chip_l496, &chip_l4r5,  &chip_l552, &chip_u575,
	&chip_wb55,  &chip_wl55,
};

const struct chip_row *chip_nth(size_t n)
{
	return n < sizeof(rows) / sizeof(rows[0]) ? rows[n] : NULL;
}

const struct chip_row *chip_find(const char *name)
{
	const struct chip_row *row;
	size_t n;

	for (n = 0; (row = chip_nth(n)); n++)
		if (!strcasecmp(row->name, name))
			return row;
	return NULL;
}
