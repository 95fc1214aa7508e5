/* Opening a probe: locked, traced, waited for, and several in one process. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/usb/probe_bench.h"

/* ---- opening ---- */

static void an_open_probe_is_locked(void **state)
{
	struct bench *b = *state;
	struct probe second = { 0 };
	const struct probe_options o = { .clock = &clock_real, .why = "another test" };
	struct lock_record r = { 0 };
	struct err e = { 0 };

	mock_usb_plug(b->mock, 0x3748, SERIAL);
	assert_int_equal(open_with(b, "usb", &e), 0);
	assert_true(lock_peek(b->folder, "usb-1-2", &r));
	assert_string_equal(r.why, "a test");
	assert_int_equal(probe_open(&o, &second, &e), ERR_BUSY);
	assert_non_null(strstr(e.text, "usb-1-2 is locked by process"));
	probe_close(&b->p);
	assert_false(lock_peek(b->folder, "usb-1-2", &r));
}

static void everything_is_written_into_the_ring(void **state)
{
	struct bench *b = *state;
	struct err e = { 0 };
	struct stat st;

	mock_usb_plug(b->mock, 0x3748, SERIAL);
	assert_int_equal(open_with(b, "usb", &e), 0);
	assert_int_equal(stlink_open(&b->p.stlink, &e), 0);
	assert_int_equal(strncmp(buf_str(&b->p.trace_path), b->folder, strlen(b->folder)), 0);
	assert_int_equal(stat(buf_str(&b->p.trace_path), &st), 0);
	assert_true(st.st_size > 500);
}

static void a_trace_is_replayed_in_place_of_the_probe(void **state)
{
	struct bench *b = *state;
	struct probe_options o = { .clock = &clock_real };
	char path[100], words[120];
	struct err e = { 0 };

	mock_usb_plug(b->mock, 0x3748, SERIAL);
	snprintf(path, sizeof(path), "%s/session.pcapng", b->folder);
	o.trace_path = path;
	assert_int_equal(probe_open(&o, &b->p, &e), 0);
	mock_usb_fail(b->mock, 2, MOCK_STALL_REPLY);
	assert_int_equal(stlink_open(&b->p.stlink, &e), ERR_USB);
	probe_close(&b->p);
	mock_usb_unplug(b->mock);

	snprintf(words, sizeof(words), "replay:%s", path);
	if (open_with(b, words, &e))
		fail_msg("%s", e.text);
	assert_int_equal(stlink_open(&b->p.stlink, &e), ERR_USB);
	assert_int_equal(e.native, -9);
	assert_int_equal(b->p.stlink.version.jtag, 37);
}

static void faults_can_be_asked_for(void **state)
{
	struct bench *b = *state;
	const struct probe_options o = { .clock = &clock_real,
					 .fault = "kind=refused,status=0x09,nth=1",
					 .no_trace = true };
	struct err e = { 0 };

	mock_usb_plug(b->mock, 0x3748, SERIAL);
	assert_int_equal(probe_open(&o, &b->p, &e), 0);
	assert_int_equal(stlink_open(&b->p.stlink, &e), 0);
	assert_int_equal(stlink_enter(&b->p.stlink, STLINK_LINK_SWD, &e), ERR_STATUS);
	assert_int_equal(e.native, 9);
}

static void a_probe_that_is_not_there_yet_is_waited_for(void **state)
{
	struct bench *b = *state;
	const struct probe_options o = { .clock = &clock_real, .wait_ms = 300 };
	uint64_t begin = clock_now_us(&clock_real);
	struct err e = { 0 };

	assert_int_equal(probe_open(&o, &b->p, &e), ERR_NO_PROBE);
	assert_in_range(clock_now_us(&clock_real) - begin, 250000, 5000000);
	mock_usb_plug(b->mock, 0x3748, SERIAL);
	assert_int_equal(probe_open(&o, &b->p, &e), 0);
}

static void *plug_after_a_while(void *user)
{
	clock_sleep_us(&clock_real, 300000);
	mock_usb_plug(user, 0x3748, SERIAL);
	return NULL;
}

static void a_probe_that_is_plugged_in_meanwhile_is_opened(void **state)
{
	struct bench *b = *state;
	const struct probe_options o = { .clock = &clock_real, .wait_ms = 20000 };
	struct err e = { 0 };
	pthread_t hand;
	int rc;

	assert_int_equal(pthread_create(&hand, NULL, plug_after_a_while, b->mock), 0);
	rc = probe_open(&o, &b->p, &e);
	pthread_join(hand, NULL);
	if (rc)
		fail_msg("%s", e.text);
	assert_int_equal(stlink_open(&b->p.stlink, &e), 0);
}

/* ---- several ---- */

struct user {
	struct probe p;
	uint32_t first; /* what it writes */
	int rc;
	struct err e;
};

static void *use(void *user)
{
	struct user *u = user;
	struct stlink *s = &u->p.stlink;

	u->rc = stlink_open(s, &u->e);
	if (!u->rc)
		u->rc = stlink_enter(s, STLINK_LINK_SWD, &u->e);
	if (!u->rc)
		u->rc = stlink_ap_open(s, 0, &u->e);
	for (uint32_t i = 0; !u->rc && i < 50; i++) {
		uint32_t word = u->first + i, back = 0;

		u->rc = stlink_mem_write(s, 0, 4, 0, 0x20000000, &word, 4, &u->e);
		if (!u->rc)
			u->rc = stlink_mem_read(s, 0, 4, 0, 0x20000000, &back, 4, &u->e);
		if (!u->rc && back != word)
			u->rc = err_set(&u->e, ERR_PROTOCOL, "%u came back as %u", word, back);
	}
	if (!u->rc)
		u->rc = stlink_close(s, &u->e);
	return NULL;
}

static void two_probes_of_one_process_do_not_know_of_each_other(void **state)
{
	struct bench *b = *state;
	struct mock_usb *second = mock_usb_beside(b->mock);
	struct user users[2] = { { .first = 1000 }, { .first = 2000 } };
	pthread_t threads[2];

	mock_usb_plug(b->mock, 0x3748, SERIAL);
	mock_usb_plug(second, 0x374b, "066BFF");
	for (unsigned i = 0; i < 2; i++) {
		const struct probe_options o = { .clock = &clock_real,
						 .words = i ? "usb:066bff" : "usb@1-2",
						 .why = "a test" };

		if (probe_open(&o, &users[i].p, &users[i].e))
			fail_msg("%s", users[i].e.text);
	}
	assert_string_not_equal(buf_str(&users[0].p.trace_path), buf_str(&users[1].p.trace_path));
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, use, &users[i]), 0);
	for (unsigned i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	for (unsigned i = 0; i < 2; i++) {
		if (users[i].rc)
			fail_msg("probe %u: %s", i, users[i].e.text);
	}

	/* One that leaves the bus takes nothing with it. */
	mock_usb_unplug(second);
	assert_int_equal(stlink_open(&users[1].p.stlink, NULL), ERR_GONE);
	assert_int_equal(stlink_open(&users[0].p.stlink, NULL), 0);
	for (unsigned i = 0; i < 2; i++)
		probe_close(&users[i].p);
	mock_usb_free(second);
}

static void without_permission_the_line_to_install_is_told(void **state)
{
	struct bench *b = *state;
	int status;
	pid_t pid;

	if (geteuid())
		skip();
	mock_usb_plug(b->mock, 0x3748, SERIAL);
	mock_usb_forbid(b->mock);
	chmod(b->folder, 0777);
	pid = fork();
	if (!pid) {
		struct err e = { 0 };
		bool right = !setuid(65534) && open_with(b, "usb", &e) == ERR_DENIED &&
			     strstr(e.text, "ATTR{idProduct}==\"3748\"");

		if (!right)
			fprintf(stderr, "# %s\n", e.text);
		_exit(!right);
	}
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

int main(int argc, char **argv)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(an_open_probe_is_locked),
		T(everything_is_written_into_the_ring),
		T(a_trace_is_replayed_in_place_of_the_probe),
		T(faults_can_be_asked_for),
		T(a_probe_that_is_not_there_yet_is_waited_for),
		T(a_probe_that_is_plugged_in_meanwhile_is_opened),
		T(two_probes_of_one_process_do_not_know_of_each_other),
		T(without_permission_the_line_to_install_is_told),
	};

	(void)argc;
	mock_usb_enter(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
