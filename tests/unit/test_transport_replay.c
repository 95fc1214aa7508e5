/* A trace replayed: it answers as the recording has it, and says where a session leaves it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "probe/transport_replay.h"
#include "tests/lib/trace_desk.h"

static struct transport *open_replay(struct bench *b, unsigned probe, int want, struct err *e)
{
	int fd = open(b->file, O_RDONLY);
	struct transport *t = NULL;

	assert_int_equal(
		transport_replay_new((struct pcap_source){ pcap_read_fd, &fd }, probe, &t, e),
		want);
	close(fd);
	return t;
}

static void record(struct bench *b)
{
	struct xact x;
	uint8_t data[64];

	begin(b, script, SCRIPT_LEN);
	for (size_t i = 0; i < SCRIPT_LEN; i++) {
		b->chat.clock.now_us += 1000;
		do_call(b->t, &calls[i], &x, data, NULL);
	}
	transport_close(b->t);
}

static void a_replay_answers_as_the_recording_has_it(void **state)
{
	struct bench *b = *state;
	struct transport *t;
	struct err e = { 0 };
	struct xact x;
	uint8_t data[64];
	uint64_t before;
	uint16_t vid, pid;

	record(b);
	t = open_replay(b, 0, 0, &e);
	assert_int_equal(transport_replay_len(t), SCRIPT_LEN);
	transport_replay_ids(t, &vid, &pid);
	assert_int_equal(pid, 0x374b);
	for (size_t i = 0; i < SCRIPT_LEN; i++) {
		int rc = do_call(t, &calls[i], &x, data, &e);

		assert_int_equal(rc, i == 6 ? ERR_TIMEOUT : 0);
		assert_int_equal(x.outcome, i == 6 ? XACT_TIMEOUT : XACT_OK);
		if (i == 4)
			assert_int_equal(data[4], 3);
		if (i == 6)
			assert_int_equal(e.native, -7);
	}
	before = clock_now_us(transport_replay_clock(t));
	clock_sleep_us(transport_replay_clock(t), 500);
	assert_int_equal(clock_now_us(transport_replay_clock(t)), before + 500);
	assert_int_equal(do_call(t, &calls[0], &x, data, &e), ERR_REPLAY);
	assert_string_equal(e.text, "the recording ends after 8 transactions");
	transport_close(t);
}

static void a_replay_says_where_the_session_leaves_it(void **state)
{
	static const struct call other[] = {
		{ "f2 36 00 ed 00 e0", XACT_IN, NULL, 8, 0 },
		{ "f5", XACT_NONE, NULL, 0, 0 },
		{ "f5", XACT_IN, NULL, 1, 0 },
	};
	static const char *const why[] = {
		"the session leaves the recording at transaction 2 (packet 5), another command: "
		"read word CPUID [f2 36 00 ed 00 e0 00 00 00 00 00 00]; recorded is "
		"mode [f5 00 00 00 00 00 00 00 00 00 00 00]",
		"another direction of the data",
		"fewer bytes are asked for",
	};
	struct bench *b = *state;
	struct transport *t;
	struct err e = { 0 };
	struct xact x;
	uint8_t data[64];

	record(b);
	t = open_replay(b, 0, 0, &e);
	assert_int_equal(do_call(t, &calls[0], &x, data, &e), 0);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(do_call(t, &other[i], &x, data, &e), ERR_REPLAY);
		if (!strstr(e.text, why[i]))
			fail_msg("said: %s", e.text);
		assert_int_equal(transport_replay_at(t), 1);
	}
	/* It is not lost for that: the session may come back. */
	assert_int_equal(do_call(t, &calls[1], &x, data, &e), 0);
	data[0] = 0;
	assert_int_equal(do_call(t, &(struct call){ calls[2].cmd, XACT_OUT, "78 56 34 13", 0, 0 },
				 &x, data, &e),
			 ERR_REPLAY);
	assert_non_null(strstr(e.text, "other data are written"));
	transport_close(t);
}

static void a_probe_that_is_not_in_the_recording_is_not_found(void **state)
{
	struct bench *b = *state;
	struct err e = { 0 };

	record(b);
	open_replay(b, 1, ERR_NOT_FOUND, &e);
	assert_string_equal(e.text, "no probe of number 2 in the recording (it has 1)");
}

static void a_capture_of_another_tool_can_be_replayed(void **state)
{
	int fd = open("tests/captures/sim-st-info-probe.pcap", O_RDONLY);
	struct transport *t;
	struct xact x;
	uint8_t data[64];

	(void)state;
	assert_int_equal(
		transport_replay_new((struct pcap_source){ pcap_read_fd, &fd }, 0, &t, NULL), 0);
	close(fd);
	assert_int_equal(do_call(t, &calls[0], &x, data, NULL), 0);
	assert_int_equal(data[0], 0x29);
	assert_int_equal(x.took_us, 1182);
	transport_close(t);
}

#define BENCH(name) cmocka_unit_test_setup_teardown(name, make_bench, drop_bench)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH(a_replay_answers_as_the_recording_has_it),
		BENCH(a_replay_says_where_the_session_leaves_it),
		BENCH(a_probe_that_is_not_in_the_recording_is_not_found),
		cmocka_unit_test(a_capture_of_another_tool_can_be_replayed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
