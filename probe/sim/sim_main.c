/*
 * The program of the bench: `swdoctor-sim list`, `show NAME`, `run [OPTIONS] NAME -- CMD...`,
 * `serve [OPTIONS] --usbredir SOCKET NAME`.
 * `swdoctor sim` calls it; it is a program of its own because it links an emulator.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/sim/bench_files.h"
#include "probe/sim/library.h"
#include "probe/sim/scenario_load.h"
#include "probe/sim/server.h"
#include "probe/sim/server_redir.h"

#define EXIT_USAGE    2
#define EXIT_INTERNAL 70
#define SETTINGS_MAX  16

struct options {
	const char *settings[SETTINGS_MAX]; /* KEY=VALUE */
	size_t n_settings;
	const char *flash_out, *flash_in, *stats, *usbredir;
	unsigned long seed;
	bool real_time;
};

static int complain(const struct err *e)
{
	fprintf(stderr, "swdoctor sim: %s\n", e->text);
	return e->code == ERR_INTERNAL ? EXIT_INTERNAL : EXIT_USAGE;
}

/* ---- list and show ---- */

static int list(void)
{
	struct arena *a = arena_new();
	const struct library_entry *entry;
	struct scenario s;
	struct err e = { 0 };
	size_t n;

	for (n = 0; (entry = library_nth(n)); n++) {
		if (scenario_parse(entry->text, entry->len, a, &s, &e)) {
			fprintf(stderr, "swdoctor sim: %s: %s\n", entry->name, e.text);
			arena_free(a);
			return EXIT_INTERNAL;
		}
		printf("%-32s %-10s %-10s %s\n", entry->name, s.probe->name, s.chip->name,
		       s.truth ? s.truth : "-");
	}
	arena_free(a);
	return fflush(stdout) ? EXIT_USAGE : 0;
}

static int show(const char *name)
{
	struct err e = { 0 };
	struct buf text;
	int rc;

	buf_init(&text);
	rc = library_text(name, &text, &e);
	if (!rc)
		fwrite(text.at, 1, text.len, stdout);
	buf_done(&text);
	return rc ? complain(&e) : fflush(stdout) ? EXIT_USAGE : 0;
}

/* ---- the program under test ---- */

/* Where our own libraries lie: beside this program. */
static int library_folder(char *ret, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", ret, size - 1);
	char *slash;

	if (n < 0)
		return -1;
	ret[n] = '\0';
	slash = strrchr(ret, '/');
	if (!slash || (size_t)(slash - ret) + sizeof("/sim") > size)
		return -1;
	memcpy(slash, "/sim", sizeof("/sim"));
	return 0;
}

static void prepend(const char *variable, const char *value)
{
	const char *old = getenv(variable);
	struct buf b;

	buf_init(&b);
	buf_addf(&b, "%s%s%s", value, old && *old ? ":" : "", old ? old : "");
	setenv(variable, b.at, 1);
	buf_done(&b);
}

static void become(const struct server *s, char **argv, const sigset_t *old_mask)
{
	char folder[PATH_MAX], preload[PATH_MAX + 16];
	int code;

	if (library_folder(folder, sizeof(folder)))
		_exit(EXIT_INTERNAL);
	setenv(PROTO_FOLDER, s->folder, 1);
	prepend("LD_LIBRARY_PATH", folder);
	if (!s->real_time) {
		snprintf(preload, sizeof(preload), "%s/vtime.so", folder);
		prepend("LD_PRELOAD", preload);
	}
	sigprocmask(SIG_SETMASK, old_mask, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* without its bench it would wait for ever */
	execvp(argv[0], argv);
	code = errno == ENOENT ? 127 : 126;
	fprintf(stderr, "swdoctor sim: %s: %s\n", argv[0], strerror(errno));
	_exit(code);
}

/*
 * Serves until the program ends; returns its status as a shell counts. Who is asked twice to end
 * and has not does not listen (a script that polls for ever).
 */
static int serve_while(struct server *s, pid_t child, int signals, struct err *e)
{
	struct signalfd_siginfo info;
	unsigned asked = 0;
	int status;

	for (;;) {
		if (server_run(s, signals, e))
			return -1;
		if (read(signals, &info, sizeof(info)) != sizeof(info))
			continue;
		if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGHUP)
			kill(child, asked++ ? SIGKILL : (int)info.ssi_signo);
		if (waitpid(child, &status, WNOHANG) == child)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
}

static int run_child(struct server *s, char **argv, int *ret_status, struct err *e)
{
	sigset_t mask, old;
	int signals;
	pid_t child;

	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	sigaddset(&mask, SIGINT); /* the keyboard's reaches the program as well: it decides */
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	sigprocmask(SIG_BLOCK, &mask, &old);
	signals = signalfd(-1, &mask, SFD_CLOEXEC);
	child = fork();
	if (child < 0 || signals < 0)
		return err_set_native(e, ERR_INTERNAL, errno, "cannot start a program: %s",
				      strerror(errno));
	if (!child)
		become(s, argv, &old);
	*ret_status = serve_while(s, child, signals, e);
	close(signals);
	return *ret_status < 0 ? (int)e->code : 0;
}

/* ---- before and after ---- */

static int load_scenario(const char *name, const struct options *o, struct arena *a,
			 struct scenario *ret, struct err *e)
{
	int rc = scenario_load(name, a, ret, e);
	size_t i;

	for (i = 0; !rc && i < o->n_settings; i++)
		rc = scenario_set(ret, o->settings[i], a, e);
	if (!rc && o->seed)
		ret->seed = o->seed;
	return rc;
}

static int run_program(struct bench *b, const struct options *o, char **argv, int *ret_status,
		       struct err *e)
{
	struct server s;
	int rc = server_init(&s, b, o->real_time, e);

	if (rc)
		return rc;
	rc = run_child(&s, argv, ret_status, e);
	server_done(&s);
	return rc;
}

/* Until somebody ends it. */
static int serve_guests(struct bench *b, const char *path, struct err *e)
{
#ifdef HAVE_USBREDIR
	sigset_t mask;
	int signals, rc;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	signals = signalfd(-1, &mask, SFD_CLOEXEC);
	rc = server_redir_run(b, path, signals, e);
	close(signals);
	return rc;
#else
	(void)b;
	return err_set(e, ERR_UNSUPPORTED,
		       "%s: usbredir is not in this build (libusbredirparser-dev)", path);
#endif
}

/* argv NULL: serve. */
static int run_on(struct bench *b, const struct options *o, char **argv, struct err *e)
{
	int rc = 0, status = 0;

	if (o->flash_in)
		rc = bench_fill_flash(b, o->flash_in, e);
	if (!rc)
		rc = argv ? run_program(b, o, argv, &status, e) : serve_guests(b, o->usbredir, e);
	bench_settle(b);
	if (!rc && o->flash_out)
		rc = bench_save_flash(b, o->flash_out, e);
	if (!rc && o->stats)
		rc = bench_write_stats(b, o->stats, e);
	return rc ? complain(e) : status;
}

static int run(const char *name, const struct options *o, char **argv)
{
	struct arena *a = arena_new();
	struct bench *b = calloc(1, sizeof(*b));
	struct scenario s;
	struct err e = { 0 };
	int code;

	if (!b)
		abort();
	if (load_scenario(name, o, a, &s, &e) || bench_init(b, &s, &e)) {
		code = complain(&e);
	} else {
		code = run_on(b, o, argv, &e);
		bench_done(b);
	}
	free(b);
	arena_free(a);
	return code;
}

/* ---- the command line ---- */

enum { OPT_SET = 1, OPT_FLASH_OUT, OPT_FLASH_IN, OPT_STATS, OPT_SEED, OPT_TIME, OPT_USBREDIR };

static const struct option long_options[] = {
	{ "set", required_argument, NULL, OPT_SET },
	{ "flash-out", required_argument, NULL, OPT_FLASH_OUT },
	{ "flash-in", required_argument, NULL, OPT_FLASH_IN },
	{ "stats", required_argument, NULL, OPT_STATS },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "time", required_argument, NULL, OPT_TIME },
	{ "usbredir", required_argument, NULL, OPT_USBREDIR },
	{ 0 },
};

static bool take_option(struct options *o, int option)
{
	switch (option) {
	case OPT_SET:
		if (o->n_settings == SETTINGS_MAX)
			return false;
		o->settings[o->n_settings++] = optarg;
		return true;
	case OPT_FLASH_OUT:
		o->flash_out = optarg;
		return true;
	case OPT_FLASH_IN:
		o->flash_in = optarg;
		return true;
	case OPT_STATS:
		o->stats = optarg;
		return true;
	case OPT_SEED:
		o->seed = strtoul(optarg, NULL, 0);
		return o->seed > 0;
	case OPT_USBREDIR:
		o->usbredir = optarg;
		return true;
	case OPT_TIME:
		o->real_time = !strcmp(optarg, "real");
		return o->real_time || !strcmp(optarg, "virtual");
	default:
		return false;
	}
}

static int usage(void)
{
	fputs("usage: swdoctor-sim list | show NAME | run [OPTIONS] NAME -- COMMAND... |\n"
	      "       serve [OPTIONS] --usbredir SOCKET NAME\n",
	      stderr);
	return EXIT_USAGE;
}

static int run_or_serve(int argc, char **argv)
{
	bool serves = !strcmp(argv[0], "serve");
	struct options o = { 0 };
	int option;

	while ((option = getopt_long(argc, argv, "+", long_options, NULL)) != -1)
		if (!take_option(&o, option))
			return usage();
	argv += optind;
	if (serves)
		return argv[0] && !argv[1] && o.usbredir ? run(argv[0], &o, NULL) : usage();
	if (!argv[0] || !argv[1] || o.usbredir)
		return usage();
	if (!strcmp(argv[1], "--"))
		return argv[2] ? run(argv[0], &o, argv + 2) : usage();
	return run(argv[0], &o, argv + 1);
}

int main(int argc, char **argv)
{
	if (argc >= 2 && !strcmp(argv[1], "list"))
		return list();
	if (argc == 3 && !strcmp(argv[1], "show"))
		return show(argv[2]);
	if (argc >= 2 && (!strcmp(argv[1], "run") || !strcmp(argv[1], "serve")))
		return run_or_serve(argc - 1, argv + 1);
	return usage();
}
