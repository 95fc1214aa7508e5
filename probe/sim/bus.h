/*
 * One access on a chip's bus, by its core or by the debug port. Whoever answers fills value (for
 * a read) and ready_ns: a bus that stalls answers later than it was asked, and what was asked has
 * happened by then. Times are nanoseconds since the bench was switched on.
 */
#ifndef SWDOCTOR_SIM_BUS_H
#define SWDOCTOR_SIM_BUS_H

#include <stdbool.h>
#include <stdint.h>

#define NS_PER_US ((uint64_t)1000)
#define NS_PER_MS ((uint64_t)1000000)
#define NS_PER_S  ((uint64_t)1000000000)

/* FETCH: the core's, for instructions and vectors. */
enum bus_master { BUS_CORE, BUS_FETCH, BUS_DEBUG };
enum bus_answer { BUS_OK, BUS_FAULT };

struct bus_access {
	uint32_t addr; /* a multiple of size */
	unsigned size; /* 1, 2 or 4 */
	bool write;
	enum bus_master master;
	uint32_t value; /* the low `size` bytes */
	uint64_t now_ns;
	uint64_t ready_ns; /* preset to now_ns by whoever asks */
};

/* The bits of a register's word that an access of this size at this address reaches. */
static inline uint32_t bus_lane_mask(uint32_t addr, unsigned size)
{
	uint32_t bits = size == 4 ? 0xffffffff : ((uint32_t)1 << (8 * size)) - 1;

	return bits << (8 * (addr & 3));
}

#endif
