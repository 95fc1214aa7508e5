/* The help of a command, written from its tables: see cli.h. */
#include "analyzer/cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/base/term.h"

#define HELP_COLUMNS 80
#define OPTION_WIDTH 27

static void add_examples(const struct cli_example *x, struct buf *out)
{
	buf_add_str(out, "Examples:\n");
	for (; x->line; x++)
		buf_addf(out, "  %s\n      %s\n", x->line, x->says);
	buf_add_char(out, '\n');
}

static void add_left(const struct cli_option *o, struct buf *out)
{
	if (o->letter)
		buf_addf(out, "  -%c, --%s", o->letter, o->name);
	else
		buf_addf(out, "      --%s", o->name);
	if (o->arg)
		buf_addf(out, " %s", o->choices ? o->choices : o->arg);
}

static void add_options(const struct term *t, const char *title, const struct cli_option *o,
			struct buf *out)
{
	size_t start, width;

	if (!o || !o->name)
		return;
	buf_addf(out, "%s:\n", title);
	for (; o->name; o++) {
		start = out->len;
		add_left(o, out);
		width = out->len - start;
		if (width + 2 > OPTION_WIDTH)
			buf_addf(out, "\n%*s", OPTION_WIDTH, "");
		else
			buf_addf(out, "%*s", (int)(OPTION_WIDTH - width), "");
		term_add_wrapped(t, out, o->help, OPTION_WIDTH, OPTION_WIDTH);
		buf_add_char(out, '\n');
	}
	buf_add_char(out, '\n');
}

static void add_commands(const struct cli_command *const *list, struct buf *out)
{
	buf_add_str(out, "Commands:\n");
	for (; *list; list++)
		buf_addf(out, "  %-10s %s\n", (*list)->name, (*list)->summary);
	buf_add_char(out, '\n');
}

/* Paragraphs stand as they are written, apart from their width. */
static void add_details(const struct term *t, const char *text, struct buf *out)
{
	const char *end;
	struct buf paragraph;

	buf_init(&paragraph);
	while (*text) {
		end = strstr(text, "\n\n");
		buf_clear(&paragraph);
		buf_add(&paragraph, text, end ? (size_t)(end - text) : strlen(text));
		term_add_wrapped(t, out, buf_str(&paragraph), 0, 0);
		buf_add_str(out, "\n\n");
		text = end ? end + 2 : text + strlen(text);
	}
	buf_done(&paragraph);
}

void cli_help(const struct cli_command *c, const char *path, struct buf *out)
{
	const struct term t = { .columns = HELP_COLUMNS };
	size_t i;

	buf_addf(out, "%s: ", path);
	term_add_wrapped(&t, out, c->summary, strlen(path) + 2, 4);
	buf_add_str(out, "\n\n");
	if (c->examples)
		add_examples(c->examples, out);
	buf_addf(out, "Usage: %s [OPTION]...%s%s\n\n", path, c->operands && *c->operands ? " " : "",
		 c->operands ? c->operands : "");
	if (c->subcommands)
		add_commands(c->subcommands, out);
	for (i = 0; i < CLI_TABLES_MAX; i++)
		add_options(&t, i ? "More options" : "Options", c->options[i], out);
	add_options(&t, "Options of every command", cli_common_options, out);
	if (c->details)
		add_details(&t, c->details, out);
	out->len--; /* one blank line too many at the end */
	out->at[out->len] = '\0';
}
