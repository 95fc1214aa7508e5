/* A probe on USB: see transport_usb.h. Opening, closing, and bringing it back. */
#include "probe/transport_usb.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "probe/transport_usb_pipe.h"
#include "probe/transport_usb_scan.h"

#define INTERFACE	   0 /* the debug interface of every ST-LINK */
#define CONFIGURATION	   1
#define TIMEOUT_DEFAULT_MS 1000
#define REOPEN_DEFAULT_MS  5000
#define LOOK_AGAIN_US	   50000
#define LATE_BYTES	   512 /* a packet of the fastest bus */
#define LATE_MS		   5   /* per read: a late reply is there at once, or is lost */
#define LATE_READS	   16

struct usb {
	struct transport t;
	struct transport_usb_config cfg;
	struct usb_place place;
	const struct usb_id *id;
	libusb_context *ctx;
	libusb_device_handle *dev; /* NULL: not open */
	struct usb_pipe pipe;
	bool reply_outstanding; /* an IN transfer was given up: its reply may still come */
};

const char *transport_usb_code_name(int native)
{
	return libusb_error_name(native);
}

static void __attribute__((format(printf, 2, 3))) note(struct usb *u, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	if (!u->cfg.note)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	u->cfg.note(u->cfg.note_user, text);
}

/* ---- opening ---- */

/* Of a wedged pipe everything else is left to the system as it is: see transport_usb_pipe.h. */
static void shut(struct usb *u)
{
	bool wedged = u->pipe.wedged;

	usb_pipe_done(&u->pipe);
	if (u->dev && !wedged) {
		libusb_release_interface(u->dev, INTERFACE);
		libusb_close(u->dev);
	}
	if (u->ctx && !wedged)
		libusb_exit(u->ctx);
	u->dev = NULL;
	u->ctx = NULL;
	u->reply_outstanding = false;
}

/* A clone may carry a product id and not its endpoints. */
static int check_endpoints(struct usb *u, struct err *e)
{
	struct libusb_config_descriptor *config;
	const struct libusb_interface_descriptor *alt;
	bool in = false, out = false;
	int rc = libusb_get_active_config_descriptor(libusb_get_device(u->dev), &config);

	if (rc)
		return usb_err(e, ERR_USB, rc, "reading the configuration");
	alt = config->bNumInterfaces && config->interface[INTERFACE].num_altsetting
		      ? &config->interface[INTERFACE].altsetting[0]
		      : NULL;
	for (unsigned i = 0; alt && i < alt->bNumEndpoints; i++) {
		in |= alt->endpoint[i].bEndpointAddress == u->id->ep_in;
		out |= alt->endpoint[i].bEndpointAddress == u->id->ep_out;
	}
	libusb_free_config_descriptor(config);
	if (!in || !out)
		return err_set(e, ERR_UNFIT,
			       "interface 0 has no endpoints 0x%02x and 0x%02x, which every %s has",
			       u->id->ep_out, u->id->ep_in, u->id->name);
	return 0;
}

static int set_up(struct usb *u, struct err *e)
{
	int config, rc = libusb_get_configuration(u->dev, &config);

	if (!rc && config != CONFIGURATION)
		rc = libusb_set_configuration(u->dev, CONFIGURATION);
	if (rc)
		return usb_err(e, ERR_USB, rc, "choosing the configuration");
	rc = libusb_claim_interface(u->dev, INTERFACE);
	if (rc == LIBUSB_ERROR_BUSY)
		return err_set_native(e, ERR_BUSY, rc, "another program has claimed the probe");
	if (rc)
		return usb_err(e, rc == LIBUSB_ERROR_NO_DEVICE ? ERR_GONE : ERR_USB, rc,
			       "claiming interface 0");
	rc = check_endpoints(u, e);
	if (rc)
		return rc;
	rc = usb_pipe_init(&u->pipe, u->ctx, u->dev, u->cfg.clock);
	return rc ? usb_err(e, ERR_NO_MEMORY, rc, "preparing transfers") : 0;
}

/* Is this device one that we can talk to? */
static int check_id(struct usb *u, const struct usb_device *d, struct err *e)
{
	char at[USB_PLACE_TEXT_MAX];

	usb_place_text(&d->place, at);
	u->id = usb_id_find(d->vid, d->pid);
	if (!u->id || u->id->kind == USB_ID_OTHER)
		return err_set(e, ERR_UNFIT, "%04x:%04x at %s is no ST-LINK (%s)", d->vid, d->pid,
			       at, u->id ? u->id->name : "not known");
	if (u->id->generation == STLINK_V1)
		return err_set(
			e, ERR_UNFIT,
			"the ST-LINK/V1 at %s wraps its commands in SCSI blocks, which is not "
			"supported",
			at);
	return 0;
}

static int open_once(struct usb *u, struct err *e)
{
	char at[USB_PLACE_TEXT_MAX];
	struct usb_device d;
	libusb_device *dev;
	int rc = libusb_init(&u->ctx);

	if (rc) {
		u->ctx = NULL;
		return usb_err(e, ERR_USB, rc, "starting libusb");
	}
	usb_place_text(&u->place, at);
	dev = usb_find(u->ctx, &u->place, 0, &d);
	if (!dev) {
		rc = err_set_native(e, ERR_NO_PROBE, LIBUSB_ERROR_NO_DEVICE,
				    "no device of ST is at USB place %s", at);
	} else {
		rc = check_id(u, &d, e);
		if (!rc) {
			rc = libusb_open(dev, &u->dev);
			rc = rc ? usb_open_err(e, &d, rc) : set_up(u, e);
		}
		libusb_unref_device(dev);
	}
	if (rc)
		shut(u);
	return rc;
}

/* ---- transfers ---- */

static void read_late_reply(struct usb *u)
{
	uint8_t bytes[LATE_BYTES];
	struct xact x = { .dir = XACT_IN, .data = bytes, .want = sizeof(bytes) };
	size_t dropped = 0;

	for (int i = 0; i < LATE_READS && !u->pipe.wedged; i++) {
		usb_pipe_run(&u->pipe, &x, u->id->ep_out, u->id->ep_in, LATE_MS);
		dropped += x.got;
		if (x.outcome != XACT_OK && x.outcome != XACT_SHORT)
			break;
	}
	u->reply_outstanding = false;
	if (dropped)
		note(u, "dropped a late reply of %zu bytes", dropped);
}

static void put_in_order(struct usb *u, const struct xact *x, uint8_t ep)
{
	if (x->outcome == XACT_TIMEOUT) {
		u->reply_outstanding |= ep == u->id->ep_in;
	} else if (ep && x->outcome != XACT_GONE) {
		int rc = libusb_clear_halt(u->dev, ep);

		note(u, "cleared the halt of endpoint 0x%02x: %s", ep,
		     rc ? libusb_error_name(rc) : "done");
	}
}

static int xfer_err(const struct xact *x, uint8_t ep, unsigned timeout_ms, struct err *e)
{
	const char *code = libusb_error_name(x->native);

	switch (x->outcome) {
	case XACT_TIMEOUT:
		return err_set_native(
			e, ERR_TIMEOUT, x->native,
			"no answer within %u ms (%s, endpoint 0x%02x, %zu of %zu bytes)",
			timeout_ms, code, ep, x->got, x->want);
	case XACT_GONE:
		return err_set_native(e, ERR_GONE, x->native, "the probe left the bus (%s)", code);
	case XACT_STALL:
		return err_set_native(e, ERR_USB, x->native,
				      "the probe stalled endpoint 0x%02x (%s)", ep, code);
	case XACT_SHORT:
		return err_set_native(e, ERR_USB, x->native, "%zu of %zu bytes came", x->got,
				      x->want);
	case XACT_USB_ERROR:
	case XACT_UNKNOWN:
	case XACT_OK:
	case XACT_OUTCOMES:
		break;
	}
	return err_set_native(e, ERR_USB, x->native, "transfer failed (%s, endpoint 0x%02x)", code,
			      ep);
}

static uint8_t data_endpoint(const struct usb *u, const struct xact *x)
{
	if (x->ep)
		return x->ep;
	if (x->dir == XACT_OUT)
		return u->id->ep_out;
	return x->cmd_len ? u->id->ep_in : u->id->ep_swo;
}

static int usb_xfer(struct transport *t, struct xact *x, struct err *e)
{
	struct usb *u = (struct usb *)t;
	unsigned ms = x->timeout_ms ? x->timeout_ms : TIMEOUT_DEFAULT_MS;
	uint8_t ep = 0;

	if (u->dev && u->reply_outstanding)
		read_late_reply(u);
	x->at_us = clock_now_us(u->cfg.clock);
	if (!u->dev || u->pipe.wedged) {
		x->got = 0;
		x->outcome = u->dev ? XACT_USB_ERROR : XACT_GONE;
		x->native = u->dev ? LIBUSB_ERROR_BUSY : LIBUSB_ERROR_NO_DEVICE;
	} else {
		ms = deadline_cap_ms(u->cfg.run, ms);
		ep = usb_pipe_run(&u->pipe, x, u->id->ep_out, data_endpoint(u, x), ms ? ms : 1);
	}
	x->took_us = clock_now_us(u->cfg.clock) - x->at_us;
	if (x->outcome == XACT_OK)
		return 0;
	if (u->dev && !u->pipe.wedged)
		put_in_order(u, x, ep);
	return xfer_err(x, ep, ms, e);
}

/* ---- coming back ---- */

static void reset(struct usb *u)
{
	int rc;

	if (!u->dev || u->pipe.wedged)
		return;
	rc = libusb_reset_device(u->dev);
	note(u, "reset the probe: %s", rc ? libusb_error_name(rc) : "done");
}

/*
 * A reset probe is gone for a moment, and its node belongs to root until udev has seen it: whatever
 * stands in the way is tried again until the time is over.
 */
static int usb_reopen(struct transport *t, struct err *e)
{
	struct usb *u = (struct usb *)t;
	unsigned ms = u->cfg.reopen_ms ? u->cfg.reopen_ms : REOPEN_DEFAULT_MS;
	struct deadline away;

	reset(u);
	shut(u);
	deadline_init(&away, u->cfg.clock, u->cfg.run, "waiting for the probe to come back", ms);
	for (;;) {
		int rc = open_once(u, e);

		if (!rc)
			note(u, "opened the probe again");
		if (!rc || rc == ERR_UNFIT)
			return rc;
		if (deadline_check(&away, NULL)) {
			int over = deadline_check(u->cfg.run, e);

			return over ? over : rc;
		}
		clock_sleep_us(u->cfg.clock, LOOK_AGAIN_US);
	}
}

static void usb_close(struct transport *t)
{
	struct usb *u = (struct usb *)t;

	shut(u);
	free(u);
}

static const struct transport_ops ops = {
	.name = "usb",
	.xfer = usb_xfer,
	.reopen = usb_reopen,
	.close = usb_close,
};

int transport_usb_open(const struct usb_place *place, const struct transport_usb_config *cfg,
		       struct transport **ret, struct err *e)
{
	struct usb *u = calloc(1, sizeof(*u));
	int rc;

	if (!u)
		return err_set(e, ERR_NO_MEMORY, "opening the probe: out of memory");
	u->t.ops = &ops;
	u->cfg = *cfg;
	u->place = *place;
	rc = open_once(u, e);
	if (rc) {
		usb_close(&u->t);
		return rc;
	}
	*ret = &u->t;
	return 0;
}
