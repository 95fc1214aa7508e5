/*
 * The serial number of an ST-LINK, readable whatever the firmware made of it. The number is 12
 * bytes. Good firmware tells them as 24 hexadecimal digits; old V2 firmware and many clones put the
 * bytes themselves into the string, one per UTF-16 unit; some have no serial or one of their own
 * making.
 *
 * Other tools spell binary serials in their own ways; what a person copied from there is found too.
 */
#ifndef SWDOCTOR_USB_SERIAL_H
#define SWDOCTOR_USB_SERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum usb_serial_form {
	USB_SERIAL_UNKNOWN, /* could not be read without opening the device */
	USB_SERIAL_ABSENT,  /* the device has none, or an empty one */
	USB_SERIAL_HEX,	    /* 24 hexadecimal digits */
	USB_SERIAL_BINARY,  /* 12 bytes as they are */
	USB_SERIAL_ODD,	    /* anything else */
};

#define USB_SERIAL_UNITS_MAX 126 /* of a string descriptor */
#define USB_SERIAL_TEXT_MAX  (3 * USB_SERIAL_UNITS_MAX + 1)

struct usb_serial {
	enum usb_serial_form form;
	/* Printable ASCII: 24 upper-case digits for HEX and BINARY; the text of ODD with anything
	 * that is not printable as %XX; "" otherwise. */
	char text[USB_SERIAL_TEXT_MAX];
	/* As probe-rs prints a binary one (hex of its UTF-8 form), "" where it prints the text
	 * itself. */
	char probe_rs[4 * 12 + 1];
};

/* From the units of the string descriptor, each 16 bits. */
void usb_serial_from_units(const uint16_t *units, size_t n, struct usb_serial *ret);
/* From UTF-8, as the kernel keeps it. A unit 0 has cut it short there. */
void usb_serial_from_utf8(const char *text, size_t len, struct usb_serial *ret);

/* Does what a person wrote name it? Case does not matter; probe-rs's spelling counts too. */
bool usb_serial_matches(const struct usb_serial *s, const char *word);

const char *usb_serial_form_name(enum usb_serial_form form); /* "binary" */

#endif
