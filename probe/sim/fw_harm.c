/*
 * What a fault of the bench does to data that the firmware carries to and from the target, while
 * it says that all went well. Of a command with many words one, by chance, is hit.
 */
#include "probe/sim/fw.h"

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
