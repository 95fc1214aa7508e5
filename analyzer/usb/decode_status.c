/* Outcomes of transfers and status words as events. */
#include "analyzer/usb/decode_internal.h"

#include "probe/stlink_status.h"

#define WAITS_TO_TELL 4 /* in a row */

/* What a status word says of the way to the target. The wording is that of the log patterns. */
struct status_event {
	uint8_t code;
	int kind; /* enum event_kind; -1: none beyond the word itself */
	const char *what;
	bool lost; /* the link does not stand any more */
};

static const struct status_event status_events[] = {
	{ STLINK_DEBUG_AP_WAIT, EVENT_LINK_WAIT, NULL, false },
	{ STLINK_DEBUG_DP_WAIT, EVENT_LINK_WAIT, NULL, false },
	{ STLINK_DEBUG_CMD_WAIT, EVENT_LINK_WAIT, NULL, false },
	{ STLINK_DEBUG_AP_PARITY_ERROR, EVENT_LINK_PARITY, NULL, false },
	{ STLINK_DEBUG_DP_PARITY_ERROR, EVENT_LINK_PARITY, NULL, false },
	{ STLINK_DEBUG_AP_WDATA_ERROR, EVENT_LINK_PARITY, NULL, false },
	{ STLINK_DEBUG_GET_IDCODE_ERROR, EVENT_DP_SILENT, "no IDCODE", true },
	{ STLINK_DEBUG_NO_DEVICE_CONNECTED, EVENT_DP_SILENT, "no device connected", true },
	{ STLINK_DEBUG_DBG_POWER_ERROR, EVENT_DP_ERROR, "power-up", true },
	{ STLINK_DEBUG_AP_ERROR, EVENT_DP_ERROR, "status", true },
	{ STLINK_DEBUG_DP_ERROR, EVENT_DP_ERROR, "status", true },
	{ STLINK_DEBUG_DP_FAULT, EVENT_DP_ERROR, "status", false },
	{ STLINK_DEBUG_UNKNOWN_ERROR, EVENT_DP_ERROR, "status", false },
	{ STLINK_DEBUG_UNKNOWN_JTAG_CHAIN, EVENT_DP_ERROR, "status", true },
	{ STLINK_DEBUG_SPI_ERROR, EVENT_DP_ERROR, "status", true },
	{ STLINK_DEBUG_DMA_ERROR, EVENT_DP_ERROR, "status", true },
	{ STLINK_DEBUG_INTERNAL_ERROR, EVENT_DP_ERROR, "status", true },
	{ STLINK_DEBUG_ALREADY_OPENED_IN_OTHER_MODE, EVENT_USB_OPEN_FAILED, "busy", false },
};

static const struct status_event *find(uint32_t status)
{
	for (size_t i = 0; i < sizeof(status_events) / sizeof(status_events[0]); i++) {
		if (status_events[i].code == (status & 0xff))
			return &status_events[i];
	}
	return NULL;
}

static const char *usb_code(const struct xact *x)
{
	switch (x->outcome) {
	case XACT_TIMEOUT:
		return "timeout";
	case XACT_STALL:
		return "pipe";
	case XACT_GONE:
		return "no-device";
	case XACT_USB_ERROR:
		/* -75 is EOVERFLOW, -8 libusb's name for it. */
		return x->native == -75 || x->native == -8 ? "overflow" : "io";
	case XACT_SHORT:
		return "other";
	case XACT_OK:
	case XACT_UNKNOWN:
	case XACT_OUTCOMES:
		break;
	}
	return NULL;
}

void decode_outcome(struct decode *d)
{
	const char *code = usb_code(d->x);
	struct event e;

	/* A read without a command that times out empties the pipe; some tools begin with it. */
	if (!code || d->x->cmd_len == 0)
		return;
	e = decode_event(EVENT_USB_ERROR);
	decode_set_text(&e, 0, code);
	if (d->said->cmd)
		decode_set_text(&e, 1, d->said->cmd->name);
	decode_tell(d, &e);
	d->failed_since = true;
	if (d->x->outcome == XACT_GONE)
		decode_tell_kind(d, EVENT_USB_GONE);
}

static bool is_cmd(const struct decode *d, enum stlink_cmd_id id)
{
	return d->said->cmd && stlink_cmd_id_of(d->said->cmd) == id;
}

/* Tools look for access ports by asking for them one after the other until one is missing. */
static bool is_search(const struct decode *d)
{
	if (is_cmd(d, STLINK_CMD_CLOSE_AP_DBG))
		return true;
	if (is_cmd(d, STLINK_CMD_INIT_AP))
		return d->x->cmd[2] > 0;
	return d->said->n_access > 0 && d->said->access[0].space == CORESIGHT_AP &&
	       d->said->access[0].ap > 0;
}

/* The word of memory, or the block, that the failed access was about; false: it was none. */
static bool failed_at(const struct decode *d, uint32_t *ret_address, bool *ret_write)
{
	const struct stlink_said *s = d->said;

	if (s->status_of && d->pending.there) {
		const struct stlink_memory *m = &d->pending.said.memory;

		*ret_address =
			s->has_fault_address && s->fault_address ? s->fault_address : m->address;
		*ret_write = m->write;
		return true;
	}
	if (s->n_access > 0 && s->access[0].space == CORESIGHT_MEMORY) {
		*ret_address = s->access[0].address;
		*ret_write = s->access[0].write;
		return true;
	}
	return false;
}

/*
 * What any session must be able to reach: main flash, RAM and the core's own registers. Others may
 * well not exist on a chip that a tool asks for them.
 */
static bool must_be_there(uint32_t address)
{
	return (address >= 0x08000000 && address < 0x08400000) ||
	       (address >= 0x20000000 && address < 0x20080000) || address == CORESIGHT_CPUID ||
	       (address >= 0xe000ed00 && address <= CORESIGHT_DEMCR);
}

static void refused_memory(struct decode *d)
{
	struct event fault = decode_event(EVENT_AP_FAULT), where;
	uint32_t address = 0;
	bool write = false, has = failed_at(d, &address, &write);

	if (!has || must_be_there(address)) {
		decode_tell(d, &fault);
	} else if (d->n_faults < HELD_FAULTS) {
		decode_hold(d, &d->faults[d->n_faults++], &fault);
	}
	if (!has || !must_be_there(address))
		return;
	where = decode_event(write ? EVENT_MEM_WRITE_FAILED : EVENT_MEM_READ_FAILED);
	decode_set_num(&where, 0, address);
	decode_tell(d, &where);
	if (address == CORESIGHT_CPUID && !write)
		decode_tell_kind(d, EVENT_CORE_UNREADABLE);
}

static bool polls_core(const struct decode *d)
{
	uint32_t address;
	bool write;

	return failed_at(d, &address, &write) && address == CORESIGHT_DHCSR && !write;
}

static void lose_link(struct decode *d)
{
	if (d->linked)
		decode_tell_kind(d, EVENT_LINK_LOST);
	d->linked = false;
}

static void tell_word(struct decode *d)
{
	struct event e = decode_event(EVENT_PROBE_STATUS);

	decode_set_num(&e, 0, d->said->status);
	if (d->said->cmd)
		decode_set_text(&e, 1, d->said->cmd->name);
	decode_tell(d, &e);
}

/* A WAIT or two before the answer is how the protocol works; more, or a session that ends so, tells
 * something of the target. */
static void wait(struct decode *d, struct event *e)
{
	if (++d->waits_in_a_row < WAITS_TO_TELL) {
		decode_hold(d, &d->wait, e);
		d->wait.e.times = d->waits_in_a_row;
		return;
	}
	if (d->wait.there)
		decode_tell_held(d, &d->wait);
	decode_tell(d, e);
}

static void tell_meaning(struct decode *d)
{
	const struct status_event *row = find(d->said->status);
	struct event e;

	if (row) {
		e = decode_event((enum event_kind)row->kind);
		if (row->what)
			decode_set_text(&e, 0, row->what);
		if (row->kind == EVENT_LINK_WAIT)
			wait(d, &e);
		else
			decode_tell(d, &e);
	}
	if (d->said->kind == STLINK_STATUS_REFUSED && !row)
		refused_memory(d);
	if (d->said->kind == STLINK_STATUS_WAIT)
		return;
	if (polls_core(d))
		decode_tell_kind(d, EVENT_LINK_MODE_UNKNOWN);
	if (row && row->lost)
		lose_link(d);
}

void decode_status(struct decode *d)
{
	const struct stlink_said *s = d->said;

	if (s->family != STLINK_STATUS_DEBUG || s->kind == STLINK_STATUS_OK ||
	    s->kind == STLINK_STATUS_CHANGED)
		return;
	tell_word(d);
	if (is_search(d))
		return;
	if (s->kind == STLINK_STATUS_NOLINK || s->kind == STLINK_STATUS_WAIT ||
	    s->kind == STLINK_STATUS_SIGNAL || s->kind == STLINK_STATUS_REFUSED ||
	    s->kind == STLINK_STATUS_SICK || find(s->status))
		tell_meaning(d);
	if (s->kind != STLINK_STATUS_WAIT) {
		d->failed_since = true;
		if (is_cmd(d, STLINK_CMD_ENTER))
			decode_tell_kind(d, EVENT_CONNECT_FAILED);
		else if (is_cmd(d, STLINK_CMD_INIT_AP))
			decode_tell_kind(d, EVENT_AP_MISSING);
	}
}
