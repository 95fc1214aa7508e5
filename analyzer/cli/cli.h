/*
 * The command line as data: each command is one const struct with its examples and option tables,
 * listed by one line in commands.def. Parsing, --help, did-you-mean, and what is generated from
 * them (man pages, completions) all read these tables.
 *
 * A command's file holds `const struct cli_command cmd_NAME`; its run function gets the parsed
 * arguments, prints, and returns the exit code (result.h). Options that every command takes
 * (cli_common_options: --help, --color, --rules, --verbose) may also stand before the command.
 */
#ifndef SWDOCTOR_CLI_H
#define SWDOCTOR_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/buf.h"
#include "probe/base/err.h"

#define CLI_TABLES_MAX	 6
#define CLI_OPERANDS_ANY ((size_t)-1)

struct cli_args;

struct cli_option {
	const char *name;    /* long name without its dashes; NULL ends a table */
	char letter;	     /* one-letter name, or 0 */
	const char *arg;     /* what its argument is called in the help; NULL: it takes none */
	const char *choices; /* "text|json": the only words allowed; NULL: any */
	const char *help;    /* one sentence without a full stop */
};

struct cli_example {
	const char *line; /* NULL ends a list */
	const char *says;
};

struct cli_command {
	const char *name;
	const char *operands; /* as the usage line shows them: "FILE...|-"; "" for none */
	size_t min_operands, max_operands;
	bool stops_at_operand; /* what follows the first operand belongs to another program */
	const char *summary;   /* one line, no full stop */
	const struct cli_example *examples;
	const char *details;				  /* paragraphs for --help, or NULL */
	const struct cli_option *options[CLI_TABLES_MAX]; /* besides the common ones */
	/* A group of commands (`rules list`, `rules lint`): ends with NULL. NULL: no group. A group
	 * that means nothing alone has min_operands 1. */
	const struct cli_command *const *subcommands;
	int (*run)(const struct cli_command *c, const struct cli_args *args);
};

extern const struct cli_option cli_common_options[];

struct cli_given {
	const struct cli_option *option;
	const char *value; /* NULL: it takes none */
};

/* What was given. Text belongs to argv. */
struct cli_args {
	const char *path; /* "swdoctor rules lint": for messages */
	struct cli_given *given;
	size_t n_given;
	char **operands;
	size_t n_operands;
};

/* The last value given for an option, or `otherwise`. */
const char *cli_value(const struct cli_args *a, const char *option, const char *otherwise);
/* The nth (from 0) value of an option that may be repeated; NULL after the last. */
const char *cli_nth(const struct cli_args *a, const char *option, size_t n);
/* How often an option was given. */
size_t cli_count(const struct cli_args *a, const char *option);
/* A whole number from min to max; *ret stays as it is if the option was not given. */
int cli_number(const struct cli_args *a, const char *option, long min, long max, long *ret,
	       struct err *e);

/* Prints "PATH: text of e" to stderr and returns the exit code for e. */
int cli_fail(const struct cli_args *a, const struct err *e);

/*
 * `program` has the commands as its subcommands; its own run is called when none is named. Parse,
 * find, run; returns the exit code. --help is answered here.
 */
int cli_main(int argc, char **argv, const struct cli_command *program);

/* The pieces, for tests and generators. */
/* Adds to *ret, which begins as { 0 } with a path. */
int cli_parse(const struct cli_command *c, int argc, char **argv, struct cli_args *ret,
	      struct err *e);
void cli_args_done(struct cli_args *a);
void cli_help(const struct cli_command *c, const char *path, struct buf *out);

#endif
