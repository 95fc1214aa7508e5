/*
 * Logs repeat themselves: polls, retries, progress. What a line was taken for is remembered the
 * second time it comes, so that the third time costs a hash. Lines are told apart by a 64-bit hash
 * and their length.
 */
#ifndef SWDOCTOR_LINE_MEMO_H
#define SWDOCTOR_LINE_MEMO_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/event/event_record.h"

struct memo_event { /* one event that a line stands for */
	uint32_t pattern;
	struct event_record *record; /* NULL: the pattern matches and gives no event */
};

enum memo_state { MEMO_NEW, MEMO_SEEN, MEMO_KEPT };

struct line_memo {
	uint64_t hash;
	struct memo_event *events; /* when kept; a holder of the records */
	uint32_t len, n;
	enum memo_state state;
};

struct line_memos {
	struct line_memo *at;
};

void line_memos_init(struct line_memos *m);
void line_memos_done(struct line_memos *m);
/*
 * The memo of this line, until the next call. The caller acts on its state: NEW, the line is met
 * for the first time (it becomes SEEN); SEEN, it may be kept; KEPT, its events are there. NULL: too
 * long to remember.
 */
struct line_memo *line_memo_find(struct line_memos *m, const char *line, size_t len,
				 enum memo_state *ret_state);
/* The memo of a line whose events are kept, until the next call; NULL: there is none. */
const struct line_memo *line_memo_kept(const struct line_memos *m, const char *line, size_t len);
/* Copies the list. */
void line_memo_keep(struct line_memo *memo, const struct memo_event *events, size_t n);

#endif
