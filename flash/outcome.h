/*
 * What the state of the chip after a command means for its owner: which bytes of it are old, new or
 * not known, whether it boots, and what to do next.
 */
#ifndef SWDOCTOR_FLASH_OUTCOME_H
#define SWDOCTOR_FLASH_OUTCOME_H

#include "flash/engine.h"
#include "probe/base/buf.h"

enum outcome_group {
	OUTCOME_NEW,	 /* holds what it should, as a comparison said */
	OUTCOME_OLD,	 /* as it was before the command */
	OUTCOME_UNKNOWN, /* erased, half written, or not known */
	OUTCOME_GROUPS
};

const char *outcome_group_name(enum outcome_group g); /* "new" */
enum outcome_group outcome_group_of(const struct flash_outcome *o, const struct flash_block *b);
/* The next stretch of blocks of a group from block *n on; moves *n behind it. */
bool outcome_next_range(const struct flash_outcome *o, enum outcome_group g, size_t *n,
			uint32_t *ret_address, uint32_t *ret_bytes);

enum outcome_boots {
	OUTCOME_BOOTS_NEW,
	OUTCOME_BOOTS_AS_BEFORE,
	OUTCOME_BOOTS_NOTHING, /* the vectors are erased: the core finds no program */
	OUTCOME_BOOTS_LOADER,  /* what lies at the boot address was not touched; behind it all is
				  not in yet */
	OUTCOME_BOOTS_UNKNOWN,
};

enum outcome_boots outcome_boots(const struct flash_outcome *o);
const char *outcome_boots_name(enum outcome_boots b); /* "as-before" */
const char *outcome_boots_text(enum outcome_boots b); /* a sentence */
/* A sentence; "": there is nothing left to do. */
const char *outcome_next(const struct flash_outcome *o);
/* Lines for people about all of this. */
void outcome_write_text(const struct flash_outcome *o, struct buf *out);

#endif
