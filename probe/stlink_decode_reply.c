/* What the bytes of a reply say, command by command. */
#include "probe/base/bytes.h"
#include "probe/stlink_decode_internal.h"

static void read_version(struct stlink_decoder *d, const struct xact *x,
			 const struct stlink_cmd *cmd, struct stlink_said *said)
{
	bool ex = cmd->size == STLINK_VERSION_EX_BYTES;
	int rc = ex ? stlink_version_parse_ex(x->data, x->got, &said->version, NULL)
		    : stlink_version_parse(x->data, x->got, &said->version, NULL);

	said->has_version = rc == 0;
	if (rc == 0) {
		d->has_version = true;
		d->version = said->version;
	}
}

static void read_mode(struct stlink_decoder *d, const struct xact *x, const struct stlink_cmd *cmd,
		      struct stlink_said *said)
{
	(void)cmd;
	said->has_mode = d->has_mode = true;
	said->mode = d->mode = x->data[0];
}

static void read_voltage(struct stlink_decoder *d, const struct xact *x,
			 const struct stlink_cmd *cmd, struct stlink_said *said)
{
	uint64_t reference, half;

	(void)d;
	(void)cmd;
	if (x->got < 8)
		return;
	/* The reference is 1.2 V inside the probe; the other count is half of VTref. */
	reference = get_le32(x->data);
	half = get_le32(x->data + 4);
	if (reference == 0 || half > 0xffffff)
		return;
	said->has_voltage = true;
	said->mv = (int)((2400 * half + reference / 2) / reference);
}

static void read_ids(struct stlink_decoder *d, const struct xact *x, const struct stlink_cmd *cmd,
		     struct stlink_said *said)
{
	size_t at = cmd->where == STLINK_WHERE_FIRST ? 4 : 0;

	(void)d;
	while (said->n_ids < 2 && at + 4 <= x->got) {
		said->ids[said->n_ids++] = get_le32(x->data + at);
		at += 4;
	}
}

static void read_named(struct stlink_decoder *d, const struct xact *x, const struct stlink_cmd *cmd,
		       struct stlink_said *said)
{
	struct stlink_access a = stlink_named_register(x, cmd);
	size_t at = cmd->where == STLINK_WHERE_FIRST ? 4 : 0;

	(void)d;
	if (!stlink_arguments_are_there(x, cmd))
		return;
	a.has_value = x->got >= at + 4;
	if (a.has_value)
		a.value = get_le32(x->data + at);
	stlink_add_access(said, &a);
}

static void read_word(struct stlink_decoder *d, const struct xact *x, const struct stlink_cmd *cmd,
		      struct stlink_said *said)
{
	if (stlink_arguments_are_there(x, cmd))
		stlink_add_memory_access(d, said, stlink_argument(x, cmd, STLINK_FIELD_ADDRESS), 4,
					 false, x->got >= 8 ? x->data + 4 : NULL);
}

static void read_all_registers(struct stlink_decoder *d, const struct xact *x,
			       const struct stlink_cmd *cmd, struct stlink_said *said)
{
	/* Only those that tell where the core is; the layout ends with two unknown words. */
	static const uint8_t registers[] = { 0, 13, 14, 15, 16, 17, 18 };
	size_t base = cmd->where == STLINK_WHERE_FIRST ? 4 : 0;

	(void)d;
	for (size_t i = 0; i < sizeof(registers); i++) {
		size_t at = base + 4U * registers[i];
		struct stlink_access a = { .space = CORESIGHT_CORE,
					   .address = registers[i],
					   .width = 4,
					   .has_value = at + 4 <= x->got };

		if (a.has_value)
			a.value = get_le32(x->data + at);
		stlink_add_access(said, &a);
	}
}

static void read_block(struct stlink_decoder *d, const struct xact *x, const struct stlink_cmd *cmd,
		       struct stlink_said *said)
{
	struct stlink_memory m;

	if (!stlink_arguments_are_there(x, cmd))
		return;
	stlink_memory_of(x, cmd, &m);
	stlink_add_block(d, said, &m, x->data, x->got);
}

static void read_last_status(struct stlink_decoder *d, const struct xact *x,
			     const struct stlink_cmd *cmd, struct stlink_said *said)
{
	(void)cmd;
	if (d->access.there)
		said->status_of = d->access.number;
	d->access.asked = true;
	/* Only a failed access leaves its address here. */
	if (x->got >= 8 && said->has_status && said->kind != STLINK_STATUS_OK) {
		said->has_fault_address = true;
		said->fault_address = get_le32(x->data + 4);
	}
}

static void read_speed(struct stlink_decoder *d, const struct xact *x, const struct stlink_cmd *cmd,
		       struct stlink_said *said)
{
	(void)d;
	if (x->got < 8)
		return;
	said->has_khz = true;
	said->khz = get_le32(x->data + 4);
	if (stlink_cmd_id_of(cmd) != STLINK_CMD_GET_COM_FREQ || x->got < 12)
		return;
	/* One byte of the count is used, as its others were never seen to be anything. */
	for (size_t at = 12; said->n_khz < 10 && said->n_khz < x->data[8] && at + 4 <= x->got;
	     at += 4)
		said->khz_list[said->n_khz++] = get_le32(x->data + at);
}

static void read_count(struct stlink_decoder *d, const struct xact *x, const struct stlink_cmd *cmd,
		       struct stlink_said *said)
{
	(void)d;
	(void)cmd;
	said->has_count = x->got >= 2;
	if (said->has_count)
		said->count = get_le16(x->data);
}

static void read_board(struct stlink_decoder *d, const struct xact *x, const struct stlink_cmd *cmd,
		       struct stlink_said *said)
{
	(void)d;
	(void)cmd;
	for (size_t i = 0; i < 4 && 2 + i < x->got; i++) {
		uint8_t c = x->data[2 + i];

		if (c < 0x21 || c > 0x7e)
			return;
		said->board_id[i] = (char)c;
	}
}

static void read_swim_status(struct stlink_decoder *d, const struct xact *x,
			     const struct stlink_cmd *cmd, struct stlink_said *said)
{
	(void)x;
	(void)cmd;
	if (d->swim.there)
		said->status_of = d->swim.number;
}

static void read_swim_buffer(struct stlink_decoder *d, const struct xact *x,
			     const struct stlink_cmd *cmd, struct stlink_said *said)
{
	(void)cmd;
	if (!d->swim.there || !d->swim.memory.there)
		return;
	said->memory = d->swim.memory;
	stlink_add_block(d, said, &said->memory, x->data, x->got);
}

/* Values of the reads of a queue, and the first status that is not OK. */
static void read_queue(struct stlink_decoder *d, const struct xact *x, const struct stlink_cmd *cmd,
		       struct stlink_said *said)
{
	struct stlink_queue *q = &d->queue;
	size_t n = x->got / 8;

	(void)cmd;
	said->has_status = n > 0;
	said->status = STLINK_DEBUG_OK;
	for (size_t i = 0; i < n; i++) {
		uint32_t status = get_le32(x->data + 4 * (n + i));

		if (status == STLINK_DEBUG_OK)
			continue;
		if (said->failed_items++ == 0)
			said->status = status;
	}
	said->kind = stlink_status_kind_of(STLINK_STATUS_DEBUG, said->status);
	if (!q->there || q->n != n)
		return;
	said->status_of = q->number;
	for (size_t i = 0; i < n; i++) {
		bool good = get_le32(x->data + 4 * (n + i)) == STLINK_DEBUG_OK;

		if (q->codes[i] == STLINK_QUEUE_READ)
			stlink_add_memory_access(d, said, q->words[i], 4, false,
						 good ? x->data + 4 * i : NULL);
	}
	q->there = false;
}

static stlink_part_fn *const replies[STLINK_CMDS] = {
	[STLINK_CMD_GET_VERSION] = read_version,
	[STLINK_CMD_GET_VERSION_80] = read_version,
	[STLINK_CMD_GET_VERSION_EX] = read_version,
	[STLINK_CMD_GET_VERSION_EX_80] = read_version,
	[STLINK_CMD_GET_CURRENT_MODE] = read_mode,
	[STLINK_CMD_GET_TARGET_VOLTAGE] = read_voltage,
	[STLINK_CMD_READ_IDCODES] = read_ids,
	[STLINK_CMD_READCOREID] = read_ids,
	[STLINK_CMD_V1_READREG] = read_named,
	[STLINK_CMD_READREG] = read_named,
	[STLINK_CMD_READ_DAP_REG] = read_named,
	[STLINK_CMD_READDEBUGREG] = read_word,
	[STLINK_CMD_V1_READALLREGS] = read_all_registers,
	[STLINK_CMD_READALLREGS] = read_all_registers,
	[STLINK_CMD_READMEM_32BIT] = read_block,
	[STLINK_CMD_READMEM_16BIT] = read_block,
	[STLINK_CMD_READMEM_8BIT] = read_block,
	[STLINK_CMD_READMEM_32BIT_NO_ADDR_INC] = read_block,
	[STLINK_CMD_GETLASTRWSTATUS] = read_last_status,
	[STLINK_CMD_GETLASTRWSTATUS2] = read_last_status,
	[STLINK_CMD_SET_COM_FREQ] = read_speed,
	[STLINK_CMD_GET_COM_FREQ] = read_speed,
	[STLINK_CMD_GET_TRACE_NB] = read_count,
	[STLINK_CMD_GET_BOARD_IDENTIFIERS] = read_board,
	[STLINK_CMD_SWIM_READSTATUS] = read_swim_status,
	[STLINK_CMD_SWIM_READBUF] = read_swim_buffer,
	[STLINK_CMD_RW_MISC_IN] = read_queue,
};

static void read_status(const struct xact *x, const struct stlink_cmd *cmd,
			struct stlink_said *said)
{
	static const enum stlink_status_family families[] = {
		[STLINK_WHERE_FIRST] = STLINK_STATUS_DEBUG,
		[STLINK_WHERE_OF_LAST] = STLINK_STATUS_DEBUG,
		[STLINK_WHERE_CORE] = STLINK_STATUS_CORE,
		[STLINK_WHERE_SWIM_LAST] = STLINK_STATUS_SWIM,
		[STLINK_WHERE_BRIDGE] = STLINK_STATUS_BRIDGE,
	};
	bool swim = cmd->where == STLINK_WHERE_SWIM_LAST;

	if (cmd->where != STLINK_WHERE_FIRST && cmd->where != STLINK_WHERE_OF_LAST &&
	    cmd->where != STLINK_WHERE_CORE && cmd->where != STLINK_WHERE_BRIDGE && !swim)
		return;
	if (x->got < (swim ? 1 : 2))
		return;
	said->has_status = true;
	said->family = families[cmd->where];
	said->status = swim ? x->data[0] : get_le16(x->data);
	said->kind = stlink_status_kind_of(said->family, said->status);
}

/* After a failure the rest of the reply is left-over bytes. */
static void forget_values(struct stlink_said *said)
{
	for (unsigned i = 0; i < said->n_access; i++) {
		if (!said->access[i].write)
			said->access[i].has_value = false;
	}
	said->n_ids = 0;
	said->n_khz = 0;
	said->has_khz = false;
	said->board_id[0] = '\0';
}

void stlink_decode_reply(struct stlink_decoder *d, const struct xact *x,
			 const struct stlink_cmd *cmd, struct stlink_said *said)
{
	stlink_part_fn *fn = replies[stlink_cmd_id_of(cmd)];

	read_status(x, cmd, said);
	if (fn)
		fn(d, x, cmd, said);
	if (said->has_status && !said->status_of && said->kind != STLINK_STATUS_OK &&
	    said->kind != STLINK_STATUS_CHANGED)
		forget_values(said);
}

bool stlink_reply_is_plausible(const struct stlink_cmd *cmd, const uint8_t *at, size_t len)
{
	switch (cmd->where) {
	case STLINK_WHERE_FIRST:
	case STLINK_WHERE_OF_LAST:
		return len < 2 || (at[1] == 0 && stlink_status_find(STLINK_STATUS_DEBUG, at[0]));
	case STLINK_WHERE_CORE:
		return len < 2 || stlink_status_find(STLINK_STATUS_CORE, at[0]);
	case STLINK_WHERE_NONE:
	case STLINK_WHERE_LATER:
	case STLINK_WHERE_QUEUED:
	case STLINK_WHERE_EACH:
	case STLINK_WHERE_SWIM_LATER:
	case STLINK_WHERE_SWIM_LAST:
	case STLINK_WHERE_BRIDGE:
		break;
	}
	if (replies[stlink_cmd_id_of(cmd)] == read_version && cmd->size == STLINK_VERSION_BYTES)
		return len < 6 || (at[0] >> 4 >= 1 && at[0] >> 4 <= 4 && get_le16(at + 2) == 0x483);
	if (replies[stlink_cmd_id_of(cmd)] == read_version)
		return len < 12 || (at[0] >= 3 && get_le16(at + 8) == USB_VID_ST);
	if (stlink_cmd_id_of(cmd) == STLINK_CMD_GET_CURRENT_MODE)
		return len < 1 || stlink_mode_find(at[0]);
	if (stlink_cmd_id_of(cmd) == STLINK_CMD_GET_TARGET_VOLTAGE)
		return len < 8 || (get_le32(at) <= 0xffff && get_le32(at + 4) <= 0xffff);
	return true;
}
