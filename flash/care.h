/*
 * What a session remembers of its troubles: which recoveries were tried where, and what became of
 * them; and who can do what a session cannot do by itself. Only engine_recover.c changes it.
 */
#ifndef SWDOCTOR_FLASH_CARE_H
#define SWDOCTOR_FLASH_CARE_H

#include "flash/fault.h"

struct recovery;

enum try_result {
	TRY_OPEN,     /* applied; the next attempt will tell */
	TRY_WORKED,   /* the attempt behind it came further */
	TRY_FAILED,   /* it did not */
	TRY_NOT_DONE, /* the recovery itself could not be carried out */
};

const char *try_result_name(enum try_result r); /* "worked" */

/* A recovery that was applied. Alike ones in a row are one record. */
struct flash_try {
	const struct recovery *how;
	enum fault_step step; /* of the fault that it was for */
	bool has_address;
	uint32_t address;
	enum try_result result;
	unsigned times;
	uint64_t took_us; /* of applying it, all times together */
};

#define CARE_TRIES_MAX 128 /* records; when they are used up the oldest that worked are dropped */

/* How much may be spent. */
struct care_budget {
	unsigned tries_percent; /* of what the table of recoveries allows for one place; 100 */
	unsigned tries_run;	/* recoveries in the whole run */
	unsigned max_ms;	/* no recovery begins later than this; 0: whenever */
	unsigned replug_ms;	/* how long a probe that is gone is waited for */
};

enum care_wish { CARE_WISH_REPLUG, CARE_WISH_HOLD_RESET, CARE_WISH_LET_GO };

/* What needs somebody. A NULL member: nobody is there for it. */
struct care_hands {
	void *user;
	/* Ask a person at a terminal; counts `ms` down while `seconds_left` runs. */
	int (*ask)(void *user, enum care_wish what, unsigned ms, struct err *e);
	/* Take the power of the probe's port away and give it again. */
	int (*power_cycle)(void *user, struct err *e);
	/* May everything in the flash be lost? `why` is a sentence. */
	bool (*may_destroy)(void *user, const char *why);
};

struct care {
	struct care_budget budget;
	const struct care_hands *hands; /* NULL: nobody */
	struct flash_try tries[CARE_TRIES_MAX];
	size_t n_tries;
	uint64_t began_us; /* of the session */
	unsigned spent;	   /* recoveries applied in this run */
	unsigned here;	   /* ... since the work last got on: a block more, or a step further */
	enum fault_step furthest; /* step that failed since then */
	unsigned same; /* so often in a row the flash itself failed in the very same way */
	struct flash_fault fault; /* the one that the last of them was for */
	uint64_t done_before;	  /* how far the work had come then */
	uint64_t lost_us;    /* what the next attempt takes until it is where the last one failed */
	unsigned power_lost; /* so often the chip lost its supply since the work got on */
	bool has_least;
	int least_mv; /* the lowest supply seen while flash was erased or programmed */
	uint64_t wrong_words, words_again; /* read wrong, as a second look showed; of so many */
	uint64_t mended; /* words that arrived wrong in RAM and were written again */
};

/* How often a recovery was tried since the work last got on. */
unsigned care_tries_here(const struct care *c, const struct recovery *r);

#endif
