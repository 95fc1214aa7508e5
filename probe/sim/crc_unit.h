/*
 * The CRC calculation unit: CRC-32 of whole words, most significant bit first (RM0008 4, RM0090
 * 4). The units with a choice of polynomial behave the same until they are told otherwise.
 */
#ifndef SWDOCTOR_SIM_CRC_UNIT_H
#define SWDOCTOR_SIM_CRC_UNIT_H

#include <stdint.h>

struct crc_unit {
	uint32_t value, scratch;
};

void crc_unit_reset(struct crc_unit *u);
uint32_t crc_unit_read(const struct crc_unit *u, uint32_t off);
void crc_unit_write(struct crc_unit *u, uint32_t off, uint32_t value);

#endif
