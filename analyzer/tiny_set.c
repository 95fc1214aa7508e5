/* The shortest literals: see tiny_set.h. */
#include "analyzer/tiny_set.h"

#include <stdlib.h>
#include <string.h>

typedef uint8_t vec __attribute__((vector_size(TINY_STEP)));

static struct tiny tiny_of(const struct literals *l, uint32_t i)
{
	const struct literal *lit = &l->at[i];
	uint8_t fold = lit->nocase ? 0x20 : 0;

	return (struct tiny){ .literal = i,
			      .len = lit->len,
			      .first = (uint8_t)lit->text[0] | fold,
			      .last = (uint8_t)lit->text[lit->len - 1] | fold,
			      .fold = fold };
}

void tiny_init(struct tiny_set *set, const struct literals *l, uint32_t longest)
{
	*set = (struct tiny_set){ .literals = l, .at = calloc(l->n + 1, sizeof(*set->at)) };
	if (!set->at)
		abort();
	for (uint32_t i = 0; i < l->n; i++) {
		if (l->at[i].len <= longest)
			set->at[set->n++] = tiny_of(l, i);
	}
}

void tiny_done(struct tiny_set *set)
{
	free(set->at);
	*set = (struct tiny_set){ 0 };
}

/* Does any have its first byte and its last one at the right distance, among these places? */
static bool may_begin(const struct tiny_set *set, const char *text)
{
	vec maybe = { 0 };
	uint64_t any[2];

	for (size_t i = 0; i < set->n; i++) {
		const struct tiny *t = &set->at[i];
		vec first, last;

		memcpy(&first, text, TINY_STEP);
		memcpy(&last, text + t->len - 1, TINY_STEP);
		maybe |= (vec)((first | t->fold) == t->first) & (vec)((last | t->fold) == t->last);
	}
	memcpy(any, &maybe, sizeof(any));
	return any[0] | any[1];
}

static bool is_at(const struct tiny_set *set, const struct tiny *t, const char *text, size_t len,
		  size_t at)
{
	const struct literal *l = &set->literals->at[t->literal];

	if (((uint8_t)text[at] | t->fold) != t->first)
		return false;
	return l->len <= len - at && literal_same(text + at, l->text, l->len, l->nocase);
}

size_t tiny_note_places(const struct tiny_set *set, const char *text, size_t len, size_t from,
			size_t to, uint32_t *places)
{
	size_t n = 0;

	for (size_t turn = from; set->n && turn < to; turn += TINY_STEP) {
		if (!may_begin(set, text + turn))
			continue;
		for (size_t at = turn; at < turn + TINY_STEP; at++) {
			bool any = false;

			for (size_t i = 0; i < set->n && !any; i++)
				any = is_at(set, &set->at[i], text, len, at);
			places[n] = (uint32_t)at;
			n += any;
		}
	}
	return n;
}

void tiny_report(const struct tiny_set *set, const char *text, size_t len, size_t at,
		 prefilter_hit_fn *hit, void *user)
{
	for (size_t i = 0; i < set->n; i++) {
		if (is_at(set, &set->at[i], text, len, at))
			hit(user, set->at[i].literal, at + set->at[i].len);
	}
}
