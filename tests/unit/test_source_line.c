/* Lines of a log: however long, counted once, recognised, blank or neither; read to the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include "tests/lib/source_reading.h"

#define VOLTAGE "Info : Target voltage: 3.208404"
#define SILENT	"Error: init mode failed (unable to connect to the target)"

#define PIECE 65536 /* longer lines are read in pieces of this size */

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
		cmocka_unit_test(a_message_far_inside_a_long_line_is_found_and_quoted),
		cmocka_unit_test(long_lines_of_colours_read_the_same_however_they_come),
		cmocka_unit_test(a_line_of_a_whole_number_of_pieces_counts_once),
		cmocka_unit_test(lines_are_recognised_blank_or_neither),
		cmocka_unit_test(a_pipe_is_read_to_its_end),
		cmocka_unit_test(what_cannot_be_read_is_an_error_with_its_number),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
