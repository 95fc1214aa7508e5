/*
 * Does the probe's reset line reach the chip? No single sign is trusted: the core's sticky reset
 * bit on the first look, its state while the line is low, a register that a reset clears, and the
 * chip's own memory of why it was reset. Resets the target; the reports says so.
 */
#include "analyzer/check/exam_internal.h"

#include "probe/coresight_regs.h"

#define LOW_MS	     10
#define LOW_LOOKS    3
#define BOOT_MS	     30
#define SLOW_MS	     500
#define SLOW_STEP_MS 5

enum sees { SEES_UNCLEAR, SEES_NOTHING, SEES_RESET };

struct signs {
	unsigned reset, nothing;
};

static void tell_sign(struct exam *x, struct signs *s, const char *signal, enum sees sees,
		      const char *says)
{
	static const char *const words[] = { "unclear", "nothing", "reset" };

	s->reset += sees == SEES_RESET;
	s->nothing += sees == SEES_NOTHING;
	exam_say(x, EVENT_NRST_SIGNAL, EXAM_VALUES(EXAM_TEXT(signal), EXAM_TEXT(words[sees])), "%s",
		 says);
}

static int dhcsr(struct exam *x, uint32_t *ret, unsigned *ret_status, struct err *e)
{
	return exam_word(x, CORESIGHT_DHCSR, ret, ret_status, e);
}

/* ---- the signs ---- */

/* Without anybody pulling, the core must not be seen to reset; else the other signs mean nothing.
 */
static int is_quiet(struct exam *x, bool *ret, struct err *e)
{
	uint32_t first, second = DHCSR_S_RESET_ST;
	unsigned status;
	int rc = dhcsr(x, &first, &status, e);

	if (!rc && !status)
		rc = exam_sleep_ms(x, LOW_MS, e);
	if (!rc && !status)
		rc = dhcsr(x, &second, &status, e);
	*ret = !rc && !status && !(second & DHCSR_S_RESET_ST);
	return rc;
}

static int look_while_low(struct exam *x, struct signs *s, struct err *e)
{
	unsigned held = 0, looks = 0, refused = 0, status;
	uint32_t word;
	int rc = exam_sleep_ms(x, LOW_MS, e);

	/* The first look still tells of what was before. */
	if (!rc)
		rc = dhcsr(x, &word, &status, e);
	for (unsigned i = 0; !rc && i < LOW_LOOKS; i++) {
		rc = dhcsr(x, &word, &status, e);
		looks++;
		refused += status != 0;
		held += !status && word & DHCSR_S_RESET_ST && !(word & DHCSR_S_RETIRE_ST);
	}
	if (rc)
		return rc;
	if (refused)
		tell_sign(x, s, "while-low", SEES_RESET,
			  "while the line is low the core cannot be reached");
	else if (held == looks)
		tell_sign(x, s, "while-low", SEES_RESET,
			  "while the line is low the core is in reset, each time it is looked at");
	else if (!held)
		tell_sign(x, s, "while-low", SEES_NOTHING,
			  "while the line is low the core goes on as before");
	else
		tell_sign(x, s, "while-low", SEES_UNCLEAR,
			  "while the line is low the core is now in reset and now not");
	return 0;
}

/* How long after it was let go the core executes again; *ret_ms: SLOW_MS if not at all. */
static int wait_for_life(struct exam *x, unsigned *ret_ms, bool *ret_seen, struct err *e)
{
	int rc = 0;

	*ret_seen = false;
	for (*ret_ms = 0; !rc && *ret_ms < SLOW_MS; *ret_ms += SLOW_STEP_MS) {
		unsigned status;
		uint32_t word;

		rc = dhcsr(x, &word, &status, e);
		if (rc)
			break;
		if (!status && !*ret_ms && word & DHCSR_S_RESET_ST)
			*ret_seen = true;
		if (!status && !(word & DHCSR_S_RESET_ST))
			break;
		rc = exam_sleep_ms(x, SLOW_STEP_MS, e);
	}
	return rc;
}

static int look_at_causes(struct exam *x, struct signs *s, const struct cortexm_cause_reg *reg,
			  struct err *e)
{
	unsigned status;
	uint32_t word, causes;
	int rc = exam_word(x, reg->address, &word, &status, e);

	if (rc || status)
		return rc;
	causes = cortexm_causes_of(reg, word);
	if (!causes)
		tell_sign(x, s, "cause-flags", SEES_NOTHING,
			  "the chip remembers no reset at all since its flags were cleared");
	else if (causes == CORTEXM_CAUSE_PIN)
		tell_sign(x, s, "cause-flags", SEES_RESET,
			  "the chip remembers a reset by its pin, and no other");
	else
		tell_sign(x, s, "cause-flags", SEES_UNCLEAR, "the chip remembers other resets too");
	return 0;
}

/* ---- the verdict ---- */

static void tell_state(struct exam *x, const struct signs *s, unsigned ms, bool own_reset_fails)
{
	const char *state = "unclear";

	if (x->no_reset_pin && !s->reset)
		state = "no-pin"; /* whether the wire ends there cannot be told */
	else if (s->reset >= 2 && s->reset > s->nothing)
		state = ms > 50 ? "slow" : "connected";
	else if (s->nothing >= 2 && !s->reset)
		state = own_reset_fails ? "held-high" : "not-connected";
	exam_say(x, EVENT_NRST_STATE, EXAM_VALUES(EXAM_TEXT(state), EXAM_NUM(ms)),
		 "reset line: %s (%u signs for it, %u against)", state, s->reset, s->nothing);
}

/* Where the line does nothing: can the chip reset itself? It cannot when the pin is held high. */
static int own_reset(struct exam *x, bool *ret_fails, struct err *e)
{
	unsigned status = 0;
	uint32_t word = 0;
	int rc;

	exam_write_word(x, CORESIGHT_AIRCR, AIRCR_KEY | AIRCR_SYSRESETREQ, NULL);
	rc = exam_sleep_ms(x, BOOT_MS, e);
	if (!rc)
		rc = dhcsr(x, &word, &status, e);
	*ret_fails = !rc && !status && !(word & DHCSR_S_RESET_ST);
	return rc;
}

static int pull(struct exam *x, struct signs *s, unsigned *ret_ms, struct err *e)
{
	bool seen;
	int rc;

	exam_tell_change(x, "restarted", "the reset line is pulled low");
	rc = stlink_drive_nrst(x->s, STLINK_NRST_LOW, e);
	if (!rc)
		rc = look_while_low(x, s, e);
	if (stlink_drive_nrst(x->s, STLINK_NRST_HIGH, rc ? NULL : e) && !rc)
		return ERR_STATUS;
	/* Chips that are silent while the line is low need a new session. */
	if (!rc && !(x->reached & EXAM_HAS_LINK) &&
	    exam_enter(x, TARGET_CONNECT_HOT_PLUG, x->khz, e))
		return ERR_STATUS;
	x->reached |= EXAM_HAS_CORE | (x->kin ? EXAM_HAS_CHIP : 0);
	if (!rc)
		rc = wait_for_life(x, ret_ms, &seen, e);
	if (!rc)
		tell_sign(x, s, "first-look", seen ? SEES_RESET : SEES_NOTHING,
			  seen ? "the first look after it was let go shows a reset"
			       : "the first look after it was let go shows no reset");
	return rc;
}

/* A bit in a register that a reset clears; ret_status: the target's, if it refused. */
static int make_mark(struct exam *x, unsigned *ret_status, struct err *e)
{
	int rc = x->marked ? exam_unmark(x, e) : 0; /* of a try that was cut short */

	if (!rc)
		rc = exam_word(x, EXAM_SCR, &x->scr, ret_status, e);
	if (rc || *ret_status)
		return rc;
	x->marked = true;
	exam_write_word(x, EXAM_SCR, x->scr | EXAM_SCR_MARK, NULL);
	return 0;
}

static int look_at_mark(struct exam *x, struct signs *s, struct err *e)
{
	unsigned status;
	uint32_t now = 0;
	int rc = exam_word(x, EXAM_SCR, &now, &status, e);
	bool kept = now & EXAM_SCR_MARK;

	if (rc || status)
		return rc;
	tell_sign(x, s, "register", kept ? SEES_NOTHING : SEES_RESET,
		  kept ? "a register that a reset clears kept its value"
		       : "a register that a reset clears was cleared");
	return exam_unmark(x, e);
}

int exam_reset_line(struct exam *x, struct err *e)
{
	const struct cortexm_cause_reg *reg = x->kin ? cortexm_cause_find(x->kin->family) : NULL;
	struct signs s = { 0 };
	bool quiet, own_fails = false;
	unsigned ms = 0, status = 0;
	int rc;

	if (!stlink_can(x->s, STLINK_GATE_DRIVE_NRST) || x->held || x->under_reset)
		return 0;
	rc = is_quiet(x, &quiet, e);
	if (rc || !quiet)
		return rc;
	rc = make_mark(x, &status, e);
	if (rc || status)
		return rc;
	if (reg) {
		exam_tell_change(x, "cause-flags", "the flags of past resets are cleared");
		cortexm_clear_causes(x->t, reg, NULL);
	}
	rc = pull(x, &s, &ms, e);
	if (!rc)
		rc = look_at_mark(x, &s, e);
	if (!rc && reg)
		rc = look_at_causes(x, &s, reg, e);
	if (!rc && !s.reset && !x->no_reset_pin)
		rc = own_reset(x, &own_fails, e);
	if (!rc)
		tell_state(x, &s, ms, own_fails);
	return rc == ERR_STATUS ? 0 : rc;
}
