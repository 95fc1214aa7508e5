/*
 * A log read for tests: everything that a source makes of some bytes, as text, so that two readings
 * can be compared and a test can ask for one line of it.
 */
#ifndef SWDOCTOR_TESTS_LOG_READING_H
#define SWDOCTOR_TESTS_LOG_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/log/source.h"
#include "probe/base/buf.h"

enum log_feed {
	FEED_WHOLE,
	FEED_BYTES,   /* one byte a feed */
	FEED_SMALL,   /* random sizes, 0 to 99 */
	FEED_LARGE,   /* random sizes up to 300000 */
	FEED_MANNERS, /* how many there are */
};

struct log_reading {
	int rc;
	struct err err;
	struct events *events;
	struct source_stats stats;
	char *tool, *version; /* the texts of stats */
};

struct log_reading log_read(struct matcher *m, const void *bytes, size_t len, enum log_feed feed);
/* Text that ends with a NUL, at once. */
struct log_reading log_read_text(struct matcher *m, const char *text);
void log_reading_done(struct log_reading *r);

/* A line for each event and one for the statistics; to be freed. */
char *log_reading_text(const struct log_reading *r);

/* The i-th event as "LINE KIND FIELD=VALUE... xTIMES" (no xTIMES if once). In `room`. */
const char *log_reading_event(const struct log_reading *r, size_t i, char room[700]);

/* The contents of a file; the test fails if there is none. To be freed. */
char *log_file(const char *path, size_t *ret_len);

/* The rules in tests/rules/patterns.yaml. */
struct rules *log_patterns(void);

#endif
