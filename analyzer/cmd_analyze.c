/* `swdoctor analyze`: what went wrong according to these logs or captures. */
#include "analyzer/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/base/output.h"
#include "analyzer/base/result.h"
#include "analyzer/cli/workers.h"
#include "analyzer/report/report.h"
#include "analyzer/triage/analysis.h"
#include "analyzer/usb/decode.h"

#define JOBS_MAX 256

struct job {
	const struct cli_args *args;
	struct judge judge;
	struct report_style style;
	bool json; /* on stdout; else text */

	struct buf kept;   /* the JSON of all inputs, for the result file */
	struct result end; /* the worst so far */
	struct err failed; /* stdout could not be written */
};

/* What one input yields, as it crosses from a worker: this, then the three texts. */
struct outcome {
	struct result end;
	size_t out_len, json_len, message_len;
};

static const struct cli_option options[] = {
	{ .name = "format",
	  .arg = "FORMAT",
	  .choices = "text|json|jsonl",
	  .help = "text for people, or one JSON object (a line each for several inputs)" },
	{ .name = "jobs", .letter = 'j', .arg = "N", .help = "work on N inputs at a time" },
	{ .name = "all",
	  .letter = 'a',
	  .help = "also show the causes that are less than possible" },
	{ .name = "events", .help = "list in the JSON what each recognised line was taken for" },
	{ .name = "probe", .arg = "N", .help = "of a capture judge only the Nth probe" },
	{ .name = "result", .arg = "FILE", .help = "also write the JSON to FILE, atomically" },
	{ 0 },
};

static const struct cli_example examples[] = {
	{ "swdoctor analyze flash.log", "what went wrong, and what to do first" },
	{ "openocd -f board.cfg 2>&1 | swdoctor analyze -",
	  "read another tool's output as it comes" },
	{ "swdoctor analyze -j 4 --format jsonl logs/*.log", "many logs, one JSON object a line" },
	{ 0 },
};

/* ---- one input ---- */

static int open_input(const char *name, int *ret_fd, struct err *e)
{
	struct stat st;
	int fd = 0;

	if (strcmp(name, "-"))
		fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st))
		return err_set_native(e, ERR_NOT_FOUND, errno, "cannot open: %s", strerror(errno));
	if (S_ISDIR(st.st_mode)) {
		close(fd);
		return err_set(e, ERR_FORMAT, "a directory, not a log");
	}
	*ret_fd = fd;
	return 0;
}

static int examine(struct analysis *a, const char *name, struct err *e)
{
	int fd = -1, rc;

	rc = open_input(name, &fd, e);
	if (rc)
		return rc;
	rc = analysis_read_fd(a, fd, e);
	if (fd != 0)
		close(fd);
	return rc ? rc : analysis_end(a, e);
}

/* The report of one input, packed to cross from a worker. */
static void pack(const struct report *r, const struct job *job, struct buf *ret)
{
	struct outcome o = { 0 };
	struct buf out, json, message;

	buf_init(&out);
	buf_init(&json);
	buf_init(&message);
	report_result(r, &o.end);
	report_json(r, &json);
	if (r->error)
		buf_addf(&message, "%s: %s", r->input, r->error->text);
	if (job->json)
		buf_add(&out, json.at, json.len);
	else if (!r->error)
		report_text(r, &job->style, &out);
	o.out_len = out.len;
	o.json_len = json.len;
	o.message_len = message.len;
	buf_add(ret, &o, sizeof(o));
	buf_add(ret, out.at, out.len);
	buf_add(ret, json.at, json.len);
	buf_add(ret, message.at, message.len);
	buf_done(&out);
	buf_done(&json);
	buf_done(&message);
}

static void work(void *user, size_t i, struct buf *ret)
{
	const struct job *job = user;
	struct report r = { .command = "analyze", .input = job->args->operands[i] };
	struct analysis a;
	struct err e = { 0 };

	analysis_init(&a, &job->judge);
	if (examine(&a, r.input, &e)) {
		r.error = &e;
	} else {
		r.d = a.d;
		r.events = a.events;
		r.stats = &a.stats;
		r.is_capture = a.is_capture;
		if (cli_count(job->args, "events"))
			r.rules = job->judge.rules;
	}
	pack(&r, job, ret);
	analysis_done(&a);
}

/* A worker that died, as an outcome. */
static void pack_death(const struct job *job, size_t i, int died_of, struct buf *ret)
{
	struct err e = { 0 };
	const struct report r = { .command = "analyze",
				  .input = job->args->operands[i],
				  .error = &e };

	err_set_native(&e, ERR_INTERNAL, died_of, "the examination crashed (%s)",
		       died_of ? strsignal(died_of) : "no signal");
	pack(&r, job, ret);
}

/* ---- all of them ---- */

static void put_text(struct job *job, size_t i, const char *out, size_t len)
{
	if (job->failed.code)
		return;
	if (i > 0 && !job->json && output_write(1, "\n", 1, "standard output", &job->failed))
		return;
	output_write(1, out, len, "standard output", &job->failed);
}

static void take(void *user, size_t i, const struct buf *result, int died_of)
{
	struct job *job = user;
	struct outcome o;
	struct buf death;
	struct err e = { .code = ERR_FORMAT };
	const char *at;

	buf_init(&death);
	if (!result) {
		pack_death(job, i, died_of, &death);
		result = &death;
	}
	memcpy(&o, result->at, sizeof(o));
	at = result->at + sizeof(o);
	if (o.out_len)
		put_text(job, i, at, o.out_len);
	at += o.out_len;
	buf_add(&job->kept, at, o.json_len);
	at += o.json_len;
	if (o.message_len) {
		snprintf(e.text, sizeof(e.text), "%.*s", (int)o.message_len, at);
		cli_fail(job->args, &e);
	}
	if (i == 0)
		job->end = o.end;
	result_merge(&job->end, &o.end);
	buf_done(&death);
}

static int examine_all(struct job *job, struct err *e)
{
	static const struct workers_ops ops = { .work = work, .take = take };
	struct buf mistakes;
	long jobs = 1, probe = 0;
	int rc;

	rc = cli_number(job->args, "jobs", 1, JOBS_MAX, &jobs, e);
	if (!rc)
		rc = cli_number(job->args, "probe", 1, DECODE_PROBES_MAX, &probe, e);
	if (rc)
		return rc;
	buf_init(&mistakes);
	rc = judge_init(&job->judge, cli_value(job->args, "rules", NULL), &mistakes, e);
	output_write(2, buf_str(&mistakes), mistakes.len, "standard error", NULL);
	buf_done(&mistakes);
	if (rc)
		return rc;
	job->judge.probe = (unsigned)probe;
	rc = workers_run(&ops, job, job->args->n_operands, (size_t)jobs, e);
	if (!rc && job->failed.code) {
		*e = job->failed;
		rc = (int)e->code;
	}
	return rc;
}

/* What is told when nothing could be examined, or not all of it printed. */
static void fail(struct job *job, const struct err *e)
{
	const struct report r = { .command = "analyze", .error = e };
	struct result end;

	cli_fail(job->args, e);
	report_result(&r, &end);
	result_merge(&job->end, &end);
	if (job->kept.len)
		return;
	report_json(&r, &job->kept);
	if (job->json) /* nobody who reads it is left without an object */
		output_write(1, job->kept.at, job->kept.len, "standard output", NULL);
}

static int run(const struct cli_command *c, const struct cli_args *args)
{
	const char *file = cli_value(args, "result", NULL);
	struct job job = { .args = args };
	struct err e = { 0 };

	job.json = strcmp(cli_value(args, "format", "text"), "text");
	job.style.all = cli_count(args, "all");
	job.style.verbose = cli_count(args, "verbose");
	term_init(&job.style.term, 1, cli_value(args, "color", NULL));
	buf_init(&job.kept);
	result_fill(&job.end, EXIT_CODE_HEALTHY, NULL, NULL, NULL);
	if ((file && result_file_begin(file, c->name, &e)) || examine_all(&job, &e))
		fail(&job, &e);
	if (file && result_file_end(file, &job.kept, &e))
		fail(&job, &e);
	result_print(&job.end);
	judge_done(&job.judge);
	buf_done(&job.kept);
	return job.end.code;
}

const struct cli_command cmd_analyze = {
	.name = "analyze",
	.operands = "FILE...|-",
	.min_operands = 1,
	.max_operands = CLI_OPERANDS_ANY,
	.summary = "find out from a log or a USB capture of any tool why it failed",
	.examples = examples,
	.options = { options },
	.details =
		"FILE is what OpenOCD, st-flash, STM32CubeProgrammer, ST-LINK_gdbserver, pyOCD or "
		"probe-rs printed, alone or wrapped by PlatformIO, Arduino, west or make; or a "
		"capture of its USB traffic with the probe (pcap, pcapng). - is standard input. "
		"What "
		"it is, is recognised by its content.\n\n"
		"Exit code: 0 healthy, 1 a problem was found, 2 wrong usage or a bad file, 11 no "
		"verdict, 70 internal error; of several inputs the worst. The last line on "
		"standard error tells it too: RESULT code=... class=... cause=...",
	.run = run,
};
