/*
 * Where a device sits: bus and the ports on the way to it, written "1-2.3". Unlike the device's
 * address it stays the same when the device is reset or plugged in again.
 */
#ifndef SWDOCTOR_USB_PLACE_H
#define SWDOCTOR_USB_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#define USB_PORTS_MAX 7 /* of the USB specification */

struct usb_place {
	uint8_t bus;
	uint8_t n_ports; /* 0: the host does not tell */
	uint8_t ports[USB_PORTS_MAX];
};

#define USB_PLACE_TEXT_MAX 40
void usb_place_text(const struct usb_place *p, char out[USB_PLACE_TEXT_MAX]); /* "1-2.3" */
/* False if text is no place; *ret then stays as it is. */
bool usb_place_parse(const char *text, struct usb_place *ret);
bool usb_place_equal(const struct usb_place *a, const struct usb_place *b);

/* Hubs between the root port and the device. */
static inline unsigned usb_place_hubs(const struct usb_place *p)
{
	return p->n_ports ? p->n_ports - 1u : 0;
}

#endif
