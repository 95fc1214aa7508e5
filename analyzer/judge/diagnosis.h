/*
 * The only door to the judge: events in, findings out. Pure: the same rules and events give the
 * same diagnosis. All text belongs to the diagnosis, the rules or the events, which must outlive
 * it.
 */
#ifndef SWDOCTOR_DIAGNOSIS_H
#define SWDOCTOR_DIAGNOSIS_H

#include "analyzer/base/verdict.h"
#include "analyzer/event/event.h"
#include "analyzer/rule/rules.h"

#define EVIDENCE_EVENTS_MAX 3

struct evidence {
	double db;	  /* counted weight; > 0 speaks for the cause */
	const char *says; /* for people; never NULL */
	const char *fact; /* id of the fact or symptom; NULL for a composed condition */
	const struct event *events[EVIDENCE_EVENTS_MAX]; /* what decided it; may be none */
	size_t n_events;
};

struct finding_remedy {
	const char *id;
	const char *text;
	const char *cost;   /* seconds, minutes, tool, solder */
	const char *danger; /* none, resets, erases, destructive */
	double cure;
};

struct finding {
	const char *cause;
	const char *title;
	const char *hop;   /* id */
	const char *cls;   /* pass, user, infra, hardware, firmware, flash, tool */
	int exit_code;	   /* for check */
	double confidence; /* 0 to 0.98 */
	enum word word;
	double score;			 /* dB */
	const struct evidence *evidence; /* strongest first; db != 0 */
	size_t n_evidence;
	const struct finding_remedy *remedies; /* best first */
	size_t n_remedies;
};

struct hop_result {
	const char *id;
	const char *title;
	enum hop_state state;
	const struct event *event; /* what decided it, or NULL */
};

struct fact_value {
	const char *id;
	const char *title;
	const char *unit;     /* "" where there is none */
	enum event_type type; /* EVENT_ABSENT for true/false */
	int64_t num;	      /* INT, HEX, and 0/1 for true/false */
	const char *text;
};

struct diagnosis {
	enum verdict verdict;
	const struct finding *findings; /* falling confidence; every evaluated cause, the leak and
					   healthy left out */
	size_t n_findings;
	double healthy_share, leak_share;
	const char *const *not_evaluated; /* cause ids whose requires are not met */
	size_t n_not_evaluated;
	const struct hop_result *hops; /* host to flash */
	size_t n_hops;
	const char *const *symptoms; /* titles of the present ones */
	size_t n_symptoms;
	const char *const *notes; /* texts */
	size_t n_notes;
	const struct fact_value *facts; /* the known ones, by id */
	size_t n_facts;
	const char *next_fact;		    /* id of the fact worth finding out, or NULL */
	const char *next_test;		    /* what to do for it, or NULL */
	const struct finding_remedy *first; /* the first thing to do over all findings, or NULL */
};

struct diagnosis_input {
	const struct events *events;
	const struct given_fact *facts;
	size_t n_facts;
	const char *const *symptoms;
	size_t n_symptoms;
	/* For measuring how well the rules generalise: evidence (index over all causes in order of
	 * loading) that is switched off; NULL: none. */
	const bool *evidence_off;
};

struct diagnosis *diagnosis_new(const struct rules *r, const struct diagnosis_input *in);
void diagnosis_free(struct diagnosis *d); /* NULL is fine */

#endif
