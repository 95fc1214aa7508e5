/*
 * A wrapper around another transport that writes every transaction down before the next one is
 * issued: a pcapng file of usbmon packets (link type 220) that Wireshark opens, with what each
 * transaction meant as packet comments. capture.h reads it back exactly.
 *
 * Each transaction is one write at the end of the file, so a run that is killed loses at most the
 * one under way. When the file cannot be written any more (disk full), a trace that was asked for
 * ends the session at the next transaction; one that nobody asked for just ends.
 */
#ifndef SWDOCTOR_TRANSPORT_TRACE_H
#define SWDOCTOR_TRANSPORT_TRACE_H

#include <stdbool.h>

#include "probe/base/clock.h"
#include "probe/stlink_decode.h"
#include "probe/transport.h"

struct transport_trace_config {
	/* Open for appending; the trace owns it once it is made. -1: only the watchers are told. */
	int fd;
	bool asked_for;	    /* failing to write is an error */
	uint64_t max_bytes; /* the trace ends, with a mark, before it grows beyond; 0: no limit */
	const struct clock *clock;
	const char *application; /* "swdoctor 0.1.0" */
	const char *probe;	 /* for people: "ST-LINK/V2 on usb 1-2"; "" where it is not known */
	uint16_t vid, pid;	 /* 0: not known */
	uint16_t bus;
	uint8_t device;
	/* Told what each transaction meant, after it was written down. May be NULL. */
	void (*watch)(void *user, const struct xact *x, const struct stlink_said *said);
	/* Told each mark. May be NULL. */
	void (*watch_mark)(void *user, const char *text);
	void *watch_user;
};

/*
 * On success *ret owns inner and cfg->fd, and closes both. cfg is copied, what it points to is
 * needed for the call only, apart from clock and watch_user.
 */
int transport_trace_new(struct transport *inner, const struct transport_trace_config *cfg,
			struct transport **ret, struct err *e);

#endif
