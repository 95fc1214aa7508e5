/*
 * Work in several processes: see workers.h. Worker k does the items k, k + n, k + 2n ... and sends
 * each result through its pipe; reading the pipes in turn gives the order. A full pipe makes a
 * worker wait, so memory stays bounded.
 */
#include "analyzer/cli/workers.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analyzer/base/output.h"

static const int stopping[] = { SIGINT, SIGTERM, SIGHUP };
#define N_STOPPING (sizeof(stopping) / sizeof(stopping[0]))

struct worker {
	pid_t pid; /* 0: none */
	int fd;	   /* its results */
};

struct pool {
	const struct workers_ops *ops;
	void *user;
	size_t items;
	size_t n;
	struct worker *w;
	struct sigaction before[N_STOPPING];
};

/* ---- being asked to stop ---- */

/* A handler is given nothing that it could find a pool by. */
static volatile sig_atomic_t to_pass_on;

/* What a key of the terminal sends, the workers get as well; what kill sends, they do not. */
static void on_stop(int signal, siginfo_t *info, void *context)
{
	(void)context;
	if (info->si_code != SI_KERNEL)
		to_pass_on = signal;
}

static void take_signals(struct pool *p)
{
	struct sigaction ours = { .sa_sigaction = on_stop, .sa_flags = SA_SIGINFO };

	for (size_t i = 0; i < N_STOPPING && p->ops->stops_in_order; i++) {
		sigaction(stopping[i], NULL, &p->before[i]);
		if (p->before[i].sa_handler != SIG_IGN)
			sigaction(stopping[i], &ours, NULL);
	}
}

/* For the caller at the end, and for a worker, who has his own ways. */
static void give_signals_back(const struct pool *p)
{
	for (size_t i = 0; i < N_STOPPING && p->ops->stops_in_order; i++)
		sigaction(stopping[i], &p->before[i], NULL);
}

static void pass_on(const struct pool *p)
{
	int signal = to_pass_on;

	to_pass_on = 0;
	for (size_t i = 0; i < p->n && signal; i++)
		if (p->w[i].pid)
			kill(p->w[i].pid, signal);
}

/* ---- a worker ---- */

static void work_from(const struct pool *p, size_t first, int fd)
{
	struct buf result;
	uint64_t len;
	size_t i;

	buf_init(&result);
	for (i = first; i < p->items; i += p->n) {
		buf_clear(&result);
		p->ops->work(p->user, i, &result);
		len = result.len;
		if (output_write(fd, &len, sizeof(len), "worker", NULL) ||
		    output_write(fd, buf_str(&result), result.len, "worker", NULL))
			break;
	}
	buf_done(&result);
}

static int start(struct pool *p, size_t first, struct err *e)
{
	struct worker *w = &p->w[first % p->n];
	int ends[2];
	size_t i;

	if (pipe(ends))
		return err_set_native(e, ERR_INTERNAL, errno, "no pipe: %s", strerror(errno));
	w->pid = fork();
	if (w->pid < 0) {
		w->pid = 0;
		close(ends[0]);
		close(ends[1]);
		return err_set_native(e, ERR_INTERNAL, errno, "no process: %s", strerror(errno));
	}
	if (w->pid == 0) {
		give_signals_back(p);
		close(ends[0]);
		for (i = 0; i < p->n; i++)
			if (p->w[i].pid)
				close(p->w[i].fd);
		work_from(p, first, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	w->fd = ends[0];
	return 0;
}

static int stop(struct worker *w)
{
	int status = 0;

	if (!w->pid)
		return 0;
	close(w->fd);
	while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
		;
	w->pid = 0;
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static bool read_all(const struct pool *pool, int fd, void *at, size_t len)
{
	char *p = at;
	ssize_t n;

	while (len > 0) {
		pass_on(pool);
		n = read(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static bool read_result(const struct pool *p, int fd, struct buf *ret)
{
	uint64_t len;

	buf_clear(ret);
	if (!read_all(p, fd, &len, sizeof(len)))
		return false;
	buf_reserve(ret, len);
	if (!read_all(p, fd, ret->at, len))
		return false;
	ret->len = len;
	ret->at[len] = '\0';
	return true;
}

static int collect(struct pool *p, struct err *e)
{
	struct buf result;
	size_t i;
	int died_of, rc = 0;

	buf_init(&result);
	for (i = 0; i < p->items && !rc; i++) {
		struct worker *w = &p->w[i % p->n];

		if (read_result(p, w->fd, &result)) {
			p->ops->take(p->user, i, &result, 0);
			continue;
		}
		died_of = stop(w);
		p->ops->take(p->user, i, NULL, died_of);
		if (i + p->n < p->items)
			rc = start(p, i + p->n, e);
	}
	buf_done(&result);
	return rc;
}

static int run_alone(const struct pool *p)
{
	struct buf result;
	size_t i;

	buf_init(&result);
	for (i = 0; i < p->items; i++) {
		buf_clear(&result);
		p->ops->work(p->user, i, &result);
		p->ops->take(p->user, i, &result, 0);
	}
	buf_done(&result);
	return 0;
}

int workers_run(const struct workers_ops *ops, void *user, size_t items, size_t processes,
		struct err *e)
{
	struct pool p = { .ops = ops, .user = user, .items = items };
	size_t i;
	int rc = 0;

	p.n = processes < items ? processes : items;
	if (p.n <= 1)
		return run_alone(&p);
	p.w = calloc(p.n, sizeof(p.w[0]));
	if (!p.w)
		abort();
	take_signals(&p);
	for (i = 0; i < p.n && !rc; i++)
		rc = start(&p, i, e);
	if (!rc)
		rc = collect(&p, e);
	for (i = 0; i < p.n; i++)
		stop(&p.w[i]);
	give_signals_back(&p);
	free(p.w);
	return rc;
}
