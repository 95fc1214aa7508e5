/*
 * What a report is written about: a log or a capture, or a log with the trace that was recorded
 * beside it; judged, and read a second time for the lines and transactions that the report shows.
 * A pipe is copied, so that it can be read twice.
 */
#ifndef SWDOCTOR_REPORT_INPUT_H
#define SWDOCTOR_REPORT_INPUT_H

#include "analyzer/report/excerpt.h"
#include "analyzer/report/redact.h"
#include "analyzer/report/report.h"
#include "analyzer/report/report_env.h"
#include "analyzer/triage/analysis.h"
#include "analyzer/usb/trace_rows.h"

struct report_input {
	const char *name;
	const char *trace; /* the file recorded beside the log `name`; NULL: it stands alone */
	int fd, trace_fd;
	struct arena *arena;
	struct analysis analysis;
	struct report report; /* of the analysis; ready for the report_*.c files */
	struct excerpt *excerpt;
	struct excerpt *transactions; /* of the trace beside a log; NULL: there is none */
	struct redact *redact;	      /* NULL: nothing is taken out */
	const struct env_row *env;
	size_t n_env;
	/* Of a capture, if asked for: is told every row of the second reading. */
	void (*row)(void *user, const struct trace_row *row);
	void *row_user;
};

/*
 * `in` begins as { 0 } with name, trace if there is one, and row if wanted; report_input_done frees
 * it whatever this returns. "-" is standard input. `j` must outlive it.
 */
int report_input_read(struct report_input *in, const struct judge *j, bool redact, struct err *e);
void report_input_done(struct report_input *in);

/* There are transactions: of a capture, or beside a log. */
bool report_input_has_rows(const struct report_input *in);
/* Where an event stands in what is shown: the packet of its transaction, or else 0 ... */
uint64_t report_input_packet(const struct report_input *in, const struct event *ev);
/* ... or the line of the log, or else 0. */
uint64_t report_input_line(const struct report_input *in, const struct event *ev);

/* The last event of a kind; NULL: none. */
const struct event *report_input_last(const struct report_input *in, enum event_kind kind);
/* A known fact of the diagnosis; NULL: unknown. */
const struct fact_value *report_input_fact(const struct report_input *in, const char *id);

#endif
