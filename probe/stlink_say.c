/* Decoded transactions in words. */
#include "probe/stlink_say.h"

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
			buf_addf(out, "0x%08x", a->address);
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
	if (said->cmd->fields[0].kind == STLINK_FIELD_PORT) {
		struct stlink_access a = stlink_decode_port(said->cmd, x);

		stlink_say_register(out, &a);
		return;
	}
	for (size_t i = 0; i < STLINK_FIELDS_MAX; i++) {
		const struct stlink_field *f = &said->cmd->fields[i];
		uint32_t value = stlink_field_value(f, x->cmd, x->cmd_len);

		if (!is_told(said, f, value))
			continue;
		buf_add_str(out, between);
		say_field(out, f->kind, value, said);
		between = ", ";
	}
}

void stlink_say_status(struct buf *out, const struct stlink_said *said, const struct xact *x)
{
	const struct stlink_status *row;

	if (x->outcome == XACT_UNKNOWN) {
		buf_add_str(out, "end not captured");
		return;
	}
	if (x->outcome != XACT_OK) {
		buf_addf(out, "%s (%d)", xact_outcome_name(x->outcome), x->native);
		return;
	}
	if (!said->has_status)
		return;
	row = stlink_status_find(said->family, said->status);
	if (!row)
		buf_addf(out, "0x%02x", said->status);
	else if (said->kind == STLINK_STATUS_OK)
		buf_add_str(out, row->name);
	else
		buf_addf(out, "%s (0x%02x)", row->name, said->status);
	if (said->failed_items > 1)
		buf_addf(out, " and %u more", said->failed_items - 1);
	if (said->status_of)
		buf_addf(out, " of #%llu", (unsigned long long)said->status_of);
}

static void say_access(struct buf *out, const struct stlink_access *a)
{
	const struct coresight_reg *reg = coresight_reg_find(a->space, a->address, a->write);
	size_t before;

	stlink_say_register(out, a);
	if (!a->has_value)
		return;
	buf_addf(out, " = 0x%0*x", a->width * 2, a->value);
	if (!reg)
		return;
	buf_add_char(out, ' ');
	before = out->len;
	coresight_add_bits(out, reg, a->value);
	if (out->len == before)
		out->at[--out->len] = '\0';
}

/* Blocks of nameless words are told by their address and length; a word or two by their values. */
static bool is_worth_saying(const struct stlink_said *said, const struct stlink_access *a)
{
	if (!a->has_value)
		return false;
	return said->n_access + said->more_access <= 2 ||
	       coresight_reg_find(a->space, a->address, a->write);
}

static void add_piece(struct buf *out, size_t start)
{
	if (out->len > start)
		buf_add_str(out, "; ");
}

static void say_values(struct buf *out, const struct stlink_said *said, size_t start)
{
	if (said->has_voltage) {
		add_piece(out, start);
		buf_addf(out, "%d.%03d V", said->mv / 1000, said->mv % 1000);
	}
	if (said->has_mode) {
		const struct stlink_mode_row *row = stlink_mode_find(said->mode);

		add_piece(out, start);
		if (row)
			buf_addf(out, "mode %s", row->name);
		else
			buf_addf(out, "mode 0x%02x", said->mode);
	}
	if (said->has_khz && (said->has_status || said->n_khz)) {
		add_piece(out, start);
		buf_addf(out, "%u kHz", said->khz);
	}
	for (unsigned i = 0; i < said->n_khz; i++)
		buf_addf(out, i ? ", %u" : "; offers %u", said->khz_list[i]);
	for (unsigned i = 0; i < said->n_ids; i++) {
		add_piece(out, start);
		buf_addf(out, "id 0x%08x", said->ids[i]);
	}
	if (said->has_count) {
		add_piece(out, start);
		buf_addf(out, "%u bytes wait", said->count);
	}
	if (said->has_fault_address) {
		add_piece(out, start);
		buf_addf(out, "at 0x%08x", said->fault_address);
	}
	if (said->board_id[0]) {
		add_piece(out, start);
		buf_addf(out, "board %s", said->board_id);
	}
}

void stlink_say_result(struct buf *out, const struct stlink_said *said)
{
	size_t start = out->len;

	if (said->has_version) {
		char text[STLINK_VERSION_TEXT_MAX];

		stlink_version_text(&said->version, text);
		buf_add_str(out, text);
		if (said->version.vid)
			buf_addf(out, " %04x:%04x", said->version.vid, said->version.pid);
	}
	say_values(out, said, start);
	for (unsigned i = 0; i < said->n_access; i++) {
		if (!is_worth_saying(said, &said->access[i]))
			continue;
		add_piece(out, start);
		say_access(out, &said->access[i]);
	}
}

void stlink_say_notes(struct buf *out, const struct stlink_said *said)
{
	static const struct {
		uint32_t note;
		const char *text;
	} plain[] = {
		{ STLINK_NOTE_SIZE, "a reply of another size" },
		{ STLINK_NOTE_UNCHECKED, "the access before was never asked for its status" },
		{ STLINK_NOTE_TOO_NEW, "newer than this firmware" },
		{ STLINK_NOTE_SLOW, "slow" },
		{ STLINK_NOTE_ODD, "the reply cannot be right" },
	};
	size_t start = out->len;

	if (said->notes & (STLINK_NOTE_STALE | STLINK_NOTE_LATE))
		buf_addf(out, "%s: the reply to #%llu (%s)",
			 said->notes & STLINK_NOTE_STALE ? "stale" : "late",
			 (unsigned long long)said->reply_to,
			 said->reply_cmd ? said->reply_cmd->words : "unknown command");
	if (said->notes & STLINK_NOTE_RETRY) {
		add_piece(out, start);
		buf_addf(out, "asked again (%u)", said->retry);
	}
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (!(said->notes & plain[i].note))
			continue;
		add_piece(out, start);
		buf_add_str(out, plain[i].text);
	}
}

void stlink_say_all(struct buf *out, const struct stlink_said *said, const struct xact *x)
{
	size_t at;

	stlink_say_command(out, said, x);
	buf_add_char(out, ' ');
	at = out->len;
	stlink_say_arguments(out, said, x);
	if (out->len == at)
		out->at[--out->len] = '\0';
	buf_add_str(out, ": ");
	at = out->len;
	stlink_say_status(out, said, x);
	if (out->len > at)
		buf_add_str(out, "; ");
	at = out->len;
	stlink_say_result(out, said);
	if (out->len > at)
		buf_add_str(out, "; ");
	stlink_say_notes(out, said);
	while (out->len > 0 && (out->at[out->len - 1] == ' ' || out->at[out->len - 1] == ';' ||
				out->at[out->len - 1] == ':'))
		out->at[--out->len] = '\0';
}
