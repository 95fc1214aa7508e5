/* What came of a transaction, in words: status, result, notes, and all of it in one sentence. */
#include "probe/stlink_say.h"

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
	buf_add_str(out, " = ");
	stlink_say_hex(out, a->value, a->width * 2U);
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
