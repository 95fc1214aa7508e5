/* The firmware's commands on DAP registers, and its queue of 32-bit accesses. */
#include "probe/sim/fw.h"

#include "probe/base/bytes.h"

#define PORT_DP	       0xffff
#define AP_IDR	       0xfc
#define DP_SELECT      0x8
#define BANKS_SINCE_V2 32
#define BANKS_SINCE_V3 2
#define CLOSE_FIXED    29
#define AP_SLOTS       8

enum { MISC_ADDRESS = 1, MISC_WRITE = 2, MISC_READ = 3, MISC_APNUM = 5 };

/* ---- registers ---- */

/* The bank of a DP register travels in bits 7 to 4 of its address. */
static enum fw_status on_dp(struct fw *f, bool read, uint8_t reg, uint32_t *data)
{
	uint32_t bank = reg >> 4;
	enum fw_status status = FW_OK;

	if (bank && !fw_since(f, BANKS_SINCE_V2, BANKS_SINCE_V3))
		return FW_COMMAND_ERROR;
	if (bank) {
		status = fw_dp(f, false, DP_SELECT, &bank);
		f->select_known = false;
	}
	if (status == FW_OK)
		status = fw_dp(f, read, reg & 0xc, data);
	if (bank) {
		bank = 0;
		fw_dp(f, false, DP_SELECT, &bank);
		f->select_known = false;
	}
	return status;
}

static bool is_open(const struct fw *f, uint16_t port)
{
	return !fw_since(f, 28, 0) || (port < AP_SLOTS && f->open_aps >> port & 1);
}

static enum fw_status on_port(struct fw *f, uint16_t port, bool read, uint8_t reg, uint32_t *data)
{
	if (port == PORT_DP)
		return on_dp(f, read, reg, data);
	if (port > 0xff || (reg != AP_IDR && !is_open(f, port)))
		return FW_BAD_AP;
	return fw_ap(f, (uint8_t)port, read, reg, data);
}

void fw_read_dap(struct fw *f, const uint8_t *c)
{
	uint32_t value = 0;
	enum fw_status status = on_port(f, get_le16(c + 2), true, c[4], &value);

	fw_harm_read(f, &value, sizeof(value));
	fw_answer_word(f, status, value);
}

void fw_write_dap(struct fw *f, const uint8_t *c)
{
	uint32_t value = get_le32(c + 6);

	f->word_us = f->row->write_word_us;
	fw_harm_written(f, &value, sizeof(value));
	if (fw_harm_loses_write(f))
		fw_answer_status(f, FW_OK);
	else
		fw_answer_status(f, on_port(f, get_le16(c + 2), false, c[4], &value));
}

/* ---- access ports ---- */

void fw_init_ap(struct fw *f, const uint8_t *c)
{
	uint32_t idr = 0;
	enum fw_status status = fw_ap(f, c[2], true, AP_IDR, &idr);

	if (status == FW_OK && (!idr || c[2] >= AP_SLOTS))
		status = FW_BAD_AP;
	if (status == FW_OK)
		f->open_aps |= (uint32_t)1 << c[2];
	fw_answer_status(f, status);
}

void fw_close_ap(struct fw *f, const uint8_t *c)
{
	bool open = c[2] < AP_SLOTS && f->open_aps >> c[2] & 1;

	if (open)
		f->open_aps &= ~((uint32_t)1 << c[2]);
	/* J28 closes it and complains. */
	fw_answer_status(f, open && fw_since(f, CLOSE_FIXED, 0) ? FW_OK : FW_BAD_AP);
}

/* ---- the queue ---- */

static size_t misc_limit(const struct fw *f)
{
	return f->version.hardware >= 3 ? 1227 : 64;
}

void fw_misc_out(struct fw *f, const uint8_t *c)
{
	uint32_t n = get_le32(c + 2);

	f->misc.n = 0;
	if (!n || n > misc_limit(f))
		return;
	f->misc.n = n;
	f->data_want = (n + 3) / 4 * 4 + 4 * (size_t)n;
	f->data_got = 0;
}

/* One of those entries that a fault of the bench fits, by chance; n: none. */
static unsigned victim(struct fw *f)
{
	uint8_t op = f->harm == FW_FLIP_READ ? MISC_READ : MISC_WRITE;
	unsigned i, found = 0, at = f->misc.n;

	for (i = 0; i < f->misc.n; i++)
		if ((!f->harm || f->data[i] == op) && rng_u32(f->wire->rng) % ++found == 0)
			at = i;
	return f->harm || f->forced_status ? at : f->misc.n;
}

void fw_misc_data(struct fw *f)
{
	const uint8_t *values = f->data + (f->misc.n + 3) / 4 * 4;
	unsigned i, hit = victim(f);
	enum fw_harm harm = f->harm;
	uint32_t addr = 0;
	uint8_t ap = 0;

	for (i = 0; i < f->misc.n; i++) {
		uint32_t value = get_le32(values + 4 * (size_t)i);
		enum fw_status status = FW_OK;

		f->harm = i == hit ? harm : FW_UNHARMED;
		if (f->data[i] == MISC_APNUM)
			ap = (uint8_t)value;
		else if (f->data[i] == MISC_ADDRESS)
			addr = value;
		else if (f->data[i] == MISC_WRITE)
			status = fw_word(f, ap, false, addr, &value);
		else if (f->data[i] == MISC_READ)
			status = fw_word(f, ap, true, value, &value);
		else
			status = FW_COMMAND_ERROR;
		f->misc.value[i] = value;
		f->misc.status[i] = i == hit ? fw_said(f, status) : status;
	}
}

void fw_misc_in(struct fw *f, const uint8_t *c)
{
	unsigned i, n = f->misc.n;

	(void)c;
	for (i = 0; i < n; i++) {
		put_le32(f->data + 4 * (size_t)i, f->misc.value[i]);
		put_le32(f->data + 4 * (size_t)(n + i), f->misc.status[i]);
	}
	fw_answer(f, f->data, 8 * (size_t)n);
}
