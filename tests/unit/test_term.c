/* Text for people on a terminal: colour rules, width, and that hostile text is made safe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <locale.h>
#include <pty.h>
#include <unistd.h>

#include "analyzer/base/term.h"

static const struct term ascii = { .columns = 40 };
static const struct term utf8 = { .columns = 40, .utf8 = true };

static int clean_environment(void **state)
{
	static const char *const names[] = { "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE",
					     "COLUMNS" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
	setenv("TERM", "xterm", 1);
	setlocale(LC_CTYPE, "C.UTF-8");
	return 0;
}

static bool colour_on(int fd, const char *when)
{
	struct term t;

	term_init(&t, fd, when);
	return t.colour;
}

static void colour_needs_a_terminal_or_a_wish(void **state)
{
	int null = open("/dev/null", O_RDWR), master, slave;

	(void)state;
	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	assert_true(colour_on(slave, "auto"));
	assert_true(colour_on(slave, NULL));
	assert_false(colour_on(slave, "never"));
	assert_false(colour_on(null, "auto"));
	assert_true(colour_on(null, "always"));
	setenv("FORCE_COLOR", "1", 1);
	assert_true(colour_on(null, "auto"));
	setenv("FORCE_COLOR", "0", 1);
	assert_false(colour_on(null, "auto"));
	setenv("CLICOLOR_FORCE", "1", 1);
	assert_true(colour_on(null, "auto"));
	setenv("NO_COLOR", "1", 1);
	assert_false(colour_on(slave, "auto"));
	assert_true(colour_on(slave, "always"));
	unsetenv("NO_COLOR");
	unsetenv("CLICOLOR_FORCE");
	setenv("TERM", "dumb", 1);
	assert_false(colour_on(slave, "auto"));
	close(null);
	close(master);
	close(slave);
}

static void the_width_comes_from_columns_then_the_terminal_then_80(void **state)
{
	struct winsize size = { .ws_col = 123, .ws_row = 40 };
	int null = open("/dev/null", O_RDWR), master, slave;
	struct term t;

	(void)state;
	assert_int_equal(openpty(&master, &slave, NULL, NULL, &size), 0);
	term_init(&t, slave, NULL);
	assert_int_equal(t.columns, 123);
	term_init(&t, null, NULL);
	assert_int_equal(t.columns, 80);
	setenv("COLUMNS", "66", 1);
	term_init(&t, slave, NULL);
	assert_int_equal(t.columns, 66);
	setenv("COLUMNS", "3", 1);
	term_init(&t, null, NULL);
	assert_int_equal(t.columns, TERM_COLUMNS_MIN);
	setenv("COLUMNS", "nonsense", 1);
	term_init(&t, null, NULL);
	assert_int_equal(t.columns, 80);
	close(null);
	close(master);
	close(slave);
}

static void a_dumb_terminal_or_another_locale_means_ascii(void **state)
{
	struct term t;

	(void)state;
	term_init(&t, 0, NULL);
	assert_true(t.utf8);
	setenv("TERM", "dumb", 1);
	term_init(&t, 0, NULL);
	assert_false(t.utf8);
	setenv("TERM", "xterm", 1);
	setlocale(LC_CTYPE, "C");
	term_init(&t, 0, NULL);
	assert_false(t.utf8);
}

static void expect(const struct term *t, const char *text, const char *want)
{
	struct buf b;

	buf_init(&b);
	term_add(t, &b, text);
	assert_string_equal(buf_str(&b), want);
	buf_done(&b);
}

static void control_characters_are_shown_not_sent(void **state)
{
	(void)state;
	expect(&utf8, "\x1b[2J\x07", "\\x1b[2J\\x07");
	expect(&utf8,
	       "\xc2\x9b"
	       "31m",
	       "\\x9b31m");
	expect(&utf8, "a\tb\nc\rd", "a b c d");
	expect(&utf8, "\x7f", "\\x7f");
	expect(&ascii, "\x1b]0;title\x07", "\\x1b]0;title\\x07");
}

static void hidden_and_bidirectional_characters_are_shown(void **state)
{
	(void)state;
	expect(&utf8,
	       "\xe2\x80\xae"
	       "cba",
	       "\\u202ecba");
	expect(&utf8,
	       "a\xe2\x80\x8b"
	       "b",
	       "a\\u200bb");
	expect(&utf8, "\xef\xbb\xbf", "\\ufeff");
	expect(&utf8, "\xf3\xa0\x81\x81", "\\U0e0041");
	expect(&ascii, "\xe2\x81\xa7", "\\u2067");
}

static void bytes_that_are_no_utf8_are_replaced(void **state)
{
	(void)state;
	expect(&utf8, "a\xff", "a\xef\xbf\xbd");
	expect(&ascii, "a\xff", "a?");
	expect(&utf8, "\xc3", "\xef\xbf\xbd");
	expect(&utf8, "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void ascii_gets_the_next_best(void **state)
{
	(void)state;
	expect(&ascii, "3.3\xc2\xa0V \xe2\x89\xa4 3.6 \xc2\xb5s \xe2\x80\x93 10 k\xe2\x84\xa6",
	       "3.3 V <= 3.6 us - 10 kOhm");
	expect(&ascii, "\xe2\x96\x88\xe2\x96\x88", "??");
	expect(&utf8, "\xe2\x89\xa4 \xe2\x96\x88", "\xe2\x89\xa4 \xe2\x96\x88");
}

static void columns_are_counted_as_shown(void **state)
{
	(void)state;
	assert_int_equal(term_columns_of(&utf8, "abc"), 3);
	assert_int_equal(term_columns_of(&utf8, "\xe2\x89\xa4"), 1);
	assert_int_equal(term_columns_of(&utf8, "\xe4\xb8\xad"), 2);
	assert_int_equal(term_columns_of(&utf8, "\x1b"), 4);
	assert_int_equal(term_columns_of(&ascii, "\xe2\x89\xa4"), 2);
}

static void expect_cut(const struct term *t, const char *text, size_t columns, const char *want)
{
	struct buf b;

	buf_init(&b);
	term_add_cut(t, &b, text, columns);
	assert_string_equal(buf_str(&b), want);
	buf_done(&b);
}

static void a_cut_is_marked_and_fits(void **state)
{
	(void)state;
	expect_cut(&utf8, "123456", 6, "123456");
	expect_cut(&utf8, "1234567", 6, "12345\xe2\x80\xa6");
	expect_cut(&ascii, "1234567", 6, "123...");
	expect_cut(&utf8, "\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad", 4, "\xe4\xb8\xad\xe2\x80\xa6");
	expect_cut(&utf8, "ab\x1b", 5, "ab\xe2\x80\xa6");
}

static void expect_wrapped(const char *text, size_t at, size_t indent, const char *want)
{
	struct buf b;

	buf_init(&b);
	term_add_wrapped(&ascii, &b, text, at, indent);
	assert_string_equal(buf_str(&b), want);
	buf_done(&b);
}

static void text_is_broken_between_words(void **state)
{
	(void)state;
	expect_wrapped("", 0, 0, "");
	expect_wrapped("  a  b\n c ", 0, 0, "a b c");
	expect_wrapped("1234567890 1234567890 1234567890 1234567", 0, 2,
		       "1234567890 1234567890 1234567890 1234567");
	expect_wrapped("1234567890 1234567890 1234567890 12345678", 0, 2,
		       "1234567890 1234567890 1234567890\n  12345678");
	expect_wrapped("1234567890 1234567890", 20, 4, "1234567890\n    1234567890");
}

static void styles_are_words_only_where_colour_is(void **state)
{
	const struct term colour = { .colour = true, .columns = 80 };
	struct buf b;

	(void)state;
	buf_init(&b);
	term_style(&ascii, &b, TERM_BAD);
	term_style(&ascii, &b, TERM_PLAIN);
	assert_int_equal(b.len, 0);
	term_style(&colour, &b, TERM_BAD);
	term_style(&colour, &b, TERM_PLAIN);
	assert_string_equal(b.at, "\x1b[1;31m\x1b[0m");
	buf_done(&b);
}

#define TEST(name) cmocka_unit_test_setup(name, clean_environment)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(colour_needs_a_terminal_or_a_wish),
		TEST(the_width_comes_from_columns_then_the_terminal_then_80),
		TEST(a_dumb_terminal_or_another_locale_means_ascii),
		TEST(control_characters_are_shown_not_sent),
		TEST(hidden_and_bidirectional_characters_are_shown),
		TEST(bytes_that_are_no_utf8_are_replaced),
		TEST(ascii_gets_the_next_best),
		TEST(columns_are_counted_as_shown),
		TEST(a_cut_is_marked_and_fits),
		TEST(text_is_broken_between_words),
		TEST(styles_are_words_only_where_colour_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
