/* Every recovery, alone, on a bench where it is what gets the image in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tests/lib/flash_bench.h"

#define STATUS	 "what: status, word: 0x12"
#define STALL	 "what: usb-stall"
#define UNPLUG	 "what: usb-unplug, for: 800 ms"
#define LOCKUP	 "what: core-lockup"
#define AWAY	 "what: usb-unplug, for: 3000 ms"
#define REPLUG_S 5

/* What goes wrong; which transaction it must hit is found by trying. */
struct row {
	const char *name, *fault;
	struct session_options so;
	bool asks; /* a hand has to do something */
};

static const struct row rows[] = {
	{ .name = "ask-again", .fault = STATUS },
	{ .name = "clear-errors", .fault = STATUS },
	{ .name = "attach-again", .fault = STATUS },
	{ .name = "lower-speed", .fault = STATUS },
	{ .name = "smaller-blocks", .fault = STATUS },
	{ .name = "leave-mode", .fault = STALL },
	{ .name = "reset-usb", .fault = STALL },
	{ .name = "reload-loader", .fault = LOCKUP },
	{ .name = "without-loader", .fault = LOCKUP },
	{ .name = "reset-by-line", .fault = STATUS },
	{ .name = "reset-by-core", .fault = STATUS, .so = { .reset = CORTEXM_RESET_HARDWARE } },
	{ .name = "reset-core-alone", .fault = STATUS },
	{ .name = "connect-under-reset", .fault = STATUS, .so = { .connect_auto = true } },
	{ .name = "wake", .fault = STATUS },
	{ .name = "freeze-watchdogs", .fault = STATUS },
	{ .name = "wait-for-voltage", .fault = STATUS },
	{ .name = "narrower-writes", .fault = LOCKUP },
	{ .name = "erase-again", .fault = LOCKUP },
	{ .name = "mass-erase", .fault = LOCKUP, .asks = true },
	{ .name = "wait-for-replug", .fault = UNPLUG, .asks = true },
	{ .name = "power-cycle-port", .fault = AWAY, .asks = true },
	{ .name = "hold-reset-button", .fault = STATUS, .asks = true },
};

/* Proposes one recovery, and lends its hands. */
struct doctor {
	struct flash_bench *b;
	const struct recovery *only;
	struct care_hands hands;
	unsigned asked, worked;
};

static int hand(void *user, enum care_wish what, unsigned ms, struct err *e)
{
	struct doctor *d = user;

	(void)ms;
	d->asked++;
	if (what == CARE_WISH_REPLUG)
		return 0;
	return target_nrst(&d->b->ts.t,
			   what == CARE_WISH_HOLD_RESET ? TARGET_NRST_LOW : TARGET_NRST_RELEASED,
			   e);
}

static int switch_port(void *user, struct err *e)
{
	struct doctor *d = user;

	(void)e;
	d->asked++;
	clock_sleep_us(d->b->p.clock, 3500000);
	return 0;
}

static bool say_yes(void *user, const char *why)
{
	struct doctor *d = user;

	assert_non_null(strstr(why, "eras"));
	d->asked++;
	return true;
}

static size_t propose(void *user, const struct flash_session *s, const struct recovery **ret,
		      size_t max)
{
	struct doctor *d = user;

	(void)s;
	(void)max;
	d->b->s.care.hands = &d->hands;
	d->b->s.care.budget.replug_ms = REPLUG_S * 1000;
	*ret = d->only;
	return 1;
}

static void hear(void *user, const struct flash_try *t)
{
	struct doctor *d = user;

	assert_ptr_equal(t->how, d->only);
	d->worked += t->result == TRY_WORKED;
}

static void meet(struct doctor *d, struct flash_bench *b, const char *name)
{
	*d = (struct doctor){ .b = b, .only = recovery_find(name) };
	d->hands = (struct care_hands){
		.user = d, .ask = hand, .power_cycle = switch_port, .may_destroy = say_yes
	};
	assert_non_null(d->only);
}

static uint8_t bytes[9000];

/* Only the image counts: what erases everything takes the rest along. */
static void holds_the_image(struct flash_bench *b)
{
	static uint8_t there[sizeof(bytes)];

	assert_true(b->p.bench.plugin->flash_read(b->p.bench.bench, 0, there, sizeof(there)));
	assert_memory_equal(there, bytes, sizeof(bytes));
}

/* Did the recovery get the image in, the fault being at that transaction? */
static bool cures(const struct row *r, unsigned transaction)
{
	struct flash_bench b;
	struct doctor d;
	const struct flash_ops ops = { .user = &d, .choose = propose, .tried = hear };
	const struct flash_segment seg = { 0x08000000, bytes, sizeof(bytes) };
	const struct flash_image im = { &seg, 1 };
	char words[200];
	int rc;

	snprintf(words, sizeof(words), "healthy-f405-v2,faults=[{%s, at: transaction %u}]",
		 r->fault, transaction);
	flash_bench_begin(&b, words, 0);
	meet(&d, &b, r->name);
	flash_bench_fill(&b, 1);
	rc = flash_bench_program(&b, &im, &r->so, NULL, &ops);
	if (!rc)
		holds_the_image(&b);
	if (!rc && strcmp(r->name, "mass-erase"))
		flash_bench_check(&b);
	assert_true(rc == 0 || !b.out.done);
	flash_bench_end(&b);
	return !rc && d.worked && (!r->asks || d.asked);
}

static void each_gets_an_image_in(void **state)
{
	static const unsigned where[] = { 90, 100, 78, 20, 12, 30, 6, 110 };

	(void)state;
	flash_bench_noise(bytes, sizeof(bytes), 7);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool cured = false;

		for (size_t k = 0; !cured && k < sizeof(where) / sizeof(where[0]); k++)
			cured = cures(&rows[i], where[k]);
		if (!cured)
			fail_msg("%s never helped", rows[i].name);
	}
}

static void protection_is_opened_by_a_word(void **state)
{
	struct flash_bench b;
	struct doctor d;
	const struct flash_ops ops = { .user = &d, .choose = propose, .tried = hear };

	(void)state;
	flash_bench_begin(&b, "protected-rdp1-f405", 0);
	meet(&d, &b, "open-protection");
	session_init(&b.s, &b.ts.t, &b.chips, &(struct session_options){ 0 });
	assert_int_equal(flash_open(&b.s, &ops, &b.e), 0);
	assert_int_equal(d.asked, 1);
	assert_int_equal(d.worked, 1);
	assert_true(b.s.all_erased);
	flash_bench_end(&b);
}

static void none_is_left_out(void **state)
{
	size_t n = sizeof(rows) / sizeof(rows[0]);

	(void)state;
	for (size_t i = 0; i < recoveries_len; i++) {
		bool found = !strcmp(recoveries[i].name, "open-protection");

		for (size_t k = 0; !found && k < n; k++)
			found = !strcmp(recoveries[i].name, rows[k].name);
		if (!found)
			fail_msg("%s is tried by no test", recoveries[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_gets_an_image_in),
		cmocka_unit_test(protection_is_opened_by_a_word),
		cmocka_unit_test(none_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
