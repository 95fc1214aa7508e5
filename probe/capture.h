/*
 * A USB capture as transactions: which devices in it are ST-LINKs, and what each was told and
 * answered. Devices are known by their descriptors, or by what is said to them where the capture
 * began after they were plugged in. Our own traces are captures like any other.
 */
#ifndef SWDOCTOR_CAPTURE_H
#define SWDOCTOR_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/base/err.h"
#include "probe/pcap_read.h"
#include "probe/usb_ids.h"
#include "probe/xact.h"

struct capture_probe {
	unsigned index; /* from 0, in the order in which they were seen to be probes */
	uint16_t bus, device;
	uint16_t vid, pid;	 /* 0: the capture holds no descriptor of it */
	const struct usb_id *id; /* NULL: not known */
	uint8_t ep_out, ep_in, ep_swo;
};

struct capture_xact {
	struct xact x;			   /* data is lent for the call; at_us is the time of day */
	uint64_t number;		   /* from 1, over all probes, by when they ended */
	uint64_t packet, last_packet;	   /* as Wireshark counts */
	const struct capture_probe *probe; /* lives as long as capture_read runs */
};

struct capture_sink {
	void (*xact)(void *user, const struct capture_xact *x);
	/* A mark of our own traces, before the transaction that begins with `packet`. May be NULL.
	 */
	void (*mark)(void *user, uint64_t packet, uint64_t at_us, const char *text, size_t len);
	void *user;
};

struct capture_stats {
	uint64_t packets; /* all */
	uint64_t alien;	  /* of a link type that is not USB */
	uint64_t odd;	  /* USB records that are no transfers, or cut inside their header */
	uint64_t others;  /* of devices that are no ST-LINK */
	uint64_t copies;  /* seen twice, on two interfaces */
	uint64_t xacts;
	unsigned probes;
	bool cut; /* the file ended inside a record, at this offset */
	uint64_t cut_offset;
};

/*
 * Reads to the end. ERR_FORMAT: damage, with its offset (what was read before it has gone to the
 * sink), or no USB in it. *ret is filled in either case.
 */
int capture_read(struct pcap *p, const struct capture_sink *sink, struct capture_stats *ret,
		 struct err *e);

#endif
