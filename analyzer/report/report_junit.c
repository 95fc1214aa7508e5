/* Hops as test cases of JUnit XML: see report_lab.h. */
#include "analyzer/report/report_lab.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "analyzer/base/html.h"

enum outcome { PASSED, FAILED, BROKEN, SKIPPED, OUTCOMES };

static void add_text(const struct lab_result *r, struct buf *out, const char *text)
{
	struct buf clean;

	buf_init(&clean);
	redact_add(r->redact, &clean, text, strlen(text));
	html_add(out, buf_str(&clean)); /* what is safe in HTML is safe in XML */
	buf_done(&clean);
}

/* Who is to blame: the finding at this hop, or else the first one. */
static const struct finding *blamed(const struct diagnosis *d, const char *hop)
{
	for (size_t i = 0; i < d->n_findings; i++)
		if (d->findings[i].word != WORD_NONE && !strcmp(d->findings[i].hop, hop))
			return &d->findings[i];
	return d->n_findings && d->findings[0].word != WORD_NONE ? &d->findings[0] : NULL;
}

static bool is_lab_trouble(const char *cls)
{
	static const char *const classes[] = { "infra", "user", "tool" };

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (!strcmp(cls, classes[i]))
			return true;
	return false;
}

static enum outcome outcome_of(const struct diagnosis *d, const struct hop_result *h)
{
	const struct finding *f = blamed(d, h->id);

	switch (h->state) {
	case HOP_OK:
		return PASSED;
	case HOP_BAD:
		return f && is_lab_trouble(f->cls) ? BROKEN : FAILED;
	case HOP_NOT_TESTED:
	case HOP_CANNOT_TELL:
		break;
	}
	return SKIPPED;
}

static void add_trouble(const struct lab_result *r, const struct hop_result *h, const char *element,
			struct buf *out)
{
	const struct diagnosis *d = r->report->d;
	const struct finding *f = blamed(d, h->id);
	struct buf verdict;

	buf_init(&verdict);
	report_add_verdict(&verdict, r->report);
	buf_addf(out, "<%s type=\"", element);
	add_text(r, out, f ? f->cause : "undecided");
	buf_addf(out, "\" message=\"");
	add_text(r, out, f ? f->title : h->title);
	buf_add_str(out, "\">");
	add_text(r, out, verdict.at);
	if (h->event) {
		buf_addf(out, "\n%s %" PRIu64 ": ", report_place(r->report), h->event->line);
		add_text(r, out, h->event->text);
	}
	buf_addf(out, "</%s>", element);
	buf_done(&verdict);
}

static void add_case(const struct lab_result *r, const struct hop_result *h, struct buf *out)
{
	enum outcome o = outcome_of(r->report->d, h);

	buf_add_str(out, "    <testcase classname=\"");
	add_text(r, out, r->report->input);
	buf_add_str(out, "\" name=\"");
	add_text(r, out, h->title);
	buf_add_str(out, "\" time=\"0\"");
	if (o == PASSED) {
		buf_add_str(out, "/>\n");
		return;
	}
	buf_add_char(out, '>');
	if (o == SKIPPED)
		buf_addf(out, "<skipped message=\"%s\"/>", hop_state_name(h->state));
	else
		add_trouble(r, h, o == BROKEN ? "error" : "failure", out);
	buf_add_str(out, "</testcase>\n");
}

/* An input that could not be judged is the lab's trouble. */
static void add_error_case(const struct lab_result *r, struct buf *out)
{
	buf_add_str(out, "    <testcase classname=\"");
	add_text(r, out, r->report->input);
	buf_add_str(out, "\" name=\"input\" time=\"0\"><error type=\"");
	add_text(r, out, err_code_text(r->report->error ? (int)r->report->error->code : 0));
	buf_add_str(out, "\" message=\"");
	add_text(r, out, r->report->error ? r->report->error->text : "nothing was judged");
	buf_add_str(out, "\"/></testcase>\n");
}

static void add_suite(const struct lab_result *r, struct buf *out)
{
	const struct diagnosis *d = r->report->d;
	time_t seconds = (time_t)(r->wall_us / 1000000);
	size_t counts[OUTCOMES] = { [BROKEN] = d ? 0 : 1 }, tests = d ? d->n_hops : 1;
	char stamp[32] = "";
	struct tm tm;

	for (size_t i = 0; d && i < d->n_hops; i++)
		counts[outcome_of(d, &d->hops[i])]++;
	if (gmtime_r(&seconds, &tm))
		strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &tm);
	buf_add_str(out, "  <testsuite name=\"");
	add_text(r, out, r->report->input);
	buf_addf(out,
		 "\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"0\" "
		 "timestamp=\"%s\">\n",
		 tests, counts[FAILED], counts[BROKEN], counts[SKIPPED], stamp);
	for (size_t i = 0; d && i < d->n_hops; i++)
		add_case(r, &d->hops[i], out);
	if (!d)
		add_error_case(r, out);
	buf_add_str(out, "  </testsuite>\n");
}

void report_junit(const struct lab_result *results, size_t n, struct buf *out)
{
	buf_add_str(out,
		    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"swdoctor\">\n");
	for (size_t i = 0; i < n; i++)
		add_suite(&results[i], out);
	buf_add_str(out, "</testsuites>\n");
}
