/* Resets of the core and attaching to it. */
#include "probe/coresight_regs.h"
#include "probe/cortexm.h"

#define NRST_LOW_US	20000 /* 100 nF at the pin want a millisecond */
#define RESET_MS	1000  /* a supervisor may stretch it */
#define SILENT_MS	120   /* the debug port itself answers nothing: it lost its power */
#define POLL_US		1000
#define AIRCR_VECTRESET (1U << 0)

static int check_possible(struct target *t, enum cortexm_reset how, struct err *e)
{
	uint32_t cpuid;
	int rc;

	if (how != CORTEXM_RESET_CORE)
		return 0;
	rc = cortexm_read_cpuid(t, &cpuid, e);
	if (rc)
		return rc;
	/* Architecture F with a part below D20 is v7-M. */
	if (cortexm_is_v6m(cpuid) || (cpuid >> 4 & 0xfff) >= 0xd00)
		return err_set(e, ERR_UNSUPPORTED, "only ARMv7-M can reset its core alone");
	return 0;
}

static int pull(struct target *t, enum cortexm_reset how, struct err *e)
{
	struct err ignored;
	int rc;

	if (how == CORTEXM_RESET_HARDWARE) {
		rc = target_nrst(t, TARGET_NRST_LOW, e);
		clock_sleep_us(t->clock, NRST_LOW_US);
		if (rc)
			target_nrst(t, TARGET_NRST_RELEASED, &ignored);
		return rc ? rc : target_nrst(t, TARGET_NRST_RELEASED, e);
	}
	return target_write32(
		t, CORESIGHT_AIRCR,
		AIRCR_KEY | (how == CORTEXM_RESET_CORE ? AIRCR_VECTRESET : AIRCR_SYSRESETREQ), e);
}

static int not_over(const struct cortexm_state *st, struct err *e)
{
	return err_set_native(e, ERR_PROTOCOL, (int)st->dhcsr, "%s (DHCSR 0x%08x)",
			      st->was_reset ? "the reset does not end"
					    : "the core did not halt after reset",
			      st->dhcsr);
}

/*
 * Until the reset is over: a core that is still in reset shows "was reset" at every look, and some
 * families do not answer meanwhile. *ret_seen gathers whether it was shown at all. A debug port
 * that stays silent needs a new session, and is not waited for.
 */
static int wait_over(struct target *t, bool halt, bool *ret_seen, struct err *e)
{
	struct cortexm_state st = { 0 };
	struct deadline limit;
	uint64_t heard_us = clock_now_us(t->clock);
	int rc, over;

	deadline_init(&limit, t->clock, t->deadline, "waiting for the reset to end", RESET_MS);
	for (;;) {
		rc = cortexm_read_state(t, &st, e);
		if (rc && rc != ERR_STATUS)
			return rc;
		if (!rc) {
			*ret_seen |= st.was_reset;
			if (!st.was_reset && (!halt || st.halted))
				return 0;
		}
		/* An access in the middle of a reset leaves its flags behind. */
		if (!rc || !target_clear_errors(t, NULL, NULL))
			heard_us = clock_now_us(t->clock);
		else if (clock_now_us(t->clock) - heard_us > SILENT_MS * 1000)
			return rc;
		over = deadline_sleep_us(&limit, POLL_US, rc ? NULL : e);
		if (over == ERR_DEADLINE && !deadline_check(t->deadline, NULL))
			return rc ? rc : not_over(&st, e);
		if (over)
			return deadline_check(t->deadline, e);
	}
}

int cortexm_reset(struct target *t, enum cortexm_reset how, bool halt, bool *ret_seen,
		  struct err *e)
{
	struct cortexm_state before;
	bool seen = false;
	uint32_t demcr = 0;
	int rc = check_possible(t, how, e);

	if (!rc)
		rc = cortexm_enable_debug(t, e);
	if (!rc)
		rc = target_read32(t, CORESIGHT_DEMCR, &demcr, e);
	if (!rc)
		rc = cortexm_set_catch(
			t, halt ? demcr | CORTEXM_CATCH_RESET : demcr & ~CORTEXM_CATCH_RESET, e);
	/* The look forgets an earlier reset. */
	if (!rc)
		rc = cortexm_read_state(t, &before, e);
	if (!rc)
		rc = pull(t, how, e);
	if (!rc)
		rc = wait_over(t, halt, &seen, e);
	if (!rc && halt)
		rc = cortexm_set_catch(t, demcr, e);
	if (rc)
		return err_prefix(e, rc, "resetting");
	if (ret_seen)
		*ret_seen = seen;
	return 0;
}

/*
 * NRST is low. What can be written now acts when it is released; a family that does not answer in
 * reset is caught as early as possible after it.
 */
static int stop_at_first_instruction(struct target *t, struct err *e)
{
	struct err ignored;
	int prepared = cortexm_enable_debug(t, &ignored);
	bool seen = false;
	int rc;

	if (!prepared)
		prepared = cortexm_set_catch(t, CORTEXM_TRACE_ON | CORTEXM_CATCH_RESET, &ignored);
	rc = target_nrst(t, TARGET_NRST_RELEASED, e);
	if (rc)
		return rc;
	if (prepared)
		rc = cortexm_halt(t, e);
	else
		rc = wait_over(t, true, &seen, e);
	return rc ? rc : cortexm_set_catch(t, CORTEXM_TRACE_ON, e);
}

int cortexm_attach(struct target *t, enum target_connect how, struct err *e)
{
	int rc = target_connect(t, how, e);

	if (rc)
		return err_prefix(e, rc, "connecting");
	switch (how) {
	case TARGET_CONNECT_NORMAL:
		return cortexm_enable_debug(t, e);
	case TARGET_CONNECT_UNDER_RESET:
		rc = stop_at_first_instruction(t, e);
		return rc ? err_prefix(e, rc, "connecting under reset") : 0;
	case TARGET_CONNECT_HOT_PLUG:
		break;
	}
	return 0;
}
