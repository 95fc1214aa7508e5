/*
 * The speed of the link while it is in doubt: halved when it is to blame, raised by one step when
 * it stays clean, and held where it carries most. What counts is the goodput: bytes that were found
 * right, in the time that they took, repairs included. Without trouble nothing is done at all.
 */
#ifndef SWDOCTOR_FLASH_SPEED_H
#define SWDOCTOR_FLASH_SPEED_H

#include "probe/target.h"

#define SPEED_STEPS_MAX 16

struct speed_step {
	uint32_t khz;
	uint64_t bytes, us; /* found right at this speed, and the time spent at it */
};

struct speed {
	bool lowered;				  /* the list is known */
	struct speed_step steps[SPEED_STEPS_MAX]; /* falling */
	size_t n, at, first; /* first: where it began; it is never faster than that */
	uint64_t since_us;   /* accounted up to here */
	uint64_t clean;	     /* bytes found right since the last change or trouble */
};

/* Can it be slower? */
bool speed_can_fall(const struct speed *s, struct target *t);
/* To half of what it is, or the next slower one. ERR_NOT_FOUND: there is none. */
int speed_lower(struct speed *s, struct target *t, struct err *e);
/* So many bytes were found right. May go one step up: then *ret_changed. */
int speed_good(struct speed *s, struct target *t, uint32_t bytes, struct err *e);
/* Now; 0: it was never changed. */
uint32_t speed_khz(const struct speed *s);

#endif
