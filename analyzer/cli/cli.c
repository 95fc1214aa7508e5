/* Parsing the command line by its tables, and finding the command: see cli.h. */
#include "analyzer/cli/cli.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/base/output.h"
#include "analyzer/base/result.h"
#include "analyzer/base/suggest.h"
#include "analyzer/base/term.h"

#define OPTIONS_MAX 64

const struct cli_option cli_common_options[] = {
	{ .name = "rules", .arg = "DIR", .help = "add the rules in DIR to the shipped ones" },
	{ .name = "color",
	  .arg = "WHEN",
	  .choices = "auto|always|never",
	  .help = "colour the output (auto: on a terminal, unless NO_COLOR is set)" },
	{ .name = "verbose", .letter = 'v', .help = "tell more" },
	{ .name = "help", .letter = 'h', .help = "show this help" },
	{ 0 },
};

/* ---- what was given ---- */

static bool is_option(const struct cli_given *g, const char *name)
{
	return !strcmp(g->option->name, name);
}

const char *cli_value(const struct cli_args *a, const char *option, const char *otherwise)
{
	size_t i;

	for (i = a->n_given; i > 0; i--)
		if (is_option(&a->given[i - 1], option))
			return a->given[i - 1].value;
	return otherwise;
}

const char *cli_nth(const struct cli_args *a, const char *option, size_t n)
{
	size_t i;

	for (i = 0; i < a->n_given; i++)
		if (is_option(&a->given[i], option) && n-- == 0)
			return a->given[i].value;
	return NULL;
}

size_t cli_count(const struct cli_args *a, const char *option)
{
	size_t i, n = 0;

	for (i = 0; i < a->n_given; i++)
		n += is_option(&a->given[i], option);
	return n;
}

int cli_number(const struct cli_args *a, const char *option, long min, long max, long *ret,
	       struct err *e)
{
	const char *text = cli_value(a, option, NULL);
	char *end;
	long n;

	if (!text)
		return 0;
	errno = 0;
	n = strtol(text, &end, 10);
	if (errno || end == text || *end || n < min || n > max)
		return err_set(e, ERR_USAGE, "--%s wants a number from %ld to %ld, not '%s'",
			       option, min, max, text);
	*ret = n;
	return 0;
}

void cli_args_done(struct cli_args *a)
{
	free(a->given);
	*a = (struct cli_args){ 0 };
}

/* ---- parsing ---- */

/* A command's options in one list, as getopt_long wants them. */
struct table {
	const struct cli_option *row[OPTIONS_MAX];
	struct option longs[OPTIONS_MAX + 1];
	char letters[2 * OPTIONS_MAX + 4]; /* zeroed: always a string */
	size_t n_letters;
	size_t n;
};

static void table_add(struct table *t, const struct cli_option *o)
{
	for (; o && o->name; o++) {
		assert(t->n < OPTIONS_MAX);
		t->row[t->n] = o;
		t->longs[t->n] =
			(struct option){ .name = o->name,
					 .has_arg = o->arg ? required_argument : no_argument };
		if (o->letter) {
			t->letters[t->n_letters++] = o->letter;
			if (o->arg)
				t->letters[t->n_letters++] = ':';
		}
		t->n++;
	}
}

static void table_fill(struct table *t, const struct cli_command *c)
{
	size_t i;

	*t = (struct table){ 0 };
	if (c->stops_at_operand || c->subcommands)
		t->letters[t->n_letters++] = '+'; /* stop at the first operand */
	t->letters[t->n_letters++] = ':'; /* tell a missing argument from an unknown option */
	for (i = 0; i < CLI_TABLES_MAX; i++)
		table_add(t, c->options[i]);
	table_add(t, cli_common_options);
}

static const struct cli_option *by_letter(const struct table *t, int letter)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (t->row[i]->letter == letter)
			return t->row[i];
	return NULL;
}

static int unknown_option(const struct table *t, const char *typed, struct err *e)
{
	struct suggest s;
	char name[64];
	size_t i;

	if (optopt)
		return err_set(e, ERR_USAGE, "unknown option -%c; see --help", optopt);
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(typed + 2, "="), typed + 2);
	for (i = 0; i < t->n; i++)
		if (!strcmp(t->row[i]->name, name) && !t->row[i]->arg)
			return err_set(e, ERR_USAGE, "--%s takes no argument", name);
	suggest_init(&s, name);
	for (i = 0; i < t->n; i++)
		suggest_offer(&s, t->row[i]->name);
	if (s.best)
		return err_set(e, ERR_USAGE, "unknown option --%s, did you mean --%s?", name,
			       s.best);
	return err_set(e, ERR_USAGE, "unknown option --%s; see --help", name);
}

static int check_choice(const struct cli_option *o, const char *value, struct err *e)
{
	size_t len = value ? strlen(value) : 0;
	const char *at = o->choices;

	while (at) {
		if (strcspn(at, "|") == len && !strncmp(at, value, len))
			return 0;
		at = strchr(at, '|');
		at = at ? at + 1 : NULL;
	}
	if (!o->choices)
		return 0;
	return err_set(e, ERR_USAGE, "--%s wants one of %s, not '%s'", o->name, o->choices, value);
}

static void given_add(struct cli_args *a, const struct cli_option *o, const char *value)
{
	a->given = realloc(a->given, (a->n_given + 1) * sizeof(a->given[0]));
	if (!a->given)
		abort();
	a->given[a->n_given++] = (struct cli_given){ .option = o, .value = value };
}

static int check_operands(const struct cli_command *c, const struct cli_args *a, struct err *e)
{
	if (cli_count(a, "help"))
		return 0;
	if (a->n_operands < c->min_operands)
		return err_set(e, ERR_USAGE, "%s missing; see --help",
			       c->operands && *c->operands ? c->operands : "an argument is");
	if (a->n_operands > c->max_operands && !c->subcommands)
		return err_set(e, ERR_USAGE, "unexpected argument '%s'; see --help",
			       a->operands[c->max_operands]);
	return 0;
}

int cli_parse(const struct cli_command *c, int argc, char **argv, struct cli_args *ret,
	      struct err *e)
{
	struct table t;
	const struct cli_option *o;
	int letter, at = 0, rc;

	table_fill(&t, c);
	optind = 0; /* glibc: start anew */
	opterr = 0;
	while ((letter = getopt_long(argc, argv, t.letters, t.longs, &at)) != -1) {
		if (letter == ':')
			return err_set(e, ERR_USAGE, "%s wants an argument", argv[optind - 1]);
		if (letter == '?')
			return unknown_option(&t, argv[optind - 1], e);
		o = letter ? by_letter(&t, letter) : t.row[at];
		rc = check_choice(o, optarg, e);
		if (rc)
			return rc;
		given_add(ret, o, optarg);
	}
	ret->operands = argv + optind;
	ret->n_operands = (size_t)(argc - optind);
	return check_operands(c, ret, e);
}

/* ---- finding the command ---- */

int cli_fail(const struct cli_args *a, const struct err *e)
{
	struct term t;
	struct buf line;

	term_init(&t, 2, "never");
	buf_init(&line);
	term_add(&t, &line, e->text); /* may quote a hostile file name */
	fprintf(stderr, "%s: %s\n", a->path, buf_str(&line));
	buf_done(&line);
	return exit_code_of(e);
}

static const struct cli_command *find(const struct cli_command *const *list, const char *name,
				      struct err *e)
{
	struct suggest s;

	suggest_init(&s, name);
	for (; *list; list++) {
		if (!strcmp((*list)->name, name))
			return *list;
		suggest_offer(&s, (*list)->name);
	}
	if (s.best)
		err_set(e, ERR_USAGE, "unknown command '%s', did you mean '%s'?", name, s.best);
	else
		err_set(e, ERR_USAGE, "unknown command '%s'; see --help", name);
	return NULL;
}

static int show_help(const struct cli_command *c, const struct cli_args *a)
{
	struct err e = { 0 };
	struct buf text;
	int rc;

	buf_init(&text);
	cli_help(c, a->path, &text);
	rc = output_write(1, text.at, text.len, "standard output", &e);
	buf_done(&text);
	return rc ? cli_fail(a, &e) : EXIT_CODE_HEALTHY;
}

/* "help CMD" is "CMD --help". */
static void turn_help_word(struct cli_args *a)
{
	const struct cli_option *o = cli_common_options;

	if (strcmp(a->operands[0], "help"))
		return;
	while (strcmp(o->name, "help"))
		o++;
	given_add(a, o, NULL);
	a->operands++;
	a->n_operands--;
}

static int run(const struct cli_command *c, int argc, char **argv, struct cli_args *a);

static int run_subcommand(const struct cli_command *group, struct cli_args *a)
{
	struct err e = { 0 };
	const struct cli_command *c = find(group->subcommands, a->operands[0], &e);
	struct cli_args inner = *a;
	struct buf path;
	int code;

	if (!c)
		return cli_fail(a, &e);
	buf_init(&path);
	buf_addf(&path, "%s %s", a->path, c->name);
	inner.path = path.at;
	code = run(c, (int)a->n_operands, a->operands, &inner);
	a->given = inner.given; /* it may have moved; cli_main frees it */
	buf_done(&path);
	return code;
}

/* `a` holds what was given before this command; argv[0] is its name. */
static int run(const struct cli_command *c, int argc, char **argv, struct cli_args *a)
{
	struct err e = { 0 };

	if (cli_parse(c, argc, argv, a, &e))
		return cli_fail(a, &e);
	if (c->subcommands && a->n_operands)
		turn_help_word(a);
	if (c->subcommands && a->n_operands)
		return run_subcommand(c, a);
	if (cli_count(a, "help"))
		return show_help(c, a);
	return c->run(c, a);
}

int cli_main(int argc, char **argv, const struct cli_command *program)
{
	struct cli_args a = { .path = program->name };
	int code = run(program, argc, argv, &a);

	cli_args_done(&a);
	return code;
}
