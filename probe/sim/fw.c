/* The firmware of an ST-LINK: commands, modes, replies. */
#include "probe/sim/fw.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/bytes.h"

#define NEVER 255

#define FAMILY_VERSION	  0xf1
#define FAMILY_DEBUG	  0xf2
#define FAMILY_DFU	  0xf3
#define FAMILY_SWIM	  0xf4
#define FAMILY_MODE	  0xf5
#define FAMILY_VOLTAGE	  0xf7
#define FAMILY_VERSION_EX 0xfb

#define DFU_EXIT    0x07
#define SWIM_ENTER  0x00
#define SWIM_EXIT   0x01
#define SWIM_STATUS 0x09

#define VOLTAGE_SINCE 13
#define ADC_FULL      4095u
#define ADC_VDDA_MV   3300u
#define ADC_VREF_MV   1200u

/* ---- construction ---- */

void fw_init(struct fw *f, const struct probe_row *row, struct wire *wire)
{
	*f = (struct fw){ .row = row, .version = row->version, .wire = wire };
	f->data = malloc(FW_DATA_MAX);
	if (!f->data)
		abort();
	fw_restart(f);
}

void fw_done(struct fw *f)
{
	fw_flush(f);
	free(f->data);
}

void fw_restart(struct fw *f)
{
	fw_flush(f);
	f->mode = FW_IDLE;
	f->stuck = false;
	f->select_known = false;
	f->open_aps = 0;
	f->last_status = FW_OK;
	f->misc.n = 0;
	f->jtag = false;
	f->wire->jtag = false;
	wire_drive_nrst(f->wire, false);
	fw_default_speed(f);
}

void fw_flush(struct fw *f)
{
	while (f->n_replies)
		free(f->reply[--f->n_replies].at);
	f->data_want = 0;
}

/* ---- replies ---- */

bool fw_since(const struct fw *f, unsigned v2_jtag, unsigned v3_jtag)
{
	unsigned needed = f->version.hardware >= 3 ? v3_jtag : v2_jtag;

	return needed != NEVER && f->version.jtag >= needed;
}

void fw_answer(struct fw *f, const void *bytes, size_t len)
{
	struct fw_reply *r;

	if (f->n_replies == sizeof(f->reply) / sizeof(f->reply[0])) {
		/* Nobody fetches them; the oldest stays in the endpoint, the newest is lost. */
		free(f->reply[--f->n_replies].at);
	}
	r = &f->reply[f->n_replies++];
	*r = (struct fw_reply){ .at = malloc(len ? len : 1), .len = len };
	if (!r->at)
		abort();
	memcpy(r->at, bytes, len);
	fw_harm_reply(f, r->at, len);
}

enum fw_status fw_said(struct fw *f, enum fw_status status)
{
	if (!f->forced_status)
		return status;
	status = f->forced_status;
	f->forced_status = 0;
	return status;
}

void fw_answer_status(struct fw *f, enum fw_status status)
{
	uint8_t bytes[2] = { (uint8_t)fw_said(f, status), 0 };

	fw_answer(f, bytes, sizeof(bytes));
}

void fw_answer_word(struct fw *f, enum fw_status status, uint32_t value)
{
	uint8_t bytes[8] = { (uint8_t)fw_said(f, status), 0 };

	put_le32(bytes + 4, value);
	fw_answer(f, bytes, sizeof(bytes));
}

/* ---- versions, mode, voltage ---- */

static void answer_version(struct fw *f)
{
	const struct probe_version *v = &f->version;
	uint8_t bytes[6];
	unsigned minor = v->storage ? v->storage : v->swim;
	unsigned word = (unsigned)v->hardware << 12;

	if (v->hardware < 3)
		word |= (unsigned)v->jtag << 6 | minor;
	bytes[0] = (uint8_t)(word >> 8);
	bytes[1] = (uint8_t)word;
	put_le16(bytes + 2, 0x0483);
	put_le16(bytes + 4, f->row->product_id);
	fw_answer(f, bytes, sizeof(bytes));
}

static void answer_version_ex(struct fw *f)
{
	const struct probe_version *v = &f->version;
	uint8_t bytes[12] = { v->hardware, v->swim, v->jtag, v->storage, v->bridge };

	if (v->hardware < 3) {
		fw_answer_status(f, FW_UNKNOWN_COMMAND);
		return;
	}
	put_le16(bytes + 8, 0x0483);
	put_le16(bytes + 10, f->row->product_id);
	fw_answer(f, bytes, sizeof(bytes));
}

static void answer_mode(struct fw *f)
{
	uint8_t bytes[2] = { (uint8_t)f->mode, 0 };

	fw_answer(f, bytes, sizeof(bytes));
}

static void answer_voltage(struct fw *f)
{
	uint8_t bytes[8];
	unsigned mv = f->row->constant_mv;

	if (!mv)
		mv = wire_vtref_mv(f->wire, f->row->floating_mv);
	put_le32(bytes, ADC_VREF_MV * ADC_FULL / ADC_VDDA_MV);
	put_le32(bytes + 4, mv * ADC_FULL / (2 * ADC_VDDA_MV));
	fw_answer(f, bytes, sizeof(bytes));
}

/* ---- small commands ---- */

static void ok(struct fw *f, const uint8_t *c)
{
	(void)c;
	fw_answer_status(f, FW_OK);
}

static void trace_bytes(struct fw *f, const uint8_t *c)
{
	static const uint8_t none[2] = { 0 };

	(void)c;
	fw_answer(f, none, sizeof(none));
}

static void board_identifiers(struct fw *f, const uint8_t *c)
{
	uint8_t bytes[128] = { FW_OK };

	(void)c;
	fw_answer(f, bytes, sizeof(bytes));
}

/* ---- the debug family ---- */

struct row {
	uint8_t op;
	uint8_t v2, v3;	 /* since firmware J of that hardware */
	bool debug_mode; /* meaningless outside of it */
	fw_handler *run;
};

static const struct row rows[] = {
	{ 0x01, 0, 0, true, fw_get_status },
	{ 0x02, 0, 0, true, fw_force_debug },
	{ 0x07, 0, 0, true, fw_read_memory },
	{ 0x08, 0, 0, true, fw_write_memory },
	{ 0x09, 0, 0, true, fw_run_core },
	{ 0x0a, 0, 0, true, fw_step_core },
	{ 0x0c, 0, 0, true, fw_read_memory },
	{ 0x0d, 0, 0, true, fw_write_memory },
	{ 0x21, 0, 0, false, fw_exit },
	{ 0x22, 0, 0, true, fw_read_core_id },
	{ 0x30, 0, 0, false, fw_enter },
	{ 0x31, 0, 0, true, fw_read_idcodes },
	{ 0x32, 0, 0, true, fw_reset_system },
	{ 0x33, 0, 0, true, fw_read_reg },
	{ 0x34, 0, 0, true, fw_write_reg },
	{ 0x35, 0, 0, true, fw_write_debug },
	{ 0x36, 0, 0, true, fw_read_debug },
	{ 0x3a, 0, 0, true, fw_read_all_regs },
	{ 0x3b, 0, 0, false, fw_last_status },
	{ 0x3c, 0, 0, false, fw_drive_nrst },
	{ 0x3e, 15, 0, false, fw_last_status2 },
	{ 0x40, 13, 0, true, ok },
	{ 0x41, 13, 0, false, ok },
	{ 0x42, 13, 0, false, trace_bytes },
	{ 0x43, 22, NEVER, false, fw_set_swd_divisor },
	{ 0x44, 24, NEVER, false, fw_set_jtag_divisor },
	{ 0x45, 24, 0, true, fw_read_dap },
	{ 0x46, 24, 0, true, fw_write_dap },
	{ 0x47, 26, 0, true, fw_read_memory },
	{ 0x48, 26, 0, true, fw_write_memory },
	{ 0x49, 28, 0, false, ok },
	{ 0x4b, 28, 0, true, fw_init_ap },
	{ 0x4c, 28, 0, true, fw_close_ap },
	{ 0x50, 26, 0, true, fw_write_memory },
	{ 0x51, 32, 2, true, fw_misc_out },
	{ 0x52, 32, 2, true, fw_misc_in },
	{ 0x54, 32, 2, true, fw_read_memory },
	{ 0x56, 36, 6, false, board_identifiers },
	{ 0x61, NEVER, 0, false, fw_set_frequency },
	{ 0x62, NEVER, 0, false, fw_get_frequency },
	{ 0x63, NEVER, 0, false, fw_set_prescaler },
};

static void debug_command(struct fw *f, const uint8_t *c)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].op == c[1])
			break;
	if (i == sizeof(rows) / sizeof(rows[0]))
		fw_answer_status(f, FW_UNKNOWN_COMMAND);
	else if (!fw_since(f, rows[i].v2, rows[i].v3))
		/* A V3 knows the speed commands of a V2 and refuses them; what is newer, no probe
		 * knows. */
		fw_answer_status(f, f->version.hardware >= 3 && rows[i].v3 == NEVER
					    ? FW_COMMAND_ERROR
					    : FW_UNKNOWN_COMMAND);
	else if (rows[i].debug_mode && f->mode != FW_DEBUG)
		fw_answer_status(f, FW_COMMAND_ERROR);
	else
		rows[i].run(f, c);
}

/* ---- the other families ---- */

static void swim_command(struct fw *f, const uint8_t *c)
{
	static const uint8_t no_stm8[4] = { 4 };

	if (c[1] == SWIM_ENTER)
		f->mode = FW_SWIM;
	else if (c[1] == SWIM_EXIT)
		f->mode = FW_IDLE;
	else if (c[1] == SWIM_STATUS)
		fw_answer(f, no_stm8, sizeof(no_stm8));
}

static void command(struct fw *f, const uint8_t *c)
{
	switch (c[0]) {
	case FAMILY_VERSION:
		answer_version(f);
		break;
	case FAMILY_DEBUG:
		if (f->mode != FW_DFU && f->mode != FW_BOOTLOADER)
			debug_command(f, c);
		break;
	case FAMILY_DFU:
		if (c[1] == DFU_EXIT && f->mode == FW_DFU)
			f->mode = FW_IDLE;
		break;
	case FAMILY_SWIM:
		swim_command(f, c);
		break;
	case FAMILY_MODE:
		answer_mode(f);
		break;
	case FAMILY_VOLTAGE:
		if (fw_since(f, VOLTAGE_SINCE, 0))
			answer_voltage(f);
		else
			fw_answer_status(f, FW_UNKNOWN_COMMAND);
		break;
	case FAMILY_VERSION_EX:
		answer_version_ex(f);
		break;
	default:
		fw_answer_status(f, FW_UNKNOWN_COMMAND);
		break;
	}
}

/* ---- bytes from the host ---- */

static void take_data(struct fw *f, const uint8_t *bytes, size_t len)
{
	size_t room = f->data_want - f->data_got;

	if (len > room)
		len = room;
	memcpy(f->data + f->data_got, bytes, len);
	f->data_got += len;
	if (f->data_got < f->data_want)
		return;
	f->data_want = 0;
	if (f->command[1] == 0x51)
		fw_misc_data(f);
	else
		fw_write_memory_data(f);
}

void fw_out(struct fw *f, const uint8_t *bytes, size_t len, uint64_t now_ns)
{
	if (f->wire->now_ns < now_ns)
		f->wire->now_ns = now_ns;
	if (f->stuck)
		return;
	if (f->data_want) {
		take_data(f, bytes, len);
		return;
	}
	memset(f->command, 0, sizeof(f->command));
	memcpy(f->command, bytes, len < sizeof(f->command) ? len : sizeof(f->command));
	f->wire->now_ns += (uint64_t)(f->row->command_us * (double)NS_PER_US);
	f->word_us = f->row->read_word_us;
	f->commands++;
	command(f, f->command);
}
