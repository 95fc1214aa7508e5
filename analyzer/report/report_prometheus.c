/* Results as Prometheus' text format: see report_lab.h. */
#include "analyzer/report/report_lab.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct sheet {
	const struct lab_result *results;
	size_t n;
	const struct lab_label *labels;
	size_t n_labels;
	struct buf *out;
};

struct metric {
	const char *name, *help;
	void (*add)(struct sheet *s, const struct lab_result *r, const char *name);
};

static void add_value(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			buf_add_char(out, '\\');
		if ((unsigned char)*text >= 0x20 && *text != 0x7f)
			buf_add_char(out, *text);
	}
}

/* name{input="...",board="...",KEY="VALUE"} ; KEY NULL: none */
static void begin_sample(struct sheet *s, const struct lab_result *r, const char *name,
			 const char *key, const char *value)
{
	struct buf clean;

	buf_init(&clean);
	redact_add(r->redact, &clean, r->report->input, strlen(r->report->input));
	buf_addf(s->out, "%s{input=\"", name);
	add_value(s->out, buf_str(&clean));
	buf_add_char(s->out, '"');
	for (size_t i = 0; i < s->n_labels; i++) {
		buf_addf(s->out, ",%.*s=\"", (int)s->labels[i].name_len, s->labels[i].name);
		add_value(s->out, s->labels[i].value);
		buf_add_char(s->out, '"');
	}
	if (key) {
		buf_addf(s->out, ",%s=\"", key);
		add_value(s->out, value);
		buf_add_char(s->out, '"');
	}
	buf_add_str(s->out, "} ");
	buf_done(&clean);
}

static void add_time(struct sheet *s, const struct lab_result *r, const char *name)
{
	begin_sample(s, r, name, NULL, NULL);
	buf_addf(s->out, "%" PRIu64 "\n", r->wall_us / 1000000);
}

static void add_verdict(struct sheet *s, const struct lab_result *r, const char *name)
{
	enum verdict now = r->report->d ? r->report->d->verdict : VERDICT_UNKNOWN;

	for (enum verdict v = VERDICT_HEALTHY; v <= VERDICT_UNKNOWN; v++) {
		begin_sample(s, r, name, "verdict", verdict_name(v));
		buf_addf(s->out, "%d\n", v == now);
	}
}

static void add_exit_code(struct sheet *s, const struct lab_result *r, const char *name)
{
	struct result end;

	report_result(r->report, &end);
	begin_sample(s, r, name, NULL, NULL);
	buf_addf(s->out, "%d\n", end.code);
}

static void add_hops(struct sheet *s, const struct lab_result *r, const char *name)
{
	const struct diagnosis *d = r->report->d;

	for (size_t i = 0; d && i < d->n_hops; i++) {
		if (d->hops[i].state != HOP_OK && d->hops[i].state != HOP_BAD)
			continue;
		begin_sample(s, r, name, "hop", d->hops[i].id);
		buf_addf(s->out, "%d\n", d->hops[i].state == HOP_OK);
	}
}

static void add_findings(struct sheet *s, const struct lab_result *r, const char *name)
{
	const struct diagnosis *d = r->report->d;

	for (size_t i = 0; d && i < d->n_findings; i++) {
		if (d->findings[i].word == WORD_NONE)
			continue;
		begin_sample(s, r, name, "cause", d->findings[i].cause);
		buf_addf(s->out, "%.4f\n", d->findings[i].confidence);
	}
}

static void add_voltage(struct sheet *s, const struct lab_result *r, const char *name)
{
	const struct diagnosis *d = r->report->d;

	for (size_t i = 0; d && i < d->n_facts; i++) {
		if (strcmp(d->facts[i].id, "target.vtref_mv"))
			continue;
		begin_sample(s, r, name, NULL, NULL);
		buf_addf(s->out, "%.3f\n", (double)d->facts[i].num / 1000);
	}
}

static void add_speeds(struct sheet *s, const struct lab_result *r, const char *name, bool errors)
{
	for (size_t i = 0; r->rows && i < r->rows->n_speeds; i++) {
		const struct html_speed *sp = &r->rows->speeds[i];
		char khz[16];

		if (!sp->accesses || !sp->khz)
			continue;
		snprintf(khz, sizeof(khz), "%" PRIu32, sp->khz);
		begin_sample(s, r, name, "khz", khz);
		buf_addf(s->out, "%" PRIu64 "\n", errors ? sp->errors : sp->accesses);
	}
}

static void add_accesses(struct sheet *s, const struct lab_result *r, const char *name)
{
	add_speeds(s, r, name, false);
}

static void add_errors(struct sheet *s, const struct lab_result *r, const char *name)
{
	add_speeds(s, r, name, true);
}

static const struct metric metrics[] = {
	{ "swdoctor_run_timestamp_seconds", "When the result was made.", add_time },
	{ "swdoctor_verdict", "1 for the verdict of the run, 0 for the others.", add_verdict },
	{ "swdoctor_exit_code", "Exit code of the run: 0 is healthy.", add_exit_code },
	{ "swdoctor_hop_ok", "1 if the hop works, 0 if it is bad; none if not tested.", add_hops },
	{ "swdoctor_finding_confidence_ratio",
	  "Confidence of each cause that is at least possible.", add_findings },
	{ "swdoctor_target_voltage_volts", "VTref as the probe measured it last.", add_voltage },
	{ "swdoctor_link_accesses", "Accesses over the wires in this run, by speed.",
	  add_accesses },
	{ "swdoctor_link_errors", "Those that lost bits or got no answer, by speed.", add_errors },
};

void report_prometheus(const struct lab_result *results, size_t n, const struct lab_label *labels,
		       size_t n_labels, struct buf *out)
{
	struct sheet s = { results, n, labels, n_labels, out };

	for (size_t m = 0; m < sizeof(metrics) / sizeof(metrics[0]); m++) {
		size_t before = out->len, head;

		buf_addf(out, "# HELP %s %s\n# TYPE %s gauge\n", metrics[m].name, metrics[m].help,
			 metrics[m].name);
		head = out->len;
		for (size_t i = 0; i < n; i++)
			metrics[m].add(&s, &results[i], metrics[m].name);
		if (out->len == head)
			out->len = before; /* no sample: nothing is known */
	}
}
