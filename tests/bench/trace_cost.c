/*
 * What writing a trace costs: microseconds that a transaction takes longer through transport_trace
 * than without it. Prints one number.
 *
 * usage: trace_cost FILE
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "probe/transport_trace.h"

#define TRANSACTIONS 50000
#define ROUNDS	     5

/* Answers a poll of DHCSR at once. */
static int answer(struct transport *t, struct xact *x, struct err *e)
{
	static const uint8_t reply[8] = { 0x80, 0, 0, 0, 1, 0, 1, 1 };

	(void)t;
	(void)e;
	memcpy(x->data, reply, x->want);
	x->got = x->want;
	x->outcome = XACT_OK;
	x->at_us = 1000;
	x->took_us = 350;
	return 0;
}

static void stay(struct transport *t)
{
	(void)t;
}

static const struct transport_ops ops = { .name = "answering", .xfer = answer, .close = stay };

static double run(struct transport *t)
{
	struct timespec begin, end;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	for (int i = 0; i < TRANSACTIONS; i++) {
		uint8_t reply[8];
		struct xact x = { .cmd = { 0xf2, 0x36, 0xf0, 0xed, 0x00, 0xe0 },
				  .cmd_len = 16,
				  .dir = XACT_IN,
				  .data = reply,
				  .want = sizeof(reply),
				  .timeout_ms = 1000 };

		transport_xfer(t, &x, NULL);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	return ((double)(end.tv_sec - begin.tv_sec) * 1e6 +
		(double)(end.tv_nsec - begin.tv_nsec) / 1e3) /
	       TRANSACTIONS;
}

int main(int argc, char **argv)
{
	struct transport bare = { &ops }, *traced;
	struct transport_trace_config cfg = { .clock = &clock_real,
					      .application = "trace_cost",
					      .probe = "",
					      .vid = 0x0483,
					      .pid = 0x374b };
	double best = 1e9, plain = 1e9, us;

	if (argc != 2)
		return 2;
	for (int i = 0; i < ROUNDS; i++) {
		cfg.fd = open(argv[1], O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0600);
		if (cfg.fd < 0 || transport_trace_new(&bare, &cfg, &traced, NULL))
			return 1;
		us = run(traced);
		best = us < best ? us : best;
		us = run(&bare);
		plain = us < plain ? us : plain;
		transport_close(traced);
	}
	printf("%.3f\n", best - plain);
	return 0;
}
