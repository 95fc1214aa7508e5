/* The flash engine on the virtual bench: what is in the array afterwards, and how long it took. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/flash_bench.h"

static const struct flash_segment *whole(struct flash_segment *seg, uint8_t *bytes, size_t len,
					 uint32_t address, unsigned seed)
{
	flash_bench_noise(bytes, len, seed);
	*seg = (struct flash_segment){ address, bytes, len };
	return seg;
}

static void must(struct flash_bench *b, int rc)
{
	struct buf text = { 0 };

	if (!rc)
		return;
	fault_write_text(&b->out.fault, &text);
	fail_msg("%d: %s [%s]", rc, b->e.text, buf_str(&text));
}

static uint8_t image_bytes[1024 * 1024];

static void an_f405_takes_an_image_in_little_more_than_its_flash_needs(void **state)
{
	struct flash_bench b;
	struct flash_segment seg;
	struct flash_image im = { whole(&seg, image_bytes, 65536, 0x08000000, 7), 1 };

	(void)state;
	flash_bench_begin(&b, "healthy-f405-v2", 0);
	flash_bench_fill(&b, 1);
	must(&b, flash_bench_program(&b, &im, NULL, NULL, NULL));
	flash_bench_check(&b);
	print_message("64 KiB: %.3f s, %llu transfers; connect %.3f compare %.3f write %.3f verify "
		      "%.3f\n",
		      b.seconds, (unsigned long long)b.transfers, b.out.connect_us / 1e6,
		      b.out.compare_us / 1e6, b.out.write_us / 1e6, b.out.verify_us / 1e6);
	assert_true(b.out.done && b.out.running && b.out.used_crc_unit);
	assert_true(b.seconds <= 1.35);
	assert_true(b.transfers <= 500);
	must(&b, flash_bench_program(&b, &im, NULL, NULL, NULL));
	print_message("unchanged: %.3f s, %llu transfers\n", b.seconds,
		      (unsigned long long)b.transfers);
	assert_int_equal(b.out.blocks_erased, 0);
	assert_true(b.seconds <= 0.15);
	flash_bench_check(&b);
	flash_bench_end(&b);
}

/* One controller of each kind: random images in two pieces, odd ends, over random old contents. */
static void every_kind_of_controller_is_programmed(void **state)
{
	static const char *const benches[] = { "healthy-f103-v2",     "healthy-f051-v2",
					       "healthy-l053-v2",     "healthy-l476-nucleo",
					       "healthy-g071-nucleo", "healthy-u575-v3" };

	(void)state;
	for (size_t i = 0; i < sizeof(benches) / sizeof(benches[0]); i++) {
		struct flash_bench b;
		struct flash_segment segs[2] = { { 0x08000000, image_bytes, 1021 },
						 { 0x08001003, image_bytes + 1024, 517 } };
		struct flash_image im = { segs, 2 };

		flash_bench_noise(image_bytes, sizeof(image_bytes), (unsigned)i + 3);
		memset(image_bytes + 256, 0xff, 300);
		memset(image_bytes + 1100, 0, 64);
		flash_bench_begin(&b, benches[i], 0);
		flash_bench_fill(&b, (unsigned)i + 1);
		must(&b, flash_bench_program(&b, &im, NULL, NULL, NULL));
		flash_bench_check(&b);
		assert_true(b.out.used_loader && b.out.used_crc_unit);
		must(&b, flash_bench_program(&b, &im, NULL, NULL, NULL));
		assert_int_equal(b.out.blocks_erased, 0);
		flash_bench_end(&b);
	}
}

static void without_a_loader_the_debug_port_does_it_all(void **state)
{
	static const char *const benches[] = { "healthy-f103-v2", "healthy-f405-v2",
					       "healthy-l476-nucleo" };
	const struct session_options direct = { .no_loader = true };

	(void)state;
	for (size_t i = 0; i < sizeof(benches) / sizeof(benches[0]); i++) {
		struct flash_bench b;
		struct flash_segment seg = { 0x08000000, image_bytes, 403 };
		struct flash_image im = { &seg, 1 };

		flash_bench_noise(image_bytes, 403, 5);
		flash_bench_begin(&b, benches[i], 0);
		flash_bench_blank(&b, 0xff);
		flash_bench_noise(b.model + 400, 100, 9);
		assert_true(b.p.bench.plugin->flash_write(b.p.bench.bench, 0, b.model, b.size));
		must(&b, flash_bench_program(&b, &im, &direct, NULL, NULL));
		flash_bench_check(&b);
		assert_false(b.out.used_loader);
		flash_bench_end(&b);
	}
}

static void one_page_of_many_is_soon_replaced(void **state)
{
	struct flash_bench b;
	struct flash_segment seg;
	struct flash_image im = { whole(&seg, image_bytes, 256 * 1024, 0x08000000, 7), 1 };

	(void)state;
	flash_bench_begin(&b, "healthy-l476-nucleo", 0);
	memcpy(b.model, image_bytes, sizeof(image_bytes) < b.size ? 256 * 1024 : b.size);
	assert_true(b.p.bench.plugin->flash_write(b.p.bench.bench, 0, b.model, b.size));
	flash_bench_noise(image_bytes + 100 * 2048, 2048, 11);
	must(&b, flash_bench_program(&b, &im, NULL, NULL, NULL));
	flash_bench_check(&b);
	print_message("one page: %.3f s; connect %.3f compare %.3f write %.3f verify %.3f, %llu "
		      "bytes sampled\n",
		      b.seconds, b.out.connect_us / 1e6, b.out.compare_us / 1e6,
		      b.out.write_us / 1e6, b.out.verify_us / 1e6,
		      (unsigned long long)b.out.bytes_sampled);
	assert_int_equal(b.out.blocks_erased, 2); /* and the one with the vectors */
	assert_true(b.seconds <= 0.30);
	flash_bench_end(&b);
}

static size_t once_more(void *user, const struct flash_session *s, const struct recovery **ret,
			size_t max)
{
	unsigned *asked = user;

	assert_int_not_equal(s->fault.step, FAULT_STEP_NONE);
	assert_true(max > 0);
	++*asked;
	ret[0] = recovery_find("ask-again");
	return 1;
}

/* The probe answers one access wrongly in the middle of the work. */
static void a_step_that_failed_is_done_again(void **state)
{
	struct flash_bench b;
	struct flash_segment seg;
	struct flash_image im = { whole(&seg, image_bytes, 16384, 0x08000000, 7), 1 };
	unsigned asked = 0;
	const struct flash_ops ops = { .user = &asked, .choose = once_more };

	(void)state;
	flash_bench_begin(&b,
			  "healthy-f405-v2,faults=[{what: status, word: 0x11, at: transaction 150, "
			  "for: 1 transactions}]",
			  0);
	flash_bench_fill(&b, 1);
	must(&b, flash_bench_program(&b, &im, NULL, NULL, &ops));
	flash_bench_check(&b);
	flash_bench_end(&b);
}

static void a_protected_block_is_told_with_its_status_bit(void **state)
{
	struct flash_bench b;
	struct flash_segment seg;
	struct flash_image im = { whole(&seg, image_bytes, 2048, 0x08000000, 7), 1 };

	(void)state;
	flash_bench_begin(&b, "write-protected-f405", 0);
	assert_int_not_equal(flash_bench_program(&b, &im, NULL, NULL, NULL), 0);
	assert_false(b.out.done);
	assert_int_equal(b.out.fault.step, FAULT_STEP_ERASE);
	assert_true(b.out.fault.has_sr);
	assert_string_equal(b.out.fault.bits[0].name, "WRPERR");
	assert_true(b.out.state_known && b.out.locked);
	flash_bench_end(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_f405_takes_an_image_in_little_more_than_its_flash_needs),
		cmocka_unit_test(every_kind_of_controller_is_programmed),
		cmocka_unit_test(without_a_loader_the_debug_port_does_it_all),
		cmocka_unit_test(one_page_of_many_is_soon_replaced),
		cmocka_unit_test(a_step_that_failed_is_done_again),
		cmocka_unit_test(a_protected_block_is_told_with_its_status_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
