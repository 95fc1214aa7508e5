/* The blanks of a bug report that the diagnosis fills. */
#include "analyzer/report/report_md_parts.h"

#include <inttypes.h>
#include <string.h>

#include "analyzer/rule/rule_template.h"

#define EVIDENCE_SHOWN 6

/* "openocd 0.12.0: the tool could not connect to the target" */
void md_fill_summary(struct md *m)
{
	const struct diagnosis *d = m->in->report.d;
	size_t before = m->out->len;

	md_fill(m, BLANK_TOOL);
	if (m->out->len > before) {
		buf_add_char(m->out, ' ');
		md_fill(m, BLANK_TOOL_VERSION);
		if (m->out->at[m->out->len - 1] == ' ')
			m->out->len--;
		buf_add_str(m->out, ": ");
	}
	if (d->n_symptoms)
		md_add_words(m, d->symptoms[0]);
	else
		buf_add_str(m->out, d->verdict == VERDICT_HEALTHY ? "the session went well"
								  : "no failure is named");
}

void md_fill_verdict(struct md *m)
{
	struct buf text;

	buf_init(&text);
	report_add_verdict(&text, &m->in->report);
	buf_addf(m->out, "**%s**: ", verdict_name(m->in->report.d->verdict));
	md_add_words(m, text.at);
	buf_done(&text);
}

static void add_evidence(struct md *m, const struct evidence *ev)
{
	struct buf says;

	buf_init(&says);
	report_add_says(&says, ev);
	buf_addf(m->out, "  - %s ", ev->db > 0 ? "for" : "against");
	md_add_words(m, says.at);
	if (!*ev->says && ev->fact) {
		buf_add_str(m->out, ": ");
		md_add_words(m, ev->fact);
	}
	if (ev->n_events) {
		buf_add_str(m->out, " (");
		report_add_place(m->out, &m->in->report, ev->events[0], false);
		buf_add_str(m->out, ": ");
		md_add_code(m, ev->events[0]->text);
		buf_add_char(m->out, ')');
	}
	buf_add_char(m->out, '\n');
	buf_done(&says);
}

void md_fill_causes(struct md *m)
{
	const struct diagnosis *d = m->in->report.d;
	bool any = false;

	for (size_t i = 0; i < d->n_findings; i++) {
		const struct finding *f = &d->findings[i];

		if (f->word == WORD_NONE)
			continue;
		buf_addf(m->out, "- `%s`: ", f->cause);
		md_add_words(m, f->title);
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

void md_fill_hops(struct md *m)
{
	const struct diagnosis *d = m->in->report.d;

	for (size_t i = 0; i < d->n_hops; i++) {
		const struct hop_result *h = &d->hops[i];

		buf_addf(m->out,
			 "- %s: ", h->state == HOP_BAD ? "**BAD**" : hop_state_name(h->state));
		md_add_words(m, h->title);
		if (h->event) {
			buf_add_str(m->out, " (");
			report_add_place(m->out, &m->in->report, h->event, false);
			buf_add_str(m->out, ": ");
			md_add_code(m, h->event->text);
			buf_add_char(m->out, ')');
		}
		buf_add_char(m->out, '\n');
	}
}

void md_fill_symptoms(struct md *m)
{
	const struct diagnosis *d = m->in->report.d;

	for (size_t i = 0; i < d->n_symptoms; i++) {
		buf_add_str(m->out, i ? "\n- " : "- ");
		md_add_words(m, d->symptoms[i]);
	}
}

void md_fill_expected(struct md *m)
{
	const struct diagnosis *d = m->in->report.d;

	for (size_t i = 0; i < d->n_hops; i++) {
		if (d->hops[i].state != HOP_BAD)
			continue;
		buf_add_str(m->out, "The step \"");
		md_add_words(m, d->hops[i].title);
		buf_add_str(m->out, "\" succeeds and the session goes on to its end.");
		return;
	}
	buf_add_str(m->out, "The session goes on to its end without an error.");
}

void md_fill_tried(struct md *m)
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
		md_separate(m, before);
		buf_add_str(m->out, "connect mode ");
		md_add_text(m, mode->v[0].text);
	}
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		if (!events_count(m->in->report.events, tries[i].kind))
			continue;
		md_separate(m, before);
		buf_add_str(m->out, tries[i].says);
	}
}

void md_fill_next(struct md *m)
{
	const struct diagnosis *d = m->in->report.d;
	size_t before = m->out->len;

	if (d->first) {
		buf_add_str(m->out, "- do first: ");
		md_add_words(m, d->first->text);
	}
	if (d->next_test && d->verdict != VERDICT_HEALTHY) {
		buf_add_str(m->out,
			    m->out->len > before ? "\n- would settle it: " : "- would settle it: ");
		md_add_words(m, d->next_test);
	}
	if (m->out->len == before)
		buf_add_str(m->out, "Nothing is open.");
}

void md_fill_facts(struct md *m)
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
		md_add_words(m, d->facts[i].title);
		buf_add_str(m->out, " | ");
		md_add_text(m, buf_str(&value));
		buf_add_str(m->out, " |\n");
	}
	buf_done(&value);
}

void md_fill_unknown(struct md *m)
{
	const struct diagnosis *d = m->in->report.d;

	if (d->next_test) {
		buf_add_str(m->out, "- ");
		md_add_words(m, d->next_test);
		buf_add_str(m->out, "\n");
	}
	for (size_t i = 0; i < d->n_hops; i++) {
		if (d->hops[i].state != HOP_CANNOT_TELL && d->hops[i].state != HOP_NOT_TESTED)
			continue;
		buf_addf(m->out, "- %s: ", hop_state_name(d->hops[i].state));
		md_add_words(m, d->hops[i].title);
		buf_add_str(m->out, "\n");
	}
}
