/* USB packets to transactions: one command under way, its data stage, and what is lost or too much.
 */
#include <string.h>

#include "probe/capture_join.h"
#include "probe/base/bytes.h"
#include "probe/capture_extra.h"

#define CBW_BYTES      31
#define CBW_COMMAND_AT 15
#define CBW_LENGTH_AT  8
#define CBW_FLAGS_AT   12
#define CSW_BYTES      13
#define CSW_STATUS_AT  12

void join_init(struct join *j, struct join_sink sink)
{
	memset(j, 0, sizeof(*j));
	j->sink = sink;
	buf_init(&j->data);
}

void join_done(struct join *j)
{
	buf_done(&j->data);
}

static bool is_cbw(const struct usb_packet *u)
{
	return u->len > CBW_COMMAND_AT && usb_packet_wire_len(u) <= CBW_BYTES &&
	       memcmp(u->at, "USBC", 4) == 0;
}

static bool is_csw(const uint8_t *at, size_t len)
{
	return len == CSW_BYTES && memcmp(at, "USBS", 4) == 0;
}

bool join_is_command(const struct usb_packet *u)
{
	if (is_cbw(u))
		return stlink_cmd_is_family(u->at[CBW_COMMAND_AT]);
	return u->len > 0 && usb_packet_wire_len(u) == STLINK_CMD_BYTES &&
	       stlink_cmd_is_family(u->at[0]);
}

static void apply_extra(struct xact *x, const struct xact *extra)
{
	x->outcome = extra->outcome;
	x->ep = extra->ep;
	x->dir = extra->dir;
	x->native = extra->native;
	x->want = extra->want;
	x->timeout_ms = extra->timeout_ms;
	if (extra->got < x->got)
		x->got = extra->got;
}

/* The outcome of a transaction whose packets reported no error: did all of it happen? */
static enum xact_outcome outcome_of(const struct join *j)
{
	bool all = j->command_done;

	if (j->dir == STLINK_DATA_IN)
		all = j->data_done;
	else if (j->dir == STLINK_DATA_OUT)
		all = all && (j->data_done || j->expect == 0);
	return all ? XACT_OK : XACT_UNKNOWN;
}

static void finish(struct join *j)
{
	struct xact *x = &j->j.x;

	if (!j->open)
		return;
	j->open = false;
	x->data = (uint8_t *)j->data.at;
	x->got = j->data.len;
	if (x->dir == XACT_OUT)
		x->want = j->passed;
	else if (x->dir == XACT_IN && x->want < x->got)
		x->want = x->got;
	if (!j->failed)
		x->outcome = outcome_of(j);
	x->took_us = j->end_us > x->at_us ? j->end_us - x->at_us : 0;
	if (j->has_extra)
		apply_extra(x, &j->extra);
	j->sink.xact(j->sink.user, &j->j);
}

/* One packet is the whole transaction: SWO data, a reply or data without a command. */
static void emit_alone(struct join *j, const struct usb_packet *u, const struct pcap_record *r,
		       struct join_read *read)
{
	uint64_t now = r->time_ns / 1000;
	const struct join_read none = { 0 }, *from = read ? read : &none;
	bool paired = from->there && from->id == u->id;
	struct joined alone = {
		.x = { .dir = u->ep & 0x80 ? XACT_IN : XACT_OUT,
		       .data = (uint8_t *)(uintptr_t)u->at,
		       .want = paired && from->want > u->len ? from->want : u->len,
		       .ep = u->ep,
		       .got = u->len,
		       .outcome = u->outcome,
		       .native = u->native,
		       .cut = u->cut,
		       .at_us = paired ? from->at_us : now,
		       .took_us = paired && now > from->at_us ? now - from->at_us : 0 },
		.packet = paired ? from->packet : r->number,
		.last_packet = r->number,
	};
	struct xact extra = { 0 };
	uint16_t vid, pid;

	if (paired)
		read->there = false;
	if (capture_extra_read(r, &extra, &vid, &pid))
		apply_extra(&alone.x, &extra);
	j->sink.xact(j->sink.user, &alone);
}

static void note_read(struct join_read *read, const struct usb_packet *u,
		      const struct pcap_record *r)
{
	*read = (struct join_read){ .there = true,
				    .id = u->id,
				    .packet = r->number,
				    .at_us = r->time_ns / 1000,
				    .want = u->want };
}

/* Our own traces say what the data stage was to be, whatever the command's row says. */
static void expect_what_extra_says(struct join *j)
{
	static const enum stlink_data data[] = { [XACT_NONE] = STLINK_DATA_NONE,
						 [XACT_IN] = STLINK_DATA_IN,
						 [XACT_OUT] = STLINK_DATA_OUT };

	j->dir = data[j->extra.dir];
	j->expect = j->extra.dir == XACT_OUT ? j->extra.want : j->extra.got;
	j->j.x.dir = j->extra.dir;
}

static void begin(struct join *j, const struct usb_packet *u, const struct pcap_record *r)
{
	struct xact *x = &j->j.x;
	size_t at = is_cbw(u) ? CBW_COMMAND_AT : 0;
	size_t len = u->len - at;
	uint16_t vid, pid;

	memset(&j->j, 0, sizeof(j->j));
	memset(&j->extra, 0, sizeof(j->extra));
	j->has_extra = capture_extra_read(r, &j->extra, &vid, &pid);
	buf_clear(&j->data);
	j->passed = 0;
	j->open = true;
	j->scsi = at > 0;
	j->j.packet = j->j.last_packet = r->number;
	x->cut = u->cut;
	x->cmd_len = len < XACT_CMD_MAX ? len : XACT_CMD_MAX;
	memcpy(x->cmd, u->at + at, x->cmd_len);
	x->at_us = j->end_us = r->time_ns / 1000;
	j->row = stlink_cmd_find(x->cmd, x->cmd_len);
	j->dir = j->row ? j->row->data : STLINK_DATA_UNKNOWN;
	j->expect =
		j->row ? stlink_cmd_data_bytes(j->row, x->cmd, x->cmd_len) : STLINK_SIZE_UNKNOWN;
	if (j->scsi) {
		j->expect = get_le32(u->at + CBW_LENGTH_AT);
		j->dir = u->at[CBW_FLAGS_AT] & 0x80 ? STLINK_DATA_IN : STLINK_DATA_OUT;
		if (j->expect == 0)
			j->dir = STLINK_DATA_NONE;
	}
	x->dir = j->dir == STLINK_DATA_IN    ? XACT_IN
		 : j->dir == STLINK_DATA_OUT ? XACT_OUT
					     : XACT_NONE;
	if (x->dir == XACT_OUT && j->expect == 0)
		x->dir = XACT_NONE;
	j->last_command_id = j->command_id;
	j->command_id = u->id;
	j->command_done = j->data_done = j->failed = j->reading = false;
	if (j->has_extra)
		expect_what_extra_says(j);
}

/* Bytes went out while a command is under way: are they its data, or the next command? */
static bool is_data_of(const struct join *j, const struct usb_packet *u)
{
	size_t left;

	if (j->dir == STLINK_DATA_UNKNOWN)
		return j->passed == 0 && !join_is_command(u);
	if (j->dir != STLINK_DATA_OUT || j->passed >= j->expect)
		return false;
	left = j->expect - j->passed;
	return usb_packet_wire_len(u) == left || !join_is_command(u);
}

static void fail(struct join *j, const struct usb_packet *u)
{
	j->failed = true;
	j->j.x.outcome = u->outcome;
	j->j.x.native = u->native;
	finish(j);
}

static void touch(struct join *j, const struct pcap_record *r)
{
	j->j.last_packet = r->number;
	j->end_us = r->time_ns / 1000;
}

static void out_complete(struct join *j, const struct usb_packet *u, const struct pcap_record *r)
{
	if (!j->open)
		return;
	if (u->id != j->command_id && u->id != j->data_id) {
		/* The capture has lost that something was sent; it was the next command. */
		if (j->dir == STLINK_DATA_IN && u->id != j->last_command_id)
			finish(j);
		return;
	}
	touch(j, r);
	/* The same id can serve the command and, afterwards, its data. */
	if (u->id == j->command_id && !j->command_done)
		j->command_done = true;
	else
		j->data_done = j->passed >= j->expect || j->expect == STLINK_SIZE_UNKNOWN ||
			       j->dir == STLINK_DATA_UNKNOWN;
	if (u->outcome != XACT_OK)
		fail(j, u);
	else if (!j->scsi && j->command_done &&
		 (j->dir == STLINK_DATA_NONE ||
		  (j->dir == STLINK_DATA_OUT && (j->data_done || j->expect == 0))))
		finish(j);
}

static void add_data(struct join *j, const struct usb_packet *u)
{
	buf_add(&j->data, u->at, u->len);
	j->passed += usb_packet_wire_len(u);
}

static void out_submit(struct join *j, const struct usb_packet *u, const struct pcap_record *r)
{
	size_t len = usb_packet_wire_len(u);

	if (u->len == 0 && !(u->cut && j->open && is_data_of(j, u)))
		return;
	if (j->open && is_data_of(j, u)) {
		touch(j, r);
		j->j.x.dir = XACT_OUT;
		j->j.x.cut |= u->cut;
		j->data_id = u->id;
		add_data(j, u);
		return;
	}
	finish(j);
	if (r->extra || is_cbw(u) || len == STLINK_CMD_BYTES ||
	    (len < STLINK_CMD_BYTES && stlink_cmd_is_family(u->at[0])))
		begin(j, u, r);
	else
		emit_alone(j, u, r, NULL);
}

void join_out(struct join *j, const struct usb_packet *u, const struct pcap_record *r)
{
	if (u->complete)
		out_complete(j, u, r);
	else
		out_submit(j, u, r);
}

/* The end of a V1's transaction; its status is all that a V1 says. */
static void take_csw(struct join *j, const struct usb_packet *u)
{
	j->command_done = j->data_done = true;
	if (u->at[CSW_STATUS_AT] != 0) {
		j->failed = true;
		j->j.x.outcome = XACT_USB_ERROR;
		j->j.x.native = u->at[CSW_STATUS_AT];
	}
	finish(j);
}

static void in_complete(struct join *j, const struct usb_packet *u, const struct pcap_record *r)
{
	bool early = j->early.there && j->early.id == u->id;
	bool another = j->reading && j->read_id != u->id; /* the one whose reply it is was lost */

	if (!j->open || early || another ||
	    (!j->scsi && j->dir != STLINK_DATA_IN && j->dir != STLINK_DATA_UNKNOWN)) {
		emit_alone(j, u, r, &j->early);
		return;
	}
	j->reading = false;
	touch(j, r);
	j->j.x.cut |= u->cut;
	if (j->scsi && is_csw(u->at, u->len)) {
		take_csw(j, u);
		return;
	}
	j->j.x.dir = XACT_IN;
	add_data(j, u);
	if (u->outcome != XACT_OK) {
		fail(j, u);
		return;
	}
	j->data_done = true;
	/* A shorter reply may go on in another read, so it ends only when the next command begins.
	 */
	if (!j->scsi && (j->expect == STLINK_SIZE_UNKNOWN || j->passed >= j->expect))
		finish(j);
}

static void in_submit(struct join *j, const struct usb_packet *u, const struct pcap_record *r)
{
	bool wanted =
		j->open && !j->scsi && (j->dir == STLINK_DATA_IN || j->dir == STLINK_DATA_UNKNOWN);

	if (wanted) {
		j->j.x.want += u->want;
		j->read_id = u->id;
		j->reading = true;
	} else if (!j->open) {
		note_read(&j->early, u, r);
	}
}

void join_in(struct join *j, const struct usb_packet *u, const struct pcap_record *r)
{
	if (u->complete)
		in_complete(j, u, r);
	else
		in_submit(j, u, r);
}

void join_swo(struct join *j, const struct usb_packet *u, const struct pcap_record *r)
{
	if (u->complete)
		emit_alone(j, u, r, &j->swo);
	else
		note_read(&j->swo, u, r);
}

void join_end(struct join *j)
{
	finish(j);
}
