/* The flash engine in trouble on the virtual bench: what it says, and what it gets over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "flash/loader.h"
#include "probe/base/arena.h"
#include "tests/lib/flash_bench.h"

static uint8_t image_bytes[256 * 1024];

static struct flash_image image_of(struct flash_segment *seg, uint32_t address, size_t len,
				   unsigned seed)
{
	flash_bench_noise(image_bytes, len, seed);
	*seg = (struct flash_segment){ address, image_bytes, len };
	return (struct flash_image){ seg, 1 };
}

static void must(struct flash_bench *b, int rc)
{
	struct buf text = { 0 };

	if (!rc)
		return;
	fault_write_text(&b->out.fault, &text);
	fail_msg("%d: %s [%s]", rc, b->e.text, buf_str(&text));
}

/* ---- the loader ---- */

/* What a hand from outside does to the loader, once, while it works. */
struct meddler {
	struct target *t;
	uint32_t address, value;
	bool done;
};

static void meddle(void *user, const struct flash_progress *p)
{
	struct meddler *m = user;

	if (m->done || p->phase != FLASH_PHASE_WRITE || p->done < p->total / 4)
		return;
	m->done = true;
	assert_int_equal(target_write32(m->t, m->address, m->value, NULL), 0);
}

#define RAM	     0x20000000U
#define NEXT	     (RAM + 0x10) /* where the loader looks for its next order: `next` in loader.S */
#define WAIT_FOR_BIT 0xe7fee7feU  /* b . */
#define UNDEFINED    0xde00de00U
#define AIRCR	     0xe000ed0cU
#define AIRCR_RESET  0x05fa0004U
#define DHCSR	     0xe000edf0U
#define DHCSR_HALT   0xa05f0003U

/* Which end of a loader is told, after each kind of meddling. */
struct end {
	uint32_t address, value;
	enum fault_loader loader;
	const char *says;
};

static void an_end_of_the_loader_is_told(const char *bench, const struct end *end)
{
	struct flash_bench b;
	struct flash_segment seg;
	struct flash_image im = image_of(&seg, 0x08000000, 32768, 3);
	struct meddler m = { .address = end->address, .value = end->value };
	const struct flash_ops ops = { .user = &m, .progress = meddle };
	struct buf text = { 0 };

	flash_bench_begin(&b, bench, 0);
	m.t = &b.ts.t;
	flash_bench_fill(&b, 1);
	assert_int_not_equal(flash_bench_program(&b, &im, NULL, NULL, &ops), 0);
	assert_true(m.done);
	fault_write_text(&b.out.fault, &text);
	print_message("%s: %s\n", bench, buf_str(&text));
	assert_int_equal(b.out.fault.loader, end->loader);
	assert_non_null(strstr(buf_str(&text), end->says));
	assert_false(b.out.done);
	buf_done(&text);
	must(&b, flash_bench_program(&b, &im, NULL, NULL, NULL)); /* a second run repairs it */
	flash_bench_check(&b);
	flash_bench_end(&b);
}

static void a_loader_that_is_stuck_is_told_from_others(void **state)
{
	const struct end end = { NEXT, WAIT_FOR_BIT, FAULT_LOADER_STUCK, "the loader is stuck" };

	(void)state;
	an_end_of_the_loader_is_told("healthy-f405-v2", &end);
	an_end_of_the_loader_is_told("healthy-g071-nucleo", &end);
}

static void a_loader_that_crashed_is_told_from_others(void **state)
{
	const struct end end = { NEXT, UNDEFINED, FAULT_LOADER_CRASHED, "the loader is crashed" };

	(void)state;
	an_end_of_the_loader_is_told("healthy-f405-v2", &end);
	an_end_of_the_loader_is_told("healthy-g071-nucleo", &end);
}

static void a_reset_under_the_loader_is_told_from_others(void **state)
{
	const struct end end = { AIRCR, AIRCR_RESET, FAULT_LOADER_RESET, "the loader is reset" };

	(void)state;
	an_end_of_the_loader_is_told("healthy-f405-v2", &end);
	an_end_of_the_loader_is_told("healthy-g071-nucleo", &end);
}

static void a_halted_loader_is_told_from_others(void **state)
{
	const struct end end = { DHCSR, DHCSR_HALT, FAULT_LOADER_HALTED, "the loader is halted" };

	(void)state;
	an_end_of_the_loader_is_told("healthy-f405-v2", &end);
	an_end_of_the_loader_is_told("healthy-g071-nucleo", &end);
}

/* It ends every 0.5 s unless it is fed, and all of this takes longer. */
static void the_watchdog_is_fed_while_the_loader_works(void **state)
{
	struct flash_bench b;
	struct flash_segment seg;
	struct flash_image im = image_of(&seg, 0x08000000, 128 * 1024, 3);

	(void)state;
	flash_bench_begin(&b, "watchdog-hardware-l476", 0);
	flash_bench_fill(&b, 1);
	must(&b, flash_bench_program(&b, &im, NULL, NULL, NULL));
	flash_bench_check(&b);
	assert_true(b.seconds > 2);
	assert_int_equal(b.out.attempts, 1);
	flash_bench_end(&b);
}

static size_t stop(void *user, const struct flash_session *s, const struct recovery **ret,
		   size_t max)
{
	(void)user;
	(void)s;
	(void)ret;
	(void)max;
	return 0;
}

/* The same chips, but their watchdogs go on while the core stands still. */
static void lose_freezes(struct flash_bench *b)
{
	struct chip *copy = arena_alloc(b->chips.a, b->chips.n * sizeof(*copy));

	memcpy(copy, b->chips.at, b->chips.n * sizeof(*copy));
	for (size_t i = 0; i < b->chips.n; i++)
		copy[i].n_freezes = 0;
	b->chips.at = copy;
}

/* Without a loader nobody but the host can feed it. */
static void the_watchdog_is_fed_by_the_host_where_no_loader_does(void **state)
{
	const struct flash_ops alone = { .choose = stop };

	(void)state;
	for (int feed = 0; feed < 2; feed++) {
		const struct session_options so = { .no_loader = true, .feed = feed };
		struct flash_bench b;
		struct flash_segment seg;
		struct flash_image im = image_of(&seg, 0x08000000, 6000, 3);
		int rc;

		flash_bench_begin(&b, "watchdog-hardware-l476", 0);
		lose_freezes(&b);
		flash_bench_fill(&b, 1);
		rc = flash_bench_program(&b, &im, &so, NULL, &alone);
		print_message("%s: %.2f s\n", feed ? "fed" : "not fed", b.seconds);
		assert_true(b.seconds > 0.5);
		assert_int_equal(!rc, feed);
		if (feed)
			flash_bench_check(&b);
		flash_bench_end(&b);
	}
}

/* ---- granules that cannot be read ---- */

/* A reset in the middle of programming leaves a granule whose error correction gives up. */
static void tear(struct flash_bench *b, const struct flash_image *im)
{
	struct meddler m = { .t = &b->ts.t, .address = AIRCR, .value = AIRCR_RESET };
	const struct flash_ops ops = { .user = &m, .progress = meddle, .choose = stop };

	assert_int_not_equal(flash_bench_program(b, im, NULL, NULL, &ops), 0);
}

static void a_granule_that_was_cut_short_is_found_and_written_anew(void **state)
{
	static const char *const benches[] = { "healthy-l476-nucleo", "healthy-g071-nucleo",
					       "healthy-h743-v3" };

	(void)state;
	/* H743 by the host alone is left out: thousands of reads that fail. */
	for (size_t i = 0; i < 2 * sizeof(benches) / sizeof(benches[0]) - 1; i++) {
		const struct session_options so = { .no_loader = i % 2 };
		struct flash_bench b;
		struct flash_segment seg;
		struct flash_image im = image_of(&seg, 0x08000000, i % 2 ? 5000 : 131072, 3);

		flash_bench_begin(&b, benches[i / 2], 0);
		flash_bench_fill(&b, 1);
		tear(&b, &im);
		must(&b, flash_bench_program(&b, &im, &so, NULL, NULL));
		print_message("%s: %llu bytes torn, %u attempts\n", benches[i / 2],
			      (unsigned long long)b.out.bytes_torn, b.out.attempts);
		flash_bench_check(&b);
		assert_int_equal(b.out.attempts, 1);
		assert_true(b.out.bytes_torn);
		flash_bench_end(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loader_that_is_stuck_is_told_from_others),
		cmocka_unit_test(a_loader_that_crashed_is_told_from_others),
		cmocka_unit_test(a_reset_under_the_loader_is_told_from_others),
		cmocka_unit_test(a_halted_loader_is_told_from_others),
		cmocka_unit_test(the_watchdog_is_fed_while_the_loader_works),
		cmocka_unit_test(the_watchdog_is_fed_by_the_host_where_no_loader_does),
		cmocka_unit_test(a_granule_that_was_cut_short_is_found_and_written_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
