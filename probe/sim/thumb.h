/*
 * What must be known about a Thumb instruction before it runs: whether a core has it, what it
 * costs, and whether the bench has to act on it. The emulation itself (unicorn) executes every
 * instruction of every core and knows no time, so the core model asks here first.
 *
 * Encodings: ARMv7-M Architecture Reference Manual, chapter A5; costs are the core's (core_rows.c).
 */
#ifndef SWDOCTOR_SIM_THUMB_H
#define SWDOCTOR_SIM_THUMB_H

#include <stdbool.h>
#include <stdint.h>

enum thumb_kind { THUMB_PLAIN, THUMB_IT, THUMB_BKPT, THUMB_SVC, THUMB_WFI, THUMB_WFE, THUMB_UDF };

/* The least core that has it. */
enum thumb_level { THUMB_V6M, THUMB_V7M, THUMB_DSP, THUMB_FPU };

enum thumb_cost {
	THUMB_ALU,
	THUMB_LOAD,
	THUMB_STORE,
	THUMB_MULTIPLE, /* `words` loads or stores behind one address */
	THUMB_MUL_LONG,
	THUMB_DIV,
	THUMB_COSTS
};

struct thumb_op {
	uint8_t kind;  /* enum thumb_kind */
	uint8_t level; /* enum thumb_level */
	uint8_t cost;  /* enum thumb_cost */
	uint8_t words; /* of THUMB_MULTIPLE; of THUMB_IT: the instructions under it */
};

static inline bool thumb_is_wide(uint16_t first)
{
	return first >> 11 >= 0x1d;
}

struct thumb_op thumb_narrow(uint16_t op);
struct thumb_op thumb_wide(uint16_t first, uint16_t second);

#endif
