/* The store of past checks: what comes back, and what is said when the file is not as it should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analyzer/check/check_history.h"

static char folder[64], file[100];
static struct arena *arena;
static struct err e;

static int set_up(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/test-history-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/deep/history.db", folder);
	arena = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	char deep[100];

	(void)state;
	snprintf(deep, sizeof(deep), "%s/deep", folder);
	unlink(file);
	rmdir(deep);
	rmdir(folder);
	arena_free(arena);
	return 0;
}

static const struct check_past sample = {
	.at = 1764000000,
	.probe = "53570000000000000000F00D",
	.firmware = "V2J37S7",
	.board = "0123456789abcdef01234567",
	.chip = "F4",
	.verdict = "problem",
	.cause = "signal-integrity",
	.cls = "hardware",
	.code = 8,
	.metric = { [METRIC_VTREF] = { true, 3299 }, [METRIC_RECOVERIES] = { true, 0 } },
};

static int add(const struct check_past *p)
{
	struct check_history *h = NULL;
	int rc = check_history_open(file, true, &h, &e);

	if (!rc)
		rc = check_history_add(h, p, &e);
	check_history_close(h);
	return rc;
}

static int read_all(const struct check_past **ret, size_t *ret_n)
{
	struct check_history *h = NULL;
	int rc = check_history_open(file, false, &h, &e);

	if (!rc)
		rc = check_history_read(h, arena, ret, ret_n, &e);
	check_history_close(h);
	return rc;
}

static void what_was_kept_comes_back_and_the_unknown_stays_unknown(void **state)
{
	const struct check_past *p;
	struct stat st;
	size_t n;

	(void)state;
	assert_int_equal(add(&sample), 0);
	assert_int_equal(read_all(&p, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(p->at, sample.at);
	assert_string_equal(p->probe, sample.probe);
	assert_string_equal(p->board, sample.board);
	assert_string_equal(p->cause, sample.cause);
	assert_null(p->label);
	assert_int_equal(p->code, 8);
	assert_true(p->metric[METRIC_VTREF].has);
	assert_int_equal(p->metric[METRIC_VTREF].n, 3299);
	assert_true(p->metric[METRIC_RECOVERIES].has);
	assert_false(p->metric[METRIC_LATENCY].has);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void no_file_is_an_empty_history_and_reading_makes_none(void **state)
{
	const struct check_past *p;
	size_t n = 7;

	(void)state;
	assert_int_equal(read_all(&p, &n), 0);
	assert_int_equal(n, 0);
	assert_int_not_equal(access(file, F_OK), 0);
}

static void a_name_leads_to_the_board_that_last_had_it(void **state)
{
	struct check_past named = sample, silent = sample;
	const struct check_past *p;
	size_t n;

	(void)state;
	silent.board = NULL;
	silent.label = named.label = "bench 3";
	assert_int_equal(add(&silent), 0);
	assert_int_equal(add(&named), 0);
	assert_int_equal(add(&silent), 0);
	assert_int_equal(read_all(&p, &n), 0);
	assert_int_equal(n, 3);
	assert_string_equal(p[0].board, "label:bench 3");
	assert_string_equal(p[2].board, sample.board);
}

static void quotes_in_a_name_are_only_quotes(void **state)
{
	struct check_past odd = sample;
	const struct check_past *p;
	size_t n;

	(void)state;
	odd.label = "x'); DROP TABLE checks; --";
	assert_int_equal(add(&odd), 0);
	assert_int_equal(add(&odd), 0);
	assert_int_equal(read_all(&p, &n), 0);
	assert_int_equal(n, 2);
	assert_string_equal(p[1].label, odd.label);
}

static void sql_on_file(const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void a_damaged_file_is_told_and_left_alone(void **state)
{
	const struct check_past *p;
	size_t n;
	FILE *f;

	(void)state;
	assert_int_equal(add(&sample), 0);
	f = fopen(file, "r+");
	assert_non_null(f);
	for (int i = 0; i < 4096; i++)
		fputc('x', f);
	fclose(f);
	assert_int_equal(add(&sample), ERR_FORMAT);
	assert_non_null(strstr(e.text, "move it away"));
	assert_int_equal(read_all(&p, &n), ERR_FORMAT);
	f = fopen(file, "r");
	assert_int_equal(fgetc(f), 'x');
	fclose(f);
}

static void a_file_of_a_newer_version_is_left_alone(void **state)
{
	(void)state;
	assert_int_equal(add(&sample), 0);
	sql_on_file("PRAGMA user_version = 2");
	assert_int_equal(add(&sample), ERR_FORMAT);
	assert_non_null(strstr(e.text, "newer version"));
}

static void another_programs_file_is_left_alone(void **state)
{
	(void)state;
	assert_int_equal(add(&sample), 0);
	sql_on_file("PRAGMA application_id = 42");
	assert_int_equal(add(&sample), ERR_FORMAT);
	assert_non_null(strstr(e.text, "another program's"));
}

static void a_lock_ends_the_wait_within_seconds(void **state)
{
	sqlite3 *db;

	(void)state;
	assert_int_equal(add(&sample), 0);
	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(add(&sample), ERR_BUSY);
	sqlite3_close(db);
	assert_int_equal(add(&sample), 0);
}

static void a_folder_that_cannot_be_made_is_told(void **state)
{
	struct check_history *h = NULL;

	(void)state;
	assert_int_equal(check_history_open("/dev/null/swdoctor/history.db", true, &h, &e), ERR_IO);
	assert_null(h);
}

static void four_that_begin_a_history_at_once_lose_nothing(void **state)
{
	const struct check_past *p;
	size_t n;

	(void)state;
	for (int i = 0; i < 4; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (!pid)
			_exit(add(&sample) || add(&sample));
	}
	for (int i = 0; i < 4; i++) {
		int status;

		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(read_all(&p, &n), 0);
	assert_int_equal(n, 8);
}

static void only_so_many_are_kept(void **state)
{
	const struct check_past *p;
	size_t n;

	(void)state;
	assert_int_equal(add(&sample), 0);
	sql_on_file(
		"WITH RECURSIVE c(x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM c WHERE x < 5100) "
		"INSERT INTO checks (id, at, code, probe, verdict, class) "
		"SELECT x, x, 0, 'p', 'healthy', 'pass' FROM c");
	assert_int_equal(add(&sample), 0);
	assert_int_equal(read_all(&p, &n), 0);
	assert_int_equal(n, CHECK_HISTORY_ROWS);
	assert_string_equal(p[n - 1].probe, sample.probe);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(what_was_kept_comes_back_and_the_unknown_stays_unknown),
		TEST(no_file_is_an_empty_history_and_reading_makes_none),
		TEST(a_name_leads_to_the_board_that_last_had_it),
		TEST(quotes_in_a_name_are_only_quotes),
		TEST(a_damaged_file_is_told_and_left_alone),
		TEST(a_file_of_a_newer_version_is_left_alone),
		TEST(another_programs_file_is_left_alone),
		TEST(a_lock_ends_the_wait_within_seconds),
		TEST(a_folder_that_cannot_be_made_is_told),
		TEST(four_that_begin_a_history_at_once_lose_nothing),
		TEST(only_so_many_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
