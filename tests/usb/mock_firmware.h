/* The few commands of an ST-LINK/V2 that tests of the cable need; written from the protocol, not
 * from our own tables. */
#ifndef SWDOCTOR_TESTS_MOCK_FIRMWARE_H
#define SWDOCTOR_TESTS_MOCK_FIRMWARE_H

#include <stddef.h>
#include <stdint.h>

#define MOCK_RAM_BYTES 65536

struct mock_firmware {
	uint8_t mode;
	uint8_t ram[MOCK_RAM_BYTES]; /* what is at 0x20000000 */
	uint8_t reply[MOCK_RAM_BYTES];
	size_t reply_len;
	size_t write_at, write_left; /* of a write that waits for its data */
	unsigned strays;
};

void mock_firmware_reset(struct mock_firmware *f);
/* What came on the OUT endpoint: a command or the data of the last one. Fills reply. */
void mock_firmware_take(struct mock_firmware *f, const uint8_t *bytes, size_t len);

#endif
