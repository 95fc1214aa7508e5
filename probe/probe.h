/*
 * A probe by words, as --probe takes them, locked and with its trace:
 *
 *	usb            the only one there is
 *	usb:SERIAL     by its serial number, as this or another tool spells it
 *	usb@1-2.3      by its place on the bus
 *	replay:FILE    a recorded session
 *	sim:SCENARIO   the virtual bench (SCENARIO or FILE, then ",key=value" as often as needed)
 *
 * Of devices that were not asked for none is opened.
 */
#ifndef SWDOCTOR_PROBE_H
#define SWDOCTOR_PROBE_H

#include "probe/lock.h"
#include "probe/sim/api/plugin.h"
#include "probe/stlink.h"
#include "probe/transport_trace.h"
#include "probe/usb_list.h"

enum probe_kind { PROBE_USB, PROBE_REPLAY, PROBE_SIM };

struct probe_words {
	enum probe_kind kind;
	const char *serial; /* PROBE_USB; NULL: any */
	bool has_place;
	struct usb_place place;
	const char *rest; /* of replay: and sim: */
};

/* Text stays in words. ERR_USAGE. */
int probe_words_parse(const char *words, struct probe_words *ret, struct err *e);

/* Does this one answer to the words? */
bool probe_words_match(const struct probe_words *w, const struct usb_entry *entry);

/*
 * The one that is meant. ERR_NO_PROBE, or ERR_USAGE if several are (they are named). If no serial
 * matches, devices whose serial the system does not know are asked for it.
 */
int probe_choose(struct usb_list *list, const struct probe_words *w, struct usb_entry *ret,
		 struct err *e);

/* A virtual bench: probe/sim/api/plugin.h says what can be asked of it from outside. */
struct probe_bench {
	const struct sim_plugin *plugin;
	struct sim_bench *bench;
};

struct probe_options {
	const char *words; /* NULL: "usb" */
	const char *why;   /* for the lock's record: the command line */
	const struct clock *clock;
	const struct deadline *run; /* may be NULL */
	unsigned wait_ms;	    /* for a probe that is not plugged in yet */
	unsigned lock_wait_ms;
	const char *trace_path;	 /* NULL: into the ring, if it is a real probe */
	bool no_trace;		 /* not even into the ring */
	const char *application; /* "swdoctor 0.1.0", for the trace */
	const char *fault;	 /* see transport_fault.h; NULL: none on purpose */
	/* sim: words only: this bench, as it stands, instead of a new one; lent. NULL: a new one.
	 */
	const struct probe_bench *bench;
	/* As in transport_trace.h; called whether there is a trace or not. */
	void (*watch)(void *user, const struct xact *x, const struct stlink_said *said);
	void (*watch_mark)(void *user, const char *text);
	void *watch_user;
};

struct probe {
	struct transport *t;	   /* the outermost */
	const struct clock *clock; /* the recording's in a replay, the bench's on the bench */
	struct deadline limit; /* of all that is done with it: the options' run, on this clock */
	struct lock lock;
	bool is_usb;
	struct usb_entry entry;	  /* if is_usb or on the bench */
	struct probe_bench bench; /* bench NULL: not on one */
	bool owns_bench;
	char title[128];       /* "ST-LINK/V2 on usb 1-2"; "" in a replay */
	struct buf trace_path; /* "" without a trace */
	struct stlink stlink;  /* not opened yet: stlink_open */
};

/* What is already open is closed on failure. *ret must stay where it is until it is closed. */
int probe_open(const struct probe_options *o, struct probe *ret, struct err *e);
/*
 * From now on everything has this long, whatever limit there was before and whether or not the user
 * wants an end: for leaving the probe in order.
 */
void probe_grant(struct probe *p, const char *what, unsigned ms);
/* Closes the transport and drops the lock; leave the probe in order first: stlink_close. */
void probe_close(struct probe *p);

/* Name of the lock of a device. */
#define PROBE_LOCK_NAME_MAX (USB_PLACE_TEXT_MAX + 8)
void probe_lock_name(const struct usb_device *dev, char out[PROBE_LOCK_NAME_MAX]);

#endif
