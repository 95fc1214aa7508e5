/*
 * One user of a probe at a time. A lock is a file that is flock'ed for as long as the probe is open
 * and that says in plain text who holds it:
 *
 *	pid 4711
 *	since 2026-11-24T10:00:01Z
 *	why swdoctor flash app.elf
 *
 * The kernel drops the lock with its process, so nothing stale is left behind by a crash. It is
 * advisory: other tools do not know of it. The files stay; they are shared by all users of the
 *machine.
 */
#ifndef SWDOCTOR_LOCK_H
#define SWDOCTOR_LOCK_H

#include <stdbool.h>
#include <sys/types.h>

#include "probe/deadline.h"

struct lock {
	int fd;
};

#define LOCK_NONE                                                                                  \
	{                                                                                          \
		.fd = -1                                                                           \
	} /* how a struct lock begins */

struct lock_record {
	pid_t pid;	/* 0: the file does not say */
	char since[24]; /* UTC */
	char why[128];
};

/* The folder for locks: SWDOCTOR_LOCK_DIR, else /run/lock, else /tmp. */
const char *lock_dir(void);

/*
 * Take the lock NAME (a file name, "usb-1-2.3") in the folder. While somebody else holds it, wait
 * for at most wait_ms; d (may be NULL) can end the wait sooner. ERR_BUSY if it is taken and nobody
 * wanted to wait, ERR_LOCK_WAIT if the wait was in vain (native: the holder's pid), ERR_IO if there
 * can be no file.
 */
int lock_take(struct lock *l, const char *dir, const char *name, const char *why,
	      const struct clock *clock, unsigned wait_ms, const struct deadline *d, struct err *e);

/* True if somebody holds it now; ret (may be NULL) then says who. Never waits, creates nothing. */
bool lock_peek(const char *dir, const char *name, struct lock_record *ret);

void lock_release(struct lock *l); /* fine if it is not held */

#endif
