/* Recoveries that need somebody or something outside: a person, or the switch of a USB port. */
#include "flash/recover.h"

#define HOLD_MS	      5000
#define LOOK_AGAIN_US 200000
#define LET_GO_MS     3000

/* ---- a probe that is gone ---- */

bool recover_fits_wait_for_replug(const struct flash_session *s)
{
	int code = s->fault.link.code;

	return code == ERR_GONE || code == ERR_USB || code == ERR_NO_PROBE || code == ERR_UNFIT ||
	       (code == ERR_TIMEOUT && !s->fault.timed_out);
}

int recover_wait_for_replug(struct flash_session *s, struct err *e)
{
	const struct care_hands *h = s->care.hands;
	struct deadline limit;
	struct err last = { 0 };
	int rc = 0, over;

	session_fell(s, SESSION_CLOSED);
	if (h && h->ask)
		rc = h->ask(h->user, CARE_WISH_REPLUG, 0, e);
	if (rc)
		return rc;
	deadline_init(&limit, s->t->clock, s->t->deadline, "waiting for the probe",
		      s->care.budget.replug_ms);
	do {
		rc = target_reopen(s->t, &last);
		over = rc ? deadline_sleep_us(&limit, LOOK_AGAIN_US, NULL) : 0;
	} while (rc && !over);
	if (rc && e)
		*e = last;
	return rc;
}

bool recover_fits_power_cycle(const struct flash_session *s)
{
	return s->care.hands && s->care.hands->power_cycle;
}

int recover_power_cycle(struct flash_session *s, struct err *e)
{
	const struct care_hands *h = s->care.hands;
	int rc;

	session_fell(s, SESSION_CLOSED);
	rc = h->power_cycle(h->user, e);
	return rc ? rc : target_reopen(s->t, e);
}

/* ---- the reset button ---- */

bool recover_fits_hold_reset(const struct flash_session *s)
{
	return s->care.hands && s->care.hands->ask && s->fault.step <= FAULT_STEP_PREPARE &&
	       s->fault.link.code == ERR_STATUS;
}

/*
 * While the button is held the debug port answers on most families; the core is told to stop at its
 * first instruction, and the button is let go. On the others it is caught right after that.
 */
int recover_hold_reset(struct flash_session *s, struct err *e)
{
	const struct care_hands *h = s->care.hands;
	int rc, connected;

	session_fell(s, SESSION_CLOSED);
	rc = h->ask(h->user, CARE_WISH_HOLD_RESET, HOLD_MS, e);
	if (rc)
		return rc;
	connected = target_connect(s->t, TARGET_CONNECT_HOT_PLUG, NULL);
	if (!connected)
		connected = cortexm_enable_debug(s->t, NULL);
	if (!connected)
		connected = cortexm_set_catch(s->t, CORTEXM_TRACE_ON | CORTEXM_CATCH_RESET, NULL);
	rc = h->ask(h->user, CARE_WISH_LET_GO, 0, e);
	if (!rc && !connected)
		rc = cortexm_wait_halted(s->t, LET_GO_MS, e);
	else if (!rc)
		rc = recover_wake(s, e);
	if (!rc)
		s->options.connect = TARGET_CONNECT_HOT_PLUG;
	return rc;
}
