/*
 * The rows of an explained session: transactions as the decoder understood them, in order, each
 * with the status that a later command may have told. Rows wait in a short queue until that status
 * is there. Rows are filtered here; what shows them are the sinks.
 */
#ifndef SWDOCTOR_TRACE_ROWS_H
#define SWDOCTOR_TRACE_ROWS_H

#include "analyzer/event/event.h"
#include "probe/capture.h"
#include "probe/stlink_decode.h"

#define TRACE_BYTES_KEPT 64
#define TRACE_MARK_MAX	 EVENT_TEXT_MAX

struct trace_row {
	bool is_mark;
	bool concluded; /* the mark is what an examination or a flash run says it found */
	char mark[TRACE_MARK_MAX + 1];
	uint64_t number; /* of the transaction, from 1 */
	uint64_t packet, last_packet;
	unsigned probe;			/* from 1 */
	uint64_t at_us;			/* time of day */
	uint64_t since_us;		/* the first transaction */
	struct xact x;			/* x.data is data */
	uint8_t data[TRACE_BYTES_KEPT]; /* as many of the bytes as fit */
	struct stlink_said said;
	bool cut;
	bool settled; /* its status is told, or will not be */
	/* A memory access: what the later command said, and its number; 0: nobody asked. */
	uint64_t told_by;
	uint32_t told_status;
	enum stlink_status_kind told_kind;
};

/* Failed by itself, or as told later. */
bool trace_row_failed(const struct trace_row *row);

struct trace_filter {
	const char *command; /* in the command's name, any case; NULL: all */
	const char *status;  /* in the status' name, or its number; NULL: all */
	bool failed;
	unsigned probe;	 /* 0: all */
	uint64_t around; /* 0: all */
	uint64_t context;
};

struct trace_sink {
	void (*row)(void *user, const struct trace_row *row);
	void *user;
};

struct trace_rows;

struct trace_rows *trace_rows_new(const struct trace_filter *filter, struct trace_sink sink);
void trace_rows_free(struct trace_rows *rows); /* NULL is fine */
/* Reads a capture; rows go to the sink as soon as they are complete. As capture_read. */
int trace_rows_read(struct trace_rows *rows, struct pcap_source from, struct capture_stats *ret,
		    struct err *e);

#endif
