/* Rules from text: see rule_text.h. */
#include "tests/lib/rule_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/rule_load.h"

#define BASE "tests/rules/base.yaml"

static void add(struct rules *r, const char *path, const char *text, bool wants_tests,
		struct rule_report *rep)
{
	struct rule_file *f = rules_add_file(r, path, path, rep);

	f->wants_tests = wants_tests;
	rule_file_parse(r, f, text, strlen(text), rep);
}

static void add_base(struct rules *r, struct rule_report *rep)
{
	static char text[64 * 1024];
	FILE *f = fopen(BASE, "r");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

	if (!n) {
		fputs("cannot read " BASE "; the tests run in the top folder\n", stderr);
		exit(1);
	}
	fclose(f);
	text[n] = '\0';
	add(r, "base.yaml", text, false, rep);
}

static struct rules *load(const char *text, bool base, bool wants_tests, struct buf *messages)
{
	static const struct rule_wants wants = { .tests = true };
	struct rules *r = rules_new();
	struct rule_report rep = { 0 };
	int rc;

	if (base)
		add_base(r, &rep);
	if (text)
		add(r, "t.yaml", text, wants_tests, &rep);
	rc = rules_build(r, &wants, &rep);
	rule_report_print(&rep, true, messages);
	rule_report_done(&rep);
	if (!rc)
		return r;
	rules_free(r);
	return NULL;
}

static struct rules *load_right(const char *text, bool base)
{
	struct buf messages = { 0 };
	struct rules *r = load(text, base, false, &messages);

	if (!r) {
		fputs(buf_str(&messages), stderr);
		exit(1);
	}
	buf_done(&messages);
	return r;
}

struct rules *rules_with(const char *text)
{
	return load_right(text, true);
}

struct rules *rules_of(const char *text)
{
	return load_right(text, false);
}

char *rule_messages(const char *text, bool wants_tests)
{
	struct buf messages = { 0 };

	rules_free(load(text, true, wants_tests, &messages));
	return buf_detach(&messages);
}
