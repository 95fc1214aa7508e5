/*
 * A chip that can only be reached under reset runs a program that takes the port away. Which of two
 * ways? With the debug clocks kept on, a program that sleeps can still be reached; one that gave
 * the pins to something else cannot.
 */
#include "analyzer/check/exam_internal.h"

#include "probe/coresight_regs.h"

#define RUN_MS	    60
#define RUN_LOOKS   12
#define BROKE_LOOKS 50 /* a program that let a session live for a while does so again */

static void tell(struct exam *x, const char *what, const char *says)
{
	exam_say(x, EVENT_LINK_DEBUG_CLOCK, EXAM_VALUES(EXAM_TEXT(what)), "%s", says);
}

/* Sets the bits that keep the clocks; *ret_kept false: this chip has none that we know. */
static int keep_clocks(struct exam *x, bool *ret_kept, struct err *e)
{
	const struct chip *c = x->chip;
	unsigned status;
	uint32_t word;
	int rc;

	*ret_kept = false;
	if (!c || !c->dbgmcu.mask)
		return 0;
	if (c->dbgmcu_clock.mask) {
		rc = exam_word(x, c->dbgmcu_clock.reg, &word, &status, e);
		if (rc || status)
			return rc;
		exam_write_word(x, c->dbgmcu_clock.reg, word | c->dbgmcu_clock.mask, NULL);
	}
	rc = exam_word(x, c->dbgmcu.reg, &word, &status, e);
	if (rc || status)
		return rc;
	if ((word & c->dbgmcu.mask) != c->dbgmcu.mask)
		exam_tell_change(x, "debug-clocks",
				 "the bits of DBGMCU_CR that keep the debug clocks on are set");
	exam_write_word(x, c->dbgmcu.reg, word | c->dbgmcu.mask, NULL);
	*ret_kept = true;
	return 0;
}

/* Let the program run and watch whether the core stays within reach. */
static int watch(struct exam *x, bool *ret_sleeps, bool *ret_lost, struct err *e)
{
	unsigned looks = x->broke ? BROKE_LOOKS : RUN_LOOKS;
	int rc = 0;

	*ret_sleeps = *ret_lost = false;
	for (unsigned i = 0; !rc && i < looks && !*ret_lost; i++) {
		unsigned status;
		uint32_t word;

		rc = exam_sleep_ms(x, RUN_MS, e);
		if (!rc)
			rc = exam_word(x, CORESIGHT_DHCSR, &word, &status, e);
		if (rc)
			break;
		*ret_lost = status != 0;
		*ret_sleeps = !status && word & DHCSR_S_SLEEP;
	}
	return rc;
}

/* The program is started anew, so that it is left as it was found. */
static int start_anew(struct exam *x, struct err *e)
{
	int rc;

	exam_tell_change(x, "restarted", "the reset line is pulled low");
	rc = stlink_drive_nrst(x->s, STLINK_NRST_LOW, e);

	if (!rc)
		rc = exam_sleep_ms(x, 20, e);
	return stlink_drive_nrst(x->s, STLINK_NRST_HIGH, rc ? NULL : e) ? ERR_STATUS : rc;
}

int exam_firmware(struct exam *x, struct err *e)
{
	bool kept, sleeps, lost;
	int rc;

	if (!x->under_reset)
		return 0;
	rc = exam_debug_settings_end(x, e); /* before this step changes them */
	if (!rc)
		rc = keep_clocks(x, &kept, e);
	if (!rc)
		rc = cortexm_run(x->t, false, e);
	if (rc)
		return rc == ERR_STATUS ? 0 : rc;
	x->under_reset = false; /* the program runs from here on */
	rc = watch(x, &sleeps, &lost, e);
	if (rc)
		return rc;
	if (lost)
		tell(x, kept ? "silent" : "unknown",
		     kept ? "even with the debug clocks kept on, the running program takes the "
			    "port away"
			  : "the running program takes the port away");
	else if (sleeps)
		tell(x, "sleeps", "with the debug clocks kept on, the core is seen to sleep");
	else
		tell(x, "runs", "with the debug clocks kept on, the core stays within reach");
	return start_anew(x, e);
}
