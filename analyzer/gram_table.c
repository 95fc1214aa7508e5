/* Which windows of the literals are looked for, and the tables of them: see gram_table.h. */
#include "analyzer/gram_table.h"

#include <stdlib.h>
#include <string.h>

#define UNKNOWN	  (-1)
#define SEEN_BITS 16

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

/* The byte at an offset of a literal, folded; UNKNOWN beside the literal. */
static int byte_at(const struct literal *l, int32_t offset)
{
	if (offset < 0 || (uint32_t)offset >= l->len)
		return UNKNOWN;
	return (unsigned char)l->text[offset] | 0x20;
}

/* About how often a folded byte stands in logs; only the order matters. */
static double share_of(int byte)
{
	if (byte == UNKNOWN)
		return 1;
	if (byte == ' ')
		return 0.12;
	if (byte >= 'a' && byte <= 'z')
		return memchr("etaoinsr", byte, 8) ? 0.06 : 0.02;
	if (byte >= '0' && byte <= '9')
		return 0.02;
	return 0.005;
}

/* The gram at an offset; an unknown byte is filled with `filling`. */
static uint64_t gram_at(const struct gram_table *t, const struct literal *l, int32_t offset,
			unsigned filling)
{
	uint64_t gram = 0;

	for (unsigned i = 0; i < t->gram_bytes; i++) {
		int byte = byte_at(l, offset + (int32_t)i);

		gram |= (uint64_t)(byte == UNKNOWN ? (int)filling : byte)
			<< (8 * (8 - t->gram_bytes + i));
	}
	return gram;
}

/* The next filling after `f`: folded bytes all have bit 5. 256 is past the last. */
static unsigned filling_next(unsigned f)
{
	return (f + 1) | 0x20;
}

static size_t seen_index(uint64_t gram)
{
	return gram * GRAM_SPREAD >> (64 - SEEN_BITS);
}

static bool has_unknown(const struct gram_table *t, const struct literal *l, int32_t offset)
{
	return byte_at(l, offset) == UNKNOWN ||
	       byte_at(l, offset + (int32_t)t->gram_bytes - 1) == UNKNOWN;
}

/* How many fillings a window takes: all, or one that stands nowhere. */
static unsigned fillings_end(const struct gram_table *t, const struct literal *l, int32_t offset)
{
	return has_unknown(t, l, offset) ? 256 : 0x21;
}

/* How common a window is: as the text has it, and for what it has not by the shares of the bytes.
 */
static double cost_of(const struct gram_table *t, const struct literal *l, int32_t offset)
{
	double cost = 1;

	for (unsigned i = 0; i < t->gram_bytes; i++)
		cost *= share_of(byte_at(l, offset + (int32_t)i));
	for (unsigned f = 0x20; t->seen && f < fillings_end(t, l, offset); f = filling_next(f))
		cost += t->seen[seen_index(gram_at(t, l, offset, f))];
	return cost;
}

/* The offset of the first of the GRAM_GRID windows that together cost least. */
static int32_t choose(const struct gram_table *t, const struct literal *l)
{
	int32_t span = (int32_t)t->gram_bytes + GRAM_GRID - 1;
	int32_t missing = span > (int32_t)l->len ? span - (int32_t)l->len : 0;
	int32_t from = missing ? -1 : 0;
	int32_t to = missing == 2 ? -1 : missing ? 0 : (int32_t)l->len - span;
	int32_t best = from;
	double cost[GRAM_GRID] = { 0 }; /* of the last windows */
	double sum = 0, least = 0;

	for (int32_t w = from; w < to + GRAM_GRID; w++) {
		double *c = &cost[(w - from) % GRAM_GRID];

		sum -= *c;
		*c = cost_of(t, l, w);
		sum += *c;
		if (w == from + GRAM_GRID - 1 || (w >= from + GRAM_GRID && sum < least)) {
			best = w - GRAM_GRID + 1;
			least = sum;
		}
	}
	return best;
}

/* Every entry of the chosen windows, in order of the literals; NULL only counts. */
static size_t enter_all(const struct gram_table *t, const int32_t *chosen, struct gram_entry *to)
{
	size_t n = 0;

	for (uint32_t i = 0; i < t->literals->n; i++) {
		const struct literal *l = &t->literals->at[i];

		if (l->len < t->shortest || l->len > t->longest)
			continue;
		for (int32_t w = chosen[i]; w < chosen[i] + GRAM_GRID; w++) {
			for (unsigned f = 0x20; f < fillings_end(t, l, w);
			     f = filling_next(f), n++) {
				if (to)
					to[n] = (struct gram_entry){ gram_at(t, l, w, f), i, w };
			}
		}
	}
	return n;
}

/* Sort the entries into their buckets by counting, and mark them. */
static void fill_tables(struct gram_table *t, const struct gram_entry *all)
{
	size_t words = (size_t)1 << GRAM_MARKS_BITS;

	t->marks = must(calloc(words, sizeof(*t->marks)));
	t->first = must(calloc(words + 1, sizeof(*t->first)));
	t->entries = must(calloc(t->n + 1, sizeof(*t->entries)));
	for (size_t i = 0; i < t->n; i++) {
		uint64_t product = all[i].gram * GRAM_SPREAD;

		t->marks[gram_word(product)] |=
			(uint64_t)1 << gram_bit_a(product) | (uint64_t)1 << gram_bit_b(product);
		t->first[gram_word(product)]++;
	}
	for (size_t i = 1; i <= words; i++)
		t->first[i] += t->first[i - 1];
	for (size_t i = t->n; i-- > 0;)
		t->entries[--t->first[gram_word(all[i].gram * GRAM_SPREAD)]] = all[i];
}

static void build(struct gram_table *t)
{
	int32_t *chosen = must(calloc(t->literals->n + 1, sizeof(*chosen)));
	struct gram_entry *all;

	for (uint32_t i = 0; i < t->literals->n; i++) {
		const struct literal *l = &t->literals->at[i];

		if (l->len >= t->shortest && l->len <= t->longest)
			chosen[i] = choose(t, l);
	}
	t->n = enter_all(t, chosen, NULL);
	all = must(calloc(t->n + 1, sizeof(*all)));
	enter_all(t, chosen, all);
	fill_tables(t, all);
	free(all);
	free(chosen);
}

static void tear_down(struct gram_table *t)
{
	free(t->entries);
	free(t->first);
	free(t->marks);
}

void gram_table_init(struct gram_table *t, const struct literals *l, unsigned gram_bytes,
		     uint32_t longest)
{
	*t = (struct gram_table){ .literals = l,
				  .gram_bytes = gram_bytes,
				  .shortest = gram_bytes + 1,
				  .longest = longest };
	build(t);
}

void gram_table_done(struct gram_table *t)
{
	tear_down(t);
	free(t->seen);
	*t = (struct gram_table){ 0 };
}

void gram_table_learn(struct gram_table *t, const char *text, size_t len)
{
	size_t places = (size_t)1 << SEEN_BITS;

	if (!t->seen)
		t->seen = must(calloc(places, sizeof(*t->seen)));
	for (size_t i = 0; i < places; i++)
		t->seen[i] /= 2;
	for (size_t at = 0; at + 8 <= len; at += GRAM_GRID) {
		uint16_t *seen = &t->seen[seen_index(gram_in_text(text + at, t->gram_bytes))];

		*seen = (uint16_t)(*seen + (*seen < UINT16_MAX));
	}
	tear_down(t);
	build(t);
}
