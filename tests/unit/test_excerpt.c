/* The part of an input that a reader sees: what is kept, and how what repeats is folded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "analyzer/report/excerpt.h"

#define FRONT 5 /* what differs from line to line: its number */

struct page {
	struct excerpt *x;
	struct buf out;
	uint64_t number;
};

static void begin(struct page *p, uint64_t failure)
{
	p->x = excerpt_new(failure, &failure, failure ? 1 : 0);
	buf_init(&p->out);
	p->number = 0;
}

static void done(struct page *p)
{
	excerpt_free(p->x);
	buf_done(&p->out);
}

static void add(struct page *p, bool milestone, const char *text)
{
	char line[64];

	p->number++;
	snprintf(line, sizeof(line), "%04u %s", (unsigned)p->number, text);
	excerpt_offer(p->x,
		      &(struct excerpt_line){ .number = p->number,
					      .last = p->number,
					      .milestone = milestone,
					      .same_from = FRONT,
					      .text = line },
		      strlen(line));
}

static void shows(struct page *p, const char *expected)
{
	excerpt_add(p->x, EXCERPT_CONTEXT, &p->out);
	assert_string_equal(buf_str(&p->out), expected);
}

static void a_line_that_comes_again_is_told_once(void **state)
{
	struct page p;

	(void)state;
	begin(&p, 0);
	add(&p, false, "begin");
	for (int i = 0; i < 37; i++)
		add(&p, false, "read");
	add(&p, false, "end");
	shows(&p, "     1 | 0001 begin\n"
		  "     2 | 0002 read\n"
		  "       | ... x 37, until 38\n"
		  "    39 | 0039 end\n");
	done(&p);
}

static void two_alike_are_not_worth_a_fold(void **state)
{
	struct page p;

	(void)state;
	begin(&p, 0);
	add(&p, false, "read");
	add(&p, false, "read");
	shows(&p, "     1 | 0001 read\n     2 | 0002 read\n");
	done(&p);
}

static void a_group_that_comes_again_is_told_once(void **state)
{
	struct page p;

	(void)state;
	begin(&p, 0);
	for (int i = 0; i < 5; i++) {
		add(&p, false, "write");
		add(&p, false, "status");
	}
	add(&p, false, "write");
	shows(&p, "     1 | 0001 write\n"
		  "     2 | 0002 status\n"
		  "       | ... x 5, until 10\n"
		  "    11 | 0011 write\n");
	done(&p);
}

static void what_evidence_rests_on_is_never_folded_away(void **state)
{
	struct page p;

	(void)state;
	begin(&p, 4);
	for (int i = 0; i < 8; i++)
		add(&p, false, "enter debug mode");
	shows(&p, "     1 | 0001 enter debug mode\n"
		  "     2 | 0002 enter debug mode\n"
		  "     3 | 0003 enter debug mode\n"
		  ">    4 | 0004 enter debug mode\n"
		  "       | ... x 2, until 8\n");
	done(&p);
}

static void a_mark_between_transactions_stays(void **state)
{
	struct page p;

	(void)state;
	begin(&p, 0);
	for (int i = 0; i < 4; i++)
		add(&p, true, "-- again");
	shows(&p, "     1 | 0001 -- again\n     2 | 0002 -- again\n"
		  "     3 | 0003 -- again\n     4 | 0004 -- again\n");
	done(&p);
}

static void gaps_are_told_beside_folds(void **state)
{
	struct page p;

	(void)state;
	begin(&p, 400);
	for (int i = 0; i < 500; i++)
		add(&p, false, "read");
	excerpt_add(p.x, 3, &p.out);
	assert_string_equal(buf_str(&p.out), "     1 | 0001 read\n"
					     "       | ... x 3, until 3\n"
					     "       | ... 393 more\n"
					     "   397 | 0397 read\n"
					     "       | ... x 3, until 399\n"
					     ">  400 | 0400 read\n"
					     "       | ... x 4, until 403\n"
					     "       | ... 97 more\n");
	done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_that_comes_again_is_told_once),
		cmocka_unit_test(two_alike_are_not_worth_a_fold),
		cmocka_unit_test(a_group_that_comes_again_is_told_once),
		cmocka_unit_test(what_evidence_rests_on_is_never_folded_away),
		cmocka_unit_test(a_mark_between_transactions_stays),
		cmocka_unit_test(gaps_are_told_beside_folds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
