/* The examination as a table of steps: see exam.h. */
#include "analyzer/check/exam_internal.h"

#include <stdlib.h>
#include <string.h>

/* How often the probe is opened again in one examination, and a step is begun again after it. */
#define RECOVERIES_MAX	  12
#define REOPEN_TRIES	  3
#define STEP_TRIES	  3
#define SESSIONS_LOST_MAX 4
/* So many wrong bits, and the next session is a slow one. */
#define SIGNALS_MANY 3
#define SLOW_KHZ     480

#define ASKED_MAX 4 /* so many steps are taken for what they would tell */

enum when { ALWAYS, UNREACHED, SWEEP, ASKED };

#define PROBE EXAM_HAS_PROBE
#define LINK  EXAM_HAS_LINK
#define CORE  EXAM_HAS_CORE
#define CHIP  EXAM_HAS_CHIP

static const struct step {
	const char *name;
	unsigned needs;
	enum exam_disturbs disturbs;
	enum when when;
	exam_step *run;
	const char *title;
} steps[EXAM_STEPS] = {
#define STEP(id, name, needs, disturbs, when, fn, title)                                           \
	[EXAM_##id] = { name, needs, EXAM_##disturbs, when, fn, title },
#include "analyzer/check/exam_steps.def"
#undef STEP
};

static void tell_allowed(struct exam *x)
{
	bool reset = x->o->allow_reset;

	exam_say(x, EVENT_EXAM_BEGIN, EXAM_VALUES(EXAM_TEXT(reset ? "reset" : "nothing")),
		 "the examination may %s", reset ? "reset the target" : "disturb nothing");
}

struct exam *exam_new(const struct exam_options *o, struct events *ev)
{
	struct exam *x = calloc(1, sizeof(*x));

	if (!x)
		abort();
	x->o = o;
	x->ev = ev;
	x->decode = decode_new(ev);
	tell_allowed(x);
	return x;
}

void exam_free(struct exam *x)
{
	if (!x)
		return;
	chips_done(&x->chips);
	decode_free(x->decode);
	free(x);
}

/* ---- errors ---- */

bool exam_is_usb(int rc)
{
	return rc == ERR_TIMEOUT || rc == ERR_USB || rc == ERR_GONE;
}

bool exam_is_over(int rc)
{
	return rc == ERR_INTERRUPTED || rc == ERR_DEADLINE || rc == ERR_IO || rc == ERR_REPLAY;
}

static void tell_dead(struct exam *x, const struct err *why)
{
	x->dead = true;
	x->reached = 0;
	exam_say(x, EVENT_PROBE_DEAD, EXAM_VALUES(EXAM_TEXT(err_code_text(why->code))),
		 "the probe does not answer any more: %s", why->text);
}

static int reopen(struct exam *x, struct err *e)
{
	int rc = transport_reopen(x->s->t, e);

	return rc ? rc : stlink_open(x->s, e);
}

/* Bring the probe back; false: it is gone for this examination. */
bool exam_recover(struct exam *x)
{
	struct err e = { 0 };
	int rc = ERR_USB;

	x->reached = 0;
	for (unsigned tries = 0; rc && tries < REOPEN_TRIES; tries++) {
		if (x->recoveries++ >= RECOVERIES_MAX)
			break;
		rc = reopen(x, &e);
		if (exam_is_over(rc))
			return false;
	}
	if (rc) {
		tell_dead(x, &e);
		return false;
	}
	x->reached = EXAM_HAS_PROBE;
	exam_say(x, EVENT_USB_RECOVERED,
		 EXAM_VALUES(EXAM_TEXT("reopened"), EXAM_NUM(x->recoveries)),
		 "the probe answers again after it was opened anew");
	return true;
}

/* ---- one step ---- */

/* To connect under reset is to want a reset; not to is to want none. */
static bool wants_reset(const struct exam *x)
{
	return x->o->connect_only ? x->o->connect == TARGET_CONNECT_UNDER_RESET
				  : x->unreached || x->locked_up;
}

/* A core that cannot be reached, or is locked up or held, may be reset by default. */
static bool may_run(const struct exam *x, const struct step *s)
{
	if (s->disturbs == EXAM_ERASES)
		return x->o->allow_erase;
	return s->disturbs == EXAM_NOTHING || x->o->allow_reset ||
	       (s->disturbs == EXAM_RESETS && wants_reset(x));
}

/* Ask for what has not been given, once. */
static bool gets_consent(struct exam *x, const struct step *s)
{
	if (!x->o->consent || x->asked || s->disturbs == EXAM_ERASES)
		return false;
	x->asked = true;
	x->options.allow_reset = x->o->consent(x->o->consent_user, s->title);
	if (x->o->allow_reset)
		tell_allowed(x);
	return x->o->allow_reset;
}

static bool is_due(const struct exam *x, enum exam_step_id id)
{
	if (x->o->connect_only && id == EXAM_ATTACH)
		return x->o->connect != TARGET_CONNECT_UNDER_RESET;
	if (x->o->connect_only && id == EXAM_UNDER_RESET)
		return x->o->connect == TARGET_CONNECT_UNDER_RESET;
	return steps[id].when == ALWAYS || steps[id].when == ASKED ||
	       (steps[id].when == UNREACHED && x->unreached) ||
	       (steps[id].when == SWEEP && x->o->sweep);
}

static void tell_step(struct exam *x, const struct step *s, const char *result, const char *why)
{
	exam_say(x, EVENT_EXAM_STEP,
		 EXAM_VALUES(EXAM_TEXT(s->name), EXAM_TEXT(result), EXAM_TEXT(why)), "%s: %s%s%s",
		 s->title, result, *why ? ": " : "", why);
}

void exam_attach_again(struct exam *x)
{
	struct err e;

	if (x->reached & EXAM_HAS_LINK || !(x->reached & EXAM_HAS_PROBE) || !x->khz)
		return;
	if (!exam_enter(x, x->under_reset ? TARGET_CONNECT_UNDER_RESET : TARGET_CONNECT_HOT_PLUG,
			x->khz, &e))
		x->reached |= EXAM_HAS_LINK | EXAM_HAS_CORE | (x->kin ? EXAM_HAS_CHIP : 0);
}

static int run_step(struct exam *x, enum exam_step_id id, struct err *e)
{
	const struct step *s = &steps[id];
	int rc = 0;

	x->ran[id] = true;
	transport_mark(x->s->t, s->title);
	for (unsigned tries = 0; tries < STEP_TRIES; tries++) {
		rc = s->run(x, e);
		if (!exam_is_usb(rc))
			break;
		if (!exam_recover(x))
			break;
		if (s->needs & EXAM_HAS_LINK || s->needs & EXAM_HAS_CORE)
			exam_attach_again(x);
		if ((x->reached & s->needs) != s->needs)
			break;
	}
	if (rc == ERR_INTERNAL || rc == ERR_NO_MEMORY)
		return rc;
	tell_step(x, s, rc ? "failed" : "done", rc && e ? e->text : "");
	return exam_is_over(rc) ? rc : 0;
}

static int maybe_run(struct exam *x, enum exam_step_id id, struct err *e)
{
	const struct step *s = &steps[id];

	if (!is_due(x, id) || (x->reached & s->needs) != s->needs || x->dead)
		return 0;
	if (may_run(x, s) || gets_consent(x, s))
		return run_step(x, id, e);
	tell_step(x, s, "skipped",
		  s->disturbs == EXAM_ERASES ? "needs --allow erase" : "needs --allow reset");
	return 0;
}

/* ---- the steps that are taken for what they would tell ---- */

static bool is_open(const struct exam *x, enum exam_step_id id)
{
	const struct step *s = &steps[id];

	/* What the program does can only be seen from its first instruction on. */
	if (id == EXAM_FIRMWARE && !x->under_reset)
		return false;
	return s->when == ASKED && !x->ran[id] && (x->reached & s->needs) == s->needs && !x->dead;
}

/* Whoever allows an erase wants to know what the supply does meanwhile. */
static bool find_asked(const struct exam *x, enum exam_step_id *ret)
{
	if (x->o->allow_erase && is_open(x, EXAM_LOAD)) {
		*ret = EXAM_LOAD;
		return true;
	}
	return x->o->judge && exam_next(x, is_open, ret);
}

static int run_asked(struct exam *x, struct err *e)
{
	enum exam_step_id id = EXAM_STEPS;
	int rc = 0;

	for (unsigned n = 0; !rc && n < ASKED_MAX && find_asked(x, &id); n++) {
		rc = maybe_run(x, id, e);
		x->ran[id] = true; /* also if it was not allowed */
	}
	return rc;
}

/*
 * A session that broke in the middle is opened again, first as before and then under reset; the
 * steps that were lost with it follow.
 */
static int reach_again(struct exam *x, unsigned *lost, struct err *e)
{
	int rc = 0;

	if (x->reached & EXAM_HAS_LINK || !(x->reached & EXAM_HAS_PROBE) || !x->attached ||
	    (*lost)++ >= SESSIONS_LOST_MAX || x->ran[EXAM_UNDER_RESET])
		return 0;
	x->broke = true;
	if (x->signal_errors > SIGNALS_MANY)
		x->first_khz = SLOW_KHZ;
	rc = run_step(x, EXAM_ATTACH, e);
	if (!rc && !(x->reached & EXAM_HAS_LINK))
		rc = maybe_run(x, EXAM_UNDER_RESET, e);
	if (!rc)
		rc = maybe_run(x, EXAM_ACCESS_PORT, e);
	if (!rc && !x->ran[EXAM_CHIP])
		rc = maybe_run(x, EXAM_CHIP, e);
	return rc;
}

static int run_all(struct exam *x, struct err *e)
{
	unsigned lost = 0;
	int rc = 0;

	for (enum exam_step_id id = 0; !rc && id < EXAM_STEPS; id++) {
		if (steps[id].when == ASKED)
			continue;
		if (id == EXAM_SWEEP)
			rc = run_asked(x, e);
		if (!rc)
			rc = maybe_run(x, id, e);
		if (!rc && id != EXAM_ATTACH)
			rc = reach_again(x, &lost, e);
	}
	/* What went out of reach at the very end asks its questions, too. */
	if (!rc && x->under_reset)
		rc = exam_debug_settings_end(x, e);
	return rc || !x->under_reset ? rc : run_asked(x, e);
}

/* ---- all of them ---- */

void exam_saw(void *user, const struct xact *xact, const struct stlink_said *said)
{
	struct exam *x = user;

	x->count++;
	decode_xact(x->decode, xact, said, x->count);
}

int exam_run(struct exam *x, struct target_stlink *ts, struct err *e)
{
	const struct deadline *run = ts->s->deadline;
	int rc;

	x->options = *x->o;
	x->o = &x->options;
	x->s = ts->s;
	x->ts = ts;
	x->t = &ts->t;
	x->link = ts->link;
	x->first_khz = x->o->khz ? x->o->khz : x->s->khz;
	exam_write_down_begin(x);
	rc = chips_load(x->o->rules, &x->chips, e);
	if (!rc)
		rc = run_all(x, e);
	exam_leave(x);
	x->s->deadline = x->t->deadline = run;
	exam_end(x, rc);
	return rc;
}

bool exam_has_passed(const struct exam *x)
{
	return x->reached & EXAM_HAS_CORE && !x->unreached && !x->held;
}

void exam_end(struct exam *x, int rc)
{
	bool passed = exam_has_passed(x);

	decode_end(x->decode);
	exam_say(x, EVENT_EXAM_END,
		 EXAM_VALUES(EXAM_TEXT(rc	? "cut-short"
				       : passed ? "passed"
						: "complete")),
		 "the examination %s", rc ? "was cut short" : "went to its end");
}

/* ---- for reports ---- */

uint64_t exam_transactions(const struct exam *x)
{
	return x->count;
}

size_t exam_margins(const struct exam *x, const struct exam_margin **ret)
{
	*ret = x->margin;
	return x->n_margins;
}

size_t exam_voltages(const struct exam *x, const int **ret)
{
	*ret = x->voltage;
	return x->n_voltages;
}
