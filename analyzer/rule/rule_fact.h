/* Reading facts. */
#ifndef SWDOCTOR_RULE_FACT_H
#define SWDOCTOR_RULE_FACT_H

#include "analyzer/rule/rule_read.h"

/*
 * Conditions need to know a fact's type before all facts are read; `node` is the fact's map.
 * Mistakes are left to fact_read.
 */
void fact_read_type(const struct load *l, uint32_t node, struct fact_rule *f);
void fact_read(struct load *l, uint32_t node, struct fact_rule *f);
/* Fills r->fact_order; complains about circles. Needs all facts. */
void facts_order(struct rules *r, struct rule_report *rep);

#endif
