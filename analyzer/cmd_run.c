/* `swdoctor run -- CMD`: run another tool, and explain its failure. */
#include "analyzer/commands.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/base/output.h"
#include "analyzer/base/result.h"
#include "analyzer/cli/child.h"
#include "analyzer/report/report.h"
#include "analyzer/run_log.h"
#include "analyzer/triage/analysis.h"
#include "analyzer/triage/run_trace.h"

#define LINE_MAX_BYTES 65536

/* Lines of two streams must not be mixed, so what has no end yet waits. */
struct ear {
	struct analysis analysis;
	struct buf waiting[CHILD_STREAMS];
	struct run_log log; /* for `report --last` */
	struct err deaf;    /* set once what comes is no text */
	struct buf trace;   /* "" if nothing is recorded */
	uint64_t recorded;
	struct err not_read; /* the trace could not be read back */
};

struct triage {
	const struct cli_args *args;
	struct ear ear;
	struct child_end end;
	struct buf command_line;
};

static const struct cli_option options[] = {
	{ .name = "format",
	  .arg = "FORMAT",
	  .choices = "text|json",
	  .help = "of what is printed to standard error after a failure" },
	{ .name = "all",
	  .letter = 'a',
	  .help = "also show the causes that are less than possible" },
	{ .name = "result", .arg = "FILE", .help = "write the JSON to FILE, also after a success" },
	{ .name = "trace",
	  .arg = "FILE",
	  .help = "record every transaction with the probe, and use it too" },
	{ 0 },
};

static const struct cli_example examples[] = {
	{ "swdoctor run -- openocd -f board.cfg -c 'program app.elf verify reset exit'",
	  "flash as always; when it fails, read why" },
	{ "swdoctor run --result why.json -- west flash", "for CI: keep the diagnosis as JSON" },
	{ "swdoctor run --trace s.pcapng -- openocd -f board.cfg -c 'program a.elf exit'",
	  "also record what it says to the probe" },
	{ 0 },
};

/* ---- listening ---- */

static void hear(struct ear *ear, const char *at, size_t len)
{
	run_log_add(&ear->log, at, len);
	if (!ear->deaf.code && len)
		analysis_feed(&ear->analysis, at, len, &ear->deaf);
}

static void heard(void *user, size_t stream, const char *at, size_t len)
{
	struct ear *ear = user;
	struct buf *waiting = &ear->waiting[stream];
	const char *newline = memrchr(at, '\n', len);
	size_t whole = newline ? (size_t)(newline - at) + 1 : 0;

	if (whole) {
		hear(ear, waiting->at, waiting->len);
		hear(ear, at, whole);
		buf_clear(waiting);
	}
	buf_add(waiting, at + whole, len - whole);
	if (waiting->len > LINE_MAX_BYTES) {
		hear(ear, waiting->at, waiting->len);
		buf_clear(waiting);
	}
}

static void hear_last(struct ear *ear)
{
	size_t i;

	for (i = 0; i < CHILD_STREAMS; i++) {
		if (!ear->waiting[i].len)
			continue;
		buf_add_char(&ear->waiting[i], '\n');
		hear(ear, ear->waiting[i].at, ear->waiting[i].len);
	}
	if (!ear->deaf.code && ear->trace.len)
		analysis_add_trace(&ear->analysis, buf_str(&ear->trace), &ear->recorded,
				   &ear->not_read);
	if (!ear->deaf.code)
		analysis_end(&ear->analysis, &ear->deaf);
}

/* ---- telling ---- */

static bool failed(const struct triage *t, const struct report *r)
{
	if (r->d && r->d->verdict == VERDICT_PROBLEM)
		return true;
	return t->end.status != 0 && !t->end.interrupted;
}

static void print(const struct triage *t, const struct report *r)
{
	struct report_style style = { .all = cli_count(t->args, "all"),
				      .verbose = cli_count(t->args, "verbose") };
	struct buf out;

	buf_init(&out);
	if (!strcmp(cli_value(t->args, "format", "text"), "json")) {
		report_json(r, &out);
	} else {
		term_init(&style.term, 2, cli_value(t->args, "color", NULL));
		buf_addf(&out, "\nswdoctor: %s ended with status %d\n\n", t->args->operands[0],
			 t->end.status);
		report_text(r, &style, &out);
	}
	output_write(2, out.at, out.len, "standard error", NULL);
	buf_done(&out);
}

/* One line, so that nobody looks for what was not recorded. */
static void tell_of_trace(const struct triage *t)
{
	const struct ear *ear = &t->ear;
	struct buf out;

	if (!ear->trace.len)
		return;
	buf_init(&out);
	if (ear->not_read.code)
		buf_addf(&out, "swdoctor: the trace is damaged: %s\n", ear->not_read.text);
	else if (!ear->recorded)
		buf_addf(&out,
			 "swdoctor: nothing was recorded: %s used no libusb-1.0, or met no "
			 "ST-LINK\n",
			 t->args->operands[0]);
	else
		buf_addf(&out,
			 "swdoctor: %llu transactions are in %s (swdoctor trace explains them)\n",
			 (unsigned long long)ear->recorded, buf_str(&ear->trace));
	output_write(2, out.at, out.len, "standard error", NULL);
	buf_done(&out);
}

static void keep_result(const struct triage *t, const struct report *r)
{
	const char *file = cli_value(t->args, "result", NULL);
	struct buf json;
	struct err e = { 0 };

	if (!file)
		return;
	buf_init(&json);
	report_json(r, &json);
	if (result_file_end(file, &json, &e))
		cli_fail(t->args, &e);
	buf_done(&json);
}

static void tell(struct triage *t, const struct err *not_run)
{
	const struct report_child child = { .argv = t->args->operands,
					    .argc = t->args->n_operands,
					    .status = t->end.status };
	struct report r = { .command = "run", .input = buf_str(&t->command_line), .child = &child };
	struct result end;

	r.error = not_run ? not_run : t->ear.deaf.code ? &t->ear.deaf : NULL;
	if (!r.error) {
		r.d = t->ear.analysis.d;
		r.events = t->ear.analysis.events;
		r.stats = &t->ear.analysis.stats;
	}
	if (!not_run)
		tell_of_trace(t);
	if (!not_run && failed(t, &r)) {
		print(t, &r);
		report_result(&r, &end);
		result_print(&end);
	}
	keep_result(t, &r);
}

/* Nothing could be run: our own mistake or a wrong option. */
static int tell_failure(const struct triage *t, const struct err *e)
{
	const struct report r = { .command = "run", .error = e };

	keep_result(t, &r);
	return cli_fail(t->args, e);
}

/* ---- the command ---- */

/* As a shell would take it. */
static void add_word(struct buf *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "%+,-./:=@_";

	if (*word && !word[strspn(word, plain)]) {
		buf_add_str(out, word);
		return;
	}
	buf_add_char(out, '\'');
	for (; *word; word++)
		if (*word == '\'')
			buf_add_str(out, "'\\''");
		else
			buf_add_char(out, *word);
	buf_add_char(out, '\'');
}

static void run_child(struct triage *t, const struct judge *judge)
{
	const struct cli_args *args = t->args;
	struct err e = { 0 };
	size_t i;
	int rc;

	analysis_init(&t->ear.analysis, judge);
	buf_init(&t->command_line);
	for (i = 0; i < CHILD_STREAMS; i++)
		buf_init(&t->ear.waiting[i]);
	for (i = 0; i < args->n_operands; i++) {
		if (i)
			buf_add_char(&t->command_line, ' ');
		add_word(&t->command_line, args->operands[i]);
	}
	run_log_begin(&t->ear.log, buf_str(&t->command_line));
	rc = child_run(args->operands, heard, &t->ear, &t->end, &e);
	if (rc)
		cli_fail(args, &e);
	else
		hear_last(&t->ear);
	run_log_end(&t->ear.log);
	if (t->ear.recorded)
		run_log_keep_trace(buf_str(&t->ear.trace));
	tell(t, rc ? &e : NULL);
	for (i = 0; i < CHILD_STREAMS; i++)
		buf_done(&t->ear.waiting[i]);
	buf_done(&t->command_line);
	analysis_done(&t->ear.analysis);
}

static int prepare(struct triage *t, struct judge *judge, struct err *e)
{
	const char *file = cli_value(t->args, "result", NULL);
	const char *trace = cli_value(t->args, "trace", NULL);
	struct buf mistakes;
	int rc = file ? result_file_begin(file, "run", e) : 0;

	if (rc)
		return rc;
	buf_init(&mistakes);
	rc = judge_init(judge, cli_value(t->args, "rules", NULL), &mistakes, e);
	output_write(2, buf_str(&mistakes), mistakes.len, "standard error", NULL);
	buf_done(&mistakes);
	if (!rc && trace)
		rc = run_trace_begin(trace, &t->ear.trace, e);
	return rc;
}

static int run(const struct cli_command *c, const struct cli_args *args)
{
	struct triage t = { .args = args };
	struct judge judge = { 0 };
	struct err e = { 0 };
	int code;

	(void)c;
	buf_init(&t.ear.trace);
	if (prepare(&t, &judge, &e)) {
		code = tell_failure(&t, &e);
	} else {
		run_child(&t, &judge);
		code = t.end.status;
	}
	buf_done(&t.ear.trace);
	judge_done(&judge);
	return code;
}

const struct cli_command cmd_run = {
	.name = "run",
	.operands = "[--] COMMAND [ARG]...",
	.min_operands = 1,
	.max_operands = CLI_OPERANDS_ANY,
	.stops_at_operand = true,
	.summary = "run another tool, pass its output through and explain its failure",
	.examples = examples,
	.options = { options },
	.details = "The tool's output, exit status and terminal stay as they are. After a failure "
		   "(its exit status is not 0, or what it printed shows a problem: some tools exit "
		   "with 0 though nothing worked) a report follows on standard error.",
	.run = run,
};
