/*
 * Peripheral registers that do nothing but remember: a sparse store of words by address, so that
 * whatever a program or a tool configures reads back. What was never written reads as zero.
 */
#ifndef SWDOCTOR_SIM_REGS_H
#define SWDOCTOR_SIM_REGS_H

#include <stddef.h>
#include <stdint.h>

struct regs {
	struct regs_slot {
		uint32_t addr; /* 0: free */
		uint32_t value;
	} * slot;
	size_t n_slots, n_used;
};

void regs_init(struct regs *r);
void regs_done(struct regs *r);
void regs_clear(struct regs *r);
uint32_t regs_read(const struct regs *r, uint32_t addr); /* a multiple of 4, not 0 */
void regs_write(struct regs *r, uint32_t addr, uint32_t value, uint32_t mask);

#endif
