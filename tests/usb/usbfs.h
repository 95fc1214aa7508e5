/*
 * The part of usbfs that is the same whatever device umockdev plays: transfers that a program
 * submitted, in their order, until it reaps or discards them.
 */
#ifndef SWDOCTOR_TESTS_USBFS_H
#define SWDOCTOR_TESTS_USBFS_H

#include <linux/usbdevice_fs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <umockdev.h>

#define USBFS_URBS_MAX 32

struct usbfs_urb {
	UMockdevIoctlData *data, *buffer;
	bool ended;
	bool wedged; /* not even a discard ends it */
};

struct usbfs_queue {
	struct usbfs_urb urbs[USBFS_URBS_MAX]; /* in the order of submission */
	unsigned n;
};

struct usbdevfs_urb *usbfs_fields(const struct usbfs_urb *u);
/* `len` bytes went over; `bytes` NULL: they are in the buffer already. */
void usbfs_end(struct usbfs_urb *u, int status, const void *bytes, size_t len);

/* Ioctls: 0 or an errno. */
int usbfs_submit(struct usbfs_queue *q, UMockdevIoctlData *arg);
/* EAGAIN: none has ended. */
int usbfs_reap(struct usbfs_queue *q, UMockdevIoctlData *arg);
/* The one that a discard is about; NULL: none that is on its way. */
struct usbfs_urb *usbfs_discarded(struct usbfs_queue *q, UMockdevIoctlData *arg);
int usbfs_capabilities(UMockdevIoctlData *arg);
uint32_t usbfs_word(UMockdevIoctlData *arg); /* that an ioctl's argument points to */

void usbfs_drop_all(struct usbfs_queue *q);

/* The hub that every bus begins with, for umockdev_testbed_add_from_string. */
#define USBFS_ROOT_HUB                                                                             \
	"P: /devices/pci0000:00/0000:00:14.0/usb1\n"                                               \
	"N: bus/usb/001/001\n"                                                                     \
	"E: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: BUSNUM=001\nE: DEVNUM=001\n"                  \
	"E: DEVNAME=/dev/bus/usb/001/001\n"                                                        \
	"A: busnum=1\\n\nA: devnum=1\\n\nA: speed=480\\n\nA: devpath=0\\n\n"                       \
	"A: bConfigurationValue=1\\n\nA: idVendor=1d6b\\n\nA: idProduct=0002\\n\n"                 \
	"H: descriptors=12010002090000406B1D020006010302010109021900010100E0000904000001090000000" \
	"705810304000C\n"

#endif
