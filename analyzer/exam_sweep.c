/*
 * The margin of the link: at each speed that the probe offers, patterns are written to RAM and read
 * back, reading and writing told apart. What stood in that RAM is put back.
 */
#include "analyzer/exam_internal.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/bytes.h"

#define BLOCK_BYTES   1024
#define BLOCK_WORDS   (BLOCK_BYTES / 4)
#define ROUNDS	      12
#define ERRORS_ENOUGH 64
#define SLOWEST_KHZ   90 /* slower ones take minutes and tell nothing new */

static void fill(uint8_t *block, unsigned round)
{
	static const uint32_t patterns[] = { 0, 0xffffffff, 0xaaaaaaaa, 0x55555555 };
	uint32_t noise = 0x1234567 + round;

	for (unsigned i = 0; i < BLOCK_WORDS; i++) {
		noise = noise * 1664525 + 1013904223;
		put_le32(block + 4 * i, round % 6 < 4	 ? patterns[round % 6]
					: round % 6 == 4 ? 1U << (i % 32)
							 : noise);
	}
}

static unsigned differences(const uint8_t *a, const uint8_t *b)
{
	unsigned n = 0;

	for (unsigned i = 0; i < BLOCK_BYTES; i += 4)
		n += memcmp(a + i, b + i, 4) != 0;
	return n;
}

/* A transfer that broke off is one error in as many words as it had gone through. */
static int settle(int rc, const struct err *now, uint64_t *errors, struct err *e)
{
	if (rc == ERR_STATUS && exam_is_signal(now->native)) {
		++*errors;
		return 0;
	}
	if (rc && e)
		*e = *now;
	return rc;
}

static int one_round(struct exam *x, struct exam_margin *m, uint32_t at, unsigned round,
		     struct err *e)
{
	uint8_t wrote[BLOCK_BYTES], once[BLOCK_BYTES], twice[BLOCK_BYTES];
	uint64_t broke = m->write_errors, reads_before = m->read_errors;
	struct err now = { 0 };
	unsigned first, both;
	int rc;

	fill(wrote, round);
	rc = stlink_mem_write(x->s, 0, 4, 0, at, wrote, BLOCK_BYTES, &now);
	rc = settle(rc, &now, &m->write_errors, e);
	m->words_written += BLOCK_WORDS;
	if (rc || m->write_errors > broke)
		return rc;
	rc = stlink_mem_read(x->s, 0, 4, 0, at, once, BLOCK_BYTES, &now);
	rc = settle(rc, &now, &m->read_errors, e);
	m->words_read += BLOCK_WORDS;
	if (rc || m->read_errors > reads_before)
		return rc;
	rc = stlink_mem_read(x->s, 0, 4, 0, at, twice, BLOCK_BYTES, &now);
	rc = settle(rc, &now, &m->read_errors, e);
	m->words_read += BLOCK_WORDS;
	if (rc || m->read_errors > reads_before)
		return rc;
	/* What reads wrong twice alike was written wrong. */
	first = differences(once, twice);
	both = differences(wrote, once) > first ? differences(wrote, once) - first : 0;
	m->read_errors += first;
	m->write_errors += both;
	return 0;
}

static int at_speed(struct exam *x, uint32_t khz, uint32_t at, struct err *e)
{
	struct exam_margin *m = &x->margin[x->n_margins];
	struct err now = { 0 };
	uint64_t waits = x->s->waits;
	int rc;

	*m = (struct exam_margin){ .khz = khz };
	rc = exam_enter(x, TARGET_CONNECT_HOT_PLUG, khz, &now);
	m->khz = x->s->khz;
	x->n_margins++;
	m->worked = !rc;
	if (rc == ERR_STATUS)
		return 0;
	for (unsigned i = 0; !rc && i < ROUNDS && m->read_errors + m->write_errors < ERRORS_ENOUGH;
	     i++)
		rc = one_round(x, m, at, i, e);
	m->waits = x->s->waits - waits;
	return rc == ERR_STATUS ? 0 : rc;
}

static void tell(struct exam *x, const struct exam_margin *m)
{
	uint64_t words = m->words_read + m->words_written,
		 errors = m->read_errors + m->write_errors;

	if (!m->worked) {
		exam_say(
			x, EVENT_LINK_TRY,
			EXAM_VALUES(EXAM_TEXT("sweep"), EXAM_NUM(m->khz), EXAM_NUM(1), EXAM_NUM(0)),
			"no session at %u kHz", m->khz);
		return;
	}
	exam_say(x, EVENT_LINK_RATE,
		 EXAM_VALUES(EXAM_NUM(m->khz),
			     EXAM_NUM(words ? (int64_t)(errors * 1000000000 / words) : 0),
			     EXAM_NO_VALUE,
			     EXAM_TEXT(m->write_errors && !m->read_errors   ? "write"
				       : m->read_errors && !m->write_errors ? "read"
				       : errors				    ? "both"
									    : "none")),
		 "%u kHz: %llu of %llu words read and %llu of %llu written went wrong", m->khz,
		 (unsigned long long)m->read_errors, (unsigned long long)m->words_read,
		 (unsigned long long)m->write_errors, (unsigned long long)m->words_written);
}

static int all_speeds(struct exam *x, uint32_t at, struct err *e)
{
	uint32_t khz[EXAM_MARGINS_MAX];
	size_t n = 0;
	int rc = target_list_khz(x->t, khz, EXAM_MARGINS_MAX, &n, e);

	for (size_t i = 0; !rc && i < n && khz[i] >= SLOWEST_KHZ; i++) {
		rc = at_speed(x, khz[i], at, e);
		if (!rc)
			tell(x, &x->margin[x->n_margins - 1]);
	}
	return rc;
}

#define SAFE_KHZ   240
#define SAFE_TRIES 5

/* What stands in RAM is saved and put back slowly, and again if bits go wrong. */
static int move_safely(struct exam *x, bool write, uint32_t at, uint8_t *block, struct err *e)
{
	struct err now = { 0 };
	int rc = ERR_STATUS;

	for (unsigned i = 0; rc == ERR_STATUS && i < SAFE_TRIES; i++) {
		rc = exam_enter(x, TARGET_CONNECT_HOT_PLUG, SAFE_KHZ, &now);
		if (!rc)
			rc = exam_mend(x, &now);
		if (!rc && write)
			rc = stlink_mem_write(x->s, 0, 4, 0, at, block, BLOCK_BYTES, &now);
		else if (!rc)
			rc = stlink_mem_read(x->s, 0, 4, 0, at, block, BLOCK_BYTES, &now);
	}
	if (rc && e)
		*e = now;
	return rc;
}

int exam_sweep(struct exam *x, struct err *e)
{
	uint32_t at = x->chip ? x->chip->ram.base : 0x20000000, khz = x->khz;
	uint8_t kept[BLOCK_BYTES];
	int rc = exam_enter(x, TARGET_CONNECT_HOT_PLUG, SAFE_KHZ, e), back;

	if (!rc)
		rc = cortexm_halt(x->t, e);
	if (!rc)
		rc = move_safely(x, false, at, kept, e);
	if (rc)
		return rc == ERR_STATUS ? 0 : rc;
	x->n_margins = 0; /* of a run that a failed transfer has ended */
	rc = all_speeds(x, at, e);
	if (exam_is_usb(rc))
		return rc;
	back = move_safely(x, true, at, kept, NULL);
	if (back)
		exam_say(x, EVENT_MEM_WRITE_FAILED, EXAM_VALUES(EXAM_NUM(at)),
			 "what stood in RAM at 0x%08x could not be put back", at);
	cortexm_release(x->t, NULL);
	exam_enter(x, TARGET_CONNECT_HOT_PLUG, khz, NULL);
	return rc;
}
