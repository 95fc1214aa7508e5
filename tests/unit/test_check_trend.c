/* What a history says, shown with planted ones: each row is probe, board, and what came of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "analyzer/check/check_trend.h"

#define ROWS_MAX 32

static struct check_past rows[ROWS_MAX];
static size_t n_rows;
static struct arena *arena;
static struct trend trend;

static int set_up(void **state)
{
	(void)state;
	n_rows = 0;
	arena = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* Board NULL: it did not answer. Cause NULL: healthy. */
static struct check_past *row(const char *probe, const char *board, const char *cls,
			      const char *cause)
{
	struct check_past *p = &rows[n_rows++];

	*p = (struct check_past){ .at = 1764000000 + (int64_t)n_rows * 86400,
				  .probe = probe,
				  .board = board,
				  .verdict = cause ? "problem" : "healthy",
				  .cls = cls,
				  .cause = cause };
	return p;
}

static void well(const char *probe, const char *board)
{
	row(probe, board, "pass", NULL);
}

static void bad(const char *probe, const char *board)
{
	row(probe, board, "hardware", "signal-integrity");
}

static void look(void)
{
	trend = trend_find(rows, n_rows, arena);
}

static const struct trend_note *note_of(enum trend_kind kind, enum check_subject about,
					const char *what)
{
	for (size_t i = 0; i < trend.n; i++)
		if (trend.notes[i].kind == kind && trend.notes[i].about == about &&
		    !strcmp(trend.notes[i].what, what))
			return &trend.notes[i];
	return NULL;
}

static void nothing_is_said_of_no_checks_and_of_healthy_ones(void **state)
{
	(void)state;
	look();
	assert_int_equal(trend.n, 0);
	for (int i = 0; i < 6; i++)
		well("P", "A");
	look();
	assert_int_equal(trend.n, 0);
}

static void who_was_well_and_is_not_got_worse_and_it_is_said_since_when(void **state)
{
	const struct trend_note *note;

	(void)state;
	for (int i = 0; i < 4; i++)
		well("P", "A");
	bad("P", "A");
	bad("P", "A");
	look();
	note = note_of(TREND_WORSE, SUBJECT_BOARD, "verdict");
	assert_non_null(note);
	assert_string_equal(note->board, "A");
	assert_int_equal(note->since, rows[4].at);
	assert_non_null(strstr(note->text, "healthy in 4 of the 4 checks before"));
	assert_non_null(strstr(note->text, "signal-integrity (2 checks)"));
	assert_non_null(note_of(TREND_WORSE, SUBJECT_PROBE, "verdict"));
}

static void one_healthy_check_is_too_few_to_call_it_worse(void **state)
{
	(void)state;
	well("P", "A");
	bad("P", "A");
	look();
	assert_int_equal(trend.n, 0);
}

static void who_was_always_bad_did_not_get_worse(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		bad("P", "A");
	look();
	assert_int_equal(trend.n, 0);
}

static void who_is_well_again_is_not_worse(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++)
		well("P", "A");
	bad("P", "A");
	well("P", "A");
	look();
	assert_int_equal(trend.n, 0);
}

static void a_new_bad_board_does_not_make_the_probe_worse(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++)
		well("P", "A");
	bad("P", "B");
	look();
	assert_null(note_of(TREND_WORSE, SUBJECT_PROBE, "verdict"));
}

static void a_board_that_does_not_answer_counts_and_a_name_is_asked_for(void **state)
{
	const struct trend_note *note;

	(void)state;
	for (int i = 0; i < 3; i++)
		well("P", "A");
	bad("P", NULL);
	look();
	note = note_of(TREND_WORSE, SUBJECT_PROBE, "verdict");
	assert_non_null(note);
	assert_non_null(strstr(note->text, "--board"));
}

static void a_program_that_locks_itself_out_does_not_make_the_probe_worse(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		well("P", "A");
	row("P", "A", "firmware", "debug-pins-remapped");
	look();
	assert_null(note_of(TREND_WORSE, SUBJECT_PROBE, "verdict"));
	assert_non_null(note_of(TREND_WORSE, SUBJECT_BOARD, "verdict"));
}

static void numbers(const char *probe, const char *board, enum check_metric m, const int *values,
		    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		well(probe, board);
		rows[n_rows - 1].metric[m] = (struct check_number){ values[i] >= 0, values[i] };
	}
}

static void a_voltage_that_sinks_is_the_boards(void **state)
{
	static const int mv[] = { 3300, 3290, 3310, 3300, 3050, 3000, 3010 };
	const struct trend_note *note;

	(void)state;
	numbers("P", "A", METRIC_VTREF, mv, 7);
	look();
	note = note_of(TREND_WORSE, SUBJECT_BOARD, "vtref_mv");
	assert_non_null(note);
	assert_int_equal(note->since, rows[4].at);
	assert_non_null(strstr(note->text, "was 3300 mV, and is 3010 mV"));
	assert_null(note_of(TREND_WORSE, SUBJECT_PROBE, "vtref_mv"));
}

static void what_wavers_did_not_get_worse(void **state)
{
	static const int us[] = { 360, 350, 700, 340, 360, 380, 355, 640 };

	(void)state;
	numbers("P", "A", METRIC_LATENCY, us, 8);
	look();
	assert_int_equal(trend.n, 0);
}

static void a_number_that_is_not_known_is_not_zero(void **state)
{
	static const int mv[] = { 3300, -1, 3300, -1, 3300, -1, -1, -1 };

	(void)state;
	numbers("P", "A", METRIC_VTREF, mv, 8);
	look();
	assert_int_equal(trend.n, 0);
}

static void a_probe_that_is_bad_on_two_boards_is_to_blame(void **state)
{
	const struct trend_note *note;

	(void)state;
	bad("P", "A");
	bad("P", "B");
	well("Q", "A");
	look();
	note = note_of(TREND_BLAME, SUBJECT_PROBE, "verdict");
	assert_non_null(note);
	assert_string_equal(note->probe, "P");
	assert_non_null(strstr(note->text, "the probe or its cable"));
	assert_non_null(strstr(note->text, "1 of these boards is well with another probe"));
	assert_null(note_of(TREND_BLAME, SUBJECT_BOARD, "verdict"));
}

static void a_board_that_is_bad_on_two_probes_is_to_blame(void **state)
{
	const struct trend_note *note;

	(void)state;
	bad("P", "A");
	bad("Q", "A");
	well("P", "B");
	well("Q", "B");
	look();
	note = note_of(TREND_BLAME, SUBJECT_BOARD, "verdict");
	assert_non_null(note);
	assert_string_equal(note->board, "A");
	assert_non_null(strstr(note->text, "the board; 2 of these probes are well with another"));
	assert_null(note_of(TREND_BLAME, SUBJECT_PROBE, "verdict"));
}

static void two_that_are_well_with_others_blame_what_is_between_them(void **state)
{
	const struct trend_note *note;

	(void)state;
	well("P", "B");
	well("Q", "A");
	bad("P", "A");
	look();
	note = note_of(TREND_BLAME, SUBJECT_BOTH, "combination");
	assert_non_null(note);
	assert_string_equal(note->probe, "P");
	assert_string_equal(note->board, "A");
}

static void only_the_latest_check_of_a_pair_counts_for_blame(void **state)
{
	(void)state;
	bad("P", "A");
	bad("P", "B");
	well("P", "B");
	look();
	assert_null(note_of(TREND_BLAME, SUBJECT_PROBE, "verdict"));
}

static void two_protected_chips_do_not_blame_the_probe(void **state)
{
	(void)state;
	row("P", "A", "firmware", "readout-protected");
	row("P", "B", "firmware", "readout-protected");
	look();
	assert_int_equal(trend.n, 0);
}

static void long_ids_are_shown_by_their_ends(void **state)
{
	char name[TREND_NAME_MAX];

	(void)state;
	trend_name("53570000000000000000F00D", name);
	assert_string_equal(name, "...0000F00D");
	trend_name("sim:53570000000000000000F00D", name);
	assert_string_equal(name, "sim:...0000F00D");
	trend_name("label:bench 3", name);
	assert_string_equal(name, "bench 3");
	trend_name("usb@1-2", name);
	assert_string_equal(name, "usb@1-2");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_said_of_no_checks_and_of_healthy_ones),
		TEST(who_was_well_and_is_not_got_worse_and_it_is_said_since_when),
		TEST(one_healthy_check_is_too_few_to_call_it_worse),
		TEST(who_was_always_bad_did_not_get_worse),
		TEST(who_is_well_again_is_not_worse),
		TEST(a_new_bad_board_does_not_make_the_probe_worse),
		TEST(a_board_that_does_not_answer_counts_and_a_name_is_asked_for),
		TEST(a_program_that_locks_itself_out_does_not_make_the_probe_worse),
		TEST(a_voltage_that_sinks_is_the_boards),
		TEST(what_wavers_did_not_get_worse),
		TEST(a_number_that_is_not_known_is_not_zero),
		TEST(a_probe_that_is_bad_on_two_boards_is_to_blame),
		TEST(a_board_that_is_bad_on_two_probes_is_to_blame),
		TEST(two_that_are_well_with_others_blame_what_is_between_them),
		TEST(only_the_latest_check_of_a_pair_counts_for_blame),
		TEST(two_protected_chips_do_not_blame_the_probe),
		TEST(long_ids_are_shown_by_their_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
