/* Reports for people: the order of what is told, widths, and text that must not steer a terminal.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/lib/report_cases.h"

static void a_problem_reads_from_the_hops_to_the_first_action(void **state)
{
	char *text = text_of(&sick, &plain);

	(void)state;
	assert_string_equal(
		text,
		"flash.log: openocd 0.10.0, 47 lines (3 not recognised)\n"
		"\n"
		"   ok           Host\n"
		"=> BAD          Power     line 4: Info : Target voltage: 1.552756\n"
		"   BAD          SWD link  line 12: Error: jtag status contains invalid mode v...\n"
		"   not tested   Core\n"
		"   cannot tell  Flash\n"
		"\n"
		"cause[volts-low]: The supply is too low                             likely, 93 %\n"
		"    |\n"
		"  4 | Info : Target voltage: 1.552756\n"
		"    |   for      +14 dB  below the range of every part - and of every probe,\n"
		"                         whatever is asked of it\n"
		" 12 | Error: jtag status contains invalid mode value -...  (6 times, to line 40)\n"
		"    |   for     +4.5 dB  the link broke\n"
		"    |   against   -2 dB  usb.opened\n"
		"    |\n"
		"    = try (seconds): Measure VDD at the chip; expect 1.8 to 3.6 V.\n"
		"    = or (minutes, resets): Reset it.\n"
		"    = more: swdoctor rules explain volts-low\n"
		"\n"
		"not it: wires-open (-14 dB: the debug port answered)\n"
		"would settle it: Look whether NRST is wired.\n"
		"note: The sense wire alone does not stop flashing.\n"
		"\n"
		"problem: The supply is too low (likely, 93 %). Do first (seconds): Measure VDD at "
		"the chip; expect 1.8 to 3.6 V.\n");
	free(text);
}

static void the_verdict_is_wrapped_on_a_terminal_only(void **state)
{
	struct report_style style = plain;
	char *text, *last;

	(void)state;
	style.term.tty = true;
	text = text_of(&sick, &style);
	last = strstr(text, "problem:");
	assert_string_equal(last,
			    "problem: The supply is too low (likely, 93 %). Do first (seconds): "
			    "Measure VDD\n  at the chip; expect 1.8 to 3.6 V.\n");
	free(text);
}

static size_t longest_line(const char *text, const struct term *t)
{
	size_t most = 0;

	while (*text) {
		size_t len = strcspn(text, "\n");
		char *line = strndup(text, len);
		size_t columns = term_columns_of(t, line);

		most = columns > most ? columns : most;
		free(line);
		text += len + (text[len] != '\0');
	}
	return most;
}

static void no_line_is_wider_than_the_terminal(void **state)
{
	struct report_style style = plain;
	size_t columns;

	(void)state;
	style.term.tty = true;
	style.all = style.verbose = true;
	for (columns = TERM_COLUMNS_MIN; columns < 140; columns++) {
		char *text;

		style.term.columns = columns;
		style.term.utf8 = columns % 2;
		text = text_of(&sick, &style);
		assert_in_range(longest_line(text, &style.term), 1, columns);
		free(text);
	}
}

static void log_text_cannot_steer_the_terminal(void **state)
{
	struct report_style style = plain;
	char *text;

	(void)state;
	style.term.columns = 200;
	style.term.utf8 = true;
	text = text_of(&sick, &style);
	assert_null(strchr(text, '\x1b'));
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_non_null(strstr(text, "\\x1b[31m\\u202e"));
	free(text);
}

static void what_is_below_possible_is_shown_on_demand(void **state)
{
	struct report_style style = plain;
	char *text;

	(void)state;
	style.all = true;
	text = text_of(&sick, &style);
	assert_non_null(strstr(text, "cause[wires-open]: No wires"));
	assert_non_null(strstr(text, "below possible, 1 %"));
	free(text);
}

static void verbose_tells_facts_and_every_remedy(void **state)
{
	struct report_style style = plain;
	char *text;

	(void)state;
	style.verbose = true;
	text = text_of(&sick, &style);
	assert_non_null(strstr(text, "fact: chip.id = 0x00000413\n"));
	assert_non_null(strstr(text, "fact: dp.answered = yes\n"));
	assert_non_null(strstr(text, "fact: target.vtref_mv = 1553 mV\n"));
	assert_non_null(strstr(text, "not evaluated: no-probe\n"));
	assert_non_null(strstr(text, "= or (minutes): Do it again.\n"));
	assert_non_null(strstr(text, "seen: the link was lost\n"));
	free(text);
}

static void healthy_and_unknown_say_so_in_the_last_line(void **state)
{
	static const struct diagnosis healthy = { .verdict = VERDICT_HEALTHY,
						  .next_test = "not asked for" };
	static const struct diagnosis unknown = { .verdict = VERDICT_UNKNOWN };
	char *text = text_of(&healthy, &plain);

	(void)state;
	assert_string_equal(text, "flash.log: openocd 0.10.0, 47 lines (3 not recognised)\n\n"
				  "healthy: the session went well; there is nothing to do.\n");
	free(text);
	text = text_of(&unknown, &plain);
	assert_non_null(strstr(text, "unknown: nothing here speaks of a failure or of success.\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_problem_reads_from_the_hops_to_the_first_action),
		cmocka_unit_test(the_verdict_is_wrapped_on_a_terminal_only),
		cmocka_unit_test(no_line_is_wider_than_the_terminal),
		cmocka_unit_test(log_text_cannot_steer_the_terminal),
		cmocka_unit_test(what_is_below_possible_is_shown_on_demand),
		cmocka_unit_test(verbose_tells_facts_and_every_remedy),
		cmocka_unit_test(healthy_and_unknown_say_so_in_the_last_line),
	};

	return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
