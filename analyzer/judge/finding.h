/*
 * Weighing the causes: what is known goes in, each cause's score and confidence come out. The way
 * is the one that doc/rules.md describes under "How causes are weighed".
 */
#ifndef SWDOCTOR_FINDING_H
#define SWDOCTOR_FINDING_H

#include "analyzer/judge/fact.h"

#define CONFIDENCE_MAX 0.98
#define SHARE_LIKELY   0.90
#define SHARE_PROBABLE 0.60
#define SHARE_POSSIBLE 0.20
#define LEAD_LIKELY_DB 10.0
#define SETTLED	       0.8
#define FIT_P_MIN      0.1

/* One cause after the weighing. */
struct weighed {
	bool candidate; /* explains a present symptom, and its requires are not false */
	bool lacking;	/* explains one, but its requires are false */
	bool accepted;
	double score;	   /* dB, where its confidence was found */
	double confidence; /* the largest share it reached, within bounds */
	enum word word;
};

struct weighing {
	const struct rules *r;
	const bool *evidence_off; /* over all causes, or NULL */
	struct weighed *at;	  /* by index of the cause */
	double *share;		  /* by index of the cause: the first competition, all of them */
	double leak_share, healthy_share;
	/* Room for one competition. */
	double *sum;	      /* prior and evidence of each cause */
	double *score;	      /* with the fit */
	double *now;	      /* shares */
	double *unexplained;  /* by symptom: 1 - P(symptom | accepted causes) */
	bool *open;	      /* by symptom: not settled */
	bool *asks_for_cause; /* by symptom: a cause other than the healthy one explains it */
};

void weighing_init(struct weighing *w, const struct rules *r, const bool *evidence_off,
		   struct arena *a);
void weigh(struct weighing *w, const struct facts *f);
/* The first competition alone: w->share. */
void weigh_first(struct weighing *w, const struct facts *f);

/* What a piece of evidence counts, in dB; 0: nothing. *ret_held: its condition is true. */
double evidence_db(const struct facts *f, const struct evidence_rule *e, bool *ret_held);
/* The dB of each piece of evidence of c after the groups; db has room for all of them. */
void evidence_count(const struct weighing *w, const struct facts *f, const struct cause_rule *c,
		    double *db);

#endif
