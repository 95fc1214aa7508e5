/*
 * What a command found out about one input, written for people (report_text.c) or for programs
 * (report_json.c). Reports only write into a buf; a command prints it.
 */
#ifndef SWDOCTOR_REPORT_H
#define SWDOCTOR_REPORT_H

#include "analyzer/base/result.h"
#include "analyzer/base/term.h"
#include "analyzer/event/event.h"
#include "analyzer/judge/diagnosis.h"
#include "analyzer/log/source.h"
#include "probe/base/buf.h"
#include "probe/base/err.h"
#include "probe/base/json.h"

struct report_child { /* the program that `run` ran */
	char *const *argv;
	size_t argc;
	int status; /* as the shell counts it */
};

struct report {
	const char *command;
	const char *input;	   /* as the user named it */
	const struct diagnosis *d; /* NULL: see error */
	/* What kept us from a diagnosis, or cut short what it is about; NULL: nothing did. */
	const struct err *error;
	const struct events *events;	  /* with a diagnosis */
	const struct source_stats *stats; /* the same */
	bool is_capture;		  /* places are packets, not lines */
	bool live;			  /* of `check`: the exit code is that of the first cause */
	const struct buf *pictures;	  /* of `check`, for the text; NULL: none */
	/* Of `check`: further members of the JSON; NULL: none. */
	void (*put_more)(const void *user, struct json *j);
	const void *put_user;
	const struct report_child *child; /* NULL: none was run */
	const struct rules *rules;	  /* names the patterns; NULL: events are not listed */
};

struct report_style {
	struct term term;
	bool all;     /* also the causes below possible */
	bool verbose; /* also facts, and all of the evidence */
};

void report_text(const struct report *r, const struct report_style *style, struct buf *out);
/* One object on one line, with its newline: as doc/result.schema.json says. */
void report_json(const struct report *r, struct buf *out);
/* The members of an object for one event. */
void report_json_event(struct json *j, const struct event *ev, const struct rules *rules);
/* How a command ends that has this to report. */
void report_result(const struct report *r, struct result *ret);

/* ---- words (report_words.c) ---- */

/* "likely, 93 %"; a finding without a word: "below possible, 4 %". */
void report_add_confidence(struct buf *out, const struct finding *f);
/* "+14 dB" */
void report_add_db(struct buf *out, double db);
/* The weight that evidence has, and what it says: "+14 dB: below the range of every STM32". */
void report_add_says(struct buf *out, const struct evidence *ev);
/* "line 14", "packet 14" of a capture, "packet 14" or "packet 14 of trace 2" beside a log. */
void report_add_place(struct buf *out, const struct report *r, const struct event *ev, bool last);
/* "line", or "packet" in a capture. */
const char *report_place(const struct report *r);
/* A fact's value: "3208 mV", "0x10016413", "yes". */
void report_add_fact(struct buf *out, const struct fact_value *f);
/* " (minutes, resets):" for a label */
void report_add_cost(struct buf *out, const struct finding_remedy *m);
/* The closing line behind the word of the verdict: the answer and the first action. */
void report_add_verdict(struct buf *out, const struct report *r);

#endif
