/* Slower when it must be, faster when it may be: see speed.h. */
#include "flash/speed.h"

#define CLIMB_AFTER 16384 /* clean bytes before the next step up */
#define KHZ_LEAST   100	  /* slower is no use: every step would take seconds */

uint32_t speed_khz(const struct speed *s)
{
	return s->lowered ? s->steps[s->at].khz : 0;
}

bool speed_can_fall(const struct speed *s, struct target *t)
{
	uint32_t khz[SPEED_STEPS_MAX];
	size_t n;

	if (s->lowered)
		return s->at + 1 < s->n && s->steps[s->at + 1].khz >= KHZ_LEAST;
	return target_khz(t) > KHZ_LEAST && !target_list_khz(t, khz, SPEED_STEPS_MAX, &n, NULL) &&
	       n > 1 && target_khz(t) > khz[n - 1];
}

/* The list, and where we are in it. */
static int learn(struct speed *s, struct target *t, struct err *e)
{
	uint32_t khz[SPEED_STEPS_MAX], now = target_khz(t);
	int rc = target_list_khz(t, khz, SPEED_STEPS_MAX, &s->n, e);

	if (rc)
		return rc;
	for (size_t i = 0; i < s->n; i++)
		s->steps[i] = (struct speed_step){ .khz = khz[i] };
	for (s->at = 0; s->at + 1 < s->n && khz[s->at] > now;)
		s->at++;
	s->first = s->at;
	s->since_us = clock_now_us(t->clock);
	s->lowered = true;
	return 0;
}

static void account(struct speed *s, const struct target *t, uint32_t bytes)
{
	uint64_t now = clock_now_us(t->clock);

	s->steps[s->at].us += now - s->since_us;
	s->steps[s->at].bytes += bytes;
	s->since_us = now;
	s->clean += bytes;
}

static int go_to(struct speed *s, struct target *t, size_t at, struct err *e)
{
	uint32_t khz;
	int rc = target_set_khz(t, s->steps[at].khz, &khz, e);

	if (rc)
		return rc;
	s->at = at;
	s->clean = 0;
	return 0;
}

int speed_lower(struct speed *s, struct target *t, struct err *e)
{
	int rc = s->lowered ? 0 : learn(s, t, e);
	size_t at;

	if (rc)
		return rc;
	account(s, t, 0);
	if (s->at + 1 >= s->n || s->steps[s->at + 1].khz < KHZ_LEAST)
		return err_set(e, ERR_NOT_FOUND, "there is no speed below %u kHz",
			       s->steps[s->at].khz);
	for (at = s->at + 1; at + 1 < s->n && s->steps[at].khz > s->steps[s->at].khz / 2 &&
			     s->steps[at + 1].khz >= KHZ_LEAST;)
		at++;
	return go_to(s, t, at, e);
}

/* Bytes a millisecond; a step that was never tried promises what its clock does. */
static double goodput(const struct speed *s, size_t step)
{
	const struct speed_step *p = &s->steps[step], *here = &s->steps[s->at];

	if (p->bytes && p->us)
		return (double)p->bytes * 1000 / (double)p->us;
	if (p->us) /* nothing came through */
		return 0;
	return here->us ? (double)here->bytes * 1000 / (double)here->us * p->khz / here->khz : 1;
}

int speed_good(struct speed *s, struct target *t, uint32_t bytes, struct err *e)
{
	if (!s->lowered)
		return 0;
	account(s, t, bytes);
	if (s->at == s->first || s->clean < CLIMB_AFTER ||
	    goodput(s, s->at - 1) <= goodput(s, s->at))
		return 0;
	return go_to(s, t, s->at - 1, e);
}
