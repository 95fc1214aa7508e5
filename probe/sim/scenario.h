/*
 * A scenario: a probe, its wires, a chip with a program, a host, and what goes wrong. Read from
 * YAML with closed keys (doc/scenarios.md); whatever is not said is healthy.
 */
#ifndef SWDOCTOR_SIM_SCENARIO_H
#define SWDOCTOR_SIM_SCENARIO_H

#include "probe/base/arena.h"
#include "probe/base/err.h"
#include "probe/sim/chip.h"
#include "probe/sim/fw.h"
#include "probe/sim/usb_desc.h"
#include "probe/sim/wire.h"

#define SCENARIO_FAULTS_MAX 16
#define SCENARIO_ALSO_MAX   8
#define SCENARIO_BLOCKS_MAX 8

struct host_row { /* 0: as the probe has it */
	const char *name;
	double turn_us, out_us, in_us, command_us;
};

enum program_kind {
	PROGRAM_BLANK, /* nothing was ever flashed */
	PROGRAM_RUN,   /* counts in RAM for ever */
	PROGRAM_SLEEP, /* waits for interrupts that do not come */
	PROGRAM_STOP,
	PROGRAM_STANDBY,
	PROGRAM_REMAP,	  /* gives the SWD pins away */
	PROGRAM_WATCHDOG, /* starts the watchdog and forgets it */
	PROGRAM_LOCKUP,
	PROGRAM_HARDFAULT,
	PROGRAM_RESET, /* resets itself, again and again */
	PROGRAM_MPU,   /* forbids itself to execute anything in RAM */
	PROGRAM_FILE
};

enum fault_kind {
	FAULT_STATUS, /* a command answers this status word instead of being carried out */
	FAULT_USB_STALL,
	FAULT_USB_LOST,		/* the reply comes too late */
	FAULT_USB_REQUEST_LOST, /* the command never arrives */
	FAULT_USB_REPLY_LOST,	/* it arrives and is carried out; the reply is dropped */
	FAULT_USB_SHORT,	/* the reply is cut */
	FAULT_USB_UNPLUG,
	FAULT_USB_DENIED, /* who opens the probe has no permission, or */
	FAULT_USB_BUSY,	  /* finds it claimed; who has it open keeps it */
	FAULT_PROBE_STUCK,
	FAULT_WIRE,   /* a wire changes its state */
	FAULT_NOISE,  /* bits flip */
	FAULT_SUPPLY, /* the supply changes */
	FAULT_NRST_PULSE,
	FAULT_FLIP_READ,  /* a bit of data from the target is wrong, and no status says so */
	FAULT_FLIP_WRITE, /* of data to it */
	FAULT_STALE,	  /* the reply before is handed out once more */
	FAULT_WRITE_LOST, /* it never reaches the target, and no status says so */
	FAULT_CORE_HALT,
	FAULT_CORE_LOCKUP,
	FAULT_KILL,	 /* the program that uses the probe is killed */
	FAULT_INTERRUPT, /* it is asked to stop, as by Ctrl-C */
};

enum fault_when { FAULT_ANY, FAULT_ERASING, FAULT_PROGRAMMING, FAULT_RUNNING, FAULT_HALTED };

struct fault {
	enum fault_kind kind;
	enum fault_when when;
	uint64_t at_transaction; /* 0: not bound to one */
	unsigned at_operation;	 /* of the flash; 0: not bound to one */
	uint64_t at_ns;
	double probability;		   /* per transaction; 1: always */
	uint64_t for_transactions, for_ns; /* all 0: once, or from then on */
	uint64_t for_opens;		   /* attempts to open the probe */
	unsigned status;
	enum wire_line line;
	enum wire_state state;
	double edge;
	unsigned mv;
};

struct scenario_also {
	const char *cause, *why;
};

struct scenario {
	/* probe */
	const struct probe_row *probe;
	struct probe_version version;
	char serial[USB_SERIAL_MAX];
	enum fw_mode mode;
	bool stuck;
	/* host */
	const struct host_row *host;
	bool absent, denied, busy;
	/* chip */
	const struct chip_row *chip;
	unsigned protection;
	uint32_t write_protected[SCENARIO_BLOCKS_MAX];
	size_t n_write_protected;
	bool hardware_watchdog;
	bool trustzone;			/* on, and closed to a debugger */
	bool swapped;			/* bank 2 is seen first */
	enum flash_nrst_mode nrst_mode; /* what the options make of the reset pin */
	double slowness;
	uint32_t bad_block;  /* a place in flash whose block no longer erases; 0: none */
	uint32_t bad_cell;   /* one whose word no longer programs */
	uint32_t stuck_cell; /* one whose word no longer erases, while its block does */
	uint32_t idcode;     /* 0: the chip's */
	uint32_t dpidr;
	uint32_t told_kib; /* what the flash size register says; 0: the truth */
	/* wires */
	enum wire_state state[WIRE_LINES];
	struct wire_quality quality;
	struct wire_contact contact;
	uint64_t nrst_rise_ns;
	/* supply */
	unsigned mv, sag_mv;
	enum fault_when sag_when;
	/* program */
	enum program_kind program;
	const char *program_file;
	unsigned after_ms; /* how long it runs before it does what it is named for */
	/* what happens */
	struct fault fault[SCENARIO_FAULTS_MAX];
	size_t n_faults;
	uint64_t seed;
	/* what is wrong, for whoever judges */
	const char *truth;
	struct scenario_also also[SCENARIO_ALSO_MAX];
	size_t n_also;
};

/* A healthy F405 behind an ST-LINK/V2. */
void scenario_defaults(struct scenario *s);
/* Text lives in `a`. Errors name the line: "line 3: unknown key 'wire', did you mean 'wires'?" */
int scenario_parse(const char *text, size_t len, struct arena *a, struct scenario *ret,
		   struct err *e);
/* "probe=v3": one key, its value as in YAML; a dot leads into a map: "wires.swdio=open". */
int scenario_set(struct scenario *s, const char *assignment, struct arena *a, struct err *e);

const struct host_row *host_find(const char *name);

#endif
