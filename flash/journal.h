/*
 * What a run did to a chip, on disk, so that nothing is lost when it dies: the next run on the same
 * chip finds what erase blocks held outside the image and writes it back, and knows which blocks of
 * which image were right already. One file for a chip (by device id and unique id), mode 0600, in a
 * folder of mode 0700. It is removed when a run ends well.
 *
 * Records are appended. What a block held is fsync'ed before the block is erased; that a block is
 * right is not, as it saves work and no bytes. Once a block is right, what is older of it no longer
 * counts: whoever changed the chip since then is not undone. A record that was cut short is not
 * taken, nor what follows it.
 */
#ifndef SWDOCTOR_FLASH_JOURNAL_H
#define SWDOCTOR_FLASH_JOURNAL_H

#include "flash/session.h"
#include "probe/base/buf.h"
#include "probe/base/sha256.h"

struct journal {
	char path[256];
	int fd; /* -1: not open */
	bool exists;
	bool keeps; /* bytes of blocks, that is, besides what was done */
};

/* Where the journal of this chip is; nothing is opened. dir NULL: $XDG_STATE_HOME/swdoctor. */
int journal_init(struct journal *j, const char *dir, const struct flash_session *s, struct err *e);

struct journal_reader { /* what an earlier run left, oldest first; each is called or NULL */
	void *user;
	/* A run began to change the chip; the image by its hash. */
	void (*run)(void *user, const uint8_t image[SHA256_BYTES]);
	/* What a block held that is not right since then. */
	void (*kept)(void *user, uint32_t address, const uint8_t *bytes, uint32_t len);
	/* A block was right, by a checksum on the target. */
	void (*done)(void *user, uint32_t address, uint32_t len);
};

/* No journal: nothing is called. */
int journal_read(struct journal *j, const struct journal_reader *r, struct err *e);
int journal_add_run(struct journal *j, const uint8_t image[SHA256_BYTES], struct err *e);
int journal_add_done(struct journal *j, uint32_t address, uint32_t len, struct err *e);
int journal_add(struct journal *j, uint32_t address, const uint8_t *bytes, uint32_t len,
		struct err *e);
/* Everything that was added is on the disk now. */
int journal_sync(struct journal *j, struct err *e);
/* All of it is back in the chip. */
void journal_remove(struct journal *j);
void journal_close(struct journal *j);

#endif
