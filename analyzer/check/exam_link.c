/* Sessions: at which speeds one can be opened, with and without the reset line. */
#include "analyzer/check/exam_internal.h"

#define FIRST_TRIES	4
#define SLOW_TRIES	4
#define RESET_SETTLE_MS 20

/* Slower and slower, each a fifth or so of the one before. */
static const uint32_t slower_khz[] = { 480, 100, 15 };
#define N_SLOWER (sizeof(slower_khz) / sizeof(slower_khz[0]))

static int open_session(struct exam *x, enum target_connect how, uint32_t khz, struct err *e)
{
	int rc = stlink_leave(x->s, NULL, e);

	if (!rc && khz)
		rc = stlink_set_khz(x->s, x->link, khz, &x->khz, e);
	if (!rc && how == TARGET_CONNECT_UNDER_RESET) {
		exam_tell_change(x, "restarted", "the reset line is pulled low");
		rc = stlink_drive_nrst(x->s, STLINK_NRST_LOW, e);
	}
	if (!rc && how == TARGET_CONNECT_UNDER_RESET)
		rc = exam_sleep_ms(x, RESET_SETTLE_MS, e);
	return rc ? rc : stlink_enter(x->s, x->link, e);
}

int exam_enter(struct exam *x, enum target_connect how, uint32_t khz, struct err *e)
{
	int rc = open_session(x, how, khz, e);

	if (rc)
		return rc;
	x->khz = x->s->khz;
	x->attached++;
	x->reached |= EXAM_HAS_LINK;
	return 0;
}

/* Opens sessions at one speed, all tries if `all`, else until one works. Status words are counted,
 * other errors returned. */
static int try_speed(struct exam *x, enum target_connect how, uint32_t khz, unsigned tries,
		     struct err *e)
{
	bool reset = how == TARGET_CONNECT_UNDER_RESET;
	unsigned worked = 0, n = 0;
	struct err now = { 0 };
	int rc = 0;

	while (n < tries && !worked) {
		rc = exam_enter(x, how, khz, &now);
		n++;
		if (!rc)
			worked++;
		else if (rc != ERR_STATUS)
			break;
	}
	exam_say(x, EVENT_LINK_TRY,
		 EXAM_VALUES(EXAM_TEXT(reset ? "under-reset" : "normal"), EXAM_NUM(x->s->khz),
			     EXAM_NUM(n), EXAM_NUM(worked)),
		 "%s at %u kHz: %s after %u tries", reset ? "under reset" : "a session", x->s->khz,
		 worked ? "answered" : "no session", n);
	if (rc && rc != ERR_STATUS && e)
		*e = now;
	return rc == ERR_STATUS ? 0 : rc;
}

static int try_speeds(struct exam *x, enum target_connect how, struct err *e)
{
	int rc = try_speed(x, how, x->first_khz, FIRST_TRIES, e);
	bool can_slow = x->s->version.hardware >= 3 || stlink_can(x->s, STLINK_GATE_SWD_FREQ);

	for (size_t i = 0; !rc && can_slow && !(x->reached & EXAM_HAS_LINK) && i < N_SLOWER; i++)
		rc = try_speed(x, how, slower_khz[i], SLOW_TRIES, e);
	return rc;
}

int exam_attach(struct exam *x, struct err *e)
{
	bool release = x->o->connect_only && x->o->connect == TARGET_CONNECT_NORMAL &&
		       stlink_can(x->s, STLINK_GATE_DRIVE_NRST);
	int rc = release ? stlink_drive_nrst(x->s, STLINK_NRST_HIGH, e) : 0;

	if (!rc)
		rc = try_speeds(x, TARGET_CONNECT_HOT_PLUG, e);
	if (!rc && !(x->reached & EXAM_HAS_LINK))
		x->unreached = true;
	return rc;
}

/* ---- under reset ---- */

static void tell_released(struct exam *x, const char *what, const char *says)
{
	exam_say(x, EVENT_LINK_RELEASED, EXAM_VALUES(EXAM_TEXT(what)), "%s", says);
}

/* With the core stopped at its first instruction the program can do nothing to the port. */
static int stop_at_start(struct exam *x, struct err *e)
{
	struct err now = { 0 };
	int rc = cortexm_attach(x->t, TARGET_CONNECT_UNDER_RESET, &now);

	if (!rc) {
		x->under_reset = true;
		tell_released(x, "stopped",
			      "the core stops at its first instruction, and the "
			      "session stands");
		return 0;
	}
	if (rc != ERR_STATUS && rc != ERR_PROTOCOL && rc != ERR_UNSUPPORTED && e)
		*e = now;
	if (rc == ERR_STATUS || rc == ERR_PROTOCOL || rc == ERR_UNSUPPORTED) {
		tell_released(x, rc == ERR_PROTOCOL ? "runs" : "lost", now.text);
		if (rc == ERR_STATUS)
			exam_lose_link(x);
		rc = 0;
	}
	stlink_drive_nrst(x->s, STLINK_NRST_HIGH, NULL);
	return rc;
}

int exam_under_reset(struct exam *x, struct err *e)
{
	int rc;

	if (!stlink_can(x->s, STLINK_GATE_DRIVE_NRST))
		return 0;
	rc = try_speeds(x, TARGET_CONNECT_UNDER_RESET, e);
	if (rc || !(x->reached & EXAM_HAS_LINK)) {
		stlink_drive_nrst(x->s, STLINK_NRST_HIGH, NULL);
		return rc;
	}
	return stop_at_start(x, e);
}
