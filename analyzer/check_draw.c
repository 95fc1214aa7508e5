/* The margin of the link as bars: see check_draw.h. */
#include "analyzer/check_draw.h"

#include <math.h>

#define Z	  1.96 /* two-sided 95 % */
#define BAR	  20
#define BAR_CLEAN 6 /* decades below 1 that fill the bar */

double check_rate_most(uint64_t errors, uint64_t words)
{
	double k = (double)errors, n = (double)words, most;

	if (!words)
		return 1;
	if (!errors)
		return n > 3 ? 3 / n : 1;
	most = (k + Z * Z / 2 + Z * sqrt(k + Z * Z / 4)) / n;
	return most > 1 ? 1 : most;
}

static uint64_t errors_of(const struct exam_margin *m)
{
	return m->read_errors + m->write_errors;
}

static bool is_clean(const struct exam_margin *m)
{
	return m->worked && !errors_of(m) && m->words_read;
}

uint32_t check_recommended_khz(const struct exam_margin *m, size_t n)
{
	/* The list falls. */
	for (size_t i = 0; i < n; i++)
		if (is_clean(&m[i]) && (!i || is_clean(&m[i - 1])))
			return m[i].khz;
	for (size_t i = 0; i < n; i++)
		if (is_clean(&m[i]))
			return i + 1 < n && is_clean(&m[i + 1]) ? m[i + 1].khz : m[i].khz;
	return 0;
}

static void add_bar(struct buf *out, double rate, bool unicode)
{
	int filled = (int)(-log10(rate) / BAR_CLEAN * BAR + 0.5);

	for (int i = 0; i < BAR; i++)
		buf_add_str(out, i < filled ? unicode ? "\u2588" : "#" : unicode ? "\u2591" : ".");
}

static void add_speed(struct buf *out, const struct exam_margin *m, bool unicode)
{
	uint64_t words = m->words_read + m->words_written;
	double most = check_rate_most(errors_of(m), words);

	buf_addf(out, "  %6u kHz  ", m->khz);
	if (!m->worked) {
		buf_add_str(out, "no session\n");
		return;
	}
	add_bar(out, most, unicode);
	buf_addf(out, "  read %llu of %llu wrong, written %llu of %llu, at most %.1e a word",
		 (unsigned long long)m->read_errors, (unsigned long long)m->words_read,
		 (unsigned long long)m->write_errors, (unsigned long long)m->words_written, most);
	if (m->waits)
		buf_addf(out, ", %llu WAITs", (unsigned long long)m->waits);
	buf_add_char(out, '\n');
}

void check_draw_margins(const struct exam *x, const struct term *t, struct buf *out)
{
	const struct exam_margin *m;
	size_t n = exam_margins(x, &m);
	uint32_t khz = check_recommended_khz(m, n);

	if (!n)
		return;
	buf_add_str(out, "\nmargin of the link (longer is better):\n");
	for (size_t i = 0; i < n; i++)
		add_speed(out, &m[i], t->utf8);
	if (khz)
		buf_addf(out, "  recommended: %u kHz\n", khz);
	else
		buf_add_str(out,
			    "  no speed is free of errors: then it is not the speed that makes "
			    "them\n");
}
