/*
 * Work on numbered items in several processes, results in the order of the items. Processes, not
 * threads: a crash on one hostile item costs that item alone.
 */
#ifndef SWDOCTOR_WORKERS_H
#define SWDOCTOR_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/buf.h"
#include "probe/base/err.h"

struct workers_ops {
	/* In a worker: write what item i yields into ret (empty at first). */
	void (*work)(void *user, size_t i, struct buf *ret);
	/* In the caller: take it. NULL: the worker ended before it was done (signal `died_of`). */
	void (*take)(void *user, size_t i, const struct buf *result, int died_of);
	/*
	 * Workers end by themselves when they are asked to stop (SIGINT, SIGTERM, SIGHUP), and what
	 * they come to then is still taken. Without it a signal ends the caller as it would.
	 */
	bool stops_in_order;
};

/* With one process everything happens in the caller. */
int workers_run(const struct workers_ops *ops, void *user, size_t items, size_t processes,
		struct err *e);

#endif
