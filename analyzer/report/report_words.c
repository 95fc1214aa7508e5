/* The words of reports: confidence, weights, values, the closing line. See report.h. */
#include "analyzer/report/report.h"

#include <inttypes.h>
#include <string.h>

void report_add_confidence(struct buf *out, const struct finding *f)
{
	const char *word = word_name(f->word);

	buf_addf(out, "%s, %.0f %%", word ? word : "below possible", f->confidence * 100);
}

void report_add_db(struct buf *out, double db)
{
	buf_addf(out, "%+.*f dB", db == (double)(long)db ? 0 : 1, db);
}

void report_add_says(struct buf *out, const struct evidence *ev)
{
	report_add_db(out, ev->db);
	if (*ev->says)
		buf_addf(out, ": %s", ev->says);
}

const char *report_place(const struct report *r)
{
	return r->is_capture ? "packet" : "line";
}

void report_add_place(struct buf *out, const struct report *r, const struct event *ev, bool last)
{
	if (!ev->trace) {
		buf_addf(out, "%s %" PRIu64, report_place(r), last ? ev->last_line : ev->line);
		return;
	}
	buf_addf(out, "packet %" PRIu64, last ? ev->last_packet : ev->packet);
	if (ev->trace > 1)
		buf_addf(out, " of trace %" PRIu32, ev->trace);
}

void report_add_fact(struct buf *out, const struct fact_value *f)
{
	switch (f->type) {
	case EVENT_ABSENT:
		buf_add_str(out, f->num ? "yes" : "no");
		break;
	case EVENT_INT:
		buf_addf(out, "%" PRId64, f->num);
		break;
	case EVENT_HEX:
		buf_addf(out, "0x%08" PRIx64, (uint64_t)f->num);
		break;
	case EVENT_TEXT:
		buf_addf(out, "%s", f->text ? f->text : "");
		break;
	}
	if (f->unit && *f->unit)
		buf_addf(out, " %s", f->unit);
}

void report_add_cost(struct buf *out, const struct finding_remedy *m)
{
	buf_addf(out, " (%s", m->cost);
	if (strcmp(m->danger, "none"))
		buf_addf(out, ", %s", m->danger);
	buf_add_str(out, "):");
}

static void add_problem(struct buf *out, const struct diagnosis *d)
{
	const struct finding *f = &d->findings[0];

	buf_addf(out, "%s (", f->title);
	report_add_confidence(out, f);
	buf_add_str(out, ").");
	if (d->first) {
		buf_add_str(out, " Do first");
		report_add_cost(out, d->first);
		buf_addf(out, " %s", d->first->text);
	} else if (d->next_test) {
		buf_addf(out, " Find out first: %s", d->next_test);
	}
}

void report_add_verdict(struct buf *out, const struct report *r)
{
	const struct diagnosis *d = r->d;

	if (!d) {
		buf_add_str(out, r->error ? r->error->text : "nothing was judged");
		return;
	}
	switch (d->verdict) {
	case VERDICT_HEALTHY:
		buf_add_str(out, "the session went well; there is nothing to do.");
		break;
	case VERDICT_PROBLEM:
		if (d->n_findings)
			add_problem(out, d);
		break;
	case VERDICT_UNKNOWN:
		buf_add_str(out, d->n_symptoms ? "what is seen here decides for no cause."
					       : "nothing here speaks of a failure or of success.");
		if (d->next_test)
			buf_addf(out, " Find out first: %s", d->next_test);
		break;
	}
}

void report_result(const struct report *r, struct result *ret)
{
	static const int codes[] = {
		[VERDICT_HEALTHY] = EXIT_CODE_HEALTHY,
		[VERDICT_PROBLEM] = EXIT_CODE_PROBLEM,
		[VERDICT_UNKNOWN] = EXIT_CODE_UNKNOWN,
	};

	if (!r->d)
		result_fill(ret, exit_code_of_err(r->error ? (int)r->error->code : ERR_INTERNAL),
			    NULL, NULL, NULL);
	else if (r->d->verdict == VERDICT_PROBLEM && r->d->n_findings)
		result_fill(ret, r->live ? r->d->findings[0].exit_code : codes[r->d->verdict],
			    r->d->findings[0].cls, r->d->findings[0].cause,
			    word_name(r->d->findings[0].word));
	else
		result_fill(ret, codes[r->d->verdict], NULL, NULL, NULL);
	if (r->d && r->error)
		result_fill(ret, exit_code_of(r->error), NULL, ret->cause, ret->word);
	if (r->child)
		ret->code = r->child->status;
}
