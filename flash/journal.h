/*
 * What erase blocks held outside the image, on disk before they are erased, so that nothing is lost
 * when a run dies in between: the next run on the same chip finds it and writes it back. One file
 * for a chip (by device id and unique id), mode 0600, in a folder of mode 0700; a record is
 * appended and fsync'ed, then the erase may begin. A record that was cut short is not taken.
 */
#ifndef SWDOCTOR_FLASH_JOURNAL_H
#define SWDOCTOR_FLASH_JOURNAL_H

#include "flash/session.h"
#include "probe/base/buf.h"

struct journal {
	char path[256];
	int fd; /* -1: not open */
	bool exists;
};

/* Where the journal of this chip is; nothing is opened. dir NULL: $XDG_STATE_HOME/swdoctor. */
int journal_init(struct journal *j, const char *dir, const struct flash_session *s, struct err *e);
/* Records of an earlier run, oldest first. No journal: none. */
int journal_read(struct journal *j,
		 void (*record)(void *user, uint32_t address, const uint8_t *bytes, uint32_t len),
		 void *user, struct err *e);
int journal_add(struct journal *j, uint32_t address, const uint8_t *bytes, uint32_t len,
		struct err *e);
/* Everything that was added is on the disk now. */
int journal_sync(struct journal *j, struct err *e);
/* All of it is back in the chip. */
void journal_remove(struct journal *j);
void journal_close(struct journal *j);

#endif
