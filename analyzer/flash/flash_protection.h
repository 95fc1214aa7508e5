/*
 * A chip that is read-protected gives nothing and takes nothing before it is opened, and opening it
 * costs all of its flash: that is the user's to say, and not in passing.
 */
#ifndef SWDOCTOR_FLASH_PROTECTION_H
#define SWDOCTOR_FLASH_PROTECTION_H

#include "analyzer/flash/flash_run.h"

extern const char flash_protection_for_ever[]; /* what the message of level 2 says */

/*
 * ERR_UNSUPPORTED, with what would open it, when the option bytes say that the chip is protected;
 * the report is told. 0: it is not, or they cannot be read.
 */
int flash_protection_check(const struct flash_work *w, const struct flash_session *s,
			   struct err *e);

#endif
