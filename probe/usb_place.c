/* Where a USB device sits, as text and back. */
#include "probe/usb_place.h"

#include <stdio.h>
#include <string.h>

void usb_place_text(const struct usb_place *p, char out[USB_PLACE_TEXT_MAX])
{
	int len = snprintf(out, USB_PLACE_TEXT_MAX, "%u-", p->bus);

	for (unsigned i = 0; i < p->n_ports && i < USB_PORTS_MAX; i++)
		len += snprintf(out + len, USB_PLACE_TEXT_MAX - (size_t)len, i ? ".%u" : "%u",
				p->ports[i]);
}

/* A number from 1 to 255 without leading zeros; *text is moved behind it. */
static bool number(const char **text, uint8_t *ret)
{
	unsigned value = 0;
	const char *at = *text;

	if (*at < '1' || *at > '9')
		return false;
	for (; *at >= '0' && *at <= '9'; at++) {
		value = value * 10 + (unsigned)(*at - '0');
		if (value > 255)
			return false;
	}
	*text = at;
	*ret = (uint8_t)value;
	return true;
}

bool usb_place_parse(const char *text, struct usb_place *ret)
{
	struct usb_place p = { 0 };

	if (!number(&text, &p.bus) || *text++ != '-')
		return false;
	while (p.n_ports < USB_PORTS_MAX) {
		if (!number(&text, &p.ports[p.n_ports++]))
			return false;
		if (!*text) {
			*ret = p;
			return true;
		}
		if (*text++ != '.')
			return false;
	}
	return false;
}

bool usb_place_equal(const struct usb_place *a, const struct usb_place *b)
{
	return a->bus == b->bus && a->n_ports == b->n_ports &&
	       !memcmp(a->ports, b->ports, a->n_ports);
}
