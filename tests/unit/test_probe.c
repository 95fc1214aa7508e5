/* Finding a probe, choosing it by words, opening it locked and with a trace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/probe.h"
#include "tests/usb/mock_usb.h"

#define SERIAL "57FF0102030405060708090A"
#define BINARY "\x57\xc3\xbf\x01\x02\x03\xc2\x89\xc2\x85\x57\x04\x05\x06\xc2\x87"

struct bench {
	struct mock_usb *mock;
	char folder[64]; /* locks, traces, a /proc of our own */
	struct probe p;
};

static int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->mock = mock_usb_new();
	b->p.lock.fd = -1;
	snprintf(b->folder, sizeof(b->folder), "/tmp/test-probe-XXXXXX");
	assert_non_null(mkdtemp(b->folder));
	setenv("SWDOCTOR_LOCK_DIR", b->folder, 1);
	setenv("XDG_STATE_HOME", b->folder, 1);
	*state = b;
	return 0;
}

static void remove_all(const char *folder)
{
	pid_t pid = fork();

	if (!pid) {
		execlp("rm", "rm", "-rf", folder, NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	probe_close(&b->p);
	mock_usb_free(b->mock);
	remove_all(b->folder);
	free(b);
	return 0;
}

static int open_with(struct bench *b, const char *words, struct err *e)
{
	const struct probe_options o = { .words = words, .clock = &clock_real, .why = "a test" };

	return probe_open(&o, &b->p, e);
}

/* ---- the list ---- */

static void the_list_tells_what_is_known_without_opening(void **state)
{
	struct bench *b = *state;
	struct usb_list list;
	char line[USB_UDEV_LINE_MAX];

	mock_usb_plug(b->mock, 0x3748, BINARY);
	mock_usb_add_dead(b->mock, "4", 7, 0x374e, SERIAL);
	mock_usb_add_dead(b->mock, "3", 6, 0x5740, "no probe");
	mock_usb_add_dead(b->mock, "1", 9, 0x374b, NULL);
	assert_int_equal(usb_list_read(&usb_roots_system, &list, NULL), 0);
	assert_int_equal(list.n, 3);

	assert_int_equal(list.entries[0].dev.pid, 0x374b);
	assert_int_equal(list.entries[0].serial.form, USB_SERIAL_ABSENT);

	assert_int_equal(list.entries[1].dev.address, 5);
	assert_string_equal(list.entries[1].serial.text, "57FF01020389855704050687");
	assert_int_equal(list.entries[1].serial.form, USB_SERIAL_BINARY);
	assert_string_equal(list.entries[1].node, "/dev/bus/usb/001/005");
	assert_false(list.entries[1].denied || list.entries[1].node_missing);
	assert_false(usb_entry_is_held(&list.entries[1]));

	assert_string_equal(list.entries[2].id->name, "STLINK-V3E");
	assert_int_equal(list.entries[2].dev.speed_kbps, 12000);
	usb_entry_udev_line(&list.entries[2], line);
	assert_string_equal(line, "SUBSYSTEM==\"usb\", ATTR{idVendor}==\"0483\", "
				  "ATTR{idProduct}==\"374e\", MODE=\"0660\", TAG+=\"uaccess\"");
	usb_list_done(&list);
	assert_int_equal(mock_usb_commands(b->mock), 0);
}

static void equal_serials_are_marked(void **state)
{
	struct bench *b = *state;
	struct usb_list list;

	mock_usb_add_dead(b->mock, "1", 7, 0x3748, SERIAL);
	mock_usb_add_dead(b->mock, "3", 8, 0x3748, SERIAL);
	mock_usb_add_dead(b->mock, "4", 9, 0x3748, NULL);
	mock_usb_add_dead(b->mock, "5", 10, 0x3748, NULL);
	assert_int_equal(usb_list_read(&usb_roots_system, &list, NULL), 0);
	assert_true(list.entries[0].serial_shared && list.entries[1].serial_shared);
	assert_false(list.entries[2].serial_shared || list.entries[3].serial_shared);
	usb_list_done(&list);
}

static void who_has_it_open_is_named(void **state)
{
	struct bench *b = *state;
	struct usb_roots roots = usb_roots_system;
	struct usb_list list;
	char path[200];
	FILE *comm;

	mock_usb_plug(b->mock, 0x3748, SERIAL);
	roots.proc = b->folder;
	snprintf(path, sizeof(path), "%s/4711", b->folder);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/4711/fd", b->folder);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/4711/fd/9", b->folder);
	assert_int_equal(symlink("/dev/bus/usb/001/005", path), 0);
	snprintf(path, sizeof(path), "%s/4711/comm", b->folder);
	comm = fopen(path, "w");
	fputs("openocd\n", comm);
	fclose(comm);
	assert_int_equal(usb_list_read(&roots, &list, NULL), 0);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.entries[0].holder, 4711);
	assert_string_equal(list.entries[0].holder_name, "openocd");
	assert_true(usb_entry_is_held(&list.entries[0]));
	usb_list_done(&list);
}

static void missing_permission_is_seen(void **state)
{
	struct bench *b = *state;
	int status;
	pid_t pid;

	if (geteuid())
		skip();
	mock_usb_plug(b->mock, 0x3748, SERIAL);
	mock_usb_forbid(b->mock);
	pid = fork();
	if (!pid) {
		struct usb_list list;
		bool right = !setuid(65534) && !usb_list_read(&usb_roots_system, &list, NULL) &&
			     list.n == 1 && list.entries[0].denied &&
			     !strcmp(list.entries[0].serial.text, SERIAL);

		_exit(!right);
	}
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

static void no_probe_is_an_empty_list(void **state)
{
	struct usb_list list;

	(void)state;
	assert_int_equal(usb_list_read(&usb_roots_system, &list, NULL), 0);
	assert_int_equal(list.n, 0);
	usb_list_done(&list);
}

/* ---- words ---- */

static void words_name_a_probe(void **state)
{
	static const char *const wrong[] = { "",       "usb:",	  "usb@", "usb@x",   "usb@1",
					     "stlink", "replay:", "sim:", "usb@1-2 " };
	struct probe_words w;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(probe_words_parse("usb@1-2.3", &w, &e), 0);
	assert_true(w.has_place);
	assert_int_equal(probe_words_parse("usb:abc", &w, &e), 0);
	assert_string_equal(w.serial, "abc");
	assert_int_equal(probe_words_parse("replay:x.pcapng", &w, &e), 0);
	assert_int_equal(w.kind, PROBE_REPLAY);
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (probe_words_parse(wrong[i], &w, &e) != ERR_USAGE)
			fail_msg("'%s' was taken for a probe", wrong[i]);
	}
}

static void the_only_probe_needs_no_name(void **state)
{
	struct bench *b = *state;
	struct err e = { 0 };

	assert_int_equal(open_with(b, "usb", &e), ERR_NO_PROBE);
	assert_string_equal(e.text, "no ST-LINK is plugged in");
	mock_usb_plug(b->mock, 0x3748, SERIAL);
	if (open_with(b, NULL, &e))
		fail_msg("%s", e.text);
	assert_int_equal(stlink_open(&b->p.stlink, &e), 0);
	assert_int_equal(b->p.stlink.version.jtag, 37);
}

static void of_several_one_must_be_chosen(void **state)
{
	struct bench *b = *state;
	struct err e = { 0 };

	mock_usb_plug(b->mock, 0x3748, BINARY);
	mock_usb_add_dead(b->mock, "4", 7, 0x374e, SERIAL);
	assert_int_equal(open_with(b, "usb", &e), ERR_USAGE);
	assert_string_equal(e.text,
			    "several probes are plugged in: choose one of usb@1-2, usb@1-4");
	if (open_with(b, "usb@1-2", &e))
		fail_msg("%s", e.text);
	probe_close(&b->p);
	if (open_with(b, "usb:57ff01020389855704050687", &e))
		fail_msg("%s", e.text);
	probe_close(&b->p);
	assert_int_equal(open_with(b, "usb:12345", &e), ERR_NO_PROBE);
	assert_int_equal(open_with(b, "usb@1-3", &e), ERR_NO_PROBE);
	assert_string_equal(e.text, "no ST-LINK is at USB place 1-3 (swdoctor list shows them)");
}

static void equal_serials_are_not_guessed_between(void **state)
{
	struct bench *b = *state;
	struct err e = { 0 };

	mock_usb_plug(b->mock, 0x3748, SERIAL);
	mock_usb_add_dead(b->mock, "4", 7, 0x3748, SERIAL);
	assert_int_equal(open_with(b, "usb:" SERIAL, &e), ERR_USAGE);
	assert_string_equal(e.text, "several probes have this serial number: choose one of "
				    "usb@1-2, usb@1-4");
}

static void a_bench_that_is_not_there_is_told(void **state)
{
	struct bench *b = *state;
	struct err e = { 0 };

	assert_int_equal(open_with(b, "sim:no-such-one", &e), ERR_NOT_FOUND);
}

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
		T(the_list_tells_what_is_known_without_opening),
		T(equal_serials_are_marked),
		T(who_has_it_open_is_named),
		T(missing_permission_is_seen),
		T(no_probe_is_an_empty_list),
		T(words_name_a_probe),
		T(the_only_probe_needs_no_name),
		T(of_several_one_must_be_chosen),
		T(equal_serials_are_not_guessed_between),
		T(a_bench_that_is_not_there_is_told),
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
