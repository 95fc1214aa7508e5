/* Slower when it must be, faster when it may be: see speed.h. */
#include "flash/speed.h"

#include <string.h>

#include "probe/base/bytes.h"

#define CLIMB_AFTER 16384 /* clean bytes before the next step up */
#define KHZ_LEAST   100	  /* slower is no use: every step would take seconds */
#define PROOF_READS 3

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

/* ---- faster than it was found ---- */

/* Every bit toggles, in no order that repeats; `flip` turns all of them over. */
static void fill_pattern(uint8_t bytes[SPEED_PROOF_BYTES], uint32_t flip)
{
	uint32_t word = 0x9e3779b9;

	for (size_t i = 0; i < SPEED_PROOF_BYTES; i += 4) {
		word ^= word << 13;
		word ^= word >> 17;
		word ^= word << 5;
		put_le32(bytes + i, word ^ flip);
	}
}

static bool reads(struct target *t, uint32_t ram, const uint8_t *want)
{
	uint8_t there[SPEED_PROOF_BYTES];

	return !target_read(t, ram, there, sizeof(there), NULL) &&
	       !memcmp(there, want, sizeof(there));
}

/* `there` was written at the old speed. */
static bool carries(struct target *t, uint32_t ram, const uint8_t *there)
{
	uint8_t flipped[SPEED_PROOF_BYTES];

	for (int i = 0; i < PROOF_READS; i++)
		if (!reads(t, ram, there))
			return false;
	fill_pattern(flipped, ~0U);
	return !target_write(t, ram, flipped, sizeof(flipped), NULL) && reads(t, ram, flipped);
}

static int back(struct speed *s, struct target *t, struct err *e)
{
	uint32_t khz;
	int rc = target_set_khz(t, s->found_khz, &khz, NULL);

	if (rc) /* a probe that is left too fast costs more than asking again */
		rc = target_set_khz(t, s->found_khz, &khz, e);
	s->found_khz = 0;
	return rc;
}

int speed_rise(struct speed *s, struct target *t, uint32_t ram, bool *ret_clean, struct err *e)
{
	uint32_t khz[SPEED_STEPS_MAX], now;
	uint8_t there[SPEED_PROOF_BYTES];
	size_t n, at = s->tried;
	int rc;

	if (s->lowered || s->rose)
		return 0;
	rc = target_list_khz(t, khz, SPEED_STEPS_MAX, &n, e);
	s->rose = rc || at + 1 >= n || khz[at + 1] <= target_khz(t);
	if (s->rose)
		return rc;
	s->tried++;
	s->found_khz = target_khz(t);
	fill_pattern(there, 0);
	rc = target_write(t, ram, there, sizeof(there), e);
	if (!rc)
		rc = target_set_khz(t, khz[at], &now, e);
	s->rose = rc || carries(t, ram, there);
	if (s->rose)
		return rc ? rc : target_set_khz(t, khz[at + 1], &now, e);
	rc = back(s, t, e);
	if (!rc)
		*ret_clean = false;
	return rc;
}

uint32_t speed_expected(struct target *t)
{
	uint32_t khz[SPEED_STEPS_MAX], now = target_khz(t);
	size_t n;

	if (target_list_khz(t, khz, SPEED_STEPS_MAX, &n, NULL) || n < 2 || khz[1] <= now)
		return now;
	return khz[1];
}

void speed_give_back(struct speed *s, struct target *t)
{
	uint32_t khz;

	if (s->found_khz)
		target_set_khz(t, s->found_khz, &khz, NULL);
	s->found_khz = 0;
}
