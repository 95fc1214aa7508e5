/* A clock that only moves when somebody sleeps: see fake_clock.h. */
#include "tests/lib/fake_clock.h"

#define WALL_AT_ZERO 1700000000000000ull /* some day in 2023 */

static uint64_t now_us(void *user)
{
	struct fake_clock *f = user;

	f->now_us += f->tick_us;
	return f->now_us;
}

static uint64_t wall_us(void *user)
{
	struct fake_clock *f = user;

	return WALL_AT_ZERO + f->now_us;
}

static void sleep_us(void *user, uint64_t us)
{
	struct fake_clock *f = user;

	f->now_us += us;
	f->slept_us += us;
	f->sleeps++;
}

static const struct clock_ops ops = { now_us, wall_us, sleep_us };

void fake_clock_init(struct fake_clock *f)
{
	*f = (struct fake_clock){ .clock = { &ops, f }, .now_us = 1000 };
}
