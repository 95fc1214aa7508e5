/* The parts that diagnosis.c puts together. */
#ifndef SWDOCTOR_DIAGNOSIS_MAKE_H
#define SWDOCTOR_DIAGNOSIS_MAKE_H

#include "analyzer/judge/finding.h"

struct making {
	struct diagnosis *d;
	struct arena *a;
	const struct rules *r;
	struct facts facts;
	struct weighing w;
};

/* Findings with their evidence and remedies, and what lacks its requirements. */
void make_findings(struct making *m);
/* The first thing to do over all findings. Needs them. */
void make_first_remedy(struct making *m);
void make_hops(struct making *m);

#endif
