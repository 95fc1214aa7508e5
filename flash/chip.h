/*
 * What a chip is to a flasher: rows by device id, read from rules/chips.yaml. The file is compiled
 * in as text; chips.yaml in a folder of the user's takes its place. Facts are from ST's reference
 * manuals and data sheets and from public sources that agree; each row says how far it has been
 * shown to work.
 *
 * Sizes are bytes, addresses absolute. A place (struct chip_place) whose mask is 0 is not known or
 * not needed. A table owns its rows and their text.
 */
#ifndef SWDOCTOR_FLASH_CHIP_H
#define SWDOCTOR_FLASH_CHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/target.h"

/* Shapes of flash controllers; each has its struct ctrl and its RAM loader. */
enum chip_ctrl {
	CHIP_CTRL_NONE, /* known, but cannot be programmed here */
	CHIP_CTRL_FPEC, /* F0, F1, F3 */
	CHIP_CTRL_F4,	/* F2, F4, F7 */
	CHIP_CTRL_L0,	/* L0, L1 */
	CHIP_CTRL_L4,	/* L4, L4+, G0, G4, WB, WL, C0, U0 */
	CHIP_CTRL_L5,	/* L5, U5, U3, WBA */
	CHIP_CTRL_H5,	/* H5, C5 */
	CHIP_CTRL_H7,	/* H72x to H75x */
	CHIP_CTRL_H7AB, /* H7A3, H7B0, H7B3: fields of CR at other places, no PSIZE */
	CHIP_CTRLS
};

/* How far erasing, programming and verifying by this row have been shown to work. */
enum chip_proof {
	CHIP_PROOF_NONE,
	CHIP_PROOF_UNIT,     /* against a fake */
	CHIP_PROOF_BENCH,    /* on the virtual bench */
	CHIP_PROOF_PEER,     /* there, and another tool read the same back */
	CHIP_PROOF_HARDWARE, /* on silicon */
};

struct chip_place { /* bits of a register */
	uint32_t reg, mask, value;
};

struct chip_run {
	uint32_t count; /* 0: as many as the bank has room for */
	uint32_t bytes;
};

#define CHIP_RUNS_MAX	 4
#define CHIP_LAYOUTS_MAX 4
#define CHIP_FREEZES_MAX 3
#define CHIP_BOOST_MAX	 6
#define CHIP_BANKS_MAX	 2

/* How the array is divided. Of several the first whose conditions hold counts. */
struct chip_layout {
	uint32_t kib;		/* holds for this size of flash; 0: for any */
	struct chip_place when; /* and while these bits read so; mask 0: always */
	unsigned banks;		/* 1 or 2, of equal size */
	uint32_t bank2;		/* where bank 2 begins; 0: right behind bank 1 */
	size_t n_runs;
	struct chip_run runs[CHIP_RUNS_MAX]; /* of each bank */
};

enum chip_size_kind { /* what the size register holds */
		      CHIP_SIZE_KIB16,
		      CHIP_SIZE_KIB8,	/* only its low byte is valid */
		      CHIP_SIZE_CODE_L1 /* 0: 384 KiB, 1: 256 KiB */
};

struct chip {
	uint16_t dev_id;
	enum chip_ctrl ctrl;
	enum chip_proof proof;
	const char *name;   /* "STM32F405/F407/F415/F417" */
	const char *family; /* "F4", as in probe/cortexm.h */
	const char *core;   /* "cortex-m4" */
	uint32_t dpidr;	    /* what its debug port answers; 0: not known */

	uint32_t regs;		/* of the flash controller */
	uint32_t bank2_regs;	/* those of bank 2 relative to regs; 0: it has none of its own */
	uint8_t bank_bit;	/* CR bit that selects bank 2 for an erase; 0: none */
	uint32_t busy;		/* SR bits that mean: wait */
	struct chip_place swap; /* reads so while the banks are exchanged */

	uint32_t base;
	uint32_t max_bytes;
	uint32_t min_bytes; /* of the smallest part with this id; 0: not known */
	uint32_t size_reg;  /* 0: max_bytes is the size */
	enum chip_size_kind size_kind;
	size_t n_layouts;
	struct chip_layout layouts[CHIP_LAYOUTS_MAX];

	uint8_t granule;   /* bytes that are programmed at once; F2/F4/F7: the widest */
	uint8_t erased;	   /* what erased cells read as */
	bool ecc;	   /* a granule can be programmed once only */
	double program_us; /* typical, one granule, at the widest width; L0/L1: one half-page */
	double erase_ms;   /* typical, one block; 0: by size and width, the controller knows */

	struct {
		uint32_t base, bytes;
	} ram;		   /* the smallest that a part of this row has, in one piece */
	uint32_t uid;	   /* 96 bits; 0: none known */
	uint32_t crc_regs; /* the CRC unit; 0: none */
	struct chip_place crc_clock;
	struct chip_place dbgmcu_clock; /* to be set before DBGMCU keeps what is written */
	struct chip_place dbgmcu;	/* keeps the debug clocks in low-power modes */
	size_t n_freezes;
	struct chip_place
		freezes[CHIP_FREEZES_MAX]; /* stop the watchdogs while the core is halted */
	uint32_t iwdg;			   /* base; 0: none known */
	/*
	 * A faster core clock, wait states included, in steps from the state after a reset:
	 * write bits, then wait until they (or `wait`'s) read so.
	 */
	size_t n_boosts;
	struct chip_boost {
		struct chip_place set, wait;
	} boosts[CHIP_BOOST_MAX];
	unsigned core_khz; /* then; without steps: after a reset */
};

struct chips {
	const struct chip *at; /* in the order of the file */
	size_t n;
	struct arena *a;
};

/* The table that is compiled in, or DIR/chips.yaml where there is one (dir may be NULL).
 * ERR_FORMAT: the text names file, line and what is wrong. */
int chips_load(const char *dir, struct chips *ret, struct err *e);
/* From text; `name` stands in messages. */
int chips_parse(const char *name, const char *text, size_t len, struct chips *ret, struct err *e);
void chips_done(struct chips *c);

const struct chip *chips_find(const struct chips *c, uint16_t dev_id); /* NULL: not there */

const char *chip_ctrl_name(enum chip_ctrl ctrl);
const char *chip_proof_name(enum chip_proof proof);

/* What answered at the wires. */
struct chip_identity {
	uint32_t cpuid;
	uint32_t idcode; /* as DBGMCU gives it */
	uint32_t idcode_at;
	uint16_t dev_id, rev_id;
	/* NULL: an ST part as far as can be seen, else what it looks like: "GD32". */
	const char *lookalike;
	const struct chip *chip; /* NULL: not in the table */
};

/*
 * Read CPUID and the device id. 0 also if the id is not in the table (ret->chip is NULL);
 * ERR_NOT_FOUND if no address answers with an id at all. Writes nothing but the clock bit that
 * some M0+ parts need.
 */
int chip_detect(const struct chips *c, struct target *t, struct chip_identity *ret, struct err *e);

/* NULL: an ST part as far as can be seen, else what it looks like: "GD32". */
const char *chip_looks_like(uint32_t cpuid, uint32_t idcode);

/* Bytes of flash: the size register, or the most this id can have when it says nothing
 * (*ret_known is false then). */
int chip_read_size(const struct chip *c, struct target *t, uint32_t *ret, bool *ret_known,
		   struct err *e);

#endif
