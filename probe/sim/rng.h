/*
 * Chance that can be repeated: a small generator whose whole state is its seed. Every source of
 * chance on the bench draws from one of these, so the same scenario with the same seed and the
 * same commands gives the same answers.
 */
#ifndef SWDOCTOR_SIM_RNG_H
#define SWDOCTOR_SIM_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
	uint64_t state; /* never 0 */
};

void rng_init(struct rng *r, uint64_t seed);
uint32_t rng_u32(struct rng *r);
uint32_t rng_below(struct rng *r, uint32_t n);	      /* 0 to n - 1; n > 0 */
double rng_unit(struct rng *r);			      /* 0 to below 1 */
bool rng_chance(struct rng *r, double p);	      /* draws nothing when p is 0 */
uint64_t rng_exponential(struct rng *r, double mean); /* rounded, at least 1 */

#endif
