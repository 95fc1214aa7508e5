/* Recoveries of the link and the probe: see recover.h. */
#include "flash/recover.h"

#define BLOCK_LEAST 64
#define PAUSE_MS    10

/* The probe itself did not answer, or not properly. */
static bool probe_failed(const struct flash_session *s)
{
	int code = s->fault.link.code;

	return code == ERR_USB || code == ERR_GONE || code == ERR_UNFIT || code == ERR_NO_PROBE ||
	       (code == ERR_TIMEOUT && !s->fault.timed_out);
}

/* The probe answered, and said that the target or the wire did not. */
static bool target_failed(const struct flash_session *s)
{
	return s->fault.link.code && !probe_failed(s);
}

bool recover_fits_ask_again(const struct flash_session *s)
{
	return !probe_failed(s);
}

/* Nothing, and then longer each time: a contact that is bad for a moment is bad for some ms. */
static unsigned pause_ms(const struct flash_session *s)
{
	unsigned before = care_tries_here(&s->care, recovery_find("ask-again"));

	return before > 1 ? PAUSE_MS << (before - 2) : 0;
}

/* What was under way is given up when the work climbs back to a halted core. */
int recover_ask_again(struct flash_session *s, struct err *e)
{
	struct deadline limit;
	unsigned ms = pause_ms(s);

	session_fell(s, SESSION_LINKED);
	deadline_init(&limit, s->t->clock, s->t->deadline, "a pause before asking again",
		      2 * ms + 1);
	return ms ? deadline_sleep_us(&limit, 1000ull * ms, e) : 0;
}

bool recover_fits_clear_errors(const struct flash_session *s)
{
	return target_failed(s) && s->chip && s->fault.step > FAULT_STEP_CONNECT;
}

int recover_clear_errors(struct flash_session *s, struct err *e)
{
	session_fell(s, SESSION_LINKED);
	return target_clear_errors(s->t, NULL, e);
}

/* Who did not even connect attaches again anyway. */
bool recover_fits_attach_again(const struct flash_session *s)
{
	return !probe_failed(s) && s->fault.step > FAULT_STEP_CONNECT;
}

/* The next climb opens the debug session, which begins with a reset of the line. */
int recover_attach_again(struct flash_session *s, struct err *e)
{
	(void)e;
	session_fell(s, SESSION_CLOSED);
	return 0;
}

bool recover_fits_lower_speed(const struct flash_session *s)
{
	return !probe_failed(s) && speed_can_fall(&s->speed, s->t);
}

int recover_lower_speed(struct flash_session *s, struct err *e)
{
	session_fell(s, SESSION_CLOSED);
	return speed_lower(&s->speed, s->t, e);
}

bool recover_fits_smaller_blocks(const struct flash_session *s)
{
	return s->chip && s->fault.step > FAULT_STEP_CONNECT &&
	       (s->fault.link.code || s->fault.has_mismatch) &&
	       s->t->block_bytes / 2 >= BLOCK_LEAST;
}

int recover_smaller_blocks(struct flash_session *s, struct err *e)
{
	size_t quarter = s->t->block_bytes / 4 & ~(size_t)63;

	(void)e;
	session_fell(s, SESSION_LINKED);
	s->t->block_bytes = quarter < BLOCK_LEAST ? BLOCK_LEAST : quarter;
	return 0;
}

bool recover_fits_leave_mode(const struct flash_session *s)
{
	return s->fault.step == FAULT_STEP_CONNECT && s->fault.link.code != ERR_GONE;
}

int recover_leave_mode(struct flash_session *s, struct err *e)
{
	session_fell(s, SESSION_CLOSED);
	return target_hello(s->t, e);
}

bool recover_fits_reset_usb(const struct flash_session *s)
{
	return probe_failed(s) || s->fault.step == FAULT_STEP_CONNECT;
}

/* A probe that left the bus is waited for a few seconds. */
int recover_reset_usb(struct flash_session *s, struct err *e)
{
	session_fell(s, SESSION_CLOSED);
	return target_reopen(s->t, e);
}
