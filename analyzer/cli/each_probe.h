/*
 * One command on one probe or on several side by side: each in a process of its own, with its own
 * lock, trace and result. Reports, messages and JSON lines come out in the order of the probes, and
 * the worst of them is how the command ends.
 */
#ifndef SWDOCTOR_EACH_PROBE_H
#define SWDOCTOR_EACH_PROBE_H

#include "analyzer/base/result.h"
#include "analyzer/cli/cli.h"
#include "probe/usb_list.h"

/* What one probe comes to. */
struct each_probe_yield {
	struct result end;
	struct buf text;    /* for people */
	struct buf json;    /* one line */
	struct buf message; /* what went wrong, for standard error; "" */
};

struct each_probe {
	const struct cli_args *args; /* --probe, --format, --result */
	const char *command;
	bool all;	     /* every probe on USB, whatever --probe says */
	bool data_on_stdout; /* reports go to standard error */
	void *user;
	/* On the nth probe (from 0) of `several`, in its own process if there are several. */
	void (*work)(void *user, const char *words, size_t n, bool several,
		     struct each_probe_yield *ret);
	/* Instead: nothing could be done, for this reason. */
	void (*fail)(void *user, const char *words, const struct err *why,
		     struct each_probe_yield *ret);
};

/* The exit code. `before`: what went wrong before a probe was opened, or NULL. */
int each_probe_run(const struct each_probe *p, const struct err *before);

/* How --probe spells each probe of the list, one after the other, each with its NUL; *ret_n many.
 */
void each_probe_spell(const struct usb_list *list, struct buf *ret, size_t *ret_n);

#endif
