/*
 * Which files make up a rule base: the shipped ones, a folder's, files by name. A file with the
 * same path below its rules folder takes the shipped one's place; all are taken in the order of
 * these paths, so a copy of the shipped rules behaves as they do.
 */
#ifndef SWDOCTOR_RULE_SET_H
#define SWDOCTOR_RULE_SET_H

#include "analyzer/rule/rule_load.h"

struct rule_set {
	bool shipped;	 /* take the shipped rules */
	const char *dir; /* and the *.yaml files in this folder and below, but for scenarios/; NULL:
			    none */
	const char *const *paths; /* and these; their rules folder is what ends with "rules/" */
	size_t n_paths;
	bool tests;	     /* read the tests that stand beside the causes */
	bool shipped_checks; /* files given must have tests and examples */
	bool complete;	     /* a leak and a healthy cause must be there */
};

/*
 * ERR_FORMAT: rep holds the mistakes; others: e says what could not be read. rep may hold warnings
 * after a success. The caller ends rep.
 */
int rule_set_load(const struct rule_set *s, struct rules **ret, struct rule_report *rep,
		  struct err *e);

#endif
