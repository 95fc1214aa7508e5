/* Reading patterns, the messages of the tools. */
#ifndef SWDOCTOR_RULE_PATTERN_H
#define SWDOCTOR_RULE_PATTERN_H

#include "analyzer/rule/rule_read.h"

void pattern_read(struct load *l, uint32_t node, struct pattern_rule *p);

#endif
