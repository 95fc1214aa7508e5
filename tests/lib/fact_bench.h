/* Facts of a few rules, worked out of events that a test has seen. */
#ifndef SWDOCTOR_TESTS_FACT_BENCH_H
#define SWDOCTOR_TESTS_FACT_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyzer/judge/fact.h"
#include "tests/lib/rule_text.h"

/* A fact `f` (and others) over a few events. */
struct bench {
	struct rules *r;
	struct events *ev;
	struct arena *a;
	struct facts facts;
	uint64_t line;
};

static inline struct bench bench_of(const char *facts)
{
	struct bench b = { .ev = events_new(), .a = arena_new() };
	char text[4000];

	snprintf(text, sizeof(text), "schema: 1\nfacts:\n%s", facts);
	b.r = rules_of(text);
	return b;
}

static inline void bench_done(struct bench *b)
{
	events_free(b->ev);
	arena_free(b->a);
	rules_free(b->r);
}

static inline void see(struct bench *b, enum event_kind kind)
{
	const struct event e = { .kind = kind, .pattern = kind, .line = ++b->line, .text = "x" };

	event_add(b->ev, &e);
}

static inline void see_num(struct bench *b, enum event_kind kind, int64_t num)
{
	struct event e = { .kind = kind, .pattern = kind, .line = ++b->line, .text = "x" };

	e.v[0] = (struct event_value){ .has = true, .num = num };
	event_add(b->ev, &e);
}

static inline void see_text(struct bench *b, enum event_kind kind, const char *text)
{
	struct event e = { .kind = kind, .pattern = kind, .line = ++b->line, .text = "x" };

	e.v[0] = (struct event_value){ .has = true, .text = text };
	event_add(b->ev, &e);
}

static inline const struct fact_state *work_out(struct bench *b, const char *fact)
{
	facts_init(&b->facts, b->r, b->a);
	facts_from_events(&b->facts, b->ev, b->a);
	facts_derive(&b->facts);
	return &b->facts.at[names_find(&b->r->names[NAME_FACT], fact)];
}

static inline void expect(struct bench *b, const char *fact, enum tri wanted)
{
	const struct fact_state *s = work_out(b, fact);
	enum tri got = !s->known ? TRI_UNKNOWN : s->num ? TRI_TRUE : TRI_FALSE;

	assert_int_equal(got, wanted);
}

static inline void expect_num(struct bench *b, const char *fact, int64_t wanted)
{
	const struct fact_state *s = work_out(b, fact);

	assert_true(s->known);
	assert_int_equal(s->num, wanted);
}

#endif
