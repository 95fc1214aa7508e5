/* The shortest literals: see tiny_set.h. */
#include "analyzer/rule/tiny_set.h"

#include <stdlib.h>
#include <string.h>

/* The third byte, not the last: the tiny ones of one kind ("V2J1", "V2J2") end differently. */
static struct tiny_key key_of(const struct literal *l)
{
	uint8_t fold = l->nocase ? 0x20 : 0;
	struct tiny_key k = { .distance = l->len < 3 ? l->len - 1 : 2 };

	k.fold = (tiny_vec){ 0 } + fold;
	k.first = (tiny_vec){ 0 } + (uint8_t)(l->text[0] | fold);
	k.other = (tiny_vec){ 0 } + (uint8_t)(l->text[k.distance] | fold);
	return k;
}

/* Field by field: between them lie bytes that nobody has set. */
static bool is_same(const struct tiny_key *a, const struct tiny_key *b)
{
	return a->distance == b->distance && !memcmp(&a->fold, &b->fold, sizeof(a->fold)) &&
	       !memcmp(&a->first, &b->first, sizeof(a->first)) &&
	       !memcmp(&a->other, &b->other, sizeof(a->other));
}

static void add_key(struct tiny_set *set, const struct tiny_key *key)
{
	for (size_t i = 0; i < set->n_keys; i++)
		if (is_same(&set->keys[i], key))
			return;
	set->keys[set->n_keys++] = *key;
}

void tiny_init(struct tiny_set *set, const struct literals *l, uint32_t longest)
{
	*set = (struct tiny_set){ .literals = l,
				  .at = calloc(l->n + 1, sizeof(*set->at)),
				  .keys = aligned_alloc(TINY_STEP,
							(l->n + 1) * sizeof(*set->keys)) };
	if (!set->at || !set->keys)
		abort();
	for (uint32_t i = 0; i < l->n; i++) {
		struct tiny_key key;

		if (l->at[i].len > longest)
			continue;
		key = key_of(&l->at[i]);
		set->at[set->n++] = i;
		add_key(set, &key);
	}
}

void tiny_done(struct tiny_set *set)
{
	free(set->at);
	free(set->keys);
	*set = (struct tiny_set){ 0 };
}

/* Does any have its two bytes at the right distance, among these places? */
static inline bool may_begin(const struct tiny_set *set, const char *text)
{
	tiny_vec maybe = { 0 };
	uint64_t any[2];

	for (size_t i = 0; i < set->n_keys; i++) {
		const struct tiny_key *k = &set->keys[i];
		tiny_vec first, other;

		memcpy(&first, text, TINY_STEP);
		memcpy(&other, text + k->distance, TINY_STEP);
		maybe |= (tiny_vec)((first | k->fold) == k->first) &
			 (tiny_vec)((other | k->fold) == k->other);
	}
	memcpy(any, &maybe, sizeof(any));
	return any[0] | any[1];
}

static bool is_at(const struct literal *l, const char *text, size_t len, size_t at)
{
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
				any = is_at(&set->literals->at[set->at[i]], text, len, at);
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
		const struct literal *l = &set->literals->at[set->at[i]];

		if (is_at(l, text, len, at))
			hit(user, set->at[i], at + l->len);
	}
}
