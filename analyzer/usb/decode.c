/* Decoded transactions to events: the session's course. */
#include "analyzer/usb/decode_internal.h"

#include <stdlib.h>
#include <string.h>

#include "probe/stlink_say.h"

struct decode *decode_new(struct events *ev)
{
	struct decode *d = calloc(1, sizeof(*d));

	if (!d)
		abort();
	d->ev = ev;
	d->mode = d->mv = d->state = -1;
	buf_init(&d->text);
	return d;
}

void decode_free(struct decode *d)
{
	if (!d)
		return;
	buf_done(&d->text);
	free(d);
}

struct event decode_event(enum event_kind kind)
{
	return (struct event){ .kind = kind, .pattern = -1, .times = 1 };
}

void decode_set_num(struct event *e, int field, int64_t num)
{
	e->v[field].has = true;
	e->v[field].num = num;
}

void decode_set_text(struct event *e, int field, const char *text)
{
	e->v[field].has = true;
	e->v[field].text = text;
}

static void set_place(const struct decode *d, struct event *e)
{
	e->trace = d->trace;
	e->packet = e->last_packet = d->trace ? d->packet : 0;
	e->line = e->last_line = d->trace ? d->log_line : d->packet;
}

static void add_text(struct decode *d, struct event *e)
{
	if (d->text.len == 0 && d->x) {
		buf_addf(&d->text, "#%llu ", (unsigned long long)d->number);
		stlink_say_all(&d->text, d->said, d->x);
	}
	set_place(d, e);
	e->text = buf_str(&d->text);
}

void decode_tell(struct decode *d, struct event *e)
{
	add_text(d, e);
	event_add(d->ev, e);
}

void decode_tell_kind(struct decode *d, enum event_kind kind)
{
	struct event e = decode_event(kind);

	decode_tell(d, &e);
}

void decode_hold(struct decode *d, struct held *h, struct event *e)
{
	add_text(d, e);
	h->there = true;
	h->e = *e;
	strncpy(h->text, e->text, sizeof(h->text) - 1);
}

void decode_tell_held(struct decode *d, struct held *h)
{
	if (!h->there)
		return;
	h->there = false;
	h->e.text = h->text;
	/* Lines must not fall; the text tells which transaction it was. */
	set_place(d, &h->e);
	event_add(d->ev, &h->e);
}

void decode_ids(struct decode *d, uint16_t vid, uint16_t pid, uint64_t packet)
{
	static const enum event_kind kinds[] = { EVENT_USB_DEVICE, EVENT_PROBE_USB_ID };

	if (d->told_ids || vid == 0)
		return;
	d->told_ids = true;
	if (packet > d->packet)
		d->packet = packet;
	for (size_t i = 0; i < 2; i++) {
		struct event e = decode_event(kinds[i]);

		decode_set_num(&e, 0, vid);
		decode_set_num(&e, 1, pid);
		decode_tell(d, &e);
	}
}

static void version(struct decode *d)
{
	const struct stlink_version *v = &d->said->version;
	char text[STLINK_VERSION_TEXT_MAX];
	struct event e = decode_event(EVENT_PROBE_VERSION);

	decode_ids(d, v->vid, v->pid, d->packet);
	/* The long reply follows and has the numbers. */
	if (v->ask_ex)
		return;
	stlink_version_text(v, text);
	decode_set_num(&e, 0, v->hardware);
	decode_set_num(&e, 1, v->jtag);
	decode_set_num(&e, 2, v->api);
	decode_set_text(&e, 3, text);
	decode_tell(d, &e);
}

static void mode(struct decode *d)
{
	const struct stlink_mode_row *row = stlink_mode_find(d->said->mode);
	struct event e = decode_event(EVENT_PROBE_MODE);

	if (d->mode == d->said->mode)
		return;
	d->mode = d->said->mode;
	decode_set_text(&e, 0, row ? row->name : "unknown");
	decode_tell(d, &e);
}

/* Voltages that only differ by noise are one reading. */
static void voltage(struct decode *d)
{
	struct event e = decode_event(EVENT_TARGET_VOLTAGE);
	int change = d->said->mv - d->mv;

	if (d->mv >= 0 && change < 100 && change > -100)
		return;
	d->mv = d->said->mv;
	decode_set_num(&e, 0, d->said->mv);
	decode_tell(d, &e);
}

static void speed(struct decode *d)
{
	struct event e = decode_event(EVENT_PROBE_SPEED);

	if (d->said->kind != STLINK_STATUS_OK)
		return;
	decode_set_num(&e, 0, d->said->khz);
	decode_tell(d, &e);
}

static void enter(struct decode *d)
{
	bool swd = d->x->cmd[2] == STLINK_ENTER_SWD;
	struct event e = decode_event(EVENT_CONNECT_MODE);

	if (d->left)
		events_next_attempt(d->ev);
	d->left = false;
	if (d->nrst_low) {
		decode_set_text(&e, 0, "under-reset");
		decode_tell(d, &e);
	}
	if (d->entered && d->failed_since)
		decode_tell_kind(d, EVENT_LINK_RECONNECT);
	if (!d->entered && d->x->cmd_len > 2) { /* else the capture was cut before it */
		e = decode_event(EVENT_TRANSPORT_SET);
		decode_set_text(&e, 0, swd ? "swd" : "jtag");
		decode_tell(d, &e);
	}
	d->entered = true;
	d->failed_since = false;
	d->dhcsr_seen = false;
}

static void leave(struct decode *d)
{
	d->left = d->entered;
	d->entered = d->linked = false;
	d->halt_asked = false;
	d->state = -1;
}

static void drive_nrst(struct decode *d)
{
	uint8_t how = d->x->cmd[2];

	if (d->said->kind != STLINK_STATUS_OK || d->x->cmd_len < 3)
		return;
	d->reset_asked = true;
	if (how == STLINK_NRST_PULSE || (how == STLINK_NRST_HIGH && d->nrst_low))
		d->nrst_pulsed = d->dhcsr_seen;
	d->nrst_low = how == STLINK_NRST_LOW;
}

static void reset_asked(struct decode *d)
{
	d->reset_asked = true;
}

static void ids(struct decode *d)
{
	struct event e = decode_event(EVENT_DP_ID);

	if (d->said->n_ids == 0 || (d->said->has_status && d->said->kind != STLINK_STATUS_OK))
		return;
	decode_set_num(&e, 0, d->said->ids[0]);
	decode_tell(d, &e);
}

typedef void part_fn(struct decode *d);

/* What is said about a command as such, before its registers. */
static part_fn *const parts[STLINK_CMDS] = {
	[STLINK_CMD_ENTER] = enter,	     [STLINK_CMD_V1_ENTER] = enter,
	[STLINK_CMD_EXIT] = leave,	     [STLINK_CMD_DRIVE_NRST] = drive_nrst,
	[STLINK_CMD_RESETSYS] = reset_asked, [STLINK_CMD_V1_RESETSYS] = reset_asked,
	[STLINK_CMD_READ_IDCODES] = ids,     [STLINK_CMD_READCOREID] = ids,
	[STLINK_CMD_SWD_SET_FREQ] = speed,   [STLINK_CMD_JTAG_SET_FREQ] = speed,
	[STLINK_CMD_SET_COM_FREQ] = speed,
};

void decode_link_stands(struct decode *d)
{
	if (!d->linked)
		decode_tell_kind(d, EVENT_CONNECT_OK);
	d->linked = true;
	d->failed_since = false;
	/* The session got over what was held back. */
	d->n_faults = 0;
	d->wait.there = false;
	d->waits_in_a_row = 0;
}

static void take_accesses(struct decode *d)
{
	for (unsigned i = 0; i < d->said->n_access; i++)
		decode_access(d, &d->said->access[i]);
	if (d->said->memory.there)
		decode_reads_flash(d, &d->said->memory);
}

/* Turns back to a memory access when it is known how it ended, or that nobody will ask. */
static void settle(struct decode *d, bool well)
{
	const struct xact *x = d->x;
	const struct stlink_said *said = d->said;

	if (!d->pending.there)
		return;
	d->pending.there = false;
	if (!well)
		return;
	d->x = &d->pending.x;
	d->said = &d->pending.said;
	d->number = d->said->number;
	buf_clear(&d->text);
	take_accesses(d);
	d->x = x;
	d->said = said;
	d->number = said ? said->number : 0;
	buf_clear(&d->text);
}

static void accesses(struct decode *d)
{
	const struct stlink_said *s = d->said;
	bool well = s->has_status && s->kind == STLINK_STATUS_OK;

	if (s->memory.there) {
		settle(d, true);
		d->pending = (struct pending){ .there = true, .x = *d->x, .said = *s };
		return;
	}
	if (s->has_status && !well) {
		settle(d, false);
		return;
	}
	take_accesses(d);
	if (well && (s->n_access > 0 || s->status_of))
		decode_link_stands(d);
	if (s->status_of)
		settle(d, s->status_of == d->pending.said.number);
}

static bool is_voltage(const struct stlink_said *said)
{
	return said->cmd && stlink_cmd_id_of(said->cmd) == STLINK_CMD_GET_TARGET_VOLTAGE;
}

void decode_xact(struct decode *d, const struct xact *x, const struct stlink_said *said,
		 uint64_t packet)
{
	part_fn *fn = said->cmd ? parts[stlink_cmd_id_of(said->cmd)] : NULL;

	d->x = x;
	d->said = said;
	d->number = said->number;
	if (packet > d->packet)
		d->packet = packet;
	buf_clear(&d->text);
	decode_outcome(d);
	if (said->has_version)
		version(d);
	if (said->has_mode)
		mode(d);
	if (said->has_voltage)
		voltage(d);
	else if (is_voltage(said) && x->got >= 8)
		decode_tell_kind(d, EVENT_VOLTAGE_UNREAD);
	if (fn)
		fn(d);
	if (said->has_status)
		decode_status(d);
	if (x->outcome == XACT_OK || x->outcome == XACT_UNKNOWN)
		accesses(d);
	d->x = NULL;
	d->said = NULL;
}

void decode_end(struct decode *d)
{
	settle(d, true);
	decode_tell_held(d, &d->ap_missing);
	decode_tell_held(d, &d->chip_zero);
	for (unsigned i = 0; i < d->n_faults; i++)
		decode_tell_held(d, &d->faults[i]);
	decode_tell_held(d, &d->lockup);
	decode_tell_held(d, &d->wait);
}
