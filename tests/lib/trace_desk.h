/* A scripted probe whose chat is written into a trace, and what is read back from it. */
#ifndef SWDOCTOR_TESTS_TRACE_DESK_H
#define SWDOCTOR_TESTS_TRACE_DESK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/capture.h"
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

static inline int make_bench(void **state)
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

static inline int drop_bench(void **state)
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

static inline void watch(void *user, const struct xact *x, const struct stlink_said *said)
{
	struct bench *b = user;

	(void)x;
	buf_addf(&b->heard, "%s;", said->cmd ? said->cmd->name : "?");
}

static inline void watch_mark(void *user, const char *text)
{
	buf_addf(&((struct bench *)user)->heard, "<%s>", text);
}

static inline struct transport_trace_config config(struct bench *b)
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

static inline void begin(struct bench *b, const struct chat_line *script, unsigned n)
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

static inline int do_call(struct transport *t, const struct call *c, struct xact *x, uint8_t *data,
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

static inline void take(void *user, const struct capture_xact *x)
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

static inline void take_mark(void *user, uint64_t packet, uint64_t at_us, const char *text,
			     size_t len)
{
	struct back *b = user;
	size_t at = strlen(b->marks);

	(void)at_us;
	snprintf(b->marks + at, sizeof(b->marks) - at, "%llu:%.*s;", (unsigned long long)packet,
		 (int)len, text);
}

static inline void read_back(struct bench *b, struct back *back)
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

#endif
