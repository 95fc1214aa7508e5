/*
 * The blanks of a bug report that the session fills (tool, probe, chip, host, log), and the table
 * of all of them, in the order of report_blanks.def.
 */
#include "analyzer/report/report_md_parts.h"

#include <inttypes.h>
#include <string.h>

#include "analyzer/report/report_wiring.h"
#include "analyzer/rule/rule_template.h"
#include "probe/usb_ids.h"

#define COMMANDS_SHOWN 8

/* A trace of our own tells it in a mark. */
static void fill_tool(struct md *m)
{
	if (m->in->report.stats->tool)
		md_add_text(m, m->in->report.stats->tool);
	else
		md_add_event_text(m, EVENT_TOOL_BANNER, 0);
}

static void fill_tool_version(struct md *m)
{
	if (m->in->report.stats->tool_version)
		md_add_text(m, m->in->report.stats->tool_version);
	else
		md_add_event_text(m, EVENT_TOOL_BANNER, 1);
}

static void fill_command(struct md *m)
{
	const struct events *events = m->in->report.events;
	size_t shown = 0;

	for (size_t i = 0; i < events_len(events) && shown < COMMANDS_SHOWN; i++) {
		const struct event *ev = events_at(events, i);

		if (ev->kind != EVENT_TOOL_COMMAND)
			continue;
		if (shown++)
			buf_add_str(m->out, "\n");
		md_add_code(m, ev->text);
	}
}

/* "1800 kHz"; of several, "4000 to 15 kHz, 480 kHz last": what was tried tells more than the end.
 */
static void add_speeds(struct md *m, size_t before)
{
	const struct events *events = m->in->report.events;
	int64_t least = INT64_MAX, most = 0, last = 0;

	for (size_t i = 0; i < events_len(events); i++) {
		const struct event *ev = events_at(events, i);

		if (ev->kind != EVENT_PROBE_SPEED || !ev->v[0].has || ev->v[0].num <= 0)
			continue;
		last = ev->v[0].num;
		least = last < least ? last : least;
		most = last > most ? last : most;
	}
	if (!last)
		return;
	md_separate(m, before);
	if (least == most)
		buf_addf(m->out, "%" PRId64 " kHz", last);
	else
		buf_addf(m->out, "speeds from %" PRId64 " to %" PRId64 " kHz, %" PRId64 " kHz last",
			 most, least, last);
}

static void fill_config(struct md *m)
{
	static const struct {
		enum event_kind kind;
		const char *says;
	} parts[] = {
		{ EVENT_INTERFACE_SET, "interface" },
		{ EVENT_TARGET_SET, "target" },
		{ EVENT_TRANSPORT_SET, "transport" },
		{ EVENT_RESET_CONFIG, "reset" },
	};
	size_t before = m->out->len;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct event *ev = report_input_last(m->in, parts[i].kind);

		if (!ev || !ev->v[0].has)
			continue;
		md_separate(m, before);
		buf_addf(m->out, "%s ", parts[i].says);
		md_add_text(m, ev->v[0].text);
	}
	add_speeds(m, before);
}

static void fill_probe(struct md *m)
{
	const struct event *id = report_input_last(m->in, EVENT_PROBE_USB_ID);
	const struct event *version = report_input_last(m->in, EVENT_PROBE_VERSION);
	size_t before = m->out->len;

	if (id && id->v[0].has && id->v[1].has) {
		const struct usb_id *row =
			usb_id_find((uint16_t)id->v[0].num, (uint16_t)id->v[1].num);

		md_add_text(m, row ? row->name : "probe");
		buf_addf(m->out, " (%04x:%04x)", (unsigned)id->v[0].num, (unsigned)id->v[1].num);
	}
	if (version && version->v[3].has) {
		md_separate(m, before);
		buf_add_str(m->out, "firmware ");
		md_add_text(m, version->v[3].text);
	} else if (version && version->v[1].has) {
		md_separate(m, before);
		buf_addf(m->out, "firmware V%" PRId64 "J%" PRId64, version->v[0].num,
			 version->v[1].num);
	}
}

static void fill_board(struct md *m)
{
	md_add_event_text(m, EVENT_PROBE_BOARD, 0);
}

static void fill_chip(struct md *m)
{
	const struct event *id = report_input_last(m->in, EVENT_CHIP_ID);
	const struct fact_value *dp = report_input_fact(m->in, "dp.id");
	size_t before = m->out->len;

	md_add_event_text(m, EVENT_CHIP_NAME, 0);
	if (m->out->len == before)
		md_add_event_text(m, EVENT_TARGET_SET, 0);
	if (id && id->v[0].has) {
		md_separate(m, before);
		buf_addf(m->out, "device id 0x%" PRIx64, (uint64_t)id->v[0].num);
	}
	if (dp) {
		md_separate(m, before);
		buf_addf(m->out, "DPIDR 0x%08" PRIx64, (uint64_t)dp->num);
	}
}

static void fill_voltage(struct md *m)
{
	const struct fact_value *mv = report_input_fact(m->in, "target.vtref_mv");

	if (mv)
		buf_addf(m->out, "%.2f V (VTref, as the probe reads it)", (double)mv->num / 1000);
}

static const char *env_value(const struct report_input *in, const char *name)
{
	for (size_t i = 0; i < in->n_env; i++)
		if (!strcmp(in->env[i].name, name))
			return in->env[i].value;
	return NULL;
}

static void fill_os(struct md *m)
{
	const char *own = env_value(m->in, "operating system");
	size_t before = m->out->len;

	md_add_event_text(m, EVENT_HOST_OS, 0);
	if (m->out->len == before && own) {
		md_add_text(m, own);
		buf_add_str(m->out, " (where this report was written)");
	}
}

static void fill_environment(struct md *m)
{
	for (size_t i = 0; i < m->in->n_env; i++) {
		buf_add_str(m->out, i ? "\n- " : "- ");
		md_add_text(m, m->in->env[i].name);
		buf_add_str(m->out, ": ");
		md_add_text(m, m->in->env[i].value);
	}
}

/* Between fences that no line of it can close. */
static void add_excerpt(struct md *m, struct excerpt *x, size_t context)
{
	struct buf lines;
	char *line, *rest = NULL;

	buf_init(&lines);
	excerpt_add(x, context, &lines);
	buf_add_str(m->out, "~~~~~~text\n");
	for (line = strtok_r(lines.at, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		md_add_words(m, line);
		buf_add_char(m->out, '\n');
	}
	buf_add_str(m->out, "~~~~~~\n");
	buf_done(&lines);
}

static void fill_log(struct md *m)
{
	add_excerpt(m, m->in->excerpt, m->context);
	if (m->in->transactions) {
		buf_add_str(m->out, "\nThe transactions with the probe, recorded meanwhile "
				    "(number of the packet, of the transaction, seconds, what it "
				    "took, what was asked and answered):\n\n");
		add_excerpt(m, m->in->transactions,
			    m->context < MD_ROWS_OF_CONTEXT ? m->context : MD_ROWS_OF_CONTEXT);
	}
	buf_addf(
		m->out, "\n`>` marks what the evidence in this report rests on.%s",
		report_input_has_rows(m->in)
			? " The whole trace can be attached: `swdoctor report -o report.html` puts "
			  "it, without secrets, into a page."
			: "");
}

static void fill_input(struct md *m)
{
	const char *slash = strrchr(m->in->name, '/');

	md_add_text(m,
		    strcmp(m->in->name, "-") ? slash ? slash + 1 : m->in->name : "standard input");
	if (m->in->trace) {
		slash = strrchr(m->in->trace, '/');
		buf_add_str(m->out, " and ");
		md_add_text(m, slash ? slash + 1 : m->in->trace);
	}
}

static void fill_wiring(struct md *m)
{
	report_wiring_map(m->in, m->connector, m->out);
}

static void fill_checklist(struct md *m)
{
	report_wiring_checklist(m->in, m->connector, m->out);
}

void md_fill(struct md *m, unsigned blank)
{
	static void (*const fills[BLANKS])(struct md *) = {
		[BLANK_SUMMARY] = md_fill_summary,
		[BLANK_VERDICT] = md_fill_verdict,
		[BLANK_CAUSES] = md_fill_causes,
		[BLANK_HOPS] = md_fill_hops,
		[BLANK_SYMPTOMS] = md_fill_symptoms,
		[BLANK_EXPECTED] = md_fill_expected,
		[BLANK_TRIED] = md_fill_tried,
		[BLANK_NEXT] = md_fill_next,
		[BLANK_TOOL] = fill_tool,
		[BLANK_TOOL_VERSION] = fill_tool_version,
		[BLANK_COMMAND] = fill_command,
		[BLANK_CONFIG] = fill_config,
		[BLANK_PROBE] = fill_probe,
		[BLANK_BOARD] = fill_board,
		[BLANK_CHIP] = fill_chip,
		[BLANK_VOLTAGE] = fill_voltage,
		[BLANK_OS] = fill_os,
		[BLANK_ENVIRONMENT] = fill_environment,
		[BLANK_FACTS] = md_fill_facts,
		[BLANK_UNKNOWN] = md_fill_unknown,
		[BLANK_LOG] = fill_log,
		[BLANK_INPUT] = fill_input,
		[BLANK_WIRING] = fill_wiring,
		[BLANK_CHECKLIST] = fill_checklist,
	};

	fills[blank](m);
}
