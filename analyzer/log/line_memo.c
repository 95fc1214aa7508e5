/* What lines were taken for: see line_memo.h. */
#include "analyzer/log/line_memo.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define SETS	4096 /* a power of two; a set holds the last two lines that fell to it */
#define LEN_MAX 1024

void line_memos_init(struct line_memos *m)
{
	m->at = calloc(SETS, 2 * sizeof(*m->at));
	if (!m->at)
		abort();
}

static void forget(struct line_memo *memo)
{
	for (uint32_t i = 0; i < memo->n; i++)
		event_record_drop(memo->events[i].record);
	free(memo->events);
}

void line_memos_done(struct line_memos *m)
{
	for (size_t i = 0; i < 2 * SETS; i++)
		forget(&m->at[i]);
	free(m->at);
}

static bool is_of(const struct line_memo *memo, uint64_t hash, size_t len)
{
	return memo->hash == hash && memo->len == len && memo->state != MEMO_NEW;
}

struct line_memo *line_memo_find(struct line_memos *m, const char *line, size_t len,
				 enum memo_state *ret_state)
{
	struct line_memo *set, older;
	uint64_t hash;

	if (len > LEN_MAX)
		return NULL;
	hash = XXH3_64bits(line, len);
	set = &m->at[2 * (hash & (SETS - 1))];
	if (!is_of(&set[0], hash, len)) { /* the older one, or a new one, becomes the first */
		older = set[1];
		set[1] = set[0];
		set[0] = older;
	}
	if (!is_of(&set[0], hash, len)) {
		forget(&set[0]);
		set[0] = (struct line_memo){ .hash = hash,
					     .len = (uint32_t)len,
					     .state = MEMO_SEEN };
		*ret_state = MEMO_NEW;
		return set;
	}
	*ret_state = set->state;
	return set;
}

const struct line_memo *line_memo_kept(const struct line_memos *m, const char *line, size_t len)
{
	uint64_t hash;
	const struct line_memo *set;

	if (len > LEN_MAX)
		return NULL;
	hash = XXH3_64bits(line, len);
	set = &m->at[2 * (hash & (SETS - 1))];
	for (int i = 0; i < 2; i++)
		if (is_of(&set[i], hash, len) && set[i].state == MEMO_KEPT)
			return &set[i];
	return NULL;
}

void line_memo_keep(struct line_memo *memo, const struct memo_event *events, size_t n)
{
	memo->events = calloc(n + 1, sizeof(*events));
	if (!memo->events)
		abort();
	for (size_t i = 0; i < n; i++) {
		memo->events[i] = events[i];
		if (events[i].record)
			event_record_hold(events[i].record);
	}
	memo->n = (uint32_t)n;
	memo->state = MEMO_KEPT;
}
