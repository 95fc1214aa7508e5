/* Memory through the ST-LINK: blocks, their widths, their ends and what went wrong in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "tests/lib/stlink_talk.h"

static void memory_is_read_in_blocks_and_each_is_asked_how_it_went(void **state)
{
	char block[6144 * 2 + 1], tail[8 + 1] = "04030201";
	const struct chat_line script[] = {
		{ "f2 07 00 00 00 08 00 18", .in = block },
		{ ASK_3E, .in = GOOD },
		{ "f2 07 00 18 00 08 04 00", .in = tail },
		{ ASK_3E, .in = GOOD },
	};
	static uint8_t bytes[6148];
	struct talk t;

	(void)state;
	memset(block, '5', sizeof(block) - 1);
	block[sizeof(block) - 1] = '\0';
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_mem_read(&t.s, 0, 4, 0, 0x08000000, bytes, sizeof(bytes), &t.e), 0);
	assert_int_equal(bytes[0], 0x55);
	assert_memory_equal(bytes + 6144, "\x04\x03\x02\x01", 4);
	chat_done(&t.chat);
}

static void a_write_that_failed_says_where(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 08 00 00 00 20 08 00 01", .out = "11 22 33 44 55 66 77 88" },
		{ ASK_3E, .in = "0d 00 00 00 04 00 00 20 00 00 00 00" },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_mem_write(&t.s, 1, 4, 0, 0x20000000,
					  "\x11\x22\x33\x44\x55\x66\x77\x88", 8, &t.e),
			 ERR_STATUS);
	assert_int_equal(t.e.native, STLINK_DEBUG_WRITE_VERIFY_ERROR);
	assert_true(t.s.has_fault_address);
	assert_int_equal(t.s.fault_address, 0x20000004);
	assert_string_equal(t.e.text, "writing memory at 0x20000000 (failed at 0x20000004): "
				      "WRITE_VERIFY_ERROR (0x0d): what was written reads back "
				      "differently");
	chat_done(&t.chat);
}

static void after_wait_the_whole_block_is_moved_again(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 08 00 00 00 20 04 00", .out = "11 22 33 44" },
		{ ASK_3E, .in = "10 00 00 00 00 00 00 20 00 00 00 00" },
		{ "f2 08 00 00 00 20 04 00", .out = "11 22 33 44" },
		{ ASK_3E, .in = GOOD },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_mem_write(&t.s, 0, 4, 0, 0x20000000, "\x11\x22\x33\x44", 4, &t.e),
			 0);
	assert_false(t.s.has_fault_address);
	chat_done(&t.chat);
}

static void a_write_that_counts_is_not_even_repeated_after_wait(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 08 00 00 00 20 04 00", .out = "11 22 33 44" },
		{ ASK_3E, .in = "10 00 00 00 00 00 00 20 00 00 00 00" },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_mem_write(&t.s, 0, 4, STLINK_MEM_ONCE, 0x20000000,
					  "\x11\x22\x33\x44", 4, &t.e),
			 ERR_STATUS);
	assert_int_equal(t.e.native, STLINK_DEBUG_AP_WAIT);
	chat_done(&t.chat);
}

static void two_bytes_come_for_one(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 0c 01 00 00 20 01 00", .in = "5a ff" },
		{ ASK_3E, .in = GOOD },
	};
	uint8_t bytes[2] = { 0, 0xcc };
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_mem_read(&t.s, 0, 1, 0, 0x20000001, bytes, 1, &t.e), 0);
	assert_int_equal(bytes[0], 0x5a);
	assert_int_equal(bytes[1], 0xcc);
	chat_done(&t.chat);
}

static void single_bytes_go_64_at_a_time_on_a_v2_and_512_on_a_v3(void **state)
{
	static const uint8_t zeros[600];
	struct chat_line script[4] = { { .cmd = "f2 0d 00 00 00 20 40 00" },
				       { ASK_3E, .in = GOOD },
				       { "f2 0d 40 00 00 20 01 00", .out = "00" },
				       { ASK_3E, .in = GOOD } };
	char out[1100];
	struct talk t;

	(void)state;
	memset(out, '0', sizeof(out));
	out[128] = '\0';
	script[0].out = out;
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_mem_write(&t.s, 0, 1, 0, 0x20000000, zeros, 65, &t.e), 0);
	chat_done(&t.chat);

	out[128] = '0';
	out[1024] = '\0';
	script[0].cmd = "f2 0d 00 00 00 20 00 02";
	script[2].cmd = "f2 0d 00 02 00 20 01 00";
	BEGIN(&t, script);
	v3_is(&t, 9);
	assert_int_equal(stlink_mem_write(&t.s, 0, 1, 0, 0x20000000, zeros, 513, &t.e), 0);
	chat_done(&t.chat);
}

static void what_is_not_aligned_or_too_long_is_never_sent(void **state)
{
	static const struct {
		unsigned width;
		uint32_t address;
		size_t len;
	} cases[] = { { 4, 0x20000002, 4 }, { 4, 0x20000000, 6 }, { 2, 0x20000001, 2 },
		      { 2, 0x20000000, 3 }, { 3, 0x20000000, 3 }, { 8, 0x20000000, 8 },
		      { 4, 0xfffffff0, 20 } };
	uint8_t bytes[32];
	struct talk t;

	(void)state;
	begin(&t, NULL, 0);
	version_is(&t, V2J37);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(stlink_mem_read(&t.s, 0, cases[i].width, 0, cases[i].address,
						 bytes, cases[i].len, &t.e),
				 ERR_USAGE);
	assert_int_equal(stlink_mem_read(&t.s, 0, 4, 0, 0x20000000, bytes, 0, &t.e), 0);
}

static void the_end_of_the_address_space_can_be_reached(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 07 fc ff ff ff 04 00", .in = "01 02 03 04" },
		{ ASK_3E, .in = GOOD },
	};
	uint8_t bytes[4];
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_mem_read(&t.s, 0, 4, 0, 0xfffffffc, bytes, 4, &t.e), 0);
	chat_done(&t.chat);
}

static void in_jtag_no_block_crosses_where_the_port_s_address_wraps(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 30 a4", .in = "80 00" }, { "f2 07 fc 03 00 20 04 00", .in = "01 02 03 04" },
		{ ASK_3E, .in = GOOD },	       { "f2 07 00 04 00 20 04 00", .in = "05 06 07 08" },
		{ ASK_3E, .in = GOOD },
	};
	uint8_t bytes[8];
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	version_is(&t, V2J37);
	assert_int_equal(stlink_enter(&t.s, STLINK_LINK_JTAG, &t.e), 0);
	assert_int_equal(stlink_mem_read(&t.s, 0, 4, 0, 0x200003fc, bytes, 8, &t.e), 0);
	assert_memory_equal(bytes, "\1\2\3\4\5\6\7\10", 8);
	chat_done(&t.chat);
}

int main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		T(memory_is_read_in_blocks_and_each_is_asked_how_it_went),
		T(a_write_that_failed_says_where),
		T(after_wait_the_whole_block_is_moved_again),
		T(a_write_that_counts_is_not_even_repeated_after_wait),
		T(two_bytes_come_for_one),
		T(single_bytes_go_64_at_a_time_on_a_v2_and_512_on_a_v3),
		T(what_is_not_aligned_or_too_long_is_never_sent),
		T(the_end_of_the_address_space_can_be_reached),
		T(in_jtag_no_block_crosses_where_the_port_s_address_wraps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
