/* What transport_usb.c needs of looking around on the bus; nobody else includes it. */
#ifndef SWDOCTOR_TRANSPORT_USB_SCAN_H
#define SWDOCTOR_TRANSPORT_USB_SCAN_H

#include <libusb.h>

#include "probe/transport_usb.h"

/* The device at a place, with a reference taken; NULL if there is none. address 0: any. */
libusb_device *usb_find(libusb_context *ctx, const struct usb_place *place, uint8_t address,
			struct usb_device *ret);

/* "doing: LIBUSB_ERROR_X"; returns code. */
int usb_err(struct err *e, enum err_code code, int native, const char *doing);
/* Why a device could not be opened, as an error. */
int usb_open_err(struct err *e, const struct usb_device *d, int native);

#endif
