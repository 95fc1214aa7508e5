/*
 * Time and waiting, replaceable: everything that waits or measures takes a struct clock, so that
 * tests and the virtual bench can run on a clock of their own. Times are microseconds on a clock
 * that never goes back; wall_us is the time of day for records (microseconds since 1970).
 */
#ifndef SWDOCTOR_BASE_CLOCK_H
#define SWDOCTOR_BASE_CLOCK_H

#include <stdint.h>

struct clock_ops {
	uint64_t (*now_us)(void *user);
	uint64_t (*wall_us)(void *user);
	void (*sleep_us)(void *user, uint64_t us);
};

struct clock {
	const struct clock_ops *ops;
	void *user;
};

extern const struct clock clock_real; /* the system's clocks */

static inline uint64_t clock_now_us(const struct clock *c)
{
	return c->ops->now_us(c->user);
}

static inline uint64_t clock_wall_us(const struct clock *c)
{
	return c->ops->wall_us(c->user);
}

static inline void clock_sleep_us(const struct clock *c, uint64_t us)
{
	c->ops->sleep_us(c->user, us);
}

#endif
