/*
 * The everyday flags of every command that opens a probe, as one option table, and the one way to
 * open a probe by them:
 *
 *	struct probe_session s = { .timeout_s = 60 };
 *
 *	rc = probe_session_open(args, NULL, "swdoctor read", &s, &e);
 *	if (!rc) {
 *		rc = probe_session_connect(&s, &e);
 *		... s.target ...
 *		probe_session_close(&s, NULL);
 *	}
 *	return rc ? cli_fail(args, &e) : EXIT_CODE_HEALTHY;
 *
 * Ctrl-C, SIGTERM and SIGHUP end a session as its deadline does: the transaction under way is
 * finished, the next one is ERR_INTERRUPTED (native: the signal), and closing leaves the probe in
 * order. A second one ends the program at once.
 */
#ifndef SWDOCTOR_PROBE_FLAGS_H
#define SWDOCTOR_PROBE_FLAGS_H

#include "analyzer/cli/cli.h"
#include "probe/probe.h"
#include "probe/target_stlink.h"

/* Goes into cli_command.options: --probe, --speed, --connect, --transport, --timeout, ... */
extern const struct cli_option probe_flags[];

struct probe_session {
	/* The caller's, before it is opened; 0: none. */
	unsigned timeout_s; /* of the whole run, without --timeout */
	size_t place;	    /* from 0: which one of several this is */
	bool no_hello;	    /* stlink_open is the caller's: it wants to see how it fails */
	/* Told every transaction and mark, whether there is a trace or not: transport_trace.h. */
	void (*watch)(void *user, const struct xact *x, const struct stlink_said *said);
	void (*watch_mark)(void *user, const char *text);
	void *watch_user;

	/* What was asked for. */
	uint32_t khz; /* 0: auto, which is as the probe is until somebody measures */
	enum stlink_link link;
	enum target_connect connect;
	bool connect_auto; /* connect is then TARGET_CONNECT_NORMAL, to begin with */

	/* What is open. */
	struct deadline run; /* the user's; what counts is probe.limit, on the probe's clock */
	struct probe probe;
	const struct clock *clock; /* the probe's: virtual on the bench and in a replay */
	struct target_stlink stlink_target;
	struct target *target; /* not connected yet */
	bool took_signals;
};

/*
 * Opens the probe that `words` names (NULL: the one of --probe, or the only one on USB), makes its
 * acquaintance (stlink_open) and prepares its target behind access port 0. Nothing is said to the
 * target yet. `why` is the command for the lock's record and the trace. Of several
 * probes the nth writes its trace into FILE-n.
 *
 * On failure nothing stays open; e is fit for cli_fail. ret must stay where it is until it is
 * closed; sessions that overlap are closed in reverse order.
 */
int probe_session_open(const struct cli_args *args, const char *words, const char *why,
		       struct probe_session *ret, struct err *e);

/*
 * Opens the debug session as --connect says. auto: normally, and under reset where the target does
 * not answer to that (a core that cannot be reached has nothing to lose by a reset).
 */
int probe_session_connect(struct probe_session *s, struct err *e);

/*
 * Leaves the probe in order (NRST released, access ports closed, idle), whatever happened, within
 * seconds, and closes it. The error is that of leaving; the probe is closed all the same.
 */
int probe_session_close(struct probe_session *s, struct err *e);

#endif
