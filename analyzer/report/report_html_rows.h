/*
 * The transactions of a capture as a page shows them, gathered while it is read: rows, the voltage
 * over time, errors by speed, the last value of each register. Bounded: beyond HTML_ROWS_MAX only
 * failures are kept.
 */
#ifndef SWDOCTOR_REPORT_HTML_ROWS_H
#define SWDOCTOR_REPORT_HTML_ROWS_H

#include "analyzer/usb/trace_rows.h"
#include "probe/base/arena.h"
#include "probe/base/buf.h"

#define HTML_ROWS_MAX	  3000
#define HTML_FAILURES_MAX 2000
#define HTML_SPEEDS_MAX	  16
#define HTML_VOLTS_MAX	  1000

enum html_kind { HTML_OK, HTML_WAIT, HTML_BAD, HTML_MARK, HTML_KINDS };

struct html_row {
	uint64_t number, packet, last_packet, since_us, took_us;
	unsigned retry;
	enum html_kind kind;
	const char *command, *arguments, *status, *says, *phase; /* never NULL */
};

struct html_speed {   /* what went over the wires at one speed */
	uint32_t khz; /* 0: not set in this capture */
	uint64_t accesses, errors;
};

struct html_volt {
	uint64_t since_us;
	int mv;
};

struct html_register {
	const struct coresight_reg *reg;
	uint16_t ap;
	uint32_t value;
	uint64_t number; /* of the row that told it */
};

struct html_rows {
	struct arena *arena;
	struct buf rows, volts, registers; /* of the structs above */
	struct html_speed speeds[HTML_SPEEDS_MAX];
	size_t n_speeds, speed_now;
	const char *phase;
	uint64_t seen, attempts; /* all rows; marks */
};

void html_rows_init(struct html_rows *h);
void html_rows_done(struct html_rows *h);
void html_rows_add(void *rows, const struct trace_row *row);

static inline size_t html_rows_n(const struct html_rows *h)
{
	return h->rows.len / sizeof(struct html_row);
}

static inline const struct html_row *html_rows_at(const struct html_rows *h, size_t i)
{
	return (const struct html_row *)h->rows.at + i;
}

#endif
