/*
 * The transport through the real libusb: transactions, every way in which they fail, and the way
 * back. The kernel's part is played by umockdev (tests/usb/mock_usb.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <libusb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/transport_usb.h"
#include "tests/usb/mock_usb.h"

/* Where no time-out is meant to happen, on a machine however busy. */
#define PATIENCE_MS 10000

#define SERIAL "57FF0102030405060708090A"

struct bench {
	struct mock_usb *mock;
	struct transport *t;
	char notes[1000];
};

static const struct usb_place place = { .bus = 1, .n_ports = 1, .ports = { 2 } };

static void keep_note(void *user, const char *text)
{
	struct bench *b = user;

	strncat(b->notes, text, sizeof(b->notes) - strlen(b->notes) - 1);
	strncat(b->notes, "\n", sizeof(b->notes) - strlen(b->notes) - 1);
}

static int open_probe(struct bench *b, struct err *e)
{
	struct transport_usb_config cfg = {
		.clock = &clock_real, .reopen_ms = 400, .note = keep_note, .note_user = b
	};

	return transport_usb_open(&place, &cfg, &b->t, e);
}

static int plug(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->mock = mock_usb_new();
	mock_usb_plug(b->mock, 0x3748, SERIAL);
	*state = b;
	return 0;
}

static int plug_and_open(void **state)
{
	struct err e = { 0 };

	plug(state);
	if (open_probe(*state, &e))
		fail_msg("%s", e.text);
	return 0;
}

static int clean_up(void **state)
{
	struct bench *b = *state;

	transport_close(b->t);
	mock_usb_free(b->mock);
	free(b);
	return 0;
}

static uint8_t reply[64];

static struct xact ask(uint8_t a, uint8_t b, size_t want)
{
	memset(reply, 0xee, sizeof(reply));
	return (struct xact){ .cmd = { a, b },
			      .cmd_len = 2,
			      .dir = XACT_IN,
			      .data = reply,
			      .want = want,
			      .timeout_ms = PATIENCE_MS };
}

/* The version is answered right: the pipes are in order. */
static void works(struct bench *b)
{
	struct xact x = ask(0xf1, 0, 6);
	struct err e = { 0 };

	if (transport_xfer(b->t, &x, &e))
		fail_msg("%s", e.text);
	assert_memory_equal(reply, "\x29\x47\x83\x04\x48\x37", 6);
}

static void a_command_and_its_reply(void **state)
{
	struct bench *b = *state;
	struct xact x = ask(0xf2, 0x31, 12);
	struct err e = { 0 };

	assert_int_equal(transport_xfer(b->t, &x, &e), 0);
	assert_int_equal(x.outcome, XACT_OK);
	assert_int_equal(x.got, 12);
	assert_int_equal(x.native, 0);
	assert_true(x.at_us + x.took_us <= clock_now_us(&clock_real));
	assert_in_range(x.took_us, 1, 1000000);
	assert_memory_equal(reply, "\x80\0\0\0\x77\x14\xa0\x2b", 8);
}

static void a_command_without_a_reply(void **state)
{
	struct bench *b = *state;
	struct xact x = { .cmd = { 0xf2, 0x21 }, .cmd_len = 2, .dir = XACT_NONE };

	assert_int_equal(transport_xfer(b->t, &x, NULL), 0);
	works(b);
}

static void data_goes_out_and_comes_back(void **state)
{
	struct bench *b = *state;
	static uint8_t out[6144], in[6144];
	struct xact write = { .cmd = { 0xf2, 0x08, 0, 0x01, 0, 0x20, 0, 0x18 },
			      .cmd_len = 16,
			      .dir = XACT_OUT,
			      .data = out,
			      .want = sizeof(out) };
	struct xact read = write;

	for (unsigned i = 0; i < sizeof(out); i++)
		out[i] = (uint8_t)(i * 7 + (i >> 8));
	read.cmd[1] = 0x07;
	read.dir = XACT_IN;
	read.data = in;
	assert_int_equal(transport_xfer(b->t, &write, NULL), 0);
	assert_int_equal(write.got, sizeof(out));
	assert_int_equal(transport_xfer(b->t, &read, NULL), 0);
	assert_memory_equal(in, out, sizeof(out));
}

/* Every fault: the outcome, libusb's number, what is said, and that the next transaction works. */
static void every_failure_keeps_its_number_and_the_next_transaction_works(void **state)
{
	static const struct {
		enum mock_fault fault;
		enum xact_outcome outcome;
		int code, native;
		const char *says, *note;
	} cases[] = {
		{ MOCK_STALL_COMMAND, XACT_STALL, ERR_USB, LIBUSB_ERROR_PIPE,
		  "the probe stalled endpoint 0x02 (LIBUSB_ERROR_PIPE)",
		  "cleared the halt of endpoint 0x02: done\n" },
		{ MOCK_STALL_REPLY, XACT_STALL, ERR_USB, LIBUSB_ERROR_PIPE,
		  "the probe stalled endpoint 0x81 (LIBUSB_ERROR_PIPE)",
		  "cleared the halt of endpoint 0x81: done\n" },
		{ MOCK_SILENT, XACT_TIMEOUT, ERR_TIMEOUT, LIBUSB_ERROR_TIMEOUT,
		  "no answer within 100 ms (LIBUSB_ERROR_TIMEOUT, endpoint 0x81, 0 of 12 bytes)",
		  "" },
		{ MOCK_DEAF, XACT_TIMEOUT, ERR_TIMEOUT, LIBUSB_ERROR_TIMEOUT,
		  "no answer within 100 ms (LIBUSB_ERROR_TIMEOUT, endpoint 0x02, 0 of 12 bytes)",
		  "" },
		{ MOCK_LATE, XACT_TIMEOUT, ERR_TIMEOUT, LIBUSB_ERROR_TIMEOUT,
		  "no answer within 100 ms (LIBUSB_ERROR_TIMEOUT, endpoint 0x81, 0 of 12 bytes)",
		  "dropped a late reply of 12 bytes\n" },
		{ MOCK_SHORT, XACT_SHORT, ERR_USB, 0, "6 of 12 bytes came", "" },
		{ MOCK_BABBLE, XACT_USB_ERROR, ERR_USB, LIBUSB_ERROR_OVERFLOW,
		  "transfer failed (LIBUSB_ERROR_OVERFLOW, endpoint 0x81)",
		  "cleared the halt of endpoint 0x81: done\n" },
		{ MOCK_LINE_ERROR, XACT_USB_ERROR, ERR_USB, LIBUSB_ERROR_IO,
		  "transfer failed (LIBUSB_ERROR_IO, endpoint 0x81)",
		  "cleared the halt of endpoint 0x81: done\n" },
	};
	struct bench *b = *state;

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct xact x = ask(0xf2, 0x31, 12);
		struct err e = { 0 };

		b->notes[0] = '\0';
		if (cases[i].outcome == XACT_TIMEOUT)
			x.timeout_ms = 100;
		mock_usb_fail(b->mock, 1, cases[i].fault);
		assert_int_equal(transport_xfer(b->t, &x, &e), cases[i].code);
		assert_int_equal(x.outcome, cases[i].outcome);
		assert_int_equal(x.native, cases[i].native);
		assert_int_equal(e.native, cases[i].native);
		assert_string_equal(e.text, cases[i].says);
		works(b);
		assert_string_equal(b->notes, cases[i].note);
	}
}

static void data_of_a_command_that_was_not_taken_never_becomes_a_command(void **state)
{
	struct bench *b = *state;
	uint8_t data[64] = { 0xf3, 0x01 }; /* would start a firmware update */
	struct xact x = { .cmd = { 0xf2, 0x08, 0, 0, 0, 0x20, 64 },
			  .cmd_len = 16,
			  .dir = XACT_OUT,
			  .data = data,
			  .want = sizeof(data),
			  .timeout_ms = 100 };

	mock_usb_fail(b->mock, 1, MOCK_DEAF);
	assert_int_equal(transport_xfer(b->t, &x, NULL), ERR_TIMEOUT);
	assert_int_equal(x.got, 0);
	works(b);
	x.timeout_ms = PATIENCE_MS;
	mock_usb_fail(b->mock, 1, MOCK_STALL_COMMAND);
	assert_int_equal(transport_xfer(b->t, &x, NULL), ERR_USB);
	works(b);
	assert_int_equal(mock_usb_strays(b->mock), 0);
}

static void a_probe_that_leaves_says_so_from_then_on(void **state)
{
	struct bench *b = *state;
	struct xact x = ask(0xf1, 0, 6);
	struct err e = { 0 };

	mock_usb_fail(b->mock, 1, MOCK_GONE);
	assert_int_equal(transport_xfer(b->t, &x, &e), ERR_GONE);
	assert_int_equal(x.outcome, XACT_GONE);
	assert_int_equal(x.native, LIBUSB_ERROR_NO_DEVICE);
	assert_int_equal(transport_xfer(b->t, &x, &e), ERR_GONE);
	assert_string_equal(e.text, "the probe left the bus (LIBUSB_ERROR_NO_DEVICE)");
}

static void a_probe_that_was_plugged_in_again_is_opened_again(void **state)
{
	struct bench *b = *state;
	struct err e = { 0 };

	works(b);
	mock_usb_unplug(b->mock);
	assert_int_equal(
		transport_xfer(b->t, &(struct xact){ .cmd = { 0xf5 }, .cmd_len = 1 }, NULL),
		ERR_GONE);
	assert_int_equal(transport_reopen(b->t, &e), ERR_NO_PROBE);
	assert_string_equal(e.text, "no device of ST is at USB place 1-2");
	mock_usb_plug(b->mock, 0x3748, SERIAL);
	if (transport_reopen(b->t, &e))
		fail_msg("%s", e.text);
	works(b);
}

static void reopening_resets_a_probe_that_is_there(void **state)
{
	struct bench *b = *state;
	struct err e = { 0 };

	assert_int_equal(transport_reopen(b->t, &e), 0);
	assert_int_equal(mock_usb_resets(b->mock), 1);
	assert_string_equal(b->notes, "reset the probe: done\nopened the probe again\n");
	works(b);
}

static void a_transfer_that_the_system_keeps_stops_the_transport_until_it_is_reopened(void **state)
{
	struct bench *b = *state;
	struct xact x = ask(0xf1, 0, 6);
	struct err e = { 0 };

	x.timeout_ms = 100;
	mock_usb_fail(b->mock, 1, MOCK_WEDGED);
	assert_int_equal(transport_xfer(b->t, &x, &e), ERR_TIMEOUT);
	assert_int_equal(transport_xfer(b->t, &x, &e), ERR_USB);
	assert_int_equal(e.native, LIBUSB_ERROR_BUSY);
}

static void a_claimed_probe_is_busy(void **state)
{
	struct bench *b = *state;
	struct err e = { 0 };

	mock_usb_claimed_elsewhere(b->mock, true);
	assert_int_equal(open_probe(b, &e), ERR_BUSY);
	assert_int_equal(e.native, LIBUSB_ERROR_BUSY);
	assert_null(b->t);
	mock_usb_claimed_elsewhere(b->mock, false);
	assert_int_equal(open_probe(b, &e), 0);
	works(b);
}

/* Root may do anything, so somebody else tries. */
static void without_permission_the_node_is_named(void **state)
{
	struct bench *b = *state;
	struct err e = { 0 };
	int status;
	pid_t pid;

	if (geteuid())
		skip();
	mock_usb_forbid(b->mock);
	pid = fork();
	if (!pid) {
		bool right = !setuid(65534) && open_probe(b, &e) == ERR_DENIED &&
			     e.native == LIBUSB_ERROR_ACCESS &&
			     !strcmp(e.text, "opening /dev/bus/usb/001/005 (0483:3748): "
					     "LIBUSB_ERROR_ACCESS");

		if (!right)
			fprintf(stderr, "# %d: %s\n", e.code, e.text);
		_exit(!right);
	}
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

static void what_is_no_usable_probe_is_refused_with_the_reason(void **state)
{
	static const struct {
		uint16_t pid;
		const char *says;
	} cases[] = {
		{ 0x3744, "the ST-LINK/V1 at 1-2 wraps its commands in SCSI blocks, which is not "
			  "supported" },
		{ 0x5740, "0483:5740 at 1-2 is no ST-LINK (STM32 virtual serial port)" },
		{ 0x1234, "0483:1234 at 1-2 is no ST-LINK (not known)" },
	};
	struct bench *b = *state;
	struct err e = { 0 };

	for (unsigned i = 0; i < 3; i++) {
		mock_usb_unplug(b->mock);
		mock_usb_plug(b->mock, cases[i].pid, SERIAL);
		assert_int_equal(open_probe(b, &e), ERR_UNFIT);
		assert_string_equal(e.text, cases[i].says);
	}
}

static void the_endpoints_follow_the_product_id(void **state)
{
	struct bench *b = *state;
	struct err e = { 0 };

	mock_usb_unplug(b->mock);
	mock_usb_plug(b->mock, 0x374b, SERIAL);
	if (open_probe(b, &e))
		fail_msg("%s", e.text);
	works(b);
}

static void count_device(void *user, const struct usb_device *d)
{
	unsigned *n = user;

	assert_int_equal(d->vid, 0x0483);
	assert_int_equal(d->pid, 0x3748);
	assert_true(usb_place_equal(&d->place, &place));
	assert_int_equal(d->address, 5);
	assert_int_equal(d->speed_kbps, 12000);
	assert_true(d->has_serial);
	++*n;
}

static void a_scan_opens_nothing(void **state)
{
	struct bench *b = *state;
	unsigned n = 0;

	/* Whoever opened the node would fail. */
	assert_int_equal(unlink(mock_usb_node(b->mock)), 0);
	assert_int_equal(transport_usb_scan(count_device, &n, NULL), 0);
	assert_int_equal(n, 1);
}

static void a_deadline_of_the_run_cuts_a_transfer_short(void **state)
{
	struct bench *b = *state;
	struct xact x = ask(0xf1, 0, 6);
	struct deadline run;
	struct transport_usb_config cfg = { .clock = &clock_real, .run = &run };
	uint64_t begin;

	deadline_init(&run, &clock_real, NULL, "the run", 300);
	assert_int_equal(transport_usb_open(&place, &cfg, &b->t, NULL), 0);
	mock_usb_fail(b->mock, 1, MOCK_SILENT);
	begin = clock_now_us(&clock_real);
	assert_int_equal(transport_xfer(b->t, &x, NULL), ERR_TIMEOUT);
	assert_in_range(clock_now_us(&clock_real) - begin, 0, 5000000);
}

int main(int argc, char **argv)
{
#define T(name)	     cmocka_unit_test_setup_teardown(name, plug_and_open, clean_up)
#define CLOSED(name) cmocka_unit_test_setup_teardown(name, plug, clean_up)
	const struct CMUnitTest tests[] = {
		T(a_command_and_its_reply),
		T(a_command_without_a_reply),
		T(data_goes_out_and_comes_back),
		T(every_failure_keeps_its_number_and_the_next_transaction_works),
		T(data_of_a_command_that_was_not_taken_never_becomes_a_command),
		T(a_probe_that_leaves_says_so_from_then_on),
		T(a_probe_that_was_plugged_in_again_is_opened_again),
		T(reopening_resets_a_probe_that_is_there),
		T(a_transfer_that_the_system_keeps_stops_the_transport_until_it_is_reopened),
		CLOSED(a_claimed_probe_is_busy),
		CLOSED(without_permission_the_node_is_named),
		CLOSED(what_is_no_usable_probe_is_refused_with_the_reason),
		CLOSED(the_endpoints_follow_the_product_id),
		CLOSED(a_scan_opens_nothing),
		CLOSED(a_deadline_of_the_run_cuts_a_transfer_short),
	};

	(void)argc;
	mock_usb_enter(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
