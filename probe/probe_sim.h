/* The part of opening a probe that is about the virtual bench. Only for probe.c. */
#ifndef SWDOCTOR_PROBE_SIM_H
#define SWDOCTOR_PROBE_SIM_H

#include "probe/probe.h"

/* words: what stands behind "sim:". Fills t, clock, limit, entry and bench of p. */
int probe_sim_open(const struct probe_options *o, const char *words, struct probe *p,
		   struct err *e);
void probe_sim_close(struct probe *p); /* after its transport */

/* p->clock is another one than the options': what is left of the limit counts on it. */
void probe_move_limit(struct probe *p);

#endif
