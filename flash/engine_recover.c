/*
 * The engine's one loop: do it, and when a step failed ask what may help, apply one thing, and do
 * again what is not done yet. All counting and giving up is here.
 *
 * It ends: each recovery has a number of tries for one place (a block, or a step), which is counted
 * anew only when the work got on since; all together have a budget for the run; the run has a
 * deadline.
 */
#include "flash/engine_work.h"

#include <stdio.h>
#include <string.h>

#define PROPOSALS_MAX 32
#define SAME_MAX      4 /* times that the flash may fail in the very same way */

const char *try_result_name(enum try_result r)
{
	static const char *const names[] = { "open", "worked", "failed", "not-done" };

	return names[r];
}

/* How far the work has come: it only grows while it gets on. */
static uint64_t done_so_far(const struct work *w)
{
	uint64_t done = 0;

	for (size_t i = 0; i < w->n; i++) {
		enum flash_block_state st = w->blocks[i].told->state;

		if (st == FLASH_BLOCK_VERIFIED || st == FLASH_BLOCK_UNCHANGED ||
		    (st == FLASH_BLOCK_PROGRAMMED && w->blocks[i].checked))
			done += w->blocks[i].told->where.bytes;
	}
	return done;
}

/* ---- facts ---- */

/* The controller did not begin the first erase of all: everything is as it was. */
static void take_back_refused(struct work *w)
{
	const struct flash_fault *f = &w->s->fault;

	if (!f->refused || f->step != FAULT_STEP_ERASE || w->vectors >= w->n || !f->has_address ||
	    f->address != w->blocks[w->vectors].told->where.address ||
	    !w->blocks[w->vectors].erasing)
		return;
	for (size_t i = 0; i < w->n; i++) {
		struct work_block *b = &w->blocks[i];

		if (!b->erasing || !b->untouched)
			continue;
		b->erasing = b->dirty = false;
		b->told->state = FLASH_BLOCK_UNTOUCHED;
	}
}

/* What is cheap to know now and may explain it. */
static void complete_fault(struct work *w, const struct err *e)
{
	struct flash_fault *f = &w->s->fault;
	struct target_voltage v;

	f->attempt = w->out->attempts;
	if (f->step != FAULT_STEP_NONE && !f->link.code && !f->has_sr && !f->has_mismatch)
		f->link = *e;
	f->had_voltage = w->s->has_voltage;
	f->voltage_before = w->s->voltage;
	f->has_least = w->s->care.has_least;
	f->least_mv = w->s->care.least_mv;
	f->resets = w->s->resets;
	w->s->resets = 0;
	if (f->link.code != ERR_USB && f->link.code != ERR_GONE &&
	    !target_voltage(w->s->t, &v, NULL)) {
		f->has_voltage = true;
		f->voltage = v;
	}
	w->out->fault = *f;
}

/* The flash is as wrong as before, at the same place, bit by bit. */
static bool is_same_flaw(const struct flash_fault *now, const struct flash_fault *was)
{
	const struct fault_mismatch *a = &now->mismatch, *b = &was->mismatch;

	if (now->has_mismatch && was->has_mismatch)
		return a->first == b->first && a->found == b->found && a->differ == b->differ;
	return now->has_sr && was->has_sr && now->n_bits && now->sr == was->sr &&
	       now->has_address && was->has_address && now->address == was->address;
}

/*
 * Whoever only looks has an answer when two looks say the same. Whoever writes has one when
 * erasing and writing anew ended the same again and again, or the supply broke down again and
 * again: more would only wear the part.
 */
static bool is_answer(const struct work *w)
{
	const struct care *c = &w->s->care;
	unsigned most = (SAME_MAX * c->budget.tries_percent + 99) / 100;

	return (w->reads_only && is_same_flaw(&w->s->fault, &c->fault)) || c->same >= most ||
	       c->power_lost >= most;
}

static bool is_final(const struct work *w, int rc)
{
	return is_answer(w) || rc == ERR_INTERRUPTED || rc == ERR_USAGE || rc == ERR_IO ||
	       deadline_check(w->s->t->deadline, NULL);
}

/* ---- what became of the last one ---- */

static bool got_on(const struct work *w, int rc)
{
	const struct care *c = &w->s->care;
	const struct flash_fault *now = &w->s->fault, *was = &c->fault;

	if (!rc || done_so_far(w) > c->done_before)
		return true;
	if (now->step != was->step)
		return now->step > was->step;
	return now->has_address && was->has_address && now->address > was->address;
}

static void tell(const struct work *w, const struct flash_try *t)
{
	if (w->ops->tried)
		w->ops->tried(w->ops->user, t);
}

/*
 * `took_us`: by the attempt that ended now. If it came no further than the one before, all of it
 * was lost; otherwise at least the way from a closed session.
 */
static void settle(struct work *w, int rc, uint64_t took_us)
{
	struct care *c = &w->s->care;
	struct flash_try *t = c->n_tries ? &c->tries[c->n_tries - 1] : NULL;

	c->lost_us = w->out->connect_us ? w->out->connect_us / w->out->attempts : took_us;
	if (!t || t->result != TRY_OPEN)
		return;
	t->result = got_on(w, rc) ? TRY_WORKED : TRY_FAILED;
	c->same = rc && is_same_flaw(&w->s->fault, &c->fault) ? c->same + 1 : 0;
	if (t->result == TRY_FAILED) {
		w->s->options = w->s->before;
		c->lost_us = took_us;
	}
	tell(w, t);
	/* Counting anew for every step that is reached again would never end. */
	if (!rc || done_so_far(w) > c->done_before || w->s->fault.step > c->furthest)
		c->here = 0;
	if (!rc || done_so_far(w) > c->done_before)
		c->power_lost = 0;
}

/* ---- the next one ---- */

static bool is_here(const struct flash_try *t, const struct flash_fault *f)
{
	return t->step == f->step && t->has_address == f->has_address &&
	       (!t->has_address || t->address == f->address);
}

/* How often it was tried since the work last got on. */
unsigned care_tries_here(const struct care *c, const struct recovery *r)
{
	unsigned n = 0, left = c->here;

	for (size_t i = c->n_tries; i-- > 0 && left;
	     left -= left < c->tries[i].times ? left : c->tries[i].times)
		if (c->tries[i].how == r)
			n += c->tries[i].times;
	return n;
}

static bool may_try(const struct work *w, const struct recovery *r)
{
	const struct care *c = &w->s->care;
	unsigned most = (r->tries * c->budget.tries_percent + 99) / 100;

	if (w->reads_only && (r->harm == RECOVERY_WEARS || r->harm == RECOVERY_DESTROYS))
		return false;
	if (w->s->fault.is_protected && r->harm != RECOVERY_DESTROYS)
		return false;
	return care_tries_here(c, r) < most && recovery_fits(r, w->s);
}

static void drop_oldest(struct care *c)
{
	size_t i = 0;

	while (i + 1 < c->n_tries && c->tries[i].result != TRY_WORKED)
		i++;
	c->n_tries--;
	memmove(c->tries + i, c->tries + i + 1, (c->n_tries - i) * sizeof(c->tries[0]));
}

/* A record of its own, or the last one once more. */
static struct flash_try *note(struct care *c, const struct recovery *r, const struct flash_fault *f)
{
	struct flash_try *last = c->n_tries ? &c->tries[c->n_tries - 1] : NULL;

	if (last && last->how == r && last->result == TRY_FAILED && is_here(last, f)) {
		last->times++;
		return last;
	}
	if (c->n_tries == CARE_TRIES_MAX)
		drop_oldest(c);
	last = &c->tries[c->n_tries++];
	*last = (struct flash_try){ .how = r,
				    .step = f->step,
				    .has_address = f->has_address,
				    .address = f->address,
				    .times = 1 };
	return last;
}

static int apply(struct work *w, const struct recovery *r, struct err *e)
{
	struct flash_session *s = w->s;
	uint64_t from = clock_now_us(s->t->clock);
	struct flash_try *t;
	char mark[80];
	int rc;

	s->before = s->options;
	s->care.fault = s->fault;
	if (!s->care.here || s->fault.step > s->care.furthest)
		s->care.furthest = s->fault.step;
	s->care.done_before = done_so_far(w);
	s->care.spent++;
	s->care.here++;
	t = note(&s->care, r, &s->fault);
	snprintf(mark, sizeof(mark), "recovery: %s", r->name);
	target_mark(s->t, mark);
	rc = r->apply(s, e);
	t->took_us += clock_now_us(s->t->clock) - from;
	t->result = rc ? TRY_NOT_DONE : TRY_OPEN;
	if (rc)
		tell(w, t);
	return rc;
}

static bool has_budget(const struct flash_session *s)
{
	const struct care_budget *b = &s->care.budget;
	uint64_t spent_us = clock_now_us(s->t->clock) - s->care.began_us;

	return s->care.spent < b->tries_run && (!b->max_ms || spent_us < b->max_ms * 1000ull);
}

/* Something was changed, so that another attempt makes sense. */
static bool recover(struct work *w, int rc, const struct err *failed)
{
	const struct recovery *may[PROPOSALS_MAX];
	struct flash_session *s = w->s;
	struct err e = { 0 };
	size_t n;

	session_fell(s, SESSION_LINKED);
	complete_fault(w, failed);
	take_back_refused(w);
	if (!w->ops->choose || is_final(w, rc))
		return false;
	n = w->ops->choose(w->ops->user, s, may, PROPOSALS_MAX);
	for (size_t i = 0; i < n && has_budget(s); i++) {
		struct flash_fault before = s->fault;

		if (!may_try(w, may[i]))
			continue;
		rc = apply(w, may[i], &e);
		s->fault = before;
		if (!rc) {
			w->out->attempts++;
			return true;
		}
		if (is_final(w, rc) && rc != ERR_USAGE)
			return false;
	}
	return false;
}

int engine_until_done(struct work *w, int (*attempt)(struct work *w, struct err *e), struct err *e)
{
	struct err own;
	uint64_t began_us;
	int rc;

	do {
		own = (struct err){ 0 };
		began_us = clock_now_us(w->s->t->clock);
		rc = attempt(w, &own);
		settle(w, rc, clock_now_us(w->s->t->clock) - began_us);
	} while (rc && recover(w, rc, &own));
	if (rc && e)
		*e = own;
	return rc;
}
