/* Bounds of an error rate: see error_rate.h. */
#include "analyzer/base/error_rate.h"

#include <math.h>

#define HALVINGS 60

/* P(at most k events), where mean are expected. */
static double at_most(uint64_t k, double mean)
{
	double term = exp(-mean), sum = term;

	/* Where e^-mean is too small for a number, the sum would be nothing. */
	if (mean > 600)
		return 0.5 * erfc((mean - (double)k - 0.5) / sqrt(2 * mean));
	for (uint64_t i = 1; i <= k; i++) {
		term *= mean / (double)i;
		sum += term;
	}
	return sum > 1 ? 1 : sum;
}

/* The mean at which at most k events are seen with this probability, which falls with the mean. */
static double mean_for(uint64_t k, double probability)
{
	double low = 0, high = (double)k + 12 * sqrt((double)k + 1) + 12;

	for (int i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2;

		if (at_most(k, middle) > probability)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}

static double share(double mean, uint64_t words)
{
	double rate = mean / (double)words;

	return rate > 1 ? 1 : rate;
}

struct error_rate error_rate_interval(uint64_t errors, uint64_t words)
{
	struct error_rate r = { .least = 0, .most = 1 };

	if (!words)
		return r;
	r.most = share(mean_for(errors, 0.025), words);
	if (errors)
		r.least = share(mean_for(errors - 1, 0.975), words);
	return r;
}
