/* The table of divisors, searchable. */
#include "probe/stlink_speed.h"

const struct stlink_speed stlink_speeds[] = {
#define STLINK_SPEED(link, ...) { STLINK_LINK_##link, __VA_ARGS__ },
#include "probe/stlink_speed.def"
#undef STLINK_SPEED
};

const size_t stlink_speeds_len = sizeof(stlink_speeds) / sizeof(stlink_speeds[0]);

uint32_t stlink_speed_khz(enum stlink_link link, uint16_t divisor)
{
	for (size_t i = 0; i < stlink_speeds_len; i++) {
		if (stlink_speeds[i].link == link && stlink_speeds[i].divisor == divisor)
			return stlink_speeds[i].khz;
	}
	return 0;
}

const struct stlink_speed *stlink_speed_nearest(enum stlink_link link, uint32_t khz)
{
	const struct stlink_speed *best = NULL;

	for (size_t i = 0; i < stlink_speeds_len; i++) {
		if (stlink_speeds[i].link != link)
			continue;
		best = &stlink_speeds[i];
		if (best->khz <= khz)
			break;
	}
	return best;
}
