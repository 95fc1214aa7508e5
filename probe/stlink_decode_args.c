/* What the bytes of a command say: the memory, registers and speeds that it names. */
#include <string.h>

#include "probe/base/bytes.h"
#include "probe/stlink_decode_internal.h"

uint32_t stlink_argument(const struct xact *x, const struct stlink_cmd *cmd,
			 enum stlink_field_kind kind)
{
	for (size_t i = 0; i < STLINK_FIELDS_MAX; i++) {
		if (cmd->fields[i].kind == kind)
			return stlink_field_value(&cmd->fields[i], x->cmd, x->cmd_len);
	}
	return 0;
}

bool stlink_arguments_are_there(const struct xact *x, const struct stlink_cmd *cmd)
{
	for (size_t i = 0; i < STLINK_FIELDS_MAX; i++) {
		const struct stlink_field *f = &cmd->fields[i];

		if (f->kind != STLINK_FIELD_NONE && f->kind != STLINK_FIELD_AP &&
		    f->kind != STLINK_FIELD_CSW && !stlink_field_is_there(f, x->cmd_len))
			return false;
	}
	return true;
}

void stlink_add_access(struct stlink_said *said, const struct stlink_access *a)
{
	if (said->n_access < STLINK_ACCESSES_MAX)
		said->access[said->n_access++] = *a;
	else
		said->more_access++;
}

/*
 * Core registers go through DCRSR and DCRDR in two or three accesses; the one that moves the value
 * is told as an access to the core register as well.
 */
static void follow_core_register(struct stlink_decoder *d, struct stlink_said *said,
				 const struct stlink_access *a)
{
	struct stlink_access core = { .space = CORESIGHT_CORE, .width = 4, .has_value = true };

	if (a->space != CORESIGHT_MEMORY || !a->has_value || a->width != 4)
		return;
	if (a->address == CORESIGHT_DCRDR && a->write) {
		d->has_dcrdr = true;
		d->dcrdr = a->value;
	} else if (a->address == CORESIGHT_DCRSR && a->write) {
		d->has_dcrsr = true;
		d->dcrsr = a->value;
		if (!(a->value & DCRSR_WRITE) || !d->has_dcrdr)
			return;
		core.address = a->value & DCRSR_REGSEL;
		core.write = true;
		core.value = d->dcrdr;
		stlink_add_access(said, &core);
	} else if (a->address == CORESIGHT_DCRDR && d->has_dcrsr && !(d->dcrsr & DCRSR_WRITE)) {
		core.address = d->dcrsr & DCRSR_REGSEL;
		core.value = a->value;
		stlink_add_access(said, &core);
	}
}

void stlink_add_memory_access(struct stlink_decoder *d, struct stlink_said *said, uint32_t address,
			      uint8_t width, bool write, const uint8_t *value)
{
	struct stlink_access a = { .space = CORESIGHT_MEMORY,
				   .address = address,
				   .write = write,
				   .width = width,
				   .has_value = value != NULL };

	if (value)
		a.value = width == 4 ? get_le32(value) : width == 2 ? get_le16(value) : value[0];
	stlink_add_access(said, &a);
	follow_core_register(d, said, &a);
}

void stlink_add_block(struct stlink_decoder *d, struct stlink_said *said,
		      const struct stlink_memory *m, const uint8_t *at, size_t len)
{
	size_t n = (len < m->len ? len : m->len) / m->width;

	for (size_t i = 0; i < n; i++) {
		uint32_t address =
			m->same_address ? m->address : m->address + (uint32_t)(i * m->width);

		if (said->n_access == STLINK_ACCESSES_MAX) {
			said->more_access += (unsigned)(n - i);
			return;
		}
		stlink_add_memory_access(d, said, address, m->width, m->write, at + i * m->width);
	}
}

struct memory_command {
	enum stlink_cmd_id id;
	uint8_t width;
	bool write, same_address;
};

static const struct memory_command memory_commands[] = {
	{ STLINK_CMD_READMEM_32BIT, 4, false, false },
	{ STLINK_CMD_WRITEMEM_32BIT, 4, true, false },
	{ STLINK_CMD_READMEM_8BIT, 1, false, false },
	{ STLINK_CMD_WRITEMEM_8BIT, 1, true, false },
	{ STLINK_CMD_READMEM_16BIT, 2, false, false },
	{ STLINK_CMD_WRITEMEM_16BIT, 2, true, false },
	{ STLINK_CMD_WRITEMEM_32BIT_NO_ADDR_INC, 4, true, true },
	{ STLINK_CMD_READMEM_32BIT_NO_ADDR_INC, 4, false, true },
	{ STLINK_CMD_SWIM_WRITEMEM, 1, true, false },
	{ STLINK_CMD_SWIM_READMEM, 1, false, false },
};

void stlink_memory_of(const struct xact *x, const struct stlink_cmd *cmd, struct stlink_memory *m)
{
	memset(m, 0, sizeof(*m));
	for (size_t i = 0; i < sizeof(memory_commands) / sizeof(memory_commands[0]); i++) {
		const struct memory_command *row = &memory_commands[i];

		if (stlink_cmd_id_of(cmd) != row->id)
			continue;
		m->there = true;
		m->width = row->width;
		m->write = row->write;
		m->same_address = row->same_address;
		m->address = stlink_argument(x, cmd, STLINK_FIELD_ADDRESS);
		m->len = stlink_argument(x, cmd, STLINK_FIELD_LENGTH);
		m->ap = (uint8_t)stlink_argument(x, cmd, STLINK_FIELD_AP);
		return;
	}
}

struct stlink_access stlink_named_register(const struct xact *x, const struct stlink_cmd *cmd)
{
	struct stlink_access a = { .width = 4, .space = CORESIGHT_CORE };
	uint32_t port = stlink_argument(x, cmd, STLINK_FIELD_PORT);

	if (cmd->fields[0].kind != STLINK_FIELD_PORT) {
		a.address = stlink_argument(x, cmd, STLINK_FIELD_CORE_REG);
		return a;
	}
	a.space = port == STLINK_PORT_DP ? CORESIGHT_DP : CORESIGHT_AP;
	a.ap = (uint16_t)port;
	a.address = stlink_argument(x, cmd, STLINK_FIELD_DAP_REG);
	return a;
}

static void write_named(struct stlink_decoder *d, const struct xact *x,
			const struct stlink_cmd *cmd, struct stlink_said *said)
{
	struct stlink_access a = stlink_named_register(x, cmd);

	(void)d;
	a.write = true;
	a.has_value = true;
	a.value = stlink_argument(x, cmd, STLINK_FIELD_VALUE);
	stlink_add_access(said, &a);
}

static void write_word(struct stlink_decoder *d, const struct xact *x, const struct stlink_cmd *cmd,
		       struct stlink_said *said)
{
	uint8_t value[4];

	put_le32(value, stlink_argument(x, cmd, STLINK_FIELD_VALUE));
	stlink_add_memory_access(d, said, stlink_argument(x, cmd, STLINK_FIELD_ADDRESS), 4, true,
				 value);
}

static void want_speed(struct stlink_decoder *d, const struct xact *x, const struct stlink_cmd *cmd,
		       struct stlink_said *said)
{
	bool swd = stlink_cmd_id_of(cmd) == STLINK_CMD_SWD_SET_FREQ;
	uint32_t divisor =
		stlink_argument(x, cmd, swd ? STLINK_FIELD_SWD_DIVISOR : STLINK_FIELD_JTAG_DIVISOR);

	(void)d;
	said->khz = stlink_speed_khz(swd ? STLINK_LINK_SWD : STLINK_LINK_JTAG, (uint16_t)divisor);
	said->has_khz = said->khz > 0;
}

static void write_block(struct stlink_decoder *d, const struct xact *x,
			const struct stlink_cmd *cmd, struct stlink_said *said)
{
	uint8_t bytes[8];

	/* A SWIM write carries its first bytes inside the command. */
	if (stlink_cmd_id_of(cmd) != STLINK_CMD_SWIM_WRITEMEM) {
		stlink_add_block(d, said, &said->memory, x->data, x->dir == XACT_OUT ? x->got : 0);
		return;
	}
	if (x->cmd_len < 16)
		return;
	memcpy(bytes, x->cmd + 8, sizeof(bytes));
	stlink_add_block(d, said, &said->memory, bytes, sizeof(bytes));
}

static stlink_part_fn *const arguments[STLINK_CMDS] = {
	[STLINK_CMD_V1_WRITEREG] = write_named,
	[STLINK_CMD_WRITEREG] = write_named,
	[STLINK_CMD_WRITE_DAP_REG] = write_named,
	[STLINK_CMD_V1_WRITEDEBUGREG] = write_word,
	[STLINK_CMD_WRITEDEBUGREG] = write_word,
	[STLINK_CMD_SWD_SET_FREQ] = want_speed,
	[STLINK_CMD_JTAG_SET_FREQ] = want_speed,
	[STLINK_CMD_WRITEMEM_32BIT] = write_block,
	[STLINK_CMD_WRITEMEM_16BIT] = write_block,
	[STLINK_CMD_WRITEMEM_8BIT] = write_block,
	[STLINK_CMD_WRITEMEM_32BIT_NO_ADDR_INC] = write_block,
	[STLINK_CMD_SWIM_WRITEMEM] = write_block,
};

void stlink_decode_arguments(struct stlink_decoder *d, const struct xact *x,
			     struct stlink_said *said)
{
	stlink_part_fn *fn = arguments[stlink_cmd_id_of(said->cmd)];

	if (!stlink_arguments_are_there(x, said->cmd))
		return;
	stlink_memory_of(x, said->cmd, &said->memory);
	if (fn)
		fn(d, x, said->cmd, said);
}

void stlink_decode_queue(struct stlink_decoder *d, const struct xact *x, struct stlink_said *said)
{
	struct stlink_queue *q = &d->queue;
	uint32_t n = stlink_argument(x, said->cmd, STLINK_FIELD_COUNT);
	size_t words = ((size_t)n + 3) / 4 * 4;
	uint32_t address = 0;

	q->there = n <= STLINK_QUEUE_MAX_V3 && x->dir == XACT_OUT &&
		   x->got >= stlink_queue_out_bytes(n);
	if (!q->there)
		return;
	q->number = said->number;
	q->n = n;
	memcpy(q->codes, x->data, n);
	for (uint32_t i = 0; i < n; i++) {
		q->words[i] = get_le32(x->data + words + 4 * (size_t)i);
		if (q->codes[i] == STLINK_QUEUE_ADDRESS)
			address = q->words[i];
		else if (q->codes[i] == STLINK_QUEUE_WRITE)
			stlink_add_memory_access(d, said, address, 4, true,
						 x->data + words + 4 * (size_t)i);
		else if (q->codes[i] == STLINK_QUEUE_READ)
			stlink_add_memory_access(d, said, q->words[i], 4, false, NULL);
	}
}

struct stlink_access stlink_decode_port(const struct stlink_cmd *cmd, const struct xact *x)
{
	struct stlink_access a = stlink_named_register(x, cmd);

	a.write = stlink_cmd_id_of(cmd) == STLINK_CMD_WRITE_DAP_REG;
	return a;
}
