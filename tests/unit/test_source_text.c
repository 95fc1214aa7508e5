/* Bytes become text: encodings, what is no text, escapes, and counting of lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyzer/base/source_text.h"

/* ---- decoding ---- */

/* The text of the bytes, fed in pieces of `step`; to be freed. NULL: refused, with the code. */
static char *decode(const void *bytes, size_t len, size_t step, size_t *ret_len, int *ret_rc)
{
	const uint8_t *at = bytes;
	struct text_decoder d;
	struct buf out = { 0 };
	int rc = 0;

	text_decoder_init(&d);
	for (size_t i = 0; i < len && !rc; i += step)
		rc = text_decode(&d, at + i, step < len - i ? step : len - i, &out, NULL);
	if (!rc)
		rc = text_decode_end(&d, &out, NULL);
	text_decoder_done(&d);
	*ret_rc = rc;
	*ret_len = out.len;
	if (!rc)
		return buf_detach(&out);
	buf_done(&out);
	return NULL;
}

static void expect(const void *bytes, size_t len, const char *want)
{
	static const size_t steps[] = { 1, 2, 3, 7, 100000 };

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		size_t n;
		int rc;
		char *got = decode(bytes, len, steps[i], &n, &rc);

		assert_int_equal(rc, 0);
		assert_int_equal(n, strlen(want));
		assert_string_equal(got, want);
		free(got);
	}
}

#define EXPECT(bytes, want) expect(bytes, sizeof(bytes) - 1, want)

static void utf8_passes_as_it_is(void **state)
{
	(void)state;
	EXPECT("caf\xc3\xa9 \xe2\x80\x98x\xe2\x80\x99\n", "café ‘x’\n");
	EXPECT("", "");
}

static void the_mark_at_the_start_goes_and_only_there(void **state)
{
	(void)state;
	EXPECT("\xef\xbb\xbfhello\n", "hello\n");
	EXPECT("hello\xef\xbb\xbf\n", "hello\xef\xbb\xbf\n");
	EXPECT("\xef\xbb", "\xef\xbb");
}

static void utf16_of_either_order_becomes_utf8(void **state)
{
	(void)state;
	EXPECT("\xff\xfeh\0i\0\n\0", "hi\n");
	EXPECT("\xfe\xff\0h\0i\0\n", "hi\n");
	EXPECT("\xff\xfe\xe9\0\x18\x20", "é‘");
}

static void utf16_is_told_without_its_mark(void **state)
{
	(void)state;
	EXPECT("E\0r\0r\0o\0r\0:\0 \0x\0\r\0\n\0", "Error: x\r\n");
	EXPECT("\0E\0r\0r\0o\0r\0:\0 \0x\0\r\0\n", "Error: x\r\n");
}

static void pairs_of_surrogates_become_one_character(void **state)
{
	(void)state;
	EXPECT("\xff\xfe\x3d\xd8\x00\xde", "\xf0\x9f\x98\x80");
}

static void broken_surrogates_become_replacement_characters(void **state)
{
	(void)state;
	EXPECT("\xff\xfe\x3d\xd8x\0", "\xef\xbf\xbdx");
	EXPECT("\xff\xfe\x00\xdex\0", "\xef\xbf\xbdx");
	EXPECT("\xff\xfe\x3d\xd8\x3d\xd8\x00\xde", "\xef\xbf\xbd\xf0\x9f\x98\x80");
}

static void half_a_unit_at_the_end_is_dropped(void **state)
{
	(void)state;
	EXPECT("\xff\xfeh\0i\0!", "hi");
}

static void bytes_that_are_no_text_are_refused(void **state)
{
	uint8_t bytes[10000];
	size_t n;
	int rc;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	assert_null(decode(bytes, sizeof(bytes), 1, &n, &rc));
	assert_int_equal(rc, ERR_FORMAT);
	assert_null(decode(bytes, sizeof(bytes), sizeof(bytes), &n, &rc));
	assert_int_equal(rc, ERR_FORMAT);
	assert_null(decode("\177ELF\2\1\1\0\0\0\0\0\0\0\0\0", 16, 16, &n, &rc));
	assert_int_equal(rc, ERR_FORMAT);
}

static void some_nuls_in_a_text_are_no_reason_to_refuse_it(void **state)
{
	static const char text[] = "a line that was damaged by a serial port\0 in one place\n";
	size_t n;
	int rc;
	char *got = decode(text, sizeof(text) - 1, 5, &n, &rc);

	(void)state;
	assert_int_equal(rc, 0);
	assert_int_equal(n, sizeof(text) - 1);
	assert_memory_equal(got, text, n);
	free(got);
}

/* ---- cleaning ---- */

static void expect_clean(const char *text, const char *want)
{
	size_t len = strlen(text);
	char *exact = malloc(len + !len); /* no NUL behind it: a sanitizer sees a step too far */

	assert_non_null(exact);
	memcpy(exact, text, len);
	len = text_clean(exact, len);
	assert_int_equal(len, strlen(want));
	assert_memory_equal(exact, want, len);
	free(exact);
}

static void escapes_go_and_text_stays(void **state)
{
	(void)state;
	expect_clean("\033[31mError\033[0m: x", "Error: x");
	expect_clean("\033[1;38;5;196mE\033[K", "E");
	expect_clean("\033]0;title\aafter", "after");
	expect_clean("\033]8;;https://a\033\\link\033]8;;\033\\", "link");
	expect_clean("\033(Bx", "x"); /* choose a character set */
	expect_clean("plain", "plain");
	expect_clean("", "");
}

static void an_escape_that_is_cut_off_ends_with_its_line(void **state)
{
	(void)state;
	expect_clean("a\033\nb", "a\nb");
	expect_clean("a\033[31\nb", "a\nb");
	expect_clean("a\033]0;title\nb", "a\nb");
	expect_clean("a\033", "a");
	expect_clean("a\033[", "a");
	expect_clean("a\033[3", "a");
	expect_clean("a\033]8;\033", "a");
}

static void hard_spaces_become_spaces(void **state)
{
	(void)state;
	expect_clean("a\xc2\xa0"
		     "b",
		     "a b");
	expect_clean("\xc2\xa0\xc2\xa0", "  ");
	expect_clean("\xc3\xa0 \xc2\xa9", "\xc3\xa0 \xc2\xa9");
	expect_clean("cut \xc2", "cut \xc2");
}

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static void cleaning_keeps_every_newline_of_any_bytes(void **state)
{
	static const char some[] = "\033\033[[]mK0;\a\\\n\nab\xc2\xa0\xc2";
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t len = next(&seed) % 40, clean;
		char *text = malloc(len + !len);
		uint64_t lines = 0, after = 0;

		assert_non_null(text);
		for (size_t i = 0; i < len; i++) {
			text[i] = some[next(&seed) % (sizeof(some) - 1)];
			lines += text[i] == '\n';
		}
		clean = text_clean(text, len);
		assert_true(clean <= len);
		for (size_t i = 0; i < clean; i++) {
			after += text[i] == '\n';
			assert_int_not_equal(text[i], '\033');
		}
		assert_int_equal(after, lines);
		free(text);
	}
}

/* ---- counting ---- */

static uint64_t count_plainly(const char *text, size_t len, uint64_t *blank)
{
	uint64_t lines = 0;
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] != '\n')
			continue;
		lines++;
		*blank += i == from || (i == from + 1 && text[from] == '\r');
		from = i + 1;
	}
	return lines;
}

static void expect_counted(const char *text, size_t len)
{
	uint64_t want_blank = 5, blank = 5;
	uint64_t want = count_plainly(text, len, &want_blank);

	assert_int_equal(text_count_lines(text, len, &blank), want);
	assert_int_equal(blank, want_blank);
	assert_int_equal(text_count_lines(text, len, NULL), want);
}

static void lines_are_counted_as_a_plain_loop_counts_them(void **state)
{
	static const char some[] = "\n\n\n\r\ra\x8a\x0b\x09\0";
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t len = next(&seed) % 60;
		unsigned few = 1 + next(&seed) % (sizeof(some) - 1);
		char *text = malloc(len + !len);

		assert_non_null(text);
		for (size_t i = 0; i < len; i++)
			text[i] = some[next(&seed) % few];
		expect_counted(text, len);
		free(text);
	}
}

static void any_byte_but_a_newline_is_none(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		char text[24];

		memset(text, c, sizeof(text));
		expect_counted(text, sizeof(text));
	}
}

static void long_runs_of_newlines_do_not_overflow_the_count(void **state)
{
	size_t len = 100003;
	char *text = malloc(len);

	(void)state;
	assert_non_null(text);
	memset(text, '\n', len);
	expect_counted(text, len);
	for (size_t i = 0; i < len; i += 2)
		text[i] = '\r';
	expect_counted(text, len);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_passes_as_it_is),
		cmocka_unit_test(the_mark_at_the_start_goes_and_only_there),
		cmocka_unit_test(utf16_of_either_order_becomes_utf8),
		cmocka_unit_test(utf16_is_told_without_its_mark),
		cmocka_unit_test(pairs_of_surrogates_become_one_character),
		cmocka_unit_test(broken_surrogates_become_replacement_characters),
		cmocka_unit_test(half_a_unit_at_the_end_is_dropped),
		cmocka_unit_test(bytes_that_are_no_text_are_refused),
		cmocka_unit_test(some_nuls_in_a_text_are_no_reason_to_refuse_it),
		cmocka_unit_test(escapes_go_and_text_stays),
		cmocka_unit_test(an_escape_that_is_cut_off_ends_with_its_line),
		cmocka_unit_test(hard_spaces_become_spaces),
		cmocka_unit_test(cleaning_keeps_every_newline_of_any_bytes),
		cmocka_unit_test(lines_are_counted_as_a_plain_loop_counts_them),
		cmocka_unit_test(any_byte_but_a_newline_is_none),
		cmocka_unit_test(long_runs_of_newlines_do_not_overflow_the_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
