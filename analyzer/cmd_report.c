/* `swdoctor report`: what went wrong, written for whoever is to help. */
#include "analyzer/commands.h"

#include <string.h>

#include "analyzer/decode.h"
#include "analyzer/output.h"
#include "analyzer/report_html.h"
#include "analyzer/report_input.h"
#include "analyzer/report_md.h"
#include "analyzer/report_wiring.h"
#include "analyzer/result.h"
#include "analyzer/rule_template.h"
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
	  .choices = "md|html|svg",
	  .help = "whatever FILE is called" },
	{ .name = "last", .help = "about the newest trace that was kept" },
	{ .name = "connector",
	  .arg = "NAME",
	  .help = "the probe's connector: arm-20, cortex-10, dongle-a, dongle-b, nucleo-6, "
		  "stdc-14, tc2030" },
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
	{ "swdoctor report --last --for generic -o bug.md", "about the run that has just failed" },
	{ 0 },
};

struct writing {
	const struct cli_args *args;
	struct report_input *in;
	struct html_rows *rows;
	const struct connector *connector; /* NULL: by the probe */
	struct buf *out;
};

static int write_md(struct writing *w, struct err *e)
{
	const struct rules *rules = w->in->report.rules;
	const char *name = cli_value(w->args, "for", "generic");
	const struct template_rule *t = template_find(rules, name);
	const char *near;

	if (t)
		return report_md(w->in, t, w->connector, w->out, e);
	near = names_suggest(&rules->names[NAME_TEMPLATE], name);
	return err_set(e, ERR_USAGE, "no report is called '%.60s'%s%s%s", name,
		       near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static int write_svg(struct writing *w, struct err *e)
{
	const struct connector *list[3];
	struct wire_map m;

	(void)e;
	report_wire_states(w->in->report.d, w->in->report.rules, w->in->arena, &m);
	report_connectors(w->in, w->connector, list);
	m.connector = list[0];
	wire_map_svg(&m, w->out);
	return 0;
}

static int write_html(struct writing *w, struct err *e)
{
	return report_html(w->in, w->rows, w->connector, w->out, e);
}

static const struct format {
	const char *name, *ending;
	int (*write)(struct writing *w, struct err *e);
} formats[] = {
	{ "md", ".md", write_md },
	{ "html", ".html", write_html },
	{ "svg", ".svg", write_svg },
};

static bool ends_with(const char *text, const char *ending)
{
	size_t len = strlen(text), n = strlen(ending);

	return len >= n && !strcmp(text + len - n, ending);
}

static const struct format *choose_format(const struct cli_args *args)
{
	const char *name = cli_value(args, "format", NULL);
	const char *file = cli_value(args, "output", "");

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (name ? !strcmp(name, formats[i].name) : ends_with(file, formats[i].ending))
			return &formats[i];
	return &formats[0];
}

static int choose_connector(struct writing *w, struct err *e)
{
	const char *name = cli_value(w->args, "connector", NULL);

	w->connector = name ? connector_find(name) : NULL;
	if (name && !w->connector)
		return err_set(e, ERR_USAGE, "no connector is called '%.60s'", name);
	return 0;
}

/* The input's name: an operand, or the newest trace, which is put into `path`. */
static int choose_input(const struct cli_args *args, struct buf *path, const char **ret,
			struct err *e)
{
	struct buf folder;
	int rc;

	if (args->n_operands && cli_count(args, "last"))
		return err_set(e, ERR_USAGE, "either a file or --last, not both");
	if (args->n_operands) {
		*ret = args->operands[0];
		return 0;
	}
	if (!cli_count(args, "last"))
		return err_set(e, ERR_USAGE, "name a log or a trace, or say --last");
	buf_init(&folder);
	rc = trace_ring_folder(&folder, e);
	if (!rc)
		rc = trace_ring_newest(folder.at, path, e);
	buf_done(&folder);
	*ret = path->at;
	return rc;
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

static int write_report(const struct cli_args *args, const struct judge *j, const char *name,
			struct err *e)
{
	struct html_rows rows;
	struct report_input in = { .name = name, .row = html_rows_add, .row_user = &rows };
	const char *file = cli_value(args, "output", "-");
	struct buf out;
	struct writing w = { .args = args, .in = &in, .rows = &rows, .out = &out };
	int rc;

	buf_init(&out);
	rc = choose_connector(&w, e);
	if (rc)
		return rc;
	html_rows_init(&rows);
	rc = report_input_read(&in, j, !cli_count(args, "no-redact"), e);
	if (rc)
		err_prefix(e, rc, "%s", name);
	else
		rc = choose_format(args)->write(&w, e);
	if (!rc && strcmp(file, "-"))
		rc = output_file(file, &out, e);
	else if (!rc)
		rc = output_write(1, out.at, out.len, "standard output", e);
	report_input_done(&in);
	html_rows_done(&rows);
	buf_done(&out);
	return rc;
}

static int run(const struct cli_command *c, const struct cli_args *args)
{
	struct judge judge = { 0 };
	struct buf path;
	const char *name = NULL;
	struct err e = { 0 };
	int rc;

	(void)c;
	buf_init(&path);
	rc = choose_input(args, &path, &name, &e);
	if (!rc)
		rc = make_judge(args, &judge, &e);
	if (!rc)
		rc = write_report(args, &judge, name, &e);
	judge_done(&judge);
	buf_done(&path);
	return rc ? cli_fail(args, &e) : EXIT_CODE_HEALTHY;
}

const struct cli_command cmd_report = {
	.name = "report",
	.operands = "[FILE|-]",
	.max_operands = 1,
	.summary = "write a report about a log or a trace: for a bug tracker, for the bench",
	.examples = examples,
	.options = { options },
	.details =
		"FILE is a log of any tool, a trace or a USB capture; - is standard input. The "
		"report "
		"holds the verdict with its evidence, the lines or transactions around the first "
		"failure, and what the project asks for; what is not known is marked to be "
		"added.\n\n"
		"Serial numbers, unique ids, names of users and hosts, folders and addresses are "
		"replaced by tokens, the same token for the same thing; --no-redact leaves them "
		"in.\n\n"
		"Exit code: 0 the report was written, whatever it says; 2 wrong usage, or a file "
		"that "
		"cannot be read.",
	.run = run,
};
