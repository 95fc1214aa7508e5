/* What fills each blank of a bug report: see report_md.h and report_blanks.def. */
#include "analyzer/report_md.h"

#include <inttypes.h>
#include <string.h>

#include "analyzer/report_wiring.h"
#include "analyzer/rule_template.h"
#include "probe/usb_ids.h"

#define EVIDENCE_SHOWN 6
#define COMMANDS_SHOWN 8

/* ---- text ---- */

static const struct term safe = { .utf8 = true, .columns = TERM_COLUMNS_MIN };

/* Of the rules, which may hold Markdown. */
static void add_words(struct md *m, const char *text)
{
	term_add(&safe, m->out, text);
}

/* Of the input, on one line; what Markdown would take for its own is escaped, control characters
 * are shown. */
static void add_text(struct md *m, const char *text)
{
	struct buf clean;

	buf_init(&clean);
	term_add(&safe, &clean, text);
	for (const char *p = buf_str(&clean); *p; p++) {
		if (strchr("\\`*_<>#|[]", *p))
			buf_add_char(m->out, '\\');
		buf_add_char(m->out, *p);
	}
	buf_done(&clean);
}

/* The same between backticks, which text cannot leave. */
static void add_code(struct md *m, const char *text)
{
	struct buf clean;

	buf_init(&clean);
	term_add(&safe, &clean, text);
	buf_add_char(m->out, '`');
	for (const char *p = buf_str(&clean); *p; p++)
		buf_add_char(m->out, *p == '`' ? '\'' : *p);
	buf_add_char(m->out, '`');
	buf_done(&clean);
}

static void add_event_text(struct md *m, enum event_kind kind, int field)
{
	const struct event *ev = report_input_last(m->in, kind);

	if (ev && ev->v[field].has)
		add_text(m, ev->v[field].text);
}

/* "; " between parts of a line. */
static void separate(struct md *m, size_t before)
{
	if (m->out->len > before)
		buf_add_str(m->out, "; ");
}

/* ---- the diagnosis ---- */

static void fill_summary(struct md *m)
{
	const struct diagnosis *d = m->in->report.d;

	if (d->n_symptoms)
		add_words(m, d->symptoms[0]);
	else
		buf_add_str(m->out, d->verdict == VERDICT_HEALTHY ? "the session went well"
								  : "no failure is named");
}

static void fill_verdict(struct md *m)
{
	struct buf text;

	buf_init(&text);
	report_add_verdict(&text, &m->in->report);
	buf_addf(m->out, "**%s**: ", verdict_name(m->in->report.d->verdict));
	add_words(m, text.at);
	buf_done(&text);
}

static void add_evidence(struct md *m, const struct evidence *ev)
{
	struct buf says;

	buf_init(&says);
	report_add_says(&says, ev);
	buf_addf(m->out, "  - %s ", ev->db > 0 ? "for" : "against");
	add_words(m, says.at);
	if (!*ev->says && ev->fact) {
		buf_add_str(m->out, ": ");
		add_words(m, ev->fact);
	}
	if (ev->n_events) {
		buf_addf(m->out, " (%s %" PRIu64 ": ", report_place(&m->in->report),
			 ev->events[0]->line);
		add_code(m, ev->events[0]->text);
		buf_add_char(m->out, ')');
	}
	buf_add_char(m->out, '\n');
	buf_done(&says);
}

static void fill_causes(struct md *m)
{
	const struct diagnosis *d = m->in->report.d;
	bool any = false;

	for (size_t i = 0; i < d->n_findings; i++) {
		const struct finding *f = &d->findings[i];

		if (f->word == WORD_NONE)
			continue;
		buf_addf(m->out, "- `%s`: ", f->cause);
		add_words(m, f->title);
		buf_add_str(m->out, " (");
		report_add_confidence(m->out, f);
		buf_add_str(m->out, ")\n");
		for (size_t k = 0; k < f->n_evidence && k < EVIDENCE_SHOWN; k++)
			add_evidence(m, &f->evidence[k]);
		any = true;
	}
	if (!any)
		buf_add_str(m->out, "No cause is more than possible.\n");
}

static void fill_hops(struct md *m)
{
	const struct diagnosis *d = m->in->report.d;

	for (size_t i = 0; i < d->n_hops; i++) {
		const struct hop_result *h = &d->hops[i];

		buf_addf(m->out,
			 "- %s: ", h->state == HOP_BAD ? "**BAD**" : hop_state_name(h->state));
		add_words(m, h->title);
		if (h->event) {
			buf_addf(m->out, " (%s %" PRIu64 ": ", report_place(&m->in->report),
				 h->event->line);
			add_code(m, h->event->text);
			buf_add_char(m->out, ')');
		}
		buf_add_char(m->out, '\n');
	}
}

static void fill_symptoms(struct md *m)
{
	const struct diagnosis *d = m->in->report.d;

	for (size_t i = 0; i < d->n_symptoms; i++) {
		buf_add_str(m->out, i ? "\n- " : "- ");
		add_words(m, d->symptoms[i]);
	}
}

static void fill_expected(struct md *m)
{
	const struct diagnosis *d = m->in->report.d;

	for (size_t i = 0; i < d->n_hops; i++) {
		if (d->hops[i].state != HOP_BAD)
			continue;
		buf_add_str(m->out, "The step \"");
		add_words(m, d->hops[i].title);
		buf_add_str(m->out, "\" succeeds and the session goes on to its end.");
		return;
	}
	buf_add_str(m->out, "The session goes on to its end without an error.");
}

static void fill_tried(struct md *m)
{
	static const struct {
		enum event_kind kind;
		const char *says;
	} tries[] = {
		{ EVENT_CONNECT_SLOWER, "again at a lower speed" },
		{ EVENT_CONNECT_UNDER_RESET_TRY, "again under reset" },
		{ EVENT_LINK_RECONNECT, "connecting anew" },
	};
	uint32_t attempts = events_attempts(m->in->report.events);
	const struct event *mode = report_input_last(m->in, EVENT_CONNECT_MODE);
	size_t before = m->out->len;

	if (attempts > 1)
		buf_addf(m->out, "%" PRIu32 " attempts in this log", attempts);
	if (mode && mode->v[0].has) {
		separate(m, before);
		buf_add_str(m->out, "connect mode ");
		add_text(m, mode->v[0].text);
	}
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		if (!events_count(m->in->report.events, tries[i].kind))
			continue;
		separate(m, before);
		buf_add_str(m->out, tries[i].says);
	}
}

static void fill_next(struct md *m)
{
	const struct diagnosis *d = m->in->report.d;
	size_t before = m->out->len;

	if (d->first) {
		buf_add_str(m->out, "- do first: ");
		add_words(m, d->first->text);
	}
	if (d->next_test && d->verdict != VERDICT_HEALTHY) {
		buf_add_str(m->out,
			    m->out->len > before ? "\n- would settle it: " : "- would settle it: ");
		add_words(m, d->next_test);
	}
	if (m->out->len == before)
		buf_add_str(m->out, "Nothing is open.");
}

/* ---- who and what ---- */

static void fill_tool(struct md *m)
{
	if (m->in->report.stats->tool)
		add_text(m, m->in->report.stats->tool);
}

static void fill_tool_version(struct md *m)
{
	if (m->in->report.stats->tool_version)
		add_text(m, m->in->report.stats->tool_version);
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
		add_code(m, ev->text);
	}
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
	const struct fact_value *khz = report_input_fact(m->in, "probe.speed_khz");
	size_t before = m->out->len;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct event *ev = report_input_last(m->in, parts[i].kind);

		if (!ev || !ev->v[0].has)
			continue;
		separate(m, before);
		buf_addf(m->out, "%s ", parts[i].says);
		add_text(m, ev->v[0].text);
	}
	if (khz) {
		separate(m, before);
		buf_addf(m->out, "%" PRId64 " kHz", khz->num);
	}
}

static void fill_probe(struct md *m)
{
	const struct event *id = report_input_last(m->in, EVENT_PROBE_USB_ID);
	const struct event *version = report_input_last(m->in, EVENT_PROBE_VERSION);
	size_t before = m->out->len;

	if (id && id->v[0].has && id->v[1].has) {
		const struct usb_id *row =
			usb_id_find((uint16_t)id->v[0].num, (uint16_t)id->v[1].num);

		add_text(m, row ? row->name : "probe");
		buf_addf(m->out, " (%04x:%04x)", (unsigned)id->v[0].num, (unsigned)id->v[1].num);
	}
	if (version && version->v[3].has) {
		separate(m, before);
		buf_add_str(m->out, "firmware ");
		add_text(m, version->v[3].text);
	} else if (version && version->v[1].has) {
		separate(m, before);
		buf_addf(m->out, "firmware V%" PRId64 "J%" PRId64, version->v[0].num,
			 version->v[1].num);
	}
}

static void fill_board(struct md *m)
{
	add_event_text(m, EVENT_PROBE_BOARD, 0);
}

static void fill_chip(struct md *m)
{
	const struct event *id = report_input_last(m->in, EVENT_CHIP_ID);
	const struct fact_value *dp = report_input_fact(m->in, "dp.id");
	size_t before = m->out->len;

	add_event_text(m, EVENT_CHIP_NAME, 0);
	if (m->out->len == before)
		add_event_text(m, EVENT_TARGET_SET, 0);
	if (id && id->v[0].has) {
		separate(m, before);
		buf_addf(m->out, "device id 0x%" PRIx64, (uint64_t)id->v[0].num);
	}
	if (dp) {
		separate(m, before);
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

	add_event_text(m, EVENT_HOST_OS, 0);
	if (m->out->len == before && own) {
		add_text(m, own);
		buf_add_str(m->out, " (where this report was written)");
	}
}

static void fill_environment(struct md *m)
{
	for (size_t i = 0; i < m->in->n_env; i++) {
		buf_add_str(m->out, i ? "\n- " : "- ");
		add_text(m, m->in->env[i].name);
		buf_add_str(m->out, ": ");
		add_text(m, m->in->env[i].value);
	}
}

static void fill_facts(struct md *m)
{
	const struct diagnosis *d = m->in->report.d;
	struct buf value;

	buf_init(&value);
	buf_add_str(m->out, "| fact | value |\n| --- | --- |\n");
	for (size_t i = 0; i < d->n_facts; i++) {
		if (d->facts[i].type == EVENT_ABSENT && !d->facts[i].num)
			continue; /* what is not so fills pages */
		buf_clear(&value);
		report_add_fact(&value, &d->facts[i]);
		buf_add_str(m->out, "| ");
		add_words(m, d->facts[i].title);
		buf_add_str(m->out, " | ");
		add_text(m, buf_str(&value));
		buf_add_str(m->out, " |\n");
	}
	buf_done(&value);
}

static void fill_unknown(struct md *m)
{
	const struct diagnosis *d = m->in->report.d;

	if (d->next_test) {
		buf_add_str(m->out, "- ");
		add_words(m, d->next_test);
		buf_add_str(m->out, "\n");
	}
	for (size_t i = 0; i < d->n_hops; i++) {
		if (d->hops[i].state != HOP_CANNOT_TELL && d->hops[i].state != HOP_NOT_TESTED)
			continue;
		buf_addf(m->out, "- %s: ", hop_state_name(d->hops[i].state));
		add_words(m, d->hops[i].title);
		buf_add_str(m->out, "\n");
	}
}

/* Between fences that no line of it can close. */
static void fill_log(struct md *m)
{
	struct buf lines;
	char *line, *rest = NULL;

	buf_init(&lines);
	excerpt_add(m->in->excerpt, m->context, &lines);
	buf_add_str(m->out, "~~~~~~text\n");
	for (line = strtok_r(lines.at, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		term_add(&safe, m->out, line);
		buf_add_char(m->out, '\n');
	}
	buf_add_str(m->out, "~~~~~~");
	buf_done(&lines);
}

static void fill_input(struct md *m)
{
	const char *slash = strrchr(m->in->name, '/');

	add_text(m, strcmp(m->in->name, "-") ? slash ? slash + 1 : m->in->name : "standard input");
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
		[BLANK_SUMMARY] = fill_summary,
		[BLANK_VERDICT] = fill_verdict,
		[BLANK_CAUSES] = fill_causes,
		[BLANK_HOPS] = fill_hops,
		[BLANK_SYMPTOMS] = fill_symptoms,
		[BLANK_EXPECTED] = fill_expected,
		[BLANK_TRIED] = fill_tried,
		[BLANK_NEXT] = fill_next,
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
		[BLANK_FACTS] = fill_facts,
		[BLANK_UNKNOWN] = fill_unknown,
		[BLANK_LOG] = fill_log,
		[BLANK_INPUT] = fill_input,
		[BLANK_WIRING] = fill_wiring,
		[BLANK_CHECKLIST] = fill_checklist,
	};

	fills[blank](m);
}
