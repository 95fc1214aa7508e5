/*
 * A probe on USB, through libusb-1.0. The .c file (and the pass-through library that records other
 * tools) is all that knows libusb; its codes leave as numbers in `native`.
 *
 * Command and data are submitted together, as the probe expects them; time-outs are kept here, so
 * that the data of a command that timed out is called back before the command is: it can never be
 * taken for a command itself. After a failure the pipes are put in order before the next
 * transaction (halts are cleared, a late reply is read and dropped); each such step is told to
 * `note`. A write that was cut in the middle leaves the probe waiting for the rest: only
 * transport_reopen helps then.
 *
 * ST-LINK/V1 wraps its commands in SCSI blocks, which is not spoken here: opening one is refused
 * with ERR_UNFIT.
 */
#ifndef SWDOCTOR_TRANSPORT_USB_H
#define SWDOCTOR_TRANSPORT_USB_H

#include <stddef.h>

#include "probe/base/clock.h"
#include "probe/deadline.h"
#include "probe/transport.h"
#include "probe/usb_ids.h"
#include "probe/usb_place.h"
#include "probe/usb_serial.h"

/* A device on the bus, as far as it can be known without opening it. */
struct usb_device {
	uint16_t vid, pid;
	struct usb_place place;
	uint8_t address;     /* changes with every reset */
	bool has_serial;     /* the descriptor names a serial string */
	unsigned speed_kbps; /* 12000, 480000, ...; 0: not known */
};

/* Calls found for every device of ST. Opens none. */
int transport_usb_scan(void (*found)(void *user, const struct usb_device *dev), void *user,
		       struct err *e);

/* Ask the device itself for its serial. Opens it for the time, without claiming anything. */
int transport_usb_serial(const struct usb_device *dev, struct usb_serial *ret, struct err *e);

struct transport_usb_config {
	const struct clock *clock;
	const struct deadline *run; /* ends every wait sooner; may be NULL */
	unsigned reopen_ms;	    /* how long a reset or unplugged probe may stay away; 0: 5 s */
	/* Told what was done between transactions: "cleared the halt of endpoint 0x81". May be
	 * NULL. */
	void (*note)(void *user, const char *text);
	void *note_user;
};

/*
 * Open the probe at this place and claim its debug interface. ERR_NO_PROBE, ERR_DENIED, ERR_BUSY
 * (claimed by somebody else), ERR_UNFIT (V1, or no probe at all), ERR_GONE, ERR_USB; native
 * is libusb's code. cfg is copied, what it points to must outlive the transport.
 */
int transport_usb_open(const struct usb_place *place, const struct transport_usb_config *cfg,
		       struct transport **ret, struct err *e);

const char *transport_usb_code_name(int native); /* "LIBUSB_ERROR_PIPE" */

#define USB_VERSION_TEXT_MAX 24
/* The version of the libusb in use: "1.0.26". */
void transport_usb_version(char ret[USB_VERSION_TEXT_MAX]);
/* The file of the libusb in use; NULL if the system does not tell. */
const char *transport_usb_library(void);

#endif
