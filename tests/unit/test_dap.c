/* The debug port and its access ports, and a target behind an ST-LINK, word for word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "probe/dap.h"
#include "probe/target_stlink.h"
#include "tests/lib/chat.h"

#define STAT(bits)  "80 00 00 00 " bits
#define READ_STAT   "f2 45 ff ff 04 00"
#define GOOD_STATUS "80 00 00 00 00 00 00 00 00 00 00 00"

struct talk {
	struct chat chat;
	struct stlink s;
	struct target_stlink target;
	struct err e;
};

static void begin(struct talk *t, const struct chat_line *script, unsigned n)
{
	const uint8_t v2j37[6] = { 0x29, 0x47, 0x83, 0x04, 0x48, 0x37 };

	memset(t, 0, sizeof(*t));
	chat_init(&t->chat, script, n);
	stlink_init(&t->s, &t->chat.t, &t->chat.clock.clock);
	assert_int_equal(stlink_version_parse(v2j37, 6, &t->s.version, NULL), 0);
	target_stlink_init(&t->target, &t->s, 0, STLINK_LINK_SWD, 0);
}

#define BEGIN(t, script) begin(t, script, sizeof(script) / sizeof((script)[0]))

static void power_is_waited_for(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 46 ff ff 04 00 00 00 00 50", .in = "80 00" },
		{ READ_STAT, .in = STAT("00 00 00 50"), .times = 2 },
		{ READ_STAT, .in = STAT("00 00 00 f0") },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(dap_power_up(&t.s, &t.e), 0);
	chat_done(&t.chat);
}

static void power_that_does_not_come_is_told_with_the_register(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 46 ff ff 04 00 00 00 00 50", .in = "80 00" },
		{ READ_STAT, .in = STAT("00 00 00 50"), .times = 5000 },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(dap_power_up(&t.s, &t.e), ERR_PROTOCOL);
	assert_int_equal(t.e.native, 0x50000000);
	assert_in_range(t.chat.clock.slept_us, 990000, 1010000);
}

static void error_flags_are_cleared_and_told(void **state)
{
	static const struct chat_line script[] = {
		{ READ_STAT, .in = STAT("20 00 00 f0") },
		{ "f2 46 ff ff 00 00 1e 00 00 00", .in = "80 00" },
		{ READ_STAT, .in = STAT("a2 00 00 f0") },
		{ "f2 46 ff ff 04 00 a2 00 00 50", .in = "80 00" },
	};
	uint32_t were;
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(dap_clear_sticky(&t.s, &were, &t.e), 0);
	assert_int_equal(were & DAP_STICKY, DAP_STICKY_ERR);
	t.s.link = STLINK_LINK_JTAG;
	assert_int_equal(dap_clear_sticky(&t.s, &were, &t.e), 0);
	assert_int_equal(were & DAP_STICKY, DAP_STICKY_ERR | DAP_WDATA_ERR | DAP_STICKY_ORUN);
	chat_done(&t.chat);
}

/* As on an H7: AHB-AP 0, a hole, APB-AP 2; the end is told by zeros and by BAD_AP. */
static void ports_are_found_over_a_hole(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 45 00 00 fc 00", .in = "80 00 00 00 01 00 77 84" },
		{ "f2 4b 00", .in = "80 00" },
		{ "f2 45 00 00 00 00", .in = "80 00 00 00 40 00 00 22" },
		{ "f2 45 00 00 f4 00", .in = "80 00 00 00 00 00 00 00" },
		{ "f2 45 00 00 f8 00", .in = "80 00 00 00 03 d0 0f e0" },
		{ "f2 45 01 00 fc 00", .in = "80 00 00 00 00 00 00 00" },
		{ "f2 45 02 00 fc 00", .in = "80 00 00 00 02 00 77 54" },
		{ "f2 4b 02", .in = "80 00" },
		{ "f2 45 02 00 00 00", .in = "80 00 00 00 42 00 00 80" },
		{ "f2 45 02 00 f4 00", .in = "80 00 00 00 00 00 00 00" },
		{ "f2 45 02 00 f8 00", .in = "80 00 00 00 03 00 0e e0" },
		{ "f2 45 03 00 fc 00", .in = "1d 00 00 00 00 00 00 00" },
		{ "f2 45 04 00 fc 00", .in = "80 00 00 00 00 00 00 00" },
		{ "f2 45 05 00 fc 00", .in = "1d 00 00 00 00 00 00 00" },
	};
	struct dap_ap aps[DAP_APS_MAX];
	size_t n;
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(dap_scan(&t.s, aps, &n, &t.e), 0);
	assert_int_equal(n, 2);
	assert_int_equal(aps[0].base, 0xe00fd003);
	assert_string_equal(dap_ap_kind(aps[0].idr), "AHB-AP");
	assert_int_equal(aps[1].number, 2);
	assert_string_equal(dap_ap_kind(aps[1].idr), "APB-AP");
	chat_done(&t.chat);
}

static void a_search_that_meets_a_fault_ends_with_it(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 45 00 00 fc 00", .in = "16 00 00 00 00 00 00 00" },
	};
	struct dap_ap aps[DAP_APS_MAX];
	size_t n = 77;
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(dap_scan(&t.s, aps, &n, NULL), ERR_STATUS);
	assert_int_equal(n, 77);
	chat_done(&t.chat);
}

static void a_word_by_single_registers(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 45 00 00 00 00", .in = "80 00 00 00 50 00 00 23" },
		{ "f2 46 00 00 00 00 42 00 00 23", .in = "80 00" },
		{ "f2 46 00 00 04 00 00 00 00 20", .in = "80 00" },
		{ "f2 46 00 00 0c 00 78 56 34 12", .in = "80 00" },
		{ "f2 45 ff ff 0c 00", .in = "80 00 00 00 00 00 00 00" },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(dap_mem_write(&t.s, 0, 0x20000000, 0x12345678, &t.e), 0);
	chat_done(&t.chat);
}

static void connecting_under_reset_holds_the_line(void **state)
{
	static const struct chat_line script[] = {
		{ "f5", .in = "02 00" },	  { .cmd = "f2 21" },
		{ "f2 43 01 00", .in = "80 00" }, { "f2 3c 00", .in = "80 00" },
		{ "f2 30 a3", .in = "80 00" },	  { "f2 3c 00", .in = "80 00" },
		{ "f2 4b 00", .in = "80 00" },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	t.target.khz = 1800;
	assert_int_equal(target_connect(&t.target.t, TARGET_CONNECT_UNDER_RESET, &t.e), 0);
	assert_true(t.s.nrst_low);
	chat_done(&t.chat);
}

static void a_hot_plug_leaves_the_line_alone(void **state)
{
	static const struct chat_line script[] = {
		{ "f5", .in = "01 00" },
		{ "f2 30 a3", .in = "80 00" },
		{ "f2 4b 00", .in = "80 00" },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(target_connect(&t.target.t, TARGET_CONNECT_HOT_PLUG, &t.e), 0);
	chat_done(&t.chat);
}

static void memory_of_any_alignment_uses_words_in_the_middle(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 0c 03 00 00 20 01 00", .in = "03 ff" },
		{ "f2 3e", .in = GOOD_STATUS },
		{ "f2 07 04 00 00 20 08 00", .in = "04 05 06 07 08 09 0a 0b" },
		{ "f2 3e", .in = GOOD_STATUS },
		{ "f2 0c 0c 00 00 20 02 00", .in = "0c 0d" },
		{ "f2 3e", .in = GOOD_STATUS },
		{ "f2 0d 01 00 00 20 02 00", .out = "aa bb" },
		{ "f2 3e", .in = GOOD_STATUS },
	};
	uint8_t bytes[11];
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(target_read(&t.target.t, 0x20000003, bytes, 11, &t.e), 0);
	assert_memory_equal(bytes, "\3\4\5\6\7\10\11\12\13\14\15", 11);
	assert_int_equal(target_write(&t.target.t, 0x20000001, "\xaa\xbb", 2, &t.e), 0);
	chat_done(&t.chat);
}

static void single_words_take_one_command_and_many_a_queue(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 36 00 ed 00 e0", .in = "80 00 00 00 41 c2 0f 41" },
		{ "f2 35 f0 ed 00 e0 03 00 5f a0", .in = "80 00" },
		{ "f2 51 04",
		  .out = "05 03 03 03 00 00 00 00 00 00 00 20 04 00 00 20 08 00 00 20" },
		{ "f2 52", .in = "00 00 00 00 01 00 00 00 02 00 00 00 03 00 00 00 "
				 "80 00 00 00 80 00 00 00 80 00 00 00 80 00 00 00" },
	};
	struct target_word words[] = { { .address = 0x20000000 },
				       { .address = 0x20000004 },
				       { .address = 0x20000008 } };
	uint32_t value;
	size_t done;
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(target_read32(&t.target.t, 0xe000ed00, &value, &t.e), 0);
	assert_int_equal(value, 0x410fc241);
	assert_int_equal(target_write32(&t.target.t, 0xe000edf0, 0xa05f0003, &t.e), 0);
	assert_int_equal(target_words(&t.target.t, words, 3, &done, &t.e), 0);
	assert_int_equal(words[2].value, 3);
	chat_done(&t.chat);
}

static void where_an_access_failed_is_known_above(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 07 00 00 00 60 08 00", .in = "00 00 00 00 00 00 00 00" },
		{ "f2 3e", .in = "11 00 00 00 04 00 00 60 00 00 00 00" },
	};
	uint8_t bytes[8];
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(target_read(&t.target.t, 0x60000000, bytes, 8, &t.e), ERR_STATUS);
	assert_int_equal(t.e.native, 0x11);
	assert_true(t.target.t.has_fault_address);
	assert_int_equal(t.target.t.fault_address, 0x60000004);
}

static void reopening_goes_all_the_way_up_again(void **state)
{
	static const struct chat_line script[] = {
		{ "f1", .in = "29 47 83 04 48 37" },
		{ "f5", .in = "01 00" },
		{ "f5", .in = "01 00" },
		{ "f5", .in = "01 00" },
		{ "f2 30 a3", .in = "80 00" },
		{ "f2 4b 00", .in = "80 00" },
	};
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(target_reopen(&t.target.t, &t.e), 0);
	assert_int_equal(target_connect(&t.target.t, TARGET_CONNECT_HOT_PLUG, &t.e), 0);
	assert_int_equal(t.chat.reopened, 1);
	chat_done(&t.chat);
}

int main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		T(power_is_waited_for),
		T(power_that_does_not_come_is_told_with_the_register),
		T(error_flags_are_cleared_and_told),
		T(ports_are_found_over_a_hole),
		T(a_search_that_meets_a_fault_ends_with_it),
		T(a_word_by_single_registers),
		T(connecting_under_reset_holds_the_line),
		T(a_hot_plug_leaves_the_line_alone),
		T(memory_of_any_alignment_uses_words_in_the_middle),
		T(single_words_take_one_command_and_many_a_queue),
		T(where_an_access_failed_is_known_above),
		T(reopening_goes_all_the_way_up_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
