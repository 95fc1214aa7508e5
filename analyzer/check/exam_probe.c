/* The probe itself: does it answer, always the same, how fast, and with which firmware. */
#include "analyzer/check/exam_internal.h"

#include <stdlib.h>
#include <string.h>

#define OPEN_TRIES   3
#define LATENCY_ASKS 16
#define PASSING_MAX  4 /* of them may be another question's answers */

/* What is known about firmware releases; the last row that fits counts. */
static const struct release {
	uint8_t hardware, first, last; /* J */
	const char *state;	       /* too-old, known-bad, old */
	const char *why;
} releases[] = {
#define RELEASE(hardware, first, last, state, why) { hardware, first, last, state, why },
#include "analyzer/check/exam_releases.def"
#undef RELEASE
};

static void tell_release(struct exam *x)
{
	const struct stlink_version *v = &x->s->version;
	const char *state = "current", *why = "nothing is known against it";
	char text[STLINK_VERSION_TEXT_MAX];

	for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++) {
		const struct release *r = &releases[i];

		if (r->hardware == v->hardware && v->jtag >= r->first && v->jtag <= r->last) {
			state = r->state;
			why = r->why;
		}
	}
	stlink_version_text(v, text);
	exam_say(x, EVENT_PROBE_FIRMWARE, EXAM_VALUES(EXAM_TEXT(state), EXAM_TEXT(why)),
		 "firmware %s: %s", text, why);
}

static int by_size(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

/* The same question many times; nothing of the target takes part in it. */
static int ask_often(struct exam *x, struct err *e)
{
	uint64_t took[LATENCY_ASKS], before;
	uint8_t first = 0, mode;
	unsigned others = 0;
	int rc = 0;

	for (unsigned i = 0; !rc && i < LATENCY_ASKS; i++) {
		before = clock_now_us(x->s->clock);
		rc = stlink_read_mode(x->s, &mode, e);
		took[i] = clock_now_us(x->s->clock) - before;
		if (!i)
			first = mode;
		others += !rc && mode != first;
	}
	if (rc)
		return rc;
	qsort(took, LATENCY_ASKS, sizeof(took[0]), by_size);
	exam_say(x, EVENT_USB_LATENCY,
		 EXAM_VALUES(EXAM_NUM((int64_t)took[LATENCY_ASKS / 2]),
			     EXAM_NUM((int64_t)took[LATENCY_ASKS - 1]), EXAM_NUM(LATENCY_ASKS),
			     EXAM_NUM((int64_t)took[LATENCY_ASKS * 9 / 10])),
		 "a question that needs no target takes %llu us, nine of ten at most %llu us, the "
		 "slowest %llu us",
		 (unsigned long long)took[LATENCY_ASKS / 2],
		 (unsigned long long)took[LATENCY_ASKS * 9 / 10],
		 (unsigned long long)took[LATENCY_ASKS - 1]);
	exam_say(x, EVENT_PROBE_SELF_TEST,
		 EXAM_VALUES(EXAM_TEXT(!others		       ? "same"
				       : others <= PASSING_MAX ? "passing"
							       : "differs")),
		 "asked for its mode %d times, the probe %u times said something else",
		 LATENCY_ASKS, others);
	return 0;
}

/* It answers, and what it says of itself is nothing to work with. */
static bool is_refusal(int rc)
{
	return rc == ERR_UNSUPPORTED || rc == ERR_UNFIT;
}

static int read_version(struct exam *x, char ret[STLINK_VERSION_TEXT_MAX], struct err *e)
{
	int rc = stlink_read_version(x->s, e);

	if (rc && !is_refusal(rc))
		return rc;
	stlink_version_text(&x->s->version, ret);
	return 0;
}

/* If it is another one the second time, the third time decides: what two of three say is it. */
static int version_again(struct exam *x, struct err *e)
{
	struct stlink_version first = x->s->version;
	char before[STLINK_VERSION_TEXT_MAX], after[STLINK_VERSION_TEXT_MAX],
		third[STLINK_VERSION_TEXT_MAX];
	bool passing;
	int rc;

	stlink_version_text(&first, before);
	rc = read_version(x, after, e);
	if (rc || !strcmp(before, after))
		return rc;
	rc = read_version(x, third, e);
	if (rc)
		return rc;
	passing = !strcmp(third, before) || !strcmp(third, after);
	if (!strcmp(third, before) || !passing)
		x->s->version = first; /* the one that the session was opened with */
	exam_say(x, EVENT_PROBE_SELF_TEST, EXAM_VALUES(EXAM_TEXT(passing ? "passing" : "differs")),
		 "asked three times, the probe calls itself %s, %s and %s", before, after, third);
	return 0;
}

/* It answers, and cannot debug: an old command set, a firmware for STM8 only, a loader. */
static void refused(struct exam *x, const struct err *why)
{
	bool loader = why->native == STLINK_MODE_BOOTLOADER || x->s->version.jtag;

	if (!loader)
		tell_release(x);
	exam_say(x, EVENT_PROBE_REFUSED, EXAM_VALUES(EXAM_TEXT(loader ? "loader" : "cannot debug")),
		 "%s", why->text);
}

int exam_probe(struct exam *x, struct err *e)
{
	struct err why = { 0 };
	unsigned tries = 0;
	int rc;

	do
		rc = stlink_open(x->s, &why);
	while (is_refusal(rc) && ++tries < OPEN_TRIES);
	if (is_refusal(rc)) {
		refused(x, &why);
		return 0;
	}
	if (!rc && tries)
		exam_say(x, EVENT_PROBE_SELF_TEST, EXAM_VALUES(EXAM_TEXT("passing")),
			 "at first the probe said something of itself that it does not say again");
	if (rc) {
		if (e)
			*e = why;
		return rc;
	}
	x->reached |= EXAM_HAS_PROBE;
	tell_release(x);
	rc = version_again(x, e);
	return rc ? rc : ask_often(x, e);
}
