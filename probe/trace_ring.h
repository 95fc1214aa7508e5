/*
 * The traces of the last runs, and the logs of other tools' runs, kept without being asked for, in
 * a folder of the user: so many files, so many bytes; the oldest go first. One that is still being
 * written (it is locked) stays.
 */
#ifndef SWDOCTOR_TRACE_RING_H
#define SWDOCTOR_TRACE_RING_H

#include <stdint.h>

#include "probe/base/buf.h"
#include "probe/base/clock.h"
#include "probe/base/err.h"

struct trace_ring {
	const char *folder; /* made if it is not there */
	unsigned max_files;
	uint64_t max_bytes; /* of all files together */
};

#define TRACE_RING_FILES      16
#define TRACE_RING_BYTES      (128ULL << 20)
#define TRACE_RING_FILE_BYTES (32ULL << 20) /* the limit of a single trace in the ring */

/* What a file is, by how its name ends. */
#define TRACE_RING_TRACE ".pcapng"
#define TRACE_RING_LOG	 ".log"

/* $XDG_STATE_HOME/swdoctor/traces, or ~/.local/state/...; ERR_NOT_FOUND without a home. */
int trace_ring_folder(struct buf *ret, struct err *e);

/*
 * Removes the oldest files until another one fits, and begins a new one of the kind. *ret_fd is
 * open for appending and locked; its path is put into `path`.
 */
int trace_ring_begin(const struct trace_ring *ring, const char *kind, const struct clock *clock,
		     int *ret_fd, struct buf *path, struct err *e);

/*
 * The path of the newest trace or log in the folder; ERR_NOT_FOUND: there is none. If it is a trace
 * and the file before it the log of the same process, that one's path is put into `ret_log`.
 */
int trace_ring_newest(const char *folder, struct buf *ret, struct buf *ret_log, struct err *e);

#endif
