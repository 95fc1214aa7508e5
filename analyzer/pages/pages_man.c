/* Manual pages in mdoc: see pages.h. */
#include "analyzer/pages/pages.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/base/result.h"

#define LINE_LONGEST 76

/* What roff would take for its own: a backslash, and a dot or quote that begins a line. */
static void add_escaped(struct buf *out, const char *text, size_t len, bool begins_line)
{
	if (begins_line && len && (*text == '.' || *text == '\''))
		buf_add_str(out, "\\&");
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\\')
			buf_add_str(out, "\\e");
		else if (text[i] == '-' &&
			 ((i && text[i - 1] == '-') || (i + 1 < len && text[i + 1] == '-')))
			buf_add_str(out, "\\-");
		else
			buf_add_char(out, text[i]);
	}
}

/* Words of a paragraph; a sentence ends its line, as manual pages are written. */
static void add_paragraph(struct buf *out, const char *text, size_t len)
{
	size_t at = 0, column = 0;

	while (at < len) {
		size_t n = 0;

		while (at < len && isspace((unsigned char)text[at]))
			at++;
		while (at + n < len && !isspace((unsigned char)text[at + n]))
			n++;
		if (!n)
			break;
		if (column && column + 1 + n > LINE_LONGEST) {
			buf_add_char(out, '\n');
			column = 0;
		} else if (column) {
			buf_add_char(out, ' ');
		}
		add_escaped(out, text + at, n, column == 0);
		column += n + 1;
		at += n;
		if (strchr(".!?", text[at - 1])) {
			buf_add_char(out, '\n');
			column = 0;
		}
	}
	if (column)
		buf_add_char(out, '\n');
}

static void add_details(struct buf *out, const char *text)
{
	for (const char *end; *text; text = end) {
		end = strstr(text, "\n\n");
		if (!end)
			end = text + strlen(text);
		add_paragraph(out, text, (size_t)(end - text));
		while (*end == '\n')
			end++;
		if (*end)
			buf_add_str(out, ".Pp\n");
	}
}

/* An argument of a macro. */
static void add_argument(struct buf *out, const char *text)
{
	buf_add_str(out, " \"");
	for (size_t n = strcspn(text, "\""); *text; n = strcspn(text, "\"")) {
		add_escaped(out, text, n, false);
		text += n;
		if (*text == '"') {
			buf_add_str(out, "\"\"");
			text++;
		}
	}
	buf_add_char(out, '"');
}

static void add_option(struct buf *out, const struct cli_option *o)
{
	buf_add_str(out, ".It");
	if (o->letter)
		buf_addf(out, " Fl %c ,", o->letter);
	buf_addf(out, " Fl -%s", o->name);
	if (o->arg) {
		buf_add_str(out, " Ar");
		add_argument(out, o->choices ? o->choices : o->arg);
	}
	buf_add_char(out, '\n');
	add_paragraph(out, o->help, strlen(o->help));
}

static bool has_options(const struct cli_command *c)
{
	for (size_t i = 0; i < CLI_TABLES_MAX; i++)
		if (c->options[i] && c->options[i]->name)
			return true;
	return false;
}

static void add_options(struct buf *out, const struct cli_command *c)
{
	buf_add_str(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < CLI_TABLES_MAX; i++)
		for (const struct cli_option *o = c->options[i]; o && o->name; o++)
			add_option(out, o);
	buf_add_str(out, ".El\n");
}

static void add_usage(struct buf *out, const char *path, const struct cli_command *c)
{
	buf_add_str(out, ".Nm");
	add_argument(out, path);
	buf_add_str(out, "\n.Op Ar option ...\n");
	if (c->operands && *c->operands) {
		buf_add_str(out, ".Ar");
		add_argument(out, c->operands);
		buf_add_char(out, '\n');
	}
}

static void add_synopsis(struct buf *out, const char *path, const struct cli_command *c)
{
	const struct cli_command *const *sub = c->subcommands;
	char longer[128];

	buf_add_str(out, ".Sh SYNOPSIS\n");
	if (!sub || !c->min_operands)
		add_usage(out, path, c);
	for (; sub && *sub && strchr(path, ' '); sub++) {
		snprintf(longer, sizeof(longer), "%s %s", path, (*sub)->name);
		add_usage(out, longer, *sub);
	}
}

static void add_examples(struct buf *out, const struct cli_example *x, bool after_text)
{
	for (; x && x->line; x++, after_text = true) {
		if (after_text)
			buf_add_str(out, ".Pp\n");
		add_paragraph(out, x->says, strlen(x->says));
		buf_add_str(out, ".Dl");
		add_argument(out, x->line);
		buf_add_char(out, '\n');
	}
}

static void add_subcommands(struct buf *out, const struct cli_command *c)
{
	for (const struct cli_command *const *s = c->subcommands; s && *s; s++) {
		buf_addf(out, ".Ss %s\n", (*s)->name);
		add_paragraph(out, (*s)->summary, strlen((*s)->summary));
		if ((*s)->details) {
			buf_add_str(out, ".Pp\n");
			add_details(out, (*s)->details);
		}
		if (has_options(*s))
			add_options(out, *s);
		add_examples(out, (*s)->examples, true);
	}
}

static void add_command_list(struct buf *out, const struct cli_command *program)
{
	buf_add_str(out, ".Sh COMMANDS\n.Bl -tag -width Ds\n");
	for (const struct cli_command *const *s = program->subcommands; *s; s++) {
		buf_addf(out, ".It Cm %s\n", (*s)->name);
		add_paragraph(out, (*s)->summary, strlen((*s)->summary));
	}
	buf_add_str(out, ".El\n");
}

static void add_exit_codes(struct buf *out)
{
	buf_add_str(out, ".Sh EXIT STATUS\n.Bl -tag -width Ds\n");
	for (int code = 0; code < 256; code++) {
		const char *says = exit_code_says(code);

		if (!says)
			continue;
		buf_addf(out, ".It %d\n", code);
		add_paragraph(out, says, strlen(says));
	}
	buf_add_str(out, ".El\n");
}

static void add_see_also(struct buf *out, const struct cli_command *c,
			 const struct cli_command *program)
{
	const struct cli_command *const *s = program->subcommands;
	bool first = true;

	buf_add_str(out, ".Sh SEE ALSO\n");
	if (c != program) {
		buf_addf(out, ".Xr %s 1\n", program->name);
		return;
	}
	for (const char *last = "";;) { /* sorted, as manual pages want it */
		const char *next = NULL;

		for (s = program->subcommands; *s; s++)
			if (strcmp((*s)->name, last) > 0 && (!next || strcmp((*s)->name, next) < 0))
				next = (*s)->name;
		if (!next)
			break;
		buf_addf(out, "%s.Xr %s-%s 1", first ? "" : " ,\n", program->name, next);
		first = false;
		last = next;
	}
	buf_add_char(out, '\n');
}

void page_man(const struct cli_command *c, const char *path, const char *date,
	      const struct cli_command *program, struct buf *out)
{
	char name[64];
	bool whole = c == program;

	snprintf(name, sizeof(name), "%s", path);
	for (char *p = name; *p; p++)
		if (*p == ' ')
			*p = '-';
	buf_addf(out, ".Dd %s\n.Dt ", date);
	for (const char *p = name; *p; p++)
		buf_add_char(out, (char)toupper((unsigned char)*p));
	buf_addf(out, " 1\n.Os\n.Sh NAME\n.Nm %s\n.Nd %s\n", name, c->summary);
	add_synopsis(out, path, c);
	buf_add_str(out, ".Sh DESCRIPTION\n");
	if (c->details)
		add_details(out, c->details);
	else
		add_paragraph(out, c->summary, strlen(c->summary));
	if (!whole)
		add_subcommands(out, c);
	else
		add_command_list(out, c);
	buf_add_str(out, ".Sh OPTIONS\n");
	if (has_options(c))
		add_options(out, c);
	if (whole) {
		buf_add_str(out, "Every command takes these:\n.Bl -tag -width Ds\n");
		for (const struct cli_option *o = cli_common_options; o->name; o++)
			add_option(out, o);
		buf_add_str(out, ".El\n");
	} else {
		buf_add_str(out, "Options of every command are told in\n");
		buf_addf(out, ".Xr %s 1 .\n", program->name);
	}
	if (whole)
		add_exit_codes(out);
	if (c->examples && c->examples->line) {
		buf_add_str(out, ".Sh EXAMPLES\n");
		add_examples(out, c->examples, false);
	}
	add_see_also(out, c, program);
}
