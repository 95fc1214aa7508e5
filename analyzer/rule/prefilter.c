/*
 * The prefilter: see prefilter.h. Long literals are looked for at every eighth place of the text
 * (gram_table.h tells why that is enough), short ones at every other: first by a few bits that say
 * no for nearly all text, then in the list of grams, then by comparing the whole literal. What is
 * shorter still is left to tiny_set.h.
 */
#include "analyzer/rule/prefilter.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/gram_table.h"
#include "analyzer/rule/tiny_set.h"

#define LONG_GRAM  8 /* bytes; every eighth place: literals from 15 bytes */
#define LONG_GRID  8
#define SHORT_GRAM 4 /* every other place: literals of 5 to 14 bytes */
#define SHORT_GRID 2
#define LONG_FROM  (LONG_GRAM + LONG_GRID - 1)
#define SHORT_FROM (SHORT_GRAM + SHORT_GRID - 1)
#define STEP	   16	/* bytes in a turn of the inner loops */
#define PART	   4096 /* bytes that are taken through all steps at a time */

#define FLAGS ((size_t)1 << 16)

/* The tables learn when more than one look in 512 was for nothing, at growing distances. */
#define LESSON_FIRST_BYTES ((uint64_t)256 << 10)
#define LESSON_WASTE	   512

typedef uint16_t vec16 __attribute__((vector_size(STEP)));

struct prefilter {
	const struct literals *literals;
	struct gram_table longs, shorts;
	uint8_t *flags;	       /* for shorts: by a hash of 16 bits */
	struct tiny_set tiny;  /* what is shorter still */
	uint64_t read, wasted; /* since the last lesson: bytes, and looks that found nothing */
	uint64_t lesson_bytes; /* the next lesson is due after so many */
};

/* One call of scan. */
struct scan {
	struct prefilter *p;
	const char *text;
	size_t len;
	prefilter_hit_fn *hit;
	void *user;
};

/* What one part of the text may hold: one more than fits, as noting writes before it counts. */
struct places {
	uint32_t longs[PART / LONG_GRID + 1], shorts[PART / SHORT_GRID + 1], tiny[PART + 1];
	size_t n_longs, n_shorts, n_tiny;
};

/* Report the literals of which the gram at text[at] is a part. */
static void look_closer(const struct scan *s, const struct gram_table *t, size_t at)
{
	const struct gram_entry *e;
	bool found = false;
	char word[8] = { 0 };
	uint64_t gram;

	memcpy(word, s->text + at, s->len - at < sizeof(word) ? s->len - at : sizeof(word));
	gram = gram_at(word, t->gram_bytes);
	if (!(gram_table_may_hold(t, gram) & 1))
		return;
	for (size_t n = gram_table_find(t, gram, &e); n; n--, e++) {
		const struct literal *l = &t->literals->at[e->literal];
		const char *from;

		if (e->gram != gram || e->offset > at || e->len > s->len - (at - e->offset))
			continue;
		from = s->text + at - e->offset;
		if (e->tail != gram_tail_at(from + e->len - 4) ||
		    !literal_same(from, l->text, l->len, l->nocase))
			continue;
		found = true;
		s->hit(s->user, e->literal, at - e->offset + e->len);
	}
	s->p->wasted += !found;
}

/* ---- long literals ---- */

static inline uint64_t look(const struct gram_table *longs, const char *text)
{
	return gram_table_may_hold(longs, gram_at(text, LONG_GRAM));
}

static size_t note_long_turns(const struct scan *s, size_t from, size_t to, uint32_t *turns)
{
	const struct gram_table *longs = &s->p->longs;
	size_t n = 0;

	for (size_t at = from; at < to; at += STEP) {
		const char *text = s->text + at;
		uint64_t any = look(longs, text) | look(longs, text + LONG_GRID);

		turns[n] = (uint32_t)at;
		n += any & 1;
	}
	return n;
}

static size_t note_long_places(const struct scan *s, const uint32_t *turns, size_t n_turns,
			       uint32_t *places)
{
	size_t n = 0;

	for (size_t t = 0; t < n_turns; t++) {
		for (uint32_t at = turns[t]; at < turns[t] + STEP; at += LONG_GRID) {
			places[n] = at;
			n += look(&s->p->longs, s->text + at) & 1;
		}
	}
	return n;
}

/* ---- short literals ---- */

/* Of four bytes, given as two halves. */
static inline vec16 hash_shorts(vec16 half0, vec16 half1)
{
	return (half0 | 0x2020) * 0x9e37 + (half1 | 0x2020) * 0x79b1;
}

/* The hashes at the eight even places of a turn. */
static inline vec16 hash_turn(const char *text)
{
	vec16 half0, half1;

	memcpy(&half0, text, STEP);
	memcpy(&half1, text + 2, STEP);
	return hash_shorts(half0, half1);
}

static size_t note_short_turns(const struct scan *s, size_t from, size_t to, uint32_t *turns)
{
	const uint8_t *f = s->p->flags;
	size_t n = 0;

	for (size_t at = from; at < to; at += STEP) {
		vec16 h = hash_turn(s->text + at);

		turns[n] = (uint32_t)at;
		n += f[h[0]] | f[h[1]] | f[h[2]] | f[h[3]] | f[h[4]] | f[h[5]] | f[h[6]] | f[h[7]];
	}
	return n;
}

static size_t note_short_places(const struct scan *s, const uint32_t *turns, size_t n_turns,
				uint32_t *places)
{
	size_t n = 0;

	for (size_t t = 0; t < n_turns; t++) {
		vec16 hash = hash_turn(s->text + turns[t]);

		for (uint32_t i = 0; i < STEP / SHORT_GRID; i++) {
			places[n] = turns[t] + SHORT_GRID * i;
			n += s->p->flags[hash[i]];
		}
	}
	return n;
}

/* ---- together ---- */

static void flag_all(struct prefilter *p)
{
	for (size_t i = 0; i < p->shorts.n; i++) {
		const struct gram_entry *e = &p->shorts.entries[i];
		vec16 half0 = { 0 }, half1 = { 0 };

		memcpy(&half0, p->literals->at[e->literal].text + e->offset, 2);
		memcpy(&half1, p->literals->at[e->literal].text + e->offset + 2, 2);
		p->flags[hash_shorts(half0, half1)[0]] = 1;
	}
}

static void learn(struct prefilter *p, const char *text, size_t len)
{
	if (p->wasted > p->read / LONG_GRID / LESSON_WASTE) {
		gram_table_learn(&p->longs, text, len);
		gram_table_learn(&p->shorts, text, len);
		memset(p->flags, 0, FLAGS);
		flag_all(p);
	}
	p->read = p->wasted = 0;
	p->lesson_bytes *= 2;
}

/* Look closer at all noted places, in their order. */
static void look_at_places(const struct scan *s, const struct places *p)
{
	size_t l = 0, h = 0, t = 0;

	while (l < p->n_longs || h < p->n_shorts || t < p->n_tiny) {
		uint32_t at_long = l < p->n_longs ? p->longs[l] : UINT32_MAX;
		uint32_t at_short = h < p->n_shorts ? p->shorts[h] : UINT32_MAX;
		uint32_t at_tiny = t < p->n_tiny ? p->tiny[t] : UINT32_MAX;

		if (at_long <= at_short && at_long <= at_tiny) {
			look_closer(s, &s->p->longs, at_long);
			l++;
		} else if (at_short <= at_tiny) {
			look_closer(s, &s->p->shorts, at_short);
			h++;
		} else {
			tiny_report(&s->p->tiny, s->text, s->len, at_tiny, s->hit, s->user);
			t++;
		}
	}
}

/* The last bytes, where no whole turn can be read any more. */
static void scan_rest(const struct scan *s, size_t at)
{
	for (; at < s->len; at++) {
		if (at % LONG_GRID == 0 && s->p->longs.n)
			look_closer(s, &s->p->longs, at);
		if (at % SHORT_GRID == 0 && s->p->shorts.n)
			look_closer(s, &s->p->shorts, at);
		tiny_report(&s->p->tiny, s->text, s->len, at, s->hit, s->user);
	}
}

/*
 * Three steps for each part of the text, without a branch that depends on it before the last: note
 * the turns where something may be, note the places in them, look closer.
 */
static void scan_text(const struct scan *s)
{
	size_t whole = s->len < STEP + 8 ? 0 : (s->len - 8) / STEP * STEP;
	uint32_t turns[PART / STEP + 1];
	struct places p;

	for (size_t from = 0, to; from < whole; from = to) {
		size_t n;

		to = whole - from < PART ? whole : from + PART;
		n = note_long_turns(s, from, to, turns);
		p.n_longs = note_long_places(s, turns, n, p.longs);
		n = note_short_turns(s, from, to, turns);
		p.n_shorts = note_short_places(s, turns, n, p.shorts);
		p.n_tiny = tiny_note_places(&s->p->tiny, s->text, s->len, from, to, p.tiny);
		look_at_places(s, &p);
	}
	scan_rest(s, whole);
}

void prefilter_scan(struct prefilter *p, const char *text, size_t len, prefilter_hit_fn *hit,
		    void *user)
{
	const struct scan s = { .p = p, .text = text, .len = len, .hit = hit, .user = user };

	scan_text(&s);
	p->read += len;
	if (p->read >= p->lesson_bytes)
		learn(p, text, len);
}

struct prefilter *prefilter_new(const struct literals *l)
{
	struct prefilter *p = calloc(1, sizeof(*p));

	if (!p)
		abort();
	p->literals = l;
	p->lesson_bytes = LESSON_FIRST_BYTES;
	p->flags = calloc(FLAGS, sizeof(*p->flags));
	if (!p->flags)
		abort();
	gram_table_init(&p->longs, l, LONG_GRAM, LONG_GRID, UINT32_MAX);
	gram_table_init(&p->shorts, l, SHORT_GRAM, SHORT_GRID, LONG_FROM - 1);
	flag_all(p);
	tiny_init(&p->tiny, l, SHORT_FROM - 1);
	return p;
}

void prefilter_free(struct prefilter *p)
{
	if (!p)
		return;
	gram_table_done(&p->longs);
	gram_table_done(&p->shorts);
	tiny_done(&p->tiny);
	free(p->flags);
	free(p);
}
