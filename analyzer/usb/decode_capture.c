/* A whole capture to events: each of its probes has a decoder of its own. */
#include "analyzer/usb/decode_internal.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/event/event_mark.h"

struct session {
	struct stlink_decoder decoder;
	struct decode *decode;
};

struct reading {
	struct events *ev;
	unsigned only; /* from 1; 0: all */
	unsigned trace;
	uint64_t log_line;
	struct session *sessions[DECODE_PROBES_MAX];
	uint64_t packet; /* the highest so far, as lines must not fall */
};

static struct session *session_of(struct reading *r, const struct capture_probe *p)
{
	struct session *s;

	if (p->index >= DECODE_PROBES_MAX || (r->only && p->index + 1 != r->only))
		return NULL;
	s = r->sessions[p->index];
	if (s)
		return s;
	s = calloc(1, sizeof(*s));
	if (!s)
		abort();
	stlink_decoder_init(&s->decoder);
	s->decode = decode_new(r->ev);
	s->decode->trace = r->trace;
	s->decode->log_line = r->log_line;
	r->sessions[p->index] = s;
	return s;
}

static void on_xact(void *user, const struct capture_xact *x)
{
	struct reading *r = user;
	struct session *s = session_of(r, x->probe);
	struct stlink_said said;

	if (!s)
		return;
	if (x->packet > r->packet)
		r->packet = x->packet;
	decode_ids(s->decode, x->probe->vid, x->probe->pid, r->packet);
	stlink_decode(&s->decoder, &x->x, x->number, &said);
	decode_xact(s->decode, &x->x, &said, r->packet);
}

/* What was waited with is told. */
static void end_decoding(struct reading *r)
{
	for (size_t i = 0; i < DECODE_PROBES_MAX; i++) {
		struct decode *d = r->sessions[i] ? r->sessions[i]->decode : NULL;

		if (d && d->packet < r->packet)
			d->packet = r->packet;
		if (d)
			decode_end(d);
	}
}

/* What an examination or a flash run concluded while this was recorded. */
static void on_mark(void *user, uint64_t packet, uint64_t at_us, const char *text, size_t len)
{
	struct reading *r = user;
	struct event_mark m;

	(void)at_us;
	if (packet > r->packet)
		r->packet = packet;
	if (!event_mark_read(text, len, &m))
		return;
	if (m.e.kind == EVENT_EXAM_END)
		end_decoding(r);
	m.e.line = m.e.last_line = r->trace ? r->log_line : r->packet;
	m.e.trace = r->trace;
	m.e.packet = m.e.last_packet = r->trace ? r->packet : 0;
	event_add(r->ev, &m.e);
}

static void end_sessions(struct reading *r)
{
	end_decoding(r);
	for (size_t i = 0; i < DECODE_PROBES_MAX; i++) {
		if (r->sessions[i])
			decode_free(r->sessions[i]->decode);
		free(r->sessions[i]);
	}
}

static int read_capture(struct pcap_source from, struct reading *r, struct capture_stats *ret,
			struct err *e)
{
	const struct capture_sink sink = { .xact = on_xact, .mark = on_mark, .user = r };
	struct pcap *p;
	int rc;

	memset(ret, 0, sizeof(*ret));
	rc = pcap_new(from, &p, e);
	if (rc)
		return rc;
	rc = capture_read(p, &sink, ret, e);
	end_sessions(r);
	pcap_free(p);
	if (!rc && r->only > ret->probes)
		rc = err_set(e, ERR_NOT_FOUND, "no probe %u in the capture (it has %u)", r->only,
			     ret->probes);
	return rc;
}

int decode_capture(struct pcap_source from, unsigned probe, struct events *ev,
		   struct capture_stats *ret, struct err *e)
{
	struct reading r = { .ev = ev, .only = probe };

	return read_capture(from, &r, ret, e);
}

int decode_capture_beside(struct pcap_source from, uint64_t line, unsigned trace, struct events *ev,
			  struct capture_stats *ret, struct err *e)
{
	struct reading r = { .ev = ev, .log_line = line, .trace = trace };

	return read_capture(from, &r, ret, e);
}
