/*
 * Limits of time that nest: a run holds steps, a step holds transfers; whichever ends first counts.
 * A deadline also carries the user's wish to stop, so that one check between two transactions
 *answers both questions. It owns nothing; what it points to must outlive it. NULL in place of a
 *deadline means no limit.
 *
 *	struct deadline run, step;
 *
 *	deadline_init(&run, &clock_real, NULL, "the run", 30000);
 *	deadline_init(&step, &clock_real, &run, "connecting", 2000);
 *	rc = deadline_check(&step, e); // "connecting took longer than 2.0 s"
 */
#ifndef SWDOCTOR_DEADLINE_H
#define SWDOCTOR_DEADLINE_H

#include <signal.h>
#include <stdint.h>

#include "probe/base/clock.h"
#include "probe/base/err.h"

struct deadline {
	const struct clock *clock;
	const struct deadline *outer; /* NULL: the outermost one */
	const char *what;	      /* begins the message: "the run" */
	unsigned limit_ms;	      /* 0: no limit of its own */
	uint64_t end_us;	      /* UINT64_MAX: never */
	/* Set by a signal handler when the user wants an end. NULL: nobody asks. */
	const volatile sig_atomic_t *stop;
};

void deadline_init(struct deadline *d, const struct clock *clock, const struct deadline *outer,
		   const char *what, unsigned limit_ms);

/* 0, ERR_DEADLINE (the innermost one that is over is named), or ERR_INTERRUPTED. */
int deadline_check(const struct deadline *d, struct err *e);

/* What is left, in ms, rounded up and at most `most`; 0 if nothing is. */
unsigned deadline_cap_ms(const struct deadline *d, unsigned most);

/* Sleep, at most until the end; then as deadline_check. d must not be NULL. */
int deadline_sleep_us(const struct deadline *d, uint64_t us, struct err *e);

#endif
