/*
 * How a program reaches the bench: messages over a stream socket, and one page of shared memory
 * with the clock. Both lie in a folder whose name is in the environment (PROTO_FOLDER). Used by the
 * replacement for libusb, by the preloaded clock and by our own transport; the two sides are built
 * together, so there is no version to agree on.
 *
 * Every request gets one reply. Data follow their header.
 */
#ifndef SWDOCTOR_SIM_PROTO_H
#define SWDOCTOR_SIM_PROTO_H

#include <stdatomic.h>
#include <stdint.h>

#define PROTO_FOLDER "SWDOCTOR_SIM_FOLDER"
#define PROTO_SOCKET "socket"
#define PROTO_CLOCK  "clock"

enum proto_op {
	PROTO_STATE,	  /* what is on the bus; reply data: struct proto_state */
	PROTO_DESCRIPTOR, /* as the host knows it since enumeration: takes no time */
	PROTO_OPEN,
	PROTO_CLOSE,
	PROTO_CLAIM, /* of interface `index` */
	PROTO_RELEASE,
	PROTO_TRANSFER,
	PROTO_CLEAR_HALT,
	PROTO_RESET
};

enum proto_result { /* usb_result of the bench, and what the host's system says */
		    PROTO_DONE,
		    PROTO_NAK,
		    PROTO_STALL,
		    PROTO_TIMEOUT,
		    PROTO_OVERFLOW,
		    PROTO_GONE,
		    PROTO_DENIED,
		    PROTO_BUSY,
		    PROTO_NOT_FOUND
};

#define PROTO_TURN     1u /* the host waited for the transfer before this one */
#define PROTO_BLOCKING 2u /* it waits for this one: nothing to fetch means a timeout */

struct proto_request {
	uint32_t op;
	uint32_t plug; /* the appearance on the bus that the handle belongs to */
	uint8_t endpoint, index, type, flags;
	uint8_t setup[8];
	uint32_t timeout_ms; /* 0: for ever */
	uint32_t len;	     /* bytes to send (they follow), or room for the reply's data */
};

struct proto_reply {
	uint32_t result;
	uint32_t len; /* bytes of the reply's data (they follow), or bytes that were sent */
};

struct proto_state {
	uint32_t plugged;
	uint32_t plug; /* counts appearances, from 1 */
	uint32_t high_speed;
};

/* Nanoseconds since the bench was switched on. Who waits adds; the bench adds what a transfer
 * takes. */
struct proto_clock {
	_Atomic uint64_t now_ns;
	uint64_t wall_at_zero_us; /* time of day at 0 */
	uint64_t boot_at_zero_ns; /* CLOCK_MONOTONIC at 0 */
};

#endif
