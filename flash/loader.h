/*
 * The loader in the target's RAM, seen from the host: it is given orders that it works off by
 * itself, so that erasing, programming and the way of the next bytes overlap.
 *
 * RAM: code, mailbox, ring of slots, results, data. A slot's last word is its order, so a block
 * write commits it; before it stands a check, and programming carries the sum of its bytes, so that
 * nothing that was falsified on the way is carried out: it is mended instead (loader_mend.c).
 * When an order is done the loader clears that word, and counts in `done`. Waiting is
 * timed: sleep until shortly before an order should be over, then look now and then.
 */
#ifndef SWDOCTOR_FLASH_LOADER_H
#define SWDOCTOR_FLASH_LOADER_H

#include "flash/ctrl.h"
#include "flash/session.h"

extern const uint8_t loader_code[];
extern const size_t loader_code_len;

/* The mailbox, words. As flash/loader/loader.S has it. */
enum loader_word {
	LOADER_BEAT,
	LOADER_DONE, /* orders finished; LOADER_FAILED is set after a failure */
	LOADER_STATE,
	LOADER_SR_SEEN,
	LOADER_AT,
	LOADER_SLOT,
	LOADER_SR,
	LOADER_CR,
	LOADER_BUSY,
	LOADER_WRONG,
	LOADER_CR_PROGRAM,
	LOADER_BLANK,
	LOADER_GRANULE,
	LOADER_CRC,
	LOADER_FEED,
	LOADER_FEED_KEY,
	LOADER_RING,
	LOADER_RING_END,
	LOADER_WORDS
};
#define LOADER_FAILED	     (1U << 31)
#define LOADER_REFUSED_ORDER (1U << 30) /* the current slot's check is wrong */
#define LOADER_REFUSED_BYTES (1U << 29) /* the bytes that it would program are */
#define LOADER_COUNT	     (LOADER_REFUSED_BYTES - 1)
#define LOADER_SLOT_BYTES    24

enum loader_order {
	LOADER_START = 1, /* CR = b; if a: *a = d; if c: CR = c */
	LOADER_WAIT,	  /* until idle; a: the address it is about */
	LOADER_SELECT,	  /* a: SR, b: CR of a bank */
	LOADER_SUM,	  /* a: address, b: results, c: bytes of a piece, d: pieces */
	LOADER_PROGRAM_1, /* a: destination, b: source, c: bytes, d: their sum, in whole words */
	LOADER_PROGRAM_2,
	LOADER_PROGRAM_4,
	LOADER_PROGRAM_WIDE,
};

struct loader_slot {
	uint32_t a, b, c, d;
	enum loader_order order;
};

#define LOADER_SLOTS_MAX   32
#define LOADER_RESULTS_MAX 256

struct loader_note { /* about an order that was given */
	enum fault_step step;
	uint32_t address;
	uint32_t data;	      /* bytes of the data ring that it holds */
	const uint8_t *bytes; /* lent until it is done: what is to be programmed */
	uint32_t len;
	unsigned mended; /* so often something of it arrived wrong */
	bool looked_at;	 /* its bytes were read back */
	double typical_ms;
	unsigned limit_ms;
};

struct loader {
	struct flash_session *s;
	uint32_t mailbox, ring, results, data; /* addresses */
	uint32_t n_slots, n_results, data_bytes;
	bool by_unit;			    /* sums are the CRC unit's */
	unsigned bank;			    /* whose registers it uses */
	double given_ms;		    /* what all orders so far typically take */
	double begun_at_ms[CHIP_BANKS_MAX]; /* of it, before a bank's erase was begun */

	uint32_t issued; /* orders given, also those in `pending` */
	uint32_t sent;	 /* of them, those that are in the target */
	uint32_t done;	 /* known to be finished */
	bool holding;	 /* orders from hold_from on stay here, though their data travel */
	uint32_t hold_from;
	struct loader_note notes[LOADER_SLOTS_MAX];
	struct loader_slot pending[LOADER_SLOTS_MAX];
	uint32_t data_head, data_used;
	uint32_t next_result;
	uint64_t current_since_us; /* when the first unfinished order began, as far as is known */
	uint64_t seen_us;	   /* when it was first seen to be the current one: not before */
	uint64_t alive_us;	   /* when the core was last looked at */
	double pace;		   /* how long orders take, by their typical times */
	/* Called while waiting; may be NULL. */
	void (*idle)(void *user);
	void *idle_user;
};

/* Is there room, and is the chip one of those? */
bool loader_fits(const struct chip *c);

/* Bring it into RAM, read it back, start it. The core is halted before. Fills s->fault. */
int loader_start(struct loader *l, struct flash_session *s, struct err *e);
/* Halt it, whatever it does. */
int loader_stop(struct loader *l, struct err *e);

/* The most that one program order takes; a multiple of every unit. */
uint32_t loader_chunk(const struct loader *l);

/*
 * Each waits for a free slot and room if it must. `bytes` must stay until they are programmed.
 * Between the begin and the end of an erase nothing may be ordered from the same bank's controller.
 */
int loader_begin_erase(struct loader *l, const struct geometry_block *b, struct err *e);
int loader_end_erase(struct loader *l, const struct geometry_block *b, struct err *e);
int loader_program(struct loader *l, const struct geometry_block *b, uint32_t address,
		   const uint8_t *bytes, uint32_t len, struct err *e);
/* *ret_result: where the sums will be, *ret_order: with which order. */
int loader_sum(struct loader *l, enum fault_step step, uint32_t address, uint32_t piece,
	       uint32_t pieces, uint32_t *ret_result, struct err *e);
/* Orders that are given from now on wait for loader_let_go. */
void loader_hold(struct loader *l);
int loader_let_go(struct loader *l, struct err *e);
/* Is there room for so many bytes, now or once the orders before the held ones are done? */
bool loader_can_hold(struct loader *l, uint32_t len);
/* Everything that was given and is not held is sent; nothing is waited for. */
int loader_flush(struct loader *l, struct err *e);
/* Until `order` orders are finished. */
int loader_wait(struct loader *l, uint32_t order, struct err *e);
/* CRC-32 as the loader computes it; len is a multiple of 4. */
uint32_t loader_crc(const uint8_t *bytes, size_t len);
uint32_t loader_crc_from(uint32_t crc, const uint8_t *bytes, size_t len); /* going on */

int loader_results(struct loader *l, uint32_t first, uint32_t n, uint32_t *ret, struct err *e);

#endif
