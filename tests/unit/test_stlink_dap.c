/* Ports, queues and core registers through the ST-LINK. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tests/lib/stlink_talk.h"

static void an_access_port_is_opened_once(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 4b 02", .in = "80 00" },
		{ "f2 4c 02", .in = "80 00" },
		{ "f2 4b 03", .in = "1d 00" },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_ap_open(&t.s, 2, &t.e), 0);
	assert_int_equal(stlink_ap_open(&t.s, 2, &t.e), 0);
	assert_int_equal(stlink_ap_close(&t.s, 2, &t.e), 0);
	assert_int_equal(stlink_ap_open(&t.s, 3, &t.e), ERR_STATUS);
	assert_int_equal(t.e.native, STLINK_DEBUG_BAD_AP);
	assert_false(stlink_ap_is_open(&t.s, 3));
	chat_done(&t.chat);
}

static void port_registers_are_read_and_written(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 45 ff ff 00 00", .in = "80 00 00 00 77 14 a0 2b" },
		{ "f2 45 00 00 fc 00", .in = "80 00 00 00 11 00 77 24" },
		/* neither overrun detection nor a bank reach the probe */
		{ "f2 46 ff ff 04 00 00 00 00 50", .in = "80 00" },
		{ "f2 46 ff ff 08 00 f0 00 00 01", .in = "80 00" },
	};
	uint32_t value;
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_dap_read(&t.s, STLINK_PORT_DP, DP_DPIDR, &value, &t.e), 0);
	assert_int_equal(value, 0x2ba01477);
	assert_int_equal(stlink_dap_read(&t.s, 0, AP_IDR, &value, &t.e), 0);
	assert_int_equal(value, 0x24770011);
	assert_int_equal(stlink_dap_write(&t.s, STLINK_PORT_DP, DP_CTRL_STAT, 0x50000001, &t.e), 0);
	assert_int_equal(stlink_dap_write(&t.s, STLINK_PORT_DP, DP_SELECT, 0x010000f3, &t.e), 0);
	chat_done(&t.chat);
}

static void some_firmware_is_one_read_behind_in_jtag(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 45 ff ff 04 00", .in = "80 00 00 00 00 00 00 00" },
		{ "f2 45 ff ff 0c 00", .in = "80 00 00 00 00 00 00 f0" },
	};
	uint32_t value;
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, "27 07 83 04 48 37"); /* V2J28 */
	t.s.link = STLINK_LINK_JTAG;
	assert_int_equal(stlink_dap_read(&t.s, STLINK_PORT_DP, DP_CTRL_STAT, &value, &t.e), 0);
	assert_int_equal(value, 0xf0000000);
	chat_done(&t.chat);
}

static void a_queue_is_two_transactions(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 51 05", .out = "05 01 02 03 03 00 00 00 00 00 00 00 fc ed 00 e0 00 00 00 01 "
				     "f0 ed 00 e0 00 ed 00 e0" },
		{ "f2 52", .in = "00 00 00 00 00 00 00 00 00 00 00 00 01 00 01 01 41 c2 0f 41 "
				 "80 00 00 00 80 00 00 00 80 00 00 00 80 00 00 00 80 00 00 00" },
	};
	struct stlink_queued items[] = { { true, CORESIGHT_DEMCR, 0x01000000 },
					 { false, CORESIGHT_DHCSR, 0 },
					 { false, CORESIGHT_CPUID, 0 } };
	size_t done;
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_queue_run(&t.s, 0, items, 3, &done, &t.e), 0);
	assert_int_equal(done, 3);
	assert_int_equal(items[1].value, 0x01010001);
	assert_int_equal(items[2].value, 0x410fc241);
	chat_done(&t.chat);
}

static void a_queue_tells_which_access_failed(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 51 03", .out = "05 03 03 00 00 00 00 00 00 00 00 20 00 00 00 60" },
		{ "f2 52", .in = "00 00 00 00 01 00 00 00 00 00 00 00 "
				 "80 00 00 00 80 00 00 00 11 00 00 00" },
	};
	struct stlink_queued items[] = { { false, 0x20000000, 0 }, { false, 0x60000000, 77 } };
	size_t done;
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_queue_run(&t.s, 0, items, 2, &done, &t.e), ERR_STATUS);
	assert_int_equal(t.e.native, STLINK_DEBUG_AP_FAULT);
	assert_int_equal(done, 1);
	assert_int_equal(items[0].value, 1);
	assert_int_equal(items[1].value, 77);
	assert_non_null(strstr(t.e.text, "queued read at 0x60000000"));
	chat_done(&t.chat);
}

static void all_core_registers_come_at_once(void **state)
{
	char in[88 * 2 + 1] = "80000000";
	const struct chat_line script[] = { { "f2 3a", .in = in } };
	uint32_t regs[STLINK_CORE_REGS];
	struct talk t;

	(void)state;
	for (unsigned i = 4; i < 88; i++)
		snprintf(in + (size_t)2 * i, 3, "%02x", i % 4 ? 0 : i / 4 - 1);
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_core_read_all(&t.s, regs, &t.e), 0);
	for (unsigned i = 0; i < STLINK_CORE_REGS; i++)
		assert_int_equal(regs[i], i);
	chat_done(&t.chat);
}

static void a_step_masks_interrupts_before(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 35 f0 ed 00 e0 0b 00 5f a0", .in = "80 00" },
		{ "f2 35 f0 ed 00 e0 0d 00 5f a0", .in = "80 00" },
		{ "f2 35 f0 ed 00 e0 03 00 5f a0", .in = "80 00" },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_core_step(&t.s, &t.e), 0);
	chat_done(&t.chat);
}

int main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		T(an_access_port_is_opened_once),
		T(port_registers_are_read_and_written),
		T(some_firmware_is_one_read_behind_in_jtag),
		T(a_queue_is_two_transactions),
		T(a_queue_tells_which_access_failed),
		T(all_core_registers_come_at_once),
		T(a_step_masks_interrupts_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
