/*
 * The board at one moment, seen from outside of every tool: whether the core runs, its registers,
 * its memories (as hashes), why it was reset, the reset line and what the probe is in. Looking
 * changes nothing.
 */
#ifndef SWDOCTOR_SIM_BENCH_STATE_H
#define SWDOCTOR_SIM_BENCH_STATE_H

#include "probe/base/json.h"
#include "probe/sim/bench.h"

/* One object, at the bench's time. */
void bench_say_state(struct bench *b, const char *key, struct json *j);

#endif
