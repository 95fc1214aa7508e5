/*
 * Everything that is known about a step that failed: raw numbers, so that whoever judges can tell
 * causes apart. Nothing here says why.
 */
#ifndef SWDOCTOR_FLASH_FAULT_H
#define SWDOCTOR_FLASH_FAULT_H

#include "probe/base/json.h"
#include "probe/cortexm.h"

enum fault_step {
	FAULT_STEP_NONE,
	FAULT_STEP_CONNECT,
	FAULT_STEP_IDENTIFY,
	FAULT_STEP_PREPARE, /* watchdogs, clocks, caches */
	FAULT_STEP_LOADER,  /* bringing the loader into RAM and starting it */
	FAULT_STEP_UNLOCK,
	FAULT_STEP_COMPARE, /* is a block as it should be already? */
	FAULT_STEP_KEEP,    /* reading what a block holds outside the image; the journal */
	FAULT_STEP_ERASE,
	FAULT_STEP_MASS_ERASE,
	FAULT_STEP_PROGRAM,
	FAULT_STEP_VERIFY,
	FAULT_STEP_READ,
	FAULT_STEP_FINISH, /* lock, reset, run */
	FAULT_STEPS
};

const char *fault_step_name(enum fault_step step); /* "erase" */

/* One bit of a status register that is set. */
struct fault_bit {
	const char *name; /* "WRPERR" */
	const char *says; /* "the block is write-protected" */
};
#define FAULT_BITS_MAX 8

enum fault_loader { /* what became of the loader, as far as could be seen */
		    FAULT_LOADER_NOT_USED,
		    FAULT_LOADER_RUNNING,
		    FAULT_LOADER_STUCK,	  /* runs, but its heartbeat stands still */
		    FAULT_LOADER_HALTED,  /* stopped at an instruction of its own */
		    FAULT_LOADER_CRASHED, /* stopped by a fault, or locked up */
		    FAULT_LOADER_RESET,	  /* the core was reset */
		    FAULT_LOADER_UNREACHABLE,
};

const char *fault_loader_name(enum fault_loader l);

struct fault_mismatch {
	uint32_t compared, differ;  /* bytes; differ 0: only a checksum differs */
	uint32_t first;		    /* address */
	uint8_t expected, found;    /* there */
	uint32_t stayed_erased;	    /* bits that should have been programmed */
	uint32_t stayed_programmed; /* bits that should have been erased */
};

struct flash_fault {
	enum fault_step step; /* NONE: nothing failed */
	unsigned attempt;     /* 1: the first */
	bool has_address;
	uint32_t address; /* of the block, granule or word */

	/* The failure of an access, ERR_NONE if the link did its work. */
	struct err link; /* link.native: status word or libusb code */
	bool has_fault_address;
	uint32_t fault_address;

	bool has_sr;
	uint32_t sr;  /* before anything was cleared */
	bool refused; /* by the bits of it nothing was begun */
	size_t n_bits;
	struct fault_bit bits[FAULT_BITS_MAX];

	bool is_protected; /* read protection is why */
	bool timed_out;	   /* the controller was busy for longer than it may */
	bool has_mismatch;
	struct fault_mismatch mismatch;

	enum fault_loader loader;
	bool has_core;
	uint32_t dhcsr, pc, cfsr; /* when the loader was in trouble; cfsr 0 on v6-M */

	bool has_voltage;
	struct target_voltage voltage; /* now */
	bool had_voltage;
	struct target_voltage voltage_before;
	bool has_least;
	int least_mv;	 /* the least that was seen while flash was erased or programmed */
	uint32_t resets; /* enum cortexm_cause: why the chip was reset since the attempt before */
	uint64_t waits;	 /* WAITs met during the step */
};

void fault_init(struct flash_fault *f, enum fault_step step);
void fault_set_address(struct flash_fault *f, uint32_t address);
/* One line without newline: "erasing 0x08004000: WRPERR (SR 0x00000010): ...". */
void fault_write_text(const struct flash_fault *f, struct buf *out);
void fault_write_json(const struct flash_fault *f, struct json *j);

#endif
