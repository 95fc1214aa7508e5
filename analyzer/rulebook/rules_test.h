/*
 * The tests that stand beside the rules: every example of a pattern must be recognised by it, every
 * cause must fire on its `fires` tests and stay silent on its `silent` ones. Each runs through the
 * real matcher over the whole set, so a foreign pattern that matches by mistake shows.
 */
#ifndef SWDOCTOR_RULES_TEST_H
#define SWDOCTOR_RULES_TEST_H

#include "analyzer/rule/rules.h"

struct rules_test_sum {
	size_t examples, tests; /* run */
	size_t failed;		/* of both */
	size_t untested; /* patterns without an example, causes without both kinds of tests */
};

/*
 * r was loaded with the tests. Failures are written into out, with what came instead; with
 * `crossing` also the examples that patterns of another tool match as well.
 */
int rules_test(const struct rules *r, bool crossing, struct buf *out, struct rules_test_sum *ret,
	       struct err *e);

#endif
