/* Run another program and listen to it: see child.h. */
#include "analyzer/cli/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "analyzer/base/output.h"

#define CHUNK_BYTES	 65536
#define STRAGGLERS_MS	 200 /* how long what outlives the program may stay silent */
#define STATUS_NOT_FOUND 127
#define STATUS_NOT_RUN	 126

struct channel {
	int from;  /* what the child writes arrives here; -1: at its end */
	int child; /* the child's end; -1 in the parent once it runs */
	int to;	   /* where it goes: 1 or 2 */
	bool pty;
};

struct child {
	pid_t pid;
	bool ended;
	struct channel ch[CHILD_STREAMS];
	size_t n; /* channels: 1 if both outputs are the same file */
	int signals;
	sigset_t old_mask;
	child_heard *heard;
	void *user;
	struct child_end end;
};

static int sys_err(struct err *e, const char *what)
{
	return err_set_native(e, ERR_INTERNAL, errno, "%s: %s", what, strerror(errno));
}

/* ---- channels ---- */

static bool same_file(int a, int b)
{
	struct stat x, y;

	return !fstat(a, &x) && !fstat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static void copy_size(const struct channel *c)
{
	struct winsize size;

	if (c->pty && c->from >= 0 && !ioctl(c->to, TIOCGWINSZ, &size))
		ioctl(c->from, TIOCSWINSZ, &size);
}

/* The pseudo terminal hands bytes on as they are; the real one turns newlines into CR LF. */
static int open_pty(struct channel *c, struct err *e)
{
	struct termios t;

	if (tcgetattr(c->to, &t))
		return sys_err(e, "terminal");
	t.c_oflag &= ~(tcflag_t)OPOST;
	if (openpty(&c->from, &c->child, NULL, &t, NULL))
		return sys_err(e, "pseudo terminal");
	fcntl(c->from, F_SETFD, FD_CLOEXEC);
	fcntl(c->child, F_SETFD, FD_CLOEXEC);
	c->pty = true;
	copy_size(c);
	return 0;
}

static int open_channel(struct channel *c, int to, struct err *e)
{
	int ends[2];

	*c = (struct channel){ .from = -1, .child = -1, .to = to };
	if (isatty(to))
		return open_pty(c, e);
	if (pipe2(ends, O_CLOEXEC))
		return sys_err(e, "pipe");
	c->from = ends[0];
	c->child = ends[1];
	return 0;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* ---- starting ---- */

static int open_signals(struct child *c, struct err *e)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &c->old_mask);
	c->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return c->signals < 0 ? sys_err(e, "signals") : 0;
}

/* In the child. Returns only if the program cannot be started; then errno says why. */
static void become(const struct child *c, char *const *argv)
{
	sigprocmask(SIG_SETMASK, &c->old_mask, NULL);
	if (dup2(c->ch[0].child, 1) < 0 || dup2(c->ch[c->n - 1].child, 2) < 0)
		return;
	execvp(argv[0], argv);
}

/* The pipe closes by itself when the program starts; what comes through is the errno of a failure.
 */
static int start(struct child *c, char *const *argv, struct err *e)
{
	int why[2], failure = 0;
	size_t i;

	if (pipe2(why, O_CLOEXEC))
		return sys_err(e, "pipe");
	c->pid = fork();
	if (c->pid < 0)
		return sys_err(e, "process");
	if (c->pid == 0) {
		become(c, argv);
		failure = errno;
		output_write(why[1], &failure, sizeof(failure), "", NULL);
		_exit(STATUS_NOT_FOUND);
	}
	close(why[1]);
	while (read(why[0], &failure, sizeof(failure)) < 0 && errno == EINTR)
		;
	close(why[0]);
	for (i = 0; i < c->n; i++)
		close_fd(&c->ch[i].child);
	signal(SIGPIPE, SIG_IGN); /* a closed output ends the channel, not us */
	if (!failure)
		return 0;
	waitpid(c->pid, NULL, 0);
	c->end.status = failure == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_RUN;
	return err_set_native(e, failure == ENOENT ? ERR_NOT_FOUND : ERR_ACCESS, failure,
			      "%s: cannot run: %s", argv[0], strerror(failure));
}

/* ---- while it runs ---- */

static void reap(struct child *c)
{
	int status;

	if (c->ended || waitpid(c->pid, &status, WNOHANG) != c->pid)
		return;
	c->ended = true;
	c->end.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* What the terminal sends (Ctrl-C) the child gets as well; what is sent to us alone goes on to it.
 */
static void take_signal(struct child *c, const struct signalfd_siginfo *s)
{
	size_t i;

	switch (s->ssi_signo) {
	case SIGCHLD:
		reap(c);
		break;
	case SIGWINCH:
		for (i = 0; i < c->n; i++)
			copy_size(&c->ch[i]);
		if (!c->ended)
			kill(c->pid, SIGWINCH); /* it may have looked before the size was there */
		break;
	default:
		c->end.interrupted = true;
		if (s->ssi_code != SI_KERNEL && !c->ended)
			kill(c->pid, (int)s->ssi_signo);
		break;
	}
}

static void take_signals(struct child *c)
{
	struct signalfd_siginfo s;

	while (read(c->signals, &s, sizeof(s)) == (ssize_t)sizeof(s))
		take_signal(c, &s);
}

static void pump(struct child *c, size_t i, char *chunk)
{
	struct channel *ch = &c->ch[i];
	ssize_t n = read(ch->from, chunk, CHUNK_BYTES);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) { /* a pseudo terminal says EIO at its end */
		close_fd(&ch->from);
		return;
	}
	c->heard(c->user, i, chunk, (size_t)n);
	if (output_write(ch->to, chunk, (size_t)n, "", NULL))
		close_fd(&ch->from); /* the child learns it as it would have from the real one */
}

/* Until the program and what it left behind have written their last. */
static void listen_to(struct child *c)
{
	char *chunk = malloc(CHUNK_BYTES);
	struct pollfd p[CHILD_STREAMS + 1];
	size_t i;
	int n;

	if (!chunk)
		abort();
	for (;;) {
		bool open = false;

		for (i = 0; i < c->n; i++) {
			p[i] = (struct pollfd){ .fd = c->ch[i].from, .events = POLLIN };
			open |= c->ch[i].from >= 0;
		}
		p[c->n] = (struct pollfd){ .fd = c->signals, .events = POLLIN };
		if (c->ended && !open)
			break;
		n = poll(p, c->n + 1, c->ended ? STRAGGLERS_MS : -1);
		if (n == 0)
			break;
		for (i = 0; i < c->n && n > 0; i++)
			if (p[i].revents)
				pump(c, i, chunk);
		if (n > 0 && p[c->n].revents)
			take_signals(c);
	}
	free(chunk);
}

int child_run(char *const *argv, child_heard *heard, void *user, struct child_end *ret,
	      struct err *e)
{
	struct child c = { .heard = heard, .user = user, .signals = -1 };
	size_t i;
	int rc;

	c.end.status = STATUS_NOT_RUN;
	c.n = same_file(1, 2) ? 1 : 2;
	for (i = 0; i < CHILD_STREAMS; i++)
		c.ch[i] = (struct channel){ .from = -1, .child = -1 };
	rc = open_channel(&c.ch[0], 1, e);
	if (!rc && c.n > 1)
		rc = open_channel(&c.ch[1], 2, e);
	if (!rc)
		rc = open_signals(&c, e);
	if (!rc)
		rc = start(&c, argv, e);
	if (!rc)
		listen_to(&c);
	for (i = 0; i < c.n; i++) {
		close_fd(&c.ch[i].from);
		close_fd(&c.ch[i].child);
	}
	close_fd(&c.signals);
	*ret = c.end;
	return rc;
}
