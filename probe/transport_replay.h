/*
 * A recorded session in place of a probe: answers every transaction as the recording has it, for as
 * long as the session says the same. Where it says something else, ERR_REPLAY names the place.
 * Any capture can be replayed; one of our own traces gives outcomes and codes exactly.
 *
 * Time is the recording's: its clock stands at each transaction's time and moves on by sleeping, so
 * that a replay takes no time and comes out the same every time.
 */
#ifndef SWDOCTOR_TRANSPORT_REPLAY_H
#define SWDOCTOR_TRANSPORT_REPLAY_H

#include "probe/base/clock.h"
#include "probe/pcap_read.h"
#include "probe/transport.h"

/*
 * Reads the whole of `from`. probe: which one of the recording, from 0. ERR_FORMAT for a damaged
 * file, ERR_NOT_FOUND if the recording has no such probe. One that was cut is replayed as far as it
 * goes.
 */
int transport_replay_new(struct pcap_source from, unsigned probe, struct transport **ret,
			 struct err *e);

/* The recording's clock; lives as long as the transport. */
const struct clock *transport_replay_clock(struct transport *t);
/* How many transactions the recording has, and how many of them were replayed. */
size_t transport_replay_len(const struct transport *t);
size_t transport_replay_at(const struct transport *t);
/* The probe's ids in the recording; 0: it does not tell. */
void transport_replay_ids(const struct transport *t, uint16_t *ret_vid, uint16_t *ret_pid);

#endif
