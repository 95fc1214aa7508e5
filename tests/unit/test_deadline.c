/* Nested limits of time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "probe/deadline.h"
#include "tests/lib/fake_clock.h"

static void a_run_ends_at_its_limit_and_says_which(void **state)
{
	struct fake_clock f;
	struct deadline run;
	struct err e = { 0 };

	(void)state;
	fake_clock_init(&f);
	deadline_init(&run, &f.clock, NULL, "the run", 1500);
	f.now_us += 1499999;
	assert_int_equal(deadline_check(&run, &e), 0);
	f.now_us += 1;
	assert_int_equal(deadline_check(&run, &e), ERR_DEADLINE);
	assert_string_equal(e.text, "the run took longer than 1.5 s");
}

static void the_earliest_end_counts(void **state)
{
	struct fake_clock f;
	struct deadline run, step;
	struct err e = { 0 };

	(void)state;
	fake_clock_init(&f);
	deadline_init(&run, &f.clock, NULL, "the run", 1000);
	deadline_init(&step, &f.clock, &run, "erasing", 5000);
	assert_int_equal(deadline_cap_ms(&step, 3000), 1000);
	assert_int_equal(deadline_cap_ms(&step, 400), 400);
	f.now_us += 1000000;
	assert_int_equal(deadline_check(&step, &e), ERR_DEADLINE);
	assert_string_equal(e.text, "the run took longer than 1.0 s");
	assert_int_equal(deadline_cap_ms(&step, 400), 0);
}

static void no_limit_never_ends(void **state)
{
	struct fake_clock f;
	struct deadline run;

	(void)state;
	fake_clock_init(&f);
	deadline_init(&run, &f.clock, NULL, "the run", 0);
	f.now_us += 1ull << 50;
	assert_int_equal(deadline_check(&run, NULL), 0);
	assert_int_equal(deadline_check(NULL, NULL), 0);
	assert_int_equal(deadline_cap_ms(NULL, 777), 777);
}

static void a_wish_to_stop_is_seen_through_all_levels(void **state)
{
	volatile sig_atomic_t stop = 0;
	struct fake_clock f;
	struct deadline run, step;
	struct err e = { 0 };

	(void)state;
	fake_clock_init(&f);
	deadline_init(&run, &f.clock, NULL, "the run", 1000);
	run.stop = &stop;
	deadline_init(&step, &f.clock, &run, "erasing", 10);
	assert_int_equal(deadline_check(&step, &e), 0);
	stop = SIGINT;
	assert_int_equal(deadline_check(&step, &e), ERR_INTERRUPTED);
	assert_int_equal(e.native, SIGINT);
}

static void a_sleep_is_cut_at_the_end(void **state)
{
	struct fake_clock f;
	struct deadline step;
	struct err e = { 0 };

	(void)state;
	fake_clock_init(&f);
	deadline_init(&step, &f.clock, NULL, "waiting", 10);
	assert_int_equal(deadline_sleep_us(&step, 4000, &e), 0);
	assert_int_equal(deadline_sleep_us(&step, 60000, &e), ERR_DEADLINE);
	assert_int_equal(f.slept_us, 10000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_ends_at_its_limit_and_says_which),
		cmocka_unit_test(the_earliest_end_counts),
		cmocka_unit_test(no_limit_never_ends),
		cmocka_unit_test(a_wish_to_stop_is_seen_through_all_levels),
		cmocka_unit_test(a_sleep_is_cut_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
