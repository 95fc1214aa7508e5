/* Completion for bash, zsh and fish: see pages.h. */
#include "analyzer/pages/pages.h"

#include <stdio.h>
#include <string.h>

static size_t add_command(struct page_command *ret, size_t n, const char *path,
			  const struct cli_command *c)
{
	if (n < PAGE_COMMANDS_MAX) {
		snprintf(ret[n].path, sizeof(ret[n].path), "%s", path);
		ret[n++].c = c;
	}
	return n;
}

size_t page_commands(const struct cli_command *program, struct page_command *ret)
{
	size_t n = add_command(ret, 0, "", program);
	char path[64];

	for (const struct cli_command *const *c = program->subcommands; c && *c; c++) {
		n = add_command(ret, n, (*c)->name, *c);
		for (const struct cli_command *const *s = (*c)->subcommands; s && *s; s++) {
			snprintf(path, sizeof(path), "%s %s", (*c)->name, (*s)->name);
			n = add_command(ret, n, path, *s);
		}
	}
	return n;
}

/* Calls `add` for the options of a command and for those of every command. */
static void each_option(const struct cli_command *c, struct buf *out,
			void (*add)(struct buf *out, const struct cli_option *o))
{
	for (size_t i = 0; i < CLI_TABLES_MAX; i++)
		for (const struct cli_option *o = c->options[i]; o && o->name; o++)
			add(out, o);
	for (const struct cli_option *o = cli_common_options; o->name; o++)
		add(out, o);
}

/* What every shell's single quotes take. */
static void add_quoted(struct buf *out, const char *text, const char *also_escape)
{
	for (; *text; text++) {
		if (*text == '\'')
			buf_add_str(out, "'\\''");
		else if (strchr(also_escape, *text))
			buf_addf(out, "\\%c", *text);
		else
			buf_add_char(out, *text);
	}
}

static void add_choices(struct buf *out, const char *choices)
{
	for (; *choices; choices++)
		buf_add_char(out, *choices == '|' ? ' ' : *choices);
}

/* ---- bash ---- */

static void add_bash_option(struct buf *out, const struct cli_option *o)
{
	if (o->letter)
		buf_addf(out, "-%c ", o->letter);
	buf_addf(out, "--%s ", o->name);
}

static void add_bash_value(struct buf *out, const struct cli_option *o)
{
	if (!o->arg)
		return;
	buf_addf(out, "      --%s", o->name);
	if (o->letter)
		buf_addf(out, " | -%c", o->letter);
	buf_add_str(out, ") ");
	if (o->choices) {
		buf_add_str(out, "COMPREPLY=($(compgen -W '");
		add_choices(out, o->choices);
		buf_add_str(out, "' -- \"$cur\")); return ;;\n");
	} else {
		buf_add_str(out, "compopt -o default; return ;;\n");
	}
}

void page_bash(const struct cli_command *program, struct buf *out)
{
	struct page_command list[PAGE_COMMANDS_MAX];
	size_t n = page_commands(program, list);

	buf_addf(out,
		 "# bash completion for %s; written from the program's option tables\n"
		 "_%s() {\n  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} "
		 "path= word i\n  COMPREPLY=()\n"
		 "  for ((i = 1; i < COMP_CWORD; i++)); do\n    word=${COMP_WORDS[i]}\n"
		 "    case \"$path/$word\" in\n",
		 program->name, program->name);
	for (size_t i = 1; i < n; i++) {
		const char *space = strchr(list[i].path, ' ');

		buf_addf(out, "      '%.*s/%s') path='%s' ;;\n",
			 space ? (int)(space - list[i].path) : 0, list[i].path, list[i].c->name,
			 list[i].path);
	}
	buf_add_str(out, "    esac\n  done\n  case $path in\n");
	for (size_t i = 0; i < n; i++) {
		const struct cli_command *c = list[i].c;

		buf_addf(out, "  '%s')\n    case $prev in\n", list[i].path);
		each_option(c, out, add_bash_value);
		buf_add_str(out, "    esac\n    if [[ $cur == -* ]]; then\n      "
				 "COMPREPLY=($(compgen -W '");
		each_option(c, out, add_bash_option);
		buf_add_str(out, "' -- \"$cur\"))\n    else\n      ");
		if (c->subcommands) {
			buf_add_str(out, "COMPREPLY=($(compgen -W '");
			for (const struct cli_command *const *s = c->subcommands; *s; s++)
				buf_addf(out, "%s ", (*s)->name);
			buf_add_str(out, "' -- \"$cur\"))\n    fi ;;\n");
		} else {
			buf_add_str(out, "compopt -o default\n    fi ;;\n");
		}
	}
	buf_addf(out, "  esac\n}\ncomplete -F _%s %s\n", program->name, program->name);
}

/* ---- zsh ---- */

static void add_zsh_option(struct buf *out, const struct cli_option *o)
{
	const char *rest = "";

	for (int letter = o->letter ? 1 : 0; letter >= 0; letter--) {
		if (letter)
			buf_addf(out, "      '*-%c[", o->letter);
		else
			buf_addf(out, "      '*--%s%s[", o->name, o->arg ? "=" : "");
		add_quoted(out, o->help, "[]:\\");
		buf_add_str(out, "]");
		rest = o->arg;
		if (rest) {
			buf_add_char(out, ':');
			add_quoted(out, rest, "[]:\\");
			buf_add_char(out, ':');
			if (o->choices) {
				buf_add_char(out, '(');
				add_choices(out, o->choices);
				buf_add_char(out, ')');
			} else {
				buf_add_str(out, "_files");
			}
		}
		buf_add_str(out, "' \\\n");
	}
}

static void add_zsh_function(struct buf *out, const char *name, const struct page_command *p)
{
	const struct cli_command *c = p->c;
	char path[sizeof(p->path)];

	memcpy(path, p->path, sizeof(path));
	for (char *at = path; *at; at++)
		if (*at == ' ' || *at == '-')
			*at = '_';
	buf_addf(out, "_%s%s%s() {\n", name, *path ? "_" : "", path);
	if (!c->subcommands) {
		buf_add_str(out, "  _arguments -s -S \\\n");
		each_option(c, out, add_zsh_option);
		buf_add_str(out, "      '*:file:_files'\n}\n");
		return;
	}
	buf_add_str(out, "  local context state state_descr line\n  typeset -A opt_args\n"
			 "  _arguments -s -S -C \\\n");
	each_option(c, out, add_zsh_option);
	buf_add_str(out, "      '1:command:->command' '*::argument:->argument'\n  case $state in\n"
			 "  command)\n    local -a commands=(\n");
	for (const struct cli_command *const *s = c->subcommands; *s; s++) {
		buf_addf(out, "      '%s:", (*s)->name);
		add_quoted(out, (*s)->summary, ":\\");
		buf_add_str(out, "'\n");
	}
	buf_addf(out,
		 "    )\n    _describe command commands ;;\n"
		 "  argument)\n    (( $+functions[_%s%s%s_${line[1]//-/_}] )) && "
		 "_%s%s%s_${line[1]//-/_} ;;\n"
		 "  esac\n}\n",
		 name, *path ? "_" : "", path, name, *path ? "_" : "", path);
}

void page_zsh(const struct cli_command *program, struct buf *out)
{
	struct page_command list[PAGE_COMMANDS_MAX];
	size_t n = page_commands(program, list);

	buf_addf(out,
		 "#compdef %s\n# zsh completion for %s; written from the program's option tables\n",
		 program->name, program->name);
	for (size_t i = 0; i < n; i++)
		add_zsh_function(out, program->name, &list[i]);
	buf_addf(out,
		 "if [ \"$funcstack[1]\" = \"_%s\" ]; then\n  _%s \"$@\"\nelse\n  compdef _%s "
		 "%s\nfi\n",
		 program->name, program->name, program->name, program->name);
}

/* ---- fish ---- */

/* True where this command, and no subcommand of it, was named. */
static void add_fish_condition(struct buf *out, const struct page_command *p)
{
	const char *space = strchr(p->path, ' ');

	buf_add_str(out, " -n '");
	if (!*p->path)
		buf_add_str(out, "__fish_use_subcommand");
	else if (space)
		buf_addf(out,
			 "__fish_seen_subcommand_from %.*s; and __fish_seen_subcommand_from %s",
			 (int)(space - p->path), p->path, space + 1);
	else
		buf_addf(out, "__fish_seen_subcommand_from %s", p->path);
	buf_add_str(out, "'");
}

static void add_fish_option(struct buf *out, const char *name, const struct page_command *p,
			    const struct cli_option *o)
{
	buf_addf(out, "complete -c %s", name);
	if (p)
		add_fish_condition(out, p);
	if (o->letter)
		buf_addf(out, " -s %c", o->letter);
	buf_addf(out, " -l %s -d '", o->name);
	for (const char *h = o->help; *h; h++) {
		if (*h == '\'' || *h == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, *h);
	}
	buf_add_char(out, '\'');
	if (o->choices) {
		buf_add_str(out, " -x -a '");
		add_choices(out, o->choices);
		buf_add_char(out, '\'');
	} else if (o->arg) {
		buf_add_str(out, " -r");
	}
	buf_add_char(out, '\n');
}

static void add_fish_subcommands(struct buf *out, const char *name, const struct page_command *p)
{
	for (const struct cli_command *const *s = p->c->subcommands; s && *s; s++) {
		buf_addf(out, "complete -c %s", name);
		add_fish_condition(out, p);
		buf_addf(out, " -f -a %s -d '", (*s)->name);
		for (const char *h = (*s)->summary; *h; h++) {
			if (*h == '\'' || *h == '\\')
				buf_add_char(out, '\\');
			buf_add_char(out, *h);
		}
		buf_add_str(out, "'\n");
	}
}

void page_fish(const struct cli_command *program, struct buf *out)
{
	struct page_command list[PAGE_COMMANDS_MAX];
	size_t n = page_commands(program, list);

	buf_addf(out, "# fish completion for %s; written from the program's option tables\n",
		 program->name);
	for (const struct cli_option *o = cli_common_options; o->name; o++)
		add_fish_option(out, program->name, NULL, o);
	for (size_t i = 0; i < n; i++) {
		add_fish_subcommands(out, program->name, &list[i]);
		for (size_t t = 0; t < CLI_TABLES_MAX; t++)
			for (const struct cli_option *o = list[i].c->options[t]; o && o->name; o++)
				add_fish_option(out, program->name, &list[i], o);
	}
}
