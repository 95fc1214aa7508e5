/* The rule loader: each mistake gets its code, its place, and the word that was meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyzer/rule/rule_load.h"
#include "tests/lib/rule_text.h"

#define CAUSE_HEAD                                                                                 \
	"schema: 1\n"                                                                              \
	"causes:\n"                                                                                \
	"  c:\n"                                                                                   \
	"    title: t\n"                                                                           \
	"    hop: swd\n"                                                                           \
	"    class: tool\n"                                                                        \
	"    exit: 1\n"                                                                            \
	"    remedies: {measure: 0.5}\n"                                                           \
	"    explain: e\n"

#define CAUSE CAUSE_HEAD "    prior: -9 dB\n    explains: {connect-failed: 0.5}\n" /* 11 lines */

struct mistake {
	const char *text;
	const char *first_line; /* of the messages */
};

static const struct mistake mistakes[] = {
	{ "schema: 1\nfacts: [\n", "t.yaml:3:1: error[R100]: " },
	{ "schema: 1\nfact:\n  a: 1\n",
	  "t.yaml:2:1: error[R101]: a rule file has no key 'fact', did you mean 'facts'?" },
	{ "schema: 1\nfacts:\n  a: {titel: t, true-if: [], title: t}\n",
	  "t.yaml:3:7: error[R101]: a fact has no key 'titel', did you mean 'title'?" },
	{ "schema: 1\nschema: 1\n",
	  "t.yaml:2:1: error[R102]: the key 'schema' stands twice, first at 1:1" },
	{ "schema: 1\nfacts:\n  dp.answered: {title: t, true-if: []}\n",
	  "t.yaml:3:3: error[R102]: the fact 'dp.answered' stands twice, first at base.yaml:22:3" },
	{ "schema: 2\n", "t.yaml:1:9: error[R103]: schema 2 is not known" },
	{ "schema: 1\nfacts: [a]\n", "t.yaml:2:8: error[R103]: 'facts' must be a map (id: fact)" },
	{ "schema: 1\nfacts:\n  A b: {title: t, true-if: []}\n",
	  "t.yaml:3:3: error[R103]: 'A b' is no id" },
	{ "schema: 1\nfacts:\n  a: {title: t, true-if: [{event: dp.id, id: xyz}]}\n",
	  "t.yaml:3:46: error[R103]: 'xyz' is no whole number" },
	{ "schema: 1\nfacts:\n  a: {title: t, true-if: [{event: dp.id, id: 1e3}]}\n",
	  "t.yaml:3:46: error[R103]: '1e3' is no whole number" },
	{ "schema: 1\nfacts:\n  a: {title: t, true-if: [{event: usb.error, code: {below: 3}}]}\n",
	  "t.yaml:3:60: error[R103]: the field is a text, not a number" },
	{ "schema: 1\nfacts:\n  a: {title: t, when: {fact: dp.answered, below: 3}}\n",
	  "t.yaml:3:50: error[R103]: 'dp.answered' is no number" },
	{ "schema: 1\nfacts:\n  a: {title: t, when: target.vtref_mv}\n",
	  "t.yaml:3:23: error[R103]: 'target.vtref_mv' is not true or false" },
	{ "schema: 1\nfacts:\n  a: {title: t, when: {fact: dp.answered, is: yes}}\n",
	  "t.yaml:3:47: error[R103]: 'yes' is none of: false, true" },
	{ "schema: 1\nfacts:\n  a: {title: t, when: {symptom: connect-failed}}\n",
	  "t.yaml:3:23: error[R103]: facts and symptoms are worked out before" },
	{ "schema: 1\nfacts:\n  a: {title: t, true-if: [], when: dp.answered}\n",
	  "t.yaml:3:3: error[R103]: a fact has exactly one of" },
	{ "schema: 1\nfacts:\n  a: {title: t, when: dp.answered, prefer: latest}\n",
	  "t.yaml:3:44: error[R103]: 'prefer' means nothing with this kind of fact" },
	{ "schema: 1\nfacts:\n  a: {title: t, when: {fact: target.vtref_mv, above: 5, below: 6}}\n",
	  "t.yaml:3:64: error[R103]: no whole number is above 5 and below 6" },
	{ "schema: 1\nfacts:\n  a: {title: t, sequence: [{event: dp.id}]}\n",
	  "t.yaml:3:27: error[R103]: a sequence has two steps or more" },
	{ "schema: 1\nfacts:\n  a: {title: t, true-if: [{event: dp.id, tool: opnocd}]}\n",
	  "t.yaml:3:48: error[R103]: no file of patterns is for a tool 'opnocd', did you mean "
	  "'openocd'?" },
	{ "schema: 1\nfacts:\n  a: {title: t, when: dp.answerd}\n",
	  "t.yaml:3:23: error[R104]: unknown fact 'dp.answerd', did you mean 'dp.answered'?" },
	{ "schema: 1\nfacts:\n  a: {title: t, when: not dp.answerd}\n",
	  "t.yaml:3:23: error[R104]: unknown fact 'dp.answerd', did you mean 'dp.answered'?" },
	{ CAUSE "    evidence: [{fact: target.vtref-mv, below: 3, then: +2 dB}]\n",
	  "t.yaml:12:23: error[R104]: unknown fact 'target.vtref-mv', did you mean "
	  "'target.vtref_mv'?" },
	{ CAUSE "    makes-unknown: [tarket.*]\n",
	  "t.yaml:12:20: error[R104]: no fact is called 'tarket.*'" },
	{ "schema: 1\nfacts:\n  a: {title: t, true-if: [{event: dp.silnt}]}\n",
	  "t.yaml:3:35: error[R105]: unknown event 'dp.silnt', did you mean 'dp.silent'?" },
	{ "schema: 1\nfacts:\n  a: {title: t, true-if: [{event: target.voltage, mvolt: 3}]}\n",
	  "t.yaml:3:51: error[R106]: the event 'target.voltage' has no field 'mvolt'" },
	{ "schema: 1\nfacts:\n  a: {title: t, value: {event: target.voltage, field: mw}}\n",
	  "t.yaml:3:55: error[R106]: the event 'target.voltage' has no field 'mw', did you mean "
	  "'mv'?" },
	{ CAUSE_HEAD "    prior: 0 dB\n    explains: {conect-failed: 0.5}\n",
	  "t.yaml:11:16: error[R109]: unknown symptom 'conect-failed', did you mean "
	  "'connect-failed'?" },
	{ "schema: 1\nsymptoms:\n  s: {title: t, hop: swdd, when: dp.answered}\n",
	  "t.yaml:3:22: error[R117]: unknown hop 'swdd', did you mean 'swd'?" },
	{ "schema: 1\nrecoveries:\n  no-such: {ask-again: 0.5}\n",
	  "t.yaml:3:3: error[R107]: unknown cause 'no-such'" },
	{ CAUSE "recoveries:\n  c: {ask-agian: 0.5}\n",
	  "t.yaml:13:7: error[R118]: unknown recovery 'ask-agian', did you mean 'ask-again'?" },
	{ "schema: 1\nfacts:\n  a: &x {title: t, true-if: []}\n",
	  "t.yaml:3:6: error[R111]: anchors (&name) are not allowed" },
	{ "schema: 1\nfacts: {a: {title: [[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]}}\n",
	  "t.yaml:2:33: error[R112]: nested too deeply" },
	{ "schema: 1\npatterns:\n  p: {text: abcdefgh, regex: '(ab', gives: []}\n",
	  "t.yaml:3:30: error[R113]: bad regular expression: missing closing parenthesis (at "
	  "character 4)" },
	{ "schema: 1\npatterns:\n  p: {text: abcdefgh, regex: '(ab)', gives: {event: dp.id, id: "
	  "$2}}\n",
	  "t.yaml:3:64: error[R103]: the regular expression has no group 2" },
	{ "schema: 1\npatterns:\n  p: {text: abcdefgh, gives: {event: dp.id, id: $1}}\n",
	  "t.yaml:3:49: error[R103]: the regular expression has no group 1" },
	{ "schema: 1\npatterns:\n  p: {text: abcdefgh, regex: '(ab)', gives: {event: dp.id, id: $1 "
	  "volts}}\n",
	  "t.yaml:3:64: error[R103]: 'volts' is none of: volt, mv" },
	{ "schema: 1\npatterns:\n  p: {text: [a1111, b1111, c1111, d1111, e1111, f1111, g1111, "
	  "h1111, "
	  "i1111], gives: []}\n",
	  "t.yaml:3:13: error[R112]: a pattern has 1 to 8 texts" },
	{ CAUSE_HEAD "    prior: 6\n    explains: {connect-failed: 0.5}\n",
	  "t.yaml:10:12: error[R114]: a weight in decibans is wanted here, like '+6 dB'" },
	{ CAUSE "    evidence: [{symptom: connect-failed, then: +21 dB}]\n",
	  "t.yaml:12:48: error[R114]: more than 20 dB is never meant" },
	{ CAUSE_HEAD "    prior: 0 dB\n    explains: {connect-failed: 1.5}\n",
	  "t.yaml:11:32: error[R114]: '1.5' is no probability (above 0, at most 1)" },
	{ "schema: 1\nfacts:\n  a: {title: t, when: b}\n  b: {title: t, when: {none: [c]}}\n"
	  "  c: {title: t, when: a}\n",
	  "t.yaml:3:3: error[R115]: facts need each other: a -> b -> c -> a" },
	{ "facts: {}\n", "t.yaml:1:1: error[R116]: a rule file needs the key 'schema'" },
	{ "schema: 1\nfacts:\n  a: {title: t}\n",
	  "t.yaml:3:3: error[R116]: a fact has exactly one of" },
	{ "schema: 1\nfacts:\n  a: {true-if: []}\n",
	  "t.yaml:3:6: error[R116]: a fact needs the key 'title'" },
	{ CAUSE "    evidence: [{symptom: connect-failed}]\n",
	  "t.yaml:12:16: error[R116]: evidence needs 'then' or 'else'" },
	{ CAUSE "    evidence: [{symptom: connect-failed, then: +2 dB, says: one, or two}]\n",
	  "t.yaml:12:66: error[R101]: evidence has no key 'or two'" },
	{ CAUSE "    remedys: {}\n",
	  "t.yaml:12:5: error[R101]: a cause has no key 'remedys', did you mean 'remedies'?" },
	{ CAUSE "    kind: leak\n", "t.yaml:3:3: error[R102]: a second cause of the kind 'leak'" },
	{ "schema: 1\nremedies:\n  m: {do: x, cost: hours, danger: none, automatic: never}\n",
	  "t.yaml:3:20: error[R103]: 'hours' is none of: seconds, minutes, tool, solder" },
	{ CAUSE "    tests: {fires: [{name: n, facts: {dp.answerd: true}}]}\n",
	  "t.yaml:12:39: error[R104]: unknown fact 'dp.answerd', did you mean 'dp.answered'?" },
	{ CAUSE "    tests: {fires: [{name: n}]}\n",
	  "t.yaml:12:21: error[R116]: a test needs an input" },
};

static void each_mistake_has_its_code_and_place(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		char *got = rule_messages(mistakes[i].text, false);

		if (strncmp(got, mistakes[i].first_line, strlen(mistakes[i].first_line))) {
			print_error("wanted: %s\ngot:    %s\n", mistakes[i].first_line, got);
			failed++;
		}
		free(got);
	}
	assert_int_equal(failed, 0);
}

static void a_wrong_remedy_is_told(void **state)
{
	char *got =
		rule_messages("schema: 1\ncauses:\n  c: {title: t, hop: swd, class: tool, exit: 1, "
			      "prior: 0 dB, explains: {connect-failed: 1}, explain: e, remedies: "
			      "{mesure: 0.5}}\n",
			      false);

	(void)state;
	assert_non_null(
		strstr(got, "error[R108]: unknown remedy 'mesure', did you mean 'measure'?"));
	free(got);
}

static void the_reference_lists_every_code_with_its_meaning(void **state)
{
	static const char *const rows[] = {
#define RULE_CODE(id, code, kind, text)                                                            \
	"| " code " | " text " |", "| " code " | " #kind ": " text " |",
#include "analyzer/rule/rule_codes.def"
#undef RULE_CODE
	};
	static char page[64 * 1024];
	FILE *f = fopen("doc/rules.md", "r");
	size_t n;

	(void)state;
	assert_non_null(f);
	n = fread(page, 1, sizeof(page) - 1, f);
	fclose(f);
	page[n] = '\0';
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i += 2)
		if (!strstr(page, rows[i]) && !strstr(page, rows[i + 1]))
			fail_msg("doc/rules.md lacks %s", rows[i]);
}

/* ---- how it is told ---- */

static void a_message_shows_the_line_with_a_caret(void **state)
{
	char *got = rule_messages("schema: 1\nfacts:\n  ä: {title: t, when: dp.answerd}\n", false);

	(void)state;
	assert_non_null(strstr(got,
			       "t.yaml:3:23: error[R104]: unknown fact 'dp.answerd', did you mean "
			       "'dp.answered'?\n"
			       "    3 |   ä: {title: t, when: dp.answerd}\n"
			       "      |                       ^^^^^^^^^^\n"));
	free(got);
}

static void a_long_line_is_cut_around_the_mistake(void **state)
{
	struct buf text = { 0 };
	char *got, *line;

	(void)state;
	buf_add_str(&text, "schema: 1\nfacts:\n  a: {title: ");
	for (int i = 0; i < 100; i++)
		buf_add_str(&text, "longer ");
	buf_add_str(&text, ", when: dp.answerd}\n");
	got = rule_messages(text.at, false);
	line = strstr(got, "    3 | ");
	assert_non_null(line);
	assert_true(strcspn(line, "\n") < 180);
	assert_non_null(strstr(got, "dp.answerd}"));
	assert_non_null(strstr(got, "^^^^^^^^^^\n"));
	free(got);
	buf_done(&text);
}

static void control_characters_do_not_reach_the_message(void **state)
{
	char *got = rule_messages(
		"schema: 1\nfacts:\n  a: {title: t, when: \"x\\e[31m\\x9b\\x07\"}\n", false);

	(void)state;
	for (const char *p = got; *p; p++)
		assert_true(*p == '\n' || (unsigned char)*p >= ' ');
	free(got);
}

static void all_mistakes_are_told_up_to_a_bound(void **state)
{
	struct buf text = { 0 };
	char *got;
	int n = 0;

	(void)state;
	buf_add_str(&text, "schema: 1\nfacts:\n");
	for (int i = 0; i < 60; i++)
		buf_addf(&text, "  f%d: {title: t, when: no.such}\n", i);
	got = rule_messages(text.at, false);
	for (const char *p = got; (p = strstr(p, "error[R104]")); p++)
		n++;
	assert_int_equal(n, RULE_REPORT_MAX);
	assert_non_null(strstr(got, "and 10 more errors\n"));
	free(got);
	buf_done(&text);
}

/* ---- warnings ---- */

static void a_short_literal_is_warned_of(void **state)
{
	char *got = rule_messages("schema: 1\npatterns:\n  p: {text: abc, gives: []}\n", false);

	(void)state;
	assert_non_null(strstr(got, "t.yaml:3:13: warning[R201]: the literal 'abc' is short"));
	free(got);
}

static void expressions_that_may_be_slow_are_warned_of(void **state)
{
	static const char *const slow[] = { "(a+)+b", "(?:x*y?)*z", ".*abcdefgh", "(a{2,})+",
					    "((ab)*c)+" };
	static const char *const quick[] = { "(ab)+c", "a+b+",	  "(?:\\w+ )?x",
					     "[(+]*x", "(a\\+)+", "(a|b)*c" };
	char text[200], *got;

	(void)state;
	for (size_t i = 0; i < sizeof(slow) / sizeof(slow[0]); i++) {
		snprintf(text, sizeof(text),
			 "schema: 1\npatterns:\n  p: {text: abcdefgh, regex: '%s', gives: []}\n",
			 slow[i]);
		got = rule_messages(text, false);
		assert_non_null(strstr(got, "warning[R202]"));
		free(got);
	}
	for (size_t i = 0; i < sizeof(quick) / sizeof(quick[0]); i++) {
		snprintf(text, sizeof(text),
			 "schema: 1\npatterns:\n  p: {text: abcdefgh, regex: '%s', gives: []}\n",
			 quick[i]);
		got = rule_messages(text, false);
		assert_string_equal(got, "");
		free(got);
	}
}

/* ---- tests beside the rules ---- */

static void rules_that_are_shipped_need_examples_and_tests(void **state)
{
	char *got =
		rule_messages(CAUSE "    tests: {fires: [{name: n, symptoms: [connect-failed]}]}\n"
				    "patterns:\n  p: {text: abcdefgh, gives: []}\n",
			      true);

	(void)state;
	assert_non_null(strstr(got, "error[R110]: the pattern 'p' has no example"));
	assert_non_null(strstr(got, "error[R110]: the cause 'c' has no test that it stays silent"));
	free(got);
	got = rule_messages(CAUSE "patterns:\n  p: {text: abcdefgh, gives: []}\n", false);
	assert_string_equal(got, "");
	free(got);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mistake_has_its_code_and_place),
		cmocka_unit_test(a_wrong_remedy_is_told),
		cmocka_unit_test(the_reference_lists_every_code_with_its_meaning),
		cmocka_unit_test(a_message_shows_the_line_with_a_caret),
		cmocka_unit_test(a_long_line_is_cut_around_the_mistake),
		cmocka_unit_test(control_characters_do_not_reach_the_message),
		cmocka_unit_test(all_mistakes_are_told_up_to_a_bound),
		cmocka_unit_test(a_short_literal_is_warned_of),
		cmocka_unit_test(expressions_that_may_be_slow_are_warned_of),
		cmocka_unit_test(rules_that_are_shipped_need_examples_and_tests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
