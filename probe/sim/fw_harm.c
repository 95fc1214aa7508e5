/*
 * What a fault of the bench does to data that the firmware carries to and from the target, while
 * it says that all went well. Of a command with many words one, by chance, is hit.
 */
#include "probe/sim/fw.h"

#include <string.h>

static bool take(struct fw *f, enum fw_harm what)
{
	if (f->harm != what)
		return false;
	f->harm = FW_UNHARMED;
	f->harms++;
	return true;
}

static void flip(struct fw *f, uint8_t *at, size_t len)
{
	uint32_t bit = rng_u32(f->wire->rng) % (uint32_t)(8 * len);

	at[bit / 8] ^= (uint8_t)(1u << bit % 8);
}

bool fw_harm_loses_write(struct fw *f)
{
	return take(f, FW_LOSE_WRITE);
}

void fw_harm_written(struct fw *f, void *bytes, size_t len)
{
	if (len && take(f, FW_FLIP_WRITE))
		flip(f, bytes, len);
}

void fw_harm_read(struct fw *f, void *bytes, size_t len)
{
	if (len && take(f, FW_FLIP_READ))
		flip(f, bytes, len);
}

/* The buffer is the one of the reply before, and its length that of this one. */
void fw_harm_reply(struct fw *f, uint8_t *bytes, size_t len)
{
	if (f->last_len && len && take(f, FW_STALE)) {
		memcpy(bytes, f->last, len < f->last_len ? len : f->last_len);
		return;
	}
	f->last_len = len < FW_LAST_MAX ? len : FW_LAST_MAX;
	memcpy(f->last, bytes, f->last_len);
}
