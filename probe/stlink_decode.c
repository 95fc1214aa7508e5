/* The state machine: whose reply this is, whose status it carries, what was asked again. */
#include <string.h>

#include "probe/base/bytes.h"
#include "probe/stlink_decode_internal.h"

void stlink_decoder_init(struct stlink_decoder *d)
{
	memset(d, 0, sizeof(*d));
}

bool stlink_said_failed(const struct stlink_said *said, const struct xact *x)
{
	if (x->outcome != XACT_OK && x->outcome != XACT_UNKNOWN)
		return true;
	return said->has_status && said->kind != STLINK_STATUS_OK &&
	       said->kind != STLINK_STATUS_CHANGED;
}

static void owe(struct stlink_owed *o, const struct xact *x, uint64_t number,
		const struct stlink_said *said, size_t reply_bytes)
{
	memset(o, 0, sizeof(*o));
	o->there = true;
	o->number = number;
	o->cmd = said->cmd;
	memcpy(o->bytes, x->cmd, x->cmd_len < sizeof(o->bytes) ? x->cmd_len : sizeof(o->bytes));
	o->reply_bytes = reply_bytes;
	o->memory = said->memory;
}

/* How long the reply to this command should be, seen with what went before. */
static size_t reply_bytes_of(const struct stlink_decoder *d, const struct stlink_cmd *cmd,
			     const uint8_t *bytes, size_t len)
{
	if (cmd->size_rule == STLINK_SIZE_QUEUE_IN)
		return d->queue.there ? 8 * (size_t)d->queue.n : STLINK_SIZE_UNKNOWN;
	if (cmd->size_rule == STLINK_SIZE_SWIM_BUF)
		return d->swim.there && d->swim.memory.there ? d->swim.memory.len
							     : STLINK_SIZE_UNKNOWN;
	return stlink_cmd_data_bytes(cmd, bytes, len);
}

/* A size that fits: a probe may answer one byte to a read of one, and nobody knows some sizes. */
static bool size_fits(const struct stlink_cmd *cmd, size_t expected, size_t got)
{
	if (expected == STLINK_SIZE_UNKNOWN || got == expected)
		return true;
	return cmd->size_rule == STLINK_SIZE_LEN8 && expected == 2 && got == 1;
}

/*
 * After a command was given up its reply may still come, in place of the next one's. It is
 * believed to be the earlier one's if only that fits, by size or by what it says.
 */
static bool reply_is_stale(const struct stlink_decoder *d, const struct xact *x,
			   const struct stlink_cmd *cmd, size_t expected)
{
	const struct stlink_owed *o = &d->reply;
	bool fits_now = size_fits(cmd, expected, x->got);
	bool fits_owed;

	if (!o->there || !o->cmd || x->cut)
		return false;
	fits_owed = size_fits(o->cmd, o->reply_bytes, x->got);
	if (fits_owed != fits_now)
		return fits_owed;
	return fits_owed && o->cmd != cmd && !stlink_reply_is_plausible(cmd, x->data, x->got) &&
	       stlink_reply_is_plausible(o->cmd, x->data, x->got);
}

/* Data that came without a command: the late reply to one that was given up, or SWO. */
static void decode_alone(struct stlink_decoder *d, const struct xact *x, struct stlink_said *said)
{
	struct xact as;

	said->notes |= STLINK_NOTE_NO_COMMAND;
	if (x->dir != XACT_IN || (x->ep != 0 && x->ep != 0x81) || !d->reply.there)
		return;
	if (x->ep == 0x81 && x->got > 0) {
		as = *x;
		memcpy(as.cmd, d->reply.bytes, sizeof(as.cmd));
		as.cmd_len = sizeof(as.cmd);
		said->notes |= STLINK_NOTE_LATE;
		said->reply_to = d->reply.number;
		said->reply_cmd = d->reply.cmd;
		if (said->reply_cmd)
			stlink_decode_reply(d, &as, said->reply_cmd, said);
	}
	/* Either it came, or the pipe is empty. */
	if (x->ep == 0x81)
		d->reply.there = false;
}

static void decode_stale(struct stlink_decoder *d, const struct xact *x, size_t expected,
			 struct stlink_said *said)
{
	struct stlink_owed mine;
	struct xact as = *x;

	owe(&mine, x, said->number, said, expected);
	memcpy(as.cmd, d->reply.bytes, sizeof(as.cmd));
	said->notes |= STLINK_NOTE_STALE;
	said->reply_to = d->reply.number;
	said->reply_cmd = d->reply.cmd;
	stlink_decode_reply(d, &as, said->reply_cmd, said);
	d->reply = mine;
}

static void decode_in(struct stlink_decoder *d, const struct xact *x, struct stlink_said *said)
{
	const struct stlink_cmd *cmd = said->cmd;
	size_t expected = reply_bytes_of(d, cmd, x->cmd, x->cmd_len);

	if (x->got == 0) {
		if (x->outcome == XACT_TIMEOUT)
			owe(&d->reply, x, said->number, said, expected);
		return;
	}
	if (reply_is_stale(d, x, cmd, expected)) {
		decode_stale(d, x, expected, said);
		return;
	}
	d->reply.there = false;
	if (!x->cut && !size_fits(cmd, expected, x->got))
		said->notes |= STLINK_NOTE_SIZE;
	if (!stlink_reply_is_plausible(cmd, x->data, x->got))
		said->notes |= STLINK_NOTE_ODD;
	stlink_decode_reply(d, x, cmd, said);
}

/* The status of an access is to be had later; of one that was not asked for, never. */
static void keep_for_status(struct stlink_decoder *d, const struct xact *x,
			    struct stlink_said *said)
{
	switch (said->cmd->where) {
	case STLINK_WHERE_LATER:
		if (d->access.there && !d->access.asked)
			said->notes |= STLINK_NOTE_UNCHECKED;
		owe(&d->access, x, said->number, said, 0);
		break;
	case STLINK_WHERE_SWIM_LATER:
		owe(&d->swim, x, said->number, said, 0);
		break;
	case STLINK_WHERE_QUEUED:
		stlink_decode_queue(d, x, said);
		break;
	case STLINK_WHERE_NONE:
	case STLINK_WHERE_FIRST:
	case STLINK_WHERE_OF_LAST:
	case STLINK_WHERE_EACH:
	case STLINK_WHERE_CORE:
	case STLINK_WHERE_SWIM_LAST:
	case STLINK_WHERE_BRIDGE:
		break;
	}
}

static bool same_command(const struct stlink_owed *o, const struct xact *x)
{
	return o->there && x->cmd_len == sizeof(o->bytes) &&
	       memcmp(o->bytes, x->cmd, sizeof(o->bytes)) == 0;
}

/* Counts how often a command is asked again after WAIT; for memory the access is what counts. */
static void follow_waits(struct stlink_decoder *d, const struct xact *x, struct stlink_said *said,
			 const struct stlink_owed *access_before)
{
	bool again = same_command(&d->waited, x);

	if (again) {
		said->notes |= STLINK_NOTE_RETRY;
		said->retry = d->waits;
	}
	if (!said->has_status)
		return;
	if (said->kind == STLINK_STATUS_WAIT) {
		struct stlink_owed now;

		if (said->status_of && access_before->there)
			now = *access_before;
		else
			owe(&now, x, said->number, said, 0);
		if (!d->waited.there || memcmp(d->waited.bytes, now.bytes, sizeof(now.bytes)) != 0)
			d->waits = 0;
		d->waits++;
		d->waited = now;
	} else {
		d->waited.there = false;
		d->waits = 0;
	}
}

static bool takes_its_time(const struct stlink_cmd *cmd)
{
	static const enum stlink_cmd_id slow[] = {
		STLINK_CMD_ENTER,
		STLINK_CMD_V1_ENTER,
		STLINK_CMD_INIT_AP,
		STLINK_CMD_RESETSYS,
		STLINK_CMD_V1_RESETSYS,
		STLINK_CMD_DRIVE_NRST,
		STLINK_CMD_SWITCH_STLINK_FREQ,
	};

	for (size_t i = 0; i < sizeof(slow) / sizeof(slow[0]); i++) {
		if (stlink_cmd_id_of(cmd) == slow[i])
			return true;
	}
	return false;
}

static void check_command(const struct stlink_decoder *d, const struct xact *x,
			  struct stlink_said *said)
{
	if (!said->cmd) {
		said->notes |= STLINK_NOTE_UNKNOWN;
		if (x->cmd[0] < 0xc0)
			said->notes |= STLINK_NOTE_SCSI;
		return;
	}
	if (d->has_version && !d->version.ask_ex && said->cmd->gate != STLINK_GATE_NONE &&
	    said->cmd->gate != STLINK_GATE_BRIDGE &&
	    !stlink_version_has(&d->version, said->cmd->gate))
		said->notes |= STLINK_NOTE_TOO_NEW;
	if (x->outcome == XACT_OK && x->took_us > STLINK_SLOW_US && !said->memory.there &&
	    !takes_its_time(said->cmd))
		said->notes |= STLINK_NOTE_SLOW;
}

void stlink_decode(struct stlink_decoder *d, const struct xact *x, uint64_t number,
		   struct stlink_said *said)
{
	struct stlink_owed access_before = d->access;

	memset(said, 0, sizeof(*said));
	said->number = number;
	if (x->cmd_len == 0) {
		decode_alone(d, x, said);
		return;
	}
	said->cmd = stlink_cmd_find(x->cmd, x->cmd_len);
	if (said->cmd)
		stlink_decode_arguments(d, x, said);
	check_command(d, x, said);
	if (!said->cmd)
		return;
	if (x->dir == XACT_IN)
		decode_in(d, x, said);
	keep_for_status(d, x, said);
	follow_waits(d, x, said, &access_before);
}
