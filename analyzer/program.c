/* The program as data: its commands, its version, and what to do when nothing is said. */
#include "analyzer/program.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/base/output.h"
#include "analyzer/base/result.h"
#include "analyzer/base/version.h"
#include "analyzer/commands.h"
#include "probe/base/buf.h"

static const struct cli_command *const commands[] = {
#define COMMAND(name) &cmd_##name,
#include "analyzer/commands.def"
#undef COMMAND
	NULL,
};

static const struct cli_option options[] = {
	{ .name = "version",
	  .letter = 'V',
	  .help = "show the versions of swdoctor and its libraries" },
	{ 0 },
};

static const struct cli_example examples[] = {
	{ "swdoctor analyze flash.log", "why flashing failed, by the log of any tool" },
	{ "swdoctor run -- openocd -f board.cfg", "run a tool and explain its failure" },
	{ "swdoctor check", "examine probe, wires and chip" },
	{ "swdoctor flash firmware.elf", "write a program, and read it back" },
	{ 0 },
};

static const char next_steps[] =
	"something failed?  swdoctor analyze FILE         (any tool's log; - reads a pipe)\n"
	"                   swdoctor run -- openocd ...   (runs it, explains its failure)\n"
	"a board at hand?   swdoctor check                (examines probe, wires and chip)\n"
	"                   swdoctor flash IMAGE          (writes it, and reads it back)\n"
	"all commands:      swdoctor --help\n";

static int run(const struct cli_command *c, const struct cli_args *args)
{
	struct err e = { 0 };
	struct buf text;
	int rc;

	(void)c;
	buf_init(&text);
	if (cli_count(args, "version"))
		version_add(&text);
	else
		buf_add_str(&text, next_steps);
	rc = output_write(1, text.at, text.len, "standard output", &e);
	buf_done(&text);
	return rc ? cli_fail(args, &e) : EXIT_CODE_HEALTHY;
}

const struct cli_command program = {
	.name = "swdoctor",
	.operands = "COMMAND ...",
	.max_operands = CLI_OPERANDS_ANY,
	.summary = "find out why an ST-LINK connection or a flash write fails",
	.examples = examples,
	.options = { options },
	.subcommands = commands,
	.details = "swdoctor COMMAND --help tells more about a command.",
	.run = run,
};
