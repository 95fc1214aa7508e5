/* Memory in blocks: limits, alignment, and how each block went. */
#include <string.h>

#include "probe/base/bytes.h"
#include "probe/stlink.h"

/* What works on a V3J5 to J7 (see stlink_quirks.def). */
#define READ8_QUIRK_BYTES 128

struct block {
	enum stlink_cmd_id id;
	uint32_t args[STLINK_FIELDS_MAX]; /* address, length, access port, CSW */
	uint8_t *data;
	bool once;
};

static enum stlink_cmd_id command(unsigned width, unsigned flags, bool write)
{
	if (flags & STLINK_MEM_SAME_ADDRESS)
		return write ? STLINK_CMD_WRITEMEM_32BIT_NO_ADDR_INC
			     : STLINK_CMD_READMEM_32BIT_NO_ADDR_INC;
	switch (width) {
	case 1:
		return write ? STLINK_CMD_WRITEMEM_8BIT : STLINK_CMD_READMEM_8BIT;
	case 2:
		return write ? STLINK_CMD_WRITEMEM_16BIT : STLINK_CMD_READMEM_16BIT;
	default:
		return write ? STLINK_CMD_WRITEMEM_32BIT : STLINK_CMD_READMEM_32BIT;
	}
}

static int check(unsigned width, unsigned flags, uint32_t address, size_t len, struct err *e)
{
	if ((width != 1 && width != 2 && width != 4) ||
	    ((flags & STLINK_MEM_SAME_ADDRESS) && width != 4))
		return err_set(e, ERR_USAGE, "memory at 0x%08x: no access is %u bytes wide",
			       address, width);
	if (address % width || len % width)
		return err_set(e, ERR_USAGE,
			       "memory at 0x%08x, %zu bytes: not aligned to accesses of %u bytes",
			       address, len, width);
	if (!(flags & STLINK_MEM_SAME_ADDRESS) && len > 0x100000000ull - address)
		return err_set(e, ERR_USAGE,
			       "memory at 0x%08x: %zu bytes reach beyond the address space",
			       address, len);
	return 0;
}

/* How much of what is left goes into one command. */
static size_t block_bytes(const struct stlink *s, unsigned width, unsigned flags, uint32_t address,
			  size_t left, bool write)
{
	size_t most = STLINK_MAX_RW;

	if (width == 1) {
		most = stlink_version_max_rw8(&s->version);
		if (!write && most > READ8_QUIRK_BYTES &&
		    stlink_version_is_quirky(&s->version, STLINK_QUIRK_READ8_255))
			most = READ8_QUIRK_BYTES;
	}
	if (s->most_bytes && most > s->most_bytes)
		most = s->most_bytes;
	if (s->block_bytes && !(flags & STLINK_MEM_SAME_ADDRESS)) {
		size_t to_wrap = s->block_bytes - address % s->block_bytes;

		most = to_wrap < most ? to_wrap : most;
	}
	return left < most ? left : most;
}

static int read_status(struct stlink *s, uint16_t *ret_word, struct err *e)
{
	bool with_address = stlink_can(s, STLINK_GATE_RW_STATUS2);
	uint8_t reply[12] = { 0 };
	int rc = stlink_send(
		s, with_address ? STLINK_CMD_GETLASTRWSTATUS2 : STLINK_CMD_GETLASTRWSTATUS, NULL,
		reply, with_address ? 12 : 2, e);

	if (rc)
		return rc;
	*ret_word = get_le16(reply);
	s->has_fault_address = with_address;
	s->fault_address = with_address ? get_le32(reply + 4) : 0;
	return 0;
}

/* One command with its data; *ret_word: how the probe says that it went. */
static int move_once(struct stlink *s, struct block *b, uint16_t *ret_word, struct err *e)
{
	size_t len = b->args[1];
	uint8_t two[2];
	int rc;

	if (b->id == STLINK_CMD_READMEM_8BIT && len == 1) { /* two bytes come for one */
		rc = stlink_send(s, b->id, b->args, two, sizeof(two), e);
		if (!rc)
			*b->data = two[0];
	} else {
		rc = stlink_send(s, b->id, b->args, b->data, len, e);
	}
	if (rc)
		return rc;
	s->under_way = len; /* the probe may have taken the data and not written it yet */
	rc = read_status(s, ret_word, e);
	s->under_way = 0;
	return rc;
}

/* After WAIT the whole block is moved again, as nobody knows how far it came. */
static int move(struct stlink *s, struct block *b, struct err *e)
{
	for (unsigned nth = 0;; nth++) {
		uint16_t word;
		int rc = move_once(s, b, &word, e);
		enum stlink_status_kind kind;

		if (rc)
			return rc;
		kind = stlink_status_kind_of(STLINK_STATUS_DEBUG, word);
		if (kind == STLINK_STATUS_OK) {
			s->has_fault_address = false;
			return 0;
		}
		if (kind != STLINK_STATUS_WAIT || b->once || !stlink_wait_pause(s, nth))
			return stlink_status_err(e, word);
	}
}

static int prefix(const struct stlink *s, int rc, uint32_t address, bool write, struct err *e)
{
	const char *doing = write ? "writing" : "reading";

	if (rc == ERR_STATUS && s->has_fault_address && s->fault_address != address)
		return err_prefix(e, rc, "%s memory at 0x%08x (failed at 0x%08x)", doing, address,
				  s->fault_address);
	return err_prefix(e, rc, "%s memory at 0x%08x", doing, address);
}

static int transfer(struct stlink *s, uint8_t ap, unsigned width, unsigned flags, uint32_t address,
		    uint8_t *data, size_t len, bool write, struct err *e)
{
	int rc = len ? check(width, flags, address, len, e) : 0;

	while (!rc && len) {
		size_t n = block_bytes(s, width, flags, address, len, write);
		struct block b = { .id = command(width, flags, write),
				   .args = { address, (uint32_t)n, ap, s->csw >> 8 },
				   .data = data,
				   .once = flags & STLINK_MEM_ONCE };

		rc = move(s, &b, e);
		if (rc)
			return prefix(s, rc, address, write, e);
		data += n;
		len -= n;
		if (!(flags & STLINK_MEM_SAME_ADDRESS))
			address += (uint32_t)n;
	}
	return rc;
}

int stlink_mem_read(struct stlink *s, uint8_t ap, unsigned width, unsigned flags, uint32_t address,
		    void *ret, size_t len, struct err *e)
{
	return transfer(s, ap, width, flags, address, ret, len, false, e);
}

int stlink_mem_write(struct stlink *s, uint8_t ap, unsigned width, unsigned flags, uint32_t address,
		     const void *bytes, size_t len, struct err *e)
{
	/* A transaction has one pointer for both directions; what goes out is only read. */
	return transfer(s, ap, width, flags, address, (uint8_t *)(uintptr_t)bytes, len, true, e);
}
