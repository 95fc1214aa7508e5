/*
 * A replacement for libusb-1.0: the same functions, in front of a bench instead of the kernel.
 * Programs find it by LD_LIBRARY_PATH under the name libusb-1.0.so.0 and notice nothing.
 *
 * A submitted transfer is carried out as soon as the program looks for events or does anything
 * else that needs the bench; several that were submitted together go to it in one message. An IN
 * transfer that finds nothing to fetch waits: for a later command to bring something, or for its
 * timeout, which passes on the bench's clock.
 *
 * Files: usb_link.c (messages to the bench), usb_context.c, usb_device.c, usb_config.c
 * (descriptors), usb_sync.c, usb_async.c (transfers and events), usb_loop.c (programs that wait for
 * events themselves), usb_hotplug.c, usb_words.c,
 * usb_rest.c (functions that say no).
 */
#ifndef SWDOCTOR_SIM_LIBUSB_USB_H
#define SWDOCTOR_SIM_LIBUSB_USB_H

#include <pthread.h>
#include <stdbool.h>

#include <libusb.h>

#include "probe/sim/proto.h"

#define NS_PER_MS ((uint64_t)1000000)

#define USB_CALLBACKS_MAX  16
#define USB_INTERFACES_MAX 32

struct libusb_device {
	libusb_context *ctx;
	int refs;
	uint32_t plug;
	bool high_speed;
};

struct libusb_device_handle {
	libusb_device *dev;
	uint32_t claimed; /* a bit for each interface */
};

struct pending { /* what libusb_alloc_transfer really allocates */
	struct pending *next;
	enum { PENDING_IDLE, PENDING_SUBMITTED, PENDING_WAITING, PENDING_DONE } state;
	uint64_t deadline_ns; /* 0: none */
	struct libusb_transfer transfer;
};

struct hotplug {
	bool used;
	libusb_hotplug_callback_handle handle;
	int events;
	int vendor, product, klass;
	libusb_hotplug_callback_fn callback;
	void *user;
};

struct libusb_context {
	pthread_mutex_t lock;	    /* of everything here; recursive */
	pthread_mutex_t event_lock; /* what libusb_lock_events takes */
	int fd;			    /* the bench, or -1 */
	int event_fd;		    /* readable while something is done */
	struct proto_clock *clock;  /* NULL without a bench */
	struct pending *submitted, *waiting, *done;
	uint8_t *received; /* bytes from the bench that nobody took yet */
	size_t received_from, received_to;
	bool handling;
	uint32_t seen_plug; /* for hot-plug callbacks: the device they know of, 0 none */
	struct hotplug hotplug[USB_CALLBACKS_MAX];
	int next_hotplug;
	libusb_device *device; /* the present appearance, or NULL */
};

/* The context that NULL stands for. */
libusb_context *usb_context(libusb_context *ctx);

/* usb_link.c: 0 or a libusb error. */
int usb_link_open(libusb_context *ctx);
void usb_link_close(libusb_context *ctx);

struct link_item {
	struct proto_request request;
	const void *send; /* request.len bytes, or NULL */
	void *receive;	  /* room for request.len bytes, or NULL */
	enum proto_result result;
	size_t len; /* bytes sent or received */
};
/* Several requests in one go. */
void usb_link_ask_all(libusb_context *ctx, struct link_item *items, size_t n);
enum proto_result usb_link_ask(libusb_context *ctx, struct proto_request *r, const void *send,
			       void *receive, size_t *ret_len);
int usb_link_error(enum proto_result result);
bool usb_link_state(libusb_context *ctx, struct proto_state *ret);
int usb_link_descriptor(libusb_device *dev, uint8_t type, uint8_t index, uint8_t *ret, size_t size);
uint64_t usb_link_now(const libusb_context *ctx);
void usb_link_pass(libusb_context *ctx, uint64_t ns);

/* usb_async.c: carry out what was submitted, before something else reaches the bench. */
void usb_async_flush(libusb_context *ctx);

/* The device that is on the bus now, with a reference for the caller; NULL: none. */
libusb_device *usb_device_now(libusb_context *ctx);

/* usb_hotplug.c */
void usb_hotplug_look(libusb_context *ctx);

#endif
