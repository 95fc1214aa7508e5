/* Chance that can be repeated (xorshift64*). */
#include "probe/sim/rng.h"

#include <assert.h>
#include <math.h>

void rng_init(struct rng *r, uint64_t seed)
{
	r->state = seed * 0x9e3779b97f4a7c15u;
	if (!r->state)
		r->state = 0x9e3779b97f4a7c15u;
}

uint32_t rng_u32(struct rng *r)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return (uint32_t)((r->state * 0x2545f4914f6cdd1du) >> 32);
}

uint32_t rng_below(struct rng *r, uint32_t n)
{
	assert(n);
	return (uint32_t)(((uint64_t)rng_u32(r) * n) >> 32);
}

double rng_unit(struct rng *r)
{
	return rng_u32(r) / 4294967296.0;
}

bool rng_chance(struct rng *r, double p)
{
	return p > 0 && rng_unit(r) < p;
}

uint64_t rng_exponential(struct rng *r, double mean)
{
	double x = -mean * log(1 - rng_unit(r));

	return x < 1 ? 1 : (uint64_t)x;
}
