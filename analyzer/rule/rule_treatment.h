/* What the flash engine can do about a cause: the section `recoveries` of rules/recovery.yaml. */
#ifndef SWDOCTOR_RULE_TREATMENT_H
#define SWDOCTOR_RULE_TREATMENT_H

#include "analyzer/rule/rule_read.h"

void treatment_read(struct load *l, uint32_t node, struct treatment_rule *t);
/* The order for who does not look at the cause: a list of recoveries. A later file's counts. */
void treatment_read_blind(struct load *l, uint32_t node);
/* Of a cause; NULL: nothing can be done about it. */
const struct treatment_rule *treatment_find(const struct rules *r, uint32_t cause);

#endif
