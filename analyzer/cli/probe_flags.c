/* The everyday flags, and opening a probe by them: see probe_flags.h. */
#include "analyzer/cli/probe_flags.h"

#include <signal.h>
#include <string.h>

#include "analyzer/base/version.h"
#include "analyzer/event/event_mark.h"

#define DAY_S	 86400
#define LEAVE_MS 3000 /* to leave a probe in order after everything else has ended */
#define KHZ_MAX	 100000

const struct cli_option probe_flags[] = {
	{ .name = "probe",
	  .letter = 'p',
	  .arg = "WORDS",
	  .help = "which one: usb, usb:SERIAL, usb@BUS-PORT.PORT, sim:SCENARIO, replay:FILE; may "
		  "be repeated" },
	{ .name = "speed",
	  .arg = "KHZ|auto",
	  .help = "of the link, the fastest one not above KHZ; auto: the probe's usual one, which "
		  "`flash` raises as far as it stays clean" },
	{ .name = "connect",
	  .arg = "HOW",
	  .choices = "normal|under-reset|hot-plug|auto",
	  .help = "with the reset line released, held, or untouched" },
	{ .name = "transport",
	  .arg = "LINK",
	  .choices = "swd|jtag",
	  .help = "what the probe speaks to the target (swd)" },
	{ .name = "timeout", .arg = "S", .help = "end the whole run after S seconds" },
	{ .name = "lock-wait",
	  .arg = "S",
	  .help = "wait S seconds for a probe that another swdoctor uses" },
	{ .name = "wait", .arg = "S", .help = "wait S seconds for a probe to be plugged in" },
	{ .name = "trace",
	  .arg = "FILE",
	  .help = "write every transaction into FILE (else into the ring of the last ones)" },
	{ .name = "fault",
	  .arg = "PLAN",
	  .help = "make transactions fail on purpose: kind=reply-lost,nth=5 and the like" },
	{ 0 },
};

/* ---- being asked to stop ---- */

/* Signals belong to the process, and a handler is given nothing that it could find a session by. */
static volatile sig_atomic_t stop_signal;

static const int stopping[] = { SIGINT, SIGTERM, SIGHUP };
#define N_STOPPING (sizeof(stopping) / sizeof(stopping[0]))

static void on_stop(int signal)
{
	stop_signal = signal;
}

static bool has_handler(int signal, void (*handler)(int))
{
	struct sigaction now;

	return !sigaction(signal, NULL, &now) && now.sa_handler == handler;
}

static bool take_signals(void)
{
	struct sigaction ours = { .sa_handler = on_stop, .sa_flags = (int)SA_RESETHAND };
	bool took = false;

	for (size_t i = 0; i < N_STOPPING; i++) {
		/* Ignored: by nohup, or by a shell that put us into the background. */
		if (has_handler(stopping[i], SIG_DFL))
			took |= !sigaction(stopping[i], &ours, NULL);
	}
	return took;
}

static void give_signals_back(struct probe_session *s)
{
	const struct sigaction usual = { .sa_handler = SIG_DFL };

	for (size_t i = 0; i < N_STOPPING && s->took_signals; i++) {
		if (has_handler(stopping[i], on_stop))
			sigaction(stopping[i], &usual, NULL);
	}
	s->took_signals = false;
}

/* ---- what was given ---- */

static int read_speed(const struct cli_args *args, uint32_t *ret, struct err *e)
{
	long khz = 0;
	int rc;

	if (!strcmp(cli_value(args, "speed", "auto"), "auto")) {
		*ret = 0;
		return 0;
	}
	rc = cli_number(args, "speed", 1, KHZ_MAX, &khz, e);
	if (!rc)
		*ret = (uint32_t)khz;
	return rc;
}

static void read_connect(const struct cli_args *args, struct probe_session *s)
{
	const char *how = cli_value(args, "connect", "auto");

	s->connect_auto = !strcmp(how, "auto");
	s->connect = !strcmp(how, "under-reset") ? TARGET_CONNECT_UNDER_RESET
		     : !strcmp(how, "hot-plug")	 ? TARGET_CONNECT_HOT_PLUG
						 : TARGET_CONNECT_NORMAL;
}

/* Times in seconds; each stays as it is where the option was not given. */
static int read_times(const struct cli_args *args, long *run_s, long *lock_s, long *wait_s,
		      struct err *e)
{
	int rc = cli_number(args, "timeout", 1, DAY_S, run_s, e);

	if (!rc)
		rc = cli_number(args, "lock-wait", 0, DAY_S, lock_s, e);
	if (!rc)
		rc = cli_number(args, "wait", 0, DAY_S, wait_s, e);
	return rc;
}

/* Of several probes each has its own. */
static void add_trace_path(const struct cli_args *args, size_t place, struct buf *out)
{
	buf_add_str(out, cli_value(args, "trace", ""));
	if (out->len && place)
		buf_addf(out, "-%zu", place + 1);
}

/* ---- opening ---- */

static int open_probe(const struct cli_args *args, const char *words, const char *why,
		      const struct buf *trace, struct probe_session *s, struct err *e)
{
	struct probe_options o = {
		.words = words,
		.why = why,
		.clock = &clock_real,
		.run = &s->run,
		.trace_path = trace->len ? trace->at : NULL,
		.application = "swdoctor " SWDOCTOR_VERSION,
		.fault = cli_value(args, "fault", NULL),
		.watch = s->watch,
		.watch_mark = s->watch_mark,
		.watch_user = s->watch_user,
	};
	long run_s = (long)s->timeout_s, lock_s = 0, wait_s = 0;
	int rc = read_times(args, &run_s, &lock_s, &wait_s, e);

	if (rc)
		return rc;
	o.lock_wait_ms = (unsigned)lock_s * 1000;
	o.wait_ms = (unsigned)wait_s * 1000;
	deadline_init(&s->run, &clock_real, NULL, "the run", (unsigned)run_s * 1000);
	s->run.stop = &stop_signal;
	rc = probe_open(&o, &s->probe, e);
	if (rc)
		return rc;
	s->clock = s->probe.clock;
	return 0;
}

static void mark_event(const struct probe_session *s, enum event_kind kind, const char *first,
		       const char *second, const char *text)
{
	const struct event e = { .kind = kind,
				 .text = text,
				 .v = { { .has = true, .text = first },
					{ .has = true, .text = second } } };
	struct buf mark;

	buf_init(&mark);
	event_mark_write(&e, &mark);
	transport_mark(s->probe.t, buf_str(&mark));
	buf_done(&mark);
}

/* Who made the trace, for reports that are written about it; `why` is "swdoctor check". */
static void mark_command(const struct probe_session *s, const char *why)
{
	const char *space = strchr(why, ' ');

	mark_event(s, EVENT_TOOL_BANNER, "swdoctor", SWDOCTOR_VERSION,
		   "swdoctor " SWDOCTOR_VERSION);
	mark_event(s, EVENT_TOOL_COMMAND, "swdoctor", space ? space + 1 : why, why);
}

static int open_target(const char *why, struct probe_session *s, struct err *e)
{
	struct stlink *stlink = &s->probe.stlink;
	int rc;

	mark_command(s, why);
	rc = s->no_hello ? 0 : stlink_open(stlink, e);
	if (rc)
		return rc;
	target_stlink_init(&s->stlink_target, stlink, 0, s->link, s->khz);
	s->target = &s->stlink_target.t;
	s->target->deadline = &s->probe.limit;
	return 0;
}

int probe_session_open(const struct cli_args *args, const char *words, const char *why,
		       struct probe_session *ret, struct err *e)
{
	struct probe_session *s = ret;
	struct buf trace;
	int rc = read_speed(args, &s->khz, e);

	if (rc)
		return rc;
	words = words ? words : cli_value(args, "probe", "usb");
	read_connect(args, s);
	s->link = !strcmp(cli_value(args, "transport", "swd"), "jtag") ? STLINK_LINK_JTAG
								       : STLINK_LINK_SWD;
	s->took_signals = take_signals();
	buf_init(&trace);
	add_trace_path(args, s->place, &trace);
	rc = open_probe(args, words, why, &trace, s, e);
	buf_done(&trace);
	if (rc) {
		give_signals_back(s);
		return rc;
	}
	rc = open_target(why, s, e);
	if (rc)
		probe_session_close(s, NULL);
	return rc;
}

/* ---- connecting ---- */

/* The probe answered, and said that the target did not. */
static bool is_the_targets(int rc)
{
	return rc == ERR_STATUS;
}

int probe_session_connect(struct probe_session *s, struct err *e)
{
	int rc = target_connect(s->target, s->connect, e);

	if (!is_the_targets(rc) || !s->connect_auto ||
	    !stlink_can(&s->probe.stlink, STLINK_GATE_DRIVE_NRST))
		return rc;
	target_mark(s->target, "connecting under reset");
	return target_connect(s->target, TARGET_CONNECT_UNDER_RESET, e);
}

/* ---- closing ---- */

/* After a torn write only a reset of the probe helps; one that left the bus needs no order. */
static bool helps_to_reopen(int rc)
{
	return rc == ERR_TIMEOUT || rc == ERR_USB;
}

static int leave_in_order(struct probe_session *s, struct err *e)
{
	struct stlink *stlink = &s->probe.stlink;
	int rc;

	/* The time of the run is over, or the user wants an end: this is still to be done. */
	probe_grant(&s->probe, "leaving the probe in order", LEAVE_MS);
	rc = stlink_close(stlink, e);
	if (!helps_to_reopen(rc))
		return rc;
	transport_mark(s->probe.t, "the probe could not be left: opening it again");
	if (transport_reopen(s->probe.t, NULL))
		return rc;
	return stlink_close(stlink, e);
}

int probe_session_close(struct probe_session *s, struct err *e)
{
	int rc = leave_in_order(s, e);

	probe_close(&s->probe);
	give_signals_back(s);
	s->target = NULL;
	return rc;
}
