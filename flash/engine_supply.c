/*
 * The supply under load: while the loader erases or programs the link has nothing to do, so that a
 * look at the voltage costs no time. A supply that sags then is steady before and after.
 */
#include "flash/engine_work.h"

#define EVERY_US    40000
#define LOOKS_CLEAN 4 /* as long as nothing failed */

static bool writes_flash(const struct loader *l)
{
	enum fault_step step = l->notes[l->done % l->n_slots].step;

	return l->s && l->s->loader_runs && l->done != l->sent &&
	       (step == FAULT_STEP_ERASE || step == FAULT_STEP_PROGRAM);
}

void engine_watch_supply(void *work)
{
	struct work *w = work;
	struct flash_session *s = w->s;
	struct care *c = &s->care;
	uint64_t now = clock_now_us(s->t->clock);
	struct target_voltage v;

	if (!s->has_voltage || !w->loader.n_slots || !writes_flash(&w->loader) ||
	    now - w->supply_us < EVERY_US || (!c->spent && w->supply_looks >= LOOKS_CLEAN))
		return;
	w->supply_us = now;
	w->supply_looks++;
	if (target_voltage(s->t, &v, NULL))
		return;
	c->least_mv = c->has_least && c->least_mv < v.mv ? c->least_mv : v.mv;
	c->has_least = true;
}
