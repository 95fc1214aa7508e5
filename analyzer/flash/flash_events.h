/* What a command about flash met, as events for the judge, beside the transactions themselves. */
#ifndef SWDOCTOR_FLASH_EVENTS_H
#define SWDOCTOR_FLASH_EVENTS_H

#include "analyzer/event/event.h"
#include "analyzer/flash/flash_report.h"
#include "probe/transport.h"

/* `packet`: the last transaction's number. A step that failed, and what was tried then. */
void flash_events_tell_fault(const struct flash_fault *f, uint64_t packet, struct events *ev);
void flash_events_tell_try(const struct flash_try *t, uint64_t packet, struct events *ev);
/* Words that went wrong so far without a word of it. */
void flash_events_tell_words(const struct flash_session *s, uint64_t packet, struct events *ev);
/* What is known of the chip, and the last failure, unless it was told above. `packet`: the last
 * transaction's number. */
void flash_events_tell(const struct flash_report *r, uint64_t packet, struct events *ev);
/* The same, and how the chip was left, as marks (event_mark.h) into the trace of the session. */
void flash_events_mark(const struct flash_report *r, struct transport *t);

#endif
