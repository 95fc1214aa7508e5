/*
 * The live examination: a table of steps (exam_steps.def), each with what it needs, what it may
 * disturb and what it yields. Steps only collect: every transaction goes through decode_xact, as in
 * a capture, and what no single transaction says (how often, how fast, what the reset line does) is
 * added as events of its own. The rules judge.
 *
 * While the core runs, nothing is disturbed without consent: the core is neither halted, reset nor
 * written to. A core that cannot be reached, or that is locked up, may be reset by default.
 */
#ifndef SWDOCTOR_EXAM_H
#define SWDOCTOR_EXAM_H

#include <stdbool.h>

#include "analyzer/event/event.h"
#include "probe/stlink_decode.h"
#include "probe/target_stlink.h"
#include "probe/usb_list.h"

enum exam_step_id {
#define STEP(id, ...) EXAM_##id,
#include "analyzer/check/exam_steps.def"
#undef STEP
	EXAM_STEPS
};

enum exam_disturbs { EXAM_NOTHING, EXAM_RESETS, EXAM_WRITES_RAM, EXAM_ERASES };

struct rules;

struct exam_options {
	bool allow_reset;
	bool allow_erase; /* a block of flash, one that is blank */
	bool sweep;	  /* also the margin at every speed */
	uint32_t khz;	  /* to begin with; 0: as the probe is */
	/* The session is opened as `connect` says, and in no other way; else untouched, and under
	 * reset where that fails. */
	bool connect_only;
	enum target_connect connect;
	/* Somebody who can be asked when a step would be left out for want of consent, once for all
	 * of them; NULL: nobody. */
	bool (*consent)(void *user, const char *step);
	void *consent_user;
	const struct rules *judge; /* rank the causes in between; NULL: no step is chosen by it */
	const char *rules; /* a folder whose chips.yaml is used; NULL: what is compiled in */
};

struct exam;

/* Events go to ev, which must outlive it; so must the options, which count when it is run. */
struct exam *exam_new(const struct exam_options *o, struct events *ev);
void exam_free(struct exam *x); /* NULL is fine */

/* The host's part: what is known of the probe on the bus (NULL: it is none on USB) ... */
void exam_found(struct exam *x, const struct usb_entry *entry);
/* ... or why it could not be opened. */
void exam_open_failed(struct exam *x, const struct err *why);

/* What the kernel said lately about the device at this place (NULL: about any); exam_found asks
 * it. */
void exam_ask_kernel(struct exam *x, const char *place);

/* To be told every transaction of the session, from its opening on; user is the exam. */
void exam_saw(void *user, const struct xact *xact, const struct stlink_said *said);

/*
 * Run the steps over an open probe. It is left idle with the reset line released whatever happens.
 * 0 when it went to its end, however sick the target; ERR_INTERRUPTED or ERR_DEADLINE when it was
 * cut short. What was found until then is in the events.
 */
int exam_run(struct exam *x, struct target_stlink *ts, struct err *e);
/* Instead of it when the probe could not be opened: what was waited with is told. */
void exam_end(struct exam *x, int rc);

uint64_t exam_transactions(const struct exam *x);

/* One speed of the sweep, for pictures and JSON. */
struct exam_margin {
	uint32_t khz;
	bool worked; /* a session could be opened */
	uint64_t words_read, words_written;
	uint64_t read_errors, write_errors; /* words that were wrong, or at which bits went wrong */
	uint64_t ids_read, id_errors;	    /* of the debug port */
	uint64_t waits, faults;		    /* the target's own answers, which are no errors */
};
/* VTref in mV as it was read, in order. */
size_t exam_voltages(const struct exam *x, const int **ret);
#define EXAM_MARGINS_MAX 16
/* How the errors go with the speed; the margins fall in speed. */
enum exam_curve {
	EXAM_CURVE_UNKNOWN, /* too few errors to say */
	EXAM_CURVE_CLEAN,
	EXAM_CURVE_FALLS, /* slower is better */
	EXAM_CURVE_FLAT,  /* slowly as bad as fast: then it is not the speed */
};
enum exam_curve exam_curve(const struct exam_margin *m, size_t n);
size_t exam_margins(const struct exam *x, const struct exam_margin **ret);

#endif
