/* Weighing: scores, shares, words, several causes at once. The figures are worked out by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyzer/judge/finding.h"
#include "tests/lib/rule_text.h"

struct bench {
	struct rules *r;
	struct arena *a;
	struct facts facts;
	struct weighing w;
};

#define NEVER "{all: [{fact: f, known: true}, {fact: f, known: false}]}"

/* Causes and whatever else they need; one hop, one remedy, three facts and three symptoms stand. */
static struct bench bench_of(const char *causes)
{
	struct bench b = { .a = arena_new() };
	char text[8000];

	snprintf(text, sizeof(text),
		 "schema: 1\n"
		 "hops: {h: {title: H, order: 1}}\n"
		 "remedies: {m: {do: x, cost: seconds, danger: none, automatic: never}}\n"
		 "facts:\n"
		 "  f: {title: f, true-if: []}\n"
		 "  g: {title: g, true-if: []}\n"
		 "  n: {title: n, count: [{event: link.wait}]}\n"
		 "symptoms:\n"
		 "  s: {title: s, hop: h, when: " NEVER "}\n"
		 "  t: {title: t, hop: h, when: " NEVER "}\n"
		 "  well: {title: w, hop: h, when: " NEVER "}\n"
		 "causes:\n"
		 "  other: {kind: leak, title: o, hop: h, class: tool, exit: 1, prior: -10 dB, "
		 "explains: "
		 "{}, remedies: {}, explain: o}\n"
		 "%s",
		 causes);
	b.r = rules_of(text);
	facts_init(&b.facts, b.r, b.a);
	return b;
}

static void bench_done(struct bench *b)
{
	arena_free(b->a);
	rules_free(b->r);
}

static void know(struct bench *b, const char *fact, int64_t num)
{
	const struct event_value v = { .has = true, .num = num };

	facts_fix(&b->facts, names_find(&b->r->names[NAME_FACT], fact), &v);
}

static void show(struct bench *b, const char *symptom)
{
	b->facts.present[names_find(&b->r->names[NAME_SYMPTOM], symptom)] = true;
}

static const struct weighed *weigh_cause(struct bench *b, const char *cause)
{
	weighing_init(&b->w, b->r, NULL, b->a);
	weigh(&b->w, &b->facts);
	return &b->w.at[names_find(&b->r->names[NAME_CAUSE], cause)];
}

static void near(double got, double wanted)
{
	if (fabs(got - wanted) > 0.001)
		fail_msg("%f is not %f", got, wanted);
}

#define CAUSE(id, prior, explains)                                                                 \
	"  " id ": {title: t, hop: h, class: tool, exit: 1, remedies: {m: 0.5}, explain: e, "      \
	"prior: " prior " dB, explains: {" explains "}"
#define EVIDENCE(list) ", evidence: [" list "]"

/* ---- the score ---- */

static void evidence_counts_then_else_or_nothing(void **state)
{
	struct bench b = bench_of(CAUSE("c", "-5", "s: 1") EVIDENCE(
		"{fact: f, is: true, then: +6 dB, else: -4 dB}") "}\n");

	(void)state;
	show(&b, "s");
	near(weigh_cause(&b, "c")->score, -5);
	know(&b, "f", 1);
	near(weigh_cause(&b, "c")->score, 1);
	know(&b, "f", 0);
	near(weigh_cause(&b, "c")->score, -9);
	bench_done(&b);
}

static void of_a_group_the_largest_magnitude_counts(void **state)
{
	struct bench b = bench_of(CAUSE("c", "0", "s: 1") EVIDENCE(
		"{fact: f, is: true, then: +6 dB, group: x}, {fact: g, is: true, then: -8 dB, "
		"group: x}, "
		"{fact: n, above: 3, then: +5 dB, group: y}, {fact: n, above: 4, then: +3 dB, "
		"group: x}") "}\n");

	(void)state;
	show(&b, "s");
	know(&b, "f", 1);
	near(weigh_cause(&b, "c")->score, 6);
	know(&b, "g", 1);
	near(weigh_cause(&b, "c")->score, -8);
	know(&b, "n", 9);
	near(weigh_cause(&b, "c")->score, -3);
	bench_done(&b);
}

static void unless_takes_evidence_away_only_when_it_is_true(void **state)
{
	struct bench b = bench_of(CAUSE("c", "0", "s: 1") EVIDENCE(
		"{fact: f, is: true, then: +6 dB, unless: g}") "}\n");

	(void)state;
	show(&b, "s");
	know(&b, "f", 1);
	near(weigh_cause(&b, "c")->score, 6);
	know(&b, "g", 0);
	near(weigh_cause(&b, "c")->score, 6);
	know(&b, "g", 1);
	near(weigh_cause(&b, "c")->score, 0);
	bench_done(&b);
}

static void evidence_that_is_switched_off_counts_nothing(void **state)
{
	struct bench b = bench_of(CAUSE("c", "0", "s: 1") EVIDENCE(
		"{fact: f, is: true, then: +6 dB}") "}\n" CAUSE("d", "0", "s: 1")
					  EVIDENCE("{fact: f, is: true, then: +6 dB}") "}\n");
	const bool off[] = { false, true };

	(void)state;
	show(&b, "s");
	know(&b, "f", 1);
	weighing_init(&b.w, b.r, off, b.a);
	weigh(&b.w, &b.facts);
	near(b.w.at[1].score, 6);
	near(b.w.at[2].score, 0);
	bench_done(&b);
}

static void a_cause_pays_for_what_it_leaves_unexplained(void **state)
{
	struct bench b =
		bench_of(CAUSE("c", "0", "s: 0.5") "}\n" CAUSE("d", "0", "s: 0.5, t: 0.5") "}\n");

	(void)state;
	show(&b, "s");
	show(&b, "t");
	near(weigh_cause(&b, "c")->score, (10 * log10(0.5) + 10 * log10(0.1)) / 2);
	near(weigh_cause(&b, "d")->score, 10 * log10(0.5));
	bench_done(&b);
}

static void nobody_has_to_explain_a_sign_of_health(void **state)
{
	struct bench b = bench_of(
		CAUSE("c", "0", "s: 0.5") "}\n"
					  "  fine: {kind: healthy, title: t, hop: h, class: pass, "
					  "exit: 0, remedies: {}, explain: e, "
					  "prior: 0 dB, explains: {well: 0.98}}\n");

	(void)state;
	show(&b, "s");
	show(&b, "well");
	near(weigh_cause(&b, "c")->score, 10 * log10(0.5));
	bench_done(&b);
}

/* ---- the competition ---- */

static void shares_are_taken_among_those_that_explain_a_present_symptom(void **state)
{
	struct bench b = bench_of(CAUSE("c", "0", "s: 1") "}\n" CAUSE("d", "0", "t: 1") "}\n");
	const struct weighed *c;

	(void)state;
	show(&b, "s");
	c = weigh_cause(&b, "c");
	near(c->confidence, 1 / 1.1); /* the leak has a tenth */
	near(b.w.leak_share, 0.1 / 1.1);
	assert_false(weigh_cause(&b, "d")->candidate);
	bench_done(&b);
}

static void a_cause_whose_requirement_is_false_is_left_out_unknown_is_not(void **state)
{
	struct bench b = bench_of(CAUSE("c", "0", "s: 1") ", requires: [f]}\n");

	(void)state;
	show(&b, "s");
	assert_true(weigh_cause(&b, "c")->candidate);
	know(&b, "f", 0);
	assert_false(weigh_cause(&b, "c")->candidate);
	assert_true(weigh_cause(&b, "c")->lacking);
	near(b.w.leak_share, 1);
	bench_done(&b);
}

static void confidence_is_never_certainty(void **state)
{
	struct bench b = bench_of(CAUSE("c", "+30", "s: 1") "}\n");

	(void)state;
	show(&b, "s");
	near(weigh_cause(&b, "c")->confidence, 0.98);
	assert_int_equal(weigh_cause(&b, "c")->word, WORD_LIKELY);
	bench_done(&b);
}

static void words_follow_share_and_lead(void **state)
{
	static const struct {
		const char *prior;
		enum word wanted;
	} rows[] = {
		{ "0", WORD_LIKELY },	   /* 0.91 and 10 dB ahead of the leak */
		{ "-0.4", WORD_PROBABLE }, /* 0.90 but a lead of 9.6 dB */
		{ "-8", WORD_PROBABLE },   /* 0.61 */
		{ "-9", WORD_POSSIBLE },   /* 0.56 */
		{ "-16", WORD_POSSIBLE },  /* 0.201 */
		{ "-17", WORD_NONE },	   /* 0.17 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[400];
		struct bench b;

		snprintf(text, sizeof(text), CAUSE("c", "%s", "s: 1") "}\n", rows[i].prior);
		b = bench_of(text);
		show(&b, "s");
		assert_int_equal(weigh_cause(&b, "c")->word, rows[i].wanted);
		bench_done(&b);
	}
}

/* ---- several causes ---- */

static void two_causes_stand_side_by_side_when_each_explains_what_the_other_does_not(void **state)
{
	struct bench b =
		bench_of(CAUSE("c", "+6", "s: 0.9") "}\n" CAUSE("d", "+3", "t: 0.9") "}\n");

	(void)state;
	show(&b, "s");
	show(&b, "t");
	assert_true(weigh_cause(&b, "c")->accepted);
	assert_true(weigh_cause(&b, "d")->accepted);
	/* Alone with the leak, over t: 3 - 0.46 dB against -10. */
	near(weigh_cause(&b, "d")->confidence, fmin(0.947, weigh_cause(&b, "c")->confidence));
	bench_done(&b);
}

static void a_later_cause_is_never_surer_than_the_one_before(void **state)
{
	/* c leads s by a little only; d alone explains t. */
	struct bench b = bench_of(CAUSE("c", "+1", "s: 0.9") "}\n" CAUSE(
		"e", "0", "s: 0.9") "}\n" CAUSE("d", "-2", "t: 0.9") "}\n");

	(void)state;
	show(&b, "s");
	show(&b, "t");
	assert_true(weigh_cause(&b, "c")->accepted);
	assert_true(weigh_cause(&b, "d")->confidence <= weigh_cause(&b, "c")->confidence);
	assert_true(weigh_cause(&b, "d")->accepted);
	bench_done(&b);
}

static void an_explanation_in_part_does_not_raise_the_rivals(void **state)
{
	/* Neither explains s with 0.8, so s stays open; but c wins it again. */
	struct bench b = bench_of(CAUSE("c", "0", "s: 0.5") "}\n" CAUSE("d", "-6", "s: 0.5") "}\n");
	double alone;

	(void)state;
	show(&b, "s");
	alone = 1 / (pow(10, 0.6) + 1 + 0.1 * pow(10, 0.6) / 0.5);
	near(weigh_cause(&b, "d")->confidence, alone);
	assert_false(weigh_cause(&b, "d")->accepted);
	bench_done(&b);
}

static void when_the_leak_wins_nothing_is_accepted(void **state)
{
	struct bench b = bench_of(CAUSE("c", "-20", "s: 1") "}\n");

	(void)state;
	show(&b, "s");
	assert_false(weigh_cause(&b, "c")->accepted);
	near(b.w.leak_share, 0.1 / 0.11);
	bench_done(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(evidence_counts_then_else_or_nothing),
		cmocka_unit_test(of_a_group_the_largest_magnitude_counts),
		cmocka_unit_test(unless_takes_evidence_away_only_when_it_is_true),
		cmocka_unit_test(evidence_that_is_switched_off_counts_nothing),
		cmocka_unit_test(a_cause_pays_for_what_it_leaves_unexplained),
		cmocka_unit_test(nobody_has_to_explain_a_sign_of_health),
		cmocka_unit_test(shares_are_taken_among_those_that_explain_a_present_symptom),
		cmocka_unit_test(a_cause_whose_requirement_is_false_is_left_out_unknown_is_not),
		cmocka_unit_test(confidence_is_never_certainty),
		cmocka_unit_test(words_follow_share_and_lead),
		cmocka_unit_test(
			two_causes_stand_side_by_side_when_each_explains_what_the_other_does_not),
		cmocka_unit_test(a_later_cause_is_never_surer_than_the_one_before),
		cmocka_unit_test(an_explanation_in_part_does_not_raise_the_rivals),
		cmocka_unit_test(when_the_leak_wins_nothing_is_accepted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
