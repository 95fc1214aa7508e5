/*
 * A chip that is being worked on: how it was reached, what it is, and in what state the work left
 * it. The states are climbed by session_reach() only; whatever goes wrong, the caller says how far
 * down it fell (session_fell) and climbs again.
 *
 *	CLOSED -> LINKED -> HALTED -> READY -> RELEASED
 *
 *	LINKED	the debug port answers, the chip is known
 *	HALTED	the core stands still, freshly reset unless that was not wanted; watchdogs and debug
 *		clocks are taken care of
 *	READY	the flash is unlocked and idle, the loader (where it can be used) is in RAM
 *
 * The target, the chips and the session are the caller's; nothing is allocated.
 */
#ifndef SWDOCTOR_FLASH_SESSION_H
#define SWDOCTOR_FLASH_SESSION_H

#include "flash/care.h"
#include "flash/chip.h"
#include "flash/geometry.h"
#include "flash/speed.h"
#include "probe/cortexm.h"

struct ctrl;
struct loader;

enum session_state {
	SESSION_CLOSED,
	SESSION_LINKED,
	SESSION_HALTED,
	SESSION_READY,
	SESSION_RELEASED
};

struct session_options {
	enum target_connect connect;
	bool connect_auto;	  /* under reset, where `connect` does not get through */
	bool no_reset;		  /* halt the running program, don't reset it first */
	bool may_rise;		  /* the link may be made faster than it was found */
	bool no_loader;		  /* program through the debug port alone */
	int assume_mv;		  /* the supply, where the probe cannot measure it; 0: unknown */
	enum cortexm_reset reset; /* how it is reset before the work and after it */
	unsigned width_most;	  /* program no more bytes at once; 0: what the voltage allows */
	bool feed;		  /* the host feeds the watchdog where no loader does: feed.h */
};

struct flash_session {
	struct target *t;
	const struct chips *chips;
	struct session_options options;
	enum session_state state;

	struct chip_identity id; /* from LINKED on */
	const struct chip *chip;
	struct geometry geo;
	const struct ctrl *ctrl;
	unsigned width; /* bytes at once that the voltage allows (ctrl.h) */

	bool has_voltage;
	struct target_voltage voltage;
	struct loader *loader; /* lent; READY starts it. NULL: work through the debug port */
	bool loader_runs;
	bool boosted; /* the core clock was raised */
	uint32_t uid[3];
	bool has_uid;
	bool was_running;	  /* the program ran when we came */
	struct flash_fault fault; /* of the last step that failed */
	struct speed speed;
	struct care care;
	struct session_options before; /* the last recovery: what did not help is taken back */
	bool causes_cleared;	       /* RCC remembers resets since the last look only */
	uint32_t resets; /* enum cortexm_cause: what that look found, until it is told */
	bool has_doubt;	 /* the block there is erased once more, whatever it looks like */
	uint32_t doubt;
	bool all_erased; /* everything in the flash, by a recovery that was allowed */
};

void session_init(struct flash_session *s, struct target *t, const struct chips *chips,
		  const struct session_options *o);
/* Climb. On failure s->fault tells all, s->state how far it came. */
int session_reach(struct flash_session *s, enum session_state state, struct err *e);
/* Something happened (a reset, a lost link): at most `state` is left. */
void session_fell(struct flash_session *s, enum session_state state);
/* Watchdogs stand still with the core, and sleep does not take the debug clocks away. The chip is
 * known. */
int session_freeze(struct flash_session *s, struct err *e);
/* Lock the flash, and reset and run the program, or leave it halted at its first instruction.
 * Tries everything and returns the first failure. */
int session_release(struct flash_session *s, bool halt, struct err *e);

#endif
