/* The work of a command about flash on one probe, its report and its judge: see flash_run.h. */
#include "analyzer/flash/flash_run.h"

#include <string.h>

#include "analyzer/cli/each_probe.h"
#include "analyzer/flash/flash_events.h"
#include "analyzer/flash/flash_report_tries.h"
#include "analyzer/flash/flash_strategy.h"
#include "analyzer/usb/decode.h"
#include "probe/cortexm.h"
#include "probe/dap.h"

#define LET_GO_MS 1000

/* ---- the judge, who listens to the session ---- */

struct listener {
	struct events *events;
	struct decode *decode;
	uint64_t packet;
};

static void hear(void *user, const struct xact *x, const struct stlink_said *said)
{
	struct listener *l = user;

	decode_xact(l->decode, x, said, ++l->packet);
}

static void listener_init(struct listener *l)
{
	l->events = events_new();
	l->decode = decode_new(l->events);
	l->packet = 0;
}

static void listener_done(struct listener *l)
{
	decode_free(l->decode);
	events_free(l->events);
}

/* ---- one probe ---- */

struct frame {
	const struct flash_run *run;
	struct term term;
};

static void yield(const struct frame *f, const struct flash_report *r, struct each_probe_yield *ret)
{
	flash_report_result(r, &ret->end);
	flash_report_text(r, &f->term, &ret->text);
	flash_report_json(r, &ret->json);
	if (r->error.code)
		buf_add_str(&ret->message, r->error.text);
}

static int on_probe(const struct flash_work *w, const char *words, struct err *e)
{
	const struct flash_run *run = w->run;
	struct err leaving = { 0 };
	int rc = probe_session_open(run->args, words, run->why, w->probe, e);

	if (rc)
		return rc;
	rc = run->work(w, e);
	if (rc == ERR_STATUS && !w->report->linked) { /* for the judge */
		struct target_voltage voltage;

		target_voltage(w->probe->target, &voltage, NULL);
	}
	flash_events_mark(w->report, w->probe->probe.t);
	/* What was done is done: that the probe could not be left in order is told beside it. */
	if (probe_session_close(w->probe, &leaving))
		w->report->leaving = leaving;
	return rc;
}

/* With what the judge says where something failed. */
static void judge_failure(struct listener *l, struct flash_report *r, struct rules **rules,
			  struct diagnosis **d, const struct cli_args *args)
{
	struct diagnosis_input in = { .events = l->events };
	struct buf mistakes = { 0 };

	decode_end(l->decode);
	flash_events_tell(r, l->packet, l->events);
	if (!rules_load(cli_value(args, "rules", NULL), rules, &mistakes, NULL)) {
		*d = diagnosis_new(*rules, &in);
		r->d = *d;
	}
	buf_done(&mistakes);
}

static void work_one(void *user, const char *words, size_t n, bool several,
		     struct each_probe_yield *ret)
{
	const struct frame *f = user;
	const struct flash_run *run = f->run;
	struct probe_session probe = { .timeout_s = run->timeout_s, .place = n };
	struct flash_progress_view view;
	struct flash_report report;
	struct treat treat;
	struct flash_work w = { run, &probe, &report, &view, &treat };
	struct listener l;
	struct rules *rules = NULL;
	struct diagnosis *d = NULL;
	struct result end;

	listener_init(&l);
	treat_init(&treat, l.events, &l.packet, cli_value(run->args, "rules", NULL),
		   flash_strategy_order(run->args));
	probe.no_hello = true; /* connecting says it, where it can be said again */
	probe.watch = hear;
	probe.watch_user = &l;
	flash_report_init(&report, run->command, words);
	report.image = run->image;
	if (!flash_progress_init(&view, run->command, cli_value(run->args, "color", NULL),
				 cli_value(run->args, "events", NULL), &report.error)) {
		view.prefix = several ? words : NULL;
		view.several = several;
		if (!on_probe(&w, words, &report.error))
			report.error = (struct err){ 0 }; /* of what was got over */
		report.faults_told = treat.faults;
		if ((report.error.code && report.error.code != ERR_INTERRUPTED) ||
		    flash_tries_any(&report.tries)) /* that the user wants an end is no fault */
			judge_failure(&l, &report, &rules, &d, run->args);
		flash_report_result(&report, &end);
		flash_progress_end(&view);
		flash_progress_result(&view, &end);
		flash_progress_done(&view);
	}
	yield(f, &report, ret);
	flash_report_done(&report);
	diagnosis_free(d);
	rules_free(rules);
	treat_done(&treat);
	listener_done(&l);
}

static void fail_one(void *user, const char *words, const struct err *why,
		     struct each_probe_yield *ret)
{
	const struct frame *f = user;
	struct flash_report r;

	flash_report_init(&r, f->run->command, words);
	r.image = f->run->image;
	r.error = *why;
	yield(f, &r, ret);
	flash_report_done(&r);
}

int flash_run(const struct flash_run *run, const struct err *before)
{
	struct frame f = { .run = run };
	const struct each_probe each = {
		.args = run->args,
		.command = run->command,
		.data_on_stdout = run->data_on_stdout,
		.user = &f,
		.work = work_one,
		.fail = fail_one,
	};

	term_init(&f.term, run->data_on_stdout ? 2 : 1, cli_value(run->args, "color", NULL));
	return each_probe_run(&each, before);
}

/* ---- for the work ---- */

static int unknown_chip(const struct chip_identity *id, struct err *e)
{
	return err_set_native(e, ERR_UNSUPPORTED, id->dev_id,
			      "no chip with the device id 0x%03x is known here", id->dev_id);
}

/*
 * A genuine F1 has a debug port of the first design (JTAG id 0x3ba00477, SWD 0x1ba01477); copies
 * that come with a newer core have its port, too.
 */
static void look_at_port(const struct flash_work *w)
{
	struct chip_identity *id = &w->report->id;
	uint32_t port;

	if (id->lookalike || !id->chip || strcmp(id->chip->family, "F1") ||
	    dap_read_id(&w->probe->probe.stlink, &port, NULL))
		return;
	if (port == 0x2ba01477 || port == 0x4ba00477)
		id->lookalike = "CKS32, CS32 or APM32";
}

int flash_work_identify(const struct flash_work *w, struct err *e)
{
	struct flash_report *r = w->report;
	struct target *t = w->probe->target;
	int rc = probe_session_connect(w->probe, e);

	r->linked = !rc;
	if (!rc)
		rc = chip_detect(w->run->chips, t, &r->id, e);
	if (rc)
		return rc;
	r->has_chip = true;
	look_at_port(w);
	if (!r->id.chip)
		return unknown_chip(&r->id, e);
	rc = geometry_read(&r->geometry, r->id.chip, t, e);
	r->has_geometry = !rc;
	return rc;
}

void flash_work_session(const struct flash_work *w, struct flash_session *ret)
{
	struct session_options o = {
		.connect = w->probe->connect,
		.connect_auto = w->probe->connect_auto &&
				stlink_can(&w->probe->probe.stlink, STLINK_GATE_DRIVE_NRST),
		.may_rise = !w->probe->khz,
	};

	session_init(ret, w->probe->target, w->run->chips, &o);
}

void flash_work_take_session(const struct flash_work *w, const struct flash_session *s)
{
	struct flash_report *r = w->report;

	r->linked = s->state >= SESSION_LINKED || s->chip;
	if (!r->has_chip)
		r->id = s->id;
	r->has_chip = s->id.dev_id != 0;
	r->has_geometry = s->geo.n_blocks != 0;
	r->geometry = s->geo;
	if (r->has_chip && s->state != SESSION_RELEASED)
		look_at_port(w);
}

int flash_work_let_go(const struct flash_work *w, int rc)
{
	if ((rc != ERR_INTERRUPTED && rc != ERR_DEADLINE) || !w->probe->probe.stlink.in_debug)
		return rc;
	probe_grant(&w->probe->probe, "letting the core go", LET_GO_MS);
	if (w->probe->probe.stlink.nrst_low)
		stlink_drive_nrst(&w->probe->probe.stlink, STLINK_NRST_HIGH, NULL);
	cortexm_release(w->probe->target, NULL);
	return rc;
}
