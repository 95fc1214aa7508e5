/* `swdoctor check`: the health of the connection, hop by hop. */
#include "analyzer/commands.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/analysis.h"
#include "analyzer/check_draw.h"
#include "analyzer/exam.h"
#include "analyzer/output.h"
#include "analyzer/probe_flags.h"
#include "analyzer/report.h"
#include "analyzer/result.h"
#include "analyzer/version.h"

#define TIMEOUT_S 120

static const struct cli_option options[] = {
	{ .name = "allow",
	  .arg = "WHAT",
	  .choices = "reset",
	  .help = "reset: the target may be reset, and its RAM written to and put back" },
	{ .name = "sweep",
	  .help = "measure the margin of the link at every speed (needs --allow reset)" },
	{ .name = "format",
	  .arg = "FORMAT",
	  .choices = "text|json",
	  .help = "for people or programs" },
	{ .name = "all",
	  .letter = 'a',
	  .help = "also show the causes that are less than possible" },
	{ .name = "events", .help = "list in the JSON what was seen" },
	{ .name = "result", .arg = "FILE", .help = "also write the JSON to FILE, atomically" },
	{ 0 },
};

static const struct cli_example examples[] = {
	{ "swdoctor check", "examine probe, wires and target without disturbing the target" },
	{ "swdoctor check --allow reset", "also test the reset line" },
	{ "swdoctor check --allow reset --sweep", "also measure how fast the link can be" },
	{ "swdoctor check --probe usb@1-2 --probe usb@1-3", "two probes, one after the other" },
	{ 0 },
};

struct check {
	const struct cli_args *args;
	struct judge judge;
	struct events *events;
	struct exam *exam;
	struct exam_options options;
	struct diagnosis *d;
	struct err error; /* what cut it short */
};

/* ---- the examination ---- */

/* The causes of these are found by the rules; others end the run. */
static bool is_a_finding(int rc)
{
	return rc == ERR_NO_PROBE || rc == ERR_DENIED || rc == ERR_BUSY || rc == ERR_LOCK_WAIT ||
	       rc == ERR_TIMEOUT || rc == ERR_USB || rc == ERR_GONE || rc == ERR_UNSUPPORTED ||
	       rc == ERR_UNFIT || rc == ERR_PROTOCOL || rc == ERR_STATUS;
}

static int examine(struct check *c, const char *words)
{
	struct probe_session s = {
		.timeout_s = TIMEOUT_S, .no_hello = true, .watch = exam_saw, .watch_user = c->exam
	};
	int rc = probe_session_open(c->args, words, "swdoctor check", &s, &c->error);

	if (rc && !is_a_finding(rc))
		return rc;
	if (rc) {
		exam_open_failed(c->exam, &c->error);
		exam_end(c->exam, 0);
		c->error = (struct err){ 0 };
		return 0;
	}
	c->options.khz = s.khz;
	exam_found(c->exam, s.probe.is_usb ? &s.probe.entry : NULL);
	rc = exam_run(c->exam, &s.stlink_target, &c->error);
	probe_session_close(&s, NULL);
	return rc;
}

static int judge(struct check *c)
{
	const struct diagnosis_input in = { .events = c->events };

	c->d = diagnosis_new(c->judge.rules, &in);
	return 0;
}

/* ---- the report ---- */

static void report_of(const struct check *c, const char *words, struct report *r,
		      struct source_stats *stats)
{
	*stats = (struct source_stats){ .tool = "swdoctor",
					.tool_version = SWDOCTOR_VERSION,
					.tool_confidence = 1,
					.lines = exam_transactions(c->exam),
					.recognised_lines = exam_transactions(c->exam) };
	*r = (struct report){ .command = "check",
			      .input = words,
			      .d = c->d,
			      .events = c->events,
			      .stats = stats,
			      .is_capture = true,
			      .live = true,
			      .rules = cli_count(c->args, "events") ? c->judge.rules : NULL };
	if (!c->d)
		r->error = &c->error;
}

static int print(const struct check *c, const struct report *r, const struct buf *json,
		 struct err *e)
{
	struct report_style style = { .all = cli_count(c->args, "all"),
				      .verbose = cli_count(c->args, "verbose") };
	struct buf text;
	int rc;

	if (!strcmp(cli_value(c->args, "format", "text"), "json"))
		return output_write(1, json->at, json->len, "standard output", e);
	if (!r->d)
		return 0;
	term_init(&style.term, 1, cli_value(c->args, "color", NULL));
	buf_init(&text);
	report_text(r, &style, &text);
	check_draw_margins(c->exam, &style.term, &text);
	rc = output_write(1, text.at, text.len, "standard output", e);
	buf_done(&text);
	return rc;
}

static void check_one(struct check *c, const char *words, struct result *end, struct buf *all)
{
	struct buf json;
	struct source_stats stats;
	struct report r;
	struct err e = { 0 };
	int rc;

	buf_init(&json);
	c->d = NULL;
	c->error = (struct err){ 0 };
	c->events = events_new();
	c->exam = exam_new(&c->options, c->events);
	rc = examine(c, words);
	if (!rc || rc == ERR_INTERRUPTED || rc == ERR_DEADLINE)
		judge(c);
	report_of(c, words, &r, &stats);
	report_result(&r, end);
	if (rc) {
		cli_fail(c->args, &c->error);
		result_fill(end, exit_code_of_err(rc), NULL, end->cause, end->word);
	}
	report_json(&r, &json);
	if (print(c, &r, &json, &e)) {
		cli_fail(c->args, &e);
		result_fill(end, exit_code_of_err((int)e.code), NULL, end->cause, end->word);
	}
	buf_add(all, json.at, json.len);
	buf_done(&json);
	diagnosis_free(c->d);
	exam_free(c->exam);
	events_free(c->events);
}

/* One after the other; the worst of them is the result. */
static void check_all(struct check *c, struct result *end, struct buf *all)
{
	const char *words = cli_value(c->args, "probe", "usb");
	size_t n = cli_count(c->args, "probe");

	for (size_t i = 0; i < (n ? n : 1); i++) {
		struct result one;

		if (n > 1)
			words = cli_nth(c->args, "probe", i);
		check_one(c, words, &one, all);
		if (!i)
			*end = one;
		result_merge(end, &one);
		if (one.code == EXIT_CODE_INTERRUPTED)
			break;
	}
}

static int load_rules(struct check *c, struct err *e)
{
	struct buf mistakes;
	int rc;

	buf_init(&mistakes);
	rc = judge_init(&c->judge, cli_value(c->args, "rules", NULL), &mistakes, e);
	output_write(2, buf_str(&mistakes), mistakes.len, "standard error", NULL);
	buf_done(&mistakes);
	return rc;
}

static int run(const struct cli_command *command, const struct cli_args *args)
{
	const char *file = cli_value(args, "result", NULL);
	struct check c = { .args = args };
	struct result end;
	struct err e = { 0 };
	struct buf json;
	int rc;

	c.options.allow_reset = cli_count(args, "allow");
	c.options.sweep = cli_count(args, "sweep");
	buf_init(&json);
	result_fill(&end, EXIT_CODE_HEALTHY, NULL, NULL, NULL);
	rc = file ? result_file_begin(file, command->name, &e) : 0;
	if (!rc)
		rc = load_rules(&c, &e);
	if (!rc)
		check_all(&c, &end, &json);
	if (!rc && file)
		rc = result_file_end(file, &json, &e);
	if (rc)
		result_fill(&end, cli_fail(args, &e), NULL, NULL, NULL);
	result_print(&end);
	judge_done(&c.judge);
	buf_done(&json);
	return end.code;
}

const struct cli_command cmd_check = {
	.name = "check",
	.operands = "",
	.summary =
		"examine the connection from the host to the chip, and say what is wrong with it",
	.examples = examples,
	.options = { options, probe_flags },
	.details =
		"Without --allow reset a running target is neither halted, reset nor written to; a "
		"target that cannot be reached, or whose core is locked up, may be reset.\n\n"
		"Exit code: 0 healthy, 1 a problem was found, 3 no such probe, 4 busy or no "
		"permission, 5 the probe is sick, 6 hardware, 7 firmware or protection, 8 the link "
		"is marginal, 11 no verdict. The last line on standard error tells it too.",
	.run = run,
};
