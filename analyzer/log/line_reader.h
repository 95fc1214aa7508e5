/*
 * One line of a log becomes events: which patterns it matches, what they give, which tool speaks
 * and which attempt it belongs to. Lines that come again are remembered (line_memo.h).
 */
#ifndef SWDOCTOR_LINE_READER_H
#define SWDOCTOR_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/log/line_memo.h"
#include "analyzer/log/match.h"
#include "analyzer/log/source_detect.h"

struct hit { /* a literal stands in a text */
	size_t end;
	uint32_t literal;
};

struct found;
struct given;

struct line_reader {
	struct matcher *m;
	struct events *ev;
	struct detector detector;
	struct line_memos memos;

	struct found *found;	 /* scratch of one line */
	struct given *given;	 /* the same, with the text that was found */
	struct memo_event *read; /* the same, as it is handed on */
	size_t n_given, given_room;
	uint64_t *asked; /* for each pattern: the line that asked for it last */
	uint64_t lines;	 /* counts them, from 1 */

	uint64_t recognised, recognised_line;
	uint64_t command_line; /* where the last command line stood; 0: none did */
	bool begun;	       /* the first attempt has its banner or command line */
};

/* m and ev must outlive the reader. */
void line_reader_init(struct line_reader *r, struct matcher *m, struct events *ev);
void line_reader_done(struct line_reader *r);

/*
 * A line or a piece of one, without its newline; `number` is the line's. The hits are all literals
 * that stand in it; NULL: not known, try every pattern.
 */
void line_reader_read(struct line_reader *r, const char *line, size_t len, uint64_t number,
		      const struct hit *hits, size_t n_hits);

/*
 * Take a line by what is remembered of it. False: it is not known well enough, and nothing was
 * done.
 */
bool line_reader_recall(struct line_reader *r, const char *line, size_t len, uint64_t number);

#endif
