/*
 * The words of a judgement: what a whole run comes to, how sure a cause is, how a hop of the way
 * looks. Each has one spelling, here.
 */
#ifndef SWDOCTOR_VERDICT_H
#define SWDOCTOR_VERDICT_H

enum verdict { VERDICT_HEALTHY, VERDICT_PROBLEM, VERDICT_UNKNOWN };
enum word { WORD_NONE, WORD_POSSIBLE, WORD_PROBABLE, WORD_LIKELY };
enum hop_state { HOP_OK, HOP_BAD, HOP_NOT_TESTED, HOP_CANNOT_TELL };

const char *verdict_name(enum verdict v);     /* "healthy" */
const char *word_name(enum word w);	      /* "likely"; NULL for WORD_NONE */
const char *hop_state_name(enum hop_state s); /* "not tested" */

#endif
