/*
 * Our reader of USB captures against Wireshark's, packet by packet: endpoint, direction, status,
 * time and payload, over link types, byte orders, formats and resolutions of which few real samples
 * exist.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/transport_trace.h"
#include "probe/usb_packet.h"
#include "tests/lib/capture_make.h"
#include "tests/lib/chat.h"

#define COLUMNS 6

/* Runs tshark on a file; its output, or "" if there is no tshark. */
static void run_tshark(const char *file, const char *const *fields, struct buf *out)
{
	const char *argv[32] = { "tshark", "-n", "-r", file, "-T", "fields" };
	char chunk[4096];
	int ends[2], status;
	size_t n = 6;
	ssize_t got;
	pid_t pid;

	for (; *fields; fields++) {
		argv[n++] = "-e";
		argv[n++] = *fields;
	}
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], 1);
		dup2(open("/dev/null", O_WRONLY), 2);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(ends[1]);
	while ((got = read(ends[0], chunk, sizeof(chunk))) > 0)
		buf_add(out, chunk, (size_t)got);
	close(ends[0]);
	waitpid(pid, &status, 0);
}

static const char *const linux_fields[] = { "frame.number",
					    "frame.time_epoch",
					    "usb.urb_type",
					    "usb.endpoint_address",
					    "usb.urb_status",
					    "usb.capdata",
					    NULL };
static const char *const windows_fields[] = { "frame.number",
					      "frame.time_epoch",
					      "usb.irp_info.direction",
					      "usb.endpoint_address",
					      "usb.usbd_status",
					      "usb.capdata",
					      NULL };
static const char *const darwin_fields[] = { "frame.number",
					     "frame.time_epoch",
					     "usb.darwin.request_type",
					     "usb.darwin.endpoint_address",
					     "usb.darwin.io_status",
					     "usb.capdata",
					     NULL };

static const char *const *fields_of(uint32_t link_type)
{
	return link_type == 249 ? windows_fields : link_type == 266 ? darwin_fields : linux_fields;
}

/* Splits one line of tshark's at tabs. */
static size_t split(char *line, char **columns)
{
	size_t n = 0;

	columns[n++] = line;
	for (; *line; line++) {
		if (*line != '\t')
			continue;
		*line = '\0';
		if (n < COLUMNS)
			columns[n++] = line + 1;
	}
	return n;
}

static void check_packet(const struct pcap_record *r, const struct usb_packet *u, char **columns)
{
	uint8_t bytes[4096];
	size_t len = capture_make_hex(columns[5], bytes, sizeof(bytes));
	bool complete =
		columns[2][0] == '\'' ? columns[2][1] == 'C' : strtol(columns[2], NULL, 0) == 1;
	char time[40];

	assert_int_equal(r->number, strtoul(columns[0], NULL, 10));
	snprintf(time, sizeof(time), "%llu.%09llu", (unsigned long long)(r->time_ns / 1000000000),
		 (unsigned long long)(r->time_ns % 1000000000));
	assert_string_equal(time, columns[1]);
	assert_int_equal(u->complete, complete);
	assert_int_equal(u->ep, strtoul(columns[3], NULL, 0));
	if (complete)
		assert_int_equal((uint32_t)u->native, (uint32_t)strtoll(columns[4], NULL, 0));
	if (u->transfer != USB_BULK)
		return;
	assert_int_equal(u->len, len);
	assert_memory_equal(u->at, bytes, len);
}

/* Returns how many packets were compared; 0: there is no tshark. */
static size_t compare(const char *file, uint32_t link_type)
{
	char *columns[COLUMNS], *line;
	struct pcap_record r;
	struct usb_packet u;
	struct pcap *p;
	struct buf out;
	size_t n = 0;
	int fd = open(file, O_RDONLY);

	buf_init(&out);
	run_tshark(file, fields_of(link_type), &out);
	line = out.at;
	assert_int_equal(pcap_new((struct pcap_source){ pcap_read_fd, &fd }, &p, NULL), 0);
	while (out.len && pcap_next(p, &r, NULL) > 0) {
		char *next = strchr(line, '\n');

		assert_non_null(next);
		*next = '\0';
		assert_int_equal(split(line, columns), COLUMNS);
		assert_int_equal(
			usb_packet_read(r.link_type, r.big_endian, r.at, r.len, r.wire_len, &u),
			USB_PACKET_OK);
		check_packet(&r, &u, columns);
		line = next + 1;
		n++;
	}
	if (out.len)
		assert_string_equal(line, ""); /* neither sees more than the other */
	pcap_free(p);
	close(fd);
	buf_done(&out);
	return n;
}

static void fill(struct capture_make *m)
{
	static const int statuses[] = { -ENOENT, -EPIPE, -EPROTO, -ESHUTDOWN, -EOVERFLOW };

	capture_make_descriptor(m, 0x0483, 0x3748);
	capture_make_in(m, "f1", "29 47 83 04 48 37");
	capture_make_out(m, "f2 08 00 00 00 20 05 00", "78 56 34 12 ff");
	capture_make_in(m, "f2 3e", "80 00 00 00 00 00 00 00 00 00 00 00");
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		capture_make_failing(m, "f2 36 f0 ed 00 e0", statuses[i]);
	capture_make_plain(m, "f2 21");
	m->ep_in = 0x83;
	capture_make_in(m, "f2 42", "aa");
	m->ep_in = 0x81;
	m->now_us += 86400ULL * 1000000; /* another day */
	capture_make_in(m, "f5", "01 00");
}

/* A file, or one more section of it. */
static void add_to(struct buf *file, uint32_t link_type, enum capture_form form, bool big, bool ns)
{
	struct capture_make m;

	capture_make_init(&m);
	m.link_type = link_type;
	m.form = form;
	m.big_endian = big;
	m.nanoseconds = ns;
	capture_make_begin(&m);
	fill(&m);
	buf_add(file, m.file.at, m.file.len);
	capture_make_done(&m);
}

static size_t compare_bytes(struct buf *bytes, uint32_t link_type)
{
	char file[] = "/tmp/test-tshark-XXXXXX";
	int fd = mkstemp(file);
	size_t n;

	assert_int_equal(write(fd, bytes->at, bytes->len), bytes->len);
	close(fd);
	n = compare(file, link_type);
	unlink(file);
	buf_done(bytes);
	return n;
}

static void synthetic(uint32_t link_type)
{
	struct buf file;
	size_t n = 0;

	buf_init(&file);
	for (int variant = 0; variant < 4; variant++)
		add_to(&file, link_type, FORM_PCAPNG, variant & 1, variant & 2);
	n += compare_bytes(&file, link_type);
	add_to(&file, link_type, FORM_PCAP, true, false);
	n += compare_bytes(&file, link_type);
	add_to(&file, link_type, FORM_PCAP, false, true);
	n += compare_bytes(&file, link_type);
	if (n == 0)
		skip();
	assert_int_equal(n, 6 * 44);
}

static void usbmon_of_48_bytes_reads_as_in_wireshark(void **state)
{
	(void)state;
	synthetic(189);
}

static void usbmon_of_64_bytes_reads_as_in_wireshark(void **state)
{
	(void)state;
	synthetic(220);
}

static void usbpcap_reads_as_in_wireshark(void **state)
{
	(void)state;
	synthetic(249);
}

static void darwin_reads_as_in_wireshark(void **state)
{
	(void)state;
	synthetic(266);
}

static void real_captures_read_as_in_wireshark(void **state)
{
	static const struct {
		const char *path;
		size_t packets;
	} files[] = { { "tests/captures/v2-plug-connect-swo.pcapng", 1558 },
		      { "tests/captures/v2-connect-again.pcapng", 151 },
		      { "tests/captures/v2-press-run.pcapng", 30 },
		      { "tests/captures/sim-st-info-probe.pcap", 88 } };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		size_t n = compare(files[i].path, 220);

		if (n == 0)
			skip();
		assert_int_equal(n, files[i].packets);
	}
}

/* ---- what we write ---- */

static void write_trace(const char *file)
{
	static const struct chat_line script[] = {
		{ .cmd = "f1", .in = "28 59 83 04 4b 37" },
		{ .cmd = "f2 30 a3", .in = "09 00" },
		{ .cmd = "f2 21" },
	};
	static const size_t wants[] = { 6, 2, 0 };
	struct chat chat;
	struct transport_trace_config cfg = { .fd = open(file, O_WRONLY | O_APPEND | O_TRUNC),
					      .application = "swdoctor test",
					      .probe = "ST-LINK/V2-1",
					      .vid = 0x0483,
					      .pid = 0x374b,
					      .bus = 1,
					      .device = 9 };
	struct transport *t;

	chat_init(&chat, script, 3);
	cfg.clock = &chat.clock.clock;
	assert_int_equal(transport_trace_new(&chat.t, &cfg, &t, NULL), 0);
	for (size_t i = 0; i < 3; i++) {
		uint8_t data[8];
		struct xact x = { .cmd_len = 16, .data = data, .want = wants[i] };

		x.dir = wants[i] ? XACT_IN : XACT_NONE;
		capture_make_hex(script[i].cmd, x.cmd, 16);
		transport_mark(t, "a mark, which Wireshark need not know");
		transport_xfer(t, &x, NULL);
	}
	transport_close(t);
}

static void our_traces_open_in_wireshark_with_their_comments(void **state)
{
	static const char *const fields[] = { "frame.number", "usb.bus_id",    "usb.device_address",
					      "usb.capdata",  "frame.comment", NULL };
	char file[] = "/tmp/test-tshark-XXXXXX";
	struct buf out;

	(void)state;
	close(mkstemp(file));
	write_trace(file);
	buf_init(&out);
	run_tshark(file, fields, &out);
	unlink(file);
	if (out.len == 0)
		skip();
	/* Marks count as packets. */
	assert_string_equal(buf_str(&out),
			    "1\t\t\t\t\n"
			    "2\t1\t9\tf1000000000000000000000000000000\tversion\n"
			    "3\t1\t9\t\t\n"
			    "4\t1\t9\t\t\n"
			    "5\t1\t9\t285983044b37\tV2J33M25 0483:374b\n"
			    "6\t\t\t\t\n"
			    "7\t1\t9\tf230a300000000000000000000000000\tenter debug mode SWD\n"
			    "8\t1\t9\t\t\n"
			    "9\t1\t9\t\t\n"
			    "10\t1\t9\t0900\tGET_IDCODE_ERROR (0x09)\n"
			    "11\t\t\t\t\n"
			    "12\t1\t9\tf2210000000000000000000000000000\tleave debug mode\n"
			    "13\t1\t9\t\t\n");
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usbmon_of_48_bytes_reads_as_in_wireshark),
		cmocka_unit_test(usbmon_of_64_bytes_reads_as_in_wireshark),
		cmocka_unit_test(usbpcap_reads_as_in_wireshark),
		cmocka_unit_test(darwin_reads_as_in_wireshark),
		cmocka_unit_test(real_captures_read_as_in_wireshark),
		cmocka_unit_test(our_traces_open_in_wireshark_with_their_comments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
