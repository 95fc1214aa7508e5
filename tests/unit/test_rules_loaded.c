/* The rule loader: what is in memory when all is well, the shipped rules and a folder of more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "analyzer/rule/rule_load.h"
#include "tests/lib/rule_text.h"

static void a_pattern_is_loaded_whole(void **state)
{
	struct rules *r = rules_of(
		"schema: 1\ntool: st-flash\npatterns:\n"
		"  p:\n    text: [one text, two text]\n    not-text: three\n    nocase: true\n"
		"    fallback: true\n"
		"    regex: '(\\d+) of (\\S+)'\n    since: \"1.5\"\n    until: \"1.10\"\n    "
		"tells: 7\n"
		"    gives:\n"
		"      - {event: chip.flash-size, bytes: $1 kib}\n"
		"      - {event: tool.banner, name: st-flash, version: $2}\n"
		"      - {event: chip.id, id: 0x410}\n"
		"    example: [a, b]\n");
	const struct pattern *p = rules_pattern(r, 0);

	(void)state;
	assert_int_equal(rules_patterns(r), 1);
	assert_string_equal(p->id, "p");
	assert_string_equal(p->file, "t.yaml");
	assert_string_equal(p->tool, "st-flash");
	assert_int_equal(p->n_texts, 2);
	assert_string_equal(p->texts[1], "two text");
	assert_string_equal(p->not_text, "three");
	assert_true(p->nocase);
	assert_true(p->fallback);
	assert_string_equal(p->since, "1.5");
	assert_string_equal(p->until, "1.10");
	assert_int_equal(p->tells, 7);
	assert_int_equal(p->n_gives, 3);
	assert_int_equal(p->gives[0].f[0].group, 1);
	assert_int_equal(p->gives[0].f[0].unit, UNIT_KIB);
	assert_string_equal(p->gives[1].f[0].text, "st-flash");
	assert_int_equal(p->gives[1].f[1].group, 2);
	assert_int_equal(p->gives[2].f[0].num, 0x410);
	assert_int_equal(p->gives[2].f[0].group, 0);
	assert_int_equal(p->n_examples, 2);
	rules_free(r);
}

static void a_pattern_without_events_is_recognised_too(void **state)
{
	struct rules *r = rules_of("schema: 1\npatterns:\n  p: {text: abcdefgh, gives: []}\n");

	(void)state;
	assert_int_equal(rules_pattern(r, 0)->n_gives, 0);
	assert_int_equal(rules_pattern(r, 0)->tells, 1);
	assert_null(rules_pattern(r, 0)->regex);
	rules_free(r);
}

static void facts_may_be_used_before_they_stand(void **state)
{
	struct rules *r = rules_of("schema: 1\nfacts:\n"
				   "  a: {title: t, when: {fact: c, above: 0x10}}\n"
				   "  b: {title: t, when: a}\n"
				   "  c: {title: t, value: {event: probe.speed, field: khz}}\n");

	(void)state;
	assert_int_equal(r->facts[2].type, EVENT_INT);
	assert_string_equal(r->facts[2].unit, "kHz");
	assert_int_equal(r->facts[0].when->above, 16);
	assert_int_equal(r->n_fact_order, 2);
	assert_int_equal(r->fact_order[0], 0); /* a before b */
	rules_free(r);
}

static void the_shipped_rules_load_without_a_mistake(void **state)
{
	struct rules *r = NULL;
	struct buf report = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(rules_load(NULL, &r, &report, &e), 0);
	assert_int_equal(report.len, 0);
	rules_free(r);
	buf_done(&report);
}

/* ---- folders ---- */

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void a_folder_adds_to_the_shipped_rules(void **state)
{
	char dir[] = "/tmp/swdoctor-test-XXXXXX", path[200];
	struct rules *plain = NULL, *r = NULL;
	struct buf report = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_non_null(mkdtemp(dir));
	write_file(dir, "mine.yaml",
		   "schema: 1\npatterns:\n  zz-mine: {text: abcdefgh, gives: []}\n");
	write_file(dir, "notes.txt", "not a rule");
	assert_int_equal(rules_load(NULL, &plain, &report, &e), 0);
	assert_int_equal(rules_load(dir, &r, &report, &e), 0);
	assert_int_equal(rules_patterns(r), rules_patterns(plain) + 1);
	rules_free(r);
	write_file(dir, "mine.yaml",
		   "schema: 1\npatterns:\n  zz-mine: {txt: abcdefgh, gives: []}\n");
	assert_int_equal(rules_load(dir, &r, &report, &e), ERR_FORMAT);
	assert_non_null(
		strstr(report.at, "mine.yaml:3:13: error[R101]: a pattern has no key 'txt'"));
	snprintf(path, sizeof(path), "%s/mine.yaml", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/notes.txt", dir);
	unlink(path);
	rmdir(dir);
	assert_int_equal(rules_load(dir, &r, &report, &e), ERR_IO);
	rules_free(plain);
	buf_done(&report);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pattern_is_loaded_whole),
		cmocka_unit_test(a_pattern_without_events_is_recognised_too),
		cmocka_unit_test(facts_may_be_used_before_they_stand),
		cmocka_unit_test(the_shipped_rules_load_without_a_mistake),
		cmocka_unit_test(a_folder_adds_to_the_shipped_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
