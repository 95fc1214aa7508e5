/* What the examination knows about chips, and what it works out of measured errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "analyzer/check_draw.h"
#include "analyzer/exam_chip.h"

static void chips_are_in_order_and_have_a_family(void **state)
{
	(void)state;
	for (size_t i = 0; i < exam_chips_len; i++) {
		const struct exam_chip *c = &exam_chips[i];

		assert_true(!i || exam_chips[i - 1].id < c->id);
		assert_ptr_equal(exam_chip_find(c->id), c);
		assert_true(c->least_kib <= c->flash_kib);
		assert_non_null(exam_families[c->family].name);
	}
	assert_null(exam_chip_find(0x3ff));
}

static void read_out_levels_are_told_by_each_form(void **state)
{
	const struct exam_family *f4 = &exam_families[EXAM_FAMILY_F4];
	const struct exam_family *f1 = &exam_families[EXAM_FAMILY_F1];
	const struct exam_family *f0 = &exam_families[EXAM_FAMILY_F0];

	(void)state;
	assert_int_equal(exam_rdp_level(f4, 0x0fffaaed), 0);
	assert_int_equal(exam_rdp_level(f4, 0x0fff55ed), 1);
	assert_int_equal(exam_rdp_level(f4, 0x0fffcced), 2);
	assert_int_equal(exam_rdp_level(f1, 0x03fffc1c), 0);
	assert_int_equal(exam_rdp_level(f1, 0x03fffc1e), 1);
	assert_int_equal(exam_rdp_level(f0, 0x00ffff02), 1);
	assert_int_equal(exam_rdp_level(f0, 0x00ffff06), 2);
	assert_int_equal(exam_rdp_level(&exam_families[EXAM_FAMILY_H7RS], 0), -1);
}

static void protected_blocks_are_told_by_each_form(void **state)
{
	const struct exam_family *f4 = &exam_families[EXAM_FAMILY_F4];
	const struct exam_family *l0 = &exam_families[EXAM_FAMILY_L0];
	const struct exam_family *g0 = &exam_families[EXAM_FAMILY_G0];

	(void)state;
	assert_false(exam_wrp_protects(f4, 0x0fffaaed));
	assert_true(exam_wrp_protects(f4, 0x0ffeaaed));
	assert_false(exam_wrp_protects(l0, 0));
	assert_true(exam_wrp_protects(l0, 1));
	assert_false(exam_wrp_protects(g0, 0x0000007f));
	assert_true(exam_wrp_protects(g0, 0x00030000));
}

static void a_bound_falls_with_the_words_that_went_well(void **state)
{
	(void)state;
	assert_true(check_rate_most(0, 30000) < 1.01e-4);
	assert_true(check_rate_most(0, 0) >= 1);
	assert_true(check_rate_most(10, 10000) > 10.0 / 10000);
	assert_true(check_rate_most(10, 10000) < 20.0 / 10000);
	assert_true(check_rate_most(5, 5) <= 1);
}

static void the_recommended_speed_keeps_a_margin(void **state)
{
	const struct exam_margin all_clean[] = {
		{ .khz = 4000, .worked = true, .words_read = 1000 },
		{ .khz = 1800, .worked = true, .words_read = 1000 },
	};
	const struct exam_margin fast_fails[] = {
		{ .khz = 4000, .worked = true, .words_read = 1000, .read_errors = 3 },
		{ .khz = 1800, .worked = true, .words_read = 1000 },
		{ .khz = 950, .worked = true, .words_read = 1000 },
	};
	const struct exam_margin never[] = {
		{ .khz = 4000 },
		{ .khz = 100, .worked = true, .words_read = 100, .write_errors = 1 },
	};

	(void)state;
	assert_int_equal(check_recommended_khz(all_clean, 2), 4000);
	assert_int_equal(check_recommended_khz(fast_fails, 3), 950);
	assert_int_equal(check_recommended_khz(never, 2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chips_are_in_order_and_have_a_family),
		cmocka_unit_test(read_out_levels_are_told_by_each_form),
		cmocka_unit_test(protected_blocks_are_told_by_each_form),
		cmocka_unit_test(a_bound_falls_with_the_words_that_went_well),
		cmocka_unit_test(the_recommended_speed_keeps_a_margin),
	};

	return cmocka_run_group_tests_name("exam_chip", tests, NULL, NULL);
}
