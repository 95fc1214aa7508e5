/* Traces: written as they happen, read back exactly, replayed, kept in a ring. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/capture.h"
#include "probe/trace_ring.h"
#include "probe/transport_replay.h"
#include "probe/transport_trace.h"
#include "tests/lib/capture_make.h"
#include "tests/lib/chat.h"

#define FILE_NAME "trace.pcapng"

struct bench {
	char folder[64];
	char file[96];
	struct chat chat;
	struct transport *t;
	struct buf heard; /* what the watchers were told */
};

static int make_bench(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	strcpy(b->folder, "/tmp/test-trace-XXXXXX");
	if (!mkdtemp(b->folder))
		return -1;
	snprintf(b->file, sizeof(b->file), "%s/" FILE_NAME, b->folder);
	buf_init(&b->heard);
	*state = b;
	return 0;
}

static int drop_bench(void **state)
{
	struct bench *b = *state;
	DIR *d = opendir(b->folder);
	const struct dirent *entry;
	char path[400];

	while (d && (entry = readdir(d))) {
		snprintf(path, sizeof(path), "%s/%s", b->folder, entry->d_name);
		unlink(path);
	}
	closedir(d);
	rmdir(b->folder);
	buf_done(&b->heard);
	free(b);
	return 0;
}

static void watch(void *user, const struct xact *x, const struct stlink_said *said)
{
	struct bench *b = user;

	(void)x;
	buf_addf(&b->heard, "%s;", said->cmd ? said->cmd->name : "?");
}

static void watch_mark(void *user, const char *text)
{
	buf_addf(&((struct bench *)user)->heard, "<%s>", text);
}

static struct transport_trace_config config(struct bench *b)
{
	return (struct transport_trace_config){
		.fd = open(b->file, O_CREAT | O_WRONLY | O_TRUNC | O_APPEND, 0600),
		.asked_for = true,
		.clock = &b->chat.clock.clock,
		.application = "swdoctor test",
		.probe = "ST-LINK/V2-1 on usb 1-2",
		.vid = 0x0483,
		.pid = 0x374b,
		.bus = 1,
		.device = 9,
		.watch = watch,
		.watch_mark = watch_mark,
		.watch_user = b,
	};
}

static void begin(struct bench *b, const struct chat_line *script, unsigned n)
{
	struct transport_trace_config cfg;

	chat_init(&b->chat, script, n);
	cfg = config(b);
	assert_int_equal(transport_trace_new(&b->chat.t, &cfg, &b->t, NULL), 0);
}

struct call {
	const char *cmd;
	enum xact_dir dir;
	const char *data; /* OUT */
	size_t want;
	unsigned timeout_ms;
};

static int do_call(struct transport *t, const struct call *c, struct xact *x, uint8_t *data,
		   struct err *e)
{
	memset(x, 0, sizeof(*x));
	x->cmd_len = c->cmd ? 16 : 0;
	if (c->cmd)
		capture_make_hex(c->cmd, x->cmd, 16);
	x->dir = c->dir;
	x->data = data;
	x->want = c->data ? capture_make_hex(c->data, data, 64) : c->want;
	x->timeout_ms = c->timeout_ms;
	return transport_xfer(t, x, e);
}

static const struct chat_line script[] = {
	{ "f1", .in = "28 59 83 04 4b 37" },
	{ "f5", .in = "01 00" },
	{ "f2 08 00 00 00 20 04 00", .out = "78 56 34 12" },
	{ "f2 3e", .in = "11 00 00 00 00 00 00 20 00 00 00 00" },
	{ "f2 36 f0 ed 00 e0", .in = "80 00 00 00 03 00 03 00" },
	{ "f2 99", .in = "42 00" },
	{ "f2 31", .outcome = XACT_TIMEOUT, .native = -7 },
	{ .cmd = "f2 21" },
};
#define SCRIPT_LEN (sizeof(script) / sizeof(script[0]))

static const struct call calls[] = {
	{ "f1", XACT_IN, NULL, 6, 1000 },
	{ "f5", XACT_IN, NULL, 2, 1000 },
	{ "f2 08 00 00 00 20 04 00", XACT_OUT, "78 56 34 12", 0, 2000 },
	{ "f2 3e", XACT_IN, NULL, 12, 1000 },
	{ "f2 36 f0 ed 00 e0", XACT_IN, NULL, 8, 1000 },
	{ "f2 99", XACT_IN, NULL, 2, 1000 },
	{ "f2 31", XACT_IN, NULL, 12, 1000 },
	{ "f2 21", XACT_NONE, NULL, 0, 1000 },
};

/* ---- what is read back ---- */

struct back {
	size_t n;
	struct xact x[16];
	uint8_t data[16][64];
	char marks[200];
	struct capture_stats stats;
	uint16_t pid;
	int rc;
	struct err e;
};

static void take(void *user, const struct capture_xact *x)
{
	struct back *b = user;

	if (b->n == 16)
		return;
	b->x[b->n] = x->x;
	if (x->x.got)
		memcpy(b->data[b->n], x->x.data, x->x.got < 64 ? x->x.got : 64);
	b->pid = x->probe->pid;
	b->n++;
}

static void take_mark(void *user, uint64_t packet, uint64_t at_us, const char *text, size_t len)
{
	struct back *b = user;
	size_t at = strlen(b->marks);

	(void)at_us;
	snprintf(b->marks + at, sizeof(b->marks) - at, "%llu:%.*s;", (unsigned long long)packet,
		 (int)len, text);
}

static void read_back(struct bench *b, struct back *back)
{
	const struct capture_sink sink = { .xact = take, .mark = take_mark, .user = back };
	int fd = open(b->file, O_RDONLY);
	struct pcap *p;

	memset(back, 0, sizeof(*back));
	assert_int_equal(pcap_new((struct pcap_source){ pcap_read_fd, &fd }, &p, &back->e), 0);
	assert_string_equal(pcap_application(p), "");
	back->rc = capture_read(p, &sink, &back->stats, &back->e);
	assert_string_equal(pcap_application(p), "swdoctor test");
	assert_string_equal(pcap_interface_text(p, 0), "ST-LINK/V2-1 on usb 1-2 (0483:374b)");
	pcap_free(p);
	close(fd);
}

static void a_trace_reads_back_as_it_happened(void **state)
{
	struct bench *b = *state;
	struct xact said[SCRIPT_LEN];
	uint8_t data[SCRIPT_LEN][64];
	static struct back back;
	uint64_t offset;

	begin(b, script, SCRIPT_LEN);
	offset = clock_wall_us(&b->chat.clock.clock) - clock_now_us(&b->chat.clock.clock);
	for (size_t i = 0; i < SCRIPT_LEN; i++) {
		if (i == 2)
			transport_mark(b->t, "program 0x20000000");
		do_call(b->t, &calls[i], &said[i], data[i], NULL);
	}
	transport_mark(b->t, "the end");
	transport_close(b->t);
	read_back(b, &back);
	assert_int_equal(back.rc, 0);
	assert_int_equal(back.n, SCRIPT_LEN);
	assert_int_equal(back.pid, 0x374b);
	for (size_t i = 0; i < SCRIPT_LEN; i++) {
		const struct xact *was = &said[i], *is = &back.x[i];

		assert_int_equal(is->cmd_len, was->cmd_len);
		assert_memory_equal(is->cmd, was->cmd, was->cmd_len);
		assert_int_equal(is->dir, was->dir);
		assert_int_equal(is->want, was->want);
		assert_int_equal(is->got, was->got);
		assert_memory_equal(back.data[i], data[i], was->got);
		assert_int_equal(is->outcome, was->outcome);
		assert_int_equal(is->native, was->native);
		assert_int_equal(is->timeout_ms, was->timeout_ms);
		assert_int_equal(is->at_us, was->at_us + offset);
		assert_int_equal(is->took_us, was->took_us);
	}
	assert_string_equal(back.marks, "9:program 0x20000000;32:the end;");
}

static void watchers_are_told_what_it_meant(void **state)
{
	struct bench *b = *state;
	struct xact x;
	uint8_t data[64];

	begin(b, script, SCRIPT_LEN);
	for (size_t i = 0; i < SCRIPT_LEN; i++) {
		if (i == 1)
			transport_mark(b->t, "step");
		do_call(b->t, &calls[i], &x, data, NULL);
	}
	assert_string_equal(buf_str(&b->heard),
			    "GET_VERSION;<step>GET_CURRENT_MODE;WRITEMEM_32BIT;GETLASTRWSTATUS2;"
			    "READDEBUGREG;?;READ_IDCODES;EXIT;");
	assert_string_equal(b->chat.marks, "step\n");
	transport_close(b->t);
}

/* What our own reader is not asked about: the comments, as any reader finds them. */
static void comments_say_what_command_and_answer_meant(void **state)
{
	struct bench *b = *state;
	struct xact x;
	uint8_t data[64];
	struct pcap_record r;
	struct pcap *p;
	struct buf all;
	int fd;

	begin(b, script, SCRIPT_LEN);
	for (size_t i = 0; i < SCRIPT_LEN; i++)
		do_call(b->t, &calls[i], &x, data, NULL);
	transport_close(b->t);
	fd = open(b->file, O_RDONLY);
	buf_init(&all);
	assert_int_equal(pcap_new((struct pcap_source){ pcap_read_fd, &fd }, &p, NULL), 0);
	while (pcap_next(p, &r, NULL) > 0) {
		if (r.comment)
			buf_addf(&all, "%llu %.*s\n", (unsigned long long)r.number,
				 (int)r.comment_len, r.comment);
	}
	pcap_free(p);
	close(fd);
	assert_string_equal(
		buf_str(&all),
		"1 version\n4 V2J33M25 0483:374b\n"
		"5 mode\n8 mode mass-storage\n"
		"9 write memory by words 0x20000000, 4 bytes\n12 0x20000000 = 0x12345678\n"
		"13 status of the last access\n16 AP_FAULT (0x11) of #3; at 0x20000000\n"
		"17 read word DHCSR\n20 OK; DHCSR = 0x00030003 C_DEBUGEN C_HALT S_REGRDY S_HALT\n"
		"21 unknown command f2 99 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
		"25 read id codes\n28 timeout (-7)\n"
		"29 leave debug mode\n");
	buf_done(&all);
}

static void a_full_disk_ends_a_session_whose_trace_was_asked_for(void **state)
{
	struct bench *b = *state;
	struct transport_trace_config cfg;
	struct err e = { 0 };
	struct xact x;
	uint8_t data[64];

	chat_init(&b->chat, script, SCRIPT_LEN);
	cfg = config(b);
	close(cfg.fd);
	cfg.fd = open("/dev/full", O_WRONLY);
	assert_int_equal(transport_trace_new(&b->chat.t, &cfg, &b->t, &e), ERR_IO);
	assert_int_equal(e.native, 28);
	close(cfg.fd);
	/* Full only later: the transaction that happened is reported, the next is not issued. */
	cfg.fd = open(b->file, O_WRONLY | O_APPEND);
	assert_int_equal(transport_trace_new(&b->chat.t, &cfg, &b->t, &e), 0);
	dup2(open("/dev/full", O_WRONLY), cfg.fd);
	assert_int_equal(do_call(b->t, &calls[0], &x, data, &e), 0);
	assert_int_equal(do_call(b->t, &calls[1], &x, data, &e), ERR_IO);
	assert_string_equal(e.text, "writing the trace: No space left on device");
	assert_int_equal(x.outcome, XACT_UNKNOWN);
	assert_int_equal(b->chat.at, 1);
	transport_close(b->t);
}

static void a_trace_that_nobody_asked_for_just_ends(void **state)
{
	struct bench *b = *state;
	struct transport_trace_config cfg;
	struct xact x;
	uint8_t data[64];
	static struct back back;

	chat_init(&b->chat, script, SCRIPT_LEN);
	cfg = config(b);
	cfg.asked_for = false;
	cfg.max_bytes = 3000;
	assert_int_equal(transport_trace_new(&b->chat.t, &cfg, &b->t, NULL), 0);
	for (size_t i = 0; i < SCRIPT_LEN; i++)
		do_call(b->t, &calls[i], &x, data, NULL);
	chat_done(&b->chat);
	transport_close(b->t);
	read_back(b, &back);
	assert_true(back.n > 1 && back.n < SCRIPT_LEN);
	assert_non_null(strstr(back.marks, "the trace ends here: its size limit is reached"));
}

/* ---- killed at any moment ---- */

/* A transport that answers at once and counts in shared memory what it answered. */
struct counting {
	struct transport t;
	volatile uint64_t *done;
	struct fake_clock *clock;
};

static int counting_xfer(struct transport *t, struct xact *x, struct err *e)
{
	struct counting *c = (struct counting *)t;

	(void)e;
	x->outcome = XACT_OK;
	x->got = x->want;
	memset(x->data, 0, x->want);
	x->data[0] = 0x80;
	x->at_us = c->clock->now_us += 350;
	x->took_us = 300;
	++*c->done;
	return 0;
}

static void counting_close(struct transport *t)
{
	(void)t;
}

static const struct transport_ops counting_ops = { "counting", counting_xfer, NULL, NULL,
						   counting_close };

static void write_until_killed(struct bench *b, volatile uint64_t *done)
{
	struct counting c = { .t = { &counting_ops }, .done = done };
	struct transport_trace_config cfg;
	uint8_t data[64];
	struct xact x;

	fake_clock_init(&b->chat.clock);
	c.clock = &b->chat.clock;
	cfg = config(b);
	cfg.watch = NULL;
	cfg.watch_mark = NULL;
	if (transport_trace_new(&c.t, &cfg, &b->t, NULL))
		_exit(1);
	for (;;) {
		if (*done % 5 == 0)
			transport_mark(b->t, "a mark");
		do_call(b->t, &calls[4], &x, data, NULL);
	}
}

static uint64_t count_back(struct bench *b)
{
	const struct capture_sink sink = { .xact = take, .user = NULL };
	static struct back back;
	struct capture_sink counting = sink;
	int fd = open(b->file, O_RDONLY);
	struct pcap *p;

	if (fd < 0)
		return 0;
	memset(&back, 0, sizeof(back));
	counting.user = &back;
	if (pcap_new((struct pcap_source){ pcap_read_fd, &fd }, &p, &back.e)) {
		close(fd);
		return 0; /* killed before the file began */
	}
	back.rc = capture_read(p, &counting, &back.stats, &back.e);
	if (back.rc)
		fail_msg("a killed writer left what cannot be read: %s", back.e.text);
	pcap_free(p);
	close(fd);
	return back.stats.xacts;
}

static void sigkill_at_any_moment_loses_at_most_the_one_in_flight(void **state)
{
	struct bench *b = *state;
	volatile uint64_t *done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned seed = 12345;
	int status;

	for (int round = 0; round < 40; round++) {
		pid_t pid;
		uint64_t kept;

		*done = 0;
		unlink(b->file);
		pid = fork();
		if (pid == 0)
			write_until_killed(b, done);
		seed = seed * 1103515245 + 12345;
		usleep(500 + (seed >> 16) % 20000);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		assert_true(WIFSIGNALED(status));
		kept = count_back(b);
		if (kept > *done || *done - kept > 1)
			fail_msg("round %d: %llu done, %llu in the file", round,
				 (unsigned long long)*done, (unsigned long long)kept);
	}
	munmap((void *)done, sizeof(*done));
}

/* ---- replay ---- */

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

/* ---- the ring ---- */

static size_t count_files(const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *entry;
	size_t n = 0;

	while ((entry = readdir(d)))
		n += entry->d_name[0] != '.';
	closedir(d);
	return n;
}

static void the_ring_keeps_the_last_traces_within_its_limits(void **state)
{
	struct bench *b = *state;
	struct trace_ring ring = { .folder = b->folder, .max_files = 3, .max_bytes = 1000 };
	struct fake_clock clock;
	struct buf path, first;
	struct stat st;
	int fd, first_fd;

	fake_clock_init(&clock);
	buf_init(&path);
	buf_init(&first);
	assert_int_equal(
		trace_ring_begin(&ring, TRACE_RING_TRACE, &clock.clock, &first_fd, &first, NULL),
		0);
	assert_int_equal(fstat(first_fd, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	for (int i = 0; i < 6; i++) {
		clock.now_us += 1000000;
		buf_clear(&path);
		assert_int_equal(
			trace_ring_begin(&ring, TRACE_RING_TRACE, &clock.clock, &fd, &path, NULL),
			0);
		assert_true(count_files(b->folder) <= 3);
		close(fd);
	}
	/* The first one is still written to, so it stays although it is the oldest. */
	assert_int_equal(access(first.at, F_OK), 0);
	close(first_fd);
	clock.now_us += 1000000;
	buf_clear(&path);
	assert_int_equal(trace_ring_begin(&ring, TRACE_RING_TRACE, &clock.clock, &fd, &path, NULL),
			 0);
	assert_int_not_equal(access(first.at, F_OK), 0);
	assert_int_equal(ftruncate(fd, 5000), 0);
	close(fd);
	buf_clear(&first);
	clock.now_us += 1000000;
	assert_int_equal(trace_ring_begin(&ring, TRACE_RING_TRACE, &clock.clock, &fd, &first, NULL),
			 0);
	assert_int_not_equal(access(path.at, F_OK), 0); /* too large for the ring */
	close(fd);
	buf_done(&path);
	buf_done(&first);
}

static void strangers_files_in_the_ring_are_left_alone(void **state)
{
	struct bench *b = *state;
	struct trace_ring ring = { .folder = b->folder, .max_files = 1, .max_bytes = 1 };
	struct fake_clock clock;
	struct buf path;
	char name[128];
	int fd;

	fake_clock_init(&clock);
	snprintf(name, sizeof(name), "%s/notes.txt", b->folder);
	close(open(name, O_CREAT | O_WRONLY, 0600));
	buf_init(&path);
	assert_int_equal(trace_ring_begin(&ring, TRACE_RING_TRACE, &clock.clock, &fd, &path, NULL),
			 0);
	close(fd);
	assert_int_equal(access(name, F_OK), 0);
	buf_done(&path);
}

static void the_folder_follows_xdg(void **state)
{
	struct buf path;

	(void)state;
	buf_init(&path);
	setenv("XDG_STATE_HOME", "/state", 1);
	assert_int_equal(trace_ring_folder(&path, NULL), 0);
	assert_string_equal(buf_str(&path), "/state/swdoctor/traces");
	buf_clear(&path);
	setenv("XDG_STATE_HOME", "relative", 1);
	setenv("HOME", "/home/somebody", 1);
	assert_int_equal(trace_ring_folder(&path, NULL), 0);
	assert_string_equal(buf_str(&path), "/home/somebody/.local/state/swdoctor/traces");
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	assert_int_equal(trace_ring_folder(&path, NULL), ERR_NOT_FOUND);
	buf_done(&path);
}

#define BENCH(name) cmocka_unit_test_setup_teardown(name, make_bench, drop_bench)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH(a_trace_reads_back_as_it_happened),
		BENCH(watchers_are_told_what_it_meant),
		BENCH(comments_say_what_command_and_answer_meant),
		BENCH(a_full_disk_ends_a_session_whose_trace_was_asked_for),
		BENCH(a_trace_that_nobody_asked_for_just_ends),
		BENCH(sigkill_at_any_moment_loses_at_most_the_one_in_flight),
		BENCH(a_replay_answers_as_the_recording_has_it),
		BENCH(a_replay_says_where_the_session_leaves_it),
		BENCH(a_probe_that_is_not_in_the_recording_is_not_found),
		cmocka_unit_test(a_capture_of_another_tool_can_be_replayed),
		BENCH(the_ring_keeps_the_last_traces_within_its_limits),
		BENCH(strangers_files_in_the_ring_are_left_alone),
		cmocka_unit_test(the_folder_follows_xdg),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
