/* Which probes are there, and the words that name one of them. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/usb/probe_bench.h"

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
	};

	(void)argc;
	mock_usb_enter(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
