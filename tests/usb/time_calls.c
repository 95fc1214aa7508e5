/*
 * Waits in every way that the bench's clock knows, and asks every clock what the time is:
 *
 *	time_calls SECONDS
 *
 * One line for each: how long it took by the C library's clock, and how long by the kernel's, which
 * no preloaded library can change.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static unsigned seconds;
static int empty_pipe[2];

static double of(const struct timespec *t)
{
	return (double)t->tv_sec + (double)t->tv_nsec / 1e9;
}

static double clock_of(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return of(&t);
}

static double kernel_now(void)
{
	struct timespec t;

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
	return of(&t);
}

/* ---- ways to wait; each returns whether the call said what it should ---- */

static bool by_usleep(void)
{
	for (unsigned i = 0; i < seconds; i++) {
		if (usleep(999999))
			return false;
	}
	return !usleep(seconds);
}

static bool by_nanosleep(void)
{
	const struct timespec t = { .tv_sec = seconds }, wrong = { .tv_nsec = -1 };

	return nanosleep(&wrong, NULL) == -1 && errno == EINVAL && !nanosleep(&t, NULL);
}

static bool by_clock_nanosleep(void)
{
	const struct timespec t = { .tv_sec = seconds };

	return !clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL);
}

static bool by_clock_nanosleep_until(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_sec += seconds;
	return !clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &t, NULL) &&
	       !clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &t, NULL); /* it is past */
}

static bool by_sleep(void)
{
	return !sleep(seconds);
}

static bool by_select(void)
{
	struct timeval tv = { .tv_sec = seconds };
	fd_set in;

	FD_ZERO(&in);
	FD_SET(empty_pipe[0], &in);
	return !select(empty_pipe[0] + 1, &in, NULL, NULL, &tv) && !FD_ISSET(empty_pipe[0], &in);
}

static bool by_select_of_nothing(void)
{
	struct timeval tv = { .tv_sec = seconds };

	return !select(0, NULL, NULL, NULL, &tv);
}

static bool by_pselect(void)
{
	const struct timespec t = { .tv_sec = seconds };

	return !pselect(0, NULL, NULL, NULL, &t, NULL);
}

static bool by_poll(void)
{
	struct pollfd fd = { .fd = empty_pipe[0], .events = POLLIN };

	return !poll(&fd, 1, (int)seconds * 1000);
}

static bool by_ppoll(void)
{
	const struct timespec t = { .tv_sec = seconds };
	struct pollfd fd = { .fd = empty_pipe[0], .events = POLLIN };

	return !ppoll(&fd, 1, &t, NULL);
}

static bool by_epoll(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	int fd = epoll_create1(0);
	bool good = !epoll_ctl(fd, EPOLL_CTL_ADD, empty_pipe[0], &event) &&
		    !epoll_wait(fd, &event, 1, (int)seconds * 1000);

	close(fd);
	return good;
}

/* Something to read ends the wait at once. */
static bool by_poll_of_ready(void)
{
	struct pollfd fd;
	char byte = 1;
	int full[2];
	bool good = !pipe(full) && write(full[1], &byte, 1) == 1;

	fd = (struct pollfd){ .fd = full[0], .events = POLLIN };
	good = good && poll(&fd, 1, (int)seconds * 1000) == 1 && fd.revents & POLLIN;
	close(full[0]);
	close(full[1]);
	return good;
}

/* Somebody who looks at the clock until it is late enough comes to an end. */
static bool by_looking(void)
{
	struct timeval tv;
	double until;

	gettimeofday(&tv, NULL);
	until = (double)tv.tv_sec + (double)tv.tv_usec / 1e6 + 0.001;
	do {
		gettimeofday(&tv, NULL);
	} while ((double)tv.tv_sec + (double)tv.tv_usec / 1e6 < until);
	return true;
}

/* ---- clocks ---- */

static bool clocks_agree(void)
{
	double wall = clock_of(CLOCK_REALTIME), mono = clock_of(CLOCK_MONOTONIC);
	double raw = clock_of(CLOCK_MONOTONIC_RAW), boot = clock_of(CLOCK_BOOTTIME);
	struct timeval tv;
	time_t given, returned;

	usleep(1500000);
	gettimeofday(&tv, NULL);
	returned = time(&given);
	return given == returned && (double)tv.tv_sec + (double)tv.tv_usec / 1e6 - wall >= 1.5 &&
	       (double)tv.tv_sec + (double)tv.tv_usec / 1e6 - wall < 1.7 &&
	       (double)returned - wall > 0.4 && clock_of(CLOCK_MONOTONIC) - mono >= 1.5 &&
	       clock_of(CLOCK_MONOTONIC_RAW) - raw >= 1.5 && clock_of(CLOCK_BOOTTIME) - boot >= 1.5;
}

static bool own_time_is_real(void)
{
	double used = clock_of(CLOCK_PROCESS_CPUTIME_ID);

	usleep(1000);
	return clock_of(CLOCK_PROCESS_CPUTIME_ID) - used < 0.5;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		bool (*wait)(void);
	} ways[] = {
		{ "usleep", by_usleep },
		{ "nanosleep", by_nanosleep },
		{ "clock_nanosleep", by_clock_nanosleep },
		{ "clock_nanosleep until", by_clock_nanosleep_until },
		{ "sleep", by_sleep },
		{ "select", by_select },
		{ "select of nothing", by_select_of_nothing },
		{ "pselect", by_pselect },
		{ "poll", by_poll },
		{ "ppoll", by_ppoll },
		{ "epoll_wait", by_epoll },
		{ "poll of something ready", by_poll_of_ready },
		{ "looking at the clock", by_looking },
		{ "time, gettimeofday, clock_gettime", clocks_agree },
		{ "processor time", own_time_is_real },
	};

	if (argc != 2 || pipe(empty_pipe))
		return 2;
	seconds = (unsigned)strtoul(argv[1], NULL, 10);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		double kernel = kernel_now(), before = clock_of(CLOCK_MONOTONIC);
		bool good = ways[i].wait();

		printf("%s,%s,%.3f,%.3f\n", ways[i].name, good ? "good" : "wrong",
		       clock_of(CLOCK_MONOTONIC) - before, kernel_now() - kernel);
	}
	return 0;
}
