/*
 * Thousands of words read and compared, at the speed of the session and at faster ones. Nothing is
 * written; flash is what does not change by itself.
 */
#include "analyzer/check/exam_internal.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES   6144
#define LEAST_BYTES   64 /* a bad link is measured with short reads */
#define CLOCKS_A_WORD 47
#define BLOCK_MS      300 /* one read takes no longer, nor all of a speed than */
#define SPEED_MS      1500
#define LONG_MS	      3500
#define WORDS_LONG    100000
/* At the session's speed 40,000 words find an error rate of 1e-4 with a probability of 98 %. */
#define WORDS	     40000
#define WORDS_SHORT  15000 /* where blocks are short, as in JTAG: fewer transactions */
#define WORDS_FAST   9000
#define WORDS_SLOW   1500 /* slow ones are asked only how bad it is there */
#define FAILURES_MAX 24
#define ROW	     6
#define SLOW_KHZ     480
#define STALE_PAIRS  100

struct reading {
	uint32_t at;
	uint8_t first[BLOCK_BYTES], again[BLOCK_BYTES];
	uint8_t doubt[BLOCK_BYTES]; /* what was read otherwise the last time; as `first` if nothing
				     */
	bool has_first;
	unsigned most_ms;	       /* one speed takes no longer */
	uint64_t words, wrong, failed; /* at one speed */
};

/*
 * The next piece is compared with what was read there before, once all of it was. A word that reads
 * otherwise twice alike was read wrongly at first.
 */
static void compare(struct reading *r, size_t from, size_t bytes)
{
	for (size_t k = from; r->has_first && k < from + bytes; k += 4) {
		if (memcmp(r->first + k, r->again + k, 4)) {
			bool settled = !memcmp(r->doubt + k, r->again + k, 4);

			memcpy((settled ? r->first : r->doubt) + k, r->again + k, 4);
			r->wrong += !settled;
		} else {
			memcpy(r->doubt + k, r->first + k, 4);
		}
	}
}

/* How far it came before it broke off. */
static uint64_t words_before(const struct exam *x, uint32_t start, size_t bytes)
{
	uint32_t far = x->s->fault_address - start;

	return x->s->has_fault_address && far < bytes ? far / 4 + 1 : bytes / 8;
}

static size_t block_for(uint32_t khz)
{
	size_t bytes = BLOCK_BYTES;

	while (bytes > LEAST_BYTES && bytes / 4 * CLOCKS_A_WORD > (size_t)khz * BLOCK_MS)
		bytes /= 2;
	return bytes;
}

static int read_words(struct exam *x, struct reading *r, uint32_t khz, uint64_t words,
		      struct err *e)
{
	size_t bytes = words < BLOCK_BYTES / 4 ? LEAST_BYTES : block_for(khz), from = 0;
	uint64_t possible = (uint64_t)khz * r->most_ms / CLOCKS_A_WORD;
	uint64_t end = clock_now_us(x->s->clock) + (uint64_t)r->most_ms * 1000;
	struct err now = { 0 };
	unsigned row = 0; /* failures without a success between them */
	int rc = 0;

	words = words < possible ? words : possible;
	r->words = r->wrong = r->failed = 0;
	/* A slow firmware takes longer than the wires do. */
	while (!rc && r->words < words && r->failed < FAILURES_MAX &&
	       (!r->words || clock_now_us(x->s->clock) < end)) {
		uint8_t *into = r->has_first ? r->again : r->first;

		rc = stlink_mem_read(x->s, x->ap, 4, 0, r->at + (uint32_t)from, into + from, bytes,
				     &now);
		if (rc == ERR_STATUS && exam_is_signal(now.native)) {
			r->failed++;
			r->words += words_before(x, r->at + (uint32_t)from, bytes);
			bytes = bytes > LEAST_BYTES ? bytes / 2 : bytes;
			row++;
			rc = row == ROW ? exam_look_for_contact(x, &now) : exam_mend(x, &now);
			if (!rc && !(x->reached & EXAM_HAS_LINK))
				break;
			continue;
		}
		if (rc)
			break;
		row = 0;
		compare(r, from, bytes);
		r->words += bytes / 4;
		from = (from + bytes) % BLOCK_BYTES;
		if (!from && !r->has_first)
			memcpy(r->doubt, r->first, BLOCK_BYTES);
		r->has_first |= !from;
	}
	if (rc && rc != ERR_STATUS && e)
		*e = now;
	return rc;
}

static void tell(struct exam *x, uint32_t khz, const struct reading *r)
{
	uint64_t bad = r->wrong + r->failed;

	exam_say(x, EVENT_LINK_READS,
		 EXAM_VALUES(EXAM_NUM(khz), EXAM_NUM((int64_t)r->words),
			     EXAM_NUM((int64_t)r->wrong), EXAM_NUM((int64_t)r->failed)),
		 "%llu words read at %u kHz: %llu wrong, %llu reads broke off",
		 (unsigned long long)r->words, khz, (unsigned long long)r->wrong,
		 (unsigned long long)r->failed);
	exam_say(x, EVENT_LINK_RATE,
		 EXAM_VALUES(EXAM_NUM(khz), EXAM_NUM((int64_t)(bad * 1000000000 / r->words)),
			     EXAM_NO_VALUE, EXAM_TEXT("read")),
		 "at %u kHz %llu of %llu words go wrong", khz, (unsigned long long)bad,
		 (unsigned long long)r->words);
}

/* The speed that most tools ask of this probe when nobody says anything. */
static uint32_t usual_khz(const struct exam *x)
{
	return x->s->version.hardware >= 3 ? 8000 : 4000;
}

static int at_speed(struct exam *x, struct reading *r, uint32_t khz, uint64_t words, struct err *e)
{
	uint32_t now_khz = x->khz;
	int rc;

	if (!(x->reached & EXAM_HAS_LINK))
		return 0;
	rc = khz ? stlink_set_khz(x->s, x->link, khz, &now_khz, e) : 0;

	if (!rc)
		rc = read_words(x, r, now_khz, words, e);
	if (!rc && r->words)
		tell(x, now_khz, r);
	return rc;
}

static int all_speeds(struct exam *x, struct reading *r, struct err *e)
{
	bool can_change = x->s->version.hardware >= 3 || stlink_can(x->s, STLINK_GATE_SWD_FREQ);
	uint32_t khz = x->khz;
	int rc = at_speed(x, r, 0, x->s->block_bytes ? WORDS_SHORT : WORDS, e);
	bool bad = !rc && r->wrong + r->failed;

	/* Words that differ, and no status says so: whose are they? */
	if (!rc && r->wrong)
		rc = exam_look_for_stale(x, STALE_PAIRS, e);
	/* Does it get better when it is slower? */
	if (!rc && bad && can_change && khz > SLOW_KHZ)
		rc = at_speed(x, r, SLOW_KHZ, WORDS_SLOW, e);
	if (!rc && !bad && can_change && usual_khz(x) > khz)
		rc = at_speed(x, r, usual_khz(x), x->s->block_bytes ? WORDS_FAST / 2 : WORDS_FAST,
			      e);
	if (can_change && !exam_is_usb(rc) && !exam_is_over(rc))
		stlink_set_khz(x->s, x->link, khz, &x->khz, NULL);
	return rc;
}

static struct reading *reading_new(const struct exam *x, unsigned most_ms)
{
	struct reading *r = calloc(1, sizeof(*r));

	if (!r)
		abort();
	r->at = x->chip ? x->chip->base : 0x08000000;
	r->most_ms = most_ms;
	return r;
}

int exam_reads(struct exam *x, struct err *e)
{
	struct reading *r = reading_new(x, SPEED_MS);
	int rc = all_speeds(x, r, e);

	free(r);
	/* Flash that refuses to be read is another step's affair. */
	return rc == ERR_STATUS ? 0 : rc;
}

int exam_reads_long(struct exam *x, struct err *e)
{
	struct reading *r = reading_new(x, LONG_MS);
	int rc = read_words(x, r, x->khz, WORDS_LONG, e);

	if (!rc && r->words)
		exam_say(x, EVENT_LINK_READS_LONG,
			 EXAM_VALUES(EXAM_NUM(x->khz), EXAM_NUM((int64_t)r->words),
				     EXAM_NUM((int64_t)(r->wrong + r->failed))),
			 "of %llu more words at %u kHz %llu went wrong",
			 (unsigned long long)r->words, x->khz,
			 (unsigned long long)(r->wrong + r->failed));
	free(r);
	return rc == ERR_STATUS ? 0 : rc;
}
