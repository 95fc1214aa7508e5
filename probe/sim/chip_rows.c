/* All chips of the bench. */
#include "probe/sim/chip_rows.h"

#include <string.h>

static const struct chip_row *const rows[] = { &chip_f051, &chip_f103, &chip_f103e, &chip_f303,
					       &chip_f405, &chip_g071, &chip_g431,  &chip_h743,
					       &chip_l053, &chip_l476, &chip_u575 };

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
