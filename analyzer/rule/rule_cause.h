/* Reading causes with their evidence, and (rule_cause_test.c) the tests that stand beside them. */
#ifndef SWDOCTOR_RULE_CAUSE_H
#define SWDOCTOR_RULE_CAUSE_H

#include "analyzer/rule/rule_read.h"

void cause_read(struct load *l, uint32_t node, struct cause_rule *c);

/* Into c->tests; `node` is the map below `tests:`. */
void cause_read_tests(struct load *l, uint32_t node, struct cause_rule *c);

#endif
