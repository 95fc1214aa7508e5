/* Running the tests that stand beside the rules: see rules_test.h. */
#include "analyzer/rulebook/rules_test.h"

#include <string.h>

#include "analyzer/judge/diagnosis.h"
#include "analyzer/log/source.h"
#include "analyzer/rule/rule_base.h"

#define RANKS_SHOWN 5

struct run {
	const struct rules *r;
	struct matcher *m;
	struct buf *out;
	bool crossing;
	struct rules_test_sum sum;
};

static void add_place(struct run *run, const struct rule_place *p)
{
	const struct yaml_node *n = &p->file->tree.nodes[p->node];

	buf_addf(run->out, "%s:%u:%u: ", p->file->path, n->line, n->column);
}

static int read_log(struct run *run, const char *log, struct events *ev,
		    struct source_stats *ret_stats, struct err *e)
{
	struct source *s = source_new(run->m, ev);
	int rc = source_feed(s, log, strlen(log), e);

	if (!rc)
		rc = source_end(s, e);
	if (!rc && ret_stats) {
		source_stats(s, ret_stats);
		ret_stats->tool = NULL; /* does not outlive s */
		ret_stats->tool_version = NULL;
	}
	source_free(s);
	return rc;
}

/* ---- examples of patterns ---- */

static bool has_event_of(const struct events *ev, size_t pattern)
{
	for (size_t i = 0; i < events_len(ev); i++)
		if (events_at(ev, i)->pattern == (int)pattern)
			return true;
	return false;
}

static void complain_example(struct run *run, size_t pattern, const char *example,
			     const struct events *ev)
{
	const struct pattern_rule *p = &run->r->patterns[pattern];

	run->sum.failed++;
	add_place(run, &p->place);
	buf_addf(run->out,
		 "the pattern '%s' does not match its example\n  %s\n  matched by:", p->p.id,
		 example);
	for (size_t i = 0; i < events_len(ev); i++) {
		int by = events_at(ev, i)->pattern;

		if (by >= 0)
			buf_addf(run->out, " %s", run->r->patterns[by].p.id);
	}
	buf_addf(run->out, "%s\n", events_len(ev) ? "" : " none");
}

/* Not wrong by itself: many messages are shared. */
static void tell_crossing(struct run *run, size_t pattern, const char *example,
			  const struct events *ev)
{
	const struct pattern *own = rules_pattern(run->r, pattern), *by;

	for (size_t i = 0; i < events_len(ev); i++) {
		if (events_at(ev, i)->pattern < 0)
			continue;
		by = rules_pattern(run->r, (size_t)events_at(ev, i)->pattern);
		if (!own->tool || !by->tool || !strcmp(own->tool, by->tool))
			continue;
		add_place(run, &run->r->patterns[pattern].place);
		buf_addf(run->out, "note: the example of '%s' is matched by '%s' of %s too\n  %s\n",
			 own->id, by->id, by->tool, example);
	}
}

static int test_example(struct run *run, size_t pattern, const char *example, struct err *e)
{
	const struct pattern *p = rules_pattern(run->r, pattern);
	struct events *ev = events_new();
	struct source_stats stats = { 0 };
	struct buf line = { 0 };
	bool matched;
	int rc;

	buf_addf(&line, "%s\n", example);
	rc = read_log(run, line.at, ev, &stats, e);
	/* A pattern that gives no event leaves no more than a recognised line behind. */
	matched = p->n_gives ? has_event_of(ev, pattern) : stats.recognised_lines > 0;
	run->sum.examples++;
	if (!rc && !matched)
		complain_example(run, pattern, example, ev);
	if (run->crossing)
		tell_crossing(run, pattern, example, ev);
	buf_done(&line);
	events_free(ev);
	return rc;
}

static int test_patterns(struct run *run, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < rules_patterns(run->r); i++) {
		const struct pattern *p = rules_pattern(run->r, i);

		if (!p->n_examples) {
			run->sum.untested++;
			add_place(run, &run->r->patterns[i].place);
			buf_addf(run->out, "the pattern '%s' has no example\n", p->id);
		}
		for (size_t k = 0; k < p->n_examples && !rc; k++)
			rc = test_example(run, i, p->examples[k], e);
	}
	return rc;
}

/* ---- tests of causes ---- */

static double confidence_of(const struct diagnosis *d, const struct cause_rule *c)
{
	if (c->kind == CAUSE_HEALTHY)
		return d->healthy_share;
	if (c->kind == CAUSE_LEAK)
		return d->leak_share;
	for (size_t i = 0; i < d->n_findings; i++)
		if (d->findings[i].cause == c->id)
			return d->findings[i].confidence;
	return 0;
}

static bool is_first(const struct diagnosis *d, const struct cause_rule *c)
{
	if (c->kind == CAUSE_HEALTHY)
		return d->verdict == VERDICT_HEALTHY;
	if (c->kind == CAUSE_LEAK)
		return d->verdict == VERDICT_UNKNOWN;
	return d->n_findings && d->findings[0].cause == c->id;
}

static enum word word_got(const struct diagnosis *d, const struct cause_rule *c)
{
	if (c->kind != CAUSE_NORMAL)
		return WORD_LIKELY; /* they have no word; being first is all that is asked */
	return d->n_findings ? d->findings[0].word : WORD_NONE;
}

static bool is_asked_for(const struct diagnosis *d, const struct cause_test *t)
{
	for (size_t i = 0; i < t->n_asks_for; i++)
		if (d->next_fact && !strcmp(d->next_fact, t->asks_for[i]))
			return true;
	return !t->n_asks_for;
}

/* What is missing, in words; NULL: the test passes. */
static const char *find_failure(const struct diagnosis *d, const struct cause_rule *c,
				const struct cause_test *t)
{
	if (t->fires && !is_first(d, c))
		return "it should come first";
	if (t->fires && word_got(d, c) < t->word)
		return "it should come with a stronger word";
	if (!t->fires && t->not_first && is_first(d, c))
		return "it should not come first";
	if (!t->fires && !t->not_first && confidence_of(d, c) >= 0.2)
		return "it should be below 'possible'";
	if (t->has_verdict && d->verdict != t->verdict)
		return "the verdict should be another";
	return is_asked_for(d, t) ? NULL : "another next test should be proposed";
}

static void add_ranking(struct run *run, const struct diagnosis *d)
{
	const char *word;

	buf_addf(run->out, "  came: verdict %s, healthy %.2f, other %.2f, next test %s\n",
		 verdict_name(d->verdict), d->healthy_share, d->leak_share,
		 d->next_fact ? d->next_fact : "none");
	for (size_t i = 0; i < d->n_findings && i < RANKS_SHOWN; i++) {
		const struct finding *f = &d->findings[i];

		word = word_name(f->word);
		buf_addf(run->out, "  %zu. %s  %.2f %s, %+.1f dB\n", i + 1, f->cause, f->confidence,
			 word ? word : "-", f->score);
	}
}

static void complain_test(struct run *run, const struct cause_rule *c, const struct cause_test *t,
			  const struct diagnosis *d, const char *failure)
{
	run->sum.failed++;
	add_place(run, &t->place);
	buf_addf(run->out, "%s, %s test '%s': %s", c->id, t->fires ? "fires" : "silent",
		 t->name ? t->name : "", failure);
	if (t->fires && c->kind == CAUSE_NORMAL)
		buf_addf(run->out, " (at least %s)", word_name(t->word));
	if (t->has_verdict)
		buf_addf(run->out, " (verdict %s)", verdict_name(t->verdict));
	for (size_t i = 0; i < t->n_asks_for; i++)
		buf_addf(run->out, "%s%s", i ? ", " : " (asks for ", t->asks_for[i]);
	buf_addf(run->out, "%s\n", t->n_asks_for ? ")" : "");
	add_ranking(run, d);
}

static int run_test(struct run *run, const struct cause_rule *c, const struct cause_test *t,
		    struct err *e)
{
	struct diagnosis_input in = {
		.facts = t->facts,
		.n_facts = t->n_facts,
		.symptoms = t->symptoms,
		.n_symptoms = t->n_symptoms,
	};
	struct events *ev = events_new();
	struct diagnosis *d = NULL;
	const char *failure;
	int rc = t->log ? read_log(run, t->log, ev, NULL, e) : 0;

	run->sum.tests++;
	if (!rc) {
		in.events = ev;
		d = diagnosis_new(run->r, &in);
		failure = find_failure(d, c, t);
		if (failure)
			complain_test(run, c, t, d, failure);
	}
	diagnosis_free(d);
	events_free(ev);
	return rc;
}

static int test_causes(struct run *run, struct err *e)
{
	int rc = 0;

	for (uint32_t i = 0; i < run->r->n[NAME_CAUSE] && !rc; i++) {
		const struct cause_rule *c = &run->r->causes[i];
		size_t fires = 0;

		for (size_t k = 0; k < c->n_tests && !rc; k++) {
			fires += c->tests[k].fires;
			rc = run_test(run, c, &c->tests[k], e);
		}
		if (c->kind == CAUSE_LEAK || (fires && fires < c->n_tests))
			continue;
		run->sum.untested++;
		add_place(run, &c->place);
		buf_addf(run->out, "the cause '%s' has no test that it %s\n", c->id,
			 fires ? "stays silent" : "fires");
	}
	return rc;
}

int rules_test(const struct rules *r, bool crossing, struct buf *out, struct rules_test_sum *ret,
	       struct err *e)
{
	struct run run = { .r = r, .out = out, .crossing = crossing };
	int rc = matcher_new(r, MATCHER_AUTO, &run.m, e);

	if (!rc)
		rc = test_patterns(&run, e);
	if (!rc)
		rc = test_causes(&run, e);
	matcher_free(run.m);
	if (!rc)
		*ret = run.sum;
	return rc;
}
