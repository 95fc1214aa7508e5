/* Probes on a mocked USB, with a folder of their own for locks and traces. */
#ifndef SWDOCTOR_TESTS_USB_PROBE_BENCH_H
#define SWDOCTOR_TESTS_USB_PROBE_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/probe.h"
#include "tests/usb/mock_usb.h"

#define SERIAL "57FF0102030405060708090A"
#define BINARY "\x57\xc3\xbf\x01\x02\x03\xc2\x89\xc2\x85\x57\x04\x05\x06\xc2\x87"

struct bench {
	struct mock_usb *mock;
	char folder[64]; /* locks, traces, a /proc of our own */
	struct probe p;
};

static inline int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->mock = mock_usb_new();
	b->p.lock.fd = -1;
	snprintf(b->folder, sizeof(b->folder), "/tmp/test-probe-XXXXXX");
	assert_non_null(mkdtemp(b->folder));
	setenv("SWDOCTOR_LOCK_DIR", b->folder, 1);
	setenv("XDG_STATE_HOME", b->folder, 1);
	*state = b;
	return 0;
}

static inline void remove_all(const char *folder)
{
	pid_t pid = fork();

	if (!pid) {
		execlp("rm", "rm", "-rf", folder, NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

static inline int tear_down(void **state)
{
	struct bench *b = *state;

	probe_close(&b->p);
	mock_usb_free(b->mock);
	remove_all(b->folder);
	free(b);
	return 0;
}

static inline int open_with(struct bench *b, const char *words, struct err *e)
{
	const struct probe_options o = { .words = words, .clock = &clock_real, .why = "a test" };

	return probe_open(&o, &b->p, e);
}

#endif
