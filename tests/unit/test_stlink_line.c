/* What the ST-LINK says of the line: its speeds and the voltage of the target. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/lib/stlink_talk.h"

static void a_v2_gets_the_nearest_divisor_not_above(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 43 01 00", .in = "80 00" },
		{ "f2 43 1e 03", .in = "80 00" },
		{ "f2 44 00 01", .in = "80 00" },
	};
	uint32_t khz;
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_set_khz(&t.s, STLINK_LINK_SWD, 3999, &khz, &t.e), 0);
	assert_int_equal(khz, 1800);
	assert_int_equal(stlink_set_khz(&t.s, STLINK_LINK_SWD, 1, &khz, &t.e), 0);
	assert_int_equal(khz, 5);
	assert_int_equal(stlink_set_khz(&t.s, STLINK_LINK_JTAG, 200, &khz, &t.e), 0);
	assert_int_equal(khz, 140);
	chat_done(&t.chat);
}

#define V3_LIST                                                                                    \
	"80 00 00 00 e8 03 00 00 07 00 00 00 c0 5d 00 00 40 1f 00 00 e4 0c 00 00 e8 03 00 00 "     \
	"c8 00 00 00 32 00 00 00 05 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"

static void a_v3_is_told_a_speed_of_its_own_list(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 62 00", .in = V3_LIST },
		{ "f2 61 00 00 e8 03", .in = "80 00 00 00 e8 03 00 00" },
		{ "f2 62 00", .in = V3_LIST },
	};
	uint32_t khz, list[STLINK_KHZ_MAX];
	size_t n;
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	v3_is(&t, 9);
	assert_int_equal(stlink_set_khz(&t.s, STLINK_LINK_SWD, 1800, &khz, &t.e), 0);
	assert_int_equal(khz, 1000);
	assert_int_equal(stlink_khz_list(&t.s, STLINK_LINK_SWD, list, &n, &t.e), 0);
	assert_int_equal(n, 7);
	assert_int_equal(list[0], 24000);
	assert_int_equal(list[6], 5);
	chat_done(&t.chat);
}

static void an_empty_list_of_speeds_makes_no_sense(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 62 00", .in = "80 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
				    "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
				    "00 00 00 00 00 00 00 00 00 00 00 00" },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	v3_is(&t, 9);
	assert_int_equal(stlink_set_khz(&t.s, STLINK_LINK_SWD, 1800, NULL, &t.e), ERR_PROTOCOL);
	chat_done(&t.chat);
}

static void firmware_with_one_speed_says_which(void **state)
{
	uint32_t khz;
	struct talk t;

	(void)state;
	begin(&t, NULL, 0);
	version_is(&t, V2J17);
	assert_int_equal(stlink_set_khz(&t.s, STLINK_LINK_SWD, 100, &khz, &t.e), 0);
	assert_int_equal(khz, 1800);
}

static void the_voltage_is_told_with_how_far_it_can_be_trusted(void **state)
{
	static const struct chat_line script[] = {
		{ "f7", .in = "d1 05 00 00 00 08 00 00" },
		{ "f7", .in = "d1 05 00 00 9f 04 00 00" },
	};
	struct stlink_voltage v;
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_read_voltage(&t.s, &v, &t.e), 0);
	assert_int_equal(v.mv, 3301);
	assert_int_equal(v.trust, STLINK_TRUST_MAYBE_OWN);
	assert_int_equal(stlink_read_voltage(&t.s, &v, &t.e), 0);
	assert_int_equal(v.mv, 1907);
	assert_int_equal(v.trust, STLINK_TRUST_GOOD);
	chat_done(&t.chat);
}

static void a_board_s_own_probe_is_trusted(void **state)
{
	static const struct chat_line script[] = { { "f7", .in = "d1 05 00 00 00 08 00 00" } };
	struct stlink_voltage v;
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, V2_1);
	assert_int_equal(stlink_read_voltage(&t.s, &v, &t.e), 0);
	assert_int_equal(v.trust, STLINK_TRUST_GOOD);
}

static void a_reading_without_a_reference_is_no_zero(void **state)
{
	static const struct chat_line script[] = { { "f7", .in = "00 00 00 00 00 08 00 00" } };
	struct stlink_voltage v = { .mv = 1234 };
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_read_voltage(&t.s, &v, &t.e), ERR_PROTOCOL);
	assert_int_equal(v.mv, 1234);
}

int main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		T(a_v2_gets_the_nearest_divisor_not_above),
		T(a_v3_is_told_a_speed_of_its_own_list),
		T(an_empty_list_of_speeds_makes_no_sense),
		T(firmware_with_one_speed_says_which),
		T(the_voltage_is_told_with_how_far_it_can_be_trusted),
		T(a_board_s_own_probe_is_trusted),
		T(a_reading_without_a_reference_is_no_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
