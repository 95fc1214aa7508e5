/*
 * The memory protection unit of a core: its registers, and whether it lets the core execute
 * somewhere. Data accesses of the core are not checked, and those of a debugger never are: they
 * come from the access port, beside the unit.
 */
#ifndef SWDOCTOR_SIM_MPU_H
#define SWDOCTOR_SIM_MPU_H

#include <stdbool.h>
#include <stdint.h>

#define MPU_REGIONS_MAX 8

struct mpu {
	unsigned regions; /* a fact of the chip; 0: there is none, and all reads as zero */
	bool v8;	  /* ARMv8-M: regions with a first and a last address */
	uint32_t ctrl, number;
	struct {
		uint32_t base, rest; /* MPU_RBAR; MPU_RASR, or MPU_RLAR of ARMv8-M */
	} region[MPU_REGIONS_MAX];
};

void mpu_reset(struct mpu *m);
/* By offset in the system control space; false: no register of the unit. */
bool mpu_read(const struct mpu *m, uint32_t off, uint32_t *ret);
bool mpu_write(struct mpu *m, uint32_t off, uint32_t value);
/* The core may not fetch an instruction there. */
bool mpu_forbids_fetch(const struct mpu *m, uint32_t addr);

#endif
