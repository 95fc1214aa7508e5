/* A capture that was made or read, and what it tells, a line a transaction. */
#ifndef SWDOCTOR_TESTS_CAPTURE_HEARD_H
#define SWDOCTOR_TESTS_CAPTURE_HEARD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "probe/capture.h"
#include "probe/stlink_cmd.h"
#include "tests/lib/capture_make.h"

/* What came out, a line a transaction: "GET_CURRENT_MODE in 2 ok [01 00]". */
struct heard {
	struct buf text;
	struct capture_stats stats;
	struct err e;
	int rc;
	uint64_t took_us, at_us, packet, last_packet;
	bool cut;
	size_t want;
	uint16_t pid;
};

static inline void hear(void *user, const struct capture_xact *x)
{
	struct heard *h = user;
	const struct stlink_cmd *row = stlink_cmd_find(x->x.cmd, x->x.cmd_len);
	static const char *const directions[] = { "none", "in", "out" };

	if (x->probe->index)
		buf_addf(&h->text, "probe %u: ", x->probe->index + 1);
	if (row)
		buf_add_str(&h->text, row->name);
	else if (x->x.cmd_len)
		buf_addf(&h->text, "%02x%02x", x->x.cmd[0], x->x.cmd[1]);
	else
		buf_addf(&h->text, "alone %02x", x->x.ep);
	buf_addf(&h->text, " %s %zu %s", directions[x->x.dir], x->x.got,
		 xact_outcome_name(x->x.outcome));
	if (x->x.native)
		buf_addf(&h->text, " %d", x->x.native);
	for (size_t i = 0; i < x->x.got && i < 8; i++)
		buf_addf(&h->text, i ? " %02x" : " [%02x", x->x.data[i]);
	buf_add_str(&h->text, x->x.got ? "]\n" : "\n");
	h->took_us = x->x.took_us;
	h->at_us = x->x.at_us;
	h->packet = x->packet;
	h->last_packet = x->last_packet;
	h->cut = x->x.cut;
	h->want = x->x.want;
	h->pid = x->probe->pid;
}

static inline void hear_source(struct heard *h, struct pcap_source from)
{
	const struct capture_sink sink = { .xact = hear, .user = h };
	struct pcap *p;

	memset(h, 0, sizeof(*h));
	buf_init(&h->text);
	h->rc = pcap_new(from, &p, &h->e);
	if (h->rc)
		return;
	h->rc = capture_read(p, &sink, &h->stats, &h->e);
	pcap_free(p);
}

static inline void hear_made(struct heard *h, const struct capture_make *m)
{
	struct pcap_bytes bytes;

	hear_source(h, capture_make_source(m, &bytes));
}

static inline void hear_file(struct heard *h, const char *path)
{
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	hear_source(h, (struct pcap_source){ pcap_read_fd, &fd });
	close(fd);
}

static inline void say_session(struct capture_make *m)
{
	capture_make_in(m, "f1", "29 47 83 04 48 37");
	capture_make_in(m, "f5", "01 00");
	capture_make_in(m, "f2 30 a3", "80 00");
	capture_make_out(m, "f2 08 00 00 00 20 04 00", "78 56 34 12");
	capture_make_in(m, "f2 3e", "80 00 00 00 00 00 00 00 00 00 00 00");
	capture_make_failing(m, "f2 36 f0 ed 00 e0", -ENOENT);
	capture_make_plain(m, "f2 21");
}

static const char session[] = "GET_VERSION in 6 ok [29 47 83 04 48 37]\n"
			      "GET_CURRENT_MODE in 2 ok [01 00]\n"
			      "ENTER in 2 ok [80 00]\n"
			      "WRITEMEM_32BIT out 4 ok [78 56 34 12]\n"
			      "GETLASTRWSTATUS2 in 12 ok [80 00 00 00 00 00 00 00]\n"
			      "READDEBUGREG in 0 timeout CODE\n"
			      "EXIT none 0 ok\n";

/* The session, as every form of capture must tell it; only the number of the time-out differs. */
static inline void check_session(const struct heard *h, const char *code)
{
	char want[sizeof(session) + 16];
	const char *at = strstr(session, "CODE");

	snprintf(want, sizeof(want), "%.*s%s%s", (int)(at - session), session, code, at + 4);
	assert_int_equal(h->rc, 0);
	assert_string_equal(buf_str(&h->text), want);
	assert_int_equal(h->stats.probes, 1);
	assert_int_equal(h->stats.xacts, 7);
	assert_false(h->stats.cut);
}

static inline void begin(struct capture_make *m)
{
	capture_make_init(m);
	capture_make_begin(m);
}

static inline void check(struct capture_make *m, const char *want)
{
	struct heard h;

	hear_made(&h, m);
	assert_int_equal(h.rc, 0);
	assert_string_equal(buf_str(&h.text), want);
	buf_done(&h.text);
	capture_make_done(m);
}

#endif
