/* Patterns on lines: units, captures, bounds, the order of events, and expressions that would not
 * end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "tests/lib/log_reading.h"

struct fixture {
	struct rules *rules;
	struct matcher *m[3]; /* one of each engine: they must agree on everything below */
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->rules = log_patterns();
	for (int i = MATCHER_AUTO; i <= MATCHER_PLAIN; i++)
		assert_int_equal(matcher_new(f->rules, (enum matcher_engine)i, &f->m[i], NULL), 0);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	for (int i = MATCHER_AUTO; i <= MATCHER_PLAIN; i++)
		matcher_free(f->m[i]);
	rules_free(f->rules);
	free(f);
	return 0;
}

/* The log gives these events, an event a line of `want`, with every engine. */
static void expect(void **state, const char *log, const char *want)
{
	struct fixture *f = *state;
	char room[700];

	for (int i = MATCHER_AUTO; i <= MATCHER_PLAIN; i++) {
		struct log_reading r = log_read_text(f->m[i], log);
		struct buf got = { 0 };

		for (size_t k = 0; k < events_len(r.events); k++)
			buf_addf(&got, "%s\n", log_reading_event(&r, k, room));
		assert_string_equal(buf_str(&got), want);
		buf_done(&got);
		log_reading_done(&r);
	}
}

/* ---- units ---- */

static void volts_become_millivolts_with_a_dot_or_a_comma(void **state)
{
	expect(state, "in-volts=3.208404\n", "1 target.voltage mv=3208\n");
	expect(state, "in-volts=3,21\n", "1 target.voltage mv=3210\n");
	expect(state, "in-volts=0.0005\n", "1 target.voltage mv=1\n");
	expect(state, "in-volts=5\n", "1 target.voltage mv=5000\n");
	expect(state, "in-volts=-0.2\n", "1 target.voltage mv=-200\n");
	expect(state, "in-millivolts=1210\n", "1 target.voltage mv=1210\n");
}

static void hexadecimal_is_read_with_and_without_its_prefix(void **state)
{
	expect(state, "in-hex-digits=0x1BA01477\n", "1 chip.id id=0x1ba01477\n");
	expect(state, "in-hex-digits=410\n", "1 chip.id id=0x410\n");
	expect(state, "in-hex-digits=ffffffffffffffff\n", "1 chip.id id=0xffffffffffffffff\n");
}

static void a_plain_number_is_decimal_unless_it_says_otherwise(void **state)
{
	expect(state, "in-decimals=010\n", "1 probe.count count=10\n");
	expect(state, "in-any-base=12\n", "1 probe.count count=12\n");
	expect(state, "in-any-base=0x12\n", "1 probe.count count=18\n");
}

static void sizes_become_bytes_and_speeds_kilohertz(void **state)
{
	expect(state, "in-kibibytes=64\n", "1 chip.flash-size bytes=65536\n");
	expect(state, "in-mebibytes=2\n", "1 chip.flash-size bytes=2097152\n");
	expect(state, "in-mebibytes=0.5\n", "1 chip.flash-size bytes=524288\n");
	expect(state, "in-kilohertz=480\n", "1 probe.speed khz=480\n");
	expect(state, "in-megahertz=1.8\n", "1 probe.speed khz=1800\n");
}

static void what_is_no_number_leaves_the_field_unknown(void **state)
{
	expect(state, "in-volts=n/a\n", "1 target.voltage\n");
	expect(state, "in-decimals=12abc\n", "1 probe.count\n");
	expect(state, "in-any-base=99999999999999999999\n", "1 probe.count\n");
	expect(state, "in-hex-digits=10000000000000000\n", "1 chip.id\n");
	expect(state, "in-mebibytes=9223372036854775807\n", "1 chip.flash-size\n");
}

static void text_is_cleaned_before_it_is_kept(void **state)
{
	expect(state, "in-words=stm32f4x\n", "1 target.set name=stm32f4x\n");
	expect(state, "in-words=  a\tb\a\x01 \r\n", "1 target.set name=a b\n");
	expect(state, "in-words=\xff|\xc3\xa9\n", "1 target.set name=\xef\xbf\xbd|\xc3\xa9\n");
}

static void a_constant_is_given_as_it_is_written(void **state)
{
	expect(state, "always the same\n", "1 target.voltage mv=1210\n1 core.state state=halted\n");
}

/* ---- captures ---- */

static void a_group_that_took_no_part_leaves_its_field_unknown(void **state)
{
	expect(state, "status register is 0x10\n", "1 flash.error sr=0x10\n");
	expect(state, "status register\n", "1 flash.error\n");
}

static void groups_fill_fields_in_any_order(void **state)
{
	expect(state, "asked for 4000 got 1800\n", "1 probe.speed khz=1800 wanted_khz=4000\n");
}

static void a_literal_without_its_expression_is_no_match(void **state)
{
	expect(state, "asked for nothing\n", "");
}

/* ---- which lines ---- */

static void any_of_several_literals_will_do_and_counts_once(void **state)
{
	expect(state, "no probe there\nnothing plugged in\n", "1 usb.no-probe x2\n");
	expect(state, "nothing plugged in, no probe there\n", "1 usb.no-probe\n");
	expect(state, "no probe there, no probe there\n", "1 usb.no-probe\n");
}

static void a_forbidden_literal_anywhere_in_the_line_forbids_the_match(void **state)
{
	expect(state, "cannot reach it\n", "1 connect.failed\n");
	expect(state, "optional: cannot reach it\n", "");
	expect(state, "cannot reach it (optional)\n", "");
	expect(state, "cannot reach it\noptional\n", "1 connect.failed\n");
}

static void case_matters_unless_the_pattern_says_otherwise(void **state)
{
	expect(state, "CANNOT REACH it\n", "");
	expect(state, "OPTION bytes WRITTEN\n", "1 option.write\n");
}

static void a_literal_does_not_reach_over_the_end_of_a_line(void **state)
{
	expect(state, "cannot\nreach\ncannot \n reach\n", "");
}

static void a_line_that_means_nothing_is_recognised_all_the_same(void **state)
{
	struct fixture *f = *state;

	for (int i = MATCHER_AUTO; i <= MATCHER_PLAIN; i++) {
		struct log_reading r = log_read_text(f->m[i], "have a nice day\nwho knows\n\n");

		assert_int_equal(events_len(r.events), 0);
		assert_int_equal(r.stats.recognised_lines, 1);
		assert_int_equal(r.stats.unrecognised_lines, 1);
		log_reading_done(&r);
	}
}

/* ---- versions ---- */

static void a_pattern_keeps_to_the_versions_it_is_for(void **state)
{
	static const char *const newer[] = { "0.11", "0.11.0", "0.12.3", "1.0" };
	static const char *const older[] = { "0.10", "0.10.5", "0.9" };
	char log[100], want[200];

	for (size_t i = 0; i < sizeof(newer) / sizeof(*newer); i++) {
		snprintf(log, sizeof(log), "probetool version %s\nthe wording changed\n", newer[i]);
		snprintf(want, sizeof(want),
			 "1 tool.banner name=probetool version=%s\n2 core.lockup\n", newer[i]);
		expect(state, log, want);
	}
	for (size_t i = 0; i < sizeof(older) / sizeof(*older); i++) {
		snprintf(log, sizeof(log), "probetool version %s\nthe wording changed\n", older[i]);
		snprintf(want, sizeof(want),
			 "1 tool.banner name=probetool version=%s\n2 core.fault\n", older[i]);
		expect(state, log, want);
	}
}

static void while_the_version_is_unknown_every_pattern_applies(void **state)
{
	expect(state, "the wording changed\n", "1 core.lockup\n1 core.fault\n");
}

static void a_version_between_the_bounds_of_two_patterns_fits_neither(void **state)
{
	expect(state, "probetool version 0.10.6\nthe wording changed\n",
	       "1 tool.banner name=probetool version=0.10.6\n");
}

static void a_line_that_comes_again_under_another_version_is_judged_anew(void **state)
{
	expect(state,
	       "the wording changed\nthe wording changed\nthe wording changed\n"
	       "probetool version 0.12.0\nthe wording changed\n"
	       "probetool version 0.9.0\nthe wording changed\n",
	       "1 core.lockup x4\n1 core.fault x3\n"
	       "4 tool.banner name=probetool version=0.12.0\n"
	       "6 tool.banner name=probetool version=0.9.0\n7 core.fault\n");
}

/* ---- several in a line ---- */

static void events_of_one_line_come_in_the_order_of_their_places(void **state)
{
	expect(state, "first-word second-word third-word\n",
	       "1 dp.silent what=first\n1 dp.silent what=second\n1 dp.silent what=third\n");
	expect(state, "second-word third-word first-word\n",
	       "1 dp.silent what=second\n1 dp.silent what=third\n1 dp.silent what=first\n");
}

static void a_pattern_that_is_switched_off_gives_nothing(void **state)
{
	struct fixture *f = *state;
	size_t n = rules_patterns(f->rules);
	bool *off = calloc(n, sizeof(*off));

	assert_non_null(off);
	for (size_t i = 0; i < n; i++)
		off[i] = !strcmp(rules_pattern(f->rules, i)->id, "second");
	for (int i = MATCHER_AUTO; i <= MATCHER_PLAIN; i++) {
		struct log_reading r;

		matcher_switch_off(f->m[i], off);
		r = log_read_text(f->m[i], "first-word second-word\n");
		matcher_switch_off(f->m[i], NULL);
		assert_int_equal(events_len(r.events), 1);
		assert_string_equal(events_at(r.events, 0)->v[0].text, "first");
		log_reading_done(&r);
	}
	free(off);
	expect(state, "second-word\n", "1 dp.silent what=second\n");
}

/* ---- expressions that would not end ---- */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void add_hostile_line(struct buf *log, int i)
{
	for (int k = 0; k < 3000 + i; k++)
		buf_add_char(log, 'a');
	buf_add_str(log, "xz! cannot reach it\n");
}

static void a_hostile_line_costs_a_moment_and_hides_nothing(void **state)
{
	struct fixture *f = *state;

	for (int i = MATCHER_AUTO; i <= MATCHER_PLAIN; i++) {
		struct buf log = { 0 };
		double began = now();
		struct log_reading r;

		add_hostile_line(&log, i);
		r = log_read_text(f->m[i], buf_str(&log));
		assert_true(now() - began < 5);
		assert_int_equal(events_count(r.events, EVENT_MEM_READ_FAILED), 0);
		assert_int_equal(events_count(r.events, EVENT_CONNECT_FAILED), 1);
		log_reading_done(&r);
		buf_done(&log);
	}
}

static void many_hostile_lines_do_not_hang_the_reader(void **state)
{
	struct fixture *f = *state;
	struct buf log = { 0 };
	double began;
	struct log_reading r;

	for (int i = 0; i < 1000; i++)
		add_hostile_line(&log, i);
	began = now();
	r = log_read_text(f->m[MATCHER_AUTO], buf_str(&log));
	assert_true(now() - began < 120);
	assert_int_equal(events_count(r.events, EVENT_CONNECT_FAILED), 1000);
	log_reading_done(&r);
	buf_done(&log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(volts_become_millivolts_with_a_dot_or_a_comma),
		cmocka_unit_test(hexadecimal_is_read_with_and_without_its_prefix),
		cmocka_unit_test(a_plain_number_is_decimal_unless_it_says_otherwise),
		cmocka_unit_test(sizes_become_bytes_and_speeds_kilohertz),
		cmocka_unit_test(what_is_no_number_leaves_the_field_unknown),
		cmocka_unit_test(text_is_cleaned_before_it_is_kept),
		cmocka_unit_test(a_constant_is_given_as_it_is_written),
		cmocka_unit_test(a_group_that_took_no_part_leaves_its_field_unknown),
		cmocka_unit_test(groups_fill_fields_in_any_order),
		cmocka_unit_test(a_literal_without_its_expression_is_no_match),
		cmocka_unit_test(any_of_several_literals_will_do_and_counts_once),
		cmocka_unit_test(a_forbidden_literal_anywhere_in_the_line_forbids_the_match),
		cmocka_unit_test(case_matters_unless_the_pattern_says_otherwise),
		cmocka_unit_test(a_literal_does_not_reach_over_the_end_of_a_line),
		cmocka_unit_test(a_line_that_means_nothing_is_recognised_all_the_same),
		cmocka_unit_test(a_pattern_keeps_to_the_versions_it_is_for),
		cmocka_unit_test(while_the_version_is_unknown_every_pattern_applies),
		cmocka_unit_test(a_version_between_the_bounds_of_two_patterns_fits_neither),
		cmocka_unit_test(a_line_that_comes_again_under_another_version_is_judged_anew),
		cmocka_unit_test(events_of_one_line_come_in_the_order_of_their_places),
		cmocka_unit_test(a_pattern_that_is_switched_off_gives_nothing),
		cmocka_unit_test(a_hostile_line_costs_a_moment_and_hides_nothing),
		cmocka_unit_test(many_hostile_lines_do_not_hang_the_reader),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
