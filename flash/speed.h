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
	bool rose;	     /* speed_rise has done what it can */
	size_t tried;	     /* steps, from the fastest on, that it tried */
	uint32_t found_khz;  /* what it was before that; 0: as it is */
};

#define SPEED_PROOF_BYTES 512

/* What speed_rise is likely to come to on a clean link; the target is not asked to change. */
uint32_t speed_expected(struct target *t);

/*
 * Before anything else: to the step below the fastest one that carries a pattern through RAM, so
 * that there is a margin of two and more. Nothing is written at a speed that does not read cleanly.
 * SPEED_PROOF_BYTES at `ram` are overwritten. *ret_clean is set to false where the step that it
 * tried was too fast: it is as slow as before then, the link is to be attached anew, and the next
 * call tries the next step.
 */
int speed_rise(struct speed *s, struct target *t, uint32_t ram, bool *ret_clean, struct err *e);
/* The probe is left as it was found. */
void speed_give_back(struct speed *s, struct target *t);

/* Can it be slower? */
bool speed_can_fall(const struct speed *s, struct target *t);
/* To half of what it is, or the next slower one. ERR_NOT_FOUND: there is none. */
int speed_lower(struct speed *s, struct target *t, struct err *e);
/* So many bytes were found right. May go one step up: then *ret_changed. */
int speed_good(struct speed *s, struct target *t, uint32_t bytes, struct err *e);
/* Now; 0: it was never changed. */
uint32_t speed_khz(const struct speed *s);

#endif
