/* Rows of an explained session as text for people: see trace_rows.h. */
#ifndef SWDOCTOR_TRACE_TABLE_H
#define SWDOCTOR_TRACE_TABLE_H

#include "analyzer/base/term.h"
#include "analyzer/usb/trace_rows.h"

/* The heading of the columns. */
void trace_table_head(const struct term *t, struct buf *out);
/* One row, with its newline; as wide as the terminal, or as long as it is elsewhere. */
void trace_table_row(const struct term *t, const struct trace_row *row, bool packets,
		     struct buf *out);

/* Where in a row stands what happened: before it are its number and its times. */
size_t trace_table_front(void);

/* Two of its columns, for other shapes: how it ended, also as told later; what came of it. */
void trace_table_status(struct buf *out, const struct trace_row *row);
void trace_table_says(struct buf *out, const struct trace_row *row);

#endif
