/*
 * A log from a stranger: whatever the bytes are and however they come, a source with the shipped
 * rules reads them, counts add up, and every manner of feeding and every engine sees the same.
 */
#include <stdlib.h>
#include <string.h>

#include "analyzer/log/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

struct reading {
	struct events *events;
	struct source_stats stats;
	char tool[64];
	int rc;
};

/* The rules live as long as the fuzzer. */
static struct matcher *matcher(enum matcher_engine engine)
{
	static struct rules *rules;
	static struct matcher *m[3];
	struct buf report = { 0 };

	if (!rules && rules_load(NULL, &rules, &report, NULL))
		abort();
	if (!m[engine] && matcher_new(rules, engine, &m[engine], NULL))
		abort();
	return m[engine];
}

/* In steps of 1, 4, 7... bytes: each multiplied so that long inputs end; step 0: at once. */
static struct reading read_all(enum matcher_engine engine, const uint8_t *bytes, size_t n,
			       size_t step)
{
	struct reading r = { .events = events_new() };
	struct source *s = source_new(matcher(engine), r.events);

	for (size_t at = 0, size; at < n && !r.rc; at += size, step += step ? 3 : 0) {
		size = step && step < n - at ? step : n - at;
		r.rc = source_feed(s, bytes + at, size, NULL);
	}
	if (!r.rc)
		r.rc = source_end(s, NULL);
	source_stats(s, &r.stats);
	strncpy(r.tool, r.stats.tool ? r.stats.tool : "", sizeof(r.tool) - 1);
	source_free(s);
	return r;
}

static void check(bool right)
{
	if (!right)
		abort();
}

static void check_counts(const struct reading *r, size_t n)
{
	const struct source_stats *st = &r->stats;

	check(st->bytes == n);
	check(st->lines <= n);
	check(st->recognised_lines <= st->lines);
	check(st->unrecognised_lines <= st->lines - st->recognised_lines);
	check(st->tool_confidence >= 0 && st->tool_confidence <= 1);
	for (size_t i = 0; i < events_len(r->events); i++)
		check(events_at(r->events, i)->line <= st->lines);
}

static void check_same(const struct reading *a, const struct reading *b)
{
	check(a->rc == b->rc);
	check(a->stats.lines == b->stats.lines);
	check(a->stats.recognised_lines == b->stats.recognised_lines);
	check(a->stats.unrecognised_lines == b->stats.unrecognised_lines);
	check(!strcmp(a->tool, b->tool));
	check(events_len(a->events) == events_len(b->events));
	for (size_t i = 0; i < events_len(a->events); i++) {
		const struct event *x = events_at(a->events, i), *y = events_at(b->events, i);

		check(x->kind == y->kind && x->line == y->line && x->times == y->times &&
		      x->pattern == y->pattern && x->attempt == y->attempt);
		check(!strcmp(x->text, y->text));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct reading whole = read_all(MATCHER_AUTO, bytes, n, 0);
	struct reading split = read_all(MATCHER_AUTO, bytes, n, 1);
	struct reading plain = n < 500 ? read_all(MATCHER_PLAIN, bytes, n, 0) : whole;

	if (!whole.rc) {
		check_counts(&whole, n);
		check_same(&whole, &split);
		check_same(&whole, &plain);
	}
	check(whole.rc == split.rc);
	if (plain.events != whole.events)
		events_free(plain.events);
	events_free(split.events);
	events_free(whole.events);
	return 0;
}
