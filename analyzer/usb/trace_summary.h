/*
 * A session in figures: how often each command was given and how it ended, how long it took
 * (percentiles), which status words came, WAITs and what was asked again, the first failure, and
 * what is unknown. Bounded memory, however long the session is.
 */
#ifndef SWDOCTOR_TRACE_SUMMARY_H
#define SWDOCTOR_TRACE_SUMMARY_H

#include "analyzer/base/term.h"
#include "analyzer/usb/trace_rows.h"
#include "probe/base/json.h"

struct trace_summary;

struct trace_summary *trace_summary_new(void);
void trace_summary_free(struct trace_summary *s); /* NULL is fine */
void trace_summary_add(struct trace_summary *s, const struct trace_row *row);

void trace_summary_text(const struct trace_summary *s, const struct term *t, struct buf *out);
/* An object under the key "summary". */
void trace_summary_json(const struct trace_summary *s, struct json *j);

#endif
