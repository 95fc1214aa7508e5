/*
 * The frame of every command about flash: one probe or several (each in a process of its own, with
 * its own lock, trace and result), the report of each, the RESULT line, the result file, progress.
 * A command gives only the work on one open probe.
 */
#ifndef SWDOCTOR_FLASH_RUN_H
#define SWDOCTOR_FLASH_RUN_H

#include "analyzer/cli/cli.h"
#include "analyzer/cli/probe_flags.h"
#include "analyzer/flash/flash_progress.h"
#include "analyzer/flash/flash_report.h"
#include "analyzer/flash/treat.h"

struct flash_run;

struct flash_work { /* on one probe */
	const struct flash_run *run;
	struct probe_session *probe; /* open, not connected */
	struct flash_report *report; /* to be filled */
	struct flash_progress_view *progress;
	struct treat *treat; /* what may help when a step fails */
};

struct flash_run {
	const struct cli_args *args;
	const char *command;
	const char *why;	   /* for the lock and the trace: "swdoctor flash" */
	unsigned timeout_s;	   /* without --timeout */
	const struct image *image; /* NULL: the command has none */
	const struct chips *chips;
	bool data_on_stdout; /* the work writes there: the report goes to standard error */
	void *user;
	int (*work)(const struct flash_work *w, struct err *e);
};

/* The exit code. `before`: what went wrong before a probe was opened, or NULL. */
int flash_run(const struct flash_run *run, const struct err *before);

/* ---- for the work of a command ---- */

/* Connect, and fill chip and geometry of the report. ERR_UNSUPPORTED: the chip is not known. */
int flash_work_identify(const struct flash_work *w, struct err *e);
/* A session on the probe, as --connect says, not climbed yet. */
void flash_work_session(const struct flash_work *w, struct flash_session *ret);
/* Take chip and geometry over from a session that climbed. */
void flash_work_take_session(const struct flash_work *w, const struct flash_session *s);
/* Work on the core ended with rc, which is returned. Where it was cut short by the user or by its
 * limit of time, the core is let go: its program runs, and nothing of debugging stays on. */
int flash_work_let_go(const struct flash_work *w, int rc);

#endif
