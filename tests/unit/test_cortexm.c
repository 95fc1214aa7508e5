/* The core: state, halt, resets, attaching. The core is a small model that keeps Arm's rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "probe/coresight_regs.h"
#include "probe/cortexm.h"
#include "tests/lib/fake_clock.h"

struct core {
	struct target t;
	struct fake_clock clock;
	uint32_t dhcsr, demcr, dfsr, cpuid, rcc;
	bool in_reset; /* NRST is low */
	bool nrst_wired;
	bool dead_in_reset; /* accesses fail while NRST is low */
	bool never_halts;
	unsigned reset_looks; /* how often "was reset" is still shown after a reset */
	unsigned faulty;      /* so many accesses fail after a reset */
	unsigned faults;      /* that are still to come */
	enum target_connect connected;
	unsigned cleared;
};

static void do_reset(struct core *c)
{
	c->dhcsr &= DHCSR_C_DEBUGEN;
	c->dhcsr |= DHCSR_S_RESET_ST;
	c->reset_looks = 1;
	c->faults = c->faulty;
	if ((c->dhcsr & DHCSR_C_DEBUGEN) && (c->demcr & CORTEXM_CATCH_RESET) && !c->never_halts) {
		c->dhcsr |= DHCSR_S_HALT | DHCSR_C_HALT;
		c->dfsr |= 8;
	}
}

static void write_dhcsr(struct core *c, uint32_t v)
{
	if (v >> 16 != 0xa05f)
		return;
	c->dhcsr = (c->dhcsr & ~0xfu) | (v & 0xf);
	if (c->in_reset || c->never_halts)
		return;
	if (v & (DHCSR_C_HALT | DHCSR_C_STEP))
		c->dhcsr |= DHCSR_S_HALT | DHCSR_C_HALT;
	else
		c->dhcsr &= ~DHCSR_S_HALT;
}

static uint32_t *reg(struct core *c, uint32_t address)
{
	switch (address) {
	case CORESIGHT_DHCSR:
		return &c->dhcsr;
	case CORESIGHT_DEMCR:
		return &c->demcr;
	case CORESIGHT_DFSR:
		return &c->dfsr;
	case CORESIGHT_CPUID:
		return &c->cpuid;
	default:
		return &c->rcc;
	}
}

static int access_word(struct core *c, struct target_word *w, struct err *e)
{
	if ((c->in_reset && c->dead_in_reset) || c->faults) {
		c->faults -= c->faults > 0;
		return err_set_native(e, ERR_STATUS, 0x11, "AP_FAULT");
	}
	if (!w->write) {
		w->value = *reg(c, w->address);
		if (w->address == CORESIGHT_DHCSR) {
			if (c->in_reset)
				w->value |= DHCSR_S_RESET_ST;
			else if (!c->reset_looks || !--c->reset_looks)
				c->dhcsr &= ~DHCSR_S_RESET_ST;
		}
		return 0;
	}
	if (w->address == CORESIGHT_DHCSR)
		write_dhcsr(c, w->value);
	else if (w->address == CORESIGHT_AIRCR && w->value >> 16 == 0x5fa)
		do_reset(c);
	else
		*reg(c, w->address) = w->value;
	return 0;
}

static int words(struct target *t, struct target_word *w, size_t n, size_t *ret_done, struct err *e)
{
	for (*ret_done = 0; *ret_done < n; ++*ret_done) {
		int rc = access_word((struct core *)t, &w[*ret_done], e);

		if (rc)
			return rc;
	}
	return 0;
}

static int nrst(struct target *t, enum target_nrst level, struct err *e)
{
	struct core *c = (struct core *)t;
	bool was = c->in_reset;

	(void)e;
	c->in_reset = c->nrst_wired && level == TARGET_NRST_LOW;
	if (was && !c->in_reset)
		do_reset(c);
	return 0;
}

static int connect_core(struct target *t, enum target_connect how, struct err *e)
{
	((struct core *)t)->connected = how;
	return how == TARGET_CONNECT_UNDER_RESET ? nrst(t, TARGET_NRST_LOW, e) : 0;
}

static int clear_errors(struct target *t, uint32_t *ret_were, struct err *e)
{
	(void)ret_were;
	(void)e;
	((struct core *)t)->cleared++;
	return 0;
}

static const struct target_ops ops = {
	.name = "model",
	.words = words,
	.nrst = nrst,
	.connect = connect_core,
	.clear_errors = clear_errors,
};

static void begin(struct core *c)
{
	*c = (struct core){ .cpuid = 0x410fc241, .nrst_wired = true };
	fake_clock_init(&c->clock);
	c->t.ops = &ops;
	c->t.clock = &c->clock.clock;
}

static void the_state_is_read_in_words(void **state)
{
	struct cortexm_state st;
	struct core c;

	(void)state;
	begin(&c);
	c.dhcsr =
		DHCSR_C_DEBUGEN | DHCSR_C_HALT | DHCSR_S_LOCKUP | DHCSR_S_SLEEP | DHCSR_S_RETIRE_ST;
	assert_int_equal(cortexm_read_state(&c.t, &st, NULL), 0);
	assert_true(st.debug_enabled && st.halt_asked && st.locked_up && st.sleeping &&
		    st.executed);
	assert_false(st.halted || st.was_reset);
}

static void a_core_is_halted_stepped_and_let_go(void **state)
{
	struct cortexm_state st;
	struct core c;

	(void)state;
	begin(&c);
	assert_int_equal(cortexm_halt(&c.t, NULL), 0);
	assert_int_equal(cortexm_step(&c.t, NULL), 0);
	assert_int_equal(cortexm_run(&c.t, true, NULL), 0);
	assert_int_equal(cortexm_read_state(&c.t, &st, NULL), 0);
	assert_false(st.halted);
	assert_true(st.dhcsr & DHCSR_C_MASKINTS);
	assert_int_equal(cortexm_release(&c.t, NULL), 0);
	assert_int_equal(c.dhcsr & DHCSR_C_DEBUGEN, 0);
}

static void a_core_that_does_not_halt_is_told_with_its_state(void **state)
{
	struct core c;
	struct err e = { 0 };

	(void)state;
	begin(&c);
	c.never_halts = true;
	c.dhcsr = DHCSR_S_SLEEP;
	assert_int_equal(cortexm_halt(&c.t, &e), ERR_PROTOCOL);
	assert_int_equal(e.native, 0x00040003);
	assert_string_equal(e.text, "the core does not halt (DHCSR 0x00040003, it sleeps)");
	assert_in_range(c.clock.slept_us, 490000, 510000);
}

static void a_deadline_is_not_taken_for_a_core_that_does_not_halt(void **state)
{
	struct deadline run;
	struct core c;
	struct err e = { 0 };

	(void)state;
	begin(&c);
	c.never_halts = true;
	deadline_init(&run, &c.clock.clock, NULL, "the run", 50);
	c.t.deadline = &run;
	assert_int_equal(cortexm_halt(&c.t, &e), ERR_DEADLINE);
	assert_string_equal(e.text, "the run took longer than 0.0 s");
}

static void every_kind_of_reset_stops_at_the_first_instruction(void **state)
{
	static const enum cortexm_reset kinds[] = { CORTEXM_RESET_SYSTEM, CORTEXM_RESET_CORE,
						    CORTEXM_RESET_HARDWARE };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct core c;
		bool seen = false;
		struct err e = { 0 };

		begin(&c);
		c.demcr = CORTEXM_TRACE_ON;
		if (cortexm_reset(&c.t, kinds[i], true, &seen, &e))
			fail_msg("%s", e.text);
		assert_true(seen);
		assert_true(c.dhcsr & DHCSR_S_HALT);
		assert_int_equal(c.demcr, CORTEXM_TRACE_ON); /* as it was */
	}
}

static void a_reset_may_let_the_core_run(void **state)
{
	bool seen = false;
	struct core c;

	(void)state;
	begin(&c);
	c.demcr = CORTEXM_CATCH_RESET;
	assert_int_equal(cortexm_reset(&c.t, CORTEXM_RESET_SYSTEM, false, &seen, NULL), 0);
	assert_true(seen);
	assert_false(c.dhcsr & DHCSR_S_HALT);
}

static void a_line_that_is_not_wired_resets_nothing_and_that_is_seen(void **state)
{
	bool seen = true;
	struct core c;

	(void)state;
	begin(&c);
	c.nrst_wired = false;
	assert_int_equal(cortexm_reset(&c.t, CORTEXM_RESET_HARDWARE, false, &seen, NULL), 0);
	assert_false(seen);
}

static void accesses_that_fail_during_a_reset_are_waited_out(void **state)
{
	bool seen = false;
	struct err e = { 0 };
	struct core c;

	(void)state;
	begin(&c);
	c.faulty = 3;
	assert_int_equal(cortexm_reset(&c.t, CORTEXM_RESET_SYSTEM, true, &seen, NULL), 0);
	assert_true(seen);
	assert_int_equal(c.cleared, 3);
	c.faulty = 5000;
	assert_int_equal(cortexm_reset(&c.t, CORTEXM_RESET_SYSTEM, true, &seen, &e), ERR_STATUS);
	assert_int_equal(e.native, 0x11);
}

static void an_m0_cannot_reset_its_core_alone(void **state)
{
	struct core c;

	(void)state;
	begin(&c);
	c.cpuid = 0x410cc200;
	assert_int_equal(cortexm_reset(&c.t, CORTEXM_RESET_CORE, true, NULL, NULL),
			 ERR_UNSUPPORTED);
	c.cpuid = 0x410fd213;
	assert_int_equal(cortexm_reset(&c.t, CORTEXM_RESET_CORE, true, NULL, NULL),
			 ERR_UNSUPPORTED);
}

static void attaching_does_what_was_asked_and_no_more(void **state)
{
	struct core c;

	(void)state;
	begin(&c);
	assert_int_equal(cortexm_attach(&c.t, TARGET_CONNECT_HOT_PLUG, NULL), 0);
	assert_int_equal(c.dhcsr, 0);
	assert_int_equal(cortexm_attach(&c.t, TARGET_CONNECT_NORMAL, NULL), 0);
	assert_int_equal(c.dhcsr, DHCSR_C_DEBUGEN);
	c.dhcsr |= DHCSR_S_HALT | DHCSR_C_HALT;
	assert_int_equal(cortexm_attach(&c.t, TARGET_CONNECT_NORMAL, NULL), 0);
	assert_true(c.dhcsr & DHCSR_S_HALT); /* a halted core stays halted */
}

static void under_reset_the_core_stops_first_thing(void **state)
{
	(void)state;
	for (unsigned dead = 0; dead < 2; dead++) {
		struct core c;
		struct err e = { 0 };

		begin(&c);
		c.dead_in_reset = dead;
		c.demcr = dead ? CORTEXM_CATCH_RESET : 0;
		c.dhcsr = dead ? DHCSR_C_DEBUGEN : 0;
		if (cortexm_attach(&c.t, TARGET_CONNECT_UNDER_RESET, &e))
			fail_msg("%s", e.text);
		assert_int_equal(c.connected, TARGET_CONNECT_UNDER_RESET);
		assert_false(c.in_reset);
		assert_true(c.dhcsr & DHCSR_S_HALT);
		assert_int_equal(c.demcr, CORTEXM_TRACE_ON);
	}
}

static void faults_of_an_m0_are_not_invented(void **state)
{
	struct cortexm_faults f;
	struct core c;

	(void)state;
	begin(&c);
	c.cpuid = 0x410cc200;
	c.dfsr = 9;
	c.rcc = 0x1234;
	assert_int_equal(cortexm_read_faults(&c.t, &f, NULL), 0);
	assert_int_equal(f.dfsr, 9);
	assert_false(f.has_fault_regs);
	assert_int_equal(f.cfsr, 0);
}

static void the_cause_of_a_reset_is_read_by_family(void **state)
{
	const struct cortexm_cause_reg *f4 = cortexm_cause_find("F4"),
				       *h7 = cortexm_cause_find("H7");
	uint32_t causes;
	struct core c;

	(void)state;
	begin(&c);
	assert_null(cortexm_cause_find("Z9"));
	c.rcc = 1U << 26 | 1U << 29;
	assert_int_equal(cortexm_read_causes(&c.t, f4, &causes, NULL), 0);
	assert_int_equal(causes, CORTEXM_CAUSE_PIN | CORTEXM_CAUSE_IWDG);
	assert_int_equal(cortexm_causes_of(h7, 1U << 22 | 1U << 24),
			 CORTEXM_CAUSE_PIN | CORTEXM_CAUSE_SOFTWARE);
	assert_int_equal(cortexm_clear_causes(&c.t, f4, NULL), 0);
	assert_int_equal(c.rcc, 1U << 26 | 1U << 29 | 1U << 24);
}

static void parts_have_names(void **state)
{
	(void)state;
	assert_string_equal(cortexm_part_name(0x410fc241), "Cortex-M4");
	assert_string_equal(cortexm_part_name(0x410cc601), "Cortex-M0+");
	assert_null(cortexm_part_name(0x12345670));
}

int main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		T(the_state_is_read_in_words),
		T(a_core_is_halted_stepped_and_let_go),
		T(a_core_that_does_not_halt_is_told_with_its_state),
		T(a_deadline_is_not_taken_for_a_core_that_does_not_halt),
		T(every_kind_of_reset_stops_at_the_first_instruction),
		T(a_reset_may_let_the_core_run),
		T(a_line_that_is_not_wired_resets_nothing_and_that_is_seen),
		T(accesses_that_fail_during_a_reset_are_waited_out),
		T(an_m0_cannot_reset_its_core_alone),
		T(attaching_does_what_was_asked_and_no_more),
		T(under_reset_the_core_stops_first_thing),
		T(faults_of_an_m0_are_not_invented),
		T(the_cause_of_a_reset_is_read_by_family),
		T(parts_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
