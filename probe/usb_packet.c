/* Headers of USB captures. Facts: libpcap's usb.h, the USBPcap page of desowin.org, Apple's IOUSB.
 */
#include <errno.h>
#include <string.h>

#include "probe/usb_packet.h"
#include "probe/base/bytes.h"

#define LINUX_HEAD_SHORT 48
#define LINUX_ISO_DESC	 16
#define USBPCAP_HEAD	 27
#define DARWIN_HEAD	 32

bool usb_link_is_known(uint32_t link_type)
{
	return link_type == USB_LINK_LINUX || link_type == USB_LINK_LINUX_MMAP ||
	       link_type == USB_LINK_USBPCAP || link_type == USB_LINK_DARWIN;
}

struct status_row {
	int status;
	enum xact_outcome outcome;
};

/* Linux: a host's own timeout shows as a transfer that it unlinked. */
static const struct status_row linux_rows[] = {
	{ 0, XACT_OK },
	{ -ENOENT, XACT_TIMEOUT },
	{ -ECONNRESET, XACT_TIMEOUT },
	{ -ETIMEDOUT, XACT_TIMEOUT },
	{ -EPIPE, XACT_STALL },
	{ -EREMOTEIO, XACT_SHORT },
	{ -ENODEV, XACT_GONE },
	{ -ESHUTDOWN, XACT_GONE },
};

/* USBD_STATUS of Windows. */
static const struct status_row windows_rows[] = {
	{ 0, XACT_OK },
	{ (int)0xc0000004, XACT_STALL },
	{ (int)0xc0000005, XACT_GONE },
	{ (int)0xc0000009, XACT_SHORT },
	{ (int)0xc0006000, XACT_TIMEOUT },
	{ (int)0xc0007000, XACT_GONE },
	{ (int)0xc0010000, XACT_TIMEOUT },
};

/* IOReturn of macOS. */
static const struct status_row darwin_rows[] = {
	{ 0, XACT_OK },
	{ (int)0xe000404f, XACT_STALL },
	{ (int)0xe00002eb, XACT_TIMEOUT },
	{ (int)0xe0004051, XACT_TIMEOUT },
	{ (int)0xe00002d6, XACT_TIMEOUT },
	{ (int)0xe00002ed, XACT_GONE },
	{ (int)0xe00002c0, XACT_GONE },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static enum xact_outcome find_outcome(const struct status_row *rows, size_t n, int status)
{
	for (size_t i = 0; i < n; i++) {
		if (rows[i].status == status)
			return rows[i].outcome;
	}
	return XACT_USB_ERROR;
}

enum xact_outcome usb_outcome_of_errno(int status)
{
	return find_outcome(linux_rows, COUNT(linux_rows), status);
}

int usb_errno_of_outcome(enum xact_outcome o)
{
	static const int status[XACT_OUTCOMES] = {
		[XACT_OK] = 0,
		[XACT_TIMEOUT] = -ETIMEDOUT,
		[XACT_STALL] = -EPIPE,
		[XACT_SHORT] = -EREMOTEIO,
		[XACT_GONE] = -ENODEV,
		[XACT_USB_ERROR] = -EPROTO,
		[XACT_UNKNOWN] = -EINPROGRESS,
	};

	return o < XACT_OUTCOMES ? status[o] : -EPROTO;
}

/* The bytes after the header; fewer than the header promises: the capture is cut. */
static void set_bytes(struct usb_packet *u, const uint8_t *at, size_t len, size_t head,
		      size_t promised, size_t wire_len)
{
	size_t there = len - head;

	u->at = at + head;
	u->len = there < promised ? there : promised;
	u->cut = u->len < promised || wire_len > len;
}

static enum usb_packet_result read_linux(bool big_endian, const uint8_t *at, size_t len,
					 size_t wire_len, size_t head, struct usb_packet *u)
{
	static const enum usb_transfer transfers[] = { USB_ISO, USB_INTERRUPT, USB_CONTROL,
						       USB_BULK };
	uint32_t captured, n_iso = 0;
	int status;

	if (len < head)
		return USB_PACKET_CUT;
	u->id = big_endian ? (uint64_t)get_be32(at) << 32 | get_be32(at + 4) : get_le64(at);
	if (at[8] != 'S' && at[8] != 'C' && at[8] != 'E')
		return USB_PACKET_ODD;
	u->complete = at[8] != 'S';
	u->transfer = at[9] < COUNT(transfers) ? transfers[at[9]] : USB_TRANSFER_OTHER;
	u->ep = at[10];
	u->device = at[11];
	u->bus = big_endian ? get_be16(at + 12) : get_le16(at + 12);
	u->has_setup = at[14] == 0 && u->transfer == USB_CONTROL;
	status = (int)(big_endian ? get_be32(at + 28) : get_le32(at + 28));
	u->outcome = u->complete ? usb_outcome_of_errno(status) : XACT_UNKNOWN;
	u->native = u->complete ? status : 0;
	u->want = big_endian ? get_be32(at + 32) : get_le32(at + 32);
	captured = big_endian ? get_be32(at + 36) : get_le32(at + 36);
	memcpy(u->setup, at + 40, sizeof(u->setup));
	if (u->transfer == USB_ISO && head == USB_LINUX_HEAD)
		n_iso = big_endian ? get_be32(at + 60) : get_le32(at + 60);
	if (n_iso > (len - head) / LINUX_ISO_DESC)
		return USB_PACKET_CUT;
	head += (size_t)n_iso * LINUX_ISO_DESC;
	set_bytes(u, at, len, head, at[15] == 0 ? captured : 0, wire_len);
	/* The capture itself can have kept less than the transfer's bytes. */
	if (at[15] == 0 && captured < u->want && (u->complete || !(u->ep & 0x80)))
		u->cut = true;
	return USB_PACKET_OK;
}

static enum usb_packet_result read_usbpcap(const uint8_t *at, size_t len, size_t wire_len,
					   struct usb_packet *u)
{
	static const enum usb_transfer transfers[] = { USB_ISO, USB_INTERRUPT, USB_CONTROL,
						       USB_BULK };
	size_t head;
	uint8_t stage = 0xff;
	int status;

	if (len < USBPCAP_HEAD)
		return USB_PACKET_CUT;
	head = get_le16(at);
	if (head < USBPCAP_HEAD)
		return USB_PACKET_ODD;
	if (head > len)
		return USB_PACKET_CUT;
	u->id = get_le64(at + 2);
	status = (int)get_le32(at + 10);
	u->complete = at[16] & 1;
	u->bus = get_le16(at + 17);
	u->device = get_le16(at + 19);
	u->ep = at[21];
	if (at[22] >= COUNT(transfers))
		return USB_PACKET_ODD;
	u->transfer = transfers[at[22]];
	u->want = get_le32(at + 23);
	u->outcome = u->complete ? find_outcome(windows_rows, COUNT(windows_rows), status)
				 : XACT_UNKNOWN;
	u->native = u->complete ? status : 0;
	if (u->transfer == USB_CONTROL && head > USBPCAP_HEAD)
		stage = at[USBPCAP_HEAD];
	set_bytes(u, at, len, head, u->want, wire_len);
	if (stage == 0 && u->len >= sizeof(u->setup)) {
		u->has_setup = true;
		memcpy(u->setup, u->at, sizeof(u->setup));
		u->at += sizeof(u->setup);
		u->len -= sizeof(u->setup);
		u->want -= (uint32_t)sizeof(u->setup);
	}
	return USB_PACKET_OK;
}

static enum usb_packet_result read_darwin(const uint8_t *at, size_t len, size_t wire_len,
					  struct usb_packet *u)
{
	static const enum usb_transfer transfers[] = { USB_CONTROL, USB_ISO, USB_BULK,
						       USB_INTERRUPT };
	size_t head;
	int status;

	if (len < DARWIN_HEAD)
		return USB_PACKET_CUT;
	head = at[2];
	if (head < DARWIN_HEAD)
		return USB_PACKET_ODD;
	if (head > len)
		return USB_PACKET_CUT;
	u->complete = at[3] == 1;
	u->want = get_le32(at + 4);
	status = (int)get_le32(at + 8);
	u->id = get_le64(at + 16);
	u->bus = at[27];
	u->device = at[29];
	u->ep = at[30];
	u->transfer = at[31] < COUNT(transfers) ? transfers[at[31]] : USB_TRANSFER_OTHER;
	u->outcome =
		u->complete ? find_outcome(darwin_rows, COUNT(darwin_rows), status) : XACT_UNKNOWN;
	u->native = u->complete ? status : 0;
	if (u->transfer == USB_CONTROL && !u->complete && len - head >= sizeof(u->setup)) {
		u->has_setup = true;
		memcpy(u->setup, at + head, sizeof(u->setup));
		head += sizeof(u->setup);
	}
	/* Only OUT submits and IN completions hold data. */
	set_bytes(u, at, len, head, u->complete == !!(u->ep & 0x80) ? u->want : 0, wire_len);
	return USB_PACKET_OK;
}

enum usb_packet_result usb_packet_read(uint32_t link_type, bool big_endian, const uint8_t *at,
				       size_t len, size_t wire_len, struct usb_packet *ret)
{
	struct usb_packet u = { 0 };
	enum usb_packet_result result;

	switch (link_type) {
	case USB_LINK_LINUX:
		result = read_linux(big_endian, at, len, wire_len, LINUX_HEAD_SHORT, &u);
		break;
	case USB_LINK_LINUX_MMAP:
		result = read_linux(big_endian, at, len, wire_len, USB_LINUX_HEAD, &u);
		break;
	case USB_LINK_USBPCAP:
		result = read_usbpcap(at, len, wire_len, &u);
		break;
	case USB_LINK_DARWIN:
		result = read_darwin(at, len, wire_len, &u);
		break;
	default:
		return USB_PACKET_ALIEN;
	}
	if (result == USB_PACKET_OK)
		*ret = u;
	return result;
}

void usb_packet_write_linux(const struct usb_packet *u, uint64_t time_us,
			    uint8_t out[USB_LINUX_HEAD])
{
	bool in = u->ep & 0x80;
	bool has_data = u->complete == in;

	memset(out, 0, USB_LINUX_HEAD);
	put_le64(out, u->id);
	out[8] = u->complete ? 'C' : 'S';
	out[9] = 3;
	out[10] = u->ep;
	out[11] = (uint8_t)u->device;
	put_le16(out + 12, u->bus);
	out[14] = '-';
	out[15] = has_data ? 0 : in ? '<' : '>';
	put_le64(out + 16, time_us / 1000000);
	put_le32(out + 24, (uint32_t)(time_us % 1000000));
	put_le32(out + 28,
		 (uint32_t)(u->complete ? usb_errno_of_outcome(u->outcome) : -EINPROGRESS));
	put_le32(out + 32, u->want);
	put_le32(out + 36, has_data ? (uint32_t)u->len : 0);
}
