/*
 * `swdoctor sim`: the virtual bench. It is a program of its own, because it links an emulator;
 * what stands here is its command line.
 */
#include "analyzer/commands.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/base/output.h"

#define PROGRAM "swdoctor-sim"

static const struct cli_option run_options[] = {
	{ .name = "set",
	  .arg = "KEY=VALUE",
	  .help = "change one key of the scenario (probe=v3); may be repeated" },
	{ .name = "flash-in", .arg = "FILE", .help = "what the chip's flash holds at first" },
	{ .name = "flash-out",
	  .arg = "FILE",
	  .help = "write what the flash holds at the end, read past every tool and protection" },
	{ .name = "stats", .arg = "FILE", .help = "write counts and the bench's time as JSON" },
	{ .name = "seed", .arg = "N", .help = "another run of chance" },
	{ .name = "time",
	  .arg = "KIND",
	  .choices = "virtual|real",
	  .help = "whose clock the program sees (virtual: waiting costs nothing)" },
	{ 0 },
};

static const struct cli_option serve_options[] = {
	{ .name = "usbredir",
	  .arg = "SOCKET",
	  .help = "the Unix socket at which QEMU's usb-redir finds the probe" },
	{ .name = "set",
	  .arg = "KEY=VALUE",
	  .help = "change one key of the scenario (probe=v3); may be repeated" },
	{ .name = "flash-in", .arg = "FILE", .help = "what the chip's flash holds at first" },
	{ .name = "flash-out", .arg = "FILE", .help = "write what the flash holds at the end" },
	{ .name = "stats", .arg = "FILE", .help = "write counts and the bench's time as JSON" },
	{ .name = "seed", .arg = "N", .help = "another run of chance" },
	{ 0 },
};

static const struct cli_example examples[] = {
	{ "swdoctor sim list", "the scenarios there are" },
	{ "swdoctor sim show swdio-open", "what one of them says" },
	{ "swdoctor sim run healthy-f405-v2 -- st-info --probe",
	  "any tool on a probe of software" },
	{ "swdoctor sim run --set probe=v3 healthy-f405-v2 -- openocd -f my.cfg",
	  "the same chip on another probe" },
	{ 0 },
};

static bool add_part(char *path, size_t size, size_t folder_len, const char *part)
{
	size_t len = strlen(part);

	if (folder_len + len >= size)
		return false;
	memcpy(path + folder_len, part, len + 1);
	return access(path, X_OK) == 0;
}

/* Beside this program where it was built, or in ../lib where it is installed. */
static int find_program(char *ret, size_t size, struct err *e)
{
	ssize_t n = readlink("/proc/self/exe", ret, size - 1);
	size_t folder;

	if (n < 0)
		return err_set_native(e, ERR_INTERNAL, errno, "cannot tell where swdoctor is");
	ret[n] = '\0';
	folder = (size_t)(strrchr(ret, '/') - ret);
	if (add_part(ret, size, folder, "/lib/swdoctor/" PROGRAM) ||
	    add_part(ret, size, folder, "/../lib/swdoctor/" PROGRAM))
		return 0;
	return err_set(e, ERR_NOT_FOUND,
		       "the virtual bench is not installed (it is built where libunicorn-dev is)");
}

static bool is_of(const struct cli_option *o, const struct cli_option *table)
{
	for (; table->name; table++)
		if (table == o)
			return true;
	return false;
}

static int become(const struct cli_args *args, const char *verb)
{
	size_t size = args->n_given + args->n_operands + 3, i, n = 0;
	char **argv = calloc(size, sizeof(*argv));
	char path[PATH_MAX];
	struct buf option;
	struct err e = { 0 };

	if (!argv)
		abort();
	if (find_program(path, sizeof(path), &e)) {
		free(argv);
		return cli_fail(args, &e);
	}
	argv[n++] = path;
	argv[n++] = (char *)verb;
	for (i = 0; i < args->n_given; i++) {
		const struct cli_given *g = &args->given[i];

		if (!is_of(g->option, run_options) && !is_of(g->option, serve_options))
			continue; /* one of those that every command takes */
		buf_init(&option);
		buf_addf(&option, "--%s=%s", g->option->name, g->value);
		argv[n++] = buf_detach(&option);
	}
	for (i = 0; i < args->n_operands; i++)
		argv[n++] = args->operands[i];
	execv(path, argv);
	err_set_native(&e, ERR_INTERNAL, errno, "%s: %s", path, strerror(errno));
	free(argv);
	return cli_fail(args, &e);
}

static int run_list(const struct cli_command *c, const struct cli_args *args)
{
	(void)c;
	return become(args, "list");
}

static int run_show(const struct cli_command *c, const struct cli_args *args)
{
	(void)c;
	return become(args, "show");
}

static int run_run(const struct cli_command *c, const struct cli_args *args)
{
	(void)c;
	return become(args, "run");
}

static int run_serve(const struct cli_command *c, const struct cli_args *args)
{
	(void)c;
	return become(args, "serve");
}

static const struct cli_command list_command = {
	.name = "list",
	.operands = "",
	.summary = "the scenarios: name, probe, chip, and what is wrong",
	.examples = examples,
	.run = run_list,
};

static const struct cli_command show_command = {
	.name = "show",
	.operands = "SCENARIO",
	.min_operands = 1,
	.max_operands = 1,
	.summary = "a scenario as YAML, to copy and change",
	.examples = examples,
	.run = run_show,
};

static const struct cli_command run_command = {
	.name = "run",
	.operands = "SCENARIO [--] COMMAND [ARG]...",
	.min_operands = 2,
	.max_operands = CLI_OPERANDS_ANY,
	.stops_at_operand = true,
	.summary = "run a program on a probe and a chip made of software",
	.examples = examples,
	.details = "SCENARIO is a name from `swdoctor sim list`, or a YAML file. COMMAND is any "
		   "program that "
		   "uses libusb-1.0: it finds one ST-LINK and the chip behind it, both as the "
		   "scenario says. "
		   "The chip keeps its state until the command ends; a shell as COMMAND runs "
		   "several tools "
		   "on it. The exit code is the command's.",
	.options = { run_options },
	.run = run_run,
};

static const struct cli_example serve_examples[] = {
	{ "swdoctor sim serve --usbredir /tmp/probe healthy-f405-v2",
	  "a probe for a guest of QEMU" },
	{ "qemu-system-x86_64 ... -device qemu-xhci,id=x -chardev "
	  "socket,id=c,path=/tmp/probe -device usb-redir,chardev=c,bus=x.0",
	  "the guest's kernel sees it on USB" },
	{ 0 },
};

static const struct cli_command serve_command = {
	.name = "serve",
	.operands = "SCENARIO",
	.min_operands = 1,
	.max_operands = 1,
	.summary = "show the probe of a scenario to a virtual machine",
	.examples = serve_examples,
	.details = "Serves until it is interrupted, one guest after the other; the chip keeps its "
		   "state. Time is real.",
	.options = { serve_options },
	.run = run_serve,
};

static const struct cli_command *const subcommands[] = { &list_command, &show_command, &run_command,
							 &serve_command, NULL };

const struct cli_command cmd_sim = {
	.name = "sim",
	.operands = "COMMAND ...",
	.examples = examples,
	.min_operands = 1,
	.max_operands = CLI_OPERANDS_ANY,
	.summary = "a probe and a chip made of software, for other programs",
	.subcommands = subcommands,
};
