/*
 * The wires between probe and target: which of them carry, how often a bit flips, and how long a
 * transfer takes. A transfer is drawn bit by bit only where a bit flips; each flip then does what
 * it would do on the wire (a lost request, a wrong acknowledge, a parity error, or a wrong word
 * that nobody notices).
 *
 * The model of the flips, with f the clock: p = floor + edge + 1 / (1 + exp((ln f50 - ln f) / s)).
 * `edge` does not depend on the clock: ringing and ground bounce come with every edge.
 */
#ifndef SWDOCTOR_SIM_WIRE_H
#define SWDOCTOR_SIM_WIRE_H

#include "probe/sim/dap.h"

enum wire_state { WIRE_CONNECTED, WIRE_OPEN, WIRE_LOW, WIRE_HIGH, WIRE_SWAPPED };
enum wire_line { WIRE_VTREF, WIRE_GND, WIRE_SWDIO, WIRE_SWCLK, WIRE_NRST, WIRE_SWO, WIRE_LINES };

struct wire_quality {
	double f50_hz; /* at this clock half of the bits are wrong; 0: never */
	double steepness;
	double floor, edge;		  /* chance of a flip per bit */
	double burst;			  /* flips per event, on average */
	double slip;			  /* share of edge events that are a clock too many */
	double silent_read, silent_write; /* chance per word: wrong, and nothing tells */
};

struct wire_contact { /* a loose contact: good and bad for these times on average; 0: firm */
	uint64_t good_ns, bad_ns;
	uint64_t until_ns;
	bool bad;
};

enum wire_answer { WIRE_OK, WIRE_WAIT, WIRE_FAULT, WIRE_NO_ACK, WIRE_PARITY };

struct wire {
	struct dap *dap;
	struct rng *rng;
	enum wire_state state[WIRE_LINES];
	struct wire_contact contact;
	struct wire_quality quality;
	uint32_t hz;
	bool jtag;	  /* the lines carry TMS, TCK and TDO; TDI is taken for connected */
	bool ir_ap;	  /* which of the two access registers is selected */
	uint64_t now_ns;  /* where the probe's clock stands; transfers move it on */
	bool drives_nrst; /* the probe pulls NRST low */
	/* A capacitor at NRST: it stays low for so long after it was let go; 0: none. */
	uint64_t nrst_rise_ns;
	uint64_t nrst_rises_at_ns; /* 0: it does not */
	uint64_t transfers, flips;
};

void wire_init(struct wire *w, struct dap *dap, struct rng *rng);

/* One SWD transfer, or a scan that does the same. `data` is sent, or filled when the answer is
 * WIRE_OK. */
enum wire_answer wire_transfer(struct wire *w, bool ap, bool read, uint8_t addr, uint32_t *data);
void wire_line_reset(struct wire *w, bool to_swd);
/* wire_jtag.c: select JTAG, reset the taps and read their two numbers; false: nothing answers. */
bool wire_jtag_reset(struct wire *w, uint32_t ret_idcode[2]);
/* Time in which the probe keeps the wires still. */
void wire_idle(struct wire *w, uint64_t ns);

void wire_drive_nrst(struct wire *w, bool low);
/* NRST as its wire and the probe's pin make it; call after changing the state of that wire. */
void wire_update_nrst(struct wire *w);
/* Bring the target to this moment, NRST before it. */
void wire_settle(struct wire *w, uint64_t now_ns);
/* What the probe's voltmeter has at its pin, in mV; `floating_mv` is what it reads with nothing
 * there. */
unsigned wire_vtref_mv(const struct wire *w, unsigned floating_mv);

/* ---- between the files of the wire ---- */

bool wire_contact_bad(struct wire *w);
double wire_flip_chance(const struct wire *w); /* per bit */
void wire_spend_bits(struct wire *w, unsigned bits);
enum wire_answer wire_answer_of(enum dap_ack ack);
enum wire_answer wire_scan(struct wire *w, struct dap_request *r);

#endif
