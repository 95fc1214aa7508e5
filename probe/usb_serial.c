/* Readable serial numbers: see usb_serial.h. */
#include "probe/usb_serial.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define SERIAL_BYTES  12
#define SERIAL_DIGITS 24

static bool all_hex(const uint16_t *units, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (units[i] > 0x7f || !isxdigit(units[i]))
			return false;
	}
	return true;
}

/* All tools take twelve units for the bytes themselves, whatever they look like. */
static bool is_binary(const uint16_t *units, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (units[i] > 0xff)
			return false;
	}
	return n == SERIAL_BYTES;
}

static char *put_hex(char *at, unsigned byte)
{
	static const char digits[] = "0123456789ABCDEF";

	*at++ = digits[byte >> 4 & 15];
	*at++ = digits[byte & 15];
	*at = '\0';
	return at;
}

static void spell_binary(const uint16_t *units, struct usb_serial *ret)
{
	char *at = ret->text, *rs = ret->probe_rs;

	for (size_t i = 0; i < SERIAL_BYTES; i++) {
		at = put_hex(at, units[i]);
		if (units[i] >= 0x80) { /* two bytes of UTF-8 */
			rs = put_hex(rs, 0xc0u | units[i] >> 6);
			rs = put_hex(rs, 0x80u | (units[i] & 0x3fu));
		} else {
			rs = put_hex(rs, units[i]);
		}
	}
	/* From 24 bytes on probe-rs takes the string for text. */
	if (strlen(ret->probe_rs) >= 2 * SERIAL_DIGITS)
		ret->probe_rs[0] = '\0';
}

static void spell_odd(const uint16_t *units, size_t n, struct usb_serial *ret)
{
	char *at = ret->text;

	for (size_t i = 0; i < n; i++) {
		if (units[i] > ' ' && units[i] < 0x7f && units[i] != '%') {
			*at++ = (char)units[i];
		} else {
			*at++ = '%';
			at = put_hex(at, units[i] > 0xff ? '?' : units[i]);
		}
	}
	*at = '\0';
}

void usb_serial_from_units(const uint16_t *units, size_t n, struct usb_serial *ret)
{
	*ret = (struct usb_serial){ .form = USB_SERIAL_ABSENT };
	if (n > USB_SERIAL_UNITS_MAX)
		n = USB_SERIAL_UNITS_MAX;
	if (!n)
		return;
	if (n == SERIAL_DIGITS && all_hex(units, n)) {
		ret->form = USB_SERIAL_HEX;
		for (size_t i = 0; i < n; i++)
			ret->text[i] = (char)toupper(units[i]);
	} else if (is_binary(units, n)) {
		ret->form = USB_SERIAL_BINARY;
		spell_binary(units, ret);
	} else {
		ret->form = USB_SERIAL_ODD;
		spell_odd(units, n, ret);
	}
}

/* The next unit of UTF-8; bytes that are none stand for themselves. Only U+0000 to U+FFFF matter.
 */
static uint16_t next_unit(const char **at, const char *end)
{
	const uint8_t *p = (const uint8_t *)*at;
	size_t left = (size_t)(end - *at);

	if ((p[0] & 0xe0) == 0xc0 && left > 1 && (p[1] & 0xc0) == 0x80) {
		*at += 2;
		return (uint16_t)((p[0] & 0x1f) << 6 | (p[1] & 0x3f));
	}
	if ((p[0] & 0xf0) == 0xe0 && left > 2 && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80) {
		*at += 3;
		return (uint16_t)((p[0] & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f));
	}
	*at += 1;
	return p[0];
}

void usb_serial_from_utf8(const char *text, size_t len, struct usb_serial *ret)
{
	uint16_t units[USB_SERIAL_UNITS_MAX];
	const char *end = text + len;
	size_t n = 0;

	while (text < end && n < USB_SERIAL_UNITS_MAX)
		units[n++] = next_unit(&text, end);
	usb_serial_from_units(units, n, ret);
}

bool usb_serial_matches(const struct usb_serial *s, const char *word)
{
	return (*s->text && !strcasecmp(s->text, word)) ||
	       (*s->probe_rs && !strcasecmp(s->probe_rs, word));
}

const char *usb_serial_form_name(enum usb_serial_form form)
{
	switch (form) {
	case USB_SERIAL_ABSENT:
		return "absent";
	case USB_SERIAL_HEX:
		return "hex";
	case USB_SERIAL_BINARY:
		return "binary";
	case USB_SERIAL_ODD:
		return "odd";
	case USB_SERIAL_UNKNOWN:
		break;
	}
	return "unknown";
}
