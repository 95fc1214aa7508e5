/* Sources: whatever wraps a log and however it comes, the events and the counts are the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <glob.h>
#include <unistd.h>

#include "tests/lib/log_reading.h"

#define VOLTAGE "Info : Target voltage: 3.208404"
#define SILENT	"Error: init mode failed (unable to connect to the target)"

#define PIECE 65536 /* longer lines are read in pieces of this size */

struct fixture {
	struct rules *shipped, *small;
	struct matcher *m[MATCHER_PLAIN + 1]; /* of the shipped rules, one of each engine */
	struct matcher *small_m;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct buf report = { 0 };

	assert_non_null(f);
	assert_int_equal(rules_load(NULL, &f->shipped, &report, NULL), 0);
	buf_done(&report);
	for (int i = MATCHER_AUTO; i <= MATCHER_PLAIN; i++)
		assert_int_equal(matcher_new(f->shipped, (enum matcher_engine)i, &f->m[i], NULL),
				 0);
	f->small = log_patterns();
	assert_int_equal(matcher_new(f->small, MATCHER_AUTO, &f->small_m, NULL), 0);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	for (int i = MATCHER_AUTO; i <= MATCHER_PLAIN; i++)
		matcher_free(f->m[i]);
	matcher_free(f->small_m);
	rules_free(f->shipped);
	rules_free(f->small);
	free(f);
	return 0;
}

/* ---- comparing readings ---- */

static void same_text(const char *name, const char *a, const char *b)
{
	size_t line = 1;

	for (; *a && *a == *b; a++, b++)
		line += *a == '\n';
	if (*a == *b)
		return;
	fail_msg("%s: readings differ in line %zu, near '%.60s' and '%.60s'", name, line, a, b);
}

/*
 * Every manner of feeding with every engine gives one and the same reading. The slow engine is fed
 * but once.
 */
static void every_reading_is_the_same(struct fixture *f, const char *name, const char *log,
				      size_t len)
{
	char *want = NULL;

	for (int m = MATCHER_AUTO; m <= MATCHER_PLAIN; m++)
		for (int feed = 0; feed < FEED_MANNERS; feed++) {
			struct log_reading r;
			char *got;

			if (m == MATCHER_PLAIN && feed != FEED_WHOLE)
				continue;
			r = log_read(f->m[m], log, len, (enum log_feed)feed);
			got = log_reading_text(&r);
			log_reading_done(&r);
			if (want)
				same_text(name, got, want);
			free(want);
			want = got;
		}
	free(want);
}

/* The text becomes these events with the shipped rules, one a line, however it is fed. */
static void expect(struct fixture *f, const void *log, size_t len, const char *want)
{
	for (int feed = 0; feed < FEED_MANNERS; feed++) {
		struct log_reading r = log_read(f->m[MATCHER_AUTO], log, len, (enum log_feed)feed);
		struct buf got = { 0 };
		char room[700];

		assert_int_equal(r.rc, 0);
		for (size_t i = 0; i < events_len(r.events); i++)
			buf_addf(&got, "%s\n", log_reading_event(&r, i, room));
		assert_string_equal(buf_str(&got), want);
		buf_done(&got);
		log_reading_done(&r);
	}
}

#define EXPECT(log, want) expect(*state, log, sizeof(log) - 1, want)

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

/* ---- long lines ---- */

static void add_many(struct buf *b, char c, size_t n)
{
	while (n--)
		buf_add_char(b, c);
}

static void a_message_far_inside_a_long_line_is_found_and_quoted(void **state)
{
	struct buf log = { 0 };

	add_many(&log, '.', 5 * PIECE + 1000);
	buf_add_str(&log, VOLTAGE);
	add_many(&log, '.', PIECE);
	buf_add_str(&log, "\n" SILENT "\n");
	for (int m = MATCHER_AUTO; m <= MATCHER_PLAIN; m++) {
		struct fixture *f = *state;
		struct log_reading r = log_read(f->m[m], log.at, log.len, FEED_WHOLE);

		assert_int_equal(events_count(r.events, EVENT_TARGET_VOLTAGE), 1);
		assert_int_equal(events_at(r.events, 0)->line, 1);
		assert_int_equal(events_at(r.events, 0)->v[0].num, 3208);
		assert_non_null(strstr(events_at(r.events, 0)->text, "Target voltage: 3.208"));
		assert_int_equal(events_at(r.events, 1)->line, 2);
		assert_int_equal(r.stats.lines, 2);
		assert_int_equal(r.stats.recognised_lines, 2);
		assert_int_equal(r.stats.unrecognised_lines, 0);
		log_reading_done(&r);
	}
	every_reading_is_the_same(*state, "long", log.at, log.len);
	buf_done(&log);
}

static void long_lines_of_colours_read_the_same_however_they_come(void **state)
{
	struct buf log = { 0 };

	for (int i = 0; i < 30000; i++)
		buf_add_str(&log, i % 100 ? "\033[31mred\033[0m" : VOLTAGE);
	buf_add_str(&log, "\n{\"log\":\"");
	for (int i = 0; i < 10000; i++)
		buf_add_str(&log, i % 100 ? "\\u001b[31mred" : VOLTAGE);
	buf_add_str(&log, "\"}\n" SILENT "\n");
	every_reading_is_the_same(*state, "red", log.at, log.len);
	buf_done(&log);
}

static void a_line_of_a_whole_number_of_pieces_counts_once(void **state)
{
	static const char *const ends[] = { "", "\n", "\r\n", "\n\n" };
	struct fixture *f = *state;

	for (size_t pieces = 1; pieces <= 5; pieces += 2)
		for (size_t i = 0; i < 4; i++)
			for (int feed = 0; feed < FEED_MANNERS; feed++) {
				struct buf log = { 0 };
				struct log_reading r;

				add_many(&log, '.', pieces * PIECE);
				buf_add_str(&log, ends[i]);
				r = log_read(f->m[0], log.at, log.len, (enum log_feed)feed);
				assert_int_equal(r.stats.lines, i == 3 ? 2 : 1);
				assert_int_equal(r.stats.unrecognised_lines, 1);
				log_reading_done(&r);
				buf_done(&log);
			}
}

/* ---- counts, attempts, tools ---- */

static void lines_are_recognised_blank_or_neither(void **state)
{
	struct fixture *f = *state;
	struct log_reading r = log_read_text(
		f->small_m, "\nfirst-word second-word\n\r\nwhat is this\nhave a nice day\n\n\n");

	assert_int_equal(r.stats.lines, 7);
	assert_int_equal(r.stats.recognised_lines, 2);
	assert_int_equal(r.stats.unrecognised_lines, 1);
	log_reading_done(&r);
}

static uint32_t attempts(struct fixture *f, const char *log)
{
	struct log_reading r = log_read_text(f->small_m, log);
	uint32_t n = events_attempts(r.events);

	log_reading_done(&r);
	return n;
}

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

/* ---- from a descriptor ---- */

static void a_pipe_is_read_to_its_end(void **state)
{
	struct fixture *f = *state;
	struct events *ev = events_new();
	struct source *s = source_new(f->m[0], ev);
	struct source_stats st;
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], VOLTAGE "\n" SILENT, strlen(VOLTAGE SILENT) + 1),
			 strlen(VOLTAGE SILENT) + 1);
	close(fd[1]);
	assert_int_equal(source_read_fd(s, fd[0], NULL), 0);
	assert_int_equal(source_end(s, NULL), 0);
	close(fd[0]);
	source_stats(s, &st);
	assert_int_equal(st.lines, 2);
	assert_int_equal(st.recognised_lines, 2);
	source_free(s);
	events_free(ev);
}

static void what_cannot_be_read_is_an_error_with_its_number(void **state)
{
	struct fixture *f = *state;
	struct events *ev = events_new();
	struct source *s = source_new(f->m[0], ev);
	int fd = open(".", O_RDONLY);
	struct err e = { 0 };

	assert_true(fd >= 0);
	assert_int_equal(source_read_fd(s, fd, &e), ERR_IO);
	assert_true(e.native > 0);
	assert_non_null(strstr(e.text, "cannot read"));
	close(fd);
	source_free(s);
	events_free(ev);
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
		cmocka_unit_test(a_message_far_inside_a_long_line_is_found_and_quoted),
		cmocka_unit_test(long_lines_of_colours_read_the_same_however_they_come),
		cmocka_unit_test(a_log_that_repeats_itself_reads_the_same_with_every_engine),
		cmocka_unit_test(a_line_of_a_whole_number_of_pieces_counts_once),
		cmocka_unit_test(lines_are_recognised_blank_or_neither),
		cmocka_unit_test(a_banner_soon_after_its_command_line_is_the_same_attempt),
		cmocka_unit_test(every_command_line_and_every_banner_begins_an_attempt),
		cmocka_unit_test(events_know_their_attempt),
		cmocka_unit_test(the_tool_is_told_by_its_banner_with_its_version),
		cmocka_unit_test(without_a_banner_the_tool_is_told_by_its_wording),
		cmocka_unit_test(of_two_tools_the_one_that_says_more_is_named),
		cmocka_unit_test(text_that_nobody_knows_names_no_tool),
		cmocka_unit_test(a_pipe_is_read_to_its_end),
		cmocka_unit_test(what_cannot_be_read_is_an_error_with_its_number),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
