/*
 * What so many errors in so many words say of the error rate: exact bounds for rare events
 * (Garwood's, from the Poisson distribution; on the safe side for words that fail or not).
 */
#ifndef SWDOCTOR_ERROR_RATE_H
#define SWDOCTOR_ERROR_RATE_H

#include <stdint.h>

/* An interval that holds the rate with a probability of 95 % at least; 0 to 1 without words. */
struct error_rate {
	double least, most;
};
struct error_rate error_rate_interval(uint64_t errors, uint64_t words);

#endif
