/* The registers of the H7 flash controllers, and one that is open. */
#ifndef SWDOCTOR_TESTS_H7_PART_H
#define SWDOCTOR_TESTS_H7_PART_H

#include "tests/lib/flash_part.h"

enum {
	H7_KEYR = 0x04,
	H7_OPTKEYR = 0x08,
	H7_CR = 0x0c,
	H7_SR = 0x10,
	H7_CCR = 0x14,
	H7_OPTCR = 0x18,
	H7_OPTSR_CUR = 0x1c,
	H7_OPTSR_PRG = 0x20,
	H7_OPTCCR = 0x24,
	H7_PRAR = 0x28,
	H7_PRAR_PRG = 0x2c,
	H7_WPSN = 0x38,
	H7_WPSN_PRG = 0x3c,
	H7_BANK2 = 0x100
};

static inline void h7_open(struct part *p, const char *chip)
{
	part_init(p, chip);
	put(p, H7_KEYR, KEY1);
	put(p, H7_KEYR, KEY2);
	assert_int_equal(get(p, H7_CR) & 1, 0);
}

#endif
