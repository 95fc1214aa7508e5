/* Traces: written as they happen, read back exactly, whole to the last transaction when killed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/lib/trace_desk.h"

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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
