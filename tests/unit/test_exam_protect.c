/* What the examination knows about chips, and what it works out of measured errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "analyzer/base/error_rate.h"
#include "analyzer/check/check_draw.h"
#include "analyzer/check/exam_protect.h"
#include "flash/option.h"
#include "tests/lib/chip_table.h"

static const struct exam_area *area_of(const char *family)
{
	for (size_t i = 0; i < exam_areas_len; i++)
		if (!strcmp(exam_areas[i].family, family))
			return &exam_areas[i];
	fail_msg("%s has no such area", family);
	return NULL;
}

static void each_area_is_of_a_family_that_the_table_of_chips_has(void **state)
{
	(void)state;
	for (size_t i = 0; i < exam_areas_len; i++) {
		bool found = false;

		for (size_t k = 0; k < chips.n; k++)
			found |= !strcmp(chips.at[k].family, exam_areas[i].family);
		assert_true(found);
	}
}

static void a_chip_with_one_bank_has_no_area_in_a_second(void **state)
{
	const struct chip *l476 = chips_find(&chips, 0x415), *l432 = chips_find(&chips, 0x435);
	unsigned of_l476 = 0, of_l432 = 0;

	(void)state;
	for (size_t i = 0; i < exam_areas_len; i++) {
		of_l476 += exam_area_is_of(&exam_areas[i], l476);
		of_l432 += exam_area_is_of(&exam_areas[i], l432);
	}
	assert_int_equal(of_l476, 2);
	assert_int_equal(of_l432, 1);
}

/* The options of each family of chips; those that have none are left out. */
static size_t options_of(const char *family, struct option_layout *ret)
{
	for (size_t i = 0; i < chips.n; i++)
		if (!strcmp(chips.at[i].family, family) && option_layout_of(&chips.at[i], ret))
			return ret->n;
	return 0;
}

static void no_area_stands_in_both_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < exam_areas_len; i++) {
		struct option_layout l = { 0 };

		for (size_t k = 0; k < options_of(exam_areas[i].family, &l); k++)
			assert_int_not_equal(l.fields[k].reg, exam_areas[i].first_reg);
	}
}

static void a_range_among_the_options_has_its_end_behind_its_beginning(void **state)
{
	unsigned ranges = 0;

	(void)state;
	for (size_t i = 0; i < chips.n; i++) {
		struct option_layout l = { 0 };

		for (size_t k = 0; option_layout_of(&chips.at[i], &l) && k < l.n; k++) {
			const char *name = l.fields[k].name, *dash = strrchr(name, '-');

			if (!option_begins_range(&l.fields[k]))
				continue;
			ranges++;
			assert_true(k + 1 < l.n);
			assert_memory_equal(l.fields[k + 1].name, name, (size_t)(dash - name));
			assert_string_equal(l.fields[k + 1].name + (dash - name), "-last");
		}
	}
	assert_true(ranges > 0);
}

static void code_is_protected_only_where_an_area_is_set(void **state)
{
	const struct exam_area *l4 = area_of("L4");

	(void)state;
	assert_false(exam_area_protects(l4, 0xffff, 0));
	assert_false(exam_area_protects(l4, 0, 0));
	assert_true(exam_area_protects(l4, 0x10, 0x20));
}

static void some_families_have_a_mode_for_code_that_cannot_be_read(void **state)
{
	uint32_t reg = 0;

	(void)state;
	assert_int_equal(exam_code_mode(chips_find(&chips, 0x413), &reg), 1U << 31);
	assert_int_equal(reg, 0x14);
	assert_int_equal(exam_code_mode(chips_find(&chips, 0x410), &reg), 0);
}

static void a_bound_falls_with_the_words_that_went_well(void **state)
{
	(void)state;
	assert_true(check_rate_most(0, 30000) < 1.25e-4);
	assert_true(check_rate_most(0, 0) >= 1);
	assert_true(check_rate_most(10, 10000) > 10.0 / 10000);
	assert_true(check_rate_most(10, 10000) < 20.0 / 10000);
	assert_true(check_rate_most(5, 5) <= 1);
}

/*
 * Tables of chi-squared: its 2.5 % quantile with 2, 20, 200 degrees of freedom is 0.05064, 9.591,
 * 162.728; its 97.5 % quantile with 2, 4, 22 is 7.378, 11.143, 36.781.
 */
static void the_bounds_of_a_rate_are_the_exact_ones(void **state)
{
	(void)state;
	assert_true(error_rate_interval(0, 30000).least <= 0);
	assert_true(error_rate_interval(0, 0).least <= 0);
	assert_true(error_rate_interval(0, 0).most >= 1);
	assert_float_equal(error_rate_interval(1, 1000).least, 0.05064 / 2 / 1000, 1e-8);
	assert_float_equal(error_rate_interval(10, 1000).least, 9.591 / 2 / 1000, 1e-6);
	assert_float_equal(error_rate_interval(100, 1000).least, 162.728 / 2 / 1000, 1e-6);
	assert_float_equal(error_rate_interval(0, 1000).most, 7.378 / 2 / 1000, 1e-6);
	assert_float_equal(error_rate_interval(1, 1000).most, 11.143 / 2 / 1000, 1e-6);
	assert_float_equal(error_rate_interval(10, 1000).most, 36.781 / 2 / 1000, 1e-6);
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
		cmocka_unit_test(each_area_is_of_a_family_that_the_table_of_chips_has),
		cmocka_unit_test(a_chip_with_one_bank_has_no_area_in_a_second),
		cmocka_unit_test(no_area_stands_in_both_tables),
		cmocka_unit_test(a_range_among_the_options_has_its_end_behind_its_beginning),
		cmocka_unit_test(code_is_protected_only_where_an_area_is_set),
		cmocka_unit_test(some_families_have_a_mode_for_code_that_cannot_be_read),
		cmocka_unit_test(a_bound_falls_with_the_words_that_went_well),
		cmocka_unit_test(the_bounds_of_a_rate_are_the_exact_ones),
		cmocka_unit_test(the_recommended_speed_keeps_a_margin),
	};

	return cmocka_run_group_tests_name("exam_protect", tests, load, unload);
}
