/* The memory of lines: new, seen, kept; what is kept owns its text; bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyzer/log/line_memo.h"

static int set_up(void **state)
{
	struct line_memos *m = malloc(sizeof(*m));

	assert_non_null(m);
	line_memos_init(m);
	*state = m;
	return 0;
}

static int tear_down(void **state)
{
	line_memos_done(*state);
	free(*state);
	return 0;
}

static struct line_memo *find(void **state, const char *line, enum memo_state *ret)
{
	return line_memo_find(*state, line, strlen(line), ret);
}

static void a_line_is_new_once_and_seen_from_then_on(void **state)
{
	enum memo_state st;

	assert_non_null(find(state, "Info : polling", &st));
	assert_int_equal(st, MEMO_NEW);
	assert_non_null(find(state, "Info : polling", &st));
	assert_int_equal(st, MEMO_SEEN);
	assert_non_null(find(state, "Info : polling", &st));
	assert_int_equal(st, MEMO_SEEN);
}

static void the_empty_line_is_a_line(void **state)
{
	enum memo_state st;

	assert_non_null(find(state, "", &st));
	assert_int_equal(st, MEMO_NEW);
	assert_non_null(find(state, "", &st));
	assert_int_equal(st, MEMO_SEEN);
}

static void lines_that_differ_in_one_byte_are_told_apart(void **state)
{
	enum memo_state st;
	char line[40];

	for (int i = 0; i < 1000; i++) {
		snprintf(line, sizeof(line), "voltage: %d", i);
		find(state, line, &st);
		assert_int_equal(st, MEMO_NEW);
	}
}

static void a_kept_line_gives_its_events_back_for_as_long_as_it_is_kept(void **state)
{
	struct event banner = { .kind = EVENT_TOOL_BANNER, .pattern = 7, .text = "st-flash 1.8.0" };
	struct memo_event given[2] = { { .pattern = 7 }, { .pattern = 9 } };
	enum memo_state st;
	struct line_memo *memo;

	banner.v[0] = (struct event_value){ .has = true, .text = "st-flash" };
	given[0].record = event_record_new(&banner);
	find(state, "a banner", &st);
	line_memo_keep(find(state, "a banner", &st), given, 2);
	event_record_drop(given[0].record);
	memo = find(state, "a banner", &st);
	assert_int_equal(st, MEMO_KEPT);
	assert_int_equal(memo->n, 2);
	assert_int_equal(memo->events[0].pattern, 7);
	assert_int_equal(memo->events[0].record->e.kind, EVENT_TOOL_BANNER);
	assert_string_equal(memo->events[0].record->e.text, "st-flash 1.8.0");
	assert_string_equal(memo->events[0].record->e.v[0].text, "st-flash");
	assert_int_equal(memo->events[1].pattern, 9);
	assert_null(memo->events[1].record);
}

static void a_line_that_stands_for_nothing_can_be_kept(void **state)
{
	enum memo_state st;

	find(state, "nothing", &st);
	line_memo_keep(find(state, "nothing", &st), NULL, 0);
	assert_int_equal(find(state, "nothing", &st)->n, 0);
	assert_int_equal(st, MEMO_KEPT);
}

static void a_very_long_line_is_not_remembered(void **state)
{
	size_t len = 60000;
	char *line = malloc(len);
	enum memo_state st;

	assert_non_null(line);
	memset(line, 'a', len);
	assert_null(line_memo_find(*state, line, len, &st));
	assert_non_null(line_memo_find(*state, line, 200, &st));
	free(line);
}

static void two_lines_that_fall_to_one_set_are_both_remembered(void **state)
{
	enum memo_state st;
	unsigned seen = 0;
	char line[40];

	/* Of 1,000 lines in 4,096 sets hardly three share one. */
	for (int round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 1000; i++) {
			snprintf(line, sizeof(line), "line %u", i);
			find(state, line, &st);
			seen += st == MEMO_SEEN;
		}
	assert_true(seen > 950);
}

/* Some are forgotten, none is taken for another, and nothing leaks. */
static void more_lines_than_there_is_room_for_push_each_other_out(void **state)
{
	enum memo_state st;
	unsigned kept = 0;
	char line[40];

	for (int round = 0; round < 3; round++)
		for (uint32_t i = 0; i < 40000; i++) {
			struct memo_event given = { .pattern = i };
			struct event e = { .text = line };
			struct line_memo *memo;

			snprintf(line, sizeof(line), "line %u", i);
			memo = find(state, line, &st);
			if (st == MEMO_NEW)
				memo = find(state, line, &st);
			if (st == MEMO_SEEN) {
				given.record = event_record_new(&e);
				line_memo_keep(memo, &given, 1);
				event_record_drop(given.record);
			} else {
				kept++;
			}
			assert_int_equal(memo->n, 1);
			assert_int_equal(memo->events[0].pattern, i);
			assert_string_equal(memo->events[0].record->e.text, line);
		}
	assert_true(kept < 80000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_line_is_new_once_and_seen_from_then_on, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(the_empty_line_is_a_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lines_that_differ_in_one_byte_are_told_apart,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_kept_line_gives_its_events_back_for_as_long_as_it_is_kept, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(a_line_that_stands_for_nothing_can_be_kept, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_very_long_line_is_not_remembered, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(two_lines_that_fall_to_one_set_are_both_remembered,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			more_lines_than_there_is_room_for_push_each_other_out, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
