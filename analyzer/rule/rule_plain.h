/* Reading the records that are little more than a title: symptoms, remedies, hops and notes. */
#ifndef SWDOCTOR_RULE_PLAIN_H
#define SWDOCTOR_RULE_PLAIN_H

#include "analyzer/rule/rule_read.h"

void symptom_read(struct load *l, uint32_t node, struct symptom_rule *s);
void remedy_read(struct load *l, uint32_t node, struct remedy_rule *m);
void hop_read(struct load *l, uint32_t node, struct hop_rule *h);
void note_read(struct load *l, uint32_t node, struct note_rule *n);

#endif
