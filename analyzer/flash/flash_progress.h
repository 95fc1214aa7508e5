/*
 * How far the work is: a bar on a terminal, a plain line now and then elsewhere, JSON lines into a
 * file. All of it goes to standard error or that file, never to standard output.
 */
#ifndef SWDOCTOR_FLASH_PROGRESS_H
#define SWDOCTOR_FLASH_PROGRESS_H

#include "analyzer/base/result.h"
#include "analyzer/base/term.h"
#include "flash/engine.h"

struct flash_progress_view {
	struct term term;   /* of standard error */
	const char *prefix; /* names the probe where there are several, or NULL */
	bool several;	    /* probes share the terminal: lines instead of bars */
	int events;	    /* descriptor, or -1 */
	/* What is shown now. */
	bool began, bar_open;
	enum flash_phase phase;
	unsigned quarter, hundredth; /* of the phase, last told as line and as event */
	uint64_t line_us;	     /* of the last line */
	uint64_t phase_us;	     /* when the phase began */
};

/* events_path may be NULL. ERR_IO: it cannot be written. */
int flash_progress_init(struct flash_progress_view *v, const char *command, const char *color,
			const char *events_path, struct err *e);
/* For flash_ops.progress: `user` is the view. */
void flash_progress_show(void *user, const struct flash_progress *p);
/* Ends a bar that stands on the terminal, before anything else is written there. */
void flash_progress_end(struct flash_progress_view *v);
/* The last event. */
void flash_progress_result(struct flash_progress_view *v, const struct result *end);
void flash_progress_done(struct flash_progress_view *v);

#endif
