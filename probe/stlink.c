/* Commands, statuses, and asking again after WAIT: see stlink.h. */
#include "probe/stlink.h"

#include <assert.h>
#include <string.h>

#include "probe/base/bytes.h"

#define TIMEOUT_MS     1000
#define FIRST_PAUSE_US 100
/* Clocks on the wire for a word, generously: a transfer is 46, and each may cost a second one. */
#define CLOCKS_A_WORD 100

void stlink_init(struct stlink *s, struct transport *t, const struct clock *clock)
{
	*s = (struct stlink){ .t = t, .clock = clock, .khz = STLINK_SPEED_SWD_DEFAULT_KHZ };
}

bool stlink_can(const struct stlink *s, enum stlink_gate gate)
{
	/* Before its version is known it is asked what every firmware answers. */
	return !s->version.hardware || stlink_version_has(&s->version, gate);
}

static int unsupported(struct stlink *s, const struct stlink_cmd *row, struct err *e)
{
	char version[STLINK_VERSION_TEXT_MAX];

	stlink_version_text(&s->version, version);
	return err_set(e, ERR_UNSUPPORTED, "%s: the probe's firmware (%s) is too old or another's",
		       row->words, version);
}

static void put_field(uint8_t *cmd, const struct stlink_field *f, uint32_t value)
{
	switch (f->width) {
	case STLINK_U8:
		cmd[f->at] = (uint8_t)value;
		break;
	case STLINK_U16:
		put_le16(cmd + f->at, (uint16_t)value);
		break;
	case STLINK_U24:
		put_le16(cmd + f->at, (uint16_t)value);
		cmd[f->at + 2] = (uint8_t)(value >> 16);
		break;
	case STLINK_U32:
		put_le32(cmd + f->at, value);
		break;
	case STLINK_BE16:
	case STLINK_BE32:
		assert(!"SWIM is not driven");
	}
}

static unsigned timeout_ms(const struct stlink *s, size_t len)
{
	uint64_t clocks = (uint64_t)((len + s->under_way) / 4) * CLOCKS_A_WORD;

	return deadline_cap_ms(s->deadline, (s->timeout_ms ? s->timeout_ms : TIMEOUT_MS) +
						    (unsigned)(clocks / (s->khz ? s->khz : 1)));
}

static void build(const struct stlink_cmd *row, const uint32_t *args, struct xact *x)
{
	memcpy(x->cmd, row->bytes, row->len);
	for (unsigned i = 0; args && i < STLINK_FIELDS_MAX; i++) {
		if (row->fields[i].kind != STLINK_FIELD_NONE)
			put_field(x->cmd, &row->fields[i], args[i]);
	}
}

int stlink_send(struct stlink *s, enum stlink_cmd_id id, const uint32_t *args, void *data,
		size_t len, struct err *e)
{
	const struct stlink_cmd *row = &stlink_cmd_rows[id];
	struct xact x = { .cmd_len = STLINK_CMD_BYTES,
			  .dir = row->data == STLINK_DATA_IN	? XACT_IN
				 : row->data == STLINK_DATA_OUT ? XACT_OUT
								: XACT_NONE,
			  .data = data,
			  .want = len };
	int rc;

	assert(row->size_rule != STLINK_SIZE_FIXED || row->size == len);
	if (!stlink_can(s, row->gate))
		return unsupported(s, row, e);
	rc = deadline_check(s->deadline, e);
	if (rc)
		return rc;
	build(row, args, &x);
	x.timeout_ms = timeout_ms(s, len);
	rc = transport_xfer(s->t, &x, e);
	return rc ? err_prefix(e, rc, "%s", row->words) : 0;
}

int stlink_status_err(struct err *e, uint16_t word)
{
	char says[128];

	stlink_status_say(STLINK_STATUS_DEBUG, word, says, sizeof(says));
	return err_set_native(e, ERR_STATUS, word, "%s", says);
}

bool stlink_wait_pause(struct stlink *s, unsigned nth)
{
	s->waits++;
	if (nth >= STLINK_WAITS_MAX)
		return false;
	clock_sleep_us(s->clock, (uint64_t)FIRST_PAUSE_US << nth);
	return true;
}

int stlink_do(struct stlink *s, enum stlink_cmd_id id, const uint32_t *args, void *data, size_t len,
	      struct err *e)
{
	const struct stlink_cmd *row = &stlink_cmd_rows[id];

	for (unsigned nth = 0;; nth++) {
		int rc = stlink_send(s, id, args, data, len, e);
		uint16_t word;

		if (rc || row->where != STLINK_WHERE_FIRST)
			return rc;
		word = get_le16(data);
		switch (stlink_status_kind_of(STLINK_STATUS_DEBUG, word)) {
		case STLINK_STATUS_OK:
			return 0;
		case STLINK_STATUS_WAIT:
			if (stlink_wait_pause(s, nth))
				continue;
			break;
		case STLINK_STATUS_CHANGED:
		case STLINK_STATUS_SIGNAL:
		case STLINK_STATUS_REFUSED:
		case STLINK_STATUS_NOLINK:
		case STLINK_STATUS_MISUSE:
		case STLINK_STATUS_SICK:
		case STLINK_STATUS_OTHER:
		case STLINK_STATUS_KINDS:
			break;
		}
		return err_prefix(e, stlink_status_err(e, word), "%s", row->words);
	}
}
