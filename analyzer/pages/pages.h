/*
 * Manual pages and shell completion, written from the tables of the command line, so that they say
 * what the program does.
 */
#ifndef SWDOCTOR_PAGES_H
#define SWDOCTOR_PAGES_H

#include "analyzer/cli/cli.h"

/* The page of one command (with its subcommands), in mdoc. `path` is "swdoctor analyze"; `date`
 * "January 2, 2026"; `program` is named under SEE ALSO with all its commands. */
void page_man(const struct cli_command *c, const char *path, const char *date,
	      const struct cli_command *program, struct buf *out);

void page_bash(const struct cli_command *program, struct buf *out);
void page_zsh(const struct cli_command *program, struct buf *out);
void page_fish(const struct cli_command *program, struct buf *out);

/* Commands, statuses, modes and products as Lua, for dissector.lua. */
void page_lua_tables(struct buf *out);

/* ---- what they share ---- */

/* Each command and subcommand of the program, itself first: path without the program's name. */
struct page_command {
	char path[64]; /* "", "analyze", "rules lint" */
	const struct cli_command *c;
};

#define PAGE_COMMANDS_MAX 64

size_t page_commands(const struct cli_command *program, struct page_command *ret);

#endif
