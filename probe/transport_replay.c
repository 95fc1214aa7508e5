/* Recorded transactions played back: see transport_replay.h. */
#include "probe/transport_replay.h"

#include <string.h>

#include "probe/base/arena.h"
#include "probe/base/buf.h"
#include "probe/capture.h"
#include "probe/stlink_say.h"

struct recorded {
	struct xact x; /* data belongs to the arena */
	uint64_t packet;
};

struct replay {
	struct transport t;
	struct arena *arena; /* holds this struct and all data */
	struct buf recorded; /* struct recorded */
	size_t n, at;
	unsigned probe;
	uint16_t vid, pid;
	struct clock clock;
	uint64_t now_us; /* time of day, as the recording has it */
};

static const struct recorded *recorded_at(const struct replay *r, size_t i)
{
	return (const struct recorded *)r->recorded.at + i;
}

static void keep(void *user, const struct capture_xact *x)
{
	struct replay *r = user;
	struct recorded kept = { .x = x->x, .packet = x->packet };

	if (x->probe->index != r->probe)
		return;
	r->vid = x->probe->vid;
	r->pid = x->probe->pid;
	kept.x.data = arena_alloc(r->arena, x->x.got + 1);
	if (x->x.got)
		memcpy(kept.x.data, x->x.data, x->x.got);
	buf_add(&r->recorded, &kept, sizeof(kept));
	r->n++;
}

/* "read word DHCSR (f2 36 f0 ed 00 e0 ...)" */
static void say(struct buf *out, const struct xact *x)
{
	struct stlink_decoder d;
	struct stlink_said said;
	size_t at;

	stlink_decoder_init(&d);
	stlink_decode(&d, x, 1, &said);
	stlink_say_command(out, &said, x);
	buf_add_char(out, ' ');
	at = out->len;
	stlink_say_arguments(out, &said, x);
	if (out->len > at)
		buf_add_char(out, ' ');
	for (size_t i = 0; i < x->cmd_len && i < 12; i++)
		buf_addf(out, i ? " %02x" : "[%02x", x->cmd[i]);
	if (x->cmd_len)
		buf_add_char(out, ']');
}

/* Why these two are not the same; NULL: they are. */
static const char *difference(const struct xact *a, const struct xact *b)
{
	if (a->cmd_len != b->cmd_len || memcmp(a->cmd, b->cmd, a->cmd_len) != 0)
		return "another command";
	if (a->dir != b->dir)
		return "another direction of the data";
	if (a->dir == XACT_OUT &&
	    (a->want != b->want || (b->got && memcmp(a->data, b->data, b->got) != 0)))
		return "other data are written";
	if (a->dir == XACT_IN && a->want < b->got)
		return "fewer bytes are asked for";
	return NULL;
}

static int leave(struct replay *r, const struct xact *x, const char *why, struct err *e)
{
	const struct recorded *was = recorded_at(r, r->at);
	struct buf text;
	int rc;

	buf_init(&text);
	buf_addf(&text, "the session leaves the recording at transaction %zu (packet %llu), %s: ",
		 r->at + 1, (unsigned long long)was->packet, why);
	say(&text, x);
	buf_add_str(&text, "; recorded is ");
	say(&text, &was->x);
	rc = err_set(e, ERR_REPLAY, "%s", buf_str(&text));
	buf_done(&text);
	return rc;
}

static int outcome_code(const struct xact *x, struct err *e)
{
	enum err_code code = x->outcome == XACT_TIMEOUT ? ERR_TIMEOUT
			     : x->outcome == XACT_GONE	? ERR_GONE
							: ERR_USB;

	/* An end that a foreign capture does not hold is taken to have gone well. */
	if (x->outcome == XACT_OK || x->outcome == XACT_UNKNOWN)
		return 0;
	return err_set_native(e, code, x->native, "%s (recorded, code %d)",
			      xact_outcome_name(x->outcome), x->native);
}

static int replay_xfer(struct transport *t, struct xact *x, struct err *e)
{
	struct replay *r = (struct replay *)t;
	const struct recorded *was;
	const char *why;

	x->got = 0;
	x->outcome = XACT_UNKNOWN;
	x->native = 0;
	x->at_us = r->now_us;
	x->took_us = 0;
	if (r->at >= r->n)
		return err_set(e, ERR_REPLAY, "the recording ends after %zu transactions", r->n);
	was = recorded_at(r, r->at);
	why = difference(x, &was->x);
	if (why)
		return leave(r, x, why, e);
	r->at++;
	if (was->x.at_us > r->now_us)
		r->now_us = was->x.at_us;
	x->at_us = r->now_us;
	x->took_us = was->x.took_us;
	r->now_us += was->x.took_us;
	x->got = was->x.got;
	if (x->dir == XACT_IN && was->x.got)
		memcpy(x->data, was->x.data, was->x.got);
	x->native = was->x.native;
	x->outcome = was->x.outcome == XACT_UNKNOWN ? XACT_OK : was->x.outcome;
	return outcome_code(&was->x, e);
}

/* The recording goes on after it, or ends; either shows at the next transaction. */
static int replay_reopen(struct transport *t, struct err *e)
{
	(void)t;
	(void)e;
	return 0;
}

static void replay_close(struct transport *t)
{
	struct replay *r = (struct replay *)t;

	buf_done(&r->recorded);
	arena_free(r->arena);
}

static const struct transport_ops replay_ops = {
	.name = "replay",
	.xfer = replay_xfer,
	.reopen = replay_reopen,
	.close = replay_close,
};

static uint64_t replay_now(void *user)
{
	return ((struct replay *)user)->now_us;
}

static void replay_sleep(void *user, uint64_t us)
{
	((struct replay *)user)->now_us += us;
}

static const struct clock_ops replay_clock_ops = {
	.now_us = replay_now,
	.wall_us = replay_now,
	.sleep_us = replay_sleep,
};

static int load(struct replay *r, struct pcap_source from, struct err *e)
{
	const struct capture_sink sink = { .xact = keep, .user = r };
	struct capture_stats stats;
	struct pcap *p;
	int rc = pcap_new(from, &p, e);

	if (rc)
		return rc;
	rc = capture_read(p, &sink, &stats, e);
	pcap_free(p);
	if (rc)
		return rc;
	if (r->n == 0)
		return err_set(e, ERR_NOT_FOUND,
			       "no probe of number %u in the recording (it has %u)", r->probe + 1,
			       stats.probes);
	return 0;
}

int transport_replay_new(struct pcap_source from, unsigned probe, struct transport **ret,
			 struct err *e)
{
	struct arena *arena = arena_new();
	struct replay *r = arena_alloc(arena, sizeof(*r));
	int rc;

	r->arena = arena;
	r->t.ops = &replay_ops;
	r->probe = probe;
	r->clock = (struct clock){ &replay_clock_ops, r };
	buf_init(&r->recorded);
	rc = load(r, from, e);
	if (rc) {
		replay_close(&r->t);
		return rc;
	}
	r->now_us = recorded_at(r, 0)->x.at_us;
	*ret = &r->t;
	return 0;
}

const struct clock *transport_replay_clock(struct transport *t)
{
	return &((struct replay *)t)->clock;
}

size_t transport_replay_len(const struct transport *t)
{
	return ((const struct replay *)t)->n;
}

size_t transport_replay_at(const struct transport *t)
{
	return ((const struct replay *)t)->at;
}

void transport_replay_ids(const struct transport *t, uint16_t *ret_vid, uint16_t *ret_pid)
{
	*ret_vid = ((const struct replay *)t)->vid;
	*ret_pid = ((const struct replay *)t)->pid;
}
