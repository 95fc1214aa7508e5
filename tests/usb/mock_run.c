/*
 * Runs a program that finds the ST-LINK of mock_usb.h on its USB bus:
 *
 *	mock_run [OPTION]... -- COMMAND [ARG]...
 *
 *	--pid HEX          the probe's product id (3748); 0: no probe is plugged in
 *	--serial TEXT      its serial string; \xNN is a byte
 *	--dead PORTS:HEX:TEXT  another device that is only listed
 *	--claimed          another program has claimed the probe
 *	--forbid           only root may open it; the command is run as nobody
 *	--fail N:NAME      command N meets this fault (stall-command, silent, gone, ...)
 *	--count FILE       write how many commands the probe got
 *
 * Ends as the command does.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/usb/mock_usb.h"

static const char *const faults[MOCK_FAULTS] = {
	[MOCK_FINE] = "fine",
	[MOCK_STALL_COMMAND] = "stall-command",
	[MOCK_STALL_REPLY] = "stall-reply",
	[MOCK_SILENT] = "silent",
	[MOCK_DEAF] = "deaf",
	[MOCK_LATE] = "late",
	[MOCK_SHORT] = "short",
	[MOCK_BABBLE] = "babble",
	[MOCK_LINE_ERROR] = "line-error",
	[MOCK_GONE] = "gone",
	[MOCK_WEDGED] = "wedged",
};

struct wanted {
	unsigned pid;
	char serial[200];
	const char *dead[8];
	unsigned n_dead;
	bool claimed, forbid;
	const char *fail, *count;
};

static void usage(const char *what)
{
	fprintf(stderr, "mock_run: %s\n", what);
	exit(70);
}

static void unescape(const char *from, char *to, size_t size)
{
	size_t n = 0;

	while (*from && n + 1 < size) {
		if (from[0] == '\\' && from[1] == 'x' && from[2] && from[3]) {
			const char digits[3] = { from[2], from[3] };

			to[n++] = (char)strtoul(digits, NULL, 16);
			from += 4;
		} else {
			to[n++] = *from++;
		}
	}
	to[n] = '\0';
}

static void parse(int argc, char **argv, struct wanted *w)
{
	static const struct option options[] = {
		{ "pid", 1, 0, 'p' },	 { "serial", 1, 0, 's' },
		{ "dead", 1, 0, 'd' },	 { "claimed", 0, 0, 'c' },
		{ "forbid", 0, 0, 'f' }, { "fail", 1, 0, 'x' },
		{ "count", 1, 0, 'n' },	 { 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		switch (c) {
		case 'p':
			w->pid = (unsigned)strtoul(optarg, NULL, 16);
			break;
		case 's':
			unescape(optarg, w->serial, sizeof(w->serial));
			break;
		case 'd':
			if (w->n_dead == 8)
				usage("too many devices");
			w->dead[w->n_dead++] = optarg;
			break;
		case 'c':
			w->claimed = true;
			break;
		case 'f':
			w->forbid = true;
			break;
		case 'x':
			w->fail = optarg;
			break;
		case 'n':
			w->count = optarg;
			break;
		default:
			usage("wrong option");
		}
	}
	if (optind == argc)
		usage("a command is wanted");
}

static void add_dead(struct mock_usb *m, const char *text, unsigned address)
{
	char ports[32], serial[200];
	unsigned pid;
	int used = 0;

	if (sscanf(text, "%31[0-9.]:%x:%n", ports, &pid, &used) < 2 || !used)
		usage("--dead PORTS:HEX:TEXT");
	unescape(text + used, serial, sizeof(serial));
	mock_usb_add_dead(m, ports, address, (uint16_t)pid, *serial ? serial : NULL);
}

static void set_fault(struct mock_usb *m, const char *text)
{
	char *name;
	unsigned nth = (unsigned)strtoul(text, &name, 10);

	for (unsigned i = 0; i < MOCK_FAULTS; i++) {
		if (*name == ':' && !strcmp(name + 1, faults[i])) {
			mock_usb_fail(m, nth, (enum mock_fault)i);
			return;
		}
	}
	usage("--fail N:NAME");
}

static int run(char **argv, bool as_nobody)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (as_nobody && (setgid(65534) || setuid(65534)))
			_exit(70);
		execvp(argv[0], argv);
		fprintf(stderr, "mock_run: %s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 70;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	struct wanted w = { .pid = 0x3748 };
	struct mock_usb *m;
	int code;

	mock_usb_enter(argv);
	parse(argc, argv, &w);
	m = mock_usb_new();
	if (w.pid)
		mock_usb_plug(m, (uint16_t)w.pid, *w.serial ? w.serial : NULL);
	for (unsigned i = 0; i < w.n_dead; i++)
		add_dead(m, w.dead[i], 6 + i);
	mock_usb_claimed_elsewhere(m, w.claimed);
	if (w.forbid)
		mock_usb_forbid(m);
	if (w.fail)
		set_fault(m, w.fail);
	code = run(argv + optind, w.forbid);
	if (w.count) {
		FILE *f = fopen(w.count, "w");

		if (!f || fprintf(f, "%u\n", mock_usb_commands(m)) < 0 || fclose(f))
			code = 70;
	}
	mock_usb_free(m);
	return code;
}
