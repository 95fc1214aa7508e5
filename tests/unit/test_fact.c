/* Facts: values and flags, known or unknown, what counts where both were seen, and what is derived.
 */

#include "tests/lib/fact_bench.h"

static void a_value_nobody_read_is_unknown_not_zero(void **state)
{
	struct bench b = bench_of("  f: {title: t, value: {event: target.voltage, field: mv}}\n");

	(void)state;
	see(&b, EVENT_TARGET_VOLTAGE); /* the field is absent */
	assert_false(work_out(&b, "f")->known);
	bench_done(&b);
}

static void the_picked_value_is_taken_with_its_event(void **state)
{
	struct bench b = bench_of(
		"  last: {title: t, value: {event: target.voltage, field: mv}}\n"
		"  first: {title: t, value: {event: target.voltage, field: mv, pick: first}}\n"
		"  least: {title: t, value: {event: target.voltage, field: mv, pick: min}}\n"
		"  most: {title: t, value: {event: target.voltage, field: mv, pick: max}}\n"
		"  real: {title: t, value: {event: target.voltage, field: mv, mv: {above: 0}, "
		"pick: min}}\n");

	(void)state;
	see_num(&b, EVENT_TARGET_VOLTAGE, 3300);
	see_num(&b, EVENT_TARGET_VOLTAGE, 0);
	see_num(&b, EVENT_TARGET_VOLTAGE, 5000);
	see_num(&b, EVENT_TARGET_VOLTAGE, 3100);
	expect_num(&b, "last", 3100);
	expect_num(&b, "first", 3300);
	expect_num(&b, "least", 0);
	expect_num(&b, "most", 5000);
	expect_num(&b, "real", 3100);
	assert_int_equal(work_out(&b, "most")->events[0]->line, 3);
	bench_done(&b);
}

static void a_repeated_value_counts_where_it_was_seen_last(void **state)
{
	struct bench b = bench_of("  f: {title: t, value: {event: target.voltage, field: mv}}\n");
	struct event e = { .kind = EVENT_TARGET_VOLTAGE, .pattern = 1, .line = 1, .text = "x" };

	(void)state;
	e.v[0] = (struct event_value){ .has = true, .num = 3300 };
	event_add(b.ev, &e);
	b.line = 1;
	see_num(&b, EVENT_TARGET_VOLTAGE, 1200); /* by another pattern */
	e.line = 3;
	event_add(b.ev, &e); /* joined with line 1 */
	expect_num(&b, "f", 3300);
	bench_done(&b);
}

static void a_text_is_a_value_too(void **state)
{
	struct bench b = bench_of("  f: {title: t, value: {event: host.os, field: name}}\n"
				  "  is: {title: t, when: {fact: f, in: [linux, windows]}}\n"
				  "  not: {title: t, when: {fact: f, is: macos}}\n");

	(void)state;
	see_text(&b, EVENT_HOST_OS, "linux");
	assert_string_equal(work_out(&b, "f")->text, "linux");
	expect(&b, "is", TRI_TRUE);
	expect(&b, "not", TRI_FALSE);
	bench_done(&b);
}

/* ---- true/false ---- */

static void a_flag_is_unknown_until_something_decides_it(void **state)
{
	struct bench b = bench_of("  f: {title: t, true-if: [{event: dp.id}], false-if: [{event: "
				  "dp.silent}]}\n");

	(void)state;
	see(&b, EVENT_TOOL_CHATTER);
	expect(&b, "f", TRI_UNKNOWN);
	see(&b, EVENT_DP_SILENT);
	expect(&b, "f", TRI_FALSE);
	bench_done(&b);
}

static void when_both_were_seen_prefer_decides(void **state)
{
	static const char facts[] =
		"  yes: {title: t, true-if: [{event: dp.id}], false-if: [{event: dp.silent}]}\n"
		"  no: {title: t, true-if: [{event: dp.id}], false-if: [{event: dp.silent}], "
		"prefer: "
		"false}\n"
		"  late: {title: t, true-if: [{event: dp.id}], false-if: [{event: dp.silent}], "
		"prefer: "
		"latest}\n";
	struct bench b = bench_of(facts);

	(void)state;
	see(&b, EVENT_DP_ID);
	see(&b, EVENT_DP_SILENT);
	expect(&b, "yes", TRI_TRUE);
	expect(&b, "no", TRI_FALSE);
	expect(&b, "late", TRI_FALSE);
	assert_int_equal(work_out(&b, "late")->events[0]->line, 2);
	see(&b, EVENT_DP_ID); /* joined with line 1, but seen last here */
	expect(&b, "late", TRI_TRUE);
	bench_done(&b);
}

static void known_if_makes_it_false_and_otherwise_is_the_last_resort(void **state)
{
	struct bench b =
		bench_of("  f: {title: t, true-if: [{event: link.wait}], known-if: [{event: "
			 "probe.version}]}\n"
			 "  g: {title: t, true-if: [{event: link.wait}], otherwise: false}\n");

	(void)state;
	expect(&b, "f", TRI_UNKNOWN);
	expect(&b, "g", TRI_FALSE);
	see(&b, EVENT_PROBE_VERSION);
	expect(&b, "f", TRI_FALSE);
	see(&b, EVENT_LINK_WAIT);
	expect(&b, "f", TRI_TRUE);
	expect(&b, "g", TRI_TRUE);
	bench_done(&b);
}

/* ---- when ---- */

static void logic_has_three_values(void **state)
{
	static const struct {
		const char *cond;
		enum tri wanted;
	} rows[] = {
		{ "{all: [yes, yes]}", TRI_TRUE },
		{ "{all: [yes, maybe]}", TRI_UNKNOWN },
		{ "{all: [maybe, no]}", TRI_FALSE },
		{ "{any: [no, maybe]}", TRI_UNKNOWN },
		{ "{any: [maybe, yes]}", TRI_TRUE },
		{ "{any: [no, no]}", TRI_FALSE },
		{ "{none: [no, no]}", TRI_TRUE },
		{ "{none: [no, maybe]}", TRI_UNKNOWN },
		{ "{none: [maybe, yes]}", TRI_FALSE },
		{ "maybe", TRI_UNKNOWN },
		{ "not maybe", TRI_UNKNOWN },
		{ "not no", TRI_TRUE },
		{ "{fact: maybe, known: false}", TRI_TRUE },
		{ "{fact: maybe, known: true}", TRI_FALSE },
		{ "{fact: no, known: true}", TRI_TRUE },
		{ "{all: [{any: [no, yes]}, {none: [no]}, not no]}", TRI_TRUE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[400];
		struct bench b;

		snprintf(text, sizeof(text),
			 "  yes: {title: t, true-if: [{event: dp.id}]}\n"
			 "  no: {title: t, false-if: [{event: dp.id}]}\n"
			 "  maybe: {title: t, true-if: []}\n"
			 "  f: {title: t, when: %s}\n",
			 rows[i].cond);
		b = bench_of(text);
		see(&b, EVENT_DP_ID);
		expect(&b, "f", rows[i].wanted);
		bench_done(&b);
	}
}

static void a_derived_fact_keeps_the_events_of_what_decided_it(void **state)
{
	struct bench b = bench_of("  f: {title: t, when: {all: [g, {fact: mv, below: 1500}]}}\n"
				  "  g: {title: t, when: {any: [other, silent]}}\n"
				  "  mv: {title: t, value: {event: target.voltage, field: mv}}\n"
				  "  silent: {title: t, true-if: [{event: dp.silent}]}\n"
				  "  other: {title: t, true-if: [{event: dp.error}], known-if: "
				  "[{event: dp.silent}]}\n");
	const struct fact_state *s;

	(void)state;
	see_num(&b, EVENT_TARGET_VOLTAGE, 1200);
	see(&b, EVENT_DP_SILENT);
	expect(&b, "f", TRI_TRUE);
	s = work_out(&b, "f");
	assert_int_equal(s->n_events, 2);
	assert_int_equal(s->events[0]->kind, EVENT_DP_SILENT);
	assert_int_equal(s->events[1]->kind, EVENT_TARGET_VOLTAGE);
	bench_done(&b);
}

static void what_is_fixed_by_hand_is_not_worked_out_again(void **state)
{
	struct bench b = bench_of("  f: {title: t, when: {fact: mv, below: 1500}}\n"
				  "  mv: {title: t, value: {event: target.voltage, field: mv}}\n");
	const struct event_value low = { .has = true, .num = 900 };

	(void)state;
	see_num(&b, EVENT_TARGET_VOLTAGE, 3300);
	expect(&b, "f", TRI_FALSE);
	facts_fix(&b.facts, 1, &low);
	facts_derive(&b.facts);
	assert_int_equal(b.facts.at[0].num, 1);
	facts_fix(&b.facts, 1, NULL); /* withdrawn: what follows from it is unknown as well */
	facts_derive(&b.facts);
	assert_false(b.facts.at[0].known);
	facts_fix(&b.facts, 0, &low);
	facts_derive(&b.facts);
	assert_true(b.facts.at[0].known);
	bench_done(&b);
}

static void a_matcher_can_ask_for_a_tool(void **state)
{
	struct rules *r = rules_of("schema: 1\ntool: openocd\n"
				   "patterns:\n  p: {text: abcdefgh, gives: {event: dp.silent}}\n"
				   "facts:\n"
				   "  f: {title: t, true-if: [{event: dp.silent, tool: openocd}], "
				   "otherwise: false}\n");
	struct bench b = { .r = r, .ev = events_new(), .a = arena_new() };
	const struct event live = { .kind = EVENT_DP_SILENT, .pattern = -1, .line = 1, .text = "" };
	const struct event said = { .kind = EVENT_DP_SILENT, .pattern = 0, .line = 2, .text = "" };

	(void)state;
	event_add(b.ev, &live);
	expect(&b, "f", TRI_FALSE);
	event_add(b.ev, &said);
	expect(&b, "f", TRI_TRUE);
	bench_done(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_nobody_read_is_unknown_not_zero),
		cmocka_unit_test(the_picked_value_is_taken_with_its_event),
		cmocka_unit_test(a_repeated_value_counts_where_it_was_seen_last),
		cmocka_unit_test(a_text_is_a_value_too),
		cmocka_unit_test(a_flag_is_unknown_until_something_decides_it),
		cmocka_unit_test(when_both_were_seen_prefer_decides),
		cmocka_unit_test(known_if_makes_it_false_and_otherwise_is_the_last_resort),
		cmocka_unit_test(logic_has_three_values),
		cmocka_unit_test(a_derived_fact_keeps_the_events_of_what_decided_it),
		cmocka_unit_test(what_is_fixed_by_hand_is_not_worked_out_again),
		cmocka_unit_test(a_matcher_can_ask_for_a_tool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
