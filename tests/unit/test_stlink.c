/* The ST-LINK protocol, word for word: opening, modes, versions and closing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "tests/lib/stlink_talk.h"

static void opening_leaves_the_mode_in_which_the_probe_was(void **state)
{
	static const struct {
		const char *mode, *leave;
	} cases[] = { { "01 00", NULL }, { "02 00", "f2 21" }, { "03 00", "f4 01" } };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct chat_line script[5] = { { "f1", .in = V2J37 },
					       { "f5", .in = cases[i].mode } };
		unsigned n = 2;
		struct talk t;

		if (cases[i].leave)
			script[n++].cmd = cases[i].leave;
		script[n++] = (struct chat_line){ "f5", .in = "01 00" };
		begin(&t, script, n);
		assert_int_equal(stlink_open(&t.s, &t.e), 0);
		assert_int_equal(t.s.version.jtag, 37);
		assert_int_equal(t.s.mode_found, cases[i].mode[1] - '0');
		chat_done(&t.chat);
	}
}

static void a_v3_is_asked_for_its_long_version(void **state)
{
	static const struct chat_line script[] = {
		{ "f1", .in = "30 00 83 04 4e 37" },
		{ "fb", .in = "03 00 09 03 00 00 00 00 83 04 4e 37" },
		{ "f5", .in = "01 03" },
		{ "f5", .in = "01 03" },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(stlink_open(&t.s, &t.e), 0);
	assert_int_equal(t.s.version.jtag, 9);
	assert_int_equal(t.s.version.generation, STLINK_V3);
	chat_done(&t.chat);
}

static void a_probe_that_leaves_its_loader_may_have_to_be_opened_again(void **state)
{
	static const struct chat_line script[] = {
		{ "f1", .in = V2J37 },	 { "f5", .in = "00 00" },
		{ .cmd = "f3 07" },	 { "f5", .outcome = XACT_GONE, .native = -4 },
		{ "f5", .in = "01 00" },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(stlink_open(&t.s, &t.e), 0);
	assert_int_equal(t.chat.reopened, 1);
	assert_int_equal(t.s.mode_found, STLINK_MODE_DFU);
	chat_done(&t.chat);
}

static void a_boot_loader_is_left_alone_and_named(void **state)
{
	static const struct chat_line script[] = {
		{ "f1", .in = V2J37 },
		{ "f5", .in = "04 00" },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(stlink_open(&t.s, &t.e), ERR_UNFIT);
	assert_int_equal(t.e.native, 4);
	assert_non_null(strstr(t.e.text, "boot loader"));
	chat_done(&t.chat);
}

static void a_mute_probe_is_opened_again_once(void **state)
{
	static const struct chat_line script[] = {
		{ "f1", .outcome = XACT_TIMEOUT, .native = -7, .times = 2 },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(stlink_open(&t.s, &t.e), ERR_TIMEOUT);
	assert_int_equal(t.e.native, -7);
	assert_string_equal(t.e.text, "version: chat: timeout");
	assert_string_equal(t.chat.marks, "no version: opening the probe again\n");
	chat_done(&t.chat);
}

static void a_firmware_for_stm8_only_is_refused(void **state)
{
	static const struct chat_line script[] = { { "f1", .in = "25 87 83 04 4b 37" } };
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(stlink_open(&t.s, &t.e), ERR_UNFIT);
	assert_non_null(strstr(t.e.text, "STM8"));
	chat_done(&t.chat);
}

static void old_firmware_is_not_told_what_it_does_not_know(void **state)
{
	uint8_t bytes[4];
	uint32_t value;
	struct talk t;

	(void)state;
	begin(&t, NULL, 0);
	version_is(&t, V2J17);
	assert_int_equal(stlink_mem_read(&t.s, 0, 2, 0, 0x20000000, bytes, 2, &t.e),
			 ERR_UNSUPPORTED);
	assert_non_null(strstr(t.e.text, "V2J17S4"));
	assert_int_equal(stlink_dap_read(&t.s, STLINK_PORT_DP, DP_DPIDR, &value, &t.e),
			 ERR_UNSUPPORTED);
	assert_int_equal(stlink_ap_open(&t.s, 0, &t.e), 0);
	assert_int_equal(stlink_ap_open(&t.s, 1, &t.e), ERR_UNSUPPORTED);
}

static void closing_releases_the_reset_line_and_goes_on_after_a_failure(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 30 a3", .in = "80 00" },
		{ "f2 3c 00", .in = "80 00" },
		{ "f2 3c 01", .in = "06 00" },
		{ "f5", .in = "02 00" },
		{ .cmd = "f2 21" },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_enter(&t.s, STLINK_LINK_SWD, &t.e), 0);
	assert_int_equal(stlink_drive_nrst(&t.s, STLINK_NRST_LOW, &t.e), 0);
	assert_int_equal(stlink_close(&t.s, &t.e), ERR_STATUS);
	assert_int_equal(t.e.native, STLINK_DEBUG_INTERNAL_ERROR);
	assert_false(t.s.in_debug);
	chat_done(&t.chat);
}

static void a_run_that_is_over_still_leaves_the_probe_in_order(void **state)
{
	static const struct chat_line script[] = { { "f5", .in = "02 00" }, { .cmd = "f2 21" } };
	struct deadline run;
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	deadline_init(&run, &t.chat.clock.clock, NULL, "the run", 1);
	t.s.deadline = &run;
	t.s.in_debug = true;
	t.chat.clock.now_us += 5000;
	assert_int_equal(stlink_close(&t.s, &t.e), 0);
	chat_done(&t.chat);
}

/* Neither of two probes knows of the other. */
static void two_probes_in_one_process(void **state)
{
	static const struct chat_line of_a[] = { { "f1", .in = V2J37 },
						 { "f2 30 a3", .in = "80 00" } };
	static const struct chat_line of_b[] = { { "f1", .in = V2J17 },
						 { "f2 30 a4", .in = "09 00" } };
	struct talk a, b;

	(void)state;
	BEGIN(&a, of_a);
	BEGIN(&b, of_b);
	assert_int_equal(stlink_read_version(&a.s, NULL), 0);
	assert_int_equal(stlink_read_version(&b.s, NULL), 0);
	assert_int_equal(stlink_enter(&a.s, STLINK_LINK_SWD, &a.e), 0);
	assert_int_equal(stlink_enter(&b.s, STLINK_LINK_JTAG, &b.e), ERR_STATUS);
	assert_int_equal(a.s.version.jtag, 37);
	assert_int_equal(b.s.version.jtag, 17);
	assert_true(a.s.in_debug);
	assert_false(b.s.in_debug);
	chat_done(&a.chat);
	chat_done(&b.chat);
}

int main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		T(opening_leaves_the_mode_in_which_the_probe_was),
		T(a_v3_is_asked_for_its_long_version),
		T(a_probe_that_leaves_its_loader_may_have_to_be_opened_again),
		T(a_boot_loader_is_left_alone_and_named),
		T(a_mute_probe_is_opened_again_once),
		T(a_firmware_for_stm8_only_is_refused),
		T(old_firmware_is_not_told_what_it_does_not_know),
		T(closing_releases_the_reset_line_and_goes_on_after_a_failure),
		T(a_run_that_is_over_still_leaves_the_probe_in_order),
		T(two_probes_in_one_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
