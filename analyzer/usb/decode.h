/*
 * Transactions to events: what crossed the cable becomes the same vocabulary as what a log says,
 * with packet numbers for lines and decoded transactions for text. One decoder for each probe. It
 * judges nothing; but it waits with what many tools bring about on purpose (an access port or a
 * register that is not there, a core found locked up) until it is clear that the session did not
 * get over it.
 */
#ifndef SWDOCTOR_DECODE_H
#define SWDOCTOR_DECODE_H

#include "analyzer/event/event.h"
#include "probe/capture.h"
#include "probe/stlink_decode.h"

struct decode;

struct decode *decode_new(struct events *ev); /* ev must outlive it */
void decode_free(struct decode *d);	      /* NULL is fine */

/* The probe's ids where they are known before anything is said. */
void decode_ids(struct decode *d, uint16_t vid, uint16_t pid, uint64_t packet);
/* One transaction; packet numbers must not fall over all decoders of one event store. */
void decode_xact(struct decode *d, const struct xact *x, const struct stlink_said *said,
		 uint64_t packet);
/* The session ends: what was waited with is told. */
void decode_end(struct decode *d);

#define DECODE_PROBES_MAX 64 /* of one capture; further ones are not looked at */

/*
 * A whole capture, with what its marks say (event_mark.h): all probes in it, or only one (from 1;
 * 0: all). ERR_NOT_FOUND if it has fewer. ERR_FORMAT for damage, with its offset, and for a capture
 * without USB; what was read before has gone to ev. *ret is filled in either case.
 */
int decode_capture(struct pcap_source from, unsigned probe, struct events *ev,
		   struct capture_stats *ret, struct err *e);
/* The same of the nth trace (from 1) beside a log whose last line is this: see struct event. */
int decode_capture_beside(struct pcap_source from, uint64_t line, unsigned trace, struct events *ev,
			  struct capture_stats *ret, struct err *e);

#endif
