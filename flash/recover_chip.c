/* Recoveries of the chip: its core, its reset, its supply, how its flash is programmed. */
#include "flash/recover.h"

#include "flash/ctrl.h"
#include "flash/option.h"

#define WAKE_MS	     2000
#define WAKE_POLL_US 2000
#define STEADY_MS    3000
#define STEADY_US    20000
#define STEADY_LOOKS 4
#define STEADY_MV    60
#define LEAST_MV     1650
#define OPEN_US	     2000000 /* an opened chip erases itself meanwhile */

/* ---- the loader ---- */

bool recover_fits_reload_loader(const struct flash_session *s)
{
	return s->fault.step == FAULT_STEP_LOADER || s->fault.loader > FAULT_LOADER_RUNNING;
}

int recover_reload_loader(struct flash_session *s, struct err *e)
{
	(void)e;
	session_fell(s, SESSION_LINKED);
	return 0;
}

/* Resets hit who programs slowly all the more. */
bool recover_fits_without_loader(const struct flash_session *s)
{
	return !s->options.no_loader && s->chip && s->fault.loader != FAULT_LOADER_RESET &&
	       (s->fault.step == FAULT_STEP_LOADER || s->fault.loader != FAULT_LOADER_NOT_USED ||
		s->fault.has_sr || s->fault.has_mismatch);
}

int recover_without_loader(struct flash_session *s, struct err *e)
{
	(void)e;
	session_fell(s, SESSION_LINKED);
	s->options.no_loader = true;
	return 0;
}

/* ---- reset ---- */

static int reset_by(struct flash_session *s, enum cortexm_reset how)
{
	session_fell(s, SESSION_LINKED);
	s->options.reset = how;
	s->options.no_reset = false;
	return 0;
}

bool recover_fits_reset_by_line(const struct flash_session *s)
{
	return s->chip && s->options.reset != CORTEXM_RESET_HARDWARE;
}

int recover_reset_by_line(struct flash_session *s, struct err *e)
{
	(void)e;
	return reset_by(s, CORTEXM_RESET_HARDWARE);
}

bool recover_fits_reset_by_core(const struct flash_session *s)
{
	return s->chip && (s->options.reset != CORTEXM_RESET_SYSTEM || s->options.no_reset);
}

int recover_reset_by_core(struct flash_session *s, struct err *e)
{
	(void)e;
	return reset_by(s, CORTEXM_RESET_SYSTEM);
}

bool recover_fits_reset_core_alone(const struct flash_session *s)
{
	return s->chip && s->options.reset != CORTEXM_RESET_CORE &&
	       s->fault.step <= FAULT_STEP_LOADER;
}

int recover_reset_core_alone(struct flash_session *s, struct err *e)
{
	(void)e;
	return reset_by(s, CORTEXM_RESET_CORE);
}

/* Connecting has been tried under reset already, where it was left to us how. */
bool recover_fits_under_reset(const struct flash_session *s)
{
	return s->fault.step > FAULT_STEP_CONNECT &&
	       s->options.connect != TARGET_CONNECT_UNDER_RESET && s->options.connect_auto &&
	       s->fault.link.code != ERR_GONE && s->fault.link.code != ERR_USB;
}

int recover_under_reset(struct flash_session *s, struct err *e)
{
	(void)e;
	session_fell(s, SESSION_CLOSED);
	s->options.connect = TARGET_CONNECT_UNDER_RESET;
	return 0;
}

/* ---- low power, watchdogs ---- */

bool recover_fits_wake(const struct flash_session *s)
{
	return s->fault.step <= FAULT_STEP_PREPARE && s->fault.link.code == ERR_STATUS;
}

/* The core answers for a moment when it wakes up: whoever asks at that moment can stop it. */
int recover_wake(struct flash_session *s, struct err *e)
{
	struct deadline limit;
	int rc, over;

	session_fell(s, SESSION_CLOSED);
	deadline_init(&limit, s->t->clock, s->t->deadline, "waiting for the core to wake up",
		      WAKE_MS);
	do {
		rc = target_connect(s->t, TARGET_CONNECT_NORMAL, e);
		if (!rc)
			rc = cortexm_halt(s->t, e);
		if (!rc && s->chip)
			session_freeze(s, NULL);
		if (rc != ERR_STATUS && rc != ERR_PROTOCOL)
			break;
		over = deadline_sleep_us(&limit, WAKE_POLL_US, NULL);
	} while (!over);
	if (rc)
		return rc;
	s->options.connect = TARGET_CONNECT_HOT_PLUG;
	return 0;
}

bool recover_fits_freeze_watchdogs(const struct flash_session *s)
{
	return s->chip && (s->chip->n_freezes || s->chip->iwdg);
}

/* As early as can be: at once after attaching, before anything else is asked. */
int recover_freeze_watchdogs(struct flash_session *s, struct err *e)
{
	int rc;

	session_fell(s, SESSION_CLOSED);
	s->options.feed = true;
	rc = cortexm_attach(s->t, s->options.connect, e);
	if (!rc)
		rc = cortexm_halt(s->t, e);
	return rc ? rc : session_freeze(s, e);
}

/* ---- the supply ---- */

bool recover_fits_wait_for_voltage(const struct flash_session *s)
{
	return s->has_voltage || s->fault.has_voltage;
}

/* Four looks in a row that agree, above what any STM32 needs; what follows judges the rest. */
int recover_wait_for_voltage(struct flash_session *s, struct err *e)
{
	struct target_voltage v = { 0 };
	struct deadline limit;
	int last = -1, rc = 0;
	unsigned steady = 0;

	session_fell(s, SESSION_CLOSED); /* it may have been reset */
	deadline_init(&limit, s->t->clock, s->t->deadline, "waiting for a stable supply",
		      STEADY_MS);
	while (steady < STEADY_LOOKS) {
		rc = target_voltage(s->t, &v, e);
		if (rc)
			return rc;
		steady = v.mv >= LEAST_MV && last >= 0 && v.mv - last < STEADY_MV &&
					 last - v.mv < STEADY_MV
				 ? steady + 1
				 : 0;
		last = v.mv;
		rc = deadline_sleep_us(&limit, STEADY_US, e);
		if (rc)
			return deadline_check(s->t->deadline, NULL)
				       ? rc
				       : err_set_native(e, ERR_PROTOCOL, v.mv,
							"the supply is not stable: %d mV", v.mv);
	}
	return 0;
}

/* ---- programming ---- */

bool recover_fits_narrower(const struct flash_session *s)
{
	return s->chip && s->ctrl && !s->ctrl->wide && s->width > 1 &&
	       s->ctrl->width(s->chip, LEAST_MV) < s->width;
}

int recover_narrower(struct flash_session *s, struct err *e)
{
	(void)e;
	session_fell(s, SESSION_CLOSED);
	s->options.width_most = s->width / 2;
	return 0;
}

static bool is_about_a_block(const struct flash_session *s)
{
	return s->fault.step >= FAULT_STEP_ERASE && s->fault.step <= FAULT_STEP_VERIFY &&
	       s->fault.has_address;
}

bool recover_fits_erase_again(const struct flash_session *s)
{
	return is_about_a_block(s);
}

/* A block that went wrong is erased again anyway; now also where it looks right. */
int recover_erase_again(struct flash_session *s, struct err *e)
{
	(void)e;
	session_fell(s, SESSION_LINKED);
	s->has_doubt = true;
	s->doubt = s->fault.address;
	return 0;
}

static int need_consent(struct flash_session *s, const char *why, struct err *e)
{
	const struct care_hands *h = s->care.hands;

	if (h && h->may_destroy && h->may_destroy(h->user, why))
		return 0;
	return err_set(e, ERR_USAGE, "%s: --allow mass-erase says that this is wanted", why);
}

bool recover_fits_mass_erase(const struct flash_session *s)
{
	return is_about_a_block(s) && s->ctrl && s->ctrl->mass;
}

int recover_mass_erase(struct flash_session *s, struct err *e)
{
	struct flash_fault f;
	int rc = need_consent(s, "erasing the whole chip loses everything in its flash", e);

	if (rc)
		return rc;
	session_fell(s, SESSION_LINKED);
	s->loader = NULL;
	rc = session_reach(s, SESSION_READY, e);
	fault_init(&f, FAULT_STEP_MASS_ERASE);
	if (!rc)
		rc = ctrl_mass_erase(s->chip, &s->geo, s->width, s->t, &f, e);
	session_fell(s, SESSION_LINKED);
	s->all_erased |= !rc;
	return rc;
}

bool recover_fits_open_protection(const struct flash_session *s)
{
	return s->chip && s->fault.is_protected;
}

int recover_open_protection(struct flash_session *s, struct err *e)
{
	struct option_state now;
	struct option_change change;
	int rc = need_consent(
		s, "taking read protection off erases everything in the flash of the chip", e);

	if (!rc)
		rc = session_reach(s, SESSION_HALTED, e);
	if (!rc)
		rc = option_read(s->t, s->chip, &now, e);
	if (!rc)
		rc = option_change_parse(&now.layout, "rdp=0", &change, e);
	if (!rc)
		rc = option_write(s->t, s->chip, &now, &change, 1, e);
	if (rc)
		return rc;
	clock_sleep_us(s->t->clock, OPEN_US);
	target_clear_errors(s->t, NULL, NULL);
	session_fell(s, SESSION_CLOSED);
	s->all_erased = true;
	return 0;
}
