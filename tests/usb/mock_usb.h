/*
 * An ST-LINK/V2 behind the real libusb: umockdev's stand-in for the kernel's usbfs, with an ioctl
 * handler that can do what a recording cannot (stall, answer late or never, answer short, leave the
 * bus, be claimed by somebody else). The program that uses it must have umockdev preloaded:
 * mock_usb_enter sees to that.
 *
 * The handler runs in a thread of its own. Change what fails between two transactions only.
 */
#ifndef SWDOCTOR_TESTS_MOCK_USB_H
#define SWDOCTOR_TESTS_MOCK_USB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mock_fault {
	MOCK_FINE,
	MOCK_STALL_COMMAND, /* the OUT endpoint halts */
	MOCK_STALL_REPLY,   /* the IN endpoint halts */
	MOCK_SILENT,	    /* the command is taken, no reply ever comes */
	MOCK_DEAF,	    /* the command is not even taken */
	MOCK_LATE,	    /* the reply comes when nobody waits for it any more */
	MOCK_SHORT,	    /* half of the reply comes */
	MOCK_BABBLE,	    /* more comes than was asked for */
	MOCK_LINE_ERROR,    /* -EPROTO */
	MOCK_GONE,	    /* leaves the bus */
	MOCK_WEDGED,	    /* the system does not give a transfer back */
	MOCK_FAULTS
};

struct mock_usb;

/* Starts the program again with umockdev preloaded if it is not. */
void mock_usb_enter(char **argv);

struct mock_usb *mock_usb_new(void);
/* A second one on the same bus, at "1-3"; it is freed before the first. */
struct mock_usb *mock_usb_beside(struct mock_usb *first);
void mock_usb_free(struct mock_usb *m);

/* Plug the device in at "1-2" with this serial string (any bytes, as the kernel would show it). */
void mock_usb_plug(struct mock_usb *m, uint16_t pid, const char *serial);
/* Another device at "1-PORTS" that is listed and cannot be talked to. */
void mock_usb_add_dead(struct mock_usb *m, const char *ports, unsigned address, uint16_t pid,
		       const char *serial);
void mock_usb_unplug(struct mock_usb *m);
/* From now on only root may open it. */
void mock_usb_forbid(struct mock_usb *m);
const char *mock_usb_node(const struct mock_usb *m); /* in the real file system */
const char *mock_usb_root(const struct mock_usb *m); /* holds the stand-ins for /sys and /dev */

/* From now on the nth command (from 1) meets the fault, once. */
void mock_usb_fail(struct mock_usb *m, unsigned nth, enum mock_fault fault);
void mock_usb_claimed_elsewhere(struct mock_usb *m, bool claimed);

/* What reached the device since it was plugged in. */
unsigned mock_usb_commands(struct mock_usb *m);
unsigned mock_usb_resets(struct mock_usb *m);
unsigned mock_usb_halts_cleared(struct mock_usb *m);
/* The bytes that came in the place of a command but are none: a torn write. */
unsigned mock_usb_strays(struct mock_usb *m);

#endif
