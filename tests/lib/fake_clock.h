/*
 * A clock for tests: time passes only when somebody sleeps (or the test says so), so that a
 * recovery of thirty seconds is tested in a moment. Several may run side by side.
 */
#ifndef SWDOCTOR_TESTS_FAKE_CLOCK_H
#define SWDOCTOR_TESTS_FAKE_CLOCK_H

#include "probe/base/clock.h"

struct fake_clock {
	struct clock clock; /* what the code under test is given */
	uint64_t now_us;
	uint64_t slept_us; /* in all */
	unsigned sleeps;
	uint64_t tick_us; /* what every look at the clock costs; 0: looking is free */
};

void fake_clock_init(struct fake_clock *f);

#endif
