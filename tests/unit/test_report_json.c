/* Reports for programs: the JSON of a diagnosis. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "tests/lib/report_cases.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_gets_the_same_as_json),
		cmocka_unit_test(a_transaction_beside_a_log_has_its_packet_for_a_place),
		cmocka_unit_test(a_bad_input_is_an_object_too),
		cmocka_unit_test(the_status_of_a_child_is_the_exit_code),
	};

	return cmocka_run_group_tests(tests, utf8_locale, NULL);
}
