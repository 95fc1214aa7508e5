/* Shared by engine_write.c and engine_direct.c only: what of a block is to be programmed. */
#ifndef SWDOCTOR_FLASH_ENGINE_WRITE_H
#define SWDOCTOR_FLASH_ENGINE_WRITE_H

#include "flash/engine_work.h"

/* A stretch of a block that is to be programmed, in whole units. */
struct stretch {
	uint32_t off, len;
};

/* The next one from `from` on, of `most` bytes and a little; false: what is left stays blank. */
bool write_next_stretch(const struct work *w, const struct work_block *b, uint32_t from,
			uint32_t most, struct stretch *ret);
/* All its bytes were ordered to be programmed, or are. */
void write_is_over(struct work *w, struct work_block *b);
/* Of all blocks that are not right already. */
uint64_t write_bytes(const struct work *w);

int engine_write_directly(struct work *w, struct err *e);
/* The whole chip, after the journal was told of each block. */
int engine_erase_instead(struct work *w, struct err *e);

#endif
