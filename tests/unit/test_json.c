/* What is written is JSON, whatever the text: jansson reads it back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>

#include "probe/base/json.h"

static void an_object_comes_out_as_written(void **state)
{
	struct buf b;
	struct json j;

	(void)state;
	buf_init(&b);
	json_begin(&j, &b);
	json_open_object(&j, NULL);
	json_put_str(&j, "verdict", "problem");
	json_open_array(&j, "list");
	json_put_int(&j, NULL, 1);
	json_put_int(&j, NULL, -2);
	json_open_object(&j, NULL);
	json_close_object(&j);
	json_close_array(&j);
	json_put_bool(&j, "yes", true);
	json_put_null(&j, "nothing");
	json_put_str(&j, "also", NULL);
	json_put_hex(&j, "at", 0x08000000, 8);
	json_put_real(&j, "share", 0.12345, 3);
	json_close_object(&j);
	assert_string_equal(
		b.at, "{\"verdict\":\"problem\",\"list\":[1,-2,{}],\"yes\":true,\"nothing\":null,"
		      "\"also\":null,\"at\":\"0x08000000\",\"share\":0.123}");
	buf_done(&b);
}

static void numbers_beyond_2_to_the_53_are_strings(void **state)
{
	static const struct {
		int64_t value;
		const char *text;
	} cases[] = {
		{ (int64_t)1 << 53, "9007199254740992" },
		{ ((int64_t)1 << 53) + 1, "\"9007199254740993\"" },
		{ -((int64_t)1 << 53) - 1, "\"-9007199254740993\"" },
		{ INT64_MIN, "\"-9223372036854775808\"" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b;
		struct json j;

		buf_init(&b);
		json_begin(&j, &b);
		json_put_int(&j, NULL, cases[i].value);
		assert_string_equal(b.at, cases[i].text);
		buf_done(&b);
	}
}

static void expect_text(const char *text, size_t len, const char *want)
{
	struct buf b;
	struct json j;

	buf_init(&b);
	json_begin(&j, &b);
	json_put_str_n(&j, NULL, text, len);
	assert_string_equal(b.at, want);
	buf_done(&b);
}

static void hostile_text_is_escaped(void **state)
{
	(void)state;
	expect_text("a\"b\\c", 5, "\"a\\\"b\\\\c\"");
	expect_text("\x1b[31m\n\x7f", 7, "\"\\u001b[31m\\u000a\\u007f\"");
	expect_text("\0", 1, "\"\\u0000\"");
	expect_text("\xc2\x9b", 2, "\"\\u009b\"");
	expect_text("\xe2\x80\xae", 3, "\"\\u202e\"");
	expect_text("\xe2\x81\xa6", 3, "\"\\u2066\"");
	expect_text("\xc3\xa9\xf0\x9f\x94\xa5", 6, "\"\xc3\xa9\xf0\x9f\x94\xa5\"");
}

static void what_is_no_utf8_is_replaced(void **state)
{
	(void)state;
	expect_text("\xff", 1, "\"\\ufffd\"");
	expect_text("\xc3", 1, "\"\\ufffd\"");
	expect_text("\xc0\xaf", 2, "\"\\ufffd\\ufffd\"");
	expect_text("\xed\xa0\x80", 3, "\"\\ufffd\\ufffd\\ufffd\"");
	expect_text("\xf4\x90\x80\x80", 4, "\"\\ufffd\\ufffd\\ufffd\\ufffd\"");
	expect_text("\xe2\x82", 2, "\"\\ufffd\\ufffd\"");
}

static void any_bytes_make_json_that_can_be_read_back(void **state)
{
	unsigned seed = 1;
	int round;

	(void)state;
	for (round = 0; round < 2000; round++) {
		char text[40];
		struct buf b;
		struct json j;
		json_error_t error;
		json_t *back;
		size_t i;

		for (i = 0; i < sizeof(text); i++) {
			seed = seed * 1103515245u + 12345u;
			text[i] = (char)(seed >> 16);
		}
		buf_init(&b);
		json_begin(&j, &b);
		json_open_array(&j, NULL);
		json_put_str_n(&j, NULL, text, sizeof(text));
		json_close_array(&j);
		back = json_loadb(b.at, b.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
		assert_non_null(back);
		json_decref(back);
		buf_done(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_object_comes_out_as_written),
		cmocka_unit_test(numbers_beyond_2_to_the_53_are_strings),
		cmocka_unit_test(hostile_text_is_escaped),
		cmocka_unit_test(what_is_no_utf8_is_replaced),
		cmocka_unit_test(any_bytes_make_json_that_can_be_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
