/*
 * The bench's clock for programs that do not know of it: preloaded, it answers what the time is
 * from the bench, and lets waiting pass there instead of here. A wait of thirty seconds costs
 * nothing, and every run of a program sees the same times.
 *
 * Waiting for files as well (select, poll) looks at them for a moment of real time first, because
 * who is at their other end may live on real time.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "probe/sim/proto.h"

#define NS_PER_US    ((uint64_t)1000)
#define NS_PER_S     ((uint64_t)1000000000)
#define OVERSHOOT_NS (60 * NS_PER_US) /* a sleep is that much longer than asked (timer slack) */
#define LOOK_NS	     50 /* reading the clock takes time, so no loop on it is endless */
#define REAL_LOOK_NS 200000

/* A preloaded library is there once per process, before anybody could hand it anything. */
static struct proto_clock *bench_clock;

__attribute__((constructor)) static void attach(void)
{
	const char *folder = getenv(PROTO_FOLDER);
	char path[256];
	void *at;
	int fd;

	if (!folder)
		return;
	snprintf(path, sizeof(path), "%s/%s", folder, PROTO_CLOCK);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	at = mmap(NULL, sizeof(*bench_clock), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (at != MAP_FAILED)
		bench_clock = at;
}

static uint64_t look(void)
{
	return atomic_fetch_add(&bench_clock->now_ns, LOOK_NS);
}

static void pass(uint64_t ns)
{
	atomic_fetch_add(&bench_clock->now_ns, ns ? ns + OVERSHOOT_NS : LOOK_NS);
}

static struct timespec timespec_of(uint64_t ns)
{
	return (struct timespec){ .tv_sec = (time_t)(ns / NS_PER_S),
				  .tv_nsec = (long)(ns % NS_PER_S) };
}

static uint64_t ns_of(const struct timespec *t)
{
	return (uint64_t)t->tv_sec * NS_PER_S + (uint64_t)t->tv_nsec;
}

static bool valid(const struct timespec *t)
{
	return t->tv_sec >= 0 && t->tv_nsec >= 0 && t->tv_nsec < (long)NS_PER_S;
}

/* ---- what time it is ---- */

static bool is_ours(clockid_t id)
{
	return id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE || id == CLOCK_MONOTONIC ||
	       id == CLOCK_MONOTONIC_RAW || id == CLOCK_MONOTONIC_COARSE || id == CLOCK_BOOTTIME;
}

static uint64_t clock_at(clockid_t id, uint64_t bench_ns)
{
	if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)
		return bench_clock->wall_at_zero_us * NS_PER_US + bench_ns;
	return bench_clock->boot_at_zero_ns + bench_ns;
}

int clock_gettime(clockid_t id, struct timespec *ret)
{
	if (!bench_clock || !is_ours(id))
		return (int)syscall(SYS_clock_gettime, id, ret);
	*ret = timespec_of(clock_at(id, look()));
	return 0;
}

int gettimeofday(struct timeval *restrict ret, void *restrict zone)
{
	struct timespec t;

	if (zone)
		memset(zone, 0, sizeof(struct timezone));
	clock_gettime(CLOCK_REALTIME, &t);
	ret->tv_sec = t.tv_sec;
	ret->tv_usec = t.tv_nsec / 1000;
	return 0;
}

time_t time(time_t *ret)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	if (ret)
		*ret = t.tv_sec;
	return t.tv_sec;
}

/* ---- waiting ---- */

int clock_nanosleep(clockid_t id, int flags, const struct timespec *wanted,
		    struct timespec *remaining)
{
	uint64_t now;

	if (!bench_clock || !is_ours(id)) {
		long rc = syscall(SYS_clock_nanosleep, id, flags, wanted, remaining);

		return rc ? errno : 0;
	}
	if (!valid(wanted))
		return EINVAL;
	if (!(flags & TIMER_ABSTIME)) {
		pass(ns_of(wanted));
		return 0;
	}
	now = clock_at(id, look());
	if (ns_of(wanted) > now)
		pass(ns_of(wanted) - now);
	return 0;
}

int nanosleep(const struct timespec *wanted, struct timespec *remaining)
{
	int rc = clock_nanosleep(CLOCK_REALTIME, 0, wanted, remaining);

	if (!rc)
		return 0;
	errno = rc;
	return -1;
}

int usleep(useconds_t us)
{
	struct timespec t = timespec_of(us * NS_PER_US);

	return nanosleep(&t, NULL);
}

unsigned int sleep(unsigned int seconds)
{
	struct timespec t = { .tv_sec = seconds };

	return nanosleep(&t, NULL) ? seconds : 0;
}

/* ---- waiting for files as well ---- */

/* NULL waits for ever, so somebody from outside has to come: that takes real time. */
static bool is_real_wait(const struct timespec *timeout)
{
	return !bench_clock || !timeout || !valid(timeout);
}

static struct timespec short_look(const struct timespec *timeout, bool any_files)
{
	uint64_t ns = ns_of(timeout);

	if (!any_files)
		ns = 0;
	else if (ns > REAL_LOOK_NS)
		ns = REAL_LOOK_NS;
	return timespec_of(ns);
}

int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask)
{
	struct timespec real;
	long rc;

	if (is_real_wait(timeout)) {
		real = timeout ? *timeout : (struct timespec){ 0 };
		return (int)syscall(SYS_ppoll, fds, n, timeout ? &real : NULL, mask, _NSIG / 8);
	}
	real = short_look(timeout, n > 0);
	rc = syscall(SYS_ppoll, fds, n, &real, mask, _NSIG / 8);
	if (!rc)
		pass(ns_of(timeout));
	return (int)rc;
}

int poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
	struct timespec t = timespec_of((uint64_t)(timeout_ms > 0 ? timeout_ms : 0) * 1000000);

	return ppoll(fds, n, timeout_ms < 0 ? NULL : &t, NULL);
}

int pselect(int n, fd_set *restrict in, fd_set *restrict out, fd_set *restrict other,
	    const struct timespec *restrict timeout, const sigset_t *restrict mask)
{
	struct {
		const sigset_t *mask;
		size_t size;
	} signals = { mask, _NSIG / 8 };
	struct timespec real;
	long rc;

	if (is_real_wait(timeout)) {
		real = timeout ? *timeout : (struct timespec){ 0 };
		return (int)syscall(SYS_pselect6, n, in, out, other, timeout ? &real : NULL,
				    &signals);
	}
	real = short_look(timeout, n > 0);
	rc = syscall(SYS_pselect6, n, in, out, other, &real, &signals);
	if (!rc)
		pass(ns_of(timeout));
	return (int)rc;
}

int select(int n, fd_set *restrict in, fd_set *restrict out, fd_set *restrict other,
	   struct timeval *restrict timeout)
{
	struct timespec t;

	if (!timeout)
		return pselect(n, in, out, other, NULL, NULL);
	t = (struct timespec){ .tv_sec = timeout->tv_sec, .tv_nsec = timeout->tv_usec * 1000 };
	return pselect(n, in, out, other, &t, NULL);
}

int epoll_pwait(int fd, struct epoll_event *events, int max, int timeout_ms, const sigset_t *mask)
{
	long rc;

	if (!bench_clock || timeout_ms <= 0)
		return (int)syscall(SYS_epoll_pwait, fd, events, max, timeout_ms, mask, _NSIG / 8);
	rc = syscall(SYS_epoll_pwait, fd, events, max, 1, mask, _NSIG / 8);
	if (!rc)
		pass((uint64_t)timeout_ms * 1000000);
	return (int)rc;
}

int epoll_wait(int fd, struct epoll_event *events, int max, int timeout_ms)
{
	return epoll_pwait(fd, events, max, timeout_ms, NULL);
}
