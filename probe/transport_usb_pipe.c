/* One transaction on the bulk pipes: see transport_usb_pipe.h. */
#include "probe/transport_usb_pipe.h"

#include <string.h>

/* How long a transfer that was called back may take to come. */
#define CALL_BACK_US 1000000

static void LIBUSB_CALL ended(struct libusb_transfer *t)
{
	struct usb_stage *s = t->user_data;

	s->state = USB_STAGE_ENDED;
}

int usb_pipe_init(struct usb_pipe *p, libusb_context *ctx, libusb_device_handle *dev,
		  const struct clock *clock)
{
	*p = (struct usb_pipe){ .ctx = ctx, .dev = dev, .clock = clock };
	p->cmd.transfer = libusb_alloc_transfer(0);
	p->data.transfer = libusb_alloc_transfer(0);
	return p->cmd.transfer && p->data.transfer ? 0 : LIBUSB_ERROR_NO_MEM;
}

void usb_pipe_done(struct usb_pipe *p)
{
	if (p->cmd.state != USB_STAGE_PENDING)
		libusb_free_transfer(p->cmd.transfer);
	if (p->data.state != USB_STAGE_PENDING)
		libusb_free_transfer(p->data.transfer);
	*p = (struct usb_pipe){ 0 };
}

/*
 * Without a time-out of libusb's, which would end the command first: its data, already queued
 * behind it, could then reach the probe in place of a command.
 */
static int submit(struct usb_pipe *p, struct usb_stage *s, uint8_t ep, uint8_t *bytes, size_t len)
{
	int rc;

	libusb_fill_bulk_transfer(s->transfer, p->dev, ep, bytes, (int)len, ended, s, 0);
	s->ep = ep;
	s->state = USB_STAGE_PENDING;
	rc = libusb_submit_transfer(s->transfer);
	if (rc)
		s->state = USB_STAGE_UNUSED;
	return rc;
}

static bool failed(const struct usb_stage *s)
{
	return s->state == USB_STAGE_ENDED && s->transfer->status != LIBUSB_TRANSFER_COMPLETED;
}

static bool pending(const struct usb_stage *s)
{
	return s->state == USB_STAGE_PENDING;
}

/* False when the time is over or events cannot be handled any more. */
static bool handle_events(struct usb_pipe *p, uint64_t end_us)
{
	uint64_t now = clock_now_us(p->clock);
	struct timeval tv;
	int rc;

	if (now >= end_us)
		return false;
	tv.tv_sec = (time_t)((end_us - now) / 1000000);
	tv.tv_usec = (suseconds_t)((end_us - now) % 1000000);
	rc = libusb_handle_events_timeout_completed(p->ctx, &tv, NULL);
	return !rc || rc == LIBUSB_ERROR_INTERRUPTED;
}

static void call_back(struct usb_pipe *p, struct usb_stage *s)
{
	uint64_t end_us = clock_now_us(p->clock) + CALL_BACK_US;

	if (!pending(s))
		return;
	libusb_cancel_transfer(s->transfer);
	while (pending(s) && handle_events(p, end_us))
		;
	if (pending(s))
		p->wedged = true;
}

static void set_outcome(struct xact *x, enum xact_outcome outcome, int native)
{
	x->outcome = outcome;
	x->native = native;
}

static void take_code(struct xact *x, int code)
{
	set_outcome(x,
		    code == LIBUSB_ERROR_NO_DEVICE ? XACT_GONE
		    : code == LIBUSB_ERROR_PIPE	   ? XACT_STALL
		    : code == LIBUSB_ERROR_TIMEOUT ? XACT_TIMEOUT
						   : XACT_USB_ERROR,
		    code);
}

static int code_of_status(enum libusb_transfer_status status)
{
	switch (status) {
	case LIBUSB_TRANSFER_COMPLETED:
		return 0;
	case LIBUSB_TRANSFER_TIMED_OUT:
	case LIBUSB_TRANSFER_CANCELLED:
		return LIBUSB_ERROR_TIMEOUT;
	case LIBUSB_TRANSFER_STALL:
		return LIBUSB_ERROR_PIPE;
	case LIBUSB_TRANSFER_NO_DEVICE:
		return LIBUSB_ERROR_NO_DEVICE;
	case LIBUSB_TRANSFER_OVERFLOW:
		return LIBUSB_ERROR_OVERFLOW;
	case LIBUSB_TRANSFER_ERROR:
		break;
	}
	return LIBUSB_ERROR_IO;
}

/* What failed by itself counts before what was called back on its account, or because time was
 * over. */
static uint8_t judge(struct usb_pipe *p, struct xact *x)
{
	struct usb_stage *const stages[] = { &p->cmd, &p->data };

	for (unsigned i = 0; i < 2; i++) {
		struct usb_stage *s = stages[i];

		if (failed(s) && s->transfer->status != LIBUSB_TRANSFER_CANCELLED) {
			take_code(x, code_of_status(s->transfer->status));
			return s->ep;
		}
	}
	for (unsigned i = 0; i < 2; i++) {
		if (failed(stages[i]) || pending(stages[i])) {
			take_code(x, LIBUSB_ERROR_TIMEOUT);
			return stages[i]->ep;
		}
	}
	if (x->got < x->want)
		set_outcome(x, XACT_SHORT, 0);
	return 0;
}

uint8_t usb_pipe_run(struct usb_pipe *p, struct xact *x, uint8_t ep_out, uint8_t ep_data,
		     unsigned timeout_ms)
{
	uint64_t end_us = clock_now_us(p->clock) + timeout_ms * 1000ull;
	uint8_t ep = ep_out;
	int rc = 0;

	x->got = 0;
	set_outcome(x, XACT_OK, 0);
	p->cmd.state = p->data.state = USB_STAGE_UNUSED;
	if (x->cmd_len) {
		memset(p->cmd_bytes, 0, sizeof(p->cmd_bytes));
		memcpy(p->cmd_bytes, x->cmd, x->cmd_len);
		rc = submit(p, &p->cmd, ep_out, p->cmd_bytes, sizeof(p->cmd_bytes));
	}
	if (!rc && x->dir != XACT_NONE) {
		ep = ep_data;
		rc = submit(p, &p->data, ep_data, x->data, x->want);
	}
	while (!rc && (pending(&p->cmd) || pending(&p->data)) && !failed(&p->cmd) &&
	       !failed(&p->data) && handle_events(p, end_us))
		;
	call_back(p, &p->data);
	call_back(p, &p->cmd);
	if (p->data.state == USB_STAGE_ENDED)
		x->got = (size_t)p->data.transfer->actual_length;
	if (rc) {
		take_code(x, rc);
		return ep;
	}
	return judge(p, x);
}
