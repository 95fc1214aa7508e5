/* Serves a bench to other programs. */
#include "probe/sim/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/sim/server_answer.h"

static void path_in(const struct server *s, const char *name, char *ret, size_t size)
{
	snprintf(ret, size, "%s/%s", s->folder, name);
}

/* ---- construction ---- */

static int fail(struct server *s, struct err *e, const char *what)
{
	int number = errno;

	server_done(s);
	return err_set_native(e, ERR_IO, number, "%s: %s", what, strerror(number));
}

static int open_clock(struct server *s)
{
	char path[sizeof(s->folder) + 16];

	path_in(s, PROTO_CLOCK, path, sizeof(path));
	s->clock_fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (s->clock_fd < 0 || ftruncate(s->clock_fd, sizeof(*s->clock)))
		return -1;
	s->clock =
		mmap(NULL, sizeof(*s->clock), PROT_READ | PROT_WRITE, MAP_SHARED, s->clock_fd, 0);
	if (s->clock == MAP_FAILED) {
		s->clock = NULL;
		return -1;
	}
	s->real_zero_ns = clock_now_us(&clock_real) * NS_PER_US - s->bench->now_ns;
	s->clock->wall_at_zero_us = clock_wall_us(&clock_real) - s->bench->now_ns / NS_PER_US;
	s->clock->boot_at_zero_ns = s->real_zero_ns;
	atomic_store(&s->clock->now_ns, s->bench->now_ns);
	return 0;
}

static int open_socket(struct server *s)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	path_in(s, PROTO_SOCKET, addr.sun_path, sizeof(addr.sun_path));
	s->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->listen_fd < 0)
		return -1;
	if (bind(s->listen_fd, (const struct sockaddr *)&addr, sizeof(addr)))
		return -1;
	return listen(s->listen_fd, SERVER_CLIENTS_MAX);
}

int server_init(struct server *s, struct bench *b, bool real_time, struct err *e)
{
	const char *base = getenv("TMPDIR");
	size_t i;

	*s = (struct server){ .bench = b, .clock_fd = -1, .listen_fd = -1, .real_time = real_time };
	for (i = 0; i < SERVER_CLIENTS_MAX; i++)
		s->client[i].fd = -1;
	/* A socket's path is short by nature. */
	snprintf(s->folder, sizeof(s->folder), "%s/swdoctor-sim-XXXXXX",
		 base && strlen(base) < 32 ? base : "/tmp");
	if (!mkdtemp(s->folder)) {
		s->folder[0] = '\0';
		return fail(s, e, "a folder for the bench");
	}
	if (open_clock(s))
		return fail(s, e, "the bench's clock");
	if (open_socket(s))
		return fail(s, e, "the bench's socket");
	return 0;
}

static void drop(struct server_client *c)
{
	close(c->fd);
	buf_done(&c->in);
	buf_done(&c->out);
	*c = (struct server_client){ .fd = -1 };
}

void server_done(struct server *s)
{
	char path[sizeof(s->folder) + 16];
	size_t i;

	for (i = 0; i < SERVER_CLIENTS_MAX; i++)
		if (s->client[i].fd >= 0)
			drop(&s->client[i]);
	if (s->listen_fd >= 0)
		close(s->listen_fd);
	if (s->clock)
		munmap(s->clock, sizeof(*s->clock));
	if (s->clock_fd >= 0)
		close(s->clock_fd);
	if (!s->folder[0])
		return;
	path_in(s, PROTO_SOCKET, path, sizeof(path));
	unlink(path);
	path_in(s, PROTO_CLOCK, path, sizeof(path));
	unlink(path);
	rmdir(s->folder);
	s->folder[0] = '\0';
}

/* ---- time ---- */

static void take_time(struct server *s)
{
	uint64_t now = s->real_time ? clock_now_us(&clock_real) * NS_PER_US - s->real_zero_ns
				    : atomic_load(&s->clock->now_ns);

	if (now > s->bench->now_ns)
		bench_sleep(s->bench, now - s->bench->now_ns);
}

static void give_time(struct server *s)
{
	uint64_t shared = atomic_load(&s->clock->now_ns), now;

	while (shared < s->bench->now_ns &&
	       !atomic_compare_exchange_weak(&s->clock->now_ns, &shared, s->bench->now_ns))
		;
	if (!s->real_time)
		return;
	now = clock_now_us(&clock_real) * NS_PER_US - s->real_zero_ns;
	if (now < s->bench->now_ns)
		clock_sleep_us(&clock_real, (s->bench->now_ns - now) / NS_PER_US);
}

/* ---- requests ---- */

static bool has_data(const struct proto_request *r)
{
	if (r->op != PROTO_TRANSFER)
		return false;
	return r->endpoint ? !(r->endpoint & 0x80) : !(r->setup[0] & 0x80);
}

/* Takes the first request off the buffer; returns the bytes it took, 0: it is not whole yet. */
static size_t next_request(const struct buf *in, size_t from, struct exchange *x)
{
	size_t have = in->len - from, need = sizeof(x->request);

	if (have < need)
		return 0;
	memcpy(&x->request, in->at + from, sizeof(x->request));
	if (has_data(&x->request) && x->request.len <= sizeof(x->data))
		need += x->request.len;
	if (have < need)
		return 0;
	memcpy(x->data, in->at + from + sizeof(x->request), need - sizeof(x->request));
	return need;
}

/* Somebody ends the program that uses the probe; what it asked for is still carried out. */
static void signal_client(struct server *s, const struct server_client *c)
{
	struct ucred who = { 0 };
	socklen_t len = sizeof(who);
	int number = s->bench->signal;

	s->bench->signal = 0;
	if (!getsockopt(c->fd, SOL_SOCKET, SO_PEERCRED, &who, &len) && who.pid > 1)
		kill(who.pid, number);
}

static bool carry_out_all(struct server *s, struct server_client *c, struct exchange *x)
{
	size_t from = 0, n;

	while ((n = next_request(&c->in, from, x))) {
		if (x->request.len > sizeof(x->data))
			return false;
		x->reply = (struct proto_reply){ 0 };
		x->data_out = false;
		take_time(s);
		x->reply.result = server_answer(s, c, x);
		if (s->bench->signal)
			signal_client(s, c);
		give_time(s);
		buf_add(&c->out, &x->reply, sizeof(x->reply));
		if (x->data_out)
			buf_add(&c->out, x->data, x->reply.len);
		from += n;
	}
	memmove(c->in.at, c->in.at + from, c->in.len - from);
	c->in.len -= from;
	return true;
}

static bool send_all(int fd, const char *at, size_t len)
{
	while (len) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return false;
		at += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return true;
}

/* A program may send several requests at once; their replies go back at once, too. */
static bool serve(struct server *s, struct server_client *c, struct exchange *x)
{
	char bytes[0x8000];
	ssize_t n = recv(c->fd, bytes, sizeof(bytes), 0);
	bool good;

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0)
		return false;
	buf_add(&c->in, bytes, (size_t)n);
	good = carry_out_all(s, c, x) && send_all(c->fd, buf_str(&c->out), c->out.len);
	buf_clear(&c->out);
	return good;
}

/* ---- the loop ---- */

static void admit(struct server *s)
{
	int fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC);
	size_t i;

	if (fd < 0)
		return;
	for (i = 0; i < SERVER_CLIENTS_MAX; i++)
		if (s->client[i].fd < 0) {
			s->client[i] = (struct server_client){ .fd = fd };
			return;
		}
	close(fd);
}

int server_run(struct server *s, int stop_fd, struct err *e)
{
	struct exchange *x = malloc(sizeof(*x));
	struct pollfd fds[SERVER_CLIENTS_MAX + 2];
	size_t i;

	if (!x)
		return err_set(e, ERR_NO_MEMORY, "no memory for the bench");
	for (;;) {
		fds[0] = (struct pollfd){ .fd = stop_fd, .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = s->listen_fd, .events = POLLIN };
		for (i = 0; i < SERVER_CLIENTS_MAX; i++)
			fds[i + 2] = (struct pollfd){ .fd = s->client[i].fd, .events = POLLIN };
		if (poll(fds, SERVER_CLIENTS_MAX + 2, -1) < 0 && errno != EINTR)
			break;
		for (i = 0; i < SERVER_CLIENTS_MAX; i++)
			if (fds[i + 2].revents && s->client[i].fd >= 0 &&
			    !serve(s, &s->client[i], x))
				drop(&s->client[i]);
		if (fds[1].revents)
			admit(s);
		if (fds[0].revents)
			break;
	}
	free(x);
	return 0;
}
