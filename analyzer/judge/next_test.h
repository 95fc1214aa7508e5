/* What would settle it: the unknown fact whose value would move the shares of the causes most, for
 * what it costs to find out. */
#ifndef SWDOCTOR_NEXT_TEST_H
#define SWDOCTOR_NEXT_TEST_H

#include "analyzer/judge/finding.h"

/* The index of the fact, or RULE_NONE if none is worth it. */
uint32_t next_test_find(const struct weighing *w, const struct facts *f, struct arena *a);
/* How far one of the values that this fact may have would move the shares, 0 to 1: the most of
 * them. */
double next_test_reach(const struct weighing *w, const struct facts *f, uint32_t fact,
		       struct arena *a);

#endif
