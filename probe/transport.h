/*
 * What can carry a transaction. Implementations: transport_usb.c (a probe on USB, the only file
 * that includes libusb), transport_replay.c (a recorded trace), and the virtual bench; wrappers
 * around another transport: transport_trace.c (writes every transaction down before the next is
 * issued) and transport_fault.c (makes things fail on purpose). Nobody above can tell them apart.
 */
#ifndef SWDOCTOR_TRANSPORT_H
#define SWDOCTOR_TRANSPORT_H

#include "probe/base/err.h"
#include "probe/xact.h"

struct transport;

struct transport_ops {
	const char *name;
	/*
	 * Carry x over. Fills got, outcome, native, at_us and took_us whatever happens. Returns 0
	 * only for XACT_OK, else ERR_TIMEOUT, ERR_USB or ERR_GONE with native kept.
	 */
	int (*xfer)(struct transport *t, struct xact *x, struct err *e);
	/* Bring the probe back after XACT_GONE or a stuck pipe. NULL: this transport cannot. */
	int (*reopen)(struct transport *t, struct err *e);
	/* Note something that is no transaction (a phase, an attempt, a strategy). May be NULL. */
	void (*mark)(struct transport *t, const char *text);
	void (*close)(struct transport *t); /* accepts a half-opened t, frees it */
};

struct transport { /* first member of every implementation's struct */
	const struct transport_ops *ops;
};

static inline int transport_xfer(struct transport *t, struct xact *x, struct err *e)
{
	return t->ops->xfer(t, x, e);
}

static inline int transport_reopen(struct transport *t, struct err *e)
{
	if (!t->ops->reopen)
		return err_set(e, ERR_UNSUPPORTED, "%s cannot be reopened", t->ops->name);
	return t->ops->reopen(t, e);
}

static inline void transport_mark(struct transport *t, const char *text)
{
	if (t->ops->mark)
		t->ops->mark(t, text);
}

static inline void transport_close(struct transport *t)
{
	if (t)
		t->ops->close(t);
}

#endif
