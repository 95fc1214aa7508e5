/* One command on several probes: who is found, whose result counts, and what a crash costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/cli/each_probe.h"
#include "tests/usb/mock_usb.h"

static const struct cli_option options[] = {
	{ .name = "probe", .arg = "WORDS" },
	{ .name = "result", .arg = "FILE" },
	{ .name = "format", .arg = "FORMAT" },
	{ 0 },
};
static const struct cli_command command = { .name = "try", .operands = "", .options = { options } };

static char file[64];

/* Its JSON is its words and its place; a word of "crash" kills it. */
static void work(void *user, const char *words, size_t n, bool several,
		 struct each_probe_yield *ret)
{
	(void)user;
	if (strstr(words, "crash"))
		abort();
	buf_addf(&ret->json, "%s %zu %s %d\n", words, n, several ? "several" : "alone",
		 several && getppid() != 1);
	result_fill(&ret->end, strstr(words, "bad") ? 6 : 0, NULL, NULL, NULL);
}

static void give_up(void *user, const char *words, const struct err *why,
		    struct each_probe_yield *ret)
{
	(void)user;
	buf_addf(&ret->json, "%s failed\n", words ? words : "all");
	buf_add_str(&ret->message, why->text);
	result_fill(&ret->end, exit_code_of(why), NULL, NULL, NULL);
}

/* Runs it; what stands in the result file goes to text. */
static int run(bool all, char *const *argv, int argc, char *text, size_t size)
{
	struct cli_args args = { .path = "swdoctor try" };
	struct each_probe p = {
		.args = &args, .command = "try", .all = all, .work = work, .fail = give_up
	};
	char *given[12] = { (char *)"try", (char *)"--result", file, (char *)"--format",
			    (char *)"json" };
	struct err e;
	ssize_t n;
	int code, fd, out = dup(1), null = open("/dev/null", O_WRONLY);

	for (int i = 0; i < argc; i++)
		given[5 + i] = argv[i];
	assert_int_equal(cli_parse(&command, 5 + argc, given, &args, &e), 0);
	fflush(stdout);
	dup2(null, 1);
	code = each_probe_run(&p, NULL);
	dup2(out, 1);
	close(out);
	close(null);
	cli_args_done(&args);
	fd = open(file, O_RDONLY);
	n = read(fd, text, size - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	unlink(file);
	return code;
}

static void all_finds_every_probe_and_each_is_told_its_place(void **state)
{
	struct mock_usb *first = mock_usb_new(), *second = mock_usb_beside(first);
	char text[400];

	(void)state;
	mock_usb_plug(first, 0x3748, "57FF01");
	mock_usb_plug(second, 0x3748, "57FF02");
	assert_int_equal(run(true, NULL, 0, text, sizeof(text)), 0);
	assert_string_equal(text, "usb@1-2 0 several 1\nusb@1-3 1 several 1\n");
	mock_usb_free(second);
	mock_usb_free(first);
}

static void all_of_none_looks_for_the_only_one(void **state)
{
	struct mock_usb *mock = mock_usb_new();
	char text[400];

	(void)state;
	assert_int_equal(run(true, NULL, 0, text, sizeof(text)), 0);
	assert_string_equal(text, "usb 0 alone 0\n");
	mock_usb_free(mock);
}

static void the_worst_of_those_that_were_named_counts(void **state)
{
	char *argv[] = { (char *)"--probe", (char *)"good", (char *)"--probe", (char *)"bad" };
	char text[400];

	(void)state;
	assert_int_equal(run(false, argv, 4, text, sizeof(text)), 6);
	assert_string_equal(text, "good 0 several 1\nbad 1 several 1\n");
}

static void a_crash_costs_that_probe_alone(void **state)
{
	char *argv[] = { (char *)"--probe", (char *)"crash", (char *)"--probe", (char *)"good" };
	char text[400];

	(void)state;
	assert_int_equal(run(false, argv, 4, text, sizeof(text)), 70);
	assert_string_equal(text, "crash failed\ngood 1 several 1\n");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_finds_every_probe_and_each_is_told_its_place),
		cmocka_unit_test(all_of_none_looks_for_the_only_one),
		cmocka_unit_test(the_worst_of_those_that_were_named_counts),
		cmocka_unit_test(a_crash_costs_that_probe_alone),
	};

	(void)argc;
	mock_usb_enter(argv);
	snprintf(file, sizeof(file), "/tmp/test-each-probe-%d", (int)getpid());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
