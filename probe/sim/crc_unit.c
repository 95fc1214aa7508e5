/* The CRC calculation unit. */
#include "probe/sim/crc_unit.h"

enum { DR = 0x00, IDR = 0x04, CR = 0x08 };

#define POLYNOMIAL 0x04c11db7u
#define CR_RESET   1u

void crc_unit_reset(struct crc_unit *u)
{
	*u = (struct crc_unit){ .value = 0xffffffff };
}

uint32_t crc_unit_read(const struct crc_unit *u, uint32_t off)
{
	return off == DR ? u->value : off == IDR ? u->scratch : 0;
}

void crc_unit_write(struct crc_unit *u, uint32_t off, uint32_t value)
{
	unsigned i;

	if (off == IDR)
		u->scratch = value & 0xff;
	if (off == CR && value & CR_RESET)
		u->value = 0xffffffff;
	if (off != DR)
		return;
	u->value ^= value;
	for (i = 0; i < 32; i++)
		u->value = u->value << 1 ^ (u->value >> 31 ? POLYNOMIAL : 0);
}
