/* The everyday flags, and a probe opened by them that is left in order whatever happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/base/result.h"
#include "analyzer/cli/probe_flags.h"
#include "probe/coresight_regs.h"
#include "tests/usb/mock_usb.h"

static const struct cli_command command = { .name = "try",
					    .operands = "",
					    .options = { probe_flags } };

struct bench {
	struct mock_usb *mock;
	char folder[64];
	struct cli_args args;
	char *argv[16];
	char said[4000]; /* the first bytes of each command */
	char marks[400];
	struct probe_session s;
	struct err e;
};

static int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->mock = mock_usb_new();
	snprintf(b->folder, sizeof(b->folder), "/tmp/test-flags-XXXXXX");
	assert_non_null(mkdtemp(b->folder));
	setenv("SWDOCTOR_LOCK_DIR", b->folder, 1);
	setenv("XDG_STATE_HOME", b->folder, 1);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	cli_args_done(&b->args);
	mock_usb_free(b->mock);
	free(b);
	return 0;
}

static void hear(void *user, const struct xact *x, const struct stlink_said *said)
{
	struct bench *b = user;
	size_t at = strlen(b->said);

	(void)said;
	if (x->cmd_len && x->cmd[0] == 0xf2)
		snprintf(b->said + at, sizeof(b->said) - at, "%02x%02x ", x->cmd[1], x->cmd[2]);
}

static void hear_mark(void *user, const char *text)
{
	struct bench *b = user;

	snprintf(b->marks + strlen(b->marks), sizeof(b->marks) - strlen(b->marks), "%s\n", text);
}

/* Words divided by blanks. */
static int given(struct bench *b, const char *words)
{
	static char text[400];
	int argc = 0;

	snprintf(text, sizeof(text), "try %s", words);
	cli_args_done(&b->args);
	b->args.path = "swdoctor try";
	for (char *at = strtok_r(text, " ", &b->argv[15]); at;
	     at = strtok_r(NULL, " ", &b->argv[15]))
		b->argv[argc++] = at;
	b->argv[argc] = NULL;
	return cli_parse(&command, argc, b->argv, &b->args, &b->e);
}

static int opened(struct bench *b, const char *words)
{
	int rc = given(b, words);

	b->s = (struct probe_session){ .watch = hear, .watch_mark = hear_mark, .watch_user = b };
	b->said[0] = b->marks[0] = '\0';
	return rc ? rc : probe_session_open(&b->args, NULL, "swdoctor try", &b->s, &b->e);
}

static void assert_connected(struct bench *b)
{
	if (probe_session_connect(&b->s, &b->e))
		fail_msg("%s after %s", b->e.text, b->said);
}

/* ---- flags ---- */

static void without_flags_everything_is_automatic(void **state)
{
	struct bench *b = *state;

	mock_usb_plug(b->mock, 0x3748, "57FF01");
	assert_int_equal(opened(b, ""), 0);
	assert_int_equal(b->s.khz, 0);
	assert_true(b->s.connect_auto);
	assert_int_equal(b->s.connect, TARGET_CONNECT_NORMAL);
	assert_int_equal(b->s.link, STLINK_LINK_SWD);
	assert_ptr_equal(b->s.clock, &clock_real);
	assert_int_equal(b->s.run.limit_ms, 0);
	assert_int_equal(probe_session_close(&b->s, &b->e), 0);
}

static void flags_reach_the_probe_and_the_target(void **state)
{
	struct bench *b = *state;

	mock_usb_plug(b->mock, 0x3748, "57FF01");
	assert_int_equal(opened(b, "--probe usb@1-2 --speed 1000 --connect under-reset --transport "
				   "jtag --timeout 30"),
			 0);
	assert_int_equal(b->s.run.limit_ms, 30000);
	assert_connected(b);
	/* The slowest JTAG divisor not above 1000 kHz is 64; NRST low; enter JTAG without reset. */
	if (!strstr(b->said, "4440 3c00 30a4 "))
		fail_msg("said %s", b->said);
	assert_int_equal(probe_session_close(&b->s, &b->e), 0);
}

static void wrong_values_are_usage_errors(void **state)
{
	static const char *const wrong[] = {
		"--speed fast",	   "--speed 0",	     "--connect somehow", "--transport swim",
		"--timeout 0",	   "--timeout 1e3",  "--lock-wait -1",	  "--probe stlink",
		"--fault kind=no", "--wait forever",
	};
	struct bench *b = *state;

	mock_usb_plug(b->mock, 0x3748, "57FF01");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (opened(b, wrong[i]) != ERR_USAGE)
			fail_msg("%s was taken: %s", wrong[i], b->e.text);
	}
}

static void a_probe_that_is_missing_or_taken_has_its_exit_code(void **state)
{
	struct bench *b = *state;
	struct probe_session other = { 0 };

	assert_int_equal(exit_code_of_err(opened(b, "")), EXIT_CODE_NO_PROBE);
	mock_usb_plug(b->mock, 0x3748, "57FF01");
	assert_int_equal(opened(b, ""), 0);
	assert_int_equal(probe_session_open(&b->args, NULL, "swdoctor other", &other, &b->e),
			 ERR_BUSY);
	assert_int_equal(exit_code_of(&b->e), EXIT_CODE_PROBE_BUSY);
	assert_non_null(strstr(b->e.text, "(swdoctor try)"));
	given(b, "--lock-wait 1");
	assert_int_equal(probe_session_open(&b->args, NULL, "swdoctor other", &other, &b->e),
			 ERR_LOCK_WAIT);
	assert_int_equal(exit_code_of(&b->e), EXIT_CODE_LOCK_TIMEOUT);
	assert_int_equal(probe_session_close(&b->s, &b->e), 0);
}

static void each_probe_has_a_trace_of_its_own(void **state)
{
	struct bench *b = *state;
	char words[200], path[100];
	struct stat st;

	mock_usb_plug(b->mock, 0x3748, "57FF01");
	snprintf(words, sizeof(words), "--trace %s/t.pcapng --probe usb --probe usb@1-2",
		 b->folder);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(given(b, words), 0);
		b->s = (struct probe_session){ .place = i };
		assert_int_equal(probe_session_open(&b->args, cli_nth(&b->args, "probe", i),
						    "swdoctor try", &b->s, &b->e),
				 0);
		assert_int_equal(probe_session_close(&b->s, &b->e), 0);
		snprintf(path, sizeof(path), "%s/t.pcapng%s", b->folder, i ? "-2" : "");
		assert_int_equal(stat(path, &st), 0);
	}
}

/* ---- leaving in order ---- */

static const char in_order[] = "3c01 4c00 2100 "; /* NRST released, port closed, debug left */

static bool ends_in_order(const struct bench *b)
{
	size_t len = strlen(b->said), tail = strlen(in_order);

	return len >= tail && !strcmp(b->said + len - tail, in_order);
}

static void a_session_leaves_the_probe_in_order(void **state)
{
	struct bench *b = *state;

	mock_usb_plug(b->mock, 0x3748, "57FF01");
	assert_int_equal(opened(b, "--connect under-reset"), 0);
	assert_connected(b);
	assert_int_equal(probe_session_close(&b->s, &b->e), 0);
	if (!ends_in_order(b))
		fail_msg("the last commands were %s", b->said);
	assert_non_null(strstr(b->marks, "swdoctor try\n"));
}

static void a_signal_ends_it_and_the_probe_is_left_in_order(void **state)
{
	struct bench *b = *state;
	uint32_t word;

	mock_usb_plug(b->mock, 0x3748, "57FF01");
	assert_int_equal(opened(b, "--connect under-reset"), 0);
	assert_connected(b);
	raise(SIGTERM);
	assert_int_equal(target_read32(b->s.target, 0x20000000, &word, &b->e), ERR_INTERRUPTED);
	assert_int_equal(exit_code_of(&b->e), EXIT_CODE_TERMINATED);
	assert_int_equal(probe_session_close(&b->s, &b->e), 0);
	if (!ends_in_order(b))
		fail_msg("the last commands were %s", b->said);
	/* Whatever else the process wanted to open is not opened any more. */
	assert_int_equal(opened(b, ""), ERR_INTERRUPTED);
}

static void a_deadline_ends_it_and_the_probe_is_left_in_order(void **state)
{
	struct bench *b = *state;
	uint32_t word;

	mock_usb_plug(b->mock, 0x3748, "57FF01");
	assert_int_equal(opened(b, "--connect under-reset --timeout 1"), 0);
	assert_connected(b);
	clock_sleep_us(&clock_real, 1100000);
	assert_int_equal(target_read32(b->s.target, 0x20000000, &word, &b->e), ERR_DEADLINE);
	assert_non_null(strstr(b->e.text, "the run took longer than 1.0 s"));
	assert_int_equal(probe_session_close(&b->s, &b->e), 0);
	if (!ends_in_order(b))
		fail_msg("the last commands were %s", b->said);
}

static void a_probe_that_cannot_be_left_is_opened_again_for_it(void **state)
{
	struct bench *b = *state;

	mock_usb_plug(b->mock, 0x3748, "57FF01");
	assert_int_equal(opened(b, "--connect under-reset"), 0);
	assert_connected(b);
	mock_usb_fail(b->mock, 1, MOCK_SILENT);
	assert_int_equal(probe_session_close(&b->s, &b->e), 0);
	/* Debug was left at the first try, the line was released at the second. */
	if (!strstr(b->said, "3c01 2100 3c01 "))
		fail_msg("the last commands were %s", b->said);
	assert_non_null(strstr(b->marks, "opening it again"));
}

/* ---- recordings and faults ---- */

static void a_recording_is_opened_by_the_same_flags_on_its_own_time(void **state)
{
	struct bench *b = *state;
	char words[200];

	mock_usb_plug(b->mock, 0x3748, "57FF01");
	snprintf(words, sizeof(words), "--connect normal --trace %s/t.pcapng", b->folder);
	assert_int_equal(opened(b, words), 0);
	assert_connected(b);
	assert_int_equal(probe_session_close(&b->s, &b->e), 0);
	mock_usb_unplug(b->mock);

	snprintf(words, sizeof(words), "--connect normal --timeout 1 --probe replay:%s/t.pcapng",
		 b->folder);
	assert_int_equal(opened(b, words), 0);
	assert_ptr_not_equal(b->s.clock, &clock_real);
	assert_connected(b);
	assert_int_equal(probe_session_close(&b->s, &b->e), 0);
	/* Watched though nothing is written. */
	if (!strstr(b->said, "30a3"))
		fail_msg("heard only %s", b->said);
}

static void the_bench_is_opened_by_the_same_flags_on_its_own_time(void **state)
{
	struct bench *b = *state;
	uint32_t cpuid;
	int rc = opened(b, "--probe sim:healthy-f405-v2 --connect under-reset --timeout 30");

	if (rc == ERR_NOT_FOUND) /* built without it */
		skip();
	if (rc)
		fail_msg("%s", b->e.text);
	assert_connected(b);
	assert_int_equal(target_read32(b->s.target, CORESIGHT_CPUID, &cpuid, &b->e), 0);
	assert_int_equal(cpuid, 0x410fc241);
	clock_sleep_us(b->s.clock, 40000000); /* takes no time, and ends the run */
	assert_int_equal(target_read32(b->s.target, CORESIGHT_CPUID, &cpuid, &b->e), ERR_DEADLINE);
	assert_int_equal(probe_session_close(&b->s, &b->e), 0);
	if (!ends_in_order(b))
		fail_msg("the last commands were %s", b->said);
}

static void faults_go_under_the_session(void **state)
{
	struct bench *b = *state;

	mock_usb_plug(b->mock, 0x3748, "57FF01");
	assert_int_equal(opened(b, "--connect auto --fault kind=refused,status=0x09,nth=1"), 0);
	/* Refused as it is, and so once more under reset. */
	assert_connected(b);
	assert_non_null(strstr(b->marks, "connecting under reset"));
	assert_int_equal(probe_session_close(&b->s, &b->e), 0);
}

int main(int argc, char **argv)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(without_flags_everything_is_automatic),
		T(flags_reach_the_probe_and_the_target),
		T(wrong_values_are_usage_errors),
		T(a_probe_that_is_missing_or_taken_has_its_exit_code),
		T(each_probe_has_a_trace_of_its_own),
		T(a_session_leaves_the_probe_in_order),
		T(a_deadline_ends_it_and_the_probe_is_left_in_order),
		T(a_probe_that_cannot_be_left_is_opened_again_for_it),
		T(a_recording_is_opened_by_the_same_flags_on_its_own_time),
		T(the_bench_is_opened_by_the_same_flags_on_its_own_time),
		T(faults_go_under_the_session),
		T(a_signal_ends_it_and_the_probe_is_left_in_order), /* the last: it stays so */
	};

	(void)argc;
	mock_usb_enter(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
