/* `swdoctor trace`: every transaction of a trace or a USB capture, explained. */
#include "analyzer/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/base/output.h"
#include "analyzer/base/result.h"
#include "analyzer/usb/trace_json.h"
#include "analyzer/usb/trace_summary.h"
#include "analyzer/usb/trace_table.h"

#define FLUSH_BYTES	65536
#define CONTEXT_DEFAULT 10

enum shape { SHAPE_TEXT, SHAPE_JSON, SHAPE_JSONL };

struct show {
	enum shape shape;
	bool packets;
	struct term term;
	struct buf out;
	struct json json;
	struct trace_summary *summary; /* NULL: rows are shown */
	uint64_t shown;
	struct err failed; /* stdout could not be written */
};

static const struct cli_option options[] = {
	{ .name = "format",
	  .arg = "FORMAT",
	  .choices = "text|json|jsonl",
	  .help = "a table, one JSON object, or a JSON object a line" },
	{ .name = "summary",
	  .letter = 's',
	  .help = "counts per command and status, latencies, WAITs, the first failure" },
	{ .name = "around", .arg = "N", .help = "only transaction N and its neighbours" },
	{ .name = "context", .arg = "N", .help = "how many neighbours on either side (10)" },
	{ .name = "packets", .help = "number by packet, as Wireshark does" },
	{ .name = "command",
	  .arg = "WORD",
	  .help = "only commands with WORD in their name (READMEM, nrst)" },
	{ .name = "status",
	  .arg = "WORD",
	  .help = "only those that ended so: AP_WAIT, 0x10, timeout" },
	{ .name = "failed", .letter = 'f', .help = "only those that failed" },
	{ .name = "probe", .arg = "N", .help = "only the Nth probe of the capture" },
	{ 0 },
};

static const struct cli_example examples[] = {
	{ "swdoctor trace session.pcapng", "what was said to the probe, and what it answered" },
	{ "swdoctor trace --summary session.pcapng", "the same in figures" },
	{ "swdoctor trace --failed session.pcapng", "only what failed" },
	{ "swdoctor trace --around 412 session.pcapng", "what led to transaction 412" },
	{ "tshark -i usbmon1 -w - | swdoctor trace -", "another tool's session as it goes" },
	{ 0 },
};

static void flush(struct show *s, size_t limit)
{
	if (s->out.len >= limit && s->out.len > 0) {
		if (!s->failed.code)
			output_write(1, s->out.at, s->out.len, "standard output", &s->failed);
		buf_clear(&s->out);
	}
}

static void on_row(void *user, const struct trace_row *row)
{
	struct show *s = user;

	s->shown++;
	if (s->summary) {
		trace_summary_add(s->summary, row);
		return;
	}
	switch (s->shape) {
	case SHAPE_TEXT:
		if (s->shown == 1)
			trace_table_head(&s->term, &s->out);
		trace_table_row(&s->term, row, s->packets, &s->out);
		break;
	case SHAPE_JSONL:
		json_begin(&s->json, &s->out);
		trace_json_row(&s->json, row);
		buf_add_char(&s->out, '\n');
		break;
	case SHAPE_JSON:
		trace_json_row(&s->json, row);
		return; /* one object is written as a whole */
	}
	flush(s, s->term.tty ? 1 : FLUSH_BYTES);
}

static void begin_json(struct show *s, const char *input)
{
	json_begin(&s->json, &s->out);
	json_open_object(&s->json, NULL);
	json_put_str(&s->json, "schema", "swdoctor/1");
	json_put_str(&s->json, "command", "trace");
	json_put_str(&s->json, "input", input);
	if (!s->summary && s->shape == SHAPE_JSON)
		json_open_array(&s->json, "transactions");
}

static void end_json(struct show *s, const struct capture_stats *stats, const struct err *e)
{
	struct json *j = &s->json;

	if (s->summary)
		trace_summary_json(s->summary, j);
	else if (s->shape == SHAPE_JSON)
		json_close_array(j);
	json_put_int(j, "packets", (int64_t)stats->packets);
	json_put_int(j, "probes", stats->probes);
	if (stats->cut)
		json_put_int(j, "cut_at", (int64_t)stats->cut_offset);
	json_put_str(j, "state", e->code ? "failed" : "done");
	json_put_str(j, "verdict", "unknown"); /* a trace explains; `analyze` judges */
	json_put_int(j, "exit_code", e->code ? exit_code_of_err(e->code) : EXIT_CODE_HEALTHY);
	if (e->code)
		json_put_str(j, "error", e->text);
	json_close_object(j);
	buf_add_char(&s->out, '\n');
}

/* What the reader of a table should know beside it. */
static void say_odd_ends(const struct cli_args *args, const struct show *s,
			 const struct capture_stats *stats)
{
	struct err e = { .code = ERR_FORMAT };
	struct buf text;

	buf_init(&text);
	if (stats->probes == 0)
		buf_addf(&text, "no ST-LINK in these %llu packets",
			 (unsigned long long)stats->packets);
	else if (s->shown == 0)
		buf_addf(&text, "nothing of these %llu transactions fits the filter",
			 (unsigned long long)stats->xacts);
	if (stats->cut)
		buf_addf(&text, "%sthe file ends inside a record, at offset %llu",
			 text.len ? "; " : "", (unsigned long long)stats->cut_offset);
	if (text.len) {
		strncpy(e.text, text.at, sizeof(e.text) - 1);
		cli_fail(args, &e);
	}
	buf_done(&text);
}

static int filter_from(const struct cli_args *args, struct trace_filter *f, struct err *e)
{
	long around = 0, context = CONTEXT_DEFAULT, probe = 0;
	int rc = cli_number(args, "around", 1, LONG_MAX, &around, e);

	if (!rc)
		rc = cli_number(args, "context", 0, LONG_MAX, &context, e);
	if (!rc)
		rc = cli_number(args, "probe", 1, 64, &probe, e);
	if (rc)
		return rc;
	*f = (struct trace_filter){
		.command = cli_value(args, "command", NULL),
		.status = cli_value(args, "status", NULL),
		.failed = cli_count(args, "failed"),
		.probe = (unsigned)probe,
		.around = (uint64_t)around,
		.context = (uint64_t)context,
	};
	return 0;
}

static int open_file(const char *name, int *ret_fd, struct err *e)
{
	int fd = strcmp(name, "-") ? open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY) : 0;

	if (fd < 0)
		return err_set_native(e, ERR_NOT_FOUND, errno, "cannot open: %s", strerror(errno));
	*ret_fd = fd;
	return 0;
}

static int read_file(struct show *s, const char *name, const struct trace_filter *f,
		     struct capture_stats *stats, struct err *e)
{
	struct trace_rows *rows;
	int fd, rc = open_file(name, &fd, e);

	if (rc)
		return rc;
	rows = trace_rows_new(f, (struct trace_sink){ on_row, s });
	rc = trace_rows_read(rows, (struct pcap_source){ pcap_read_fd, &fd }, stats, e);
	trace_rows_free(rows);
	if (fd != 0)
		close(fd);
	return rc;
}

static void show_init(struct show *s, const struct cli_args *args)
{
	const char *format = cli_value(args, "format", "text");

	s->shape = strcmp(format, "json") == 0	  ? SHAPE_JSON
		   : strcmp(format, "jsonl") == 0 ? SHAPE_JSONL
						  : SHAPE_TEXT;
	s->packets = cli_count(args, "packets");
	term_init(&s->term, 1, cli_value(args, "color", NULL));
	buf_init(&s->out);
	s->summary = cli_count(args, "summary") ? trace_summary_new() : NULL;
}

static void show_end(struct show *s, const struct capture_stats *stats, const struct err *e)
{
	bool one_object = s->shape == SHAPE_JSON || (s->summary && s->shape == SHAPE_JSONL);

	if (one_object)
		end_json(s, stats, e);
	else if (s->summary && s->shown)
		trace_summary_text(s->summary, &s->term, &s->out);
	flush(s, 1);
	trace_summary_free(s->summary);
	buf_done(&s->out);
}

static int run(const struct cli_command *c, const struct cli_args *args)
{
	const char *name = args->operands[0];
	struct capture_stats stats = { 0 };
	struct trace_filter filter;
	struct show s = { 0 };
	struct err e = { 0 };
	int code = EXIT_CODE_HEALTHY;

	(void)c;
	if (filter_from(args, &filter, &e))
		return cli_fail(args, &e);
	show_init(&s, args);
	if (s.shape == SHAPE_JSON || (s.summary && s.shape == SHAPE_JSONL))
		begin_json(&s, name);
	if (read_file(&s, name, &filter, &stats, &e))
		err_prefix(&e, (int)e.code, "%s", name);
	show_end(&s, &stats, &e);
	if (e.code)
		code = cli_fail(args, &e);
	else
		say_odd_ends(args, &s, &stats);
	if (s.failed.code)
		code = cli_fail(args, &s.failed);
	return code;
}

const struct cli_command cmd_trace = {
	.name = "trace",
	.operands = "FILE|-",
	.min_operands = 1,
	.max_operands = 1,
	.summary = "explain every transaction of a trace or a USB capture",
	.examples = examples,
	.options = { options },
	.details =
		"FILE is a trace that --trace has written, or a capture of any tool's traffic with "
		"an ST-LINK: pcap or pcapng from usbmon, Wireshark, USBPcap or macOS; - is "
		"standard input.\n\n"
		"A memory access carries no status of its own: the table shows beside it what a "
		"later command told. Nothing is judged here; `swdoctor analyze FILE` does that.\n\n"
		"Exit code: 0 read to the end, 2 wrong usage, or damaged at the offset named.",
	.run = run,
};
