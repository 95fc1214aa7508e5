/*
 * The virtual bench as a plug-in: what a program that loads sim.so gets. The diagnostic tool
 * reaches the bench through this table only, so it links no emulator. All that the two sides share
 * are this file and probe/base.
 *
 * A bench stands for itself: several can be open in one process. It is not safe to use one from two
 * threads. Its time is virtual: it moves on by what transfers take and by what is slept.
 */
#ifndef SWDOCTOR_SIM_API_PLUGIN_H
#define SWDOCTOR_SIM_API_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/err.h"

#define SIM_PLUGIN_SYMBOL  "swdoctor_sim_plugin"
#define SIM_PLUGIN_VERSION 3 /* counts changes of this file */

struct sim_bench;

enum sim_result {
	SIM_DONE,
	SIM_NAK, /* nothing to fetch, and nothing in work that would bring it */
	SIM_STALL,
	SIM_TIMEOUT,
	SIM_OVERFLOW, /* more came than there was room for */
	SIM_GONE
};

enum sim_access {
	SIM_CLAIMED,
	SIM_ABSENT, /* nothing is plugged in */
	SIM_DENIED, /* no permission to open it */
	SIM_BUSY    /* another program has claimed it */
};

struct sim_transfer { /* on a bulk endpoint */
	uint8_t endpoint;
	uint8_t *data; /* lent: bytes to send, or room */
	size_t len;
	size_t got;	     /* filled */
	bool turn;	     /* the host waited for the one before, so this one costs its turn */
	uint64_t timeout_us; /* 0: for ever */
};

struct sim_device { /* what a host knows of the probe without opening it */
	bool plugged;
	unsigned plug; /* counts appearances on the bus: a handle is good for one of them */
	bool denied;   /* no permission to open it */
	uint16_t vid, pid;
	uint8_t bus, port;
	unsigned speed_kbps;
	char serial[32];
	uint8_t ep_out, ep_in, ep_swo;
	const char *title; /* "ST-LINK/V2" */
};

struct sim_stats {
	uint64_t commands, usb_transfers, wire_transfers, bit_flips, instructions;
	unsigned resets; /* of the chip */
};

struct sim_plugin {
	unsigned version; /* SIM_PLUGIN_VERSION of who built it */

	/*
	 * words: "SCENARIO|FILE[,key=value...]". Keys are those of a scenario (a dot leads into a
	 * map: wires.swdio=open), and seed=N, flash-in=FILE, flash-out=FILE,
	 * state-out=FILE, stats=FILE.
	 * ERR_NOT_FOUND, ERR_FORMAT, ERR_USAGE, ERR_IO.
	 */
	int (*open)(const char *words, struct sim_bench **ret, struct err *e);
	/* Writes what flash-out, state-out and stats ask for. The bench is gone whatever happens.
	 * NULL is fine. */
	int (*close)(struct sim_bench *b, struct err *e);
	/* The nth scenario that is compiled in; NULL after the last. */
	const char *(*scenario)(size_t n);

	/* As scenarios call them: "v2-1", "F405". */
	const char *(*probe)(struct sim_bench *b);
	const char *(*chip)(struct sim_bench *b);
	void (*device)(struct sim_bench *b, struct sim_device *ret);
	/* A host opens it and claims it. Who has it keeps it, until it leaves the bus. */
	enum sim_access (*claim)(struct sim_bench *b);
	enum sim_result (*transfer)(struct sim_bench *b, struct sim_transfer *t);
	void (*clear_halt)(struct sim_bench *b, uint8_t endpoint);
	void (*usb_reset)(struct sim_bench *b);
	/* Somebody pulls the probe's plug, or puts it in. */
	void (*plug)(struct sim_bench *b, bool plugged);
	uint64_t (*now_ns)(struct sim_bench *b);
	void (*sleep_ns)(struct sim_bench *b, uint64_t ns);

	/* The flash array from outside, past every protection and without time. */
	size_t (*flash_size)(struct sim_bench *b, uint32_t *ret_base);
	bool (*flash_read)(struct sim_bench *b, size_t at, void *ret, size_t len);
	bool (*flash_write)(struct sim_bench *b, size_t at, const void *bytes, size_t len);

	void (*stats)(struct sim_bench *b, struct sim_stats *ret);
	/* What is wrong, as the scenario says; NULL: it does not say. */
	const char *(*truth)(struct sim_bench *b);
	/* The nth cause that looks the same, and why; false after the last. */
	bool (*also)(struct sim_bench *b, size_t n, const char **ret_cause, const char **ret_why);
};

#endif
