/* How the errors of a sweep go with the speed. */
#include "analyzer/base/error_rate.h"
#include "analyzer/check/exam.h"

struct half {
	uint64_t errors, words;
};

static void add(struct half *h, const struct exam_margin *m)
{
	h->errors += m->read_errors + m->write_errors;
	h->words += m->words_read + m->words_written;
}

/* Slow: a quarter of the fastest speed and below. */
enum exam_curve exam_curve(const struct exam_margin *m, size_t n)
{
	struct half fast = { 0 }, slow = { 0 };
	struct error_rate of_slow;

	for (size_t i = 0; i < n; i++)
		add(m[i].khz * 4 > m[0].khz ? &fast : &slow, &m[i]);
	if (!fast.errors && !slow.errors)
		return EXAM_CURVE_CLEAN;
	if (!slow.words)
		return EXAM_CURVE_UNKNOWN;
	if (!slow.errors)
		return EXAM_CURVE_FALLS;
	of_slow = error_rate_interval(slow.errors, slow.words);
	if (fast.words && of_slow.most < (double)fast.errors / (double)fast.words / 2)
		return EXAM_CURVE_FALLS;
	return slow.errors >= 3 ? EXAM_CURVE_FLAT : EXAM_CURVE_UNKNOWN;
}
