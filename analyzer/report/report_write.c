/* Which format writes what: see report_write.h. */
#include "analyzer/report/report_write.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/report/report_html.h"
#include "analyzer/report/report_md.h"
#include "analyzer/report/report_wiring.h"
#include "analyzer/rule/rule_template.h"

static int write_md(const struct report_wish *w, struct buf *out, struct err *e)
{
	struct report_input *in = &w->jobs[0].in;
	const struct rules *rules = in->report.rules;
	const struct template_rule *t = template_find(rules, w->template_id);
	const char *near;

	if (t)
		return report_md(in, t, w->connector, out, e);
	near = names_suggest(&rules->names[NAME_TEMPLATE], w->template_id);
	return err_set(e, ERR_USAGE, "no report is called '%.60s'%s%s%s", w->template_id,
		       near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static int write_html(const struct report_wish *w, struct buf *out, struct err *e)
{
	return report_html(&w->jobs[0].in, &w->jobs[0].rows, w->connector, out, e);
}

static int write_svg(const struct report_wish *w, struct buf *out, struct err *e)
{
	struct report_input *in = &w->jobs[0].in;
	const struct connector *list[3];
	struct wire_map m;

	(void)e;
	report_wire_states(in->report.d, in->report.rules, in->arena, &m);
	report_connectors(in, w->connector, list);
	m.connector = list[0];
	wire_map_svg(&m, out);
	return 0;
}

/* One result a job; to be freed. */
static struct lab_result *results_of(const struct report_wish *w)
{
	struct lab_result *list = calloc(w->n_jobs, sizeof(list[0]));

	if (!list)
		abort();
	for (size_t i = 0; i < w->n_jobs; i++)
		list[i] = (struct lab_result){ &w->jobs[i].in.report, &w->jobs[i].rows,
					       w->jobs[i].in.redact, w->wall_us };
	return list;
}

static int write_junit(const struct report_wish *w, struct buf *out, struct err *e)
{
	struct lab_result *list = results_of(w);

	(void)e;
	report_junit(list, w->n_jobs, out);
	free(list);
	return 0;
}

static int write_prometheus(const struct report_wish *w, struct buf *out, struct err *e)
{
	struct lab_result *list = results_of(w);

	(void)e;
	report_prometheus(list, w->n_jobs, w->labels, w->n_labels, out);
	free(list);
	return 0;
}

static int write_events(const struct report_wish *w, struct buf *out, struct err *e)
{
	struct lab_result *list = results_of(w);

	(void)e;
	for (size_t i = 0; i < w->n_jobs; i++)
		report_events(&list[i], out);
	free(list);
	return 0;
}

static const struct report_format formats[] = {
	{ "md", ".md", false, write_md },
	{ "html", ".html", false, write_html },
	{ "svg", ".svg", false, write_svg },
	{ "junit", ".xml", true, write_junit },
	{ "prometheus", ".prom", true, write_prometheus },
	{ "events", ".jsonl", true, write_events },
};

static bool ends_with(const char *text, const char *ending)
{
	size_t len = strlen(text), n = strlen(ending);

	return len >= n && !strcmp(text + len - n, ending);
}

const struct report_format *report_format_find(const char *name, const char *file)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (name ? !strcmp(name, formats[i].name) : ends_with(file, formats[i].ending))
			return &formats[i];
	return &formats[0];
}
