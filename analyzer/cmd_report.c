/* `swdoctor report`: what went wrong, written for whoever is to help. */
#include "analyzer/commands.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/base/output.h"
#include "analyzer/base/result.h"
#include "analyzer/report/report_write.h"
#include "analyzer/usb/decode.h"
#include "probe/trace_ring.h"

static const struct cli_option options[] = {
	{ .name = "for",
	  .letter = 'f',
	  .arg = "NAME",
	  .help = "whose template is filled: openocd, stlink, probe-rs, pyocd, zephyr, st-forum, "
		  "generic, wiring, or one of your own rules" },
	{ .name = "output",
	  .letter = 'o',
	  .arg = "FILE",
	  .help = "write FILE instead of standard output; its ending chooses the format" },
	{ .name = "format",
	  .arg = "FORMAT",
	  .choices = "md|html|svg|junit|prometheus|events",
	  .help = "whatever FILE is called" },
	{ .name = "last",
	  .help = "about the last run: the trace or the log that was kept, or both" },
	{ .name = "log",
	  .arg = "LOG",
	  .help = "what the tool printed while FILE, a trace, was recorded: judge both as one" },
	{ .name = "connector",
	  .arg = "NAME",
	  .help = "the probe's connector: arm-20, cortex-10, dongle-a, dongle-b, nucleo-6, "
		  "stdc-14, tc2030" },
	{ .name = "label",
	  .arg = "NAME=VALUE",
	  .help = "put this label on every sample for Prometheus (may be repeated)" },
	{ .name = "probe", .arg = "N", .help = "of a capture only the Nth probe" },
	{ .name = "no-redact",
	  .help = "leave serial numbers, ids, names, folders and addresses in" },
	{ 0 },
};

static const struct cli_example examples[] = {
	{ "swdoctor report --for openocd flash.log",
	  "a bug report with all that OpenOCD asks for" },
	{ "swdoctor report --for wiring flash.log", "the connector, and what to measure on it" },
	{ "swdoctor report flash.log -o report.html", "one page with everything, for a browser" },
	{ "swdoctor report -o results.xml logs/*.log", "for a CI server" },
	{ "swdoctor report --last --for generic -o bug.md", "about the run that has just failed" },
	{ "swdoctor report t.pcapng --log flash.log -o report.html",
	  "what `swdoctor run --trace t.pcapng` saw and heard" },
	{ 0 },
};

#define JOBS_MAX   64
#define LABELS_MAX 16

static int choose_connector(const struct cli_args *args, struct report_wish *w, struct err *e)
{
	const char *name = cli_value(args, "connector", NULL);

	w->connector = name ? connector_find(name) : NULL;
	if (name && !w->connector)
		return err_set(e, ERR_USAGE, "no connector is called '%.60s'", name);
	return 0;
}

/* "board=nucleo-3" */
static int take_labels(const struct cli_args *args, struct lab_label *labels, struct report_wish *w,
		       struct err *e)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	const char *text;

	w->labels = labels;
	while ((text = cli_nth(args, "label", w->n_labels))) {
		const char *equals = strchr(text, '=');
		size_t len = equals ? (size_t)(equals - text) : 0;

		if (w->n_labels == LABELS_MAX)
			return err_set(e, ERR_USAGE, "more than %d labels", LABELS_MAX);
		if (!len || strspn(text, letters) == 0 ||
		    strspn(text,
			   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") !=
			    len)
			return err_set(e, ERR_USAGE, "'%.60s' is no label: NAME=VALUE", text);
		labels[w->n_labels++] = (struct lab_label){ text, len, equals + 1 };
	}
	return 0;
}

/* What a report is about that is not about operands: NULL where there is none of it. */
struct pair {
	struct buf file, log;
};

/* The newest trace or log is the only input, with the log of the same run if both were kept. */
static int choose_last(struct pair *last, struct err *e)
{
	struct buf folder;
	int rc;

	buf_init(&folder);
	rc = trace_ring_folder(&folder, e);
	if (!rc)
		rc = trace_ring_newest(folder.at, &last->file, &last->log, e);
	buf_done(&folder);
	return rc;
}

static int check_operands(const struct cli_args *args, const struct report_format *f, struct err *e)
{
	bool last = cli_count(args, "last");

	if (cli_count(args, "log") &&
	    (args->n_operands != 1 || !strcmp(args->operands[0], "-") || cli_count(args, "probe")))
		return err_set(e, ERR_USAGE,
			       "--log goes with one trace, the file recorded beside it");
	if (args->n_operands && last)
		return err_set(e, ERR_USAGE, "either a file or --last, not both");
	if (!args->n_operands && !last)
		return err_set(e, ERR_USAGE, "name a log or a trace, or say --last");
	if (args->n_operands > 1 && !f->many)
		return err_set(e, ERR_USAGE, "a report of this format is about one file");
	if (args->n_operands > JOBS_MAX)
		return err_set(e, ERR_USAGE, "more than %d files", JOBS_MAX);
	return 0;
}

static int make_judge(const struct cli_args *args, struct judge *j, struct err *e)
{
	struct buf mistakes;
	long probe = 0;
	int rc = cli_number(args, "probe", 1, DECODE_PROBES_MAX, &probe, e);

	if (rc)
		return rc;
	buf_init(&mistakes);
	rc = judge_init(j, cli_value(args, "rules", NULL), &mistakes, e);
	output_write(2, buf_str(&mistakes), mistakes.len, "standard error", NULL);
	buf_done(&mistakes);
	j->probe = (unsigned)probe;
	return rc;
}

/*
 * Reads one input, with the log beside it (NULL: it stands alone); where the format can tell of it,
 * a failure is told there too.
 */
static void read_job(struct report_job *job, const struct judge *j, const char *file,
		     const char *log, bool redact)
{
	const char *name = log ? log : file;

	html_rows_init(&job->rows);
	job->in = (struct report_input){ .name = name,
					 .trace = log ? file : NULL,
					 .row = html_rows_add,
					 .row_user = &job->rows };
	if (!report_input_read(&job->in, j, redact, &job->failed))
		return;
	err_prefix(&job->failed, (int)job->failed.code, "%s", name);
	job->in.report =
		(struct report){ .command = "report", .input = name, .error = &job->failed };
}

static int write_out(const struct cli_args *args, const struct buf *out, struct err *e)
{
	const char *file = cli_value(args, "output", "-");

	if (strcmp(file, "-"))
		return output_file(file, out, e);
	return output_write(1, out->at, out->len, "standard output", e);
}

static int write_report(const struct cli_args *args, const struct judge *j,
			const struct report_format *f, const struct pair *last, struct err *e)
{
	const char *log = cli_value(args, "log", last->log.len ? last->log.at : NULL);
	struct lab_label labels[LABELS_MAX];
	struct report_wish w = { .template_id = cli_value(args, "for", "generic"),
				 .wall_us = clock_wall_us(&clock_real) };
	struct err unread = { 0 };
	struct buf out;
	int rc = choose_connector(args, &w, e);

	if (!rc)
		rc = take_labels(args, labels, &w, e);
	if (rc)
		return rc;
	w.n_jobs = args->n_operands ? args->n_operands : 1;
	w.jobs = calloc(w.n_jobs, sizeof(w.jobs[0]));
	if (!w.jobs)
		abort();
	buf_init(&out);
	for (size_t i = 0; i < w.n_jobs; i++) {
		read_job(&w.jobs[i], j, args->n_operands ? args->operands[i] : last->file.at, log,
			 !cli_count(args, "no-redact"));
		if (w.jobs[i].failed.code && !unread.code)
			unread = w.jobs[i].failed;
	}
	if (!unread.code || f->many)
		rc = f->write(&w, &out, e);
	if (!rc && (!unread.code || f->many))
		rc = write_out(args, &out, e);
	if (!rc && unread.code) {
		*e = unread;
		rc = (int)unread.code;
	}
	for (size_t i = 0; i < w.n_jobs; i++) {
		report_input_done(&w.jobs[i].in);
		html_rows_done(&w.jobs[i].rows);
	}
	free(w.jobs);
	buf_done(&out);
	return rc;
}

static int run(const struct cli_command *c, const struct cli_args *args)
{
	const struct report_format *f =
		report_format_find(cli_value(args, "format", NULL), cli_value(args, "output", ""));
	struct judge judge = { 0 };
	struct pair last;
	struct err e = { 0 };
	int rc;

	(void)c;
	buf_init(&last.file);
	buf_init(&last.log);
	rc = check_operands(args, f, &e);
	if (!rc && cli_count(args, "last"))
		rc = choose_last(&last, &e);
	if (!rc)
		rc = make_judge(args, &judge, &e);
	if (!rc)
		rc = write_report(args, &judge, f, &last, &e);
	judge_done(&judge);
	buf_done(&last.file);
	buf_done(&last.log);
	return rc ? cli_fail(args, &e) : EXIT_CODE_HEALTHY;
}

const struct cli_command cmd_report = {
	.name = "report",
	.operands = "[FILE...|-]",
	.max_operands = CLI_OPERANDS_ANY,
	.summary = "write a report about a log or a trace: for a bug tracker, for the bench",
	.examples = examples,
	.options = { options },
	.details =
		"FILE is a log of any tool, a trace or a USB capture; - is standard input. The "
		"report "
		"holds the verdict with its evidence, the lines or transactions around the first "
		"failure, and what the project asks for; what is not known is marked to be "
		"added.\n\n"
		"What `swdoctor run --trace` recorded and what the tool printed meanwhile are one "
		"session: with --log, and with --last of its own, both are judged together, and "
		"each piece of evidence leads to the line or the transaction it rests on.\n\n"
		"For labs: junit (.xml) has a case for each hop, error where the lab is to blame "
		"and "
		"failure where the board is; prometheus (.prom) is for node_exporter's textfile "
		"collector; events (.jsonl) has a JSON object a line. These take several files, "
		"and "
		"replace FILE at once.\n\n"
		"Serial numbers, unique ids, names of users and hosts, folders and addresses are "
		"replaced by tokens, the same token for the same thing; --no-redact leaves them "
		"in.\n\n"
		"Exit code: 0 the report was written, whatever it says; 2 wrong usage, or a file "
		"that "
		"cannot be read.",
	.run = run,
};
