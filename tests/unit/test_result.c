/* How a run ends: exit codes, classes, the result file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/base/result.h"

static const int codes[] = {
#define EXIT_CODE(id, value, cls, says) value,
#include "analyzer/base/exit_codes.def"
#undef EXIT_CODE
};

#define N_CODES (sizeof(codes) / sizeof(codes[0]))

static void every_code_has_a_class_of_the_closed_list(void **state)
{
	static const char *const classes[] = { "pass",	   "user",  "infra", "hardware",
					       "firmware", "flash", "tool" };
	size_t i, k;

	(void)state;
	for (i = 0; i < N_CODES; i++) {
		for (k = 0; k < 7 && strcmp(classes[k], exit_code_class(codes[i])); k++)
			;
		assert_true(k < 7);
		assert_non_null(exit_code_says(codes[i]));
		for (k = 0; k < i; k++)
			assert_int_not_equal(codes[i], codes[k]);
	}
	assert_null(exit_code_says(42));
	assert_string_equal(exit_code_class(42), "tool");
}

static void every_error_has_a_code_that_is_not_success(void **state)
{
	static const int errors[] = {
#define ERR_CODE(id, value, text) ERR_##id,
#include "probe/base/err.def"
#undef ERR_CODE
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		assert_int_not_equal(exit_code_of_err(errors[i]), 0);
		assert_non_null(exit_code_says(exit_code_of_err(errors[i])));
	}
	assert_int_equal(exit_code_of_err(ERR_NONE), 0);
	assert_int_equal(exit_code_of_err(ERR_USAGE), 2);
	assert_int_equal(exit_code_of_err(ERR_INTERNAL), 70);
}

static int worse(int a, int b)
{
	struct result x, y;

	result_fill(&x, a, NULL, NULL, NULL);
	result_fill(&y, b, NULL, NULL, NULL);
	result_merge(&x, &y);
	return x.code;
}

static void the_worst_of_several_results_counts(void **state)
{
	(void)state;
	assert_int_equal(worse(0, 11), 11);
	assert_int_equal(worse(11, 1), 1);
	assert_int_equal(worse(1, 11), 1);
	assert_int_equal(worse(1, 2), 2);
	assert_int_equal(worse(70, 2), 70);
	assert_int_equal(worse(0, 0), 0);
}

static void of_equal_results_the_first_stays(void **state)
{
	struct result a, b;

	(void)state;
	result_fill(&a, 1, "hardware", "one", "likely");
	result_fill(&b, 1, "firmware", "two", NULL);
	result_merge(&a, &b);
	assert_string_equal(a.cause, "one");
	assert_string_equal(b.word, "");
}

static void expect_file(const char *path, const char *want)
{
	char text[256] = "";
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	close(fd);
	assert_true(n >= 0);
	assert_string_equal(text, want);
}

static void the_result_file_is_there_from_the_beginning(void **state)
{
	char dir[] = "/tmp/swdoctor-test-XXXXXX", path[64];
	struct buf json;
	struct err e = { 0 };
	struct stat before, after;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/result.json", dir);
	assert_int_equal(result_file_begin(path, "analyze", &e), 0);
	expect_file(path,
		    "{\"schema\":\"swdoctor/1\",\"command\":\"analyze\",\"state\":\"running\"}\n");
	assert_int_equal(stat(path, &before), 0);
	buf_init(&json);
	buf_add_str(&json, "{}\n");
	assert_int_equal(result_file_end(path, &json, &e), 0);
	expect_file(path, "{}\n");
	assert_int_equal(stat(path, &after), 0);
	assert_int_not_equal(before.st_ino, after.st_ino); /* another file took its place */
	buf_done(&json);
	unlink(path);
	assert_int_equal(rmdir(dir), 0); /* nothing else is left there */
}

static void a_folder_that_is_not_there_is_told(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_int_equal(result_file_begin("/nonexistent/r.json", "analyze", &e), ERR_IO);
	assert_string_equal(e.text, "/nonexistent/r.json: cannot write: No such file or directory");
}

static void a_device_is_not_replaced(void **state)
{
	struct buf json;
	struct err e = { 0 };
	struct stat st;

	(void)state;
	buf_init(&json);
	buf_add_str(&json, "{}\n");
	assert_int_equal(result_file_begin("/dev/null", "analyze", &e), 0);
	assert_int_equal(result_file_end("/dev/null", &json, &e), 0);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	assert_int_equal(result_file_end("/dev/full", &json, &e), ERR_IO);
	buf_done(&json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_a_class_of_the_closed_list),
		cmocka_unit_test(every_error_has_a_code_that_is_not_success),
		cmocka_unit_test(the_worst_of_several_results_counts),
		cmocka_unit_test(of_equal_results_the_first_stays),
		cmocka_unit_test(the_result_file_is_there_from_the_beginning),
		cmocka_unit_test(a_folder_that_is_not_there_is_told),
		cmocka_unit_test(a_device_is_not_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
