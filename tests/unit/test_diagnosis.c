/* From events to what a user reads: findings, verdict, hops, notes, the next test, the first
 * remedy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyzer/judge/diagnosis.h"
#include "tests/lib/rule_text.h"

struct bench {
	struct rules *r;
	struct events *ev;
	struct diagnosis *d;
};

static int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->r = rules_with(NULL);
	b->ev = events_new();
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	diagnosis_free(b->d);
	events_free(b->ev);
	rules_free(b->r);
	free(b);
	return 0;
}

static void see_voltage(struct bench *b, uint64_t line, int64_t mv)
{
	struct event e = { .kind = EVENT_TARGET_VOLTAGE, .pattern = 0, .line = line };

	e.text = "Info : Target voltage";
	e.v[0] = (struct event_value){ .has = true, .num = mv };
	event_add(b->ev, &e);
}

static void see_silence(struct bench *b, uint64_t line)
{
	const struct event e = { .kind = EVENT_DP_SILENT, .pattern = 1, .line = line, .text = "x" };

	event_add(b->ev, &e);
}

static void see_id(struct bench *b, uint64_t line)
{
	struct event e = { .kind = EVENT_DP_ID, .pattern = -1, .line = line, .text = "id" };

	e.v[0] = (struct event_value){ .has = true, .num = 0x2ba01477 };
	event_add(b->ev, &e);
}

static void see_garbage(struct bench *b, uint64_t line)
{
	struct event e = {
		.kind = EVENT_USB_ERROR, .pattern = -1, .line = line, .text = "garbage"
	};

	e.v[0] = (struct event_value){ .has = true, .text = "garbage" };
	event_add(b->ev, &e);
}

static const struct diagnosis *judge(struct bench *b, const struct given_fact *facts, size_t n)
{
	const struct diagnosis_input in = { .events = b->ev, .facts = facts, .n_facts = n };

	diagnosis_free(b->d);
	b->d = diagnosis_new(b->r, &in);
	return b->d;
}

static enum hop_state hop(const struct diagnosis *d, const char *id)
{
	for (size_t i = 0; i < d->n_hops; i++)
		if (!strcmp(d->hops[i].id, id))
			return d->hops[i].state;
	fail_msg("no hop %s", id);
	return HOP_OK;
}

static bool knows(const struct diagnosis *d, const char *fact)
{
	for (size_t i = 0; i < d->n_facts; i++)
		if (!strcmp(d->facts[i].id, fact))
			return true;
	return false;
}

/* ---- findings ---- */

static void a_low_voltage_and_no_answer_are_a_missing_supply(void **state)
{
	struct bench *b = *state;
	const struct diagnosis *d;
	const struct finding *f;

	see_voltage(b, 3, 1210);
	see_silence(b, 7);
	d = judge(b, NULL, 0);
	f = &d->findings[0];
	assert_int_equal(d->verdict, VERDICT_PROBLEM);
	assert_string_equal(f->cause, "no-power");
	assert_int_equal(f->word, WORD_LIKELY);
	assert_string_equal(f->hop, "power");
	assert_string_equal(f->cls, "hardware");
	assert_int_equal(f->exit_code, 6);
	assert_string_equal(d->symptoms[0], "the tool could not connect");
	assert_int_equal(d->n_findings, 3); /* without the leak and the healthy one */
}

static void evidence_quotes_the_lines_that_decided_it(void **state)
{
	struct bench *b = *state;
	const struct evidence *e;

	see_voltage(b, 3, 1210);
	see_silence(b, 7);
	e = &judge(b, NULL, 0)->findings[0].evidence[0];
	assert_true(e->db > 13.9);
	assert_string_equal(e->says, "too low");
	assert_string_equal(e->fact, "target.vtref_mv");
	assert_int_equal(e->n_events, 1);
	assert_int_equal(e->events[0]->line, 3);
	/* The other one of the group counts nothing, reset.cures is unknown. */
	assert_int_equal(b->d->findings[0].n_evidence, 1);
}

static void evidence_against_is_told_in_its_own_words(void **state)
{
	struct bench *b = *state;
	const struct diagnosis *d;

	see_voltage(b, 3, 3250);
	see_silence(b, 7);
	d = judge(b, NULL, 0);
	for (size_t i = 0; i < d->n_findings; i++) {
		if (strcmp(d->findings[i].cause, "no-power"))
			continue;
		assert_true(d->findings[i].evidence[0].db < -13.9);
		assert_string_equal(d->findings[i].evidence[0].says, "in range");
	}
	/* Without words of its own a number is told with its unit. */
	assert_string_equal(d->findings[0].cause, "firmware-sleeps");
	assert_string_equal(d->findings[0].evidence[0].says, "voltage on VTref: 3250 mV");
}

static void facts_given_by_hand_overrule_events(void **state)
{
	struct bench *b = *state;
	const struct given_fact given[] = {
		{ "target.vtref_mv", { .has = true, .num = 3250 } },
		{ "reset.cures", { .has = true, .num = 1 } },
	};

	see_voltage(b, 3, 1210);
	see_silence(b, 7);
	assert_string_equal(judge(b, given, 2)->findings[0].cause, "firmware-sleeps");
	assert_int_equal(b->d->findings[0].word, WORD_LIKELY);
}

static void symptoms_can_be_given_without_events(void **state)
{
	struct bench *b = *state;
	static const char *const symptoms[] = { "connect-failed" };
	const struct diagnosis_input in = { .symptoms = symptoms, .n_symptoms = 1 };

	b->d = diagnosis_new(b->r, &in);
	assert_int_equal(b->d->n_symptoms, 1);
	assert_int_equal(b->d->n_findings, 3);
}

static void a_sick_probe_makes_its_readings_of_the_target_unknown(void **state)
{
	struct bench *b = *state;
	const struct diagnosis *d;

	see_garbage(b, 2);
	see_voltage(b, 3, 0);
	see_silence(b, 7);
	d = judge(b, NULL, 0);
	assert_string_equal(d->findings[0].cause, "probe-sick");
	assert_int_equal(d->findings[0].word, WORD_LIKELY);
	assert_int_equal(d->n_findings, 1);
	assert_int_equal(d->n_not_evaluated, 2);
	assert_string_equal(d->not_evaluated[0], "no-power");
	assert_false(knows(d, "target.vtref_mv"));
	assert_false(knows(d, "target.low")); /* follows from it */
	assert_int_equal(d->n_symptoms, 1);   /* what was seen was seen */
	assert_int_equal(hop(d, "usb"), HOP_BAD);
}

static void the_same_input_gives_the_same_diagnosis(void **state)
{
	struct bench *b = *state;
	struct diagnosis *again;
	const struct diagnosis_input in = { .events = b->ev };

	see_voltage(b, 3, 1800);
	see_silence(b, 7);
	judge(b, NULL, 0);
	again = diagnosis_new(b->r, &in);
	assert_int_equal(again->n_findings, b->d->n_findings);
	for (size_t i = 0; i < again->n_findings; i++) {
		assert_string_equal(again->findings[i].cause, b->d->findings[i].cause);
		assert_true(again->findings[i].confidence == b->d->findings[i].confidence);
	}
	diagnosis_free(again);
}

/* ---- the verdict ---- */

static void nothing_seen_is_unknown_not_healthy(void **state)
{
	const struct diagnosis *d = judge(*state, NULL, 0);

	assert_int_equal(d->verdict, VERDICT_UNKNOWN);
	assert_int_equal(d->n_findings, 0);
	assert_null(d->first);
	assert_null(d->next_test);
}

static void a_sign_of_health_makes_it_healthy(void **state)
{
	struct bench *b = *state;
	const struct diagnosis *d;

	see_silence(b, 1);
	see_id(b, 2); /* the later one counts */
	d = judge(b, NULL, 0);
	assert_int_equal(d->verdict, VERDICT_HEALTHY);
	assert_int_equal(d->n_findings, 0);
	assert_true(d->healthy_share > 0.9);
	assert_null(d->next_test);
}

static void a_problem_beside_a_sign_of_health_is_a_problem(void **state)
{
	struct bench *b = *state;
	const struct diagnosis *d;

	see_id(b, 1);
	see_garbage(b, 2);
	d = judge(b, NULL, 0);
	assert_int_equal(d->verdict, VERDICT_PROBLEM);
	assert_string_equal(d->findings[0].cause, "probe-sick");
}

/* ---- what to do ---- */

static void the_next_test_is_what_would_settle_it(void **state)
{
	struct bench *b = *state;
	const struct diagnosis *d;

	see_silence(b, 7); /* no voltage was read */
	d = judge(b, NULL, 0);
	assert_int_equal(d->findings[0].word, WORD_POSSIBLE);
	assert_string_equal(d->next_fact, "reset.cures");
	assert_string_equal(d->next_test, "hold the reset button and try again");
}

static void what_is_known_already_is_not_asked_for(void **state)
{
	struct bench *b = *state;
	const struct given_fact given[] = { { "reset.cures", { .has = true, .num = 0 } } };

	see_silence(b, 7);
	assert_string_equal(judge(b, given, 1)->next_fact, "target.vtref_mv");
}

static void a_dear_test_is_asked_for_only_if_it_tells_more(void **state)
{
	struct bench *b = *state;

	rules_free(b->r);
	b->r = rules_with(
		"schema: 1\nfacts:\n"
		"  x.soldered: {title: t, true-if: [], ask: solder it, cost: solder}\n"
		"causes:\n"
		"  x: {title: t, hop: swd, class: tool, exit: 1, prior: -5 dB, remedies: {measure: "
		"0.1}, explain: e, explains: {connect-failed: 0.9}, evidence: [{fact: "
		"x.soldered, is: true, then: +20 dB, else: -20 dB}]}\n");
	see_silence(b, 7);
	assert_string_not_equal(judge(b, NULL, 0)->next_fact, "x.soldered");
}

static void remedies_come_by_cure_for_their_cost(void **state)
{
	struct bench *b = *state;
	const struct diagnosis *d;

	see_voltage(b, 3, 1210);
	see_silence(b, 7);
	d = judge(b, NULL, 0);
	assert_string_equal(d->findings[0].remedies[0].id, "measure"); /* 0.6 in seconds */
	assert_string_equal(d->findings[0].remedies[1].id, "wire");    /* 0.9 in minutes */
	assert_string_equal(d->findings[0].remedies[1].cost, "minutes");
	assert_string_equal(d->first->id, "measure");
	assert_string_equal(d->first->text, "Measure VDD.");
}

/* ---- hops, notes, facts ---- */

static void hops_come_from_the_host_to_the_flash(void **state)
{
	struct bench *b = *state;
	const struct diagnosis *d;

	see_voltage(b, 3, 3300);
	see_silence(b, 7);
	d = judge(b, NULL, 0);
	assert_string_equal(d->hops[0].id, "usb");
	assert_string_equal(d->hops[4].id, "flash");
	assert_int_equal(hop(d, "usb"), HOP_OK);
	assert_int_equal(hop(d, "power"), HOP_OK);
	assert_int_equal(d->hops[1].event->line, 3);
	assert_int_equal(hop(d, "swd"), HOP_BAD);
	assert_int_equal(d->hops[2].event->line, 7);
	assert_int_equal(hop(d, "core"), HOP_NOT_TESTED); /* behind a bad one */
	assert_null(d->hops[3].event);
}

static void a_hop_that_was_tried_and_says_nothing_cannot_be_told(void **state)
{
	struct bench *b = *state;

	see_id(b, 1);
	assert_int_equal(hop(judge(b, NULL, 0), "core"), HOP_CANNOT_TELL);
	assert_int_equal(hop(b->d, "power"), HOP_NOT_TESTED); /* never tried */
}

static void notes_are_shown_when_they_hold(void **state)
{
	struct bench *b = *state;

	see_voltage(b, 1, 5000);
	assert_int_equal(judge(b, NULL, 0)->n_notes, 1);
	assert_string_equal(b->d->notes[0], "The voltage is high.");
	see_voltage(b, 2, 3300);
	assert_int_equal(judge(b, NULL, 0)->n_notes, 0);
}

static void the_known_facts_are_listed_by_id_with_their_units(void **state)
{
	struct bench *b = *state;
	const struct diagnosis *d;

	see_voltage(b, 1, 3300);
	d = judge(b, NULL, 0);
	assert_int_equal(d->n_facts, 3);
	assert_string_equal(d->facts[0].id, "probe.sick");
	assert_string_equal(d->facts[1].id, "target.low");
	assert_int_equal(d->facts[1].type, EVENT_ABSENT);
	assert_string_equal(d->facts[2].id, "target.vtref_mv");
	assert_int_equal(d->facts[2].num, 3300);
	assert_string_equal(d->facts[2].unit, "mV");
}

static void everything_has_a_name(void **state)
{
	(void)state;
	assert_string_equal(verdict_name(VERDICT_HEALTHY), "healthy");
	assert_string_equal(verdict_name(VERDICT_PROBLEM), "problem");
	assert_string_equal(verdict_name(VERDICT_UNKNOWN), "unknown");
	assert_null(word_name(WORD_NONE));
	assert_string_equal(word_name(WORD_LIKELY), "likely");
	assert_string_equal(hop_state_name(HOP_NOT_TESTED), "not tested");
	diagnosis_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_low_voltage_and_no_answer_are_a_missing_supply),
		TEST(evidence_quotes_the_lines_that_decided_it),
		TEST(evidence_against_is_told_in_its_own_words),
		TEST(facts_given_by_hand_overrule_events),
		TEST(symptoms_can_be_given_without_events),
		TEST(a_sick_probe_makes_its_readings_of_the_target_unknown),
		TEST(the_same_input_gives_the_same_diagnosis),
		TEST(nothing_seen_is_unknown_not_healthy),
		TEST(a_sign_of_health_makes_it_healthy),
		TEST(a_problem_beside_a_sign_of_health_is_a_problem),
		TEST(the_next_test_is_what_would_settle_it),
		TEST(what_is_known_already_is_not_asked_for),
		TEST(a_dear_test_is_asked_for_only_if_it_tells_more),
		TEST(remedies_come_by_cure_for_their_cost),
		TEST(hops_come_from_the_host_to_the_flash),
		TEST(a_hop_that_was_tried_and_says_nothing_cannot_be_told),
		TEST(notes_are_shown_when_they_hold),
		TEST(the_known_facts_are_listed_by_id_with_their_units),
		TEST(everything_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
