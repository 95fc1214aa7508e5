/*
 * After bits went wrong: clearing what an error has left in the port, and telling noise from a
 * contact that comes and goes.
 */
#include "analyzer/check/exam_internal.h"

#include "probe/dap.h"

#define CONTACT_MS     1200 /* so long it is waited for */
#define CONTACT_GAP_MS 2
#define CONTACT_ROW    6  /* so many in a row are no noise ... */
#define CONTACT_GOOD   40 /* ... when so many without a mistake follow */
#define CONTACTS_MAX   4  /* what is gone four times stays away */
#define MEND_TRIES     4

/* A new session if clearing the flags is not enough. */
static int mend_once(struct exam *x, struct err *e)
{
	struct err now = { 0 };
	int rc = ERR_STATUS;

	if (x->reached & EXAM_HAS_LINK && stlink_can(x->s, STLINK_GATE_DAP_REG))
		rc = dap_clear_sticky(x->s, NULL, &now);
	for (unsigned i = 0; rc == ERR_STATUS && i < MEND_TRIES; i++) {
		rc = exam_enter(x, TARGET_CONNECT_HOT_PLUG, x->khz, &now);
		if (!rc && stlink_can(x->s, STLINK_GATE_AP_INIT))
			rc = stlink_ap_open(x->s, x->ap, &now);
	}
	if (rc == ERR_STATUS)
		exam_lose_link(x);
	else if (!rc)
		x->reached |= EXAM_HAS_LINK | EXAM_HAS_CORE | (x->kin ? EXAM_HAS_CHIP : 0);
	else if (e)
		*e = now;
	return rc == ERR_STATUS ? 0 : rc;
}

struct looks {
	unsigned row, longest, good;
	uint64_t gone_at, gone_us; /* since when nothing answers; the longest that it did not */
};

/* One look: an id, or a session where there is none. ERR_STATUS: no answer. */
static int look(struct exam *x, struct looks *l, struct err *e)
{
	bool session = x->reached & EXAM_HAS_LINK;
	uint32_t id;
	int rc;

	/* A port that missed a clock waits for a new session. */
	if (session && l->row % 4 != 3)
		return dap_read_id(x->s, &id, e);
	rc = exam_sample_voltage(x, e);
	if (rc && rc != ERR_UNSUPPORTED && rc != ERR_PROTOCOL)
		return rc;
	rc = exam_enter(x, TARGET_CONNECT_HOT_PLUG, x->khz, e);
	if (rc == ERR_STATUS)
		exam_lose_link(x);
	return rc;
}

static void count(struct exam *x, struct looks *l, bool answered)
{
	uint64_t now = clock_now_us(x->s->clock);

	if (answered && l->row && now - l->gone_at > l->gone_us)
		l->gone_us = now - l->gone_at;
	if (!answered && !l->row)
		l->gone_at = now;
	l->row = answered ? 0 : l->row + 1;
	l->good = answered ? l->good + 1 : 0;
	l->longest = l->row > l->longest ? l->row : l->longest;
}

/* A loose contact: everything fails for a while, and then nothing does. */
static int watch_contact(struct exam *x, struct looks *l, struct err *e)
{
	uint64_t end = clock_now_us(x->s->clock) + CONTACT_MS * 1000;

	while (clock_now_us(x->s->clock) < end && l->good < CONTACT_GOOD) {
		struct err now = { 0 };
		int rc = look(x, l, &now);

		if (rc && rc != ERR_STATUS) {
			if (e)
				*e = now;
			return rc;
		}
		count(x, l, !rc);
		rc = exam_sleep_ms(x, CONTACT_GAP_MS, e);
		if (rc)
			return rc;
	}
	if (l->longest >= CONTACT_ROW && l->good >= CONTACT_GOOD)
		exam_say(x, EVENT_LINK_CONTACT, EXAM_VALUES(EXAM_NUM((int64_t)l->gone_us / 1000)),
			 "nothing answered for %llu ms, and then everything did",
			 (unsigned long long)l->gone_us / 1000);
	return 0;
}

static int look_for_contact(struct exam *x, unsigned row, struct err *e)
{
	struct looks l = { .row = row, .gone_at = clock_now_us(x->s->clock) };
	int rc;

	if (x->contacts++ >= CONTACTS_MAX)
		return 0;
	rc = watch_contact(x, &l, e);
	return rc ? rc : mend_once(x, e);
}

int exam_look_for_contact(struct exam *x, struct err *e)
{
	return look_for_contact(x, CONTACT_ROW, e);
}

int exam_mend(struct exam *x, struct err *e)
{
	int rc = mend_once(x, e);

	if (rc || x->reached & EXAM_HAS_LINK)
		return rc;
	return look_for_contact(x, MEND_TRIES, e);
}
