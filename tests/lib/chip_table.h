/* The shipped table of chips, loaded once for all tests of a file. */
#ifndef SWDOCTOR_TESTS_CHIP_TABLE_H
#define SWDOCTOR_TESTS_CHIP_TABLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flash/chip.h"

static struct chips chips;

static inline int load(void **state)
{
	struct err e = { 0 };

	(void)state;
	if (chips_load(NULL, &chips, &e))
		fail_msg("%s", e.text);
	return 0;
}

static inline int unload(void **state)
{
	(void)state;
	chips_done(&chips);
	return 0;
}

#endif
