/* The system's clocks behind struct clock: see clock.h. */
#include "probe/base/clock.h"

#include <errno.h>
#include <time.h>

static uint64_t read_us(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static uint64_t real_now_us(void *user)
{
	(void)user;
	return read_us(CLOCK_MONOTONIC);
}

static uint64_t real_wall_us(void *user)
{
	(void)user;
	return read_us(CLOCK_REALTIME);
}

static void real_sleep_us(void *user, uint64_t us)
{
	struct timespec t = { .tv_sec = (time_t)(us / 1000000),
			      .tv_nsec = (long)(us % 1000000) * 1000 };

	(void)user;
	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

static const struct clock_ops real_ops = { real_now_us, real_wall_us, real_sleep_us };

const struct clock clock_real = { &real_ops, 0 };
