/* The prefilter finds every literal, wherever it stands, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyzer/rule/prefilter.h"

#define LITERALS_MAX 400

struct hits {
	struct hit {
		uint32_t literal;
		size_t end;
	} * at;
	size_t n, room;
};

static void add_hit(void *user, uint32_t literal, size_t end)
{
	struct hits *h = user;

	if (h->n == h->room) {
		h->room = h->room ? 2 * h->room : 64;
		h->at = realloc(h->at, h->room * sizeof(*h->at));
		assert_non_null(h->at);
	}
	h->at[h->n++] = (struct hit){ literal, end };
}

/* What the prefilter must report, by looking everywhere. */
static void find_plainly(const struct literals *l, const char *text, size_t len, struct hits *h)
{
	for (size_t at = 0; at < len; at++) {
		for (uint32_t i = 0; i < l->n; i++) {
			const struct literal *lit = &l->at[i];

			if (lit->len <= len - at &&
			    literal_same(text + at, lit->text, lit->len, lit->nocase))
				add_hit(h, i, at + lit->len);
		}
	}
}

static int by_end(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return (x->literal > y->literal) - (x->literal < y->literal);
}

/* No hit may come after one that begins where it ends or later. */
static void assert_in_order(const struct literals *l, const struct hits *h)
{
	size_t latest_start = 0;

	for (size_t i = 0; i < h->n; i++) {
		size_t start = h->at[i].end - l->at[h->at[i].literal].len;

		assert_true(h->at[i].end > latest_start || !i);
		latest_start = start > latest_start ? start : latest_start;
	}
}

static void assert_finds_all(struct prefilter *p, const struct literals *l, const char *text,
			     size_t len)
{
	struct hits plain = { 0 }, found = { 0 };
	char *exactly = malloc(len ? len : 1); /* so that a sanitizer sees reads behind it */

	memcpy(exactly, text, len);
	find_plainly(l, exactly, len, &plain);
	prefilter_scan(p, exactly, len, add_hit, &found);
	assert_in_order(l, &found);
	if (found.n)
		qsort(found.at, found.n, sizeof(*found.at), by_end);
	if (plain.n)
		qsort(plain.at, plain.n, sizeof(*plain.at), by_end);
	assert_int_equal(found.n, plain.n);
	for (size_t i = 0; i < found.n; i++) {
		assert_int_equal(found.at[i].literal, plain.at[i].literal);
		assert_int_equal(found.at[i].end, plain.at[i].end);
	}
	free(exactly);
	free(plain.at);
	free(found.at);
}

static struct literals literals_of(struct literal *room, const char *const *texts, size_t n,
				   bool nocase)
{
	for (size_t i = 0; i < n; i++)
		room[i] = (struct literal){ .text = texts[i],
					    .len = (uint32_t)strlen(texts[i]),
					    .nocase = nocase };
	return (struct literals){ .at = room, .n = (uint32_t)n };
}

/* ---- */

static void a_literal_of_any_length_is_found_at_any_place(void **state)
{
	static const char whole[] = "Target voltage: 3.21";
	char text[80];

	(void)state;
	for (size_t n = 1; n < sizeof(whole); n++) {
		char *literal = strndup(whole, n);
		const char *const texts[] = { literal };
		struct literal room[1];
		struct literals l = literals_of(room, texts, 1, false);
		struct prefilter *p = prefilter_new(&l);

		for (size_t len = n; len < sizeof(text); len += 7) {
			for (size_t at = 0; at + n <= len; at++) {
				memset(text, '.', len);
				memcpy(text + at, literal, n);
				assert_finds_all(p, &l, text, len);
			}
		}
		prefilter_free(p);
		free(literal);
	}
}

static void literals_within_each_other_are_all_found(void **state)
{
	static const char *const texts[] = { "error",	    "Error: init mode failed",
					     "init mode",   "mode failed",
					     "failed",	    "r",
					     "Error: init", "ini" };
	static const char text[] = "Error: init mode failed, error, Error: init mode failed";
	struct literal room[8];
	struct literals l = literals_of(room, texts, 8, false);
	struct prefilter *p = prefilter_new(&l);

	(void)state;
	assert_finds_all(p, &l, text, sizeof(text) - 1);
	prefilter_free(p);
}

static void case_is_folded_only_where_asked_and_only_for_ascii_letters(void **state)
{
	static const char *const texts[] = { "Cannot Connect to", "NRST[0]", "WRP@" };
	static const char text[] =
		"CANNOT connect TO; nrst[0] nrst{0} NRST{0} wrp@ wrp` cannot\x03o";
	struct literal room[3];

	(void)state;
	for (int nocase = 0; nocase <= 1; nocase++) {
		struct literals l = literals_of(room, texts, 3, nocase);
		struct prefilter *p = prefilter_new(&l);
		struct hits found = { 0 };

		assert_finds_all(p, &l, text, sizeof(text) - 1);
		prefilter_scan(p, text, sizeof(text) - 1, add_hit, &found);
		assert_int_equal(found.n, nocase ? 3 : 0);
		free(found.at);
		prefilter_free(p);
	}
}

static uint32_t draw(uint32_t *state, uint32_t below)
{
	*state = *state * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)*state * below >> 32);
}

/* Texts of few letters, so that literals turn up often and in part. */
static void fill(char *to, size_t len, uint32_t letters, uint32_t *state)
{
	for (size_t i = 0; i < len; i++)
		to[i] = (char)("aB \n-x\xc3"[draw(state, letters)]);
}

static void random_texts_give_what_a_plain_search_gives(void **state)
{
	static char words[LITERALS_MAX][24], text[20000];
	static struct literal room[LITERALS_MAX];
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 60; round++) {
		uint32_t letters = 2 + draw(&seed, 6), n = 1 + draw(&seed, LITERALS_MAX);
		struct literals l = { .at = room, .n = n };
		struct prefilter *p;

		for (uint32_t i = 0; i < n; i++) {
			size_t len = 1 + draw(&seed, 12) + draw(&seed, 12);

			fill(words[i], len, letters, &seed);
			room[i] = (struct literal){ .text = words[i],
						    .len = (uint32_t)len,
						    .nocase = draw(&seed, 2) };
		}
		p = prefilter_new(&l);
		for (int k = 0; k < 6; k++) {
			size_t len = draw(&seed, k ? 200 : sizeof(text));

			fill(text, len, letters, &seed);
			assert_finds_all(p, &l, text, len);
		}
		prefilter_free(p);
	}
}

static void what_it_learns_from_a_text_changes_nothing_that_is_found(void **state)
{
	static const char *const texts[] = { "Compiling core", "Compiling cortex-m",
					     "warn:", "finished in", "-------------------" };
	static const char line[] =
		"   Compiling cores v1\n  Compiling cortex-m v0.7 warn:\n---------"
		"---------------\nfinishing; finished in 3 s\n";
	struct literal room[5];
	struct literals l = literals_of(room, texts, 5, false);
	struct prefilter *p = prefilter_new(&l);
	size_t len = (sizeof(line) - 1) * 2000;
	char *text = malloc(len);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < len; i += sizeof(line) - 1)
		memcpy(text + i, line, sizeof(line) - 1);
	for (int lesson = 0; lesson < 12; lesson++)
		assert_finds_all(p, &l, text, len);
	free(text);
	prefilter_free(p);
}

static void no_literals_and_no_text_are_fine(void **state)
{
	struct literals none = { 0 };
	struct prefilter *p = prefilter_new(&none);

	(void)state;
	assert_finds_all(p, &none, "Info : clock speed 480 kHz, Info : clock speed 480 kHz", 54);
	assert_finds_all(p, &none, "", 0);
	prefilter_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_literal_of_any_length_is_found_at_any_place),
		cmocka_unit_test(literals_within_each_other_are_all_found),
		cmocka_unit_test(case_is_folded_only_where_asked_and_only_for_ascii_letters),
		cmocka_unit_test(random_texts_give_what_a_plain_search_gives),
		cmocka_unit_test(what_it_learns_from_a_text_changes_nothing_that_is_found),
		cmocka_unit_test(no_literals_and_no_text_are_fine),
	};

	return cmocka_run_group_tests_name("prefilter", tests, NULL, NULL);
}
