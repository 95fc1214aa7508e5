/*
 * Recording what another tool says to its probe: the pass-through libusb (probe/preload/) is put
 * before the tool's own, and what it wrote is read back.
 */
#ifndef SWDOCTOR_RUN_TRACE_H
#define SWDOCTOR_RUN_TRACE_H

#include "analyzer/event/event.h"
#include "probe/base/buf.h"
#include "probe/base/err.h"

/*
 * Begins an empty trace and changes the environment so that programs started from now on are
 * recorded. *ret_path: the trace's full name. ERR_NOT_FOUND if the pass-through library is not
 * where it should be.
 */
int run_trace_begin(const char *file, struct buf *ret_path, struct err *e);

/*
 * Adds what was recorded, behind the log whose last line is `line`. *ret_transactions: how many
 * there were; 0 if the tool did not use libusb, or met no ST-LINK.
 */
int run_trace_read(const char *path, uint64_t line, struct events *ev, uint64_t *ret_transactions,
		   struct err *e);

#endif
