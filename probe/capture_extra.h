/*
 * What the packets of our own traces cannot carry, in an option of our own: the outcome as it was,
 * the number underneath, how many bytes were wanted and went, the deadline, the data's endpoint,
 * and which probe it was (0: not known).
 */
#ifndef SWDOCTOR_CAPTURE_EXTRA_H
#define SWDOCTOR_CAPTURE_EXTRA_H

#include "probe/pcap_read.h"
#include "probe/xact.h"

#define CAPTURE_EXTRA_BYTES 24

void capture_extra_write(const struct xact *x, uint16_t vid, uint16_t pid,
			 uint8_t out[CAPTURE_EXTRA_BYTES]);
/* Does this packet bear such an option? */
bool capture_extra_read(const struct pcap_record *r, struct xact *x, uint16_t *ret_vid,
			uint16_t *ret_pid);

#endif
