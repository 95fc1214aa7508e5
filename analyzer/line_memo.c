/* What lines were taken for: see line_memo.h. */
#include "analyzer/line_memo.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define SLOTS	4096 /* a power of two; a newcomer takes the place of whoever has its slot */
#define LEN_MAX 1024

void line_memos_init(struct line_memos *m)
{
	m->at = calloc(SLOTS, sizeof(*m->at));
	if (!m->at)
		abort();
}

void line_memos_done(struct line_memos *m)
{
	for (size_t i = 0; i < SLOTS; i++)
		free(m->at[i].events);
	free(m->at);
}

struct line_memo *line_memo_find(struct line_memos *m, const char *line, size_t len,
				 enum memo_state *ret_state)
{
	uint64_t hash;
	struct line_memo *memo;

	if (len > LEN_MAX)
		return NULL;
	hash = XXH3_64bits(line, len);
	memo = &m->at[hash & (SLOTS - 1)];
	if (memo->state == MEMO_NEW || memo->hash != hash || memo->len != len) {
		free(memo->events);
		*memo = (struct line_memo){ .hash = hash, .len = len, .state = MEMO_SEEN };
		*ret_state = MEMO_NEW;
		return memo;
	}
	*ret_state = memo->state;
	return memo;
}

static size_t text_size(const struct event *e)
{
	size_t size = e->text ? strlen(e->text) + 1 : 0;

	for (int i = 0; i < EVENT_FIELDS_MAX; i++)
		size += e->v[i].text ? strlen(e->v[i].text) + 1 : 0;
	return size;
}

static const char *move_text(char **at, const char *text)
{
	char *copy = *at;
	size_t size;

	if (!text)
		return NULL;
	size = strlen(text) + 1;
	memcpy(copy, text, size);
	*at += size;
	return copy;
}

void line_memo_keep(struct line_memo *memo, const struct memo_event *events, size_t n)
{
	size_t size = n * sizeof(*events);
	char *at;

	for (size_t i = 0; i < n; i++)
		size += text_size(&events[i].e);
	memo->events = malloc(size + 1);
	if (!memo->events)
		abort();
	at = (char *)(memo->events + n);
	for (size_t i = 0; i < n; i++) {
		struct event *e = &memo->events[i].e;

		memo->events[i] = events[i];
		e->text = move_text(&at, e->text);
		for (int k = 0; k < EVENT_FIELDS_MAX; k++)
			e->v[k].text = move_text(&at, e->v[k].text);
	}
	memo->n = n;
	memo->state = MEMO_KEPT;
}
