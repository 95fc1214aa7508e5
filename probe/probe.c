/* Opening a probe by words: see probe.h. */
#include "probe/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "probe/probe_sim.h"
#include "probe/trace_ring.h"
#include "probe/transport_fault.h"
#include "probe/transport_replay.h"

#define LOOK_AGAIN_US 100000
#define LIMIT_MAX_MS  (1u << 30)

void probe_lock_name(const struct usb_device *dev, char out[PROBE_LOCK_NAME_MAX])
{
	char place[USB_PLACE_TEXT_MAX];

	usb_place_text(&dev->place, place);
	snprintf(out, PROBE_LOCK_NAME_MAX, "usb-%s", place);
}

/* ---- a probe on USB ---- */

static int choose_now(const struct probe_words *w, struct usb_entry *ret, struct err *e)
{
	struct usb_list list;
	int rc = usb_list_read(&usb_roots_system, &list, e);

	if (rc)
		return rc;
	rc = probe_choose(&list, w, ret, e);
	usb_list_done(&list);
	return rc;
}

static int choose(const struct probe_options *o, const struct probe_words *w, struct usb_entry *ret,
		  struct err *e)
{
	struct deadline limit;

	deadline_init(&limit, o->clock, o->run, "waiting for the probe", o->wait_ms);
	for (;;) {
		int rc = choose_now(w, ret, e), over;

		if (rc != ERR_NO_PROBE || !o->wait_ms)
			return rc;
		over = deadline_check(o->run, e);
		if (over || deadline_check(&limit, NULL))
			return over ? over : rc;
		clock_sleep_us(o->clock, LOOK_AGAIN_US);
	}
}

/* Who or what is in the way, where the transport can only say that something is. */
static int explain(const struct usb_entry *entry, int rc, struct err *e)
{
	char line[USB_UDEV_LINE_MAX];

	if (rc == ERR_BUSY && entry->holder)
		return err_prefix(e, rc, "in use by %s (process %ld)", entry->holder_name,
				  (long)entry->holder);
	if (rc == ERR_BUSY && *entry->driver && strcmp(entry->driver, "usbfs"))
		return err_prefix(e, rc, "claimed by the driver %s", entry->driver);
	if (rc == ERR_DENIED) {
		usb_entry_udev_line(entry, line);
		return err_prefix(e, rc,
				  "no permission (put this line into "
				  "/etc/udev/rules.d/60-swdoctor.rules: %s)",
				  line);
	}
	return rc;
}

static void note(void *user, const char *text)
{
	struct probe *p = user;

	if (p->t)
		transport_mark(p->t, text);
}

static int open_usb(const struct probe_options *o, const struct probe_words *w, struct probe *p,
		    struct err *e)
{
	const struct transport_usb_config cfg = {
		.clock = o->clock, .run = &p->limit, .note = note, .note_user = p
	};
	char name[PROBE_LOCK_NAME_MAX];
	int rc = choose(o, w, &p->entry, e);

	if (rc)
		return rc;
	p->is_usb = true;
	usb_place_text(&p->entry.dev.place, name);
	snprintf(p->title, sizeof(p->title), "%s on usb %s", p->entry.id->name, name);
	probe_lock_name(&p->entry.dev, name);
	rc = lock_take(&p->lock, lock_dir(), name, o->why ? o->why : "swdoctor", o->clock,
		       o->lock_wait_ms, o->run, e);
	if (rc)
		return rc;
	/* Notes are only for the trace, which is not there yet. */
	rc = transport_usb_open(&p->entry.dev.place, &cfg, &p->t, e);
	return rc ? explain(&p->entry, rc, e) : 0;
}

/* ---- a recording ---- */

static int open_replay(const char *path, struct probe *p, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return err_set_native(e, ERR_IO, errno, "%s: %s", path, strerror(errno));
	rc = transport_replay_new((struct pcap_source){ pcap_read_fd, &fd }, 0, &p->t, e);
	close(fd);
	if (rc)
		return err_prefix(e, rc, "%s", path);
	p->clock = transport_replay_clock(p->t);
	probe_move_limit(p);
	return 0;
}

/* ---- wrappers ---- */

static int wrap_in_fault(const struct probe_options *o, struct probe *p, struct err *e)
{
	struct fault_plan plan;
	struct transport *outer;
	int rc;

	if (!o->fault)
		return 0;
	rc = fault_plan_parse(o->fault, &plan, e);
	if (!rc)
		rc = transport_fault_new(p->t, &plan, p->clock, &outer, e);
	if (!rc)
		p->t = outer;
	return rc;
}

/* *ret_fd: -1 if there is to be no trace. */
static int open_trace(const struct probe_options *o, struct probe *p, int *ret_fd, struct err *e)
{
	struct trace_ring ring = { .max_files = TRACE_RING_FILES, .max_bytes = TRACE_RING_BYTES };
	struct buf folder;

	*ret_fd = -1;
	if (o->trace_path) {
		*ret_fd = open(o->trace_path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC,
			       0666);
		if (*ret_fd < 0)
			return err_set_native(e, ERR_IO, errno, "%s: %s", o->trace_path,
					      strerror(errno));
		buf_add_str(&p->trace_path, o->trace_path);
		return 0;
	}
	if (o->no_trace || (!p->is_usb && !p->bench.bench))
		return 0;
	/* Nobody asked for this one: a home that cannot be written to is no reason to stop. */
	buf_init(&folder);
	if (!trace_ring_folder(&folder, NULL)) {
		ring.folder = buf_str(&folder);
		if (trace_ring_begin(&ring, TRACE_RING_TRACE, p->clock, ret_fd, &p->trace_path,
				     NULL))
			*ret_fd = -1;
	}
	buf_done(&folder);
	return 0;
}

static int wrap_in_trace(const struct probe_options *o, struct probe *p, struct err *e)
{
	struct transport_trace_config cfg = {
		.asked_for = o->trace_path,
		.max_bytes = o->trace_path ? 0 : TRACE_RING_FILE_BYTES,
		.clock = p->clock,
		.application = o->application ? o->application : "swdoctor",
		.probe = p->title,
		.watch = o->watch,
		.watch_mark = o->watch_mark,
		.watch_user = o->watch_user,
	};
	struct transport *outer;
	int rc = open_trace(o, p, &cfg.fd, e);

	if (rc || (cfg.fd < 0 && !o->watch && !o->watch_mark))
		return rc;
	if (p->is_usb || p->bench.bench) {
		cfg.vid = p->entry.dev.vid;
		cfg.pid = p->entry.dev.pid;
		cfg.bus = p->entry.dev.place.bus;
		cfg.device = p->entry.dev.address;
	}
	rc = transport_trace_new(p->t, &cfg, &outer, e);
	if (!rc)
		p->t = outer;
	else if (cfg.fd >= 0)
		close(cfg.fd);
	return rc;
}

/* What is left of it, on the probe's own clock. */
void probe_move_limit(struct probe *p)
{
	const struct deadline *run = p->limit.outer;
	unsigned left = deadline_cap_ms(run, LIMIT_MAX_MS);

	if (!run)
		return;
	deadline_init(&p->limit, p->clock, NULL, run->what, left ? left : 1);
	for (; run && !p->limit.stop; run = run->outer)
		p->limit.stop = run->stop;
}

void probe_grant(struct probe *p, const char *what, unsigned ms)
{
	deadline_init(&p->limit, p->clock, NULL, what, ms);
}

int probe_open(const struct probe_options *o, struct probe *ret, struct err *e)
{
	struct probe_words w;
	int rc = probe_words_parse(o->words ? o->words : "usb", &w, e);

	*ret = (struct probe){ .clock = o->clock, .lock = LOCK_NONE };
	deadline_init(&ret->limit, o->clock, o->run, "the run", 0);
	buf_init(&ret->trace_path);
	if (!rc) {
		switch (w.kind) {
		case PROBE_USB:
			rc = open_usb(o, &w, ret, e);
			break;
		case PROBE_REPLAY:
			rc = open_replay(w.rest, ret, e);
			break;
		case PROBE_SIM:
			rc = probe_sim_open(o, w.rest, ret, e);
			break;
		}
	}
	if (!rc)
		rc = wrap_in_fault(o, ret, e);
	if (!rc)
		rc = wrap_in_trace(o, ret, e);
	if (rc) {
		probe_close(ret);
		return rc;
	}
	stlink_init(&ret->stlink, ret->t, ret->clock);
	ret->stlink.deadline = &ret->limit;
	return 0;
}

void probe_close(struct probe *p)
{
	transport_close(p->t);
	p->t = NULL;
	probe_sim_close(p);
	lock_release(&p->lock);
	buf_done(&p->trace_path);
}
