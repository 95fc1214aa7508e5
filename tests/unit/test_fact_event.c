/* Which events a fact rests on: conditions on fields, counts, sequences. */
#include "tests/lib/fact_bench.h"

/* ---- conditions on fields ---- */

static void conditions_on_fields_hold_as_written(void **state)
{
	static const struct {
		const char *cond;
		int64_t num;
		enum tri wanted;
	} rows[] = {
		{ "0x410", 0x410, TRI_TRUE },
		{ "[0x410, 0x413]", 0x413, TRI_TRUE },
		{ "[0x410, 0x413]", 0x414, TRI_FALSE },
		{ "{below: 16}", 15, TRI_TRUE },
		{ "{below: 16}", 16, TRI_FALSE },
		{ "{above: 16}", 16, TRI_FALSE },
		{ "{above: 0, not: [3, 4]}", 4, TRI_FALSE },
		{ "{above: 0, not: 3}", 4, TRI_TRUE },
		{ "{mask: 0xfff, is: 0x410}", 0x20036410, TRI_TRUE },
		{ "{mask: 0xfff, is: [0x410, 0x411]}", 0x20036412, TRI_FALSE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[200];
		struct bench b;

		snprintf(text, sizeof(text),
			 "  f: {title: t, true-if: [{event: chip.id, id: %s}], otherwise: false}\n",
			 rows[i].cond);
		b = bench_of(text);
		see_num(&b, EVENT_CHIP_ID, rows[i].num);
		expect(&b, "f", rows[i].wanted);
		bench_done(&b);
	}
}

static void an_absent_field_matches_nothing_not_even_a_negation(void **state)
{
	struct bench b = bench_of("  f: {title: t, true-if: [{event: chip.id, id: {not: [0]}}], "
				  "otherwise: false}\n");

	(void)state;
	see(&b, EVENT_CHIP_ID);
	expect(&b, "f", TRI_FALSE);
	bench_done(&b);
}

static void texts_are_equal_or_contain(void **state)
{
	struct bench b = bench_of(
		"  f: {title: t, true-if: [{event: chip.name, name: {contains: F4}}], otherwise: "
		"false}\n"
		"  g: {title: t, true-if: [{event: chip.name, name: F4}], otherwise: false}\n");

	(void)state;
	see_text(&b, EVENT_CHIP_NAME, "STM32F407");
	expect(&b, "f", TRI_TRUE);
	expect(&b, "g", TRI_FALSE);
	bench_done(&b);
}

/* ---- count ---- */

static void every_occurrence_counts_also_those_not_kept(void **state)
{
	struct bench b =
		bench_of("  f: {title: t, count: [{event: target.voltage}]}\n"
			 "  low: {title: t, count: [{event: target.voltage, mv: {below: 11}}]}\n");

	(void)state;
	for (int i = 1; i <= 1000; i++)
		see_num(&b, EVENT_TARGET_VOLTAGE, i);
	expect_num(&b, "f", 1000);
	expect_num(&b, "low", 10);
	bench_done(&b);
}

static void an_event_that_two_matchers_fit_counts_once(void **state)
{
	struct bench b =
		bench_of("  f: {title: t, count: [{event: chip.id, id: {above: 1}}, {event: "
			 "chip.id, id: {above: 2}}]}\n");

	(void)state;
	see_num(&b, EVENT_CHIP_ID, 5);
	see_num(&b, EVENT_CHIP_ID, 2);
	expect_num(&b, "f", 2);
	bench_done(&b);
}

static void zero_is_only_known_where_it_would_have_been_seen(void **state)
{
	struct bench b = bench_of("  f: {title: t, count: [{event: link.wait}], known-if: [{event: "
				  "probe.version}]}\n");

	(void)state;
	assert_false(work_out(&b, "f")->known);
	see(&b, EVENT_PROBE_VERSION);
	expect_num(&b, "f", 0);
	bench_done(&b);
}

/* ---- sequence ---- */

static void a_sequence_needs_its_order(void **state)
{
	struct bench b = bench_of("  f: {title: t, sequence: [{event: flash.loader}, {event: "
				  "link.lost}], known-if: [{event: flash.loader}]}\n");

	(void)state;
	see(&b, EVENT_LINK_LOST);
	expect(&b, "f", TRI_UNKNOWN);
	see(&b, EVENT_FLASH_LOADER);
	expect(&b, "f", TRI_FALSE);
	see(&b, EVENT_LINK_LOST); /* joined with line 1, seen again behind the loader */
	expect(&b, "f", TRI_TRUE);
	assert_int_equal(work_out(&b, "f")->n_events, 2);
	bench_done(&b);
}

static void two_events_of_one_line_are_in_order_too(void **state)
{
	struct bench b = bench_of(
		"  f: {title: t, sequence: [{event: flash.loader}, {event: link.lost}]}\n"
		"  g: {title: t, sequence: [{event: link.lost}, {event: flash.loader}]}\n");

	(void)state;
	see(&b, EVENT_FLASH_LOADER);
	b.line = 0;
	see(&b, EVENT_LINK_LOST);
	expect(&b, "f", TRI_TRUE);
	expect(&b, "g", TRI_UNKNOWN);
	bench_done(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_on_fields_hold_as_written),
		cmocka_unit_test(an_absent_field_matches_nothing_not_even_a_negation),
		cmocka_unit_test(texts_are_equal_or_contain),
		cmocka_unit_test(every_occurrence_counts_also_those_not_kept),
		cmocka_unit_test(an_event_that_two_matchers_fit_counts_once),
		cmocka_unit_test(zero_is_only_known_where_it_would_have_been_seen),
		cmocka_unit_test(a_sequence_needs_its_order),
		cmocka_unit_test(two_events_of_one_line_are_in_order_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
