/* Transfers to transactions to a trace: see recorder.h. */
#include "probe/preload/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "probe/stlink_cmd.h"
#include "probe/transport_trace.h"
#include "probe/usb_ids.h"

#define FILE_VARIABLE "SWDOCTOR_TRACE_FILE"
#define FILES_MAX     9
#define PATH_BYTES    4096

/* libusb's codes that are outcomes of their own. */
#define CODE_NO_DEVICE (-4)
#define CODE_TIMEOUT   (-7)
#define CODE_PIPE      (-9)

struct recorder {
	struct recorder *next;
	struct recorder_device dev;
	const struct usb_id *id;
	pthread_mutex_t mutex;
	struct transport relay; /* what the trace is wrapped around: it has happened already */
	struct transport *trace;
	/* The transaction under way. */
	bool open, command_pending, data_begun;
	const struct stlink_cmd *row; /* NULL: nobody has named it */
	struct xact x;
};

static struct recorder *recorders;
static pthread_mutex_t recorders_mutex = PTHREAD_MUTEX_INITIALIZER;

static int relay_xfer(struct transport *t, struct xact *x, struct err *e)
{
	(void)t;
	(void)e;
	return x->outcome == XACT_OK ? 0 : ERR_USB;
}

static void relay_close(struct transport *t)
{
	(void)t;
}

static const struct transport_ops relay_ops = { .name = "relay",
						.xfer = relay_xfer,
						.close = relay_close };

/* ---- making one ---- */

static void say(const char *path, const char *why)
{
	char text[PATH_BYTES + 200];
	int len =
		snprintf(text, sizeof(text), "swdoctor: nothing is recorded: %s: %s\n", path, why);

	if (len > 0 && write(2, text, (size_t)len) < 0)
		return;
}

/* A file of its own for each that records at the same time: the lock tells who does. */
static int open_file(void)
{
	const char *name = getenv(FILE_VARIABLE);
	char path[PATH_BYTES];

	for (int i = 1; name && *name && i <= FILES_MAX; i++) {
		int fd;

		snprintf(path, sizeof(path), i > 1 ? "%s.%d" : "%s", name, i);
		fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
		if (fd < 0) {
			say(path, strerror(errno));
			return -1;
		}
		if (!flock(fd, LOCK_EX | LOCK_NB))
			return fd;
		close(fd);
	}
	return -1;
}

static struct recorder *make(const struct recorder_device *dev, const struct usb_id *id)
{
	struct recorder *r = calloc(1, sizeof(*r));
	struct transport_trace_config cfg = { .clock = &clock_real,
					      .application = "swdoctor run",
					      .vid = dev->vid,
					      .pid = dev->pid,
					      .bus = dev->bus,
					      .device = dev->address,
					      .probe = id->name };
	struct err e;

	if (!r)
		return NULL;
	r->dev = *dev;
	r->id = id;
	r->relay.ops = &relay_ops;
	pthread_mutex_init(&r->mutex, NULL);
	cfg.fd = open_file();
	if (cfg.fd < 0)
		return r; /* known, and silent from now on */
	if (transport_trace_new(&r->relay, &cfg, &r->trace, &e)) {
		say("the trace", e.text);
		close(cfg.fd);
	}
	return r;
}

/* The same place is the same probe, whatever address a reset gave it. */
static bool same(const struct recorder_device *a, const struct recorder_device *b)
{
	return a->bus == b->bus && a->n_ports == b->n_ports &&
	       !memcmp(a->ports, b->ports, a->n_ports) &&
	       (a->n_ports || a->address == b->address) && a->pid == b->pid;
}

struct recorder *recorder_of(const struct recorder_device *dev)
{
	const struct usb_id *id = usb_id_find(dev->vid, dev->pid);
	struct recorder *r;

	/* A V1 wraps its commands in SCSI blocks. */
	if (!id || id->kind == USB_ID_OTHER || id->generation == STLINK_V1)
		return NULL;
	pthread_mutex_lock(&recorders_mutex);
	for (r = recorders; r && !same(&r->dev, dev); r = r->next)
		;
	if (!r) {
		r = make(dev, id);
		if (r) {
			r->next = recorders;
			recorders = r;
		}
	}
	pthread_mutex_unlock(&recorders_mutex);
	return r && r->trace ? r : NULL;
}

/* ---- transactions ---- */

static void write_down(struct recorder *r)
{
	r->x.took_us = clock_now_us(&clock_real) - r->x.at_us;
	transport_xfer(r->trace, &r->x, NULL);
	r->open = r->command_pending = r->data_begun = false;
}

static void set_outcome(struct recorder *r, int code)
{
	r->x.native = code;
	r->x.outcome = !code			? XACT_OK
		       : code == CODE_TIMEOUT	? XACT_TIMEOUT
		       : code == CODE_PIPE	? XACT_STALL
		       : code == CODE_NO_DEVICE ? XACT_GONE
						: XACT_USB_ERROR;
}

static void begin_command(struct recorder *r, const uint8_t *bytes, size_t len)
{
	if (r->open) /* it had no data stage, or its end was lost */
		write_down(r);
	r->x = (struct xact){ .at_us = clock_now_us(&clock_real) };
	r->x.cmd_len = len < XACT_CMD_MAX ? len : XACT_CMD_MAX;
	memcpy(r->x.cmd, bytes, r->x.cmd_len);
	r->row = stlink_cmd_find(r->x.cmd, r->x.cmd_len);
	r->open = r->command_pending = true;
}

static bool wants_out(const struct recorder *r)
{
	return r->open && !r->data_begun && r->row && r->row->data == STLINK_DATA_OUT;
}

/* Is this transfer the data of the command under way? It was, if it began as such. */
static bool is_data(const struct recorder *r, const uint8_t *bytes)
{
	return r->open && r->data_begun && r->x.data == bytes;
}

void recorder_begin(struct recorder *r, uint8_t ep, uint8_t *bytes, size_t len)
{
	if (ep != r->id->ep_out)
		return;
	pthread_mutex_lock(&r->mutex);
	if (wants_out(r)) {
		r->data_begun = true;
		r->x.dir = XACT_OUT;
		r->x.data = bytes;
		r->x.want = len;
	} else {
		begin_command(r, bytes, len);
	}
	pthread_mutex_unlock(&r->mutex);
}

static void end_out(struct recorder *r, const uint8_t *bytes, size_t got, int code)
{
	if (is_data(r, bytes)) {
		r->x.got = got;
		if (!r->command_pending) {
			set_outcome(r, code);
			write_down(r);
		}
		return;
	}
	if (!r->command_pending)
		return;
	r->command_pending = false;
	set_outcome(r, code);
	if (code || (r->row && r->row->data == STLINK_DATA_NONE))
		write_down(r);
}

static void end_in(struct recorder *r, uint8_t ep, uint8_t *bytes, size_t len, size_t got, int code)
{
	bool reply = r->open && ep == r->id->ep_in;

	if (!reply && r->open)
		write_down(r);
	if (!reply) /* SWO, or what came too late */
		r->x = (struct xact){ .at_us = clock_now_us(&clock_real), .ep = ep };
	r->x.dir = XACT_IN;
	r->x.data = bytes;
	r->x.want = len;
	r->x.got = got;
	set_outcome(r, code);
	write_down(r);
}

void recorder_end(struct recorder *r, uint8_t ep, uint8_t *bytes, size_t len, size_t got, int code,
		  int called_back)
{
	pthread_mutex_lock(&r->mutex);
	if (ep == r->id->ep_out)
		end_out(r, bytes, got, code);
	else if (!called_back || got || r->open)
		end_in(r, ep, bytes, len, got, code);
	pthread_mutex_unlock(&r->mutex);
}

void recorder_mark(struct recorder *r, const char *text)
{
	pthread_mutex_lock(&r->mutex);
	if (r->open)
		write_down(r);
	transport_mark(r->trace, text);
	pthread_mutex_unlock(&r->mutex);
}

/* A last command without a reply is still under way when the process ends. */
static void __attribute__((destructor)) finish(void)
{
	for (struct recorder *r = recorders; r; r = r->next) {
		if (r->trace && r->open)
			write_down(r);
	}
}
