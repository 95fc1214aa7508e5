/* Shared by the analyzer/usb/decode*.c files only: what is remembered of a session. */
#ifndef SWDOCTOR_DECODE_INTERNAL_H
#define SWDOCTOR_DECODE_INTERNAL_H

#include "analyzer/usb/decode.h"
#include "probe/base/buf.h"

/* An event that is told at the end, unless it is taken back before. */
struct held {
	bool there;
	struct event e;
	char text[EVENT_TEXT_MAX + 1];
};

/* A memory access whose status comes with a later command. Of x only what needs no data. */
struct pending {
	bool there;
	struct xact x;
	struct stlink_said said;
};

#define HELD_FAULTS 8

struct decode {
	struct events *ev;
	/* The transaction at hand. */
	const struct xact *x;
	const struct stlink_said *said;
	uint64_t packet;
	uint32_t trace;	   /* beside a log: which one, from 1; 0: the packets are the lines */
	uint64_t log_line; /* its last */
	uint64_t number;
	struct buf text;

	bool told_ids;
	int mode; /* -1: not told yet */
	int mv;	  /* the voltage told last; -1: none */
	bool entered, linked, failed_since;
	bool left; /* debug mode was left: what comes now is another session */

	struct pending pending;

	/* Reset line and resets. */
	bool nrst_low, nrst_pulsed;
	bool reset_asked; /* since DHCSR was read last */
	bool dhcsr_seen;
	unsigned resets_in_row; /* reads that show a reset, nobody asked, and no instruction */
	bool told_held;
	/* The core. */
	int state; /* enum core_state, -1: none told */
	bool halt_asked, told_halt_timeout;
	uint64_t halt_asked_us;
	bool has_pc;
	uint32_t pc;
	bool core_found;
	/* Flash. */
	bool unlocked, ram_written, told_loader;

	struct held lockup;
	struct held chip_zero;
	struct held ap_missing;
	struct held faults[HELD_FAULTS];
	unsigned n_faults;
	struct held wait; /* asked again, and no other answer yet */
	unsigned waits_in_a_row;
};

/* Adds an event about the transaction at hand; values by field, absent where has is false. */
struct event decode_event(enum event_kind kind);
void decode_set_num(struct event *e, int field, int64_t num);
void decode_set_text(struct event *e, int field, const char *text);
void decode_tell(struct decode *d, struct event *e);
void decode_tell_kind(struct decode *d, enum event_kind kind);
/* Keeps an event about the transaction at hand for later. */
void decode_hold(struct decode *d, struct held *h, struct event *e);
void decode_tell_held(struct decode *d, struct held *h);

/* decode_status.c: outcomes and status words. */
void decode_outcome(struct decode *d);
void decode_status(struct decode *d);
/* decode_target.c: registers and memory that an access which went well has read or written. */
void decode_access(struct decode *d, const struct stlink_access *a);
void decode_reads_flash(struct decode *d, const struct stlink_memory *m);

/* An access to the target went well: the link stands. */
void decode_link_stands(struct decode *d);

#endif
