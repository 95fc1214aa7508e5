/*
 * The recoveries: what the engine can do by itself about a step that failed. Each changes the
 * session (the link, the probe, the core, how the flash is programmed), says how far it fell, and
 * returns: nothing is repeated in it. engine_recover.c alone chooses among those that are proposed
 * to it, counts, and gives up. Which of them helps against what stands in rules/recovery.yaml.
 */
#ifndef SWDOCTOR_FLASH_RECOVER_H
#define SWDOCTOR_FLASH_RECOVER_H

#include "flash/session.h"

enum recovery_harm {			/* rising: what it disturbs beside the work itself */
		     RECOVERY_HARMLESS, /* link and probe only */
		     RECOVERY_RESETS,	/* the chip or its power */
		     RECOVERY_WEARS,	/* a block is erased once more */
		     RECOVERY_ASKS,	/* somebody has to do something */
		     RECOVERY_DESTROYS, /* everything in the flash: only with the user's word */
};

const char *recovery_harm_name(enum recovery_harm h); /* "resets" */

struct recovery {
	const char *name; /* as rules/recovery.yaml has it */
	const char *says; /* what it does: "the speed of the link is lowered" */
	unsigned cost_ms; /* what it usually takes, the steps that follow from it included */
	enum recovery_harm harm;
	unsigned tries; /* for one place */
	/* Could it change anything about s->fault? NULL: always. Sends nothing that matters. */
	bool (*fits)(const struct flash_session *s);
	int (*apply)(struct flash_session *s, struct err *e);
};

extern const struct recovery recoveries[];
extern const size_t recoveries_len;

const struct recovery *recovery_find(const char *name); /* NULL: there is none */
bool recovery_fits(const struct recovery *r, const struct flash_session *s);

/* The groups of the table, one file each: recover_link.c, recover_chip.c, recover_hands.c. */
#define RECOVERY_DECLARE(name)                                                                     \
	bool recover_fits_##name(const struct flash_session *s);                                   \
	int recover_##name(struct flash_session *s, struct err *e)

RECOVERY_DECLARE(ask_again);
RECOVERY_DECLARE(clear_errors);
RECOVERY_DECLARE(attach_again);
RECOVERY_DECLARE(lower_speed);
RECOVERY_DECLARE(smaller_blocks);
RECOVERY_DECLARE(leave_mode);
RECOVERY_DECLARE(reset_usb);
RECOVERY_DECLARE(reload_loader);
RECOVERY_DECLARE(without_loader);
RECOVERY_DECLARE(reset_by_line);
RECOVERY_DECLARE(reset_by_core);
RECOVERY_DECLARE(reset_core_alone);
RECOVERY_DECLARE(under_reset);
RECOVERY_DECLARE(wake);
RECOVERY_DECLARE(freeze_watchdogs);
RECOVERY_DECLARE(wait_for_voltage);
RECOVERY_DECLARE(narrower);
RECOVERY_DECLARE(erase_again);
RECOVERY_DECLARE(mass_erase);
RECOVERY_DECLARE(open_protection);
RECOVERY_DECLARE(wait_for_replug);
RECOVERY_DECLARE(power_cycle);
RECOVERY_DECLARE(hold_reset);

#endif
