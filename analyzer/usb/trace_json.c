/* A transaction as a JSON object: names for programs, raw numbers beside them. */
#include "analyzer/usb/trace_json.h"

#include "probe/stlink_say.h"

static void put_bytes(struct json *j, const char *key, const uint8_t *at, size_t len)
{
	struct buf hex;

	buf_init(&hex);
	for (size_t i = 0; i < len; i++)
		buf_addf(&hex, "%02x", at[i]);
	json_put_str(j, key, buf_str(&hex));
	buf_done(&hex);
}

static void put_arguments(struct json *j, const struct trace_row *row)
{
	const struct stlink_cmd *cmd = row->said.cmd;

	json_open_object(j, "arguments");
	for (size_t i = 0; cmd && i < STLINK_FIELDS_MAX; i++) {
		const struct stlink_field *f = &cmd->fields[i];
		uint32_t value = stlink_field_value(f, row->x.cmd, row->x.cmd_len);

		if (f->kind == STLINK_FIELD_NONE || !stlink_field_is_there(f, row->x.cmd_len))
			continue;
		if (f->kind == STLINK_FIELD_ADDRESS || f->kind == STLINK_FIELD_VALUE)
			json_put_hex(j, stlink_field_name(f->kind), value, 8);
		else
			json_put_int(j, stlink_field_name(f->kind), value);
	}
	json_close_object(j);
}

static const char *space_name(enum coresight_space space)
{
	switch (space) {
	case CORESIGHT_MEMORY:
		return "memory";
	case CORESIGHT_DP:
		return "dp";
	case CORESIGHT_AP:
		return "ap";
	case CORESIGHT_CORE:
		return "core";
	}
	return "memory";
}

static void put_accesses(struct json *j, const struct stlink_said *said)
{
	struct buf text;

	if (said->n_access == 0)
		return;
	buf_init(&text);
	json_open_array(j, "registers");
	for (unsigned i = 0; i < said->n_access; i++) {
		const struct stlink_access *a = &said->access[i];
		const struct coresight_reg *reg =
			coresight_reg_find(a->space, a->address, a->write);

		json_open_object(j, NULL);
		json_put_str(j, "space", space_name(a->space));
		if (a->space == CORESIGHT_AP)
			json_put_int(j, "ap", a->ap);
		json_put_hex(j, "address", a->address, a->space == CORESIGHT_MEMORY ? 8 : 2);
		if (reg)
			json_put_str(j, "name", reg->name);
		json_put_bool(j, "write", a->write);
		if (a->has_value)
			json_put_hex(j, "value", a->value, a->width * 2);
		buf_clear(&text);
		if (reg && a->has_value)
			coresight_add_bits(&text, reg, a->value);
		if (text.len)
			json_put_str(j, "bits", buf_str(&text));
		json_close_object(j);
	}
	json_close_array(j);
	if (said->more_access)
		json_put_int(j, "more_registers", said->more_access);
	buf_done(&text);
}

static void put_status(struct json *j, const struct trace_row *row)
{
	const struct stlink_said *s = &row->said;
	bool has = s->has_status || row->told_by;
	uint32_t word = row->told_by ? row->told_status : s->status;
	enum stlink_status_family family = row->told_by ? STLINK_STATUS_DEBUG : s->family;
	const struct stlink_status *name;

	if (!has) {
		json_put_null(j, "status");
		return;
	}
	name = stlink_status_find(family, word);
	json_open_object(j, "status");
	json_put_hex(j, "word", word, 2);
	json_put_str(j, "name", name ? name->name : NULL);
	json_put_str(j, "kind", stlink_status_kind_name(row->told_by ? row->told_kind : s->kind));
	if (row->told_by)
		json_put_int(j, "told_by", (int64_t)row->told_by);
	if (s->status_of)
		json_put_int(j, "of", (int64_t)s->status_of);
	if (s->failed_items)
		json_put_int(j, "failed_items", s->failed_items);
	if (s->has_fault_address)
		json_put_hex(j, "fault_address", s->fault_address, 8);
	json_close_object(j);
}

static void put_values(struct json *j, const struct stlink_said *s)
{
	char version[STLINK_VERSION_TEXT_MAX];
	const struct stlink_mode_row *mode;

	if (s->has_version) {
		stlink_version_text(&s->version, version);
		json_put_str(j, "version", version);
	}
	if (s->has_mode) {
		mode = stlink_mode_find(s->mode);
		json_put_int(j, "mode", s->mode);
		json_put_str(j, "mode_name", mode ? mode->name : NULL);
	}
	if (s->has_voltage)
		json_put_int(j, "millivolts", s->mv);
	if (s->has_khz)
		json_put_int(j, "khz", s->khz);
	if (s->n_ids) {
		json_open_array(j, "ids");
		for (unsigned i = 0; i < s->n_ids; i++)
			json_put_hex(j, NULL, s->ids[i], 8);
		json_close_array(j);
	}
	if (s->has_count)
		json_put_int(j, "swo_bytes", s->count);
}

static void put_notes(struct json *j, const struct stlink_said *s)
{
	static const struct {
		uint32_t note;
		const char *name;
	} names[] = {
		{ STLINK_NOTE_STALE, "stale" },		{ STLINK_NOTE_LATE, "late" },
		{ STLINK_NOTE_SIZE, "size" },		{ STLINK_NOTE_RETRY, "retry" },
		{ STLINK_NOTE_UNKNOWN, "unknown" },	{ STLINK_NOTE_NO_COMMAND, "no-command" },
		{ STLINK_NOTE_UNCHECKED, "unchecked" }, { STLINK_NOTE_TOO_NEW, "too-new" },
		{ STLINK_NOTE_SLOW, "slow" },		{ STLINK_NOTE_ODD, "odd" },
		{ STLINK_NOTE_SCSI, "scsi" },
	};

	if (s->notes == 0)
		return;
	json_open_array(j, "notes");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (s->notes & names[i].note)
			json_put_str(j, NULL, names[i].name);
	}
	json_close_array(j);
	if (s->reply_to)
		json_put_int(j, "reply_to", (int64_t)s->reply_to);
	if (s->retry)
		json_put_int(j, "retry", s->retry);
}

static void put_mark(struct json *j, const struct trace_row *row)
{
	json_open_object(j, NULL);
	json_put_int(j, "packet", (int64_t)row->packet);
	json_put_real(j, "seconds", (double)row->since_us / 1000000, 6);
	json_put_str(j, "mark", row->mark);
	json_close_object(j);
}

void trace_json_row(struct json *j, const struct trace_row *row)
{
	static const char *const directions[] = { "none", "in", "out" };
	const struct xact *x = &row->x;
	size_t kept = x->got < TRACE_BYTES_KEPT ? x->got : TRACE_BYTES_KEPT;

	if (row->is_mark) {
		put_mark(j, row);
		return;
	}
	json_open_object(j, NULL);
	json_put_int(j, "number", (int64_t)row->number);
	json_put_int(j, "packet", (int64_t)row->packet);
	json_put_int(j, "last_packet", (int64_t)row->last_packet);
	json_put_int(j, "probe", row->probe);
	json_put_real(j, "seconds", (double)row->since_us / 1000000, 6);
	json_put_int(j, "took_us", (int64_t)x->took_us);
	json_put_str(j, "command", row->said.cmd ? row->said.cmd->name : NULL);
	put_bytes(j, "bytes", x->cmd, x->cmd_len);
	put_arguments(j, row);
	json_put_str(j, "data", directions[x->dir]);
	json_put_int(j, "data_bytes", (int64_t)x->got);
	put_bytes(j, "data_head", row->data, kept);
	json_put_str(j, "outcome", xact_outcome_name(x->outcome));
	if (x->native)
		json_put_int(j, "native", x->native);
	put_status(j, row);
	put_values(j, &row->said);
	put_accesses(j, &row->said);
	put_notes(j, &row->said);
	if (row->cut)
		json_put_bool(j, "cut", true);
	json_close_object(j);
}
