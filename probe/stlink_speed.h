/* Speeds of a V2's link: divisors in kHz. Facts and where their sources differ: stlink_speed.def.
 */
#ifndef SWDOCTOR_STLINK_SPEED_H
#define SWDOCTOR_STLINK_SPEED_H

#include <stddef.h>
#include <stdint.h>

enum stlink_link { STLINK_LINK_SWD, STLINK_LINK_JTAG }; /* as F2 61 and F2 62 number them */

struct stlink_speed {
	enum stlink_link link;
	uint16_t divisor;
	uint32_t khz;
	uint32_t khz_openocd, khz_pyocd; /* as these tools name it; 0: they do not use it */
};

extern const struct stlink_speed stlink_speeds[]; /* by link, falling kHz */
extern const size_t stlink_speeds_len;

/* Speed of a fresh V2, and of firmware without speed commands. */
#define STLINK_SPEED_SWD_DEFAULT_KHZ  1800
#define STLINK_SPEED_JTAG_DEFAULT_KHZ 1125

/* kHz of a divisor; 0 if the table does not have it. */
uint32_t stlink_speed_khz(enum stlink_link link, uint16_t divisor);
/* The fastest one not above khz, the slowest one if khz is below all. Never NULL. */
const struct stlink_speed *stlink_speed_nearest(enum stlink_link link, uint32_t khz);

#endif
