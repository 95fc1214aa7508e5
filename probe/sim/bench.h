/*
 * The bench: everything that a scenario describes, put together, with a USB device at its front.
 * Who drives it (a server for other programs, a transport in the same process, a test) sends USB
 * transfers and tells how long it sleeps between them.
 *
 * One clock: `now_ns` is the host's time. A transfer moves it on by what the host and the bus take
 * and by what the probe makes it wait; bench_sleep() by what the host does in between. The target
 * follows when it is looked at.
 */
#ifndef SWDOCTOR_SIM_BENCH_H
#define SWDOCTOR_SIM_BENCH_H

#include "probe/sim/scenario.h"

enum usb_result {
	USB_DONE,
	USB_NAK, /* nothing to fetch yet, and nothing in work that would bring it */
	USB_STALL,
	USB_TIMEOUT,
	USB_OVERFLOW, /* more came than was asked for */
	USB_GONE,
	USB_RESULTS
};

struct usb_transfer {
	uint8_t endpoint; /* 0: control */
	uint8_t setup[8];
	uint8_t *data; /* lent */
	size_t len;    /* to send, or room */
	size_t got;
	bool turn;	     /* the host waited for the one before, so this one costs its turn */
	uint64_t timeout_ns; /* 0: for ever */
};

struct fault_run { /* what a fault of the scenario is doing */
	bool active, spent;
	uint64_t until_transaction, until_ns, until_opens;
	enum wire_state was_state;
	double was_edge;
	unsigned was_mv;
};

struct bench {
	struct scenario s;
	struct rng rng;
	struct chip chip;
	struct dap dap;
	struct wire wire;
	struct fw fw;
	struct probe_row timed; /* the scenario's probe with the host's times */

	uint64_t now_ns;
	bool plugged;
	unsigned plugs; /* how often it appeared on the bus */
	uint8_t configuration;
	bool halted_in, halted_out;
	struct fault_run run[SCENARIO_FAULTS_MAX];
	unsigned begun[FLASH_JOB_KINDS]; /* of the flash, at the last command */
	uint64_t transfers;
	uint64_t opens;	       /* attempts to open the device, that are over */
	uint64_t transactions; /* commands that a host sent, whether they arrived or not */
	unsigned faults;       /* that came to pass */
	int signal;	       /* for the program that uses the probe; 0: none */
};

int bench_init(struct bench *b, const struct scenario *s, struct err *e);
void bench_done(struct bench *b);

/* What a host finds that wants the device; who has it open is not asked again. */
enum bench_access { BENCH_FREE, BENCH_DENIED, BENCH_BUSY };

/* A host tries to open it and to claim it. */
enum bench_access bench_open(struct bench *b);
/* As it is at this moment, without trying. */
bool bench_is_denied(const struct bench *b);
bool bench_is_busy(const struct bench *b);

enum usb_result bench_transfer(struct bench *b, struct usb_transfer *t);
void bench_sleep(struct bench *b, uint64_t ns);
void bench_usb_reset(struct bench *b);
void bench_clear_halt(struct bench *b, uint8_t endpoint);
/* Unplugged for good, or for a moment. */
void bench_plug(struct bench *b, bool plugged);
/* Bring the target to the host's time, to look at it from outside. */
void bench_settle(struct bench *b);

/* bench_faults.c */
void bench_faults_begin(struct bench *b);
/* Time has passed: what is bound to it begins or ends. */
void bench_faults_time(struct bench *b);
/* Before a command is carried out. False: it never arrives. */
bool bench_faults_command(struct bench *b);
/* Before the device is opened. */
void bench_faults_open(struct bench *b);
/* A fault of this kind is there now. */
bool bench_faults_active(const struct bench *b, enum fault_kind kind);
/* All that came to pass so far. */
unsigned bench_faults_count(const struct bench *b);
/* USB_DONE: nothing is in the way of this transfer. */
enum usb_result bench_faults_transfer(struct bench *b, const struct usb_transfer *t);
/* How many bytes of a reply reach the host. */
size_t bench_faults_shorten(struct bench *b, size_t len);

#endif
