/*
 * Leaving the target as it was found: a core that a step has stopped, a mark that one has made. A
 * step does so itself when it ends; exam_leave does it for one that was cut short.
 */
#include "analyzer/check/exam_internal.h"

#include "probe/coresight_regs.h"

#define LEAVE_TRIES 3

int exam_halt(struct exam *x, struct err *e)
{
	exam_tell_change(x, "halted", "the core is stopped for a moment");
	x->halted = true; /* also if no answer says so */
	return cortexm_halt(x->t, e);
}

int exam_let_go(struct exam *x, struct err *e)
{
	int rc = cortexm_release(x->t, e);

	if (!rc)
		x->halted = false;
	return rc;
}

int exam_unmark(struct exam *x, struct err *e)
{
	uint32_t now = 0;
	unsigned status;
	int rc = exam_word(x, EXAM_SCR, &now, &status, e);

	if (!rc && !status && now != x->scr && now & EXAM_SCR_MARK)
		rc = exam_write_word(x, EXAM_SCR, x->scr, e);
	if (!rc && !status)
		x->marked = false;
	return rc;
}

static int restore(struct exam *x)
{
	int rc = x->marked ? exam_unmark(x, NULL) : 0;

	if (!rc && (x->halted || x->under_reset))
		rc = exam_let_go(x, NULL);
	return rc;
}

/* A transfer that fails here costs the session, and the core would stay where it is. */
static void restore_surely(struct exam *x)
{
	for (unsigned tries = 0; tries < LEAVE_TRIES; tries++) {
		exam_attach_again(x);
		if (!(x->reached & EXAM_HAS_CORE) || !exam_is_usb(restore(x)) || !exam_recover(x))
			return;
	}
}

void exam_leave(struct exam *x)
{
	struct err e;

	if (x->dead)
		return;
	if (x->marked || x->halted || (x->under_reset && x->reached & EXAM_HAS_CORE)) {
		x->s->deadline = x->t->deadline = NULL;
		restore_surely(x);
	}
	if (!x->dead && exam_is_usb(stlink_close(x->s, &e)) && !transport_reopen(x->s->t, NULL))
		stlink_close(x->s, NULL);
}
