/* A whole capture to events: each of its probes has a decoder of its own. */
#include "analyzer/decode_internal.h"

#include <stdlib.h>
#include <string.h>

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

static void end_sessions(struct reading *r)
{
	for (size_t i = 0; i < DECODE_PROBES_MAX; i++) {
		struct session *s = r->sessions[i];

		if (!s)
			continue;
		if (s->decode->packet < r->packet)
			s->decode->packet = r->packet;
		decode_end(s->decode);
		decode_free(s->decode);
		free(s);
	}
}

static int read_capture(struct pcap_source from, struct reading *r, struct capture_stats *ret,
			struct err *e)
{
	const struct capture_sink sink = { .xact = on_xact, .user = r };
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
