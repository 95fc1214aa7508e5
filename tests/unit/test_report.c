/* Reports of a diagnosis made by hand: what a person sees, and what a program gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>
#include <locale.h>

#include "analyzer/report/report.h"

static const struct event voltage = {
	.kind = EVENT_TARGET_VOLTAGE,
	.line = 4,
	.last_line = 4,
	.times = 1,
	.text = "Info : Target voltage: 1.552756",
};
static const struct event lost = {
	.kind = EVENT_LINK_LOST,
	.line = 12,
	.last_line = 40,
	.times = 6,
	.text = "Error: jtag status contains invalid mode value - communication failure \x1b[31m"
		"\xe2\x80\xae",
};

static const struct evidence low_evidence[] = {
	{ .db = 14,
	  .says = "below the range of every part \xe2\x80\x93 and of every probe, whatever is "
		  "asked of it",
	  .fact = "target.vtref_mv",
	  .events = { &voltage },
	  .n_events = 1 },
	{ .db = 4.5, .says = "the link broke", .events = { &lost, &voltage }, .n_events = 2 },
	{ .db = -2, .says = "", .fact = "usb.opened" },
};
static const struct finding_remedy remedies[] = {
	{ "measure", "Measure VDD at the chip; expect 1.8 to 3.6 V.", "seconds", "none", 0.6 },
	{ "reset", "Reset it.", "minutes", "resets", 0.3 },
	{ "again", "Do it again.", "minutes", "none", 0.1 },
};
static const struct evidence other_evidence[] = {
	{ .db = -14, .says = "the debug port answered", .events = { &lost }, .n_events = 1 },
};
static const struct finding findings[] = {
	{ .cause = "volts-low",
	  .title = "The supply is too low",
	  .hop = "power",
	  .cls = "hardware",
	  .exit_code = 6,
	  .confidence = 0.934,
	  .word = WORD_LIKELY,
	  .score = 12.5,
	  .evidence = low_evidence,
	  .n_evidence = 3,
	  .remedies = remedies,
	  .n_remedies = 3 },
	{ .cause = "wires-open",
	  .title = "No wires",
	  .hop = "swd",
	  .cls = "hardware",
	  .confidence = 0.01,
	  .word = WORD_NONE,
	  .score = -20,
	  .evidence = other_evidence,
	  .n_evidence = 1 },
};
static const struct hop_result hops[] = {
	{ "host", "Host", HOP_OK, NULL },
	{ "power", "Power", HOP_BAD, &voltage },
	{ "swd", "SWD link", HOP_BAD, &lost },
	{ "core", "Core", HOP_NOT_TESTED, NULL },
	{ "flash", "Flash", HOP_CANNOT_TELL, NULL },
};
static const char *const symptoms[] = { "the link was lost" };
static const char *const notes[] = { "The sense wire alone does not stop flashing." };
static const char *const not_evaluated[] = { "no-probe" };
static const struct fact_value facts[] = {
	{ "chip.id", "device id", "", EVENT_HEX, 0x413, NULL },
	{ "dp.answered", "it answered", "", EVENT_ABSENT, 1, NULL },
	{ "target.vtref_mv", "VTref", "mV", EVENT_INT, 1553, NULL },
	{ "tool.name", "tool", "", EVENT_TEXT, 0, "openocd" },
	{ "wide", "wide", "", EVENT_INT, ((int64_t)1 << 53) + 1, NULL },
};

static const struct diagnosis sick = {
	.verdict = VERDICT_PROBLEM,
	.findings = findings,
	.n_findings = 2,
	.healthy_share = 0.001,
	.leak_share = 0.055,
	.not_evaluated = not_evaluated,
	.n_not_evaluated = 1,
	.hops = hops,
	.n_hops = 5,
	.symptoms = symptoms,
	.n_symptoms = 1,
	.notes = notes,
	.n_notes = 1,
	.facts = facts,
	.n_facts = 5,
	.next_fact = "nrst.wired",
	.next_test = "Look whether NRST is wired.",
	.first = &remedies[0],
};

static const struct source_stats stats = { .bytes = 4096,
					   .lines = 47,
					   .recognised_lines = 40,
					   .unrecognised_lines = 3,
					   .tool = "openocd",
					   .tool_version = "0.10.0",
					   .tool_confidence = 1 };

static const struct report_style plain = { .term.columns = 80 };

static char *text_of(const struct diagnosis *d, const struct report_style *style)
{
	struct events *ev = events_new();
	struct report r = {
		.command = "analyze", .input = "flash.log", .d = d, .events = ev, .stats = &stats
	};
	struct buf out;

	buf_init(&out);
	report_text(&r, style, &out);
	events_free(ev);
	return buf_detach(&out);
}

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

static json_t *json_of(const struct report *r)
{
	json_error_t error;
	struct buf out;
	json_t *back;

	buf_init(&out);
	report_json(r, &out);
	assert_int_equal(out.at[out.len - 1], '\n');
	assert_ptr_equal(strchr(out.at, '\n'), out.at + out.len - 1);
	back = json_loads(out.at, JSON_REJECT_DUPLICATES, &error);
	assert_non_null(back);
	buf_done(&out);
	return back;
}

static const char *str(json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static void a_program_gets_the_same_as_json(void **state)
{
	struct events *ev = events_new();
	const struct report r = { .command = "analyze",
				  .input = "flash.log",
				  .d = &sick,
				  .events = ev,
				  .stats = &stats };
	json_t *j = json_of(&r), *f, *e, *values;

	(void)state;
	assert_string_equal(str(j, "schema"), "swdoctor/1");
	assert_string_equal(str(j, "verdict"), "problem");
	assert_string_equal(str(j, "class"), "hardware");
	assert_int_equal(json_integer_value(json_object_get(j, "exit_code")), 1);
	f = json_array_get(json_object_get(j, "findings"), 0);
	assert_string_equal(str(f, "word"), "likely");
	assert_int_equal(json_array_size(json_object_get(f, "evidence")), 2);
	assert_int_equal(json_array_size(json_object_get(f, "against")), 1);
	e = json_array_get(json_object_get(f, "evidence"), 1);
	assert_string_equal(str(e, "says"), "+4.5 dB: the link broke");
	assert_int_equal(json_integer_value(json_object_get(e, "line")), 12);
	assert_int_equal(json_integer_value(json_object_get(e, "times")), 6);
	assert_int_equal(json_array_size(json_object_get(e, "lines")), 2);
	assert_string_equal(str(f, "next_test"), "Look whether NRST is wired.");
	f = json_array_get(json_object_get(j, "findings"), 1);
	assert_true(json_is_null(json_object_get(f, "word")));
	assert_true(json_is_null(json_object_get(f, "next_test")));
	values = json_object_get(j, "facts");
	assert_int_equal(json_integer_value(json_object_get(values, "target.vtref_mv")), 1553);
	assert_string_equal(str(values, "chip.id"), "0x00000413");
	assert_true(json_is_true(json_object_get(values, "dp.answered")));
	assert_string_equal(str(values, "wide"), "9007199254740993");
	json_decref(j);
	events_free(ev);
}

/* A log and the traces that were recorded beside it. */
static void a_transaction_beside_a_log_has_its_packet_for_a_place(void **state)
{
	const struct event refused = { .kind = EVENT_LINK_WAIT,
				       .line = 47,
				       .last_line = 47,
				       .times = 3,
				       .trace = 2,
				       .packet = 120,
				       .last_packet = 164,
				       .text = "#31 WAIT" };
	const struct evidence evidence = { .db = 6,
					   .says = "the target asked for patience",
					   .events = { &refused, &voltage },
					   .n_events = 2 };
	const struct hop_result hop = { "swd", "SWD link", HOP_BAD, &refused };
	struct finding f = findings[0];
	struct diagnosis d = sick;
	struct events *ev = events_new();
	struct report r = {
		.command = "run", .input = "x", .d = &d, .events = ev, .stats = &stats
	};
	struct buf out;
	char *text;

	(void)state;
	f.evidence = &evidence;
	f.n_evidence = 1;
	d.findings = &f;
	d.n_findings = d.n_hops = 1;
	d.hops = &hop;
	text = text_of(&d, &plain);
	assert_non_null(strstr(text, "SWD link  packet 120 of trace 2: #31 WAIT\n"));
	assert_non_null(strstr(text, "| packet 120 of trace 2: #31 WAIT  "
				     "(3 times, to packet 164 of trace 2)\n"));
	free(text);
	buf_init(&out);
	report_json(&r, &out);
	assert_non_null(strstr(buf_str(&out),
			       "{\"packet\":120,\"last_packet\":164,\"times\":3,\"trace\":2,"
			       "\"text\":\"#31 WAIT\",\"says\""));
	buf_done(&out);
	events_free(ev);
}

static void a_bad_input_is_an_object_too(void **state)
{
	const struct err e = { .code = ERR_FORMAT, .text = "the input is empty" };
	const struct report r = { .command = "analyze", .input = "x", .error = &e };
	struct result end;
	json_t *j = json_of(&r);

	(void)state;
	assert_string_equal(str(j, "state"), "failed");
	assert_string_equal(str(j, "verdict"), "unknown");
	assert_string_equal(str(json_object_get(j, "error"), "text"), "the input is empty");
	report_result(&r, &end);
	assert_int_equal(end.code, EXIT_CODE_USAGE);
	assert_string_equal(end.cls, "user");
	json_decref(j);
}

static void the_status_of_a_child_is_the_exit_code(void **state)
{
	static char word[] = "openocd";
	static char *const argv[] = { word, NULL };
	const struct report_child child = { .argv = argv, .argc = 1, .status = 137 };
	struct events *ev = events_new();
	const struct report r = { .command = "run",
				  .input = word,
				  .d = &sick,
				  .events = ev,
				  .stats = &stats,
				  .child = &child };
	struct result end;
	json_t *j = json_of(&r);

	(void)state;
	report_result(&r, &end);
	assert_int_equal(end.code, 137);
	assert_string_equal(end.cls, "hardware");
	assert_string_equal(end.cause, "volts-low");
	assert_int_equal(json_integer_value(json_object_get(json_object_get(j, "child"), "status")),
			 137);
	json_decref(j);
	events_free(ev);
}

static int utf8_locale(void **state)
{
	(void)state;
	return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : -1;
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
		cmocka_unit_test(a_program_gets_the_same_as_json),
		cmocka_unit_test(a_transaction_beside_a_log_has_its_packet_for_a_place),
		cmocka_unit_test(a_bad_input_is_an_object_too),
		cmocka_unit_test(the_status_of_a_child_is_the_exit_code),
	};

	return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
