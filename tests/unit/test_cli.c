/* The command line as data: parsing, mistakes, help. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyzer/base/suggest.h"
#include "analyzer/cli/cli.h"

static const struct cli_option options[] = {
	{ .name = "format", .arg = "FORMAT", .choices = "text|json", .help = "how it looks" },
	{ .name = "jobs", .letter = 'j', .arg = "N", .help = "how many" },
	{ .name = "all", .letter = 'a', .help = "everything" },
	{ 0 },
};

static const struct cli_example examples[] = {
	{ "swdoctor look file", "look at a file" },
	{ 0 },
};

static const struct cli_command look = {
	.name = "look",
	.operands = "FILE...",
	.min_operands = 1,
	.max_operands = 2,
	.summary = "look at files",
	.examples = examples,
	.details = "First paragraph.\n\nSecond.",
	.options = { options },
};

struct parsed {
	struct cli_args a;
	struct err e;
	int rc;
	char *argv[16];
};

static void parse(struct parsed *p, const struct cli_command *c, const char *const *words)
{
	int argc = 0;

	*p = (struct parsed){ .a.path = "swdoctor look" };
	while (words[argc]) {
		p->argv[argc] = (char *)(uintptr_t)words[argc];
		argc++;
	}
	p->rc = cli_parse(c, argc, p->argv, &p->a, &p->e);
}

#define PARSE(p, ...) parse(p, &look, (const char *const[]){ "look", __VA_ARGS__, NULL })

static void options_and_operands_come_in_any_order(void **state)
{
	struct parsed p;
	long jobs = 1;

	(void)state;
	PARSE(&p, "one", "-j4", "--format=json", "two", "-av");
	assert_int_equal(p.rc, 0);
	assert_int_equal(p.a.n_operands, 2);
	assert_string_equal(p.a.operands[0], "one");
	assert_string_equal(p.a.operands[1], "two");
	assert_string_equal(cli_value(&p.a, "format", "text"), "json");
	assert_int_equal(cli_number(&p.a, "jobs", 1, 8, &jobs, &p.e), 0);
	assert_int_equal(jobs, 4);
	assert_int_equal(cli_count(&p.a, "all"), 1);
	assert_int_equal(cli_count(&p.a, "verbose"), 1);
	assert_int_equal(cli_count(&p.a, "help"), 0);
	cli_args_done(&p.a);
}

static void what_was_not_given_keeps_its_default(void **state)
{
	struct parsed p;
	long jobs = 3;

	(void)state;
	PARSE(&p, "one");
	assert_string_equal(cli_value(&p.a, "format", "text"), "text");
	assert_null(cli_value(&p.a, "rules", NULL));
	assert_int_equal(cli_number(&p.a, "jobs", 1, 8, &jobs, &p.e), 0);
	assert_int_equal(jobs, 3);
	cli_args_done(&p.a);
}

static void an_option_may_be_repeated(void **state)
{
	struct parsed p;

	(void)state;
	PARSE(&p, "one", "-j1", "-j", "2");
	assert_string_equal(cli_nth(&p.a, "jobs", 0), "1");
	assert_string_equal(cli_nth(&p.a, "jobs", 1), "2");
	assert_null(cli_nth(&p.a, "jobs", 2));
	assert_string_equal(cli_value(&p.a, "jobs", NULL), "2");
	cli_args_done(&p.a);
}

static void after_two_dashes_everything_is_an_operand(void **state)
{
	struct parsed p;

	(void)state;
	PARSE(&p, "--", "-j", "--all");
	assert_int_equal(p.rc, 0);
	assert_int_equal(p.a.n_operands, 2);
	assert_string_equal(p.a.operands[0], "-j");
	assert_int_equal(p.a.n_given, 0);
	cli_args_done(&p.a);
}

static void another_programs_options_stay_its_own(void **state)
{
	struct cli_command run = look;
	struct parsed p;

	(void)state;
	run.stops_at_operand = true;
	run.max_operands = CLI_OPERANDS_ANY;
	parse(&p, &run, (const char *const[]){ "run", "-a", "openocd", "-a", "--format", NULL });
	assert_int_equal(p.rc, 0);
	assert_int_equal(cli_count(&p.a, "all"), 1);
	assert_int_equal(p.a.n_operands, 3);
	assert_string_equal(p.a.operands[2], "--format");
	cli_args_done(&p.a);
}

static void mistakes_are_told_with_a_suggestion(void **state)
{
	static const struct {
		const char *words[4];
		const char *says;
	} cases[] = {
		{ { "look", "f", "--fromat", NULL },
		  "unknown option --fromat, did you mean --format?" },
		{ { "look", "f", "--xyzzy", NULL }, "unknown option --xyzzy; see --help" },
		{ { "look", "f", "-x", NULL }, "unknown option -x; see --help" },
		{ { "look", "f", "-ax", NULL }, "unknown option -x; see --help" },
		{ { "look", "f", "--format", NULL }, "--format wants an argument" },
		{ { "look", "f", "--format=xml", NULL },
		  "--format wants one of text|json, not 'xml'" },
		{ { "look", "f", "--format=tex", NULL },
		  "--format wants one of text|json, not 'tex'" },
		{ { "look", "f", "--all=1", NULL }, "--all takes no argument" },
		{ { "look", NULL }, "FILE... missing; see --help" },
	};
	struct parsed p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		parse(&p, &look, cases[i].words);
		assert_int_equal(p.rc, ERR_USAGE);
		assert_string_equal(p.e.text, cases[i].says);
		cli_args_done(&p.a);
	}
	PARSE(&p, "a", "b", "c");
	assert_int_equal(p.rc, ERR_USAGE);
	assert_string_equal(p.e.text, "unexpected argument 'c'; see --help");
	cli_args_done(&p.a);
}

static void numbers_are_checked(void **state)
{
	static const char *const bad[] = { "-j0", "-j9", "-jx", "-j4x", "-j99999999999999999999",
					   "-j " };
	struct parsed p;
	long jobs = 3;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		PARSE(&p, "one", bad[i]);
		assert_int_equal(cli_number(&p.a, "jobs", 1, 8, &jobs, &p.e), ERR_USAGE);
		assert_int_equal(jobs, 3);
		cli_args_done(&p.a);
	}
}

static void help_shows_examples_first_and_every_option(void **state)
{
	const struct cli_option *o;
	struct buf b;

	(void)state;
	buf_init(&b);
	cli_help(&look, "swdoctor look", &b);
	assert_ptr_equal(strstr(b.at, "swdoctor look: look at files\n\nExamples:\n"
				      "  swdoctor look file\n      look at a file\n\n"
				      "Usage: swdoctor look [OPTION]... FILE...\n"),
			 b.at);
	for (o = options; o->name; o++)
		assert_non_null(strstr(b.at, o->name));
	for (o = cli_common_options; o->name; o++)
		assert_non_null(strstr(b.at, o->name));
	assert_non_null(strstr(b.at, "First paragraph.\n\nSecond.\n"));
	assert_int_equal(b.at[b.len - 1], '\n');
	assert_int_not_equal(b.at[b.len - 2], '\n');
	buf_done(&b);
}

static const char *nearest(const char *word)
{
	static const char *const known[] = { "analyze", "run", "rules", "check", "flash", "trace" };
	struct suggest s;
	size_t i;

	suggest_init(&s, word);
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		suggest_offer(&s, known[i]);
	return s.best;
}

static void the_nearest_word_is_suggested(void **state)
{
	(void)state;
	assert_string_equal(nearest("analyse"), "analyze");
	assert_string_equal(nearest("anlayze"), "analyze");
	assert_string_equal(nearest("analyz"), "analyze");
	assert_string_equal(nearest("ana"), "analyze");
	assert_string_equal(nearest("chekc"), "check");
	assert_string_equal(nearest("rnu"), "run");
	assert_null(nearest("x"));
	assert_null(nearest("frobnicate"));
	assert_null(nearest(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_and_operands_come_in_any_order),
		cmocka_unit_test(what_was_not_given_keeps_its_default),
		cmocka_unit_test(an_option_may_be_repeated),
		cmocka_unit_test(after_two_dashes_everything_is_an_operand),
		cmocka_unit_test(another_programs_options_stay_its_own),
		cmocka_unit_test(mistakes_are_told_with_a_suggestion),
		cmocka_unit_test(numbers_are_checked),
		cmocka_unit_test(help_shows_examples_first_and_every_option),
		cmocka_unit_test(the_nearest_word_is_suggested),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
