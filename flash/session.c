/* Climbing to a chip that can be programmed, and leaving it: see session.h. */
#include "flash/session.h"

#include <stdio.h>
#include <string.h>

#include "flash/feed.h"
#include "flash/loader.h"
#include "probe/base/bytes.h"
#include "probe/cortexm.h"

#define BOOST_MS      50
#define BOOST_POLL_US 200
#define UID_BYTES     12

void session_init(struct flash_session *s, struct target *t, const struct chips *chips,
		  const struct session_options *o)
{
	static const struct care_budget usual = { 100, 400, 0, 15000 };

	memset(s, 0, sizeof(*s));
	s->t = t;
	s->chips = chips;
	s->options = *o;
	s->care.budget = usual;
	s->care.began_us = clock_now_us(t->clock);
}

void session_fell(struct flash_session *s, enum session_state state)
{
	if (s->state > state)
		s->state = state;
	if (s->state < SESSION_READY)
		s->loader_runs = false;
	if (s->state < SESSION_HALTED)
		s->boosted = false;
}

/* A step of the climb failed; a fault that a step filled in itself is kept. */
static int failed(struct flash_session *s, enum fault_step step, int rc, struct err *e)
{
	if (s->fault.step == FAULT_STEP_NONE) {
		fault_init(&s->fault, step);
		s->fault.link = e ? *e : (struct err){ .code = (enum err_code)rc };
		s->fault.has_fault_address = s->t->has_fault_address;
		s->fault.fault_address = s->t->fault_address;
	}
	return rc;
}

/* ---- to LINKED ---- */

static int attach(struct flash_session *s, struct err *e)
{
	struct err first = { 0 };
	int rc = cortexm_attach(s->t, s->options.connect, &first);

	if (rc == ERR_STATUS && s->options.connect_auto &&
	    s->options.connect == TARGET_CONNECT_NORMAL)
		rc = cortexm_attach(s->t, TARGET_CONNECT_UNDER_RESET, NULL);
	return rc ? err_set_native(e, (enum err_code)rc, first.native, "%s", first.text) : 0;
}

/* Some F103 give their id only while the core stands still. */
static int detect(struct flash_session *s, struct err *e)
{
	int rc = chip_detect(s->chips, s->t, &s->id, e);

	if (rc == ERR_NOT_FOUND && !cortexm_halt(s->t, NULL))
		rc = chip_detect(s->chips, s->t, &s->id, e);
	if (rc)
		return rc;
	s->chip = s->id.chip;
	s->ctrl = s->chip ? ctrl_of(s->chip) : NULL;
	if (!s->chip)
		return err_set_native(e, ERR_UNSUPPORTED, (int)s->id.idcode,
				      "no chip is known by the device id 0x%03x", s->id.dev_id);
	if (!s->ctrl)
		return err_set(e, ERR_UNSUPPORTED, "%s cannot be programmed", s->chip->name);
	return geometry_read(&s->geo, s->chip, s->t, e);
}

static void read_voltage(struct flash_session *s)
{
	struct target_voltage v;
	int mv = s->options.assume_mv;

	s->has_voltage = !target_voltage(s->t, &v, NULL);
	if (s->has_voltage) {
		s->voltage = v;
		if (v.trusted || !mv)
			mv = v.mv;
	}
	s->width = s->ctrl->width(s->chip, mv);
	if (s->options.width_most && s->width > s->options.width_most)
		s->width = s->options.width_most;
}

static void read_uid(struct flash_session *s)
{
	uint8_t bytes[UID_BYTES];

	s->has_uid = s->chip->uid && !target_read(s->t, s->chip->uid, bytes, UID_BYTES, NULL);
	for (size_t i = 0; s->has_uid && i < 3; i++)
		s->uid[i] = get_le32(bytes + 4 * i);
}

static int link_up(struct flash_session *s, struct err *e)
{
	int rc = attach(s, e);

	if (rc)
		return failed(s, FAULT_STEP_CONNECT, rc, e);
	rc = detect(s, e);
	if (rc)
		return failed(s, FAULT_STEP_IDENTIFY, rc, e);
	read_voltage(s);
	read_uid(s);
	return 0;
}

/* ---- to HALTED ---- */

static int set_bits(struct target *t, const struct chip_place *p, struct err *e)
{
	uint32_t word;
	int rc;

	if (!p->mask)
		return 0;
	rc = target_read32(t, p->reg, &word, e);
	if (rc || (word & p->mask) == p->value)
		return rc;
	t->twice = true; /* these registers hold settings */
	rc = target_write32(t, p->reg, (word & ~p->mask) | p->value, e);
	t->twice = false;
	return rc;
}

int session_freeze(struct flash_session *s, struct err *e)
{
	const struct chip *c = s->chip;
	int rc = set_bits(s->t, &c->dbgmcu_clock, e);

	if (!rc)
		rc = set_bits(s->t, &c->dbgmcu, e);
	for (size_t i = 0; !rc && i < c->n_freezes; i++)
		rc = set_bits(s->t, &c->freezes[i], e);
	return rc ? err_prefix(e, rc, "freezing the watchdogs") : 0;
}

/*
 * Something failed before: was the chip reset, and by what? RCC remembers since the look before, as
 * that is when its flags were cleared.
 */
static void look_for_resets(struct flash_session *s)
{
	const struct cortexm_cause_reg *r = cortexm_cause_find(s->chip->family);
	uint32_t causes;

	if (!s->care.spent || !r || cortexm_read_causes(s->t, r, &causes, NULL))
		return;
	if (s->causes_cleared) {
		s->resets |= causes;
		s->care.power_lost += !!(causes & CORTEXM_CAUSE_POWER);
	}
	if (s->causes_cleared &&
	    !(causes & ~(uint32_t)(CORTEXM_CAUSE_PIN | CORTEXM_CAUSE_SOFTWARE)))
		return; /* our own resets only */
	/* A flag that stayed, as the clearing got lost on a bad wire, would tell of what never was.
	 */
	s->causes_cleared = !cortexm_clear_causes(s->t, r, NULL) &&
			    !cortexm_read_causes(s->t, r, &causes, NULL) &&
			    !(causes & CORTEXM_CAUSE_POWER);
}

static int halt(struct flash_session *s, struct err *e)
{
	struct cortexm_state st = { 0 };
	int rc = cortexm_read_state(s->t, &st, e);

	if (!rc && s->state == SESSION_LINKED)
		s->was_running = !st.halted;
	if (!rc && !s->options.no_reset)
		look_for_resets(s);
	if (!rc)
		rc = s->options.no_reset ? cortexm_halt(s->t, e)
					 : cortexm_reset(s->t, s->options.reset, true, NULL, e);
	if (rc)
		return failed(s, FAULT_STEP_CONNECT, rc, e);
	rc = session_freeze(s, e);
	return rc ? failed(s, FAULT_STEP_PREPARE, rc, e) : 0;
}

/* ---- to READY ---- */

static int boost_step(struct flash_session *s, const struct chip_boost *b, struct err *e)
{
	struct deadline limit;
	uint32_t word = 0;
	int rc = set_bits(s->t, &b->set, e);

	if (!b->wait.mask)
		return rc;
	deadline_init(&limit, s->t->clock, s->t->deadline, "waiting for a clock", BOOST_MS);
	while (!rc) {
		rc = target_read32(s->t, b->wait.reg, &word, e);
		if (!rc && (word & b->wait.mask) == b->wait.value)
			return 0;
		if (!rc)
			rc = deadline_sleep_us(&limit, BOOST_POLL_US, e);
	}
	return rc;
}

/* Only from the state after a reset: what a program set up is not known here. */
static int boost(struct flash_session *s, struct err *e)
{
	int rc = 0;

	if (s->options.no_reset || s->boosted)
		return 0;
	for (size_t i = 0; !rc && i < s->chip->n_boosts; i++)
		rc = boost_step(s, &s->chip->boosts[i], e);
	s->boosted = !rc;
	return rc ? err_prefix(e, rc, "raising the core clock") : 0;
}

/* Uses RAM that the loader takes. What was too fast may have left the link in any state. */
static int rise(struct flash_session *s, struct err *e)
{
	bool clean;
	int rc;

	do {
		clean = true;
		rc = speed_rise(&s->speed, s->t, s->chip->ram.base, &clean, e);
		if (!rc && !clean) {
			rc = attach(s, e);
			rc = rc ? failed(s, FAULT_STEP_CONNECT, rc, e) : halt(s, e);
		}
	} while (!rc && !clean);
	return rc;
}

static int make_ready(struct flash_session *s, struct err *e)
{
	int rc;

	feed_begin(s->t, s->options.feed && !s->loader ? s->chip->iwdg : 0);
	rc = s->loader && s->options.may_rise ? rise(s, e) : 0;
	if (!rc && s->ctrl->prepare)
		rc = s->ctrl->prepare(s->chip, s->t, e);
	if (!rc && s->loader)
		rc = boost(s, e);
	if (!rc && s->loader && s->chip->crc_regs)
		rc = set_bits(s->t, &s->chip->crc_clock, e);
	if (rc)
		return failed(s, FAULT_STEP_PREPARE, rc, e);
	fault_init(&s->fault, FAULT_STEP_UNLOCK);
	rc = ctrl_unlock(s->chip, &s->geo, s->t, &s->fault, e);
	if (rc)
		return rc;
	fault_init(&s->fault, FAULT_STEP_NONE);
	if (s->loader)
		rc = loader_start(s->loader, s, e);
	return rc ? failed(s, FAULT_STEP_LOADER, rc, e) : 0;
}

int session_reach(struct flash_session *s, enum session_state state, struct err *e)
{
	static int (*const climb[])(struct flash_session *, struct err *) = {
		[SESSION_CLOSED] = link_up,
		[SESSION_LINKED] = halt,
		[SESSION_HALTED] = make_ready,
	};
	int rc = 0;

	fault_init(&s->fault, FAULT_STEP_NONE);
	if (s->state == SESSION_RELEASED)
		s->state = SESSION_CLOSED;
	while (!rc && s->state < state && s->state < SESSION_READY) {
		rc = climb[s->state](s, e);
		if (!rc)
			s->state++;
	}
	return rc;
}

/* ---- away ---- */

int session_release(struct flash_session *s, bool stay_halted, struct err *e)
{
	struct err later;
	int rc = 0, last;

	fault_init(&s->fault, FAULT_STEP_NONE);
	if (s->state < SESSION_HALTED) {
		s->state = SESSION_RELEASED;
		return 0;
	}
	feed_begin(s->t, 0);
	if (s->loader_runs)
		rc = loader_stop(s->loader, e);
	if (s->state == SESSION_READY && !rc)
		rc = ctrl_lock(s->chip, &s->geo, s->t, e);
	last = cortexm_reset(s->t, s->options.reset, stay_halted, NULL, rc ? &later : e);
	if (!last) /* what the loader had caught is nobody's any more */
		last = stay_halted ? cortexm_set_catch(s->t, 0, rc ? &later : e)
				   : cortexm_release(s->t, rc ? &later : e);
	speed_give_back(&s->speed, s->t);
	s->state = SESSION_RELEASED;
	rc = rc ? rc : last;
	return rc ? failed(s, FAULT_STEP_FINISH, rc, e) : 0;
}
