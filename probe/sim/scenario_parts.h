/* Between the files that read a scenario: what stands behind each of its keys. */
#ifndef SWDOCTOR_SIM_SCENARIO_PARTS_H
#define SWDOCTOR_SIM_SCENARIO_PARTS_H

#include "probe/sim/scenario.h"
#include "probe/sim/scenario_read.h"

/* Each reads a value into a struct scenario. */
int scenario_read_probe(struct reader *r, uint32_t node, void *into);
int scenario_read_firmware(struct reader *r, uint32_t node, void *into);
int scenario_read_host(struct reader *r, uint32_t node, void *into);
int scenario_read_chip(struct reader *r, uint32_t node, void *into);
int scenario_read_wires(struct reader *r, uint32_t node, void *into);
int scenario_read_supply(struct reader *r, uint32_t node, void *into);
int scenario_read_program(struct reader *r, uint32_t node, void *into);
int scenario_read_faults(struct reader *r, uint32_t node, void *into);

extern const char *const scenario_when_words[]; /* in the order of enum fault_when */

#endif
