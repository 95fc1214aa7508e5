/*
 * What a command of the engine works on: the blocks with the bytes they are to hold. Between the
 * files of the engine only: engine_work.c (blocks and bytes), engine_compare.c (is it right
 * already? what must be kept?), engine_torn.c (what cannot be read), engine_write.c (erase and
 * program by the loader), engine_direct.c (without it), verify.c and verify_host.c (is it right
 * now?), engine_journal.c (what outlasts the run), engine_supply.c (the supply meanwhile),
 * engine_recover.c (the one loop), engine_erase.c and engine.c (the commands).
 */
#ifndef SWDOCTOR_FLASH_ENGINE_WORK_H
#define SWDOCTOR_FLASH_ENGINE_WORK_H

#include "flash/engine.h"
#include "flash/journal.h"
#include "flash/loader.h"

enum work_origin { WORK_UNKNOWN, WORK_IMAGE, WORK_KEPT };

struct work_block {
	struct flash_block *told; /* in the outcome */
	uint8_t *want;		  /* told->where.bytes of them */
	uint8_t *origin;	  /* enum work_origin of each */
	bool dirty;		  /* was or may have been changed: no need to compare */
	bool same;		  /* needs nothing */
	bool blank;		  /* is erased already */
	uint32_t torn_bytes;	  /* in granules that cannot be read: engine_torn.c */
	bool erasing;		  /* that was ordered, and is not known to be over */
	bool untouched;		  /* up to that order */
	bool erased;		  /* by us, completely, and nothing was programmed since */
	bool was_done;		  /* an earlier run of this image found it right at its end */
	bool noted_done;	  /* that it is right stands in the journal */
	bool checked;		  /* its sums were right after it was programmed */
};

/* Checksums of pieces of flash by the loader, any number of them. */
struct work_piece {
	size_t block;
	uint32_t off, len; /* in the block, words */
	bool known;	   /* of bytes that it is to hold; else of bytes that nobody knows */
	uint32_t sum;	   /* filled */
};

struct work_pieces {
	struct work_piece *at;
	size_t n, room;
};

struct work {
	struct flash_session *s;
	const struct flash_options *o;
	const struct flash_ops *ops;
	struct flash_outcome *out;
	struct loader loader;
	bool use_loader;
	struct journal journal;
	uint8_t image_hash[SHA256_BYTES];
	bool resumes;	    /* the journal's last run was of this image */
	bool run_noted;	    /* in the journal */
	bool journal_known; /* its path was made, an earlier run's records were taken */
	size_t n;
	struct work_block *blocks;    /* as out->blocks */
	size_t vectors;		      /* which of them; n: none */
	struct work_pieces unknown;   /* as they were summed up before anything was changed */
	bool reads_only;	      /* nothing is to be changed: no recovery may, either */
	bool mass_erase;	      /* the whole chip instead of blocks */
	uint64_t began_us, supply_us; /* supply_us: when it was last looked at */
	unsigned supply_looks;
	struct flash_progress progress;
};

/* An erase of it begins; it is known to be over. */
void work_erase_begins(struct work_block *b);
void work_erase_is_over(struct work *w, struct work_block *b);
void work_init(struct work *w, struct flash_session *s, const struct flash_options *o,
	       const struct flash_ops *ops, struct flash_outcome *out);
void work_done(struct work *w);
/* All blocks that the image touches. ERR_USAGE: some of it lies outside the flash. */
int work_add_image(struct work *w, const struct flash_image *image, struct err *e);
/* A block by address, added if it is new. */
struct work_block *work_block_at(struct work *w, uint32_t address);
/* The next run of bytes of one kind from `off` on: where it begins and how long it is. */
bool work_next_run(const struct work_block *b, bool known, uint32_t off, uint32_t *ret_off,
		   uint32_t *ret_len);
bool work_is_blank(const struct work *w, const uint8_t *bytes, size_t len);
void work_progress(struct work *w, enum flash_phase phase, uint64_t done, uint64_t total,
		   uint32_t address);

void work_add_piece(struct work_pieces *p, const struct work_piece *piece);
void work_add_pieces(struct work *w, struct work_pieces *p, size_t block, bool also_unknown);
int work_sum_pieces(struct work *w, enum fault_step step, enum flash_phase phase,
		    struct work_pieces *p, struct err *e);
#define WORK_PIECE_MAX 16384

/* ---- engine_twice.c: reading that is not believed at once ---- */

/* A word that was read wrong: two more readings are as wanted. */
bool engine_word_is_right(struct work *w, uint32_t address, const uint8_t *want);
/* The same for each word that differs; a few only, as many are no accident. */
bool engine_words_are_right(struct work *w, uint32_t address, const uint8_t *there,
			    const uint8_t *want, uint32_t len);
/* `bytes` were read once: again, until two readings in a row are the same. */
int engine_read_twice(struct work *w, uint32_t address, uint8_t *bytes, uint32_t len,
		      struct err *e);
/* What was read of a block to be kept agrees with the sums in w->unknown, or is read again. */
int engine_check_kept(struct work *w, size_t block, struct err *e);

/* ---- engine.c: how each command begins and ends ---- */

/* The session at `state`; with the loader where the chip and the user allow it. */
int engine_reach(struct work *w, enum session_state state, struct err *e);
/* Let go of the chip; the first failure of the command counts. Ends `w`. */
int engine_finish(struct work *w, int rc, struct err *e);

/* While the loader works: the supply's lowest is kept in s->care (engine_supply.c). */
void engine_watch_supply(void *work);

/* Until it is done or nothing is left that may help (engine_recover.c). */
int engine_until_done(struct work *w, int (*attempt)(struct work *w, struct err *e), struct err *e);

/* ---- the journal: engine_journal.c ---- */

/* What an earlier run left: bytes that blocks are to hold, blocks that were right. */
int engine_take_journal(struct work *w, const struct flash_image *image, struct err *e);
/* After comparing: what an earlier run brought in, and is still there. */
void engine_count_resumed(struct work *w);
/* This run is about to change the chip. */
int engine_note_run(struct work *w, struct err *e);
int engine_note_kept(struct work *w, const struct work_block *b, struct err *e);
/* The block is right, as the target says. */
void engine_note_done(struct work *w, struct work_block *b);
/* It is erased again: what it held counts again. */
int engine_note_erase(struct work *w, struct work_block *b, struct err *e);

/* ---- the phases ---- */

/*
 * Bytes of flash as target_read gives them; but a granule whose error correction gives up reads as
 * erased, and its bytes count in *ret_torn; without `split` all of them do, for one. Chips without
 * error correction have none.
 */
int engine_read(struct work *w, uint32_t address, uint8_t *ret, uint32_t len, bool split,
		uint32_t *ret_torn, struct err *e);
/* Has the loader met such a granule, as far as its end tells? */
bool engine_met_torn(const struct work *w);

/* Sets same, blank; completes words that the image shares with its neighbours. */
int engine_compare(struct work *w, struct err *e);
/* Settles whether the whole chip is erased instead of blocks; then no block is the same. */
void engine_choose_mass_erase(struct work *w);
/* Reads what changed blocks hold outside the image, into the journal. */
int engine_keep(struct work *w, struct err *e);
int engine_write(struct work *w, struct err *e);
/* Everything, through the debug port. */
int engine_mass_erase(struct work *w, struct err *e);
/* All blocks that are not untouched; sets their states. */
int verify_all(struct work *w, bool full, struct err *e);
/* One block, by the sums of its pieces. */
void verify_mismatch(struct work *w, size_t block, uint32_t off, uint32_t len);
/* The same, and the error that tells of it. */
int verify_differs(struct work *w, size_t block, uint32_t off, uint32_t len, struct err *e);
/* Reading at `address` failed with rc, which is returned. */
int verify_link_failed(struct work *w, uint32_t address, int rc, struct err *e);
/* verify_host.c: the sample beside the sums, or every byte. */
int verify_samples(struct work *w, struct err *e);
int verify_fully(struct work *w, struct err *e);

#endif
