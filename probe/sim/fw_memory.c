/* The firmware's memory commands. They carry no status; the host fetches it with another command.
 */
#include "probe/sim/fw.h"

#include <string.h>

#include "probe/base/bytes.h"

#define BUFFER_BYTES 6144 /* 16- and 32-bit reads */
#define CSW_SINCE_V2 32
#define CSW_SINCE_V3 2

static unsigned access_size(uint8_t op)
{
	if (op == 0x0c || op == 0x0d)
		return 1;
	return op == 0x47 || op == 0x48 ? 2 : 4;
}

static size_t byte_limit(const struct fw *f)
{
	return fw_since(f, 255, 6) ? 512 : 64;
}

static struct fw_block block_of(const struct fw *f, const uint8_t *c, bool read)
{
	struct fw_block b = { .ap = c[8],
			      .read = read,
			      .same_address = c[1] == 0x50 || c[1] == 0x54,
			      .size = access_size(c[1]),
			      .addr = get_le32(c + 2),
			      .bytes = get_le16(c + 6),
			      .data = f->data };

	if (fw_since(f, CSW_SINCE_V2, CSW_SINCE_V3))
		b.csw = (uint32_t)c[9] << 8 | (uint32_t)c[10] << 16 | (uint32_t)c[11] << 24;
	return b;
}

static void finish(struct fw *f, enum fw_status status, uint32_t fault)
{
	status = fw_said(f, status);
	f->last_status = status;
	f->last_fault = status == FW_OK ? 0 : fault;
}

void fw_read_memory(struct fw *f, const uint8_t *c)
{
	struct fw_block b = block_of(f, c, true);
	size_t limit = b.size == 1 ? byte_limit(f) : BUFFER_BYTES;
	uint32_t fault = b.addr;
	enum fw_status status = FW_COMMAND_ERROR;

	if (b.bytes <= limit)
		status = fw_block(f, &b, &fault);
	else
		memset(f->data, 0, b.bytes);
	finish(f, status, fault);
	/* One byte travels as two. */
	if (b.size == 1 && b.bytes == 1) {
		f->data[1] = 0;
		b.bytes = 2;
	}
	fw_answer(f, f->data, b.bytes);
}

void fw_write_memory(struct fw *f, const uint8_t *c)
{
	f->data_want = get_le16(c + 6);
	f->data_got = 0;
	if (!f->data_want)
		finish(f, FW_OK, 0);
}

void fw_write_memory_data(struct fw *f)
{
	struct fw_block b = block_of(f, f->command, false);
	uint32_t fault = b.addr;
	enum fw_status status = FW_COMMAND_ERROR;

	if (b.size > 1 || b.bytes <= byte_limit(f))
		status = fw_block(f, &b, &fault);
	finish(f, status, fault);
}

void fw_last_status(struct fw *f, const uint8_t *c)
{
	uint8_t bytes[2] = { (uint8_t)f->last_status, 0 };

	(void)c;
	fw_answer(f, bytes, sizeof(bytes));
}

void fw_last_status2(struct fw *f, const uint8_t *c)
{
	uint8_t bytes[12] = { (uint8_t)f->last_status, 0 };

	(void)c;
	put_le32(bytes + 4, f->last_fault);
	fw_answer(f, bytes, sizeof(bytes));
}
