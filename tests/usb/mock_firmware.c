/* A few commands of an ST-LINK/V2: see mock_firmware.h. */
#include "tests/usb/mock_firmware.h"

#include <string.h>

#include "probe/base/bytes.h"

static void answer(struct mock_firmware *f, const void *bytes, size_t len)
{
	memcpy(f->reply, bytes, len);
	f->reply_len = len;
}

static void answer_status(struct mock_firmware *f, uint8_t status, size_t len)
{
	memset(f->reply, 0, len);
	f->reply[0] = status;
	f->reply_len = len;
}

static size_t ram_offset(const uint8_t *cmd)
{
	return get_le32(cmd + 2) & (MOCK_RAM_BYTES - 1);
}

static size_t length(const uint8_t *cmd, size_t offset)
{
	size_t len = get_le16(cmd + 6);

	return len > MOCK_RAM_BYTES - offset ? MOCK_RAM_BYTES - offset : len;
}

static void debug_command(struct mock_firmware *f, const uint8_t *cmd)
{
	size_t at = ram_offset(cmd);

	switch (cmd[1]) {
	case 0x21: /* leave */
		f->mode = 1;
		break;
	case 0x30: /* enter */
		f->mode = 2;
		answer_status(f, 0x80, 2);
		break;
	case 0x31: /* IDCODEs */
		answer(f, "\x80\0\0\0\x77\x14\xa0\x2b\0\0\0\0", 12);
		break;
	case 0x36: /* read a word */
	case 0x45:
		answer_status(f, 0x80, 8);
		break;
	case 0x3e: /* status of the last access */
		answer_status(f, 0x80, 12);
		break;
	case 0x07: /* read */
	case 0x0c:
		answer(f, f->ram + at, length(cmd, at) == 1 ? 2 : length(cmd, at));
		break;
	case 0x08: /* write */
	case 0x0d:
		f->write_at = at;
		f->write_left = length(cmd, at);
		break;
	case 0x35:
	case 0x3c:
	case 0x43: /* speed of SWD, of JTAG */
	case 0x44:
	case 0x46:
	case 0x4b: /* open and close an access port */
	case 0x4c:
		answer_status(f, 0x80, 2);
		break;
	default:
		answer_status(f, 0x42, 2);
	}
}

void mock_firmware_reset(struct mock_firmware *f)
{
	f->mode = 1;
	f->reply_len = f->write_left = 0;
}

void mock_firmware_take(struct mock_firmware *f, const uint8_t *bytes, size_t len)
{
	uint8_t cmd[16] = { 0 };

	if (f->write_left) {
		if (len > f->write_left)
			len = f->write_left;
		memcpy(f->ram + f->write_at, bytes, len);
		f->write_at += len;
		f->write_left -= len;
		return;
	}
	f->reply_len = 0;
	memcpy(cmd, bytes, len < sizeof(cmd) ? len : sizeof(cmd));
	switch (len == sizeof(cmd) ? cmd[0] : 0) {
	case 0xf1:
		answer(f, "\x29\x47\x83\x04\x48\x37", 6);
		break;
	case 0xf2:
		debug_command(f, cmd);
		break;
	case 0xf5:
		answer(f, (const uint8_t[]){ f->mode, 0 }, 2);
		break;
	case 0xf7:
		answer(f, "\xd1\x05\0\0\0\x08\0\0", 8);
		break;
	default:
		f->strays++;
	}
}
