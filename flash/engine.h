/*
 * The flash engine: an image into a chip, verified by reading back; also reading, erasing and
 * verifying alone.
 *
 * What it holds to, whatever happens:
 *  1. Success is said only after every byte of the image was compared after the last write: by a
 *     checksum that the target computes over its flash, and by a sample that the host reads (each
 *     block's first and last word, at least 1 % of all words); with verify_full all by the host.
 *  2. Nothing outside the image's erase blocks is erased without consent. What such a block holds
 *     outside the image lies in the journal, fsync'ed, before it is erased, and is written back.
 *  3. The block with the vector table is erased first and programmed last.
 *  4. After a step that failed one recovery is applied, of those that ops->choose proposes, and
 *     what is not done yet is done again (engine_recover.c); each step has a limit of time, each
 *     recovery one of tries, the run one of both, so every run ends.
 *  5. Protection and option bytes are never changed.
 *  6. At every exit struct flash_outcome tells the state of every block.
 *  7. No threads; a wish to stop (target->deadline) is seen between two transactions.
 *
 * Nothing here prints or knows a cause: ops carry progress out, and questions.
 */
#ifndef SWDOCTOR_FLASH_ENGINE_H
#define SWDOCTOR_FLASH_ENGINE_H

#include "flash/recover.h"

/* Bytes that belong at an address. Lent. */
struct flash_segment {
	uint32_t address;
	const uint8_t *bytes;
	size_t len; /* not 0 */
};

struct flash_image { /* rising addresses, no overlap */
	const struct flash_segment *at;
	size_t n;
};

enum flash_block_state {
	FLASH_BLOCK_UNTOUCHED, /* as it was */
	FLASH_BLOCK_UNCHANGED, /* held the right bytes already */
	FLASH_BLOCK_ERASED,
	FLASH_BLOCK_PROGRAMMED,
	FLASH_BLOCK_VERIFIED,
	FLASH_BLOCK_BAD,     /* known to be wrong */
	FLASH_BLOCK_UNKNOWN, /* a step ended without an answer */
};

const char *flash_block_state_name(enum flash_block_state s);

struct flash_block {
	struct geometry_block where;
	enum flash_block_state state;
	bool has_vectors;     /* erased first, programmed last */
	uint32_t image_bytes; /* of it that the image gives; 0: erased only */
};

enum flash_phase {
	FLASH_PHASE_CONNECT,
	FLASH_PHASE_COMPARE,
	FLASH_PHASE_KEEP,
	FLASH_PHASE_WRITE, /* erase and program, overlapping */
	FLASH_PHASE_VERIFY,
	FLASH_PHASE_READ,
	FLASH_PHASE_ERASE,
	FLASH_PHASE_FINISH,
};

const char *flash_phase_name(enum flash_phase p);

struct flash_progress {
	enum flash_phase phase;
	uint64_t done, total; /* bytes of flash */
	uint32_t address;     /* worked on now; 0 if there is none */
	uint64_t elapsed_us;  /* since the command began */
};

enum flash_consent {
	FLASH_CONSENT_MASS_ERASE,
	FLASH_CONSENT_RESET, /* of a chip that runs a program */
};

struct flash_ops {
	void *user;
	/* NULL: nobody watches. Called often; keep it short. */
	void (*progress)(void *user, const struct flash_progress *p);
	/* NULL: no to everything. `why` is a sentence. */
	bool (*consent)(void *user, enum flash_consent what, const char *why);
	/*
	 * A step failed; s->fault has all facts. Which recoveries may help, the one to try first in
	 * front; at most `max`. Those that do not fit, or were tried often enough, are passed over.
	 * NULL: nothing is tried.
	 */
	size_t (*choose)(void *user, const struct flash_session *s, const struct recovery **ret,
			 size_t max);
	/* What became of a recovery; before anything else is chosen. May be NULL. */
	void (*tried)(void *user, const struct flash_try *t);
	/* The run's time is over, or the user wants an end: so long for letting the chip go, all
	 * the same. NULL: it stays as it is. */
	void (*grant)(void *user, const char *what, unsigned ms);
};

struct flash_options {
	bool halt;	  /* leave it halted at the image's first instruction */
	bool verify_full; /* the host reads and compares every byte */
	bool rewrite;	  /* erase and program also what is right already */
	/* The whole chip may be erased where that is faster: what lies outside the image's blocks
	 * is lost then. */
	bool mass_erase;
	const char *journal_dir; /* NULL: the state folder of XDG */
};

struct flash_outcome {
	bool done; /* everything that was asked for was done and checked */
	size_t n_blocks;
	struct flash_block
		*blocks;	  /* those that the command is about; freed by flash_outcome_done */
	struct flash_fault fault; /* the last one; step NONE if none */
	unsigned attempts;	  /* 1: nothing was repeated */
	uint32_t blocks_erased;
	bool interrupted_before;   /* a run before this one did not end well, says its journal */
	uint32_t blocks_resumed;   /* that it found right, of this image, and that still are */
	uint32_t boot_address;	   /* where the core takes its vectors from */
	uint64_t bytes_programmed; /* blank granules are none */
	uint64_t bytes_verified, bytes_sampled;
	uint64_t bytes_torn; /* in blocks of the image that could not be read at first: their error
				correction gave up */
	bool used_loader, used_crc_unit, mass_erased;
	bool locked, running; /* at the end */
	bool state_known;     /* of the core and the lock */
	uint64_t connect_us, compare_us, write_us, verify_us, total_us;
	char journal[256]; /* path of a journal with bytes that are to go back; "" */
};

void flash_outcome_done(struct flash_outcome *o);

/*
 * Until the target is linked and the chip is known, recoveries included; the commands below go on
 * from there. ops as for them.
 */
int flash_link(struct flash_session *s, const struct flash_ops *ops, struct err *e);

/*
 * A chip that is linked and read-protected (level 1): opened, which erases all its flash, if that
 * is allowed (care_hands.may_destroy). ERR_UNSUPPORTED: it stays protected.
 */
int flash_open(struct flash_session *s, const struct flash_ops *ops, struct err *e);

/*
 * The commands. Each takes a session that was initialised, climbs as needed and releases it at the
 * end. *ret is filled also on failure (flash_outcome_done it either way).
 */
int flash_program(struct flash_session *s, const struct flash_image *image,
		  const struct flash_options *o, const struct flash_ops *ops,
		  struct flash_outcome *ret, struct err *e);
int flash_verify(struct flash_session *s, const struct flash_image *image,
		 const struct flash_options *o, const struct flash_ops *ops,
		 struct flash_outcome *ret, struct err *e);

struct flash_range {
	uint32_t address, len;
};

/* Erase every block that a range touches; n 0: the whole chip (asks for MASS_ERASE). */
int flash_erase(struct flash_session *s, const struct flash_range *ranges, size_t n,
		const struct flash_options *o, const struct flash_ops *ops,
		struct flash_outcome *ret, struct err *e);

/* Read memory in pieces of at most a transaction; the core is not touched. */
int flash_read(struct flash_session *s, uint32_t address, void *ret_bytes, size_t len,
	       const struct flash_ops *ops, struct err *e);

#endif
