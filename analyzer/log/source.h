/*
 * Input of any kind becomes events: a stream of bytes (file, pipe, child's output) is unwrapped
 * (UTF-16, ANSI colours, carriage returns, JSON lines of container logs), cut into lines and
 * matched. Push parsing in bounded memory: feed as the bytes come, then end.
 */
#ifndef SWDOCTOR_SOURCE_H
#define SWDOCTOR_SOURCE_H

#include "analyzer/event/event.h"
#include "analyzer/rule/rules.h"

struct matcher; /* the compiled patterns; shared by all sources of one thread */

enum matcher_engine {
	MATCHER_AUTO,  /* behind the prefilter */
	MATCHER_PLAIN, /* no prefilter: every pattern on every line (slow, for tests) */
};

int matcher_new(const struct rules *r, enum matcher_engine engine, struct matcher **ret,
		struct err *e);
void matcher_free(struct matcher *m);
/* Patterns that are switched off (index as rules_pattern), for measuring; NULL: none. Copied. */
void matcher_switch_off(struct matcher *m, const bool *off);

struct source_stats {
	uint64_t bytes;
	uint64_t lines;
	uint64_t recognised_lines;
	uint64_t unrecognised_lines; /* neither recognised nor blank */
	const char *tool;	     /* the tool that most lines speak for; NULL: none known */
	const char *tool_version;    /* or NULL */
	double tool_confidence;	     /* 0 to 1 */
};

struct source;

/* Events go to ev. Nothing but a bad input can fail later; m and ev must outlive the source. */
struct source *source_new(struct matcher *m, struct events *ev);
int source_feed(struct source *s, const void *bytes, size_t len, struct err *e);
int source_end(struct source *s, struct err *e); /* the last line may lack its newline */
void source_stats(const struct source *s, struct source_stats *ret); /* text lives as long as s */
void source_free(struct source *s);

/* Reads fd to its end. ERR_FORMAT: this is no text (binary). */
int source_read_fd(struct source *s, int fd, struct err *e);

#endif
