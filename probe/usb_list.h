/*
 * The ST-LINKs of this machine, found without opening any of them: what libusb and the system's
 * files (sysfs, /dev, /proc) tell. Opening devices that one was not asked for disturbs their users.
 */
#ifndef SWDOCTOR_USB_LIST_H
#define SWDOCTOR_USB_LIST_H

#include <stdbool.h>
#include <sys/types.h>

#include "probe/transport_usb.h"

/* Where the system's files are; tests have their own. */
struct usb_roots {
	const char *sys, *dev, *proc;
};

extern const struct usb_roots usb_roots_system;

#define USB_NAME_MAX 64

struct usb_entry {
	struct usb_device dev;
	const struct usb_id *id;
	struct usb_serial serial;
	bool serial_shared;	   /* another probe has the same: choose it by place */
	char node[64];		   /* "/dev/bus/usb/001/005" */
	bool node_missing;	   /* the system made none: a container, perhaps */
	bool denied;		   /* it may not be opened */
	char driver[USB_NAME_MAX]; /* what has claimed the debug interface: "usbfs" is a program; ""
				    */
	pid_t holder;		   /* a process that has it open; 0: none that we may see */
	char holder_name[USB_NAME_MAX];
};

struct usb_list {
	struct usb_entry *entries; /* by place */
	size_t n;
};

/* The list is the caller's, done with usb_list_done. ERR_USB, ERR_NO_MEMORY: libusb could not look
 * around. */
int usb_list_read(const struct usb_roots *roots, struct usb_list *ret, struct err *e);
void usb_list_done(struct usb_list *list);

/* May somebody else be using it? */
static inline bool usb_entry_is_held(const struct usb_entry *entry)
{
	return entry->holder || *entry->driver;
}

#define USB_UDEV_LINE_MAX 160
/* The udev rule that gives the user at the machine access. */
void usb_entry_udev_line(const struct usb_entry *entry, char out[USB_UDEV_LINE_MAX]);

#endif
