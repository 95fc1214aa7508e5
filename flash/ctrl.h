/*
 * Flash controllers. Each shape is a struct ctrl: where its registers are, its keys, what each
 * status bit means, and the few words by which it begins to erase or to program. All acting is done
 * in ctrl.c (from the host, through the debug port) or by the loader (loader.h), both from the same
 * facts. Sources: the reference manual of each family, section "Flash".
 */
#ifndef SWDOCTOR_FLASH_CTRL_H
#define SWDOCTOR_FLASH_CTRL_H

#include "flash/fault.h"
#include "flash/geometry.h"

struct ctrl_bit {
	uint32_t mask;
	const char *name, *says;
};

struct ctrl_key { /* two words into one register */
	uint16_t reg;
	uint32_t first, second;
};

/* Words that begin an erase: CR = cr; if address: *address = value; if go: CR = go. */
struct ctrl_erase {
	uint32_t cr, address, value, go;
};

#define CTRL_KEYS_MAX 2

struct ctrl {
	uint16_t sr, cr, clear; /* registers; writing 1 into `clear` clears */
	struct ctrl_key keys[CTRL_KEYS_MAX];
	uint32_t lock;	    /* CR bits that read 1 while it is locked, and lock */
	uint32_t busy;	    /* where the chip's row has none of its own */
	uint32_t errors;    /* SR bits that mean a failure */
	uint32_t refusals;  /* of them, those after which nothing was begun: write protection */
	uint32_t clear_all; /* what is written to clear them */
	bool wide;	    /* programs granules of several words */
	bool at_once; /* banks with registers of their own erase and program at the same time */
	unsigned erase_limit_ms, mass_limit_ms;
	const struct ctrl_bit *bits; /* ends with mask 0 */

	/* Bytes at once that the voltage allows. mv 0: unknown. */
	unsigned (*width)(const struct chip *c, int mv);
	uint32_t (*program_cr)(const struct chip *c, unsigned width);
	void (*erase)(const struct chip *c, const struct geometry_block *b, unsigned width,
		      struct ctrl_erase *ret);
	/* The whole bank, counted as the controller does. NULL: there is no such thing. */
	void (*mass)(const struct chip *c, unsigned bank, unsigned width, struct ctrl_erase *ret);
	double (*erase_ms)(const struct chip *c, uint32_t bytes, unsigned width);
	/* Of mass(), for a bank of so many bytes. NULL: not known. */
	double (*mass_ms)(const struct chip *c, uint32_t bytes, unsigned width);
	/* Of one unit. NULL: as the chip's row says. */
	double (*program_us)(const struct chip *c, unsigned width);
	/* Caches off, whatever must be so before verifying and programming. NULL: nothing. */
	int (*prepare)(const struct chip *c, struct target *t, struct err *e);
};

extern const struct ctrl ctrl_fpec, ctrl_f4, ctrl_l0, ctrl_l4, ctrl_l5, ctrl_h5, ctrl_h7, ctrl_h7ab;

const struct ctrl *ctrl_of(const struct chip *c); /* NULL: none is implemented */

/* Where a bank's registers are. `bank` as the controller counts. */
uint32_t ctrl_sr(const struct chip *c, unsigned bank);
uint32_t ctrl_cr(const struct chip *c, unsigned bank);
uint32_t ctrl_busy(const struct chip *c);
/* Each bank has a controller of its own: one is erased while the other is erased or programmed. */
bool ctrl_side_by_side(const struct chip *c, const struct geometry *g);
/* Bytes of the unit that is programmed at once. */
unsigned ctrl_unit(const struct chip *c, unsigned width);
/* Typical times. */
double ctrl_erase_ms(const struct chip *c, uint32_t bytes, unsigned width);
double ctrl_program_ms(const struct chip *c, uint32_t bytes, unsigned width);
/* Of erasing everything; 0: there is no such thing, or its time is not known. */
double ctrl_mass_ms(const struct chip *c, const struct geometry *g, unsigned width);
/* Whether that is faster than the erase of blocks in blocks_ms, though what takes again_ms to
 * program would have to be written anew. */
static inline bool ctrl_mass_pays(double mass_ms, double blocks_ms, double again_ms)
{
	return mass_ms > 0 && mass_ms + again_ms < blocks_ms;
}

/*
 * Everything below works through the debug port and fills *f on failure (step and address are the
 * caller's). SR goes into the fault before it is cleared.
 */
int ctrl_unlock(const struct chip *c, const struct geometry *g, struct target *t,
		struct flash_fault *f, struct err *e);
int ctrl_lock(const struct chip *c, const struct geometry *g, struct target *t, struct err *e);
int ctrl_wait(const struct chip *c, unsigned bank, struct target *t, unsigned typical_ms,
	      unsigned limit_ms, struct flash_fault *f, struct err *e);
/* Banks that work at the same time: until none is busy; an erase that was begun ends by itself. */
int ctrl_settle(const struct chip *c, const struct geometry *g, struct target *t,
		struct flash_fault *f, struct err *e);
int ctrl_clear(const struct chip *c, unsigned bank, struct target *t, struct err *e);
int ctrl_erase_block(const struct chip *c, const struct geometry_block *b, unsigned width,
		     struct target *t, struct flash_fault *f, struct err *e);
/* Two blocks of banks with controllers of their own, at the same time. */
int ctrl_erase_pair(const struct chip *c, const struct geometry_block *a,
		    const struct geometry_block *b, unsigned width, struct target *t,
		    struct flash_fault *f, struct err *e);
int ctrl_mass_erase(const struct chip *c, const struct geometry *g, unsigned width,
		    struct target *t, struct flash_fault *f, struct err *e);
/* Whole units; blank ones are skipped. */
int ctrl_program(const struct chip *c, unsigned bank, unsigned width, uint32_t address,
		 const uint8_t *bytes, size_t len, struct target *t, struct flash_fault *f,
		 struct err *e);
/* SR and what its bits say, into the fault. */
void ctrl_decode(const struct chip *c, uint32_t sr, struct flash_fault *f);

#endif
