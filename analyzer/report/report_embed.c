/* Transactions fed to the recorder again, their secrets out: see report_embed.h. */
#include "analyzer/report/report_embed.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "analyzer/base/version.h"
#include "analyzer/report/redact.h"
#include "probe/capture.h"
#include "probe/transport_trace.h"

#define PERIPHERALS 0x40000000U /* of a Cortex-M: memory lies below */
#define VALUE_AT    6		/* of a command that carries the value it writes */

/* A transport that gives back the transaction that lies ready. */
struct feeder {
	struct transport t;
	const struct xact *ready;
	uint64_t now_us;
};

struct embedding {
	struct feeder feeder;
	struct transport *trace; /* NULL until the probe is known */
	struct clock clock;
	struct stlink_decoder decoder;
	struct buf payload;
	struct redact *redact;
	struct buf marks; /* each with its 0, until the probe is known */
	unsigned probe;
	int fd;
	struct err *e;
	int rc;
};

static int give(struct transport *t, struct xact *x, struct err *e)
{
	const struct feeder *f = (const struct feeder *)t;

	(void)e;
	*x = *f->ready;
	return 0;
}

static void leave(struct transport *t)
{
	(void)t; /* part of struct embedding */
}

static const struct transport_ops feeder_ops = { .name = "feeder", .xfer = give, .close = leave };

static uint64_t feeder_now(void *user)
{
	return ((const struct feeder *)user)->now_us;
}

static void feeder_sleep(void *user, uint64_t us)
{
	(void)user;
	(void)us;
}

static const struct clock_ops feeder_clock = { feeder_now, feeder_now, feeder_sleep };

/* Reads or writes what somebody put into memory. */
static bool is_secret(const struct stlink_said *said, const struct xact *x)
{
	if (!said->cmd || !x->cmd_len)
		return x->got > 0; /* SWO, or nobody knows */
	if (said->memory.there)
		return said->memory.address < PERIPHERALS || said->memory.len > 4;
	for (unsigned i = 0; i < said->n_access; i++) {
		const struct stlink_access *a = &said->access[i];

		if ((a->space == CORESIGHT_MEMORY && a->address < PERIPHERALS) ||
		    a->space == CORESIGHT_CORE ||
		    (a->space == CORESIGHT_AP && (a->address & 0xff) >= 0x0c &&
		     (a->address & 0xff) < 0x20))
			return true;
	}
	return said->more_access > 0;
}

/* The status at the head of a reply stays. */
static void hide(const struct stlink_said *said, struct xact *x)
{
	size_t keep =
		x->dir == XACT_IN && said->has_status && !said->status_of && x->got > 4 ? 4 : 0;

	if (x->got > keep)
		memset(x->data + keep, 0, x->got - keep);
	for (unsigned i = 0; i < said->n_access; i++)
		if (said->access[i].write && x->cmd_len > VALUE_AT)
			memset(x->cmd + VALUE_AT, 0, x->cmd_len - VALUE_AT);
}

static int begin(struct embedding *m, const struct capture_xact *x)
{
	const struct transport_trace_config cfg = {
		.fd = dup(m->fd),
		.asked_for = true,
		.clock = &m->clock,
		.application = "swdoctor " SWDOCTOR_VERSION,
		.probe = x->probe->id ? x->probe->id->name : "",
		.vid = x->probe->vid,
		.pid = x->probe->pid,
		.bus = x->probe->bus,
		.device = (uint8_t)x->probe->device,
	};
	int rc = transport_trace_new(&m->feeder.t, &cfg, &m->trace, m->e);

	if (rc)
		close(cfg.fd);
	return rc;
}

/* Those that come before the first transaction wait for it. */
static void pass_marks(struct embedding *m)
{
	for (size_t i = 0; i < m->marks.len; i += strlen(m->marks.at + i) + 1)
		transport_mark(m->trace, m->marks.at + i);
	buf_clear(&m->marks);
}

static void on_mark(void *user, uint64_t packet, uint64_t at_us, const char *text, size_t len)
{
	struct embedding *m = user;

	(void)packet;
	if (m->trace)
		m->feeder.now_us = at_us;
	redact_add(m->redact, &m->marks, text, len);
	buf_add_char(&m->marks, '\0');
	if (m->trace)
		pass_marks(m);
}

static void on_xact(void *user, const struct capture_xact *c)
{
	struct embedding *m = user;
	struct stlink_said said;
	struct xact x = c->x, copy;

	if (m->rc || c->probe->index + 1 != m->probe)
		return;
	m->feeder.now_us = x.at_us;
	if (!m->trace)
		m->rc = begin(m, c);
	if (m->rc)
		return;
	pass_marks(m);
	buf_clear(&m->payload);
	buf_reserve(&m->payload, x.want > x.got ? x.want : x.got);
	buf_add(&m->payload, x.data, x.got);
	x.data = (uint8_t *)m->payload.at;
	stlink_decode(&m->decoder, &x, c->number, &said);
	if (is_secret(&said, &x))
		hide(&said, &x);
	m->feeder.ready = &x;
	copy = x;
	transport_xfer(m->trace, &copy, m->e);
}

static int take_file(int fd, size_t max_bytes, struct buf *out, struct err *e)
{
	off_t size = lseek(fd, 0, SEEK_END);
	size_t done = 0;

	if (size < 0 || (uint64_t)size > max_bytes)
		return err_set(e, ERR_LIMIT, "the trace has more than %zu bytes", max_bytes);
	buf_reserve(out, (size_t)size);
	while (done < (size_t)size) {
		ssize_t n = pread(fd, out->at + out->len, (size_t)size - done, (off_t)done);

		if (n <= 0)
			return err_set_native(e, ERR_IO, errno, "the copy of the trace: %s",
					      strerror(errno));
		out->len += (size_t)n;
		done += (size_t)n;
	}
	out->at[out->len] = '\0';
	return 0;
}

int report_embed(int fd, unsigned probe, size_t max_bytes, struct redact *r, struct buf *out,
		 struct err *e)
{
	struct embedding m = {
		.feeder = { .t.ops = &feeder_ops }, .probe = probe ? probe : 1, .redact = r, .e = e
	};
	const struct capture_sink sink = { .xact = on_xact, .mark = on_mark, .user = &m };
	struct capture_stats stats;
	struct pcap *p;
	int rc;

	m.clock = (struct clock){ &feeder_clock, &m.feeder };
	m.fd = memfd_create("swdoctor-embed", MFD_CLOEXEC);
	if (m.fd < 0)
		return err_set_native(e, ERR_IO, errno, "copying the trace: %s", strerror(errno));
	stlink_decoder_init(&m.decoder);
	buf_init(&m.payload);
	buf_init(&m.marks);
	lseek(fd, 0, SEEK_SET);
	rc = pcap_new((struct pcap_source){ pcap_read_fd, &fd }, &p, e);
	if (!rc) {
		rc = capture_read(p, &sink, &stats, e);
		pcap_free(p);
	}
	transport_close(m.trace);
	if (!rc)
		rc = m.rc;
	if (!rc)
		rc = take_file(m.fd, max_bytes, out, e);
	close(m.fd);
	buf_done(&m.payload);
	buf_done(&m.marks);
	return rc;
}
