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
	assert_true(b.seconds <= 1.5);
	assert_true(b.transfers <= 500);
	must(&b, flash_bench_program(&b, &im, NULL, NULL, NULL));
	print_message("unchanged: %.3f s, %llu transfers\n", b.seconds,
		      (unsigned long long)b.transfers);
	assert_int_equal(b.out.blocks_erased, 0);
	assert_true(b.seconds <= 0.15);
	flash_bench_check(&b);
	flash_bench_end(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_f405_takes_an_image_in_little_more_than_its_flash_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
