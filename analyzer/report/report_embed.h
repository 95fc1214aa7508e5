/*
 * A trace that may be given away: the same transactions, written anew without what memory held (a
 * program is somebody's property), without what left the target by SWO, and without descriptors and
 * serial numbers. Statuses, registers, addresses, sizes and times stay.
 */
#ifndef SWDOCTOR_REPORT_EMBED_H
#define SWDOCTOR_REPORT_EMBED_H

#include "probe/base/buf.h"
#include "probe/base/err.h"

struct redact;

/* Reads the capture on fd from its beginning; the bytes of a pcapng file are added to out. `probe`
 * counts from 1; 0: the first one. What its marks say goes through `r`. ERR_LIMIT: it would be
 * longer than max_bytes. */
int report_embed(int fd, unsigned probe, size_t max_bytes, struct redact *r, struct buf *out,
		 struct err *e);

#endif
