/* Which tool a log is of, and where each of its attempts begins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/source_reading.h"

#define VOLTAGE "Info : Target voltage: 3.208404"
#define SILENT	"Error: init mode failed (unable to connect to the target)"

static void a_banner_soon_after_its_command_line_is_the_same_attempt(void **state)
{
	assert_int_equal(attempts(*state, "$ probetool go\nprobetool version 1.0\n"), 1);
	assert_int_equal(attempts(*state, "$ probetool go\n\n\nprobetool version 1.0\n"), 1);
	assert_int_equal(attempts(*state, "$ probetool go\n\n\n\nprobetool version 1.0\n"), 2);
	assert_int_equal(attempts(*state, "probetool version 1.0\n$ probetool go\n"), 2);
}

static void every_command_line_and_every_banner_begins_an_attempt(void **state)
{
	assert_int_equal(attempts(*state, "cannot reach it\n"), 1);
	assert_int_equal(attempts(*state, "$ probetool a\n$ probetool b\n$ probetool c\n"), 3);
	assert_int_equal(attempts(*state, "probetool version 1.0\nprobetool version 1.0\n"), 2);
	assert_int_equal(attempts(*state, "$ probetool a\nprobetool version 1.0\n"
					  "cannot reach it\n"
					  "$ probetool a\nprobetool version 1.0\n"),
			 2);
}

static void events_know_their_attempt(void **state)
{
	struct fixture *f = *state;
	struct log_reading r = log_read_text(f->small_m, "$ probetool a\nprobetool version 1.0\n"
							 "cannot reach it\n"
							 "$ probetool b\nfirst-word\n");

	assert_int_equal(events_len(r.events), 5);
	assert_int_equal(events_at(r.events, 2)->attempt, 1);
	assert_int_equal(events_at(r.events, 3)->attempt, 2);
	assert_int_equal(events_at(r.events, 4)->attempt, 2);
	log_reading_done(&r);
}

static void the_tool_is_told_by_its_banner_with_its_version(void **state)
{
	struct fixture *f = *state;
	struct log_reading r =
		log_read_text(f->m[0], "Open On-Chip Debugger 0.12.0\n" VOLTAGE "\n" SILENT "\n");

	assert_string_equal(r.stats.tool, "openocd");
	assert_string_equal(r.stats.tool_version, "0.12.0");
	assert_true(r.stats.tool_confidence > 0.7 && r.stats.tool_confidence <= 1);
	log_reading_done(&r);
	r = log_read_text(f->m[0], "st-flash 1.8.0\n");
	assert_string_equal(r.stats.tool, "st-flash");
	assert_string_equal(r.stats.tool_version, "1.8.0");
	log_reading_done(&r);
}

static void without_a_banner_the_tool_is_told_by_its_wording(void **state)
{
	struct fixture *f = *state;
	struct log_reading one = log_read_text(f->m[0], VOLTAGE "\n");
	struct log_reading many =
		log_read_text(f->m[0], VOLTAGE "\n" SILENT "\n** OpenOCD init failed **\n");

	assert_string_equal(one.stats.tool, "openocd");
	assert_null(one.stats.tool_version);
	assert_string_equal(many.stats.tool, "openocd");
	assert_true(one.stats.tool_confidence < many.stats.tool_confidence);
	log_reading_done(&one);
	log_reading_done(&many);
}

static void of_two_tools_the_one_that_says_more_is_named(void **state)
{
	struct fixture *f = *state;
	struct log_reading alone = log_read_text(f->m[0], "Open On-Chip Debugger 0.12.0\n");
	struct log_reading both = log_read_text(f->m[0], "Open On-Chip Debugger 0.12.0\n"
							 "st-flash 1.8.0\n" VOLTAGE "\n");

	assert_string_equal(both.stats.tool, "openocd");
	assert_true(both.stats.tool_confidence < alone.stats.tool_confidence);
	log_reading_done(&alone);
	log_reading_done(&both);
}

static void text_that_nobody_knows_names_no_tool(void **state)
{
	struct fixture *f = *state;
	struct log_reading r = log_read_text(f->m[0], "It was a dark and stormy night.\n");

	assert_null(r.stats.tool);
	assert_null(r.stats.tool_version);
	assert_int_equal(r.stats.unrecognised_lines, 1);
	log_reading_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_banner_soon_after_its_command_line_is_the_same_attempt),
		cmocka_unit_test(every_command_line_and_every_banner_begins_an_attempt),
		cmocka_unit_test(events_know_their_attempt),
		cmocka_unit_test(the_tool_is_told_by_its_banner_with_its_version),
		cmocka_unit_test(without_a_banner_the_tool_is_told_by_its_wording),
		cmocka_unit_test(of_two_tools_the_one_that_says_more_is_named),
		cmocka_unit_test(text_that_nobody_knows_names_no_tool),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
