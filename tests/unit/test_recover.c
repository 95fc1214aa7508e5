/* The one loop of the engine: what it tries, how often, and that it ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "tests/lib/flash_bench.h"

#define PROPOSED_MAX 8

struct doctor { /* proposes the same, whatever happens */
	const char *names[PROPOSED_MAX];
	unsigned asked, told, worked;
	const struct recovery *last;
};

static size_t propose(void *user, const struct flash_session *s, const struct recovery **ret,
		      size_t max)
{
	struct doctor *d = user;
	size_t n = 0;

	assert_int_not_equal(s->fault.step, FAULT_STEP_NONE);
	d->asked++;
	for (; n < PROPOSED_MAX && n < max && d->names[n]; n++)
		ret[n] = recovery_find(d->names[n]);
	return n;
}

static void hear(void *user, const struct flash_try *t)
{
	struct doctor *d = user;

	d->told++;
	d->worked += t->result == TRY_WORKED;
	d->last = t->how;
}

static uint8_t bytes[16384];

/* Programs 16 KiB on a bench with a doctor; the array is checked if that succeeds. */
static int treat(struct flash_bench *b, const char *bench, struct doctor *d)
{
	const struct flash_ops ops = { .user = d, .choose = propose, .tried = hear };
	const struct flash_segment seg = { 0x08000000, bytes, sizeof(bytes) };
	const struct flash_image im = { &seg, 1 };
	int rc;

	flash_bench_noise(bytes, sizeof(bytes), 7);
	flash_bench_begin(b, bench, 0);
	flash_bench_fill(b, 1);
	rc = flash_bench_program(b, &im, NULL, NULL, &ops);
	if (!rc)
		flash_bench_check(b);
	return rc;
}

#define STATUS_AT_100                                                                              \
	"healthy-f405-v2,faults=[{what: status, word: 0x11, at: transaction 100, for: 1 "          \
	"transactions}]"
#define SILENT_FROM_100                                                                            \
	"healthy-f405-v2,faults=[{what: wire, wire: swdio, is: open, at: transaction 100}]"

static void one_fault_takes_one_recovery(void **state)
{
	struct doctor d = { .names = { "ask-again" } };
	struct flash_bench b;

	(void)state;
	assert_int_equal(treat(&b, STATUS_AT_100, &d), 0);
	assert_int_equal(d.asked, 1);
	assert_int_equal(d.told, 1);
	assert_int_equal(d.worked, 1);
	assert_int_equal(b.out.attempts, 2);
	flash_bench_end(&b);
}

static void an_access_that_may_be_repeated_needs_none(void **state)
{
	struct doctor d = { .names = { "ask-again" } };
	const struct flash_ops ops = { .user = &d, .choose = propose, .tried = hear };
	const struct flash_segment seg = { 0x08000000, bytes, sizeof(bytes) };
	const struct flash_image im = { &seg, 1 };
	struct flash_bench b;

	(void)state;
	flash_bench_begin(&b, STATUS_AT_100, 0);
	b.ts.t.again = 2;
	flash_bench_fill(&b, 1);
	assert_int_equal(flash_bench_program(&b, &im, NULL, NULL, &ops), 0);
	flash_bench_check(&b);
	assert_int_equal(d.asked, 0);
	assert_int_equal(b.ts.t.asked_again, 1);
	flash_bench_end(&b);
}

static void what_does_not_help_is_given_up(void **state)
{
	struct doctor d = { .names = { "ask-again", "attach-again", "lower-speed" } };
	struct flash_bench b;

	(void)state;
	assert_int_not_equal(treat(&b, SILENT_FROM_100, &d), 0);
	assert_int_equal(d.worked, 0);
	/* Alike ones in a row are told each time; slower than 100 kHz it does not get. */
	assert_in_range(d.told, 7,
			recovery_find("ask-again")->tries + recovery_find("attach-again")->tries +
				recovery_find("lower-speed")->tries);
	assert_string_equal(d.last->name, "lower-speed");
	assert_true(b.s.care.spent == d.told);
	assert_false(b.out.done);
	flash_bench_end(&b);
}

static void nothing_is_destroyed_without_a_word(void **state)
{
	struct doctor d = { .names = { "mass-erase" } };
	struct flash_bench b;

	(void)state;
	assert_int_not_equal(treat(&b, "cell-worn-f405", &d), 0);
	assert_int_equal(d.told, 1);
	assert_int_equal(b.s.care.tries[0].result, TRY_NOT_DONE);
	assert_false(b.s.all_erased);
	flash_bench_end(&b);
}

static void a_worn_cell_is_not_worn_any_more(void **state)
{
	struct doctor d = { .names = { "erase-again", "ask-again", "attach-again",
				       "reload-loader" } };
	struct flash_bench b;

	(void)state;
	assert_int_not_equal(treat(&b, "cell-worn-f405", &d), 0);
	assert_true(b.out.fault.has_mismatch);
	assert_true(b.out.blocks_erased <= 6);
	flash_bench_end(&b);
}

static void a_recovery_that_does_not_help_is_taken_back(void **state)
{
	struct doctor d = { .names = { "reset-by-line" } };
	struct flash_bench b;

	(void)state;
	assert_int_not_equal(treat(&b, SILENT_FROM_100, &d), 0);
	assert_int_equal(b.s.options.reset, CORTEXM_RESET_SYSTEM);
	flash_bench_end(&b);
}

static void words_that_arrive_wrong_are_mended(void **state)
{
	struct doctor d = { .names = { "ask-again", "reload-loader", "erase-again" } };
	struct flash_bench b;

	(void)state;
	assert_int_equal(treat(&b,
			       "healthy-f405-v2,wires.swdio.silent-read=1e-3,wires.swdio.silent-"
			       "write=1e-3",
			       &d),
			 0);
	assert_true(b.s.care.mended > 0);
	flash_bench_end(&b);
}

/* ---- the speed ---- */

static void the_speed_falls_and_climbs_where_it_carries_more(void **state)
{
	struct flash_bench b;
	struct speed s = { 0 };
	uint32_t slow;

	(void)state;
	flash_bench_begin(&b, "healthy-f405-v2", 0);
	assert_int_equal(cortexm_attach(&b.ts.t, TARGET_CONNECT_NORMAL, &b.e), 0);
	assert_int_equal(target_khz(&b.ts.t), 1800);
	assert_int_equal(speed_khz(&s), 0);
	assert_true(speed_can_fall(&s, &b.ts.t));
	assert_int_equal(speed_lower(&s, &b.ts.t, &b.e), 0);
	slow = speed_khz(&s);
	assert_true(slow <= 900);
	for (unsigned i = 0; i < 8; i++) {
		clock_sleep_us(b.p.clock, 10000);
		assert_int_equal(speed_good(&s, &b.ts.t, 8192, &b.e), 0);
	}
	assert_true(speed_khz(&s) > slow);
	assert_true(speed_khz(&s) <= 1800);
	while (speed_can_fall(&s, &b.ts.t))
		assert_int_equal(speed_lower(&s, &b.ts.t, &b.e), 0);
	assert_int_equal(speed_khz(&s), 100);
	assert_int_equal(speed_lower(&s, &b.ts.t, &b.e), ERR_NOT_FOUND);
	flash_bench_end(&b);
}

#define RAM 0x20000000U

static void a_v3_rises_to_a_step_below_what_is_clean_and_is_given_back(void **state)
{
	struct flash_bench b;
	struct speed s = { 0 };
	bool clean = true;

	(void)state;
	flash_bench_begin(&b, "healthy-u575-v3", 1000);
	assert_int_equal(cortexm_attach(&b.ts.t, TARGET_CONNECT_NORMAL, &b.e), 0);
	assert_int_equal(cortexm_halt(&b.ts.t, &b.e), 0);
	assert_int_equal(speed_rise(&s, &b.ts.t, RAM, &clean, &b.e), 0);
	assert_int_equal(target_khz(&b.ts.t), 8000);
	assert_true(speed_can_fall(&s, &b.ts.t));
	speed_give_back(&s, &b.ts.t);
	assert_int_equal(target_khz(&b.ts.t), 1000);
	assert_int_equal(speed_rise(&s, &b.ts.t, RAM, &clean, &b.e), 0); /* once is enough */
	assert_int_equal(target_khz(&b.ts.t), 1000);
	flash_bench_end(&b);
}

static void a_bad_wire_stays_at_the_speed_that_was_found(void **state)
{
	struct flash_bench b;
	struct speed s = { 0 };
	unsigned steps = 0;
	bool clean;

	(void)state;
	flash_bench_begin(&b, "clone-cable-h743", 1000);
	do {
		clean = true;
		assert_int_equal(cortexm_attach(&b.ts.t, TARGET_CONNECT_NORMAL, &b.e), 0);
		assert_int_equal(cortexm_halt(&b.ts.t, &b.e), 0);
		assert_int_equal(speed_rise(&s, &b.ts.t, RAM, &clean, &b.e), 0);
		steps++;
	} while (!clean);
	assert_true(steps > 1);
	assert_in_range(target_khz(&b.ts.t), 1000, 3300);
	flash_bench_end(&b);
}

static void a_v2_has_no_step_to_rise_to(void **state)
{
	struct flash_bench b;
	struct speed s = { 0 };
	bool clean = true;

	(void)state;
	flash_bench_begin(&b, "healthy-f405-v2", 0);
	assert_int_equal(cortexm_attach(&b.ts.t, TARGET_CONNECT_NORMAL, &b.e), 0);
	assert_int_equal(speed_rise(&s, &b.ts.t, RAM, &clean, &b.e), 0);
	assert_int_equal(target_khz(&b.ts.t), 1800);
	flash_bench_end(&b);
}

static void the_table_has_no_name_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < recoveries_len; i++) {
		assert_ptr_equal(recovery_find(recoveries[i].name), &recoveries[i]);
		assert_true(recoveries[i].cost_ms && recoveries[i].tries);
		assert_non_null(recoveries[i].apply);
	}
	assert_null(recovery_find("prayer"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_fault_takes_one_recovery),
		cmocka_unit_test(an_access_that_may_be_repeated_needs_none),
		cmocka_unit_test(what_does_not_help_is_given_up),
		cmocka_unit_test(nothing_is_destroyed_without_a_word),
		cmocka_unit_test(a_worn_cell_is_not_worn_any_more),
		cmocka_unit_test(a_recovery_that_does_not_help_is_taken_back),
		cmocka_unit_test(words_that_arrive_wrong_are_mended),
		cmocka_unit_test(the_speed_falls_and_climbs_where_it_carries_more),
		cmocka_unit_test(a_v3_rises_to_a_step_below_what_is_clean_and_is_given_back),
		cmocka_unit_test(a_bad_wire_stays_at_the_speed_that_was_found),
		cmocka_unit_test(a_v2_has_no_step_to_rise_to),
		cmocka_unit_test(the_table_has_no_name_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
