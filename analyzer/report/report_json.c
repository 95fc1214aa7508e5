/* A report for programs: see report.h; doc/result.schema.json says what each field means. */
#include "analyzer/report/report.h"

#include <string.h>

#include "probe/base/json.h"

static void add_real(struct json *j, const char *key, double value)
{
	json_put_real(j, key, value, 4);
}

static void add_where(struct json *j, const struct event *ev)
{
	bool traced = ev->trace;

	json_put_int(j, traced ? "packet" : "line", (int64_t)(traced ? ev->packet : ev->line));
	if (ev->times > 1) {
		json_put_int(j, traced ? "last_packet" : "last_line",
			     (int64_t)(traced ? ev->last_packet : ev->last_line));
		json_put_int(j, "times", ev->times);
	}
	if (ev->trace > 1)
		json_put_int(j, "trace", ev->trace);
	json_put_str(j, "text", ev->text);
}

static void add_evidence(struct json *j, const struct evidence *ev)
{
	struct buf says;
	size_t i, in_log = 0;

	buf_init(&says);
	report_add_says(&says, ev);
	json_open_object(j, NULL);
	if (ev->n_events)
		add_where(j, ev->events[0]);
	for (i = 0; i < ev->n_events; i++)
		in_log += !ev->events[i]->trace;
	if (in_log > 1) {
		json_open_array(j, "lines");
		for (i = 0; i < ev->n_events; i++)
			if (!ev->events[i]->trace)
				json_put_int(j, NULL, (int64_t)ev->events[i]->line);
		json_close_array(j);
	}
	json_put_str(j, "says", says.at);
	json_put_real(j, "db", ev->db, 1);
	json_put_str(j, "fact", ev->fact);
	json_close_object(j);
	buf_done(&says);
}

static void add_evidence_list(struct json *j, const char *key, const struct finding *f, bool for_it)
{
	size_t i;

	json_open_array(j, key);
	for (i = 0; i < f->n_evidence; i++)
		if ((f->evidence[i].db > 0) == for_it)
			add_evidence(j, &f->evidence[i]);
	json_close_array(j);
}

static void add_remedy(struct json *j, const char *key, const struct finding_remedy *m)
{
	json_open_object(j, key);
	json_put_str(j, "id", m->id);
	json_put_str(j, "text", m->text);
	json_put_str(j, "cost", m->cost);
	json_put_str(j, "danger", m->danger);
	json_put_real(j, "cures", m->cure, 2);
	json_close_object(j);
}

/* The next test belongs to the whole diagnosis; it stands with the first finding, the answer. */
static void add_finding(struct json *j, const struct finding *f, const char *next_test)
{
	size_t i;

	json_open_object(j, NULL);
	json_put_str(j, "cause", f->cause);
	add_real(j, "confidence", f->confidence);
	json_put_str(j, "word", word_name(f->word));
	json_put_str(j, "title", f->title);
	json_put_str(j, "hop", f->hop);
	json_put_str(j, "class", f->cls);
	json_put_real(j, "score_db", f->score, 1);
	add_evidence_list(j, "evidence", f, true);
	add_evidence_list(j, "against", f, false);
	json_open_array(j, "remedies");
	for (i = 0; i < f->n_remedies; i++)
		add_remedy(j, NULL, &f->remedies[i]);
	json_close_array(j);
	json_put_str(j, "next_test", next_test);
	json_close_object(j);
}

static void add_hops(struct json *j, const struct diagnosis *d)
{
	size_t i;

	json_open_array(j, "hops");
	for (i = 0; i < d->n_hops; i++) {
		json_open_object(j, NULL);
		json_put_str(j, "id", d->hops[i].id);
		json_put_str(j, "title", d->hops[i].title);
		json_put_str(j, "state", hop_state_name(d->hops[i].state));
		if (d->hops[i].event)
			add_where(j, d->hops[i].event);
		json_close_object(j);
	}
	json_close_array(j);
}

static void add_texts(struct json *j, const char *key, const char *const *texts, size_t n)
{
	size_t i;

	json_open_array(j, key);
	for (i = 0; i < n; i++)
		json_put_str(j, NULL, texts[i]);
	json_close_array(j);
}

static void add_fact(struct json *j, const struct fact_value *f)
{
	switch (f->type) {
	case EVENT_ABSENT:
		json_put_bool(j, f->id, f->num != 0);
		break;
	case EVENT_INT:
		json_put_int(j, f->id, f->num);
		break;
	case EVENT_HEX:
		json_put_hex(j, f->id, (uint64_t)f->num, 8);
		break;
	case EVENT_TEXT:
		json_put_str(j, f->id, f->text);
		break;
	}
}

static void add_diagnosis(struct json *j, const struct diagnosis *d)
{
	size_t i;

	json_open_array(j, "findings");
	for (i = 0; i < d->n_findings; i++)
		add_finding(j, &d->findings[i], i ? NULL : d->next_test);
	json_close_array(j);
	json_put_str(j, "next_fact", d->next_fact);
	json_put_str(j, "next_test", d->next_test);
	if (d->first)
		add_remedy(j, "first", d->first);
	else
		json_put_null(j, "first");
	add_real(j, "healthy_share", d->healthy_share);
	add_real(j, "undecided_share", d->leak_share);
	add_texts(j, "not_evaluated", d->not_evaluated, d->n_not_evaluated);
	add_hops(j, d);
	add_texts(j, "symptoms", d->symptoms, d->n_symptoms);
	add_texts(j, "notes", d->notes, d->n_notes);
	json_open_object(j, "facts");
	for (i = 0; i < d->n_facts; i++)
		add_fact(j, &d->facts[i]);
	json_close_object(j);
}

static void add_event_field(struct json *j, const struct event_field *f,
			    const struct event_value *v)
{
	if (!v->has)
		return;
	if (f->type == EVENT_TEXT)
		json_put_str(j, f->name, v->text);
	else if (f->type == EVENT_HEX)
		json_put_hex(j, f->name, (uint64_t)v->num, 8);
	else
		json_put_int(j, f->name, v->num);
}

void report_json_event(struct json *j, const struct event *ev, const struct rules *rules)
{
	const struct event_kind_row *kind = &event_kind_rows[ev->kind];

	json_put_str(j, "event", kind->name);
	add_where(j, ev);
	json_put_int(j, "attempt", ev->attempt);
	json_put_str(j, "pattern",
		     ev->pattern < 0 ? NULL : rules_pattern(rules, (size_t)ev->pattern)->id);
	json_open_object(j, "fields");
	for (size_t k = 0; k < EVENT_FIELDS_MAX && kind->fields[k].name; k++)
		add_event_field(j, &kind->fields[k], &ev->v[k]);
	json_close_object(j);
}

static void add_events(struct json *j, const struct events *events, const struct rules *rules)
{
	size_t i;

	json_open_array(j, "events");
	for (i = 0; i < events_len(events); i++) {
		json_open_object(j, NULL);
		report_json_event(j, events_at(events, i), rules);
		json_close_object(j);
	}
	json_close_array(j);
}

static void add_stats(struct json *j, const struct report *r)
{
	const struct source_stats *s = r->stats;

	json_put_str(j, "tool", s->tool);
	json_put_str(j, "tool_version", s->tool_version);
	json_put_real(j, "tool_confidence", s->tool_confidence, 2);
	json_put_int(j, "bytes", (int64_t)s->bytes);
	json_put_int(j, "lines", (int64_t)s->lines);
	json_put_int(j, "unrecognised_lines", (int64_t)s->unrecognised_lines);
	json_put_int(j, "attempts", events_attempts(r->events));
}

static void add_child(struct json *j, const struct report_child *c)
{
	json_open_object(j, "child");
	add_texts(j, "argv", (const char *const *)c->argv, c->argc);
	json_put_int(j, "status", c->status);
	json_close_object(j);
}

static void add_error(struct json *j, const char *key, const struct err *e)
{
	json_open_object(j, key);
	json_put_str(j, "kind", err_code_text(e ? (int)e->code : ERR_INTERNAL));
	json_put_str(j, "text", e ? e->text : NULL);
	json_close_object(j);
}

void report_json(const struct report *r, struct buf *out)
{
	struct result end;
	struct json j;

	report_result(r, &end);
	json_begin(&j, out);
	json_open_object(&j, NULL);
	json_put_str(&j, "schema", "swdoctor/1");
	json_put_str(&j, "command", r->command);
	json_put_str(&j, "state", r->d ? "done" : "failed");
	json_put_str(&j, "input", r->input);
	if (r->d)
		add_stats(&j, r);
	json_put_str(&j, "verdict", verdict_name(r->d ? r->d->verdict : VERDICT_UNKNOWN));
	json_put_int(&j, "exit_code", end.code);
	json_put_str(&j, "class", end.cls);
	if (r->child)
		add_child(&j, r->child);
	if (r->d) {
		if (r->error)
			add_error(&j, "cut_short", r->error);
		add_diagnosis(&j, r->d);
		if (r->rules)
			add_events(&j, r->events, r->rules);
	} else {
		json_open_array(&j, "findings");
		json_close_array(&j);
		add_error(&j, "error", r->error);
	}
	if (r->d && r->put_more)
		r->put_more(r->put_user, &j);
	json_close_object(&j);
	buf_add_char(out, '\n');
}
