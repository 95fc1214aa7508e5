/*
 * One transaction on the bulk pipes of an open device: command and data under one time limit. Only
 * for transport_usb.c.
 */
#ifndef SWDOCTOR_TRANSPORT_USB_PIPE_H
#define SWDOCTOR_TRANSPORT_USB_PIPE_H

#include <libusb.h>
#include <stdbool.h>

#include "probe/base/clock.h"
#include "probe/xact.h"

struct usb_stage {
	struct libusb_transfer *transfer;
	enum { USB_STAGE_UNUSED, USB_STAGE_PENDING, USB_STAGE_ENDED } state;
	uint8_t ep;
};

struct usb_pipe {
	libusb_context *ctx;
	libusb_device_handle *dev;
	const struct clock *clock;
	struct usb_stage cmd, data;
	uint8_t cmd_bytes[XACT_CMD_MAX];
	/* A transfer did not come back when it was called back. Nothing of ctx may be used any
	 * more, nor freed, as the system still has it. */
	bool wedged;
};

/* libusb's code. usb_pipe_done is fine after a failure. */
int usb_pipe_init(struct usb_pipe *p, libusb_context *ctx, libusb_device_handle *dev,
		  const struct clock *clock);
void usb_pipe_done(struct usb_pipe *p);

/*
 * Carry x: its command to ep_out, its data to or from ep_data. Fills got, outcome and native.
 * Returns the endpoint at which it failed; 0 if all came and went.
 */
uint8_t usb_pipe_run(struct usb_pipe *p, struct xact *x, uint8_t ep_out, uint8_t ep_data,
		     unsigned timeout_ms);

#endif
