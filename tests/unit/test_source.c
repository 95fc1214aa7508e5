/* Sources: whatever wraps a log and however it comes, the events and the counts are the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <glob.h>

#include "tests/lib/source_reading.h"

#define VOLTAGE "Info : Target voltage: 3.208404"
#define SILENT	"Error: init mode failed (unable to connect to the target)"

/* The events of a log that needs no unwrapping, as `expect` wants them; to be freed. */
static char *events_of(struct fixture *f, const char *log)
{
	struct log_reading r = log_read_text(f->m[MATCHER_PLAIN], log);
	struct buf got = { 0 };
	char room[700];

	for (size_t i = 0; i < events_len(r.events); i++)
		buf_addf(&got, "%s\n", log_reading_event(&r, i, room));
	log_reading_done(&r);
	assert_true(got.len);
	return buf_detach(&got);
}

/* Long enough that whole blocks are read from memory, with blank and new lines in between. */
static void a_log_that_repeats_itself_reads_the_same_with_every_engine(void **state)
{
	struct buf log = { 0 };

	for (unsigned i = 0; i < 12000; i++) {
		buf_add_str(&log, VOLTAGE "\r\n" SILENT "\nnothing that anybody knows\n");
		if (i % 1000 == 999)
			buf_addf(&log, "\nInfo : Target voltage: 3.%03u\nline %u\n", i / 10, i);
		if (i == 6000)
			buf_add_str(&log, "Open On-Chip Debugger 0.12.0\n");
	}
	every_reading_is_the_same(*state, "a log that repeats itself", log.at, log.len);
	buf_done(&log);
}

/* ---- the corpus ---- */

static void each_log_reads_the_same_however_it_comes_and_with_every_engine(void **state)
{
	glob_t logs;

	assert_int_equal(glob("tests/corpus/*.log", 0, NULL, &logs), 0);
	for (size_t i = 0; i < logs.gl_pathc; i++) {
		size_t len;
		char *log = log_file(logs.gl_pathv[i], &len);

		every_reading_is_the_same(*state, logs.gl_pathv[i], log, len);
		free(log);
	}
	globfree(&logs);
}

/* Over and over, so that it is longer than any block and lines come again. */
static void the_whole_corpus_as_one_log_reads_the_same(void **state)
{
	struct buf all = { 0 };
	glob_t logs;

	assert_int_equal(glob("tests/corpus/*.log", 0, NULL, &logs), 0);
	for (size_t i = 0; all.len < 600000; i++) {
		size_t len;
		char *log = log_file(logs.gl_pathv[i % logs.gl_pathc], &len);

		if (len > 3 && (unsigned char)log[0] < 0x80) /* no UTF-16 in the middle */
			buf_add(&all, log, len);
		free(log);
	}
	globfree(&logs);
	every_reading_is_the_same(*state, "all", all.at, all.len);
	buf_done(&all);
}

/* ---- ends of lines, escapes, spaces ---- */

static void both_ends_of_lines_give_the_same(void **state)
{
	char *want = events_of(*state, VOLTAGE "\n" SILENT "\n");

	EXPECT(VOLTAGE "\r\n" SILENT "\r\n", want);
	EXPECT(VOLTAGE "\n" SILENT, want);
	EXPECT(VOLTAGE "\r\n" SILENT "\r", want);
	free(want);
}

static void a_last_line_without_its_newline_counts(void **state)
{
	struct fixture *f = *state;
	struct log_reading r = log_read_text(f->m[0], "who knows\n\n" VOLTAGE);

	assert_int_equal(r.stats.lines, 3);
	assert_int_equal(r.stats.recognised_lines, 1);
	assert_int_equal(r.stats.unrecognised_lines, 1);
	assert_int_equal(r.stats.bytes, 11 + strlen(VOLTAGE));
	log_reading_done(&r);
}

static void colours_do_not_hide_a_message(void **state)
{
	char *want = events_of(*state, VOLTAGE "\n" SILENT "\n");

	EXPECT("\033[32mInfo :\033[0m Target \033[1mvoltage: 3.208404\033(B\033[m\n"
	       "\033[31;1mError: init mode failed (unable to \033]0;t\aconnect to the "
	       "target)\033[K\n",
	       want);
	free(want);
}

static void hard_spaces_quotes_fences_and_time_stamps_do_not_hide_a_message(void **state)
{
	char *want = events_of(*state, "\n" VOLTAGE "\n" SILENT "\n\n");

	EXPECT("```\n> Info : Target\xc2\xa0voltage: 3.208404\n> > " SILENT "\n```\n", want);
	EXPECT("2024-05-01T10:00:00.123Z make[1]: Entering\n2024-05-01T10:00:00.123Z " VOLTAGE
	       "\n[stderr] | " SILENT "\n\n",
	       want);
	free(want);
}

/* ---- encodings ---- */

static void add_utf16(struct buf *out, const char *text, bool big)
{
	for (; *text; text++) {
		buf_add_char(out, big ? '\0' : *text);
		buf_add_char(out, big ? *text : '\0');
	}
}

static void utf16_reads_like_utf8_with_and_without_its_mark(void **state)
{
	char *want = events_of(*state, VOLTAGE "\n" SILENT "\n");

	for (int i = 0; i < 4; i++) {
		bool big = i & 1, mark = i & 2;
		struct buf log = { 0 };

		if (mark)
			buf_add(&log, big ? "\xfe\xff" : "\xff\xfe", 2);
		add_utf16(&log, VOLTAGE "\r\n" SILENT "\r\n", big);
		expect(*state, log.at, log.len, want);
		buf_done(&log);
	}
	EXPECT("\xef\xbb\xbf" VOLTAGE "\n" SILENT "\n", want);
	free(want);
}

static void a_binary_is_refused(void **state)
{
	struct fixture *f = *state;
	char bytes[20000];
	uint32_t seed = 5;

	for (size_t i = 0; i < sizeof(bytes); i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = (char)(seed >> 24);
	}
	for (int feed = 0; feed < FEED_MANNERS; feed++) {
		struct log_reading r = log_read(f->m[0], bytes, sizeof(bytes), (enum log_feed)feed);

		assert_int_equal(r.rc, ERR_FORMAT);
		assert_non_null(strstr(r.err.text, "binary"));
		assert_int_equal(events_len(r.events), 0);
		log_reading_done(&r);
		r = log_read(f->m[0], bytes, 300, (enum log_feed)feed);
		assert_int_equal(r.rc, ERR_FORMAT);
		log_reading_done(&r);
	}
}

static void nuls_among_text_do_no_harm(void **state)
{
	char *want = events_of(*state, "\n" VOLTAGE "\n" SILENT "\n");

	EXPECT("this line was\0 damaged by a bad cable\n" VOLTAGE "\n" SILENT "\n", want);
	EXPECT("\0\n" VOLTAGE " \0\n" SILENT "\0\n", want);
	free(want);
}

static void nothing_at_all_is_a_log_without_lines(void **state)
{
	struct fixture *f = *state;
	struct log_reading r = log_read_text(f->m[0], "");

	assert_int_equal(r.rc, 0);
	assert_int_equal(events_len(r.events), 0);
	assert_int_equal(r.stats.bytes, 0);
	assert_int_equal(r.stats.lines, 0);
	assert_int_equal(r.stats.unrecognised_lines, 0);
	assert_null(r.stats.tool);
	assert_true(r.stats.tool_confidence == 0);
	log_reading_done(&r);
}

static void empty_feeds_change_nothing(void **state)
{
	struct fixture *f = *state;
	struct events *ev = events_new();
	struct source *s = source_new(f->m[0], ev);

	assert_int_equal(source_feed(s, "", 0, NULL), 0);
	assert_int_equal(source_feed(s, VOLTAGE, strlen(VOLTAGE), NULL), 0);
	assert_int_equal(source_feed(s, NULL, 0, NULL), 0);
	assert_int_equal(source_end(s, NULL), 0);
	assert_int_equal(events_len(ev), 1);
	source_free(s);
	events_free(ev);
}

/* ---- JSON lines ---- */

static void lines_of_docker_are_unwrapped_and_keep_their_numbers(void **state)
{
	char *want = events_of(*state, "\n" VOLTAGE "\n\n" SILENT "\n");

	EXPECT("{\"log\":\"starting\\n\",\"stream\":\"stdout\",\"time\":\"2024-05-01T10:00:00Z\"}\n"
	       "{\"log\":\"" VOLTAGE "\\r\\n\",\"stream\":\"stderr\"}\n"
	       "no JSON at all\n"
	       "{\"log\":\"\\u001b[31mError:\\u001b[0m init mode failed (unable\\u00a0to connect "
	       "to the target)\\n\",\"stream\":\"stderr\"}\n",
	       want);
	free(want);
}

static void lines_of_the_journal_are_unwrapped_and_keep_their_numbers(void **state)
{
	char *want = events_of(*state, "\n" VOLTAGE "\n" SILENT "\n");

	EXPECT("{\"PRIORITY\":\"6\",\"MESSAGE\":\"one\\ntwo\"}\n"
	       "{\"PRIORITY\":\"6\",\"MESSAGE\":\"" VOLTAGE "\"}\r\n"
	       "{\"MESSAGE\":\"" SILENT "\",\"PRIORITY\":\"3\"}",
	       want);
	free(want);
}

static void coloured_lines_of_the_journal_come_as_bytes(void **state)
{
	static const char text[] = "\033[31m" SILENT "\033[0m";
	char *want = events_of(*state, SILENT "\n\n");
	struct buf log = { 0 };

	buf_add_str(&log, "{\"MESSAGE\":[");
	for (size_t i = 0; text[i]; i++)
		buf_addf(&log, "%s%d", i ? "," : "", text[i]);
	buf_add_str(&log, "]}\n{\"MESSAGE\":[69,114,256]}\n{\"MESSAGE\":[]}\n");
	expect(*state, log.at, log.len, want);
	buf_done(&log);
	free(want);
}

static void broken_json_is_read_as_it_stands(void **state)
{
	char *want = events_of(*state, "\n" VOLTAGE "\n");

	EXPECT("{\"log\": \"cut o\n{" VOLTAGE "\n{\"log\":\"\"}\n{\"log\": 5}\n{}\n{", want);
	free(want);
}

static void an_empty_text_in_json_is_a_blank_line(void **state)
{
	struct fixture *f = *state;
	struct log_reading r = log_read_text(f->m[0], "{\"log\":\"\\n\"}\n{\"log\":\"x\"}\n");

	assert_int_equal(r.stats.lines, 2);
	assert_int_equal(r.stats.unrecognised_lines, 1);
	log_reading_done(&r);
	r = log_read_text(f->m[0], "{\"log\":\"\"}");
	assert_int_equal(r.stats.lines, 1);
	log_reading_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_log_reads_the_same_however_it_comes_and_with_every_engine),
		cmocka_unit_test(the_whole_corpus_as_one_log_reads_the_same),
		cmocka_unit_test(both_ends_of_lines_give_the_same),
		cmocka_unit_test(a_last_line_without_its_newline_counts),
		cmocka_unit_test(colours_do_not_hide_a_message),
		cmocka_unit_test(hard_spaces_quotes_fences_and_time_stamps_do_not_hide_a_message),
		cmocka_unit_test(utf16_reads_like_utf8_with_and_without_its_mark),
		cmocka_unit_test(a_binary_is_refused),
		cmocka_unit_test(nuls_among_text_do_no_harm),
		cmocka_unit_test(nothing_at_all_is_a_log_without_lines),
		cmocka_unit_test(empty_feeds_change_nothing),
		cmocka_unit_test(lines_of_docker_are_unwrapped_and_keep_their_numbers),
		cmocka_unit_test(lines_of_the_journal_are_unwrapped_and_keep_their_numbers),
		cmocka_unit_test(coloured_lines_of_the_journal_come_as_bytes),
		cmocka_unit_test(broken_json_is_read_as_it_stands),
		cmocka_unit_test(an_empty_text_in_json_is_a_blank_line),
		cmocka_unit_test(a_log_that_repeats_itself_reads_the_same_with_every_engine),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
