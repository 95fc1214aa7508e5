/* A run as JSON Lines: see report_lab.h. */
#include "analyzer/report/report_lab.h"

#include <string.h>

#include "analyzer/base/version.h"
#include "probe/base/json.h"

static void add_begin(const struct lab_result *r, struct buf *out)
{
	struct buf name;
	struct json j;

	buf_init(&name);
	redact_add(r->redact, &name, r->report->input, strlen(r->report->input));
	json_begin(&j, out);
	json_open_object(&j, NULL);
	json_put_str(&j, "schema", "swdoctor-events/1");
	json_put_str(&j, "record", "begin");
	json_put_str(&j, "version", SWDOCTOR_VERSION);
	json_put_str(&j, "input", buf_str(&name));
	json_close_object(&j);
	buf_add_char(out, '\n');
	buf_done(&name);
}

static void add_event(const struct lab_result *r, const struct event *ev, struct buf *out)
{
	struct json j;

	json_begin(&j, out);
	json_open_object(&j, NULL);
	json_put_str(&j, "record", "event");
	report_json_event(&j, ev, r->report->rules);
	json_close_object(&j);
	buf_add_char(out, '\n');
}

static void add_result(const struct lab_result *r, struct buf *out)
{
	struct report brief = *r->report;
	struct buf object;

	brief.rules = NULL; /* the events stand above */
	buf_init(&object);
	report_json(&brief, &object);
	buf_add_str(out, "{\"record\":\"result\",\"result\":");
	buf_add(out, object.at, object.len - 1);
	buf_add_str(out, "}\n");
	buf_done(&object);
}

void report_events(const struct lab_result *r, struct buf *out)
{
	struct buf raw;

	buf_init(&raw);
	for (size_t i = 0; r->report->d && i < events_len(r->report->events); i++)
		add_event(r, events_at(r->report->events, i), &raw);
	add_result(r, &raw);
	add_begin(r, out);
	redact_add(r->redact, out, buf_str(&raw), raw.len);
	buf_done(&raw);
}
