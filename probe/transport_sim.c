/* A probe on the virtual bench: see transport_sim.h. */
#include "probe/transport_sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_DEFAULT_MS 1000
#define REOPEN_DEFAULT_MS  5000
#define LOOK_AGAIN_US	   50000
#define LATE_BYTES	   512
#define LATE_US		   5000
#define LATE_READS	   16

enum { NO_DEVICE = -4, OVERFLOWED = -8, PIPE = -9, TIMED_OUT = -7 }; /* libusb's codes */

struct sim {
	struct transport t;
	struct transport_sim_config cfg;
	const struct sim_plugin *plugin;
	struct sim_bench *bench;
	const struct deadline *run;
	struct clock clock;
	uint64_t wall_at_zero_us;
	struct sim_device dev; /* as it was opened */
	bool is_open;
	bool reply_outstanding; /* an IN transfer was given up: its reply may still come */
};

/* ---- time ---- */

static uint64_t sim_now(void *user)
{
	struct sim *s = user;

	return s->plugin->now_ns(s->bench) / 1000;
}

static uint64_t sim_wall(void *user)
{
	struct sim *s = user;

	return s->wall_at_zero_us + sim_now(s);
}

static void sim_sleep(void *user, uint64_t us)
{
	struct sim *s = user;

	s->plugin->sleep_ns(s->bench, us * 1000);
}

static const struct clock_ops clock_ops = { sim_now, sim_wall, sim_sleep };

/* ---- opening ---- */

static void __attribute__((format(printf, 2, 3))) note(struct sim *s, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	if (!s->cfg.note)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	s->cfg.note(s->cfg.note_user, text);
}

static int open_once(struct sim *s, struct err *e)
{
	enum sim_access access = s->plugin->claim(s->bench);

	s->plugin->device(s->bench, &s->dev);
	s->reply_outstanding = false;
	s->is_open = access == SIM_CLAIMED;
	switch (access) {
	case SIM_CLAIMED:
		return 0;
	case SIM_ABSENT:
		break;
	case SIM_DENIED:
		return err_set(e, ERR_DENIED, "no permission to open the probe of the bench");
	case SIM_BUSY:
		return err_set(e, ERR_BUSY, "another program has claimed the probe of the bench");
	}
	return err_set_native(e, ERR_NO_PROBE, NO_DEVICE,
			      "no ST-LINK is plugged into the virtual bench");
}

/* A handle dies when its device leaves the bus, also if that comes back. */
static bool is_gone(struct sim *s)
{
	struct sim_device now;

	s->plugin->device(s->bench, &now);
	return !s->is_open || !now.plugged || now.plug != s->dev.plug;
}

/* ---- transfers ---- */

struct stage {
	uint8_t ep;
	uint8_t *data;
	size_t len;
	bool turn;
	uint64_t end_us;
};

static enum sim_result carry(struct sim *s, const struct stage *stage, size_t *ret_got)
{
	uint64_t now = sim_now(s);
	struct sim_transfer t = {
		.endpoint = stage->ep, .data = stage->data, .len = stage->len, .turn = stage->turn
	};
	enum sim_result result;

	*ret_got = 0;
	if (is_gone(s))
		return SIM_GONE;
	if (now >= stage->end_us)
		return SIM_TIMEOUT;
	t.timeout_us = stage->end_us - now;
	result = s->plugin->transfer(s->bench, &t);
	*ret_got = t.got;
	if (result != SIM_NAK)
		return result;
	now = sim_now(s);
	if (stage->end_us > now)
		sim_sleep(s, stage->end_us - now);
	return SIM_TIMEOUT;
}

static void take_result(struct xact *x, enum sim_result result)
{
	static const struct {
		enum xact_outcome outcome;
		int native;
	} as[] = {
		[SIM_DONE] = { XACT_OK, 0 },
		[SIM_NAK] = { XACT_TIMEOUT, TIMED_OUT },
		[SIM_STALL] = { XACT_STALL, PIPE },
		[SIM_TIMEOUT] = { XACT_TIMEOUT, TIMED_OUT },
		[SIM_OVERFLOW] = { XACT_USB_ERROR, OVERFLOWED },
		[SIM_GONE] = { XACT_GONE, NO_DEVICE },
	};

	x->outcome = as[result].outcome;
	x->native = as[result].native;
	if (x->outcome == XACT_OK && x->got < x->want)
		x->outcome = XACT_SHORT;
}

static uint8_t data_endpoint(const struct sim *s, const struct xact *x)
{
	if (x->ep)
		return x->ep;
	if (x->dir == XACT_OUT)
		return s->dev.ep_out;
	return x->cmd_len ? s->dev.ep_in : s->dev.ep_swo;
}

/* Fills got, outcome and native; returns the endpoint of the last stage. */
static uint8_t run(struct sim *s, struct xact *x, uint64_t limit_us)
{
	uint8_t command[XACT_CMD_MAX] = { 0 };
	struct stage stage = { .ep = s->dev.ep_out,
			       .data = command,
			       .len = sizeof(command),
			       .turn = true,
			       .end_us = sim_now(s) + limit_us };
	enum sim_result result = SIM_DONE;
	size_t sent;

	x->got = 0;
	if (x->cmd_len) {
		memcpy(command, x->cmd, x->cmd_len);
		result = carry(s, &stage, &sent);
		stage.turn = false; /* both were submitted together */
	}
	if (result == SIM_DONE && x->dir != XACT_NONE) {
		stage.ep = data_endpoint(s, x);
		stage.data = x->data;
		stage.len = x->want;
		result = carry(s, &stage, &x->got);
	}
	take_result(x, result);
	return stage.ep;
}

static void read_late_reply(struct sim *s)
{
	uint8_t bytes[LATE_BYTES];
	struct xact x = { .dir = XACT_IN, .data = bytes, .want = sizeof(bytes) };
	size_t dropped = 0;

	x.ep = s->dev.ep_in;
	for (int i = 0; i < LATE_READS; i++) {
		run(s, &x, LATE_US);
		dropped += x.got;
		if (x.outcome != XACT_OK && x.outcome != XACT_SHORT)
			break;
	}
	s->reply_outstanding = false;
	if (dropped)
		note(s, "dropped a late reply of %zu bytes", dropped);
}

static void put_in_order(struct sim *s, const struct xact *x, uint8_t ep)
{
	if (x->outcome == XACT_TIMEOUT) {
		s->reply_outstanding |= ep == s->dev.ep_in;
	} else if (x->outcome == XACT_STALL || x->outcome == XACT_USB_ERROR) {
		s->plugin->clear_halt(s->bench, ep);
		note(s, "cleared the halt of endpoint 0x%02x", ep);
	}
}

static int xfer_err(const struct xact *x, uint8_t ep, unsigned ms, struct err *e)
{
	switch (x->outcome) {
	case XACT_TIMEOUT:
		return err_set_native(e, ERR_TIMEOUT, x->native,
				      "no answer within %u ms (endpoint 0x%02x, %zu of %zu bytes)",
				      ms, ep, x->got, x->want);
	case XACT_GONE:
		return err_set_native(e, ERR_GONE, x->native, "the probe left the bus");
	case XACT_STALL:
		return err_set_native(e, ERR_USB, x->native, "the probe stalled endpoint 0x%02x",
				      ep);
	case XACT_SHORT:
		return err_set_native(e, ERR_USB, x->native, "%zu of %zu bytes came", x->got,
				      x->want);
	case XACT_USB_ERROR:
	case XACT_UNKNOWN:
	case XACT_OK:
	case XACT_OUTCOMES:
		break;
	}
	return err_set_native(e, ERR_USB, x->native, "transfer failed (code %d, endpoint 0x%02x)",
			      x->native, ep);
}

static int sim_xfer(struct transport *t, struct xact *x, struct err *e)
{
	struct sim *s = (struct sim *)t;
	unsigned ms = x->timeout_ms ? x->timeout_ms : TIMEOUT_DEFAULT_MS;
	uint8_t ep;

	if (s->reply_outstanding && !is_gone(s))
		read_late_reply(s);
	ms = deadline_cap_ms(s->run, ms);
	ms = ms ? ms : 1;
	x->at_us = sim_now(s);
	ep = run(s, x, ms * 1000ull);
	x->took_us = sim_now(s) - x->at_us;
	if (x->outcome == XACT_OK)
		return 0;
	put_in_order(s, x, ep);
	return xfer_err(x, ep, ms, e);
}

/* ---- coming back ---- */

static int sim_reopen(struct transport *t, struct err *e)
{
	struct sim *s = (struct sim *)t;
	unsigned ms = s->cfg.reopen_ms ? s->cfg.reopen_ms : REOPEN_DEFAULT_MS;
	struct deadline away;

	if (!is_gone(s)) {
		s->plugin->usb_reset(s->bench);
		note(s, "reset the probe");
	}
	s->is_open = false;
	deadline_init(&away, &s->clock, s->run, "waiting for the probe to come back", ms);
	for (;;) {
		int rc = open_once(s, e);

		if (!rc)
			note(s, "opened the probe again");
		if (!rc)
			return 0;
		if (deadline_check(&away, NULL)) {
			int over = deadline_check(s->run, e);

			return over ? over : rc;
		}
		sim_sleep(s, LOOK_AGAIN_US);
	}
}

static void sim_close(struct transport *t)
{
	free(t);
}

static const struct transport_ops ops = {
	.name = "sim",
	.xfer = sim_xfer,
	.reopen = sim_reopen,
	.close = sim_close,
};

int transport_sim_new(const struct sim_plugin *plugin, struct sim_bench *bench,
		      const struct transport_sim_config *cfg, struct transport **ret, struct err *e)
{
	struct sim *s = calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return err_set(e, ERR_NO_MEMORY, "opening the probe: out of memory");
	s->t.ops = &ops;
	s->cfg = *cfg;
	s->plugin = plugin;
	s->bench = bench;
	s->clock = (struct clock){ &clock_ops, s };
	s->wall_at_zero_us = clock_wall_us(&clock_real) - sim_now(s);
	rc = open_once(s, e);
	if (rc)
		free(s);
	else
		*ret = &s->t;
	return rc;
}

const struct clock *transport_sim_clock(struct transport *t)
{
	return &((struct sim *)t)->clock;
}

void transport_sim_set_run(struct transport *t, const struct deadline *run)
{
	((struct sim *)t)->run = run;
}
