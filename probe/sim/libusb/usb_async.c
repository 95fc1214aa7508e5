/* Transfers with callbacks, and the handling of events. */
#include "probe/sim/libusb/usb.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <unistd.h>

#define BATCH	   8
#define DEFAULT_NS (60 * 1000 * NS_PER_MS) /* what libusb_handle_events waits */

static struct pending *pending_of(struct libusb_transfer *t)
{
	return (struct pending *)((char *)t - offsetof(struct pending, transfer));
}

static libusb_context *context_of(const struct libusb_transfer *t)
{
	return t->dev_handle->dev->ctx;
}

struct libusb_transfer *LIBUSB_CALL libusb_alloc_transfer(int iso_packets)
{
	size_t packets = iso_packets > 0 ? (size_t)iso_packets : 0;
	struct pending *p =
		calloc(1, sizeof(*p) + packets * sizeof(struct libusb_iso_packet_descriptor));

	if (!p)
		return NULL;
	p->transfer.num_iso_packets = (int)packets;
	return &p->transfer;
}

void LIBUSB_CALL libusb_free_transfer(struct libusb_transfer *t)
{
	if (!t)
		return;
	if (t->flags & LIBUSB_TRANSFER_FREE_BUFFER)
		free(t->buffer);
	free(pending_of(t));
}

/* ---- queues ---- */

static void append(struct pending **queue, struct pending *p)
{
	while (*queue)
		queue = &(*queue)->next;
	p->next = NULL;
	*queue = p;
}

static bool take(struct pending **queue, struct pending *p)
{
	for (; *queue; queue = &(*queue)->next)
		if (*queue == p) {
			*queue = p->next;
			return true;
		}
	return false;
}

static void finish(libusb_context *ctx, struct pending *p, enum libusb_transfer_status status,
		   size_t got)
{
	const uint64_t one = 1;

	p->transfer.status = status;
	p->transfer.actual_length = (int)got;
	p->state = PENDING_DONE;
	append(&ctx->done, p);
	if (write(ctx->event_fd, &one, sizeof(one)) < 0)
		return; /* the counter is full, so it is readable all the same */
}

/* ---- carrying out ---- */

static enum libusb_transfer_status status_of(enum proto_result result)
{
	switch (result) {
	case PROTO_DONE:
		return LIBUSB_TRANSFER_COMPLETED;
	case PROTO_STALL:
		return LIBUSB_TRANSFER_STALL;
	case PROTO_TIMEOUT:
		return LIBUSB_TRANSFER_TIMED_OUT;
	case PROTO_OVERFLOW:
		return LIBUSB_TRANSFER_OVERFLOW;
	case PROTO_GONE:
		return LIBUSB_TRANSFER_NO_DEVICE;
	case PROTO_NAK:
	case PROTO_DENIED:
	case PROTO_BUSY:
	case PROTO_NOT_FOUND:
		break;
	}
	return LIBUSB_TRANSFER_ERROR;
}

static void fill(struct link_item *item, struct libusb_transfer *t, uint8_t flags)
{
	unsigned char *data = t->buffer;
	bool in = t->endpoint & LIBUSB_ENDPOINT_IN;

	*item = (struct link_item){ .request = { .op = PROTO_TRANSFER,
						 .plug = t->dev_handle->dev->plug,
						 .endpoint = t->endpoint,
						 .flags = flags,
						 .timeout_ms = t->timeout,
						 .len = (uint32_t)t->length } };
	if (t->type == LIBUSB_TRANSFER_TYPE_CONTROL) {
		memcpy(item->request.setup, t->buffer, sizeof(item->request.setup));
		in = item->request.setup[0] & LIBUSB_ENDPOINT_IN;
		data += LIBUSB_CONTROL_SETUP_SIZE;
		item->request.len -= LIBUSB_CONTROL_SETUP_SIZE;
	}
	if (in)
		item->receive = data;
	else if (item->request.len)
		item->send = data;
}

/* Who finds nothing to fetch waits on. */
static void settle(libusb_context *ctx, struct pending *p, const struct link_item *item)
{
	uint64_t limit_ns = p->transfer.timeout * NS_PER_MS;

	if (item->result != PROTO_NAK) {
		finish(ctx, p, status_of(item->result), item->len);
		return;
	}
	if (p->state == PENDING_SUBMITTED)
		p->deadline_ns = limit_ns ? usb_link_now(ctx) + limit_ns : 0;
	p->state = PENDING_WAITING;
	append(&ctx->waiting, p);
}

/* Everything in a queue goes to the bench, and from there to `done` or `waiting`. */
static void carry_out(libusb_context *ctx, struct pending **queue, uint8_t flags)
{
	struct link_item items[BATCH];
	struct pending *batch[BATCH], *all = *queue;
	size_t n, i;

	*queue = NULL;
	while (all) {
		for (n = 0; all && n < BATCH; n++, all = all->next) {
			fill(&items[n], &all->transfer, n ? 0 : flags);
			batch[n] = all;
		}
		usb_link_ask_all(ctx, items, n);
		for (i = 0; i < n; i++)
			settle(ctx, batch[i], &items[i]);
	}
}

void usb_async_flush(libusb_context *ctx)
{
	pthread_mutex_lock(&ctx->lock);
	if (ctx->submitted)
		carry_out(ctx, &ctx->submitted, ctx->waiting || ctx->done ? 0 : PROTO_TURN);
	pthread_mutex_unlock(&ctx->lock);
}

int LIBUSB_CALL libusb_submit_transfer(struct libusb_transfer *t)
{
	libusb_context *ctx = context_of(t);
	struct pending *p = pending_of(t);
	int rc = LIBUSB_ERROR_BUSY;

	pthread_mutex_lock(&ctx->lock);
	if (ctx->fd < 0) {
		rc = LIBUSB_ERROR_NO_DEVICE;
	} else if (p->state == PENDING_IDLE) {
		p->state = PENDING_SUBMITTED;
		append(&ctx->submitted, p);
		rc = 0;
	}
	pthread_mutex_unlock(&ctx->lock);
	return rc;
}

int LIBUSB_CALL libusb_cancel_transfer(struct libusb_transfer *t)
{
	libusb_context *ctx = context_of(t);
	struct pending *p = pending_of(t);
	int rc = LIBUSB_ERROR_NOT_FOUND;

	pthread_mutex_lock(&ctx->lock);
	usb_async_flush(ctx);
	if (p->state == PENDING_WAITING && take(&ctx->waiting, p)) {
		finish(ctx, p, LIBUSB_TRANSFER_CANCELLED, 0);
		rc = 0;
	}
	pthread_mutex_unlock(&ctx->lock);
	return rc;
}

/* ---- events ---- */

static void call_back(libusb_context *ctx, struct pending *p)
{
	struct libusb_transfer *t = &p->transfer;
	bool free_after = t->flags & LIBUSB_TRANSFER_FREE_TRANSFER;

	p->state = PENDING_IDLE;
	if (t->status == LIBUSB_TRANSFER_COMPLETED && t->flags & LIBUSB_TRANSFER_SHORT_NOT_OK &&
	    t->actual_length < t->length)
		t->status = LIBUSB_TRANSFER_ERROR;
	pthread_mutex_unlock(&ctx->lock);
	if (t->callback)
		t->callback(t);
	if (free_after)
		libusb_free_transfer(t);
	pthread_mutex_lock(&ctx->lock);
}

static bool deliver(libusb_context *ctx)
{
	uint64_t count;
	bool any = false;

	while (ctx->done) {
		struct pending *p = ctx->done;

		ctx->done = p->next;
		any = true;
		call_back(ctx, p);
	}
	if (read(ctx->event_fd, &count, sizeof(count)) < 0)
		return any; /* nothing was signalled */
	return any;
}

static void expire(libusb_context *ctx)
{
	struct pending *p = ctx->waiting, *next;
	uint64_t now = usb_link_now(ctx);

	for (; p; p = next) {
		next = p->next;
		if (p->deadline_ns && p->deadline_ns <= now && take(&ctx->waiting, p))
			finish(ctx, p, LIBUSB_TRANSFER_TIMED_OUT, 0);
	}
}

/* Nothing is done: let time pass until the first timeout, at most for as long as the caller waits.
 */
static void pass_time(libusb_context *ctx, uint64_t patience_ns)
{
	uint64_t now = usb_link_now(ctx), until = now + patience_ns;
	struct pending *p;

	for (p = ctx->waiting; p; p = p->next)
		if (p->deadline_ns && p->deadline_ns < until)
			until = p->deadline_ns;
	if (until > now)
		usb_link_pass(ctx, until - now);
}

static uint64_t ns_of(const struct timeval *tv)
{
	return (uint64_t)tv->tv_sec * 1000 * NS_PER_MS + (uint64_t)tv->tv_usec * 1000;
}

int LIBUSB_CALL libusb_handle_events_timeout_completed(libusb_context *given, struct timeval *tv,
						       int *completed)
{
	libusb_context *ctx = usb_context(given);

	if (!ctx)
		return LIBUSB_ERROR_INVALID_PARAM;
	usb_hotplug_look(ctx);
	pthread_mutex_lock(&ctx->lock);
	ctx->handling = true;
	usb_async_flush(ctx);
	if (!(completed && *completed) && !deliver(ctx)) {
		carry_out(ctx, &ctx->waiting, 0);
		if (!ctx->done && tv && ns_of(tv))
			pass_time(ctx, ns_of(tv));
		expire(ctx);
		deliver(ctx);
	}
	ctx->handling = false;
	pthread_mutex_unlock(&ctx->lock);
	return 0;
}

int LIBUSB_CALL libusb_handle_events_timeout(libusb_context *ctx, struct timeval *tv)
{
	return libusb_handle_events_timeout_completed(ctx, tv, NULL);
}

int LIBUSB_CALL libusb_handle_events_completed(libusb_context *ctx, int *completed)
{
	struct timeval tv = { .tv_sec = DEFAULT_NS / (1000 * NS_PER_MS) };

	return libusb_handle_events_timeout_completed(ctx, &tv, completed);
}

int LIBUSB_CALL libusb_handle_events(libusb_context *ctx)
{
	return libusb_handle_events_completed(ctx, NULL);
}

int LIBUSB_CALL libusb_handle_events_locked(libusb_context *ctx, struct timeval *tv)
{
	return libusb_handle_events_timeout_completed(ctx, tv, NULL);
}
