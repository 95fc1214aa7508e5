/* Nested limits of time: see deadline.h. */
#include "probe/deadline.h"

#include <stddef.h>

void deadline_init(struct deadline *d, const struct clock *clock, const struct deadline *outer,
		   const char *what, unsigned limit_ms)
{
	*d = (struct deadline){
		.clock = clock,
		.outer = outer,
		.what = what,
		.limit_ms = limit_ms,
		.end_us = limit_ms ? clock_now_us(clock) + limit_ms * 1000ull : UINT64_MAX,
	};
}

int deadline_check(const struct deadline *d, struct err *e)
{
	for (const struct deadline *at = d; at; at = at->outer) {
		if (at->stop && *at->stop)
			return err_set_native(e, ERR_INTERRUPTED, (int)*at->stop, "%s: interrupted",
					      at->what);
	}
	for (const struct deadline *at = d; at; at = at->outer) {
		if (clock_now_us(at->clock) >= at->end_us)
			return err_set(e, ERR_DEADLINE, "%s took longer than %u.%u s", at->what,
				       at->limit_ms / 1000, at->limit_ms % 1000 / 100);
	}
	return 0;
}

static uint64_t left_us(const struct deadline *d, uint64_t most)
{
	for (; d; d = d->outer) {
		uint64_t now = clock_now_us(d->clock);
		uint64_t left = d->end_us > now ? d->end_us - now : 0;

		if (left < most)
			most = left;
	}
	return most;
}

unsigned deadline_cap_ms(const struct deadline *d, unsigned most)
{
	return (unsigned)((left_us(d, most * 1000ull) + 999) / 1000);
}

int deadline_sleep_us(const struct deadline *d, uint64_t us, struct err *e)
{
	uint64_t slice = left_us(d, us);

	if (slice)
		clock_sleep_us(d->clock, slice);
	return deadline_check(d, e);
}
