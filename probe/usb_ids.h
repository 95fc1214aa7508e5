/*
 * What a USB product id says before a word is exchanged: the generation of an ST-LINK, the
 * endpoints of its debug interface, and whether it can debug at all. Facts and their sources:
 * usb_ids.def.
 */
#ifndef SWDOCTOR_USB_IDS_H
#define SWDOCTOR_USB_IDS_H

#include <stddef.h>
#include <stdint.h>

#define USB_VID_ST 0x0483

/* Generations of the hardware. V3P (STLINK-V3PWR) answers hardware version 4. */
enum stlink_generation {
	STLINK_UNKNOWN,
	STLINK_V1,
	STLINK_V2,
	STLINK_V2_1,
	STLINK_V3,
	STLINK_V3P,
	STLINK_GENERATIONS
};

enum usb_id_kind {
	USB_ID_PROBE,  /* can debug */
	USB_ID_LOADER, /* a probe that waits for firmware and cannot debug */
	USB_ID_OTHER,  /* another device of this maker */
};

struct usb_id {
	uint16_t pid;
	enum stlink_generation generation;
	enum usb_id_kind kind;
	const char *name;
	uint8_t ep_out, ep_in, ep_swo; /* 0: there is none */
	uint16_t packet_bytes;	       /* bulk packet at the device's own speed */
	const char *known_by;	       /* OSYR: OpenOCD, stlink-org, pyOCD, probe-rs */
	const char *remark;	       /* "" where there is nothing to say */
};

extern const struct usb_id usb_ids[];
extern const size_t usb_ids_len;

/* NULL if we know nothing about it. */
const struct usb_id *usb_id_find(uint16_t vid, uint16_t pid);

const char *stlink_generation_name(enum stlink_generation g); /* "V2-1"; "unknown" */

/* Endpoints of the bridge interface of a V3 with bridge firmware. */
#define USB_EP_BRIDGE_OUT 0x06
#define USB_EP_BRIDGE_IN  0x86

#endif
