/* One probe after the other, or several at a time: see flash_run.h. */
#include "analyzer/flash_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/decode.h"
#include "analyzer/flash_events.h"
#include "analyzer/output.h"
#include "analyzer/workers.h"
#include "probe/dap.h"

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
	bool json;
	const char **probes;
	size_t n_probes;
	struct buf kept; /* the JSON of all, for the result file */
	struct result end;
};

/* What crosses from a worker: this, then the texts. */
struct crossing {
	struct result end;
	size_t text_len, json_len, message_len;
};

static void pack(const struct frame *f, const struct flash_report *r, struct buf *ret)
{
	struct buf text = { 0 }, json = { 0 }, message = { 0 };
	struct crossing c;

	flash_report_result(r, &c.end);
	flash_report_text(r, &f->term, &text);
	flash_report_json(r, &json);
	if (r->error.code && f->n_probes > 1)
		buf_addf(&message, "%s: %s", r->probe, r->error.text);
	else if (r->error.code)
		buf_add_str(&message, r->error.text);
	c.text_len = text.len;
	c.json_len = json.len;
	c.message_len = message.len;
	buf_add(ret, &c, sizeof(c));
	buf_add(ret, buf_str(&text), text.len);
	buf_add(ret, buf_str(&json), json.len);
	buf_add(ret, buf_str(&message), message.len);
	buf_done(&text);
	buf_done(&json);
	buf_done(&message);
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
	if (probe_session_close(w->probe, &leaving) && !rc) {
		*e = leaving;
		rc = (int)leaving.code;
	}
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

static void work_one(void *user, size_t i, struct buf *ret)
{
	const struct frame *f = user;
	const struct flash_run *run = f->run;
	struct probe_session probe = { .timeout_s = run->timeout_s };
	struct flash_progress_view view;
	struct flash_report report;
	struct flash_work w = { run, &probe, &report, &view };
	struct listener l;
	struct rules *rules = NULL;
	struct diagnosis *d = NULL;
	struct result end;

	listener_init(&l);
	probe.watch = hear;
	probe.watch_user = &l;
	flash_report_init(&report, run->command, f->probes[i]);
	report.image = run->image;
	if (!flash_progress_init(&view, run->command, cli_value(run->args, "color", NULL),
				 cli_value(run->args, "events", NULL), &report.error)) {
		view.prefix = f->n_probes > 1 ? f->probes[i] : NULL;
		view.several = f->n_probes > 1;
		if (!on_probe(&w, f->probes[i], &report.error))
			report.error = (struct err){ 0 }; /* of what was got over */
		else
			judge_failure(&l, &report, &rules, &d, run->args);
		flash_report_result(&report, &end);
		flash_progress_end(&view);
		flash_progress_result(&view, &end);
		flash_progress_done(&view);
	}
	pack(f, &report, ret);
	flash_report_done(&report);
	diagnosis_free(d);
	rules_free(rules);
	listener_done(&l);
}

/* ---- all of them ---- */

static void say(struct frame *f, const char *text, size_t len, int fd)
{
	struct err e = { 0 };

	if (len && output_write(fd, text, len, "output", &e)) {
		struct result broken;

		cli_fail(f->run->args, &e);
		result_fill(&broken, exit_code_of(&e), NULL, NULL, NULL);
		result_merge(&f->end, &broken);
	}
}

static void take_one(void *user, size_t i, const struct buf *result, int died_of)
{
	struct frame *f = user;
	int fd = f->run->data_on_stdout ? 2 : 1;
	struct buf death = { 0 };
	struct crossing c;
	struct err e = { .code = ERR_FORMAT };
	const char *at;

	if (!result) {
		struct flash_report r;

		flash_report_init(&r, f->run->command, f->probes[i]);
		err_set_native(&r.error, ERR_INTERNAL, died_of, "the work crashed (%s)",
			       died_of ? strsignal(died_of) : "no signal");
		pack(f, &r, &death);
		result = &death;
	}
	memcpy(&c, result->at, sizeof(c));
	at = result->at + sizeof(c);
	if (!f->json)
		say(f, at, c.text_len, fd);
	at += c.text_len;
	if (f->json)
		say(f, at, c.json_len, fd);
	buf_add(&f->kept, at, c.json_len);
	at += c.json_len;
	if (c.message_len) {
		snprintf(e.text, sizeof(e.text), "%.*s", (int)c.message_len, at);
		cli_fail(f->run->args, &e);
	}
	result_merge(&f->end, &c.end);
	buf_done(&death);
}

/* Those of --probe, or the only one. */
static void list_probes(struct frame *f)
{
	size_t n = cli_count(f->run->args, "probe");

	f->n_probes = n ? n : 1;
	f->probes = calloc(f->n_probes, sizeof(*f->probes));
	if (!f->probes)
		abort();
	f->probes[0] = "usb";
	for (size_t i = 0; i < n; i++)
		f->probes[i] = cli_nth(f->run->args, "probe", i);
}

static void fail_before(struct frame *f, const struct err *before)
{
	struct flash_report r;
	struct buf packed = { 0 };

	flash_report_init(&r, f->run->command, NULL);
	r.image = f->run->image;
	r.error = *before;
	f->n_probes = 1;
	pack(f, &r, &packed);
	take_one(f, 0, &packed, 0);
	buf_done(&packed);
	flash_report_done(&r);
}

int flash_run(const struct flash_run *run, const struct err *before)
{
	static const struct workers_ops ops = { .work = work_one, .take = take_one };
	const char *file = cli_value(run->args, "result", NULL);
	struct frame f = { .run = run };
	struct err e = { 0 };

	f.json = !strcmp(cli_value(run->args, "format", "text"), "json");
	term_init(&f.term, run->data_on_stdout ? 2 : 1, cli_value(run->args, "color", NULL));
	result_fill(&f.end, EXIT_CODE_HEALTHY, NULL, NULL, NULL);
	list_probes(&f);
	if (before)
		fail_before(&f, before);
	else if ((file && result_file_begin(file, run->command, &e)) ||
		 workers_run(&ops, &f, f.n_probes, f.n_probes, &e))
		fail_before(&f, &e);
	if (file && result_file_end(file, &f.kept, &e))
		fail_before(&f, &e);
	result_print(&f.end);
	free(f.probes);
	buf_done(&f.kept);
	return f.end.code;
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
	struct session_options o = { .connect = w->probe->connect };

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
