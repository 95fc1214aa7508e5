/*
 * The programs that scenarios run on the target: real Thumb code for every core, built from a list
 * of stores and an ending.
 */
#ifndef SWDOCTOR_SIM_PROGRAM_H
#define SWDOCTOR_SIM_PROGRAM_H

#include "probe/sim/scenario.h"

#define PROGRAM_MAX 512

/* Fills `ret` (PROGRAM_MAX bytes) with a vector table and the program; returns the bytes used. */
size_t program_build(const struct chip_row *chip, enum program_kind kind, unsigned after_ms,
		     uint32_t core_hz, uint8_t *ret);

#endif
