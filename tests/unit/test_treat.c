/* From events to the order of recoveries, with the shipped rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "analyzer/flash/treat.h"

struct sick { /* a session in which something failed */
	struct flash_session s;
	struct events *ev;
	uint64_t packet;
	struct treat t;
	const struct recovery *order[32];
	size_t n;
};

static void begin(struct sick *k, enum treat_order order)
{
	memset(k, 0, sizeof(*k));
	k->ev = events_new();
	k->packet = 1;
	treat_init(&k->t, k->ev, &k->packet, NULL, order);
	fault_init(&k->s.fault, FAULT_STEP_PROGRAM);
	fault_set_address(&k->s.fault, 0x08004000);
}

static void end(struct sick *k)
{
	treat_done(&k->t);
	events_free(k->ev);
}

static void happens(struct sick *k, enum event_kind kind, int64_t num, const char *text)
{
	struct event e = {
		.kind = kind, .pattern = -1, .times = 1, .line = k->packet++, .text = ""
	};

	e.v[0] = (struct event_value){ .has = true, .num = num, .text = text };
	e.last_line = e.line;
	event_add(k->ev, &e);
}

/* Place of a recovery in the order; 99: not in it. */
static size_t place(const struct sick *k, const char *name)
{
	for (size_t i = 0; i < k->n; i++)
		if (!strcmp(k->order[i]->name, name))
			return i;
	return 99;
}

/* Needs no target: nothing below is asked for the speed of the link. */
static void choose(struct sick *k)
{
	struct flash_session *s = &k->s;
	struct target_ops ops = { .name = "nobody" };
	struct target nobody = { .ops = &ops };

	s->t = &nobody;
	k->n = treat_choose(&k->t, s, k->order, 32);
	s->t = NULL;
}

static void trouble_on_usb_is_met_on_usb(void **state)
{
	struct sick k;

	(void)state;
	begin(&k, TREAT_BY_CAUSE);
	for (unsigned i = 0; i < 3; i++)
		happens(&k, EVENT_USB_ERROR, 0, "timeout");
	err_set_native(&k.s.fault.link, ERR_TIMEOUT, -7, "no answer");
	choose(&k);
	assert_true(place(&k, "reset-usb") < place(&k, "lower-speed"));
	end(&k);
}

static void a_sagging_supply_is_waited_for(void **state)
{
	struct sick k;

	(void)state;
	begin(&k, TREAT_BY_CAUSE);
	happens(&k, EVENT_TARGET_VOLTAGE, 3290, NULL);
	happens(&k, EVENT_FLASH_START, 0x08000000, NULL);
	k.s.fault.has_mismatch = true;
	k.s.fault.has_voltage = true;
	k.s.fault.voltage.mv = 2300;
	k.s.fault.had_voltage = true;
	k.s.fault.voltage_before.mv = 3290;
	choose(&k);
	assert_true(place(&k, "wait-for-voltage") < place(&k, "lower-speed"));
	assert_true(place(&k, "narrower-writes") < 99);
	end(&k);
}

static void what_was_tried_in_vain_comes_later(void **state)
{
	struct sick k;
	size_t before;

	(void)state;
	begin(&k, TREAT_BY_CAUSE);
	happens(&k, EVENT_LINK_PARITY, 0, NULL);
	happens(&k, EVENT_LINK_PARITY, 0, NULL);
	err_set_native(&k.s.fault.link, ERR_STATUS, 0x13, "parity");
	choose(&k);
	before = place(&k, k.order[0]->name);
	assert_int_equal(before, 0);
	k.s.care.tries[0] =
		(struct flash_try){ .how = k.order[0], .times = 3, .result = TRY_FAILED };
	k.s.care.n_tries = 1;
	k.s.care.here = 3;
	{
		const struct recovery *first = k.order[0];

		choose(&k);
		assert_ptr_not_equal(k.order[0], first);
	}
	end(&k);
}

static void an_outcome_is_evidence(void **state)
{
	const struct flash_try worked = { .how = recovery_find("lower-speed"),
					  .step = FAULT_STEP_PROGRAM,
					  .result = TRY_WORKED,
					  .times = 1 };
	struct sick k;

	(void)state;
	begin(&k, TREAT_BY_CAUSE);
	treat_tried(&k.t, &worked);
	assert_int_equal(events_count(k.ev, EVENT_RECOVERY_RESULT), 1);
	assert_string_equal(events_at(k.ev, 0)->v[0].text, "lower-speed");
	assert_string_equal(events_at(k.ev, 0)->v[1].text, "worked");
	assert_true(k.t.degraded);
	end(&k);
}

/* ---- the next ranking ---- */

static double confidence(struct sick *k, const char *cause)
{
	struct diagnosis_input in = { .events = k->ev };
	struct diagnosis *d = diagnosis_new(k->t.rules, &in);
	double is = -1;

	for (size_t i = 0; i < d->n_findings; i++)
		if (!strcmp(d->findings[i].cause, cause))
			is = d->findings[i].confidence;
	diagnosis_free(d);
	return is;
}

/* How sure the cause is after a recovery that ended so. */
static double confidence_after(const char *recovery, enum try_result result, const char *cause)
{
	const struct flash_try one = { .how = recovery_find(recovery),
				       .step = FAULT_STEP_PROGRAM,
				       .result = result };
	struct sick k;
	double is;

	begin(&k, TREAT_BY_CAUSE);
	happens(&k, EVENT_LINK_PARITY, 0, NULL);
	err_set_native(&k.s.fault.link, ERR_STATUS, 0x13, "parity");
	choose(&k);
	if (result != TRY_OPEN)
		treat_tried(&k.t, &one);
	is = confidence(&k, cause);
	end(&k);
	return is;
}

static void an_outcome_changes_the_next_verdict(void **state)
{
	static const struct {
		const char *recovery, *cause;
	} rows[] = {
		{ "lower-speed", "signal-integrity" },
		{ "wait-for-voltage", "target-voltage-unstable" },
		{ "freeze-watchdogs", "watchdog-reset" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *how = rows[i].recovery, *cause = rows[i].cause;
		double before = confidence_after(how, TRY_OPEN, cause);

		assert_true(before >= 0);
		assert_true(confidence_after(how, TRY_WORKED, cause) > before);
		assert_true(confidence_after(how, TRY_FAILED, cause) < before);
	}
}

/* A stuck probe or a sleeping target, as likely as each other: what comes first? */
static const struct recovery *first_of_two(const struct rules *r, double sure)
{
	struct finding two[] = { { .cause = "probe-stuck", .confidence = sure },
				 { .cause = "target-low-power", .confidence = sure } };
	struct diagnosis d = { .findings = two, .n_findings = 2 };
	const struct recovery *order[32];

	assert_true(treat_rank(r, &d, NULL, order, 32) > 1);
	return order[0];
}

static void a_weak_verdict_prefers_what_harms_nothing_and_tells_apart(void **state)
{
	struct sick k;

	(void)state;
	begin(&k, TREAT_BY_CAUSE);
	choose(&k);
	assert_string_equal(first_of_two(k.t.rules, 0.6)->name, "connect-under-reset");
	assert_string_equal(first_of_two(k.t.rules, 0.4)->name, "reset-usb");
	end(&k);
}

static void blind_means_slower_first(void **state)
{
	struct sick k;

	(void)state;
	begin(&k, TREAT_BLIND);
	choose(&k);
	assert_string_equal(k.order[0]->name, "lower-speed");
	for (size_t i = 0; i < k.n; i++)
		assert_non_null(k.order[i]);
	end(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trouble_on_usb_is_met_on_usb),
		cmocka_unit_test(a_sagging_supply_is_waited_for),
		cmocka_unit_test(what_was_tried_in_vain_comes_later),
		cmocka_unit_test(an_outcome_is_evidence),
		cmocka_unit_test(an_outcome_changes_the_next_verdict),
		cmocka_unit_test(a_weak_verdict_prefers_what_harms_nothing_and_tells_apart),
		cmocka_unit_test(blind_means_slower_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
