/*
 * One input from its bytes to a diagnosis: a log, a USB capture, a pipe or another tool's output
 * while it runs.
 * Holds together what belongs to it (events, source, diagnosis); reports read it.
 */
#ifndef SWDOCTOR_ANALYSIS_H
#define SWDOCTOR_ANALYSIS_H

#include "analyzer/event/event.h"
#include "analyzer/judge/diagnosis.h"
#include "analyzer/log/source.h"
#include "analyzer/rule/rules.h"

/* What all inputs share. */
struct judge {
	struct rules *rules;
	struct matcher *matcher;
	unsigned probe; /* of a capture, from 1; 0: all of them */
};

/* `rules_dir` may be NULL. On a mistake in the rules `report` holds all messages about it. */
int judge_init(struct judge *j, const char *rules_dir, struct buf *report, struct err *e);
void judge_done(struct judge *j);

struct analysis {
	const struct judge *judge;
	struct events *events;
	struct source *source;
	bool ended;		   /* the source has been told that nothing follows */
	bool is_capture;	   /* USB packets instead of text: stats count packets for lines */
	struct source_stats stats; /* filled by analysis_end */
	struct diagnosis *d;	   /* the same; NULL before it or when it failed */
};

void analysis_init(struct analysis *a, const struct judge *j);
void analysis_done(struct analysis *a);

/* Either read a whole file ... */
int analysis_read_fd(struct analysis *a, int fd, struct err *e);
/* ... or feed the bytes as they come. Then end: judges. */
int analysis_feed(struct analysis *a, const void *bytes, size_t len, struct err *e);
int analysis_end(struct analysis *a, struct err *e);
/* Behind a log that was fed, before the end: what run_trace.h recorded meanwhile. */
int analysis_add_trace(struct analysis *a, const char *path, uint64_t *ret_transactions,
		       struct err *e);

#endif
