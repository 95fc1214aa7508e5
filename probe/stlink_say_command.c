/* What was asked of the probe, in words: the command, its arguments, registers. */
#include "probe/stlink_say.h"

void stlink_say_hex(struct buf *out, uint32_t value, unsigned digits)
{
	char text[2 + 8] = "0x";

	for (unsigned i = 0; i < digits; i++)
		text[2 + i] = "0123456789abcdef"[value >> 4 * (digits - 1 - i) & 0xf];
	buf_add(out, text, 2 + (size_t)digits);
}

static void say_core_register(struct buf *out, uint32_t number)
{
	const struct coresight_reg *reg = coresight_reg_find(CORESIGHT_CORE, number, false);

	if (reg)
		buf_add_str(out, reg->name);
	else if (number >= 0x40 && number <= 0x5f)
		buf_addf(out, "s%u", number - 0x40);
	else
		buf_addf(out, "core register 0x%02x", number);
}

void stlink_say_register(struct buf *out, const struct stlink_access *a)
{
	const struct coresight_reg *reg = coresight_reg_find(a->space, a->address, a->write);

	switch (a->space) {
	case CORESIGHT_MEMORY:
		if (!reg)
			stlink_say_hex(out, a->address, 8);
		break;
	case CORESIGHT_DP:
		buf_add_str(out, reg ? "DP " : "DP register ");
		break;
	case CORESIGHT_AP:
		buf_addf(out, reg ? "AP %u " : "AP %u register ", a->ap);
		break;
	case CORESIGHT_CORE:
		say_core_register(out, a->address);
		return;
	}
	if (reg)
		buf_add_str(out, reg->name);
	else if (a->space != CORESIGHT_MEMORY)
		buf_addf(out, "0x%02x", a->address);
}

void stlink_say_command(struct buf *out, const struct stlink_said *said, const struct xact *x)
{
	if (said->notes & STLINK_NOTE_NO_COMMAND) {
		if (x->dir == XACT_OUT)
			buf_add_str(out, "data without a command");
		else if (said->notes & STLINK_NOTE_LATE)
			buf_add_str(out, "read again");
		else if (x->ep == 0x81)
			buf_add_str(out,
				    x->got ? "reply without a command" : "read without a command");
		else
			buf_add_str(out, "SWO data");
		return;
	}
	if (said->cmd) {
		buf_add_str(out, said->cmd->words);
		return;
	}
	buf_add_str(out, said->notes & STLINK_NOTE_SCSI ? "SCSI command" : "unknown command");
	for (size_t i = 0; i < x->cmd_len && i < 2; i++)
		buf_addf(out, " %02x", x->cmd[i]);
}

static void say_enter_mode(struct buf *out, uint32_t value)
{
	if (value == STLINK_ENTER_SWD)
		buf_add_str(out, "SWD");
	else if (value == STLINK_ENTER_JTAG_NO_RESET)
		buf_add_str(out, "JTAG, without reset");
	else if (value == STLINK_ENTER_JTAG_RESET)
		buf_add_str(out, "JTAG, with reset");
	else
		buf_addf(out, "0x%02x", value);
}

static void say_nrst(struct buf *out, uint32_t value)
{
	static const char *const words[] = { [STLINK_NRST_LOW] = "low",
					     [STLINK_NRST_HIGH] = "high",
					     [STLINK_NRST_PULSE] = "pulse" };

	if (value < 3)
		buf_add_str(out, words[value]);
	else
		buf_addf(out, "0x%02x", value);
}

static void say_divisor(struct buf *out, enum stlink_link link, uint32_t divisor)
{
	uint32_t khz = stlink_speed_khz(link, (uint16_t)divisor);

	if (khz)
		buf_addf(out, "%u kHz (divisor %u)", khz, divisor);
	else
		buf_addf(out, "divisor %u", divisor);
}

/* One argument; the register and its value belong to the result, so values are not told here. */
static void say_field(struct buf *out, enum stlink_field_kind kind, uint32_t value,
		      const struct stlink_said *said)
{
	struct stlink_access a = { .space = CORESIGHT_MEMORY, .address = value };

	switch (kind) {
	case STLINK_FIELD_ENTER_MODE:
		say_enter_mode(out, value);
		break;
	case STLINK_FIELD_CORE_REG:
		say_core_register(out, value);
		break;
	case STLINK_FIELD_ADDRESS:
		a.write = said->n_access > 0 && said->access[0].write;
		if (said->memory.there && said->memory.len > 4)
			buf_addf(out, "0x%08x (%s)", value, coresight_area(value));
		else
			stlink_say_register(out, &a);
		break;
	case STLINK_FIELD_LENGTH:
	case STLINK_FIELD_SIZE:
		buf_addf(out, value == 1 ? "%u byte" : "%u bytes", value);
		break;
	case STLINK_FIELD_AP:
		buf_addf(out, "AP %u", value);
		break;
	case STLINK_FIELD_CSW:
		buf_addf(out, "CSW 0x%06x", value);
		break;
	case STLINK_FIELD_NRST:
		say_nrst(out, value);
		break;
	case STLINK_FIELD_SWD_DIVISOR:
		say_divisor(out, STLINK_LINK_SWD, value);
		break;
	case STLINK_FIELD_JTAG_DIVISOR:
		say_divisor(out, STLINK_LINK_JTAG, value);
		break;
	case STLINK_FIELD_LINK:
		buf_add_str(out, value == STLINK_LINK_SWD ? "SWD" : "JTAG");
		break;
	case STLINK_FIELD_KHZ:
		buf_addf(out, "%u kHz", value);
		break;
	case STLINK_FIELD_BAUD:
		buf_addf(out, "%u Hz", value);
		break;
	case STLINK_FIELD_COUNT:
		buf_addf(out, "%u items", value);
		break;
	case STLINK_FIELD_CHECKSUM:
		buf_addf(out, "checksum 0x%04x", value);
		break;
	case STLINK_FIELD_PRESCALER:
	case STLINK_FIELD_SLOT:
	case STLINK_FIELD_HALF:
	case STLINK_FIELD_CORE_KIND:
	case STLINK_FIELD_HIGH_SPEED:
	case STLINK_FIELD_BLOCK:
	case STLINK_FIELD_BRIDGE_COM:
		buf_addf(out, "%s %u", stlink_field_name(kind), value);
		break;
	case STLINK_FIELD_NONE:
	case STLINK_FIELD_VALUE:
	case STLINK_FIELD_PORT:
	case STLINK_FIELD_DAP_REG:
	case STLINK_FIELD_KINDS:
		break;
	}
}

static bool is_told(const struct stlink_said *said, const struct stlink_field *f, uint32_t value)
{
	if (f->kind == STLINK_FIELD_NONE || f->kind == STLINK_FIELD_VALUE ||
	    f->kind == STLINK_FIELD_PORT || f->kind == STLINK_FIELD_DAP_REG)
		return false;
	/* The usual access port and the firmware's own settings go without saying. */
	if (f->kind == STLINK_FIELD_AP && said->cmd->fields[0].kind == STLINK_FIELD_AP)
		return true;
	return value != 0 || (f->kind != STLINK_FIELD_AP && f->kind != STLINK_FIELD_CSW &&
			      f->kind != STLINK_FIELD_CORE_KIND);
}

void stlink_say_arguments(struct buf *out, const struct stlink_said *said, const struct xact *x)
{
	const char *between = "";

	if (!said->cmd) {
		if (said->notes & STLINK_NOTE_NO_COMMAND)
			buf_addf(out, "%zu bytes", x->got);
		for (size_t i = 2; i < x->cmd_len; i++)
			buf_addf(out, i == 2 ? "%02x" : " %02x", x->cmd[i]);
		return;
	}
	if (said->cmd->fields[0].kind == STLINK_FIELD_PORT &&
	    stlink_field_is_there(&said->cmd->fields[1], x->cmd_len)) {
		struct stlink_access a = stlink_decode_port(said->cmd, x);

		stlink_say_register(out, &a);
		return;
	}
	for (size_t i = 0; i < STLINK_FIELDS_MAX; i++) {
		const struct stlink_field *f = &said->cmd->fields[i];
		uint32_t value = stlink_field_value(f, x->cmd, x->cmd_len);

		if (!stlink_field_is_there(f, x->cmd_len) || !is_told(said, f, value))
			continue;
		buf_add_str(out, between);
		say_field(out, f->kind, value, said);
		between = ", ";
	}
}
