/* Which pieces of the literals are looked for: see gram_table.h. */
#include "analyzer/rule/gram_table.h"

#include <stdlib.h>
#include <string.h>

#define BUCKET_BITS 12
#define SEEN_BITS   16
#define MARK_WORDS  ((size_t)1 << (GRAM_MARK_BITS - 6))
#define GRID_MAX    8

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

static size_t bucket_of(uint64_t gram)
{
	return gram * GRAM_SPREAD >> (64 - BUCKET_BITS);
}

static size_t seen_index(uint64_t gram)
{
	return gram * GRAM_SPREAD >> (64 - SEEN_BITS);
}

static bool holds(const struct gram_table *t, const struct literal *l)
{
	return l->len >= t->shortest && l->len <= t->longest;
}

static uint64_t window(const struct gram_table *t, const struct literal *l, uint32_t offset)
{
	char word[8] = { 0 };

	memcpy(word, l->text + offset, t->gram_bytes);
	return gram_at(word, t->gram_bytes);
}

/* About how often a folded byte stands in logs; only the order matters. */
static float share_of(int byte)
{
	if (byte == ' ')
		return 0.12f;
	if (byte >= 'a' && byte <= 'z')
		return strchr("etaoinsr", byte) ? 0.06f : 0.02f;
	return byte >= '0' && byte <= '9' ? 0.02f : 0.005f;
}

/* How common a window is: as texts had it, and for what they had not by the shares of the bytes. */
static float cost_of(const struct gram_table *t, const struct literal *l, uint32_t offset)
{
	float cost = 1;

	for (unsigned i = 0; i < t->gram_bytes; i++)
		cost *= t->shares[(unsigned char)l->text[offset + i] | 0x20];
	if (t->seen)
		cost += t->seen[seen_index(window(t, l, offset))];
	return cost;
}

/* The offset of the first of `grid` windows that together cost least. */
static uint32_t choose(const struct gram_table *t, const struct literal *l)
{
	float last[GRID_MAX] = { 0 }; /* the windows that `sum` is made of */
	float sum = 0, least = 0;
	uint32_t best = 0;

	for (uint32_t w = 0; w + t->gram_bytes <= l->len; w++) {
		sum -= last[w % t->grid];
		last[w % t->grid] = cost_of(t, l, w);
		sum += last[w % t->grid];
		if (w + 1 == t->grid || (w >= t->grid && sum < least)) {
			best = w + 1 - t->grid;
			least = sum;
		}
	}
	return best;
}

static void mark_all(struct gram_table *t, const struct gram_entry *all)
{
	for (size_t i = 0; i < t->n; i++) {
		uint64_t product = all[i].gram * GRAM_SPREAD;

		t->marks[product >> (64 - GRAM_MARK_BITS + 6)] |=
			(uint64_t)1 << (product >> (64 - GRAM_MARK_BITS) & 63);
	}
}

/* Sort the entries into their buckets by counting. */
static void fill_buckets(struct gram_table *t, const struct gram_entry *all)
{
	size_t buckets = (size_t)1 << BUCKET_BITS;

	t->first = must(calloc(buckets + 1, sizeof(*t->first)));
	t->entries = must(calloc(t->n + 1, sizeof(*t->entries)));
	for (size_t i = 0; i < t->n; i++)
		t->first[bucket_of(all[i].gram)]++;
	for (size_t i = 1; i <= buckets; i++)
		t->first[i] += t->first[i - 1];
	for (size_t i = t->n; i-- > 0;)
		t->entries[--t->first[bucket_of(all[i].gram)]] = all[i];
}

static void build(struct gram_table *t)
{
	struct gram_entry *all = must(calloc((size_t)t->literals->n * t->grid + 1, sizeof(*all)));

	t->n = 0;
	for (uint32_t i = 0; i < t->literals->n; i++) {
		const struct literal *l = &t->literals->at[i];
		uint32_t from;

		if (!holds(t, l))
			continue;
		from = choose(t, l);
		for (uint32_t w = from; w < from + t->grid; w++)
			all[t->n++] = (struct gram_entry){ window(t, l, w), i, w, l->len,
							   gram_tail_at(l->text + l->len - 4) };
	}
	mark_all(t, all);
	fill_buckets(t, all);
	free(all);
}

void gram_table_init(struct gram_table *t, const struct literals *l, unsigned gram_bytes,
		     unsigned grid, uint32_t longest)
{
	*t = (struct gram_table){ .literals = l,
				  .gram_bytes = gram_bytes,
				  .grid = grid,
				  .shortest = gram_bytes + grid - 1,
				  .longest = longest };
	t->marks = must(calloc(MARK_WORDS, sizeof(*t->marks)));
	for (int i = 0; i < 256; i++)
		t->shares[i] = share_of(i);
	build(t);
}

void gram_table_done(struct gram_table *t)
{
	free(t->entries);
	free(t->first);
	free(t->seen);
	free(t->marks);
	*t = (struct gram_table){ 0 };
}

void gram_table_learn(struct gram_table *t, const char *text, size_t len)
{
	size_t places = (size_t)1 << SEEN_BITS;

	if (!t->seen)
		t->seen = must(calloc(places, sizeof(*t->seen)));
	for (size_t i = 0; i < places; i++)
		t->seen[i] /= 2;
	for (size_t at = 0; at + 8 <= len; at += t->grid) {
		uint16_t *seen = &t->seen[seen_index(gram_at(text + at, t->gram_bytes))];

		*seen = (uint16_t)(*seen + (*seen < UINT16_MAX));
	}
	free(t->entries);
	free(t->first);
	memset(t->marks, 0, MARK_WORDS * sizeof(*t->marks));
	build(t);
}

size_t gram_table_find(const struct gram_table *t, uint64_t gram, const struct gram_entry **ret)
{
	size_t bucket = bucket_of(gram);

	*ret = &t->entries[t->first[bucket]];
	return t->first[bucket + 1] - t->first[bucket];
}
