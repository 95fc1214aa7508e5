/* The literals of all patterns: see literal.h. */
#include "analyzer/rule/literal.h"

#include <string.h>
#include <xxhash.h>

#include "probe/base/arena.h"

/* Where a literal was first met, while they are being collected. */
struct gathering {
	struct literals *l;
	uint32_t *slots; /* hash table of index + 1 */
	size_t n_slots;	 /* a power of two */
	uint32_t *asked; /* for each text of each pattern in order: its literal */
	size_t n_asked;
};

static uint32_t *slot_of(struct gathering *g, const char *text, size_t len, bool nocase)
{
	size_t i = (size_t)XXH3_64bits_withSeed(text, len, nocase) & (g->n_slots - 1);

	for (; g->slots[i]; i = (i + 1) & (g->n_slots - 1)) {
		const struct literal *l = &g->l->at[g->slots[i] - 1];

		if (l->nocase == nocase && l->len == len && !memcmp(l->text, text, len))
			break;
	}
	return &g->slots[i];
}

static void gather(struct gathering *g, const char *text, bool nocase)
{
	size_t len = strlen(text);
	uint32_t *slot = slot_of(g, text, len, nocase);
	struct literal *l;

	if (!*slot) {
		l = &g->l->at[g->l->n];
		*l = (struct literal){ .text = text, .len = (uint32_t)len, .nocase = nocase };
		*slot = ++g->l->n;
	}
	g->asked[g->n_asked++] = *slot - 1;
	g->l->at[*slot - 1].n_patterns++;
}

/* Give each literal its list of patterns, in rising order. */
static void hand_out(const struct gathering *g, const struct rules *r)
{
	struct literals *l = g->l;
	uint32_t *room = arena_alloc(l->arena, (g->n_asked + 1) * sizeof(*room));
	size_t k = 0;

	for (uint32_t i = 0; i < l->n; i++) {
		l->at[i].patterns = room;
		room += l->at[i].n_patterns;
		l->at[i].n_patterns = 0;
	}
	for (size_t p = 0; p < rules_patterns(r); p++) {
		const struct pattern *pattern = rules_pattern(r, p);

		for (size_t t = 0; t < pattern->n_texts; t++, k++) {
			struct literal *lit = &l->at[g->asked[k]];

			((uint32_t *)lit->patterns)[lit->n_patterns++] = (uint32_t)p;
		}
	}
}

static uint64_t hash_of(const struct literals *l)
{
	XXH64_hash_t hash = 0;

	for (uint32_t i = 0; i < l->n; i++) {
		const struct literal *lit = &l->at[i];

		hash = XXH3_64bits_withSeed(lit->text, lit->len, hash + lit->nocase);
	}
	return hash;
}

void literals_init(struct literals *l, const struct rules *r)
{
	struct gathering g = { .l = l, .n_slots = 16 };
	size_t n = 0;

	for (size_t p = 0; p < rules_patterns(r); p++)
		n += rules_pattern(r, p)->n_texts;
	while (g.n_slots < 2 * n)
		g.n_slots *= 2;
	*l = (struct literals){ .arena = arena_new() };
	l->at = arena_alloc(l->arena, (n + 1) * sizeof(*l->at));
	g.asked = arena_alloc(l->arena, (n + 1) * sizeof(*g.asked));
	g.slots = arena_alloc(l->arena, g.n_slots * sizeof(*g.slots));
	for (size_t p = 0; p < rules_patterns(r); p++) {
		const struct pattern *pattern = rules_pattern(r, p);

		for (size_t t = 0; t < pattern->n_texts; t++)
			gather(&g, pattern->texts[t], pattern->nocase);
	}
	hand_out(&g, r);
	l->hash = hash_of(l);
}

void literals_done(struct literals *l)
{
	arena_free(l->arena);
	*l = (struct literals){ 0 };
}

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool literal_same(const char *a, const char *b, size_t len, bool nocase)
{
	if (!nocase)
		return !memcmp(a, b, len);
	for (size_t i = 0; i < len; i++) {
		if (fold(a[i]) != fold(b[i]))
			return false;
	}
	return true;
}

const char *literal_find(const char *text, size_t len, const char *what, size_t what_len,
			 bool nocase)
{
	if (!nocase)
		return memmem(text, len, what, what_len);
	for (size_t i = 0; i + what_len <= len; i++) {
		if (literal_same(text + i, what, what_len, true))
			return text + i;
	}
	return NULL;
}
