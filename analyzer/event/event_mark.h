/*
 * An event as a mark in a trace, and back: what an examination or a flash run concluded stands in
 * its trace between the transactions, so that whoever reads the trace later judges by the same
 * events.
 *
 *     [link.try how="normal" khz=1800 tries=4 worked=0] 4 sessions at 1800 kHz: none worked
 */
#ifndef SWDOCTOR_EVENT_MARK_H
#define SWDOCTOR_EVENT_MARK_H

#include "analyzer/event/event.h"
#include "probe/base/buf.h"

void event_mark_write(const struct event *e, struct buf *out);

struct event_mark {
	struct event e; /* kind, values, text; the place is the caller's */
	char text[EVENT_TEXT_MAX + 1];
	char values[EVENT_FIELDS_MAX][EVENT_TEXT_MAX + 1];
};

/* False: an ordinary mark, or one that names what is no event or no field; *ret is then undefined.
 */
bool event_mark_read(const char *mark, size_t len, struct event_mark *ret);

#endif
