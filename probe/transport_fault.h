/*
 * A wrapper around another transport that makes transactions fail on purpose: the nth one, or by
 * chance from a seed, in every way in which a cable, a probe or a wire fails. It is put under the
 * trace, so that what it does is written down like anything else.
 *
 * Some kinds fit some transactions only: SHORT and REPLY_LOST need a reply, a status one that has a
 * status, CORRUPT_READ and CORRUPT_WRITE data of memory. `nth` counts the transactions that fit.
 */
#ifndef SWDOCTOR_TRANSPORT_FAULT_H
#define SWDOCTOR_TRANSPORT_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/base/clock.h"
#include "probe/transport.h"

enum fault_kind {
	FAULT_REQUEST_LOST,  /* timeout; the probe never saw the command */
	FAULT_REPLY_LOST,    /* timeout; the command was carried out */
	FAULT_STALL,	     /* the probe did not take the command */
	FAULT_SHORT,	     /* half of the reply came */
	FAULT_USB_ERROR,     /* the command was carried out, the reply was garbled on the cable */
	FAULT_STATUS,	     /* carried out, but answered with another status */
	FAULT_REFUSED,	     /* not carried out, answered with that status */
	FAULT_CORRUPT_READ,  /* a bit of what was read from memory is wrong, and nobody says so */
	FAULT_CORRUPT_WRITE, /* a bit of what was to be written is wrong, and nobody says so */
	FAULT_GONE,	     /* the probe leaves the bus before the command, until it is reopened */
	FAULT_KINDS
};

struct fault_plan {
	enum fault_kind kind;
	unsigned nth;	      /* from 1; 0: by chance */
	unsigned per_million; /* chance of each transaction that fits, if nth is 0 */
	bool stays;	      /* from then on all that fit fail */
	unsigned times;	      /* so many in a row; 0: one */
	uint32_t seed;
	uint8_t status; /* for FAULT_STATUS and FAULT_REFUSED; 0: AP_WAIT */
};

const char *fault_kind_name(enum fault_kind kind); /* "reply-lost" */
/* "kind=status,status=0x10,nth=5,times=3,stays,seed=1,ppm=1000" */
int fault_plan_parse(const char *text, struct fault_plan *ret, struct err *e);

/* *ret owns inner. clock: timeouts pass on it. */
int transport_fault_new(struct transport *inner, const struct fault_plan *plan,
			const struct clock *clock, struct transport **ret, struct err *e);
/* How many transactions failed on purpose so far, and how many fitted. */
unsigned transport_fault_fired(const struct transport *t);
unsigned transport_fault_seen(const struct transport *t);

#endif
