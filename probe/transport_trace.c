/* Every transaction as four usbmon packets: command and data, each submitted and completed. */
#include "probe/transport_trace.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/capture_extra.h"
#include "probe/pcapng_write.h"
#include "probe/stlink_say.h"
#include "probe/usb_packet.h"

struct tracer {
	struct transport t;
	struct transport *inner;
	struct transport_trace_config cfg;
	struct pcapng_writer file;
	struct stlink_decoder decoder;
	struct buf comment;
	uint64_t number;
	uint64_t wall_offset_us; /* from the clock to the time of day */
	uint8_t ep_out, ep_in, ep_swo;
	bool ended;
	struct err failed; /* why, if writing failed */
};

struct record {
	const struct xact *x;
	const uint8_t *extra;
	const char *comment;
	size_t comment_len;
	uint64_t id;
	uint64_t at_us;
	uint8_t ep;
	bool complete;
	uint32_t want;
	const uint8_t *bytes;
	size_t len;
};

static void add_record(struct tracer *tr, const struct record *r)
{
	uint8_t head[USB_LINUX_HEAD];
	const struct usb_packet u = {
		.complete = r->complete,
		.transfer = USB_BULK,
		.id = r->id,
		.bus = tr->cfg.bus,
		.device = tr->cfg.device,
		.ep = r->ep,
		.outcome = r->x->outcome,
		.want = r->want,
		.len = r->len,
	};
	const struct pcapng_packet p = {
		.time_us = r->at_us + tr->wall_offset_us,
		.head = head,
		.head_len = sizeof(head),
		.body = r->bytes,
		.body_len = r->len,
		.comment = r->comment_len ? r->comment : NULL,
		.comment_len = r->comment_len,
		.extra = r->extra,
		.extra_len = CAPTURE_EXTRA_BYTES,
	};

	usb_packet_write_linux(&u, p.time_us, head);
	pcapng_add_packet(&tr->file, &p);
}

/* The command, sent. Its completion bears the outcome only where no data stage follows. */
static void add_command(struct tracer *tr, const struct xact *x, const uint8_t *extra, size_t split)
{
	struct xact sent = *x;
	struct record r = { .x = x,
			    .extra = extra,
			    .comment = tr->comment.at,
			    .comment_len = split,
			    .id = 2 * tr->number,
			    .at_us = x->at_us,
			    .ep = tr->ep_out,
			    .want = (uint32_t)x->cmd_len,
			    .bytes = x->cmd,
			    .len = x->cmd_len };

	add_record(tr, &r);
	r = (struct record){ .x = &sent,
			     .id = 2 * tr->number,
			     .at_us = x->at_us,
			     .ep = tr->ep_out,
			     .complete = true,
			     .want = (uint32_t)x->cmd_len };
	if (x->dir == XACT_NONE) {
		r.at_us += x->took_us;
		r.comment = tr->comment.at + split;
		r.comment_len = tr->comment.len - split;
	} else {
		sent.outcome = XACT_OK;
	}
	add_record(tr, &r);
}

static void add_data(struct tracer *tr, const struct xact *x, const uint8_t *extra, size_t split)
{
	bool in = x->dir == XACT_IN;
	struct record r = { .x = x,
			    .extra = extra,
			    .id = 2 * tr->number + 1,
			    .at_us = x->at_us,
			    .ep = x->ep			  ? x->ep
				  : x->cmd_len == 0 && in ? tr->ep_swo
				  : in			  ? tr->ep_in
							  : tr->ep_out,
			    .want = (uint32_t)x->want,
			    .bytes = in ? NULL : x->data,
			    .len = in ? 0 : x->want };

	add_record(tr, &r);
	r.complete = true;
	r.at_us += x->took_us;
	r.want = (uint32_t)x->got;
	r.bytes = in ? x->data : NULL;
	r.len = in ? x->got : 0;
	r.comment = tr->comment.at + split;
	r.comment_len = tr->comment.len - split;
	add_record(tr, &r);
}

/* What is said about a transaction: up to the returned length about the command, then its answer.
 */
static size_t comment(struct tracer *tr, const struct xact *x, const struct stlink_said *said)
{
	struct buf *b = &tr->comment;
	size_t split, at;

	buf_clear(b);
	stlink_say_command(b, said, x);
	buf_add_char(b, ' ');
	stlink_say_arguments(b, said, x);
	if (b->at[b->len - 1] == ' ')
		b->len--;
	split = b->len;
	stlink_say_status(b, said, x);
	at = b->len;
	if (at > split)
		buf_add_str(b, "; ");
	stlink_say_result(b, said);
	if (b->len > at + 2)
		buf_add_str(b, "; ");
	at = b->len;
	stlink_say_notes(b, said);
	if (b->len == at && at >= split + 2 && memcmp(b->at + at - 2, "; ", 2) == 0)
		b->len -= 2;
	return split;
}

static void end_trace(struct tracer *tr)
{
	tr->ended = true;
}

static void flush(struct tracer *tr)
{
	if (pcapng_flush(&tr->file, &tr->failed))
		end_trace(tr);
}

static bool has_room(struct tracer *tr, size_t bytes)
{
	if (tr->ended)
		return false;
	if (tr->cfg.max_bytes == 0 || tr->file.written + bytes <= tr->cfg.max_bytes)
		return true;
	pcapng_add_mark(&tr->file, clock_now_us(tr->cfg.clock) + tr->wall_offset_us,
			"the trace ends here: its size limit is reached");
	flush(tr);
	end_trace(tr);
	return false;
}

static void write_down(struct tracer *tr, const struct xact *x)
{
	struct stlink_said said;
	uint8_t extra[CAPTURE_EXTRA_BYTES];
	size_t split;

	tr->number++;
	stlink_decode(&tr->decoder, x, tr->number, &said);
	/* Headers and comments take about this much. */
	if (has_room(tr, x->want + 1024)) {
		capture_extra_write(x, tr->cfg.vid, tr->cfg.pid, extra);
		split = comment(tr, x, &said);
		if (x->cmd_len)
			add_command(tr, x, extra, split);
		if (x->dir != XACT_NONE)
			add_data(tr, x, x->cmd_len ? NULL : extra, split);
		flush(tr);
	}
	if (tr->cfg.watch)
		tr->cfg.watch(tr->cfg.watch_user, x, &said);
}

static int tracer_xfer(struct transport *t, struct xact *x, struct err *e)
{
	struct tracer *tr = (struct tracer *)t;
	int rc;

	if (tr->failed.code && tr->cfg.asked_for) {
		x->got = 0;
		x->outcome = XACT_UNKNOWN;
		x->at_us = clock_now_us(tr->cfg.clock);
		x->took_us = 0;
		return err_set_native(e, ERR_IO, tr->failed.native, "%s", tr->failed.text);
	}
	rc = transport_xfer(tr->inner, x, e);
	write_down(tr, x);
	return rc;
}

static void tracer_mark(struct transport *t, const char *text)
{
	struct tracer *tr = (struct tracer *)t;

	transport_mark(tr->inner, text);
	if (has_room(tr, strlen(text) + 64)) {
		pcapng_add_mark(&tr->file, clock_now_us(tr->cfg.clock) + tr->wall_offset_us, text);
		flush(tr);
	}
	if (tr->cfg.watch_mark)
		tr->cfg.watch_mark(tr->cfg.watch_user, text);
}

static int tracer_reopen(struct transport *t, struct err *e)
{
	struct tracer *tr = (struct tracer *)t;

	tracer_mark(t, "reopen");
	return transport_reopen(tr->inner, e);
}

static void tracer_close(struct transport *t)
{
	struct tracer *tr = (struct tracer *)t;

	transport_close(tr->inner);
	pcapng_writer_done(&tr->file);
	buf_done(&tr->comment);
	if (tr->cfg.fd >= 0)
		close(tr->cfg.fd);
	free(tr);
}

static const struct transport_ops tracer_ops = {
	.name = "trace",
	.xfer = tracer_xfer,
	.reopen = tracer_reopen,
	.mark = tracer_mark,
	.close = tracer_close,
};

static void set_endpoints(struct tracer *tr)
{
	const struct usb_id *id = usb_id_find(tr->cfg.vid, tr->cfg.pid);

	tr->ep_out = id && id->ep_out ? id->ep_out : 0x02;
	tr->ep_in = id && id->ep_in ? id->ep_in : 0x81;
	tr->ep_swo = id && id->ep_swo ? id->ep_swo : 0x83;
}

static void begin_file(struct tracer *tr)
{
	struct buf text;

	buf_init(&text);
	buf_add_str(&text, tr->cfg.probe);
	if (tr->cfg.vid)
		buf_addf(&text, text.len ? " (%04x:%04x)" : "%04x:%04x", tr->cfg.vid, tr->cfg.pid);
	pcapng_writer_init(&tr->file, tr->cfg.fd, tr->cfg.application);
	pcapng_add_interface(&tr->file, USB_LINK_LINUX_MMAP, "probe", buf_str(&text));
	buf_done(&text);
}

int transport_trace_new(struct transport *inner, const struct transport_trace_config *cfg,
			struct transport **ret, struct err *e)
{
	struct tracer *tr = calloc(1, sizeof(*tr));
	int rc;

	if (!tr)
		return err_set(e, ERR_NO_MEMORY, "no memory for a trace");
	tr->t.ops = &tracer_ops;
	tr->cfg = *cfg;
	tr->wall_offset_us = clock_wall_us(cfg->clock) - clock_now_us(cfg->clock);
	set_endpoints(tr);
	stlink_decoder_init(&tr->decoder);
	buf_init(&tr->comment);
	begin_file(tr);
	tr->ended = cfg->fd < 0;
	rc = tr->ended ? 0 : pcapng_flush(&tr->file, e);
	if (rc) {
		pcapng_writer_done(&tr->file);
		free(tr);
		return rc;
	}
	tr->inner = inner;
	tr->cfg.application = tr->cfg.probe = NULL;
	*ret = &tr->t;
	return 0;
}
