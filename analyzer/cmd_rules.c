/* `swdoctor rules`: what it knows (list, explain), and whether rules are right (lint, test). */
#include "analyzer/commands.h"

#include "analyzer/base/output.h"
#include "analyzer/base/result.h"
#include "analyzer/base/term.h"
#include "analyzer/rule/rule_set.h"
#include "analyzer/rulebook/rule_page.h"
#include "analyzer/rulebook/rules_test.h"

/* ---- what the subcommands share ---- */

/* Messages about the rules go to stderr; `warnings` too, if they are wanted. */
static int load(const struct rule_set *s, bool warnings, struct rules **ret, struct err *e)
{
	struct rule_report rep = { 0 };
	struct buf text = { 0 };
	int rc = rule_set_load(s, ret, &rep, e);

	rule_report_print(&rep, warnings, &text);
	if (text.len)
		output_write(2, text.at, text.len, "standard error", NULL);
	buf_done(&text);
	rule_report_done(&rep);
	return rc;
}

static int print(const struct cli_args *args, const struct buf *out, int code)
{
	struct err e = { 0 };

	if (out->len && output_write(1, out->at, out->len, "standard output", &e))
		return cli_fail(args, &e);
	return code;
}

static struct rule_set shipped_and_dir(const struct cli_args *args)
{
	return (struct rule_set){
		.shipped = true,
		.dir = cli_value(args, "rules", NULL),
		.complete = true,
	};
}

/* ---- list ---- */

static int run_list(const struct cli_command *c, const struct cli_args *args)
{
	const struct rule_set s = shipped_and_dir(args);
	struct rules *r = NULL;
	struct buf out = { 0 };
	struct err e = { 0 };
	struct term t;
	int code;

	(void)c;
	if (load(&s, false, &r, &e))
		return cli_fail(args, &e);
	term_init(&t, 1, cli_value(args, "color", NULL));
	rule_list(r, &t, &out);
	code = print(args, &out, EXIT_CODE_HEALTHY);
	buf_done(&out);
	rules_free(r);
	return code;
}

static const struct cli_example list_examples[] = {
	{ "swdoctor rules list", "everything that it can recognise" },
	{ 0 },
};

static const struct cli_command list_command = {
	.name = "list",
	.operands = "",
	.summary = "list the causes, symptoms, facts, patterns and remedies",
	.examples = list_examples,
	.run = run_list,
};

/* ---- lint ---- */

static int run_lint(const struct cli_command *c, const struct cli_args *args)
{
	struct rule_set s = shipped_and_dir(args);
	struct rules *r = NULL;
	struct buf out = { 0 };
	struct err e = { 0 };
	int code;

	(void)c;
	s.paths = (const char *const *)args->operands;
	s.n_paths = args->n_operands;
	s.shipped_checks = true;
	if (load(&s, true, &r, &e))
		return cli_fail(args, &e);
	buf_addf(&out, "%zu file%s, no mistake\n", s.n_paths, s.n_paths == 1 ? "" : "s");
	code = print(args, &out, EXIT_CODE_HEALTHY);
	buf_done(&out);
	rules_free(r);
	return code;
}

static const struct cli_example lint_examples[] = {
	{ "swdoctor rules lint my-rules/*.yaml",
	  "are they right, together with the shipped ones?" },
	{ 0 },
};

static const struct cli_command lint_command = {
	.name = "lint",
	.operands = "FILE...",
	.min_operands = 1,
	.max_operands = CLI_OPERANDS_ANY,
	.summary = "check rule files together with the shipped rules",
	.examples = lint_examples,
	.details = "A FILE below a folder called rules/ takes the place of the shipped file of the "
		   "same path. Mistakes and warnings go to standard error; the exit status is 2 if "
		   "there was a mistake.",
	.run = run_lint,
};

/* ---- test ---- */

static int run_test(const struct cli_command *c, const struct cli_args *args)
{
	struct rule_set s = shipped_and_dir(args);
	struct rules_test_sum sum = { 0 };
	struct rules *r = NULL;
	struct buf out = { 0 };
	struct err e = { 0 };
	int code;

	(void)c;
	s.tests = true;
	if (load(&s, false, &r, &e))
		return cli_fail(args, &e);
	if (rules_test(r, cli_count(args, "verbose") > 0, &out, &sum, &e)) {
		code = cli_fail(args, &e);
	} else {
		buf_addf(&out, "%zu examples of patterns, %zu tests of causes: %zu failed",
			 sum.examples, sum.tests, sum.failed);
		if (sum.untested)
			buf_addf(&out, ", %zu rules untested", sum.untested);
		buf_add_str(&out, "\n");
		code = print(args, &out,
			     sum.failed || sum.untested ? EXIT_CODE_USAGE : EXIT_CODE_HEALTHY);
	}
	buf_done(&out);
	rules_free(r);
	return code;
}

static const struct cli_example test_examples[] = {
	{ "swdoctor --rules my-rules rules test", "the tests of all rules, mine among them" },
	{ 0 },
};

static const struct cli_command test_command = {
	.name = "test",
	.operands = "",
	.summary = "run the tests that stand beside the rules",
	.examples = test_examples,
	.details =
		"Every example of a pattern must be recognised by it; every cause must come first "
		"on its tests that fire, and not on those where it is silent. A rule without "
		"them fails too. With --verbose it also shows the examples that patterns of "
		"another tool match.",
	.run = run_test,
};

/* ---- explain ---- */

static int run_explain(const struct cli_command *c, const struct cli_args *args)
{
	const struct rule_set s = shipped_and_dir(args);
	struct rules *r = NULL;
	struct buf out = { 0 };
	struct err e = { 0 };
	struct term t;
	int code = EXIT_CODE_HEALTHY;

	(void)c;
	if (load(&s, false, &r, &e))
		return cli_fail(args, &e);
	term_init(&t, 1, cli_value(args, "color", NULL));
	for (size_t i = 0; i < args->n_operands && code == EXIT_CODE_HEALTHY; i++)
		if (rule_page(r, args->operands[i], &t, &out, &e))
			code = cli_fail(args, &e);
	code = print(args, &out, code);
	buf_done(&out);
	rules_free(r);
	return code;
}

static const struct cli_example explain_examples[] = {
	{ "swdoctor rules explain dp.answered", "how this fact is worked out, and what it weighs" },
	{ 0 },
};

static const struct cli_command explain_command = {
	.name = "explain",
	.operands = "ID...",
	.min_operands = 1,
	.max_operands = CLI_OPERANDS_ANY,
	.summary = "explain a cause, fact, symptom, remedy or pattern",
	.examples = explain_examples,
	.run = run_explain,
};

/* ---- */

static const struct cli_command *const subcommands[] = { &list_command, &explain_command,
							 &lint_command, &test_command, NULL };

static const struct cli_example examples[] = {
	{ "swdoctor rules list", "everything that it can recognise" },
	{ "swdoctor rules explain dp.answered", "a page about one of them" },
	{ "swdoctor rules lint my-rules/*.yaml", "are my own rules right?" },
	{ 0 },
};

const struct cli_command cmd_rules = {
	.name = "rules",
	.operands = "COMMAND ...",
	.examples = examples,
	.min_operands = 1,
	.max_operands = CLI_OPERANDS_ANY,
	.summary = "what swdoctor knows, and whether rules are right",
	.subcommands = subcommands,
};
