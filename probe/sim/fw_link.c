/*
 * The firmware's side of the wire: retries, the debug port, the access ports, memory.
 *
 * WAIT is asked again for a while, everything else goes up as a status. A sticky error that an
 * earlier command left is cleared when a memory access meets it, because most host programs never
 * do; accesses to DAP registers leave it to the host, as the host then works on that level.
 */
#include "probe/sim/fw.h"

#include <string.h>

#include "probe/base/bytes.h"

enum { DP_DPIDR = 0x0, DP_ABORT = 0x0, DP_CTRL = 0x4, DP_SELECT = 0x8, DP_RDBUFF = 0xc };
enum { AP_CSW = 0x00, AP_TAR = 0x04, AP_DRW = 0x0c };

#define ABORT_ALL    0x1eu
#define ABORT_DAP    0x1fu
#define CTRL_POWERUP (DAP_CTRL_CDBGPWRUPREQ | DAP_CTRL_CSYSPWRUPREQ)
#define CTRL_ACKS    (DAP_CTRL_CDBGPWRUPACK | DAP_CTRL_CSYSPWRUPACK)
#define CSW_DEFAULT  0x23000000u
#define CSW_INC	     0x10u

#define WAIT_LIMIT_NS  (5 * NS_PER_MS) /* then WAIT goes up to the host */
#define POWERUP_TRIES  20
#define DPIDR_TRIES    2
#define AUTO_INCREMENT 1024u /* all that every access port guarantees */

/* ---- transfers ---- */

static enum wire_answer transfer(struct fw *f, bool ap, bool read, uint8_t addr, uint32_t *data)
{
	uint64_t give_up_ns = f->wire->now_ns + WAIT_LIMIT_NS;
	enum wire_answer answer;

	do {
		answer = wire_transfer(f->wire, ap, read, addr, data);
		f->wire->now_ns += (uint64_t)(f->word_us * (double)NS_PER_US);
	} while (answer == WIRE_WAIT && f->wire->now_ns < give_up_ns);
	return answer;
}

static enum fw_status status_of(struct fw *f, bool ap, enum wire_answer answer)
{
	uint32_t ctrl = 0;

	if (answer == WIRE_OK)
		return FW_OK;
	if (answer == WIRE_FAULT && transfer(f, false, true, DP_CTRL, &ctrl) == WIRE_OK) {
		if (ctrl & DAP_CTRL_WDATAERR)
			return FW_WDATA_ERROR;
		if (ctrl & DAP_CTRL_STICKYORUN)
			return FW_OVERRUN;
	}
	return (enum fw_status)((ap ? FW_AP_WAIT : FW_DP_WAIT) + (answer - WIRE_WAIT));
}

enum fw_status fw_dp(struct fw *f, bool read, uint8_t addr, uint32_t *data)
{
	if (!read && addr == DP_SELECT) {
		f->select = *data;
		f->select_known = true;
	}
	return status_of(f, false, transfer(f, false, read, addr, data));
}

static enum wire_answer select(struct fw *f, uint8_t ap, uint8_t addr)
{
	uint32_t wanted = (uint32_t)ap << 24 | (addr & 0xf0);

	if (f->select_known && f->select == wanted)
		return WIRE_OK;
	f->select = wanted;
	f->select_known = true;
	return transfer(f, false, false, DP_SELECT, &wanted);
}

enum fw_status fw_ap(struct fw *f, uint8_t ap, bool read, uint8_t addr, uint32_t *data)
{
	enum wire_answer answer = select(f, ap, addr);
	uint32_t ignored;

	f->csw = 0;
	if (answer != WIRE_OK)
		return status_of(f, true, answer);
	if (!read)
		return status_of(f, true, transfer(f, true, false, addr & 0xc, data));
	answer = transfer(f, true, true, addr & 0xc, &ignored);
	if (answer == WIRE_OK)
		answer = transfer(f, false, true, DP_RDBUFF, data);
	return status_of(f, true, answer);
}

/* ---- connecting ---- */

static enum fw_status power_up(struct fw *f)
{
	uint32_t abort = ABORT_DAP, ctrl = CTRL_POWERUP;
	unsigned tries;

	if (transfer(f, false, false, DP_ABORT, &abort) != WIRE_OK ||
	    transfer(f, false, false, DP_CTRL, &ctrl) != WIRE_OK)
		return FW_IDCODE_ERROR;
	for (tries = 0; tries < POWERUP_TRIES; tries++) {
		if (transfer(f, false, true, DP_CTRL, &ctrl) != WIRE_OK)
			return FW_IDCODE_ERROR;
		if ((ctrl & CTRL_ACKS) == CTRL_ACKS)
			return FW_OK;
	}
	return FW_POWER_ERROR;
}

enum fw_status fw_connect(struct fw *f, uint32_t *ret_dpidr)
{
	enum wire_answer answer;
	unsigned tries = 0;

	f->select_known = false;
	f->csw = 0;
	f->wire->jtag = f->jtag;
	fw_use_speed(f);
	if (f->jtag) {
		if (!wire_jtag_reset(f->wire, f->idcode))
			return FW_NO_DEVICE;
		*ret_dpidr = f->idcode[0];
		return power_up(f);
	}
	do {
		wire_line_reset(f->wire, true);
		answer = transfer(f, false, true, DP_DPIDR, ret_dpidr);
	} while (answer != WIRE_OK && ++tries < DPIDR_TRIES);
	if (answer != WIRE_OK)
		return FW_IDCODE_ERROR;
	return power_up(f);
}

/* ---- memory ---- */

static enum wire_answer write_csw(struct fw *f, const struct fw_block *b)
{
	uint32_t csw = b->csw ? b->csw & ~0xffu : CSW_DEFAULT;
	enum wire_answer answer = select(f, b->ap, AP_CSW);

	csw |= b->size == 4 ? 2 : b->size == 2 ? 1 : 0;
	if (!b->same_address)
		csw |= CSW_INC;
	if (answer == WIRE_OK)
		answer = transfer(f, true, false, AP_CSW, &csw);
	f->csw = answer == WIRE_OK ? csw : 0;
	return answer;
}

/* Clears what an earlier command left behind, if anything. */
static enum wire_answer begin(struct fw *f, const struct fw_block *b)
{
	enum wire_answer answer = write_csw(f, b);
	uint32_t abort = ABORT_ALL;

	if (answer != WIRE_FAULT)
		return answer;
	f->select_known = false;
	answer = transfer(f, false, false, DP_ABORT, &abort);
	return answer == WIRE_OK ? write_csw(f, b) : answer;
}

static uint32_t to_lanes(const struct fw_block *b, uint32_t addr, const uint8_t *at)
{
	if (b->size == 4)
		return get_le32(at);
	return (b->size == 2 ? (uint32_t)get_le16(at) : *at) << (8 * (addr & 3));
}

static void from_lanes(const struct fw_block *b, uint32_t addr, uint32_t data, uint8_t *at)
{
	unsigned i;

	data >>= 8 * (addr & 3);
	for (i = 0; i < b->size; i++)
		at[i] = (uint8_t)(data >> (8 * i));
}

static bool needs_tar(const struct fw_block *b, uint32_t addr)
{
	return addr == b->addr || (!b->same_address && addr % AUTO_INCREMENT == 0);
}

static enum wire_answer write_block(struct fw *f, const struct fw_block *b, uint32_t *fault)
{
	enum wire_answer answer = WIRE_OK;
	uint32_t addr = b->addr, data;
	size_t done;

	*fault = addr;
	for (done = 0; done < b->bytes; done += b->size) {
		if (!done || needs_tar(b, addr))
			answer = transfer(f, true, false, AP_TAR, &addr);
		data = to_lanes(b, addr, b->data + done);
		if (answer == WIRE_OK)
			answer = transfer(f, true, false, AP_DRW, &data);
		if (answer != WIRE_OK)
			return answer; /* the transfer before it is the one that failed */
		*fault = addr;
		if (!b->same_address)
			addr += b->size;
	}
	return transfer(f, false, true, DP_RDBUFF, &data);
}

/* Reads are posted: each transfer brings the word of the one before. */
static enum wire_answer read_run(struct fw *f, const struct fw_block *b, uint32_t addr, uint8_t *at,
				 size_t bytes, uint32_t *fault)
{
	enum wire_answer answer = transfer(f, true, false, AP_TAR, &addr);
	uint32_t data;
	size_t done;

	*fault = addr;
	if (answer == WIRE_OK)
		answer = transfer(f, true, true, AP_DRW, &data);
	for (done = 0; answer == WIRE_OK && done < bytes; done += b->size) {
		bool last = done + b->size >= bytes;

		*fault = addr;
		answer = last ? transfer(f, false, true, DP_RDBUFF, &data)
			      : transfer(f, true, true, AP_DRW, &data);
		if (answer == WIRE_OK)
			from_lanes(b, addr, data, at + done);
		if (!b->same_address)
			addr += b->size;
	}
	return answer;
}

static enum wire_answer read_block(struct fw *f, const struct fw_block *b, uint32_t *fault)
{
	enum wire_answer answer = WIRE_OK;
	uint32_t addr = b->addr, ignored;
	size_t done = 0, run;

	while (answer == WIRE_OK && done < b->bytes) {
		run = b->bytes - done;
		if (!b->same_address && run > AUTO_INCREMENT - addr % AUTO_INCREMENT)
			run = AUTO_INCREMENT - addr % AUTO_INCREMENT;
		answer = read_run(f, b, addr, b->data + done, run, fault);
		done += run;
		addr += (uint32_t)run;
	}
	if (answer == WIRE_OK && b->bytes > 4)
		transfer(f, false, true, DP_CTRL, &ignored);
	return answer;
}

enum fw_status fw_block(struct fw *f, const struct fw_block *b, uint32_t *ret_fault)
{
	enum wire_answer answer;

	*ret_fault = b->addr;
	if (b->read)
		memset(b->data, 0, b->bytes);
	if (b->addr % b->size || b->bytes % b->size)
		return FW_ALIGNMENT_ERROR;
	if (!b->read && fw_harm_loses_write(f))
		return FW_OK;
	if (!b->read)
		fw_harm_written(f, b->data, b->bytes);
	f->word_us = b->read ? f->row->read_word_us : f->row->write_word_us;
	answer = begin(f, b);
	if (answer == WIRE_OK)
		answer = b->read ? read_block(f, b, ret_fault) : write_block(f, b, ret_fault);
	if (answer == WIRE_OK && b->read)
		fw_harm_read(f, b->data, b->bytes);
	return status_of(f, true, answer);
}

enum fw_status fw_word(struct fw *f, uint8_t ap, bool read, uint32_t addr, uint32_t *data)
{
	uint8_t bytes[4];
	uint32_t fault;
	struct fw_block b = {
		.ap = ap, .read = read, .size = 4, .addr = addr, .bytes = 4, .data = bytes
	};
	enum fw_status status;

	put_le32(bytes, *data);
	status = fw_block(f, &b, &fault);
	if (read && status == FW_OK)
		*data = get_le32(bytes);
	return status;
}

/* ---- core registers ---- */

#define DHCSR	     0xe000edf0u
#define DCRSR	     0xe000edf4u
#define DCRDR	     0xe000edf8u
#define S_REGRDY     0x00010000u
#define DCRSR_WRITE  0x00010000u
#define REGRDY_TRIES 10

static enum wire_answer poke(struct fw *f, uint32_t addr, uint32_t data)
{
	enum wire_answer answer = transfer(f, true, false, AP_TAR, &addr);

	return answer == WIRE_OK ? transfer(f, true, false, AP_DRW, &data) : answer;
}

static enum wire_answer peek(struct fw *f, uint32_t addr, uint32_t *data)
{
	enum wire_answer answer = transfer(f, true, false, AP_TAR, &addr);

	if (answer == WIRE_OK)
		answer = transfer(f, true, true, AP_DRW, data);
	return answer == WIRE_OK ? transfer(f, false, true, DP_RDBUFF, data) : answer;
}

static enum wire_answer reg_sequence(struct fw *f, bool read, uint8_t number, uint32_t *data)
{
	enum wire_answer answer = WIRE_OK;
	uint32_t dhcsr = 0;
	unsigned tries;

	if (!read)
		answer = poke(f, DCRDR, *data);
	if (answer == WIRE_OK)
		answer = poke(f, DCRSR, number | (read ? 0 : DCRSR_WRITE));
	for (tries = 0; answer == WIRE_OK && tries < REGRDY_TRIES && !(dhcsr & S_REGRDY); tries++)
		answer = peek(f, DHCSR, &dhcsr);
	if (read && answer == WIRE_OK)
		answer = peek(f, DCRDR, data);
	return answer;
}

enum fw_status fw_core_reg(struct fw *f, uint8_t ap, bool read, uint8_t number, uint32_t *data)
{
	const struct fw_block word = { .ap = ap, .read = true, .size = 4 };
	enum wire_answer answer = WIRE_OK;

	if (!read && fw_harm_loses_write(f))
		return FW_OK;
	if (!read)
		fw_harm_written(f, data, sizeof(*data));
	if (f->csw != (CSW_DEFAULT | CSW_INC | 2) || f->select >> 24 != ap)
		answer = begin(f, &word);
	if (answer == WIRE_OK)
		answer = reg_sequence(f, read, number, data);
	if (answer == WIRE_FAULT) /* left by an earlier command */
		answer = begin(f, &word) == WIRE_OK ? reg_sequence(f, read, number, data) : answer;
	if (answer == WIRE_OK && read)
		fw_harm_read(f, data, sizeof(*data));
	return status_of(f, true, answer);
}
