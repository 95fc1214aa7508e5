/* One probe examined, judged and reported: see check_probe.h. */
#include "analyzer/check/check_probe.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/base/version.h"
#include "analyzer/check/check_draw.h"
#include "analyzer/check/check_history_show.h"
#include "analyzer/check/check_keep.h"
#include "analyzer/cli/consent.h"
#include "analyzer/cli/probe_flags.h"
#include "analyzer/report/report.h"

#define TIMEOUT_S 120

struct one {
	const struct check *check;
	const char *words;
	struct exam_options options;
	struct events *events;
	struct exam *exam;
	struct diagnosis *d;
	struct err error; /* what cut it short */
	struct arena *arena;
	char probe[128];    /* what the history calls it; "": nothing */
	struct trend trend; /* what the history says now */
};

/* ---- the examination ---- */

/* The causes of these are found by the rules; others end the run. */
static bool is_a_finding(int rc)
{
	return rc == ERR_NO_PROBE || rc == ERR_DENIED || rc == ERR_BUSY || rc == ERR_LOCK_WAIT ||
	       rc == ERR_TIMEOUT || rc == ERR_USB || rc == ERR_GONE || rc == ERR_UNSUPPORTED ||
	       rc == ERR_UNFIT || rc == ERR_PROTOCOL || rc == ERR_STATUS;
}

static bool ask(void *user, const char *step)
{
	const struct check *c = user;
	struct buf question = { 0 };
	bool yes;

	buf_addf(&question, "Not tested yet: %s. This resets the target%s. Reset it?", step,
		 c->options.sweep ? ", and writes to its RAM and puts back what stood there" : "");
	yes = consent_ask(question.at);
	buf_done(&question);
	return yes;
}

/* What the everyday flags say, besides the command's own options. */
static void take_flags(struct exam_options *o, const struct probe_session *s)
{
	o->khz = s->khz;
	o->connect_only = !s->connect_auto;
	o->connect = s->connect;
}

/* A recording is no new check; what has no serial number is known by its place. */
static void name_probe(struct one *o, const struct probe *p)
{
	const char *serial = p->entry.serial.text;

	if (p->is_usb || p->bench.bench)
		snprintf(o->probe, sizeof(o->probe), "%s%.100s",
			 p->is_usb ? "" : "sim:", *serial ? serial : o->words);
}

static int examine(struct one *o, size_t n)
{
	const struct cli_args *args = o->check->args;
	struct probe_session s = { .timeout_s = TIMEOUT_S,
				   .place = n,
				   .no_hello = true,
				   .watch = exam_saw,
				   .watch_user = o->exam };
	int rc = probe_session_open(args, o->words, "swdoctor check", &s, &o->error);

	if (rc && !is_a_finding(rc))
		return rc;
	if (rc) {
		exam_open_failed(o->exam, &o->error);
		if (!strncmp(o->words, "usb", 3)) /* there is no place to ask about */
			exam_ask_kernel(o->exam, NULL);
		exam_end(o->exam, 0);
		o->error = (struct err){ 0 };
		return 0;
	}
	take_flags(&o->options, &s);
	name_probe(o, &s.probe);
	exam_found(o->exam, s.probe.is_usb ? &s.probe.entry : NULL);
	rc = exam_run(o->exam, &s.stlink_target, &o->error);
	if (!rc) /* whatever failed on the way is a finding */
		o->error = (struct err){ 0 };
	/* Asked to stop while the probe was left: the report is whole, and the signal counts. */
	if (!rc && s.run.stop && *s.run.stop)
		rc = deadline_check(&s.run, &o->error);
	probe_session_close(&s, NULL);
	return rc;
}

/* ---- the history ---- */

/* Whatever is wrong with it, the check is none the worse for it. */
static void keep(struct one *o, const struct result *end, struct buf *warning)
{
	const struct check_keep k = { .probe = o->probe,
				      .label = o->check->label,
				      .events = o->events,
				      .exam = o->exam,
				      .d = o->d,
				      .end = end };
	struct check_past row;
	struct err e;

	if (!o->check->keep || !o->d || !*o->probe || o->error.code)
		return;
	check_keep_row(&k, (int64_t)(clock_wall_us(&clock_real) / 1000000), &row);
	if (check_keep(&row, o->arena, &o->trend, &e))
		buf_addf(warning, "warning: not kept in the history: %s", e.text);
}

/* ---- the report ---- */

static void put_changes(const struct events *events, struct json *j)
{
	json_open_array(j, "changed");
	for (size_t i = 0; i < events_len(events); i++) {
		const struct event *e = events_at(events, i);

		if (e->kind == EVENT_EXAM_CHANGED)
			json_put_str(j, NULL, e->v[0].text);
	}
	json_close_array(j);
}

static void put_more(const void *user, struct json *j)
{
	const struct one *o = user;

	put_changes(o->events, j);
	check_draw_json(o->exam, j);
	check_trend_json(&o->trend, j);
}

static void report_of(const struct one *o, const struct buf *pictures, struct report *r,
		      struct source_stats *stats)
{
	const struct check *c = o->check;

	*stats = (struct source_stats){ .tool = "swdoctor",
					.tool_version = SWDOCTOR_VERSION,
					.tool_confidence = 1,
					.lines = exam_transactions(o->exam),
					.recognised_lines = exam_transactions(o->exam) };
	*r = (struct report){ .command = "check",
			      .input = o->words,
			      .d = o->d,
			      .events = o->events,
			      .stats = stats,
			      .is_capture = true,
			      .live = true,
			      .pictures = pictures,
			      .put_more = put_more,
			      .put_user = o,
			      .rules = cli_count(c->args, "events") ? c->judge.rules : NULL };
	if (!o->d || o->error.code)
		r->error = &o->error;
}

static void draw(const struct one *o, struct buf *out)
{
	const struct check *c = o->check;

	if (!o->d)
		return;
	check_draw_voltage(o->exam, &c->term, out);
	check_draw_margins(o->exam, &c->term, out);
	check_draw_wires(o->d, c->judge.rules, o->events, c->connector, &c->term, out);
	check_trend_text(&o->trend, &c->term, out);
	if (o->trend.n)
		buf_add_char(out, '\n');
}

static void tell(struct one *o, int rc, struct each_probe_yield *ret)
{
	const struct cli_args *args = o->check->args;
	struct report_style style = { .term = o->check->term,
				      .all = cli_count(args, "all-causes"),
				      .verbose = cli_count(args, "verbose") };
	struct source_stats stats;
	struct buf pictures = { 0 };
	struct report r;

	report_of(o, &pictures, &r, &stats);
	report_result(&r, &ret->end);
	keep(o, &ret->end, &ret->message);
	draw(o, &pictures);
	report_json(&r, &ret->json);
	if (r.d)
		report_text(&r, &style, &ret->text);
	if (rc) {
		buf_clear(&ret->message);
		buf_add_str(&ret->message, o->error.text);
	}
	buf_done(&pictures);
}

void check_probe(void *user, const char *words, size_t n, bool several,
		 struct each_probe_yield *ret)
{
	const struct check *c = user;
	struct one o = { .check = c, .words = words, .options = c->options };
	int rc;

	o.events = events_new();
	o.arena = arena_new();
	if (!several) { /* who is asked by several at a time does not know which one */
		o.options.consent = ask;
		o.options.consent_user = user;
	}
	o.exam = exam_new(&o.options, o.events);
	rc = examine(&o, n);
	if (!rc || rc == ERR_INTERRUPTED || rc == ERR_DEADLINE) {
		const struct diagnosis_input in = { .events = o.events };

		o.d = diagnosis_new(c->judge.rules, &in);
	}
	tell(&o, rc, ret);
	diagnosis_free(o.d);
	exam_free(o.exam);
	events_free(o.events);
	arena_free(o.arena);
}

void check_probe_failed(void *user, const char *words, const struct err *why,
			struct each_probe_yield *ret)
{
	const struct report r = { .command = "check", .input = words, .live = true, .error = why };

	(void)user;
	report_result(&r, &ret->end);
	report_json(&r, &ret->json);
	buf_add_str(&ret->message, why->text);
}
