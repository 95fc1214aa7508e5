/*
 * The protocol of an ST-LINK V2, V2-1 and V3 over any transport. What it does and does not do:
 *
 * - Only WAIT is asked again, with a pause that doubles from 0.1 ms, STLINK_WAITS_MAX times (0.2 s
 * in all). Every other status word comes back as ERR_STATUS with the raw word in err.native. None
 * is taken for success, "write verify error" (0x0d) neither.
 * - After every memory access the probe is asked how it went, as the data itself carries no status.
 * - A command that the probe's firmware does not know is not sent: ERR_UNSUPPORTED.
 * - Before every command the deadline is looked at.
 *
 * The calls are in groups: stlink_mode.c (modes), stlink_mem.c (memory), stlink_dap.c (ports),
 * stlink_core.c (core), stlink_queue.c (queued words), stlink_link.c (speed), stlink_power.c
 * (supply, reset line). Outputs (ret_...) stay untouched on failure. Facts and sources:
 * stlink_cmd.def and the other tables.
 */
#ifndef SWDOCTOR_STLINK_H
#define SWDOCTOR_STLINK_H

#include <stdbool.h>

#include "probe/deadline.h"
#include "probe/stlink_cmd.h"
#include "probe/stlink_speed.h"
#include "probe/transport.h"

#define STLINK_WAITS_MAX 11
#define STLINK_APS	 256
#define STLINK_KHZ_MAX	 16 /* speeds in a list */

struct stlink {
	struct transport *t; /* lent */
	const struct clock *clock;
	const struct deadline *deadline; /* of what is being done; NULL: none */

	struct stlink_version version; /* hardware 0: not asked yet */
	uint8_t mode_found;	       /* when it was opened */
	bool in_debug;
	enum stlink_link link;
	uint32_t khz;	      /* of the link; what the time limits of transfers follow */
	bool nrst_low;	      /* we hold it */
	uint32_t csw;	      /* bits 31 to 8 for memory commands; 0: the firmware's own */
	unsigned block_bytes; /* an access may not cross a multiple of it; 0: it may */
	unsigned most_bytes;  /* of memory in one command; 0: as many as there may be */
	size_t under_way;     /* bytes of a write that the next command waits for */
	unsigned timeout_ms;  /* of a transaction, beside what its data needs; 0: a second */
	uint8_t ap_open[STLINK_APS / 8];

	uint64_t waits; /* WAITs met so far */
	/* Of the last memory access that failed. */
	bool has_fault_address;
	uint32_t fault_address;
};

/* Nothing is sent. */
void stlink_init(struct stlink *s, struct transport *t, const struct clock *clock);

/*
 * Send a command by its row: args are the values of the row's fields in their order (NULL if it has
 * none), data is the reply or what is written (NULL if there is none). len must be what the row
 * says. A status in the reply is judged. Other commands' status is left to the caller.
 */
int stlink_do(struct stlink *s, enum stlink_cmd_id id, const uint32_t *args, void *data, size_t len,
	      struct err *e);
/* The same once, without looking at any status. */
int stlink_send(struct stlink *s, enum stlink_cmd_id id, const uint32_t *args, void *data,
		size_t len, struct err *e);
/* ERR_STATUS with "NAME (0x12): what it says". */
int stlink_status_err(struct err *e, uint16_t word);
/* The pause before the nth (from 0) repetition after a WAIT; false if there was enough of it. */
bool stlink_wait_pause(struct stlink *s, unsigned nth);
bool stlink_can(const struct stlink *s, enum stlink_gate gate);

/* ---- stlink_mode.c ---- */

/*
 * Make the probe's acquaintance: version, mode, leave whatever mode it is in. If it does not tell
 * its version it is reopened once. ERR_UNFIT for a V1 or a probe that waits for firmware.
 */
int stlink_open(struct stlink *s, struct err *e);
/* Leave it idle, with NRST released and all ports closed. Goes on after failures, returns the
 * first. */
int stlink_close(struct stlink *s, struct err *e);
int stlink_read_version(struct stlink *s, struct err *e); /* fills s->version */
int stlink_read_mode(struct stlink *s, uint8_t *ret_mode, struct err *e);
/* Leave the present mode, whichever it is. *ret_mode (may be NULL): the one it was in. */
int stlink_leave(struct stlink *s, uint8_t *ret_mode, struct err *e);
/* Open the debug session: the firmware resets the line, reads the id and powers up the debug
 * domain. */
int stlink_enter(struct stlink *s, enum stlink_link link, struct err *e);
/* 1 in SWD, up to 2 in JTAG. */
int stlink_read_ids(struct stlink *s, uint32_t ret_ids[2], struct err *e);

/* ---- stlink_mem.c ---- */

enum stlink_mem_flags {
	STLINK_MEM_SAME_ADDRESS = 1, /* all words at one address; width 4 */
	STLINK_MEM_ONCE = 2, /* not even WAIT is asked again: the write does something each time */
};

/*
 * Memory in accesses of `width` 1, 2 or 4 bytes through this access port; address and length must
 * be multiples of it. Any length up to the end of the address space; the limits of the probe are
 * kept.
 */
int stlink_mem_read(struct stlink *s, uint8_t ap, unsigned width, unsigned flags, uint32_t address,
		    void *ret, size_t len, struct err *e);
int stlink_mem_write(struct stlink *s, uint8_t ap, unsigned width, unsigned flags, uint32_t address,
		     const void *bytes, size_t len, struct err *e);

/* ---- stlink_dap.c ---- */

/* Access ports must be open before their registers (but IDR) and memory are used. */
int stlink_ap_open(struct stlink *s, uint8_t ap, struct err *e);
int stlink_ap_close(struct stlink *s, uint8_t ap, struct err *e);
bool stlink_ap_is_open(const struct stlink *s, uint8_t ap);
/* port: STLINK_PORT_DP or an access port's number. reg of the debug port: bank << 4 | register. */
int stlink_dap_read(struct stlink *s, uint16_t port, uint8_t reg, uint32_t *ret, struct err *e);
int stlink_dap_write(struct stlink *s, uint16_t port, uint8_t reg, uint32_t value, struct err *e);

/* ---- stlink_core.c: through access port 0 ---- */

/* One word anywhere in memory. */
int stlink_word_read(struct stlink *s, uint32_t address, uint32_t *ret, struct err *e);
int stlink_word_write(struct stlink *s, uint32_t address, uint32_t value, struct err *e);
/* Registers by their DCRSR numbers; the core must be halted. */
int stlink_core_read(struct stlink *s, uint8_t reg, uint32_t *ret, struct err *e);
int stlink_core_write(struct stlink *s, uint8_t reg, uint32_t value, struct err *e);
/* r0 to r15, xPSR, MSP, PSP. */
#define STLINK_CORE_REGS 19
int stlink_core_read_all(struct stlink *s, uint32_t ret[STLINK_CORE_REGS], struct err *e);
int stlink_core_halt(struct stlink *s, struct err *e);
int stlink_core_run(struct stlink *s, struct err *e);
int stlink_core_step(struct stlink *s, struct err *e);
/* The firmware's own reset; what it does on the wires nobody has written down. */
int stlink_core_reset(struct stlink *s, struct err *e);

/* ---- stlink_queue.c ---- */

struct stlink_queued {
	bool write;
	uint32_t address;
	uint32_t value; /* read: filled */
};

/*
 * Several words in one go where the firmware can (two transactions instead of one a word), else one
 * by one. The first that fails ends it: err.native is its status word, *ret_done how many went well
 * before (in a queue the probe may have carried out later ones too).
 */
int stlink_queue_run(struct stlink *s, uint8_t ap, struct stlink_queued *items, size_t n,
		     size_t *ret_done, struct err *e);

/* ---- stlink_link.c ---- */

/* Falling kHz; *ret_n at most STLINK_KHZ_MAX. */
int stlink_khz_list(struct stlink *s, enum stlink_link link, uint32_t ret[STLINK_KHZ_MAX],
		    size_t *ret_n, struct err *e);
/*
 * Set the fastest speed not above khz (the slowest there is if all are above). *ret_khz (may be
 * NULL): the speed that it is now. Old V2 firmware has one speed only and is told nothing.
 */
int stlink_set_khz(struct stlink *s, enum stlink_link link, uint32_t khz, uint32_t *ret_khz,
		   struct err *e);

/* ---- stlink_power.c ---- */

enum stlink_trust {
	STLINK_TRUST_GOOD,
	/* A copy of a V2 may tie VTref to its own 3.3 V: such a reading proves nothing. */
	STLINK_TRUST_MAYBE_OWN,
};

struct stlink_voltage {
	int mv;
	enum stlink_trust trust;
};

/* ERR_UNSUPPORTED if the firmware cannot; ERR_PROTOCOL for a reading without a reference. */
int stlink_read_voltage(struct stlink *s, struct stlink_voltage *ret, struct err *e);
/* level: STLINK_NRST_LOW, _HIGH (released) or _PULSE. Proves nothing about the wire. */
int stlink_drive_nrst(struct stlink *s, uint32_t level, struct err *e);

#endif
