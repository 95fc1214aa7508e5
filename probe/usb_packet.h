/*
 * One USB packet of a capture: the headers that Linux (usbmon), Windows (USBPcap) and macOS put
 * before the bytes, read into one shape, and the header that our own traces bear.
 */
#ifndef SWDOCTOR_USB_PACKET_H
#define SWDOCTOR_USB_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/xact.h"

enum usb_link_type {
	USB_LINK_LINUX = 189,	   /* usbmon, 48 bytes */
	USB_LINK_LINUX_MMAP = 220, /* usbmon, 64 bytes */
	USB_LINK_USBPCAP = 249,
	USB_LINK_DARWIN = 266,
};

enum usb_transfer { USB_CONTROL, USB_ISO, USB_BULK, USB_INTERRUPT, USB_TRANSFER_OTHER };

struct usb_packet {
	bool complete; /* false: submitted */
	enum usb_transfer transfer;
	uint64_t id; /* the same in submit and completion */
	uint16_t bus;
	uint16_t device;
	uint8_t ep; /* bit 7: IN */
	/* Completions: what became of it. In a submit XACT_UNKNOWN and 0. */
	enum xact_outcome outcome;
	int native;	   /* as the capture has it: -errno, USBD_STATUS, IOReturn */
	uint32_t want;	   /* submit: bytes asked for or sent; completion: bytes transferred */
	const uint8_t *at; /* the bytes, lent */
	size_t len;
	bool cut;	/* the capture holds fewer bytes than there were */
	bool has_setup; /* of a control transfer */
	uint8_t setup[8];
};

/* How many bytes there were, whatever the capture has kept of them. */
static inline size_t usb_packet_wire_len(const struct usb_packet *u)
{
	return u->cut && u->want > u->len ? u->want : u->len;
}

enum usb_packet_result {
	USB_PACKET_OK,
	USB_PACKET_CUT,	  /* too short for its header */
	USB_PACKET_ODD,	  /* a record of this link type that is no transfer */
	USB_PACKET_ALIEN, /* this link type is not USB */
};

bool usb_link_is_known(uint32_t link_type);

/* wire_len is the length before the capture was cut; big_endian the byte order of the section. */
enum usb_packet_result usb_packet_read(uint32_t link_type, bool big_endian, const uint8_t *at,
				       size_t len, size_t wire_len, struct usb_packet *ret);

#define USB_LINUX_HEAD 64
/* Writes the header of link type 220, little-endian; a bulk transfer of len bytes that follow. */
void usb_packet_write_linux(const struct usb_packet *u, uint64_t time_us,
			    uint8_t out[USB_LINUX_HEAD]);

/* What an errno in a usbmon status (negative) means for a transaction, and the way back. */
enum xact_outcome usb_outcome_of_errno(int status);
int usb_errno_of_outcome(enum xact_outcome o);

#endif
