/*
 * The USB descriptors of a probe. Those of a V2 are byte for byte what a real one prints; of the
 * composite probes the order of interfaces is known, their endpoint numbers are a guess that no
 * tool looks at.
 */
#include "probe/sim/usb_desc.h"

#include <string.h>

#include "probe/base/bytes.h"

#define VENDOR_ID 0x0483

struct writer {
	uint8_t *at;
	size_t len;
};

static void put(struct writer *w, const uint8_t *bytes, size_t len)
{
	memcpy(w->at + w->len, bytes, len);
	w->len += len;
}

#define PUT(w, ...)                                                                                \
	put(w, (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))

static void put_interface(struct writer *w, uint8_t number, uint8_t endpoints, uint8_t klass,
			  uint8_t subclass, uint8_t protocol, uint8_t string)
{
	PUT(w, 9, 4, number, 0, endpoints, klass, subclass, protocol, string);
}

static void put_bulk(struct writer *w, uint8_t address, unsigned packet)
{
	PUT(w, 7, 5, address, 2, (uint8_t)packet, (uint8_t)(packet >> 8), 0);
}

static void put_serial_port(struct writer *w, uint8_t first, unsigned packet)
{
	PUT(w, 8, 11, first, 2, 2, 2, 1, 0); /* association */
	put_interface(w, first, 1, 2, 2, 1, 0);
	PUT(w, 5, 0x24, 0, 0x10, 0x01);
	PUT(w, 5, 0x24, 1, 0, (uint8_t)(first + 1));
	PUT(w, 4, 0x24, 2, 2);
	PUT(w, 5, 0x24, 6, first, (uint8_t)(first + 1));
	PUT(w, 7, 5, 0x84, 3, 10, 0, 0x10);
	put_interface(w, (uint8_t)(first + 1), 2, 10, 0, 0, 0);
	put_bulk(w, 0x05, packet);
	put_bulk(w, 0x85, packet);
}

static bool is_composite(const struct probe_row *row)
{
	return row->storage || row->serial_port;
}

static size_t device(const struct probe_row *row, uint8_t *ret)
{
	struct writer w = { .at = ret };
	bool composite = is_composite(row);

	PUT(&w, 18, 1, 0x00, 0x02, composite ? 0xef : 0, composite ? 2 : 0, composite ? 1 : 0, 64,
	    VENDOR_ID & 0xff, VENDOR_ID >> 8, (uint8_t)row->product_id,
	    (uint8_t)(row->product_id >> 8), 0x00, 0x01, 1, 2, 3, 1);
	return w.len;
}

static size_t config(const struct probe_row *row, uint8_t *ret)
{
	struct writer w = { .at = ret };
	uint8_t interfaces = 1;

	PUT(&w, 9, 2, 0, 0, 0, 1, is_composite(row) ? 4 : 0, 0x80,
	    (uint8_t)(row->max_power_ma / 2));
	put_interface(&w, 0, 3, 0xff, 0xff, 0xff, 4);
	put_bulk(&w, row->ep_in, row->packet_bytes);
	put_bulk(&w, row->ep_out, row->packet_bytes);
	put_bulk(&w, row->ep_swo, row->packet_bytes);
	if (row->storage) {
		put_interface(&w, interfaces++, 2, 8, 6, 0x50, 0);
		put_bulk(&w, 0x83, row->packet_bytes);
		put_bulk(&w, 0x03, row->packet_bytes);
	}
	if (row->serial_port) {
		put_serial_port(&w, interfaces, row->packet_bytes);
		interfaces += 2;
	}
	put_le16(ret + 2, (uint16_t)w.len);
	ret[4] = interfaces;
	return w.len;
}

static size_t string(const char *text, uint8_t *ret)
{
	size_t len = strlen(text), i;

	ret[0] = (uint8_t)(2 + 2 * len);
	ret[1] = USB_DESC_STRING;
	for (i = 0; i < len; i++)
		put_le16(ret + 2 + 2 * i, (uint8_t)text[i]);
	return ret[0];
}

size_t usb_desc_get(const struct probe_row *row, const char *serial, uint8_t type, uint8_t index,
		    uint8_t *ret)
{
	static const uint8_t languages[4] = { 4, USB_DESC_STRING, 0x09, 0x04 };

	if (type == USB_DESC_DEVICE)
		return device(row, ret);
	if (type == USB_DESC_CONFIG)
		return index ? 0 : config(row, ret);
	if (type != USB_DESC_STRING)
		return 0;
	switch (index) {
	case 0:
		memcpy(ret, languages, sizeof(languages));
		return sizeof(languages);
	case 1:
		return string("STMicroelectronics", ret);
	case 2:
		return string(row->product, ret);
	case 3:
		return string(serial, ret);
	case 4:
		return string("ST Link", ret);
	default:
		return 0;
	}
}
