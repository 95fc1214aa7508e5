/* A text read in every manner and with every engine, which all have to give the same. */
#ifndef SWDOCTOR_TESTS_SOURCE_READING_H
#define SWDOCTOR_TESTS_SOURCE_READING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/log_reading.h"

struct fixture {
	struct rules *shipped, *small;
	struct matcher *m[MATCHER_PLAIN + 1]; /* of the shipped rules, one of each engine */
	struct matcher *small_m;
};

static inline int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct buf report = { 0 };

	assert_non_null(f);
	assert_int_equal(rules_load(NULL, &f->shipped, &report, NULL), 0);
	buf_done(&report);
	for (int i = MATCHER_AUTO; i <= MATCHER_PLAIN; i++)
		assert_int_equal(matcher_new(f->shipped, (enum matcher_engine)i, &f->m[i], NULL),
				 0);
	f->small = log_patterns();
	assert_int_equal(matcher_new(f->small, MATCHER_AUTO, &f->small_m, NULL), 0);
	*state = f;
	return 0;
}

static inline int tear_down(void **state)
{
	struct fixture *f = *state;

	for (int i = MATCHER_AUTO; i <= MATCHER_PLAIN; i++)
		matcher_free(f->m[i]);
	matcher_free(f->small_m);
	rules_free(f->shipped);
	rules_free(f->small);
	free(f);
	return 0;
}

static inline void same_text(const char *name, const char *a, const char *b)
{
	size_t line = 1;

	for (; *a && *a == *b; a++, b++)
		line += *a == '\n';
	if (*a == *b)
		return;
	fail_msg("%s: readings differ in line %zu, near '%.60s' and '%.60s'", name, line, a, b);
}

/*
 * Every manner of feeding with every engine gives one and the same reading. The slow engine is fed
 * but once.
 */
static inline void every_reading_is_the_same(struct fixture *f, const char *name, const char *log,
					     size_t len)
{
	char *want = NULL;

	for (int m = MATCHER_AUTO; m <= MATCHER_PLAIN; m++)
		for (int feed = 0; feed < FEED_MANNERS; feed++) {
			struct log_reading r;
			char *got;

			if (m == MATCHER_PLAIN && feed != FEED_WHOLE)
				continue;
			r = log_read(f->m[m], log, len, (enum log_feed)feed);
			got = log_reading_text(&r);
			log_reading_done(&r);
			if (want)
				same_text(name, got, want);
			free(want);
			want = got;
		}
	free(want);
}

/* The text becomes these events with the shipped rules, one a line, however it is fed. */
static inline void expect(struct fixture *f, const void *log, size_t len, const char *want)
{
	for (int feed = 0; feed < FEED_MANNERS; feed++) {
		struct log_reading r = log_read(f->m[MATCHER_AUTO], log, len, (enum log_feed)feed);
		struct buf got = { 0 };
		char room[700];

		assert_int_equal(r.rc, 0);
		for (size_t i = 0; i < events_len(r.events); i++)
			buf_addf(&got, "%s\n", log_reading_event(&r, i, room));
		assert_string_equal(buf_str(&got), want);
		buf_done(&got);
		log_reading_done(&r);
	}
}

#define EXPECT(log, want) expect(*state, log, sizeof(log) - 1, want)

static inline uint32_t attempts(struct fixture *f, const char *log)
{
	struct log_reading r = log_read_text(f->small_m, log);
	uint32_t n = events_attempts(r.events);

	log_reading_done(&r);
	return n;
}

#endif
