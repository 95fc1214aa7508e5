/* One request of a program, carried out on the bench. */
#include "probe/sim/server_answer.h"

#include <string.h>

#define USB_RESET_NS (110 * NS_PER_MS)

static bool is_gone(const struct server *s, const struct proto_request *r)
{
	return !s->bench->plugged || r->plug != s->bench->plugs;
}

static void answer_state(struct server *s, struct exchange *x)
{
	struct proto_state state = { .plugged = s->bench->plugged,
				     .plug = s->bench->plugs,
				     .high_speed = s->bench->timed.high_speed };

	memcpy(x->data, &state, sizeof(state));
	x->reply.len = sizeof(state);
	x->data_out = true;
}

static enum proto_result answer_descriptor(struct server *s, struct exchange *x)
{
	uint8_t desc[USB_DESC_MAX];
	size_t len = usb_desc_get(&s->bench->timed, s->bench->s.serial, x->request.type,
				  x->request.index, desc);

	if (!len)
		return PROTO_NOT_FOUND;
	memcpy(x->data, desc, len);
	x->reply.len = (uint32_t)len;
	x->data_out = true;
	return PROTO_DONE;
}

static enum proto_result claim(struct server *s, struct server_client *c)
{
	size_t i;

	for (i = 0; i < SERVER_CLIENTS_MAX; i++)
		if (s->client[i].fd >= 0 && s->client[i].claimed && &s->client[i] != c)
			return PROTO_BUSY;
	if (bench_is_busy(s->bench))
		return PROTO_BUSY;
	c->claimed = true;
	return PROTO_DONE;
}

static enum proto_result transfer(struct server *s, struct exchange *x)
{
	const struct proto_request *r = &x->request;
	bool in = r->endpoint ? r->endpoint & 0x80 : r->setup[0] & 0x80;
	struct usb_transfer t = { .endpoint = r->endpoint,
				  .data = x->data,
				  .len = r->len,
				  .turn = r->flags & PROTO_TURN,
				  .timeout_ns = r->timeout_ms * NS_PER_MS };
	enum usb_result result;

	memcpy(t.setup, r->setup, sizeof(t.setup));
	result = bench_transfer(s->bench, &t);
	if (result == USB_NAK && r->flags & PROTO_BLOCKING && r->timeout_ms) {
		bench_sleep(s->bench, t.timeout_ns);
		result = USB_TIMEOUT;
	}
	x->reply.len = (uint32_t)t.got;
	x->data_out = in;
	return (enum proto_result)result;
}

enum proto_result server_answer(struct server *s, struct server_client *c, struct exchange *x)
{
	switch ((enum proto_op)x->request.op) {
	case PROTO_STATE:
		answer_state(s, x);
		return PROTO_DONE;
	case PROTO_DESCRIPTOR:
		return answer_descriptor(s, x);
	case PROTO_CLOSE:
		c->claimed = false;
		return PROTO_DONE;
	case PROTO_OPEN:
		return is_gone(s, &x->request)		      ? PROTO_GONE
		       : bench_open(s->bench) == BENCH_DENIED ? PROTO_DENIED
							      : PROTO_DONE;
	case PROTO_CLAIM:
		return is_gone(s, &x->request) ? PROTO_GONE : claim(s, c);
	case PROTO_RELEASE:
		c->claimed = false;
		return is_gone(s, &x->request) ? PROTO_GONE : PROTO_DONE;
	case PROTO_TRANSFER:
		return is_gone(s, &x->request) ? PROTO_GONE : transfer(s, x);
	case PROTO_CLEAR_HALT:
		bench_clear_halt(s->bench, x->request.endpoint);
		return is_gone(s, &x->request) ? PROTO_GONE : PROTO_DONE;
	case PROTO_RESET:
		bench_usb_reset(s->bench);
		bench_sleep(s->bench, USB_RESET_NS);
		return is_gone(s, &x->request) ? PROTO_GONE : PROTO_DONE;
	}
	return PROTO_NOT_FOUND;
}
