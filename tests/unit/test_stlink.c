/* The ST-LINK protocol, word for word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/coresight_regs.h"
#include "probe/stlink.h"
#include "tests/lib/chat.h"

#define V2J37  "29 47 83 04 48 37"
#define V2J17  "24 44 83 04 48 37"
#define V2_1   "28 59 83 04 4b 37" /* V2J33M25 */
#define ASK_3E "f2 3e"
#define GOOD   "80 00 00 00 00 00 00 00 00 00 00 00"

struct talk {
	struct chat chat;
	struct stlink s;
	struct err e;
};

static void begin(struct talk *t, const struct chat_line *script, unsigned n)
{
	memset(t, 0, sizeof(*t));
	chat_init(&t->chat, script, n);
	stlink_init(&t->s, &t->chat.t, &t->chat.clock.clock);
}

#define BEGIN(t, script) begin(t, script, sizeof(script) / sizeof((script)[0]))

/* As after stlink_open, without having said anything. */
static void version_is(struct talk *t, const char *which)
{
	uint8_t reply[6];
	char *at = (char *)(uintptr_t)which;

	for (unsigned n = 0; n < 6; n++)
		reply[n] = (uint8_t)strtoul(at, &at, 16);
	assert_int_equal(stlink_version_parse(reply, 6, &t->s.version, NULL), 0);
}

static void v3_is(struct talk *t, uint8_t jtag)
{
	const uint8_t reply[12] = { 3, 0, jtag, 1, 0, 0, 0, 0, 0x83, 4, 0x4e, 0x37 };

	assert_int_equal(stlink_version_parse_ex(reply, 12, &t->s.version, NULL), 0);
}

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

/* Every word that is neither OK nor WAIT: told once, with its number, and nothing is said after it.
 */
static void every_status_word_survives_and_is_not_asked_again(void **state)
{
	unsigned seen = 0;

	(void)state;
	for (unsigned word = 0; word < 256; word++) {
		char in[6];
		struct chat_line script[] = { { "f2 30 a3", .in = in } };
		enum stlink_status_kind kind = stlink_status_kind_of(STLINK_STATUS_DEBUG, word);
		struct talk t;

		if (kind == STLINK_STATUS_OK || kind == STLINK_STATUS_WAIT)
			continue;
		snprintf(in, sizeof(in), "%02x 00", word);
		BEGIN(&t, script);
		assert_int_equal(stlink_enter(&t.s, STLINK_LINK_SWD, &t.e), ERR_STATUS);
		assert_int_equal(t.e.native, word);
		assert_false(t.s.in_debug);
		chat_done(&t.chat);
		seen++;
	}
	assert_int_equal(seen, 252);
}

static void the_status_is_told_in_words(void **state)
{
	static const struct chat_line script[] = { { "f2 30 a3", .in = "09 00" } };
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(stlink_enter(&t.s, STLINK_LINK_SWD, &t.e), ERR_STATUS);
	assert_string_equal(t.e.text,
			    "enter debug mode: GET_IDCODE_ERROR (0x09): no IDCODE could be read");
}

static void wait_is_asked_again_with_growing_pauses(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 36 f0 ed 00 e0", .in = "10 00 00 00 00 00 00 00", .times = 3 },
		{ "f2 36 f0 ed 00 e0", .in = "80 00 00 00 03 00 03 00" },
	};
	uint32_t value = 0;
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(stlink_word_read(&t.s, CORESIGHT_DHCSR, &value, &t.e), 0);
	assert_int_equal(value, 0x00030003);
	assert_int_equal(t.s.waits, 3);
	assert_int_equal(t.chat.clock.slept_us, 100 + 200 + 400);
	chat_done(&t.chat);
}

static void endless_wait_ends(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 36 f0 ed 00 e0", .in = "14 00 00 00 00 00 00 00",
		  .times = STLINK_WAITS_MAX + 1 },
	};
	uint32_t value = 0xdead;
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	assert_int_equal(stlink_word_read(&t.s, CORESIGHT_DHCSR, &value, &t.e), ERR_STATUS);
	assert_int_equal(t.e.native, STLINK_DEBUG_DP_WAIT);
	assert_int_equal(value, 0xdead);
	assert_in_range(t.chat.clock.slept_us, 200000, 210000);
	chat_done(&t.chat);
}

static void a_deadline_ends_the_asking(void **state)
{
	static const struct chat_line script[] = {
		{ "f2 36 f0 ed 00 e0", .in = "10 00 00 00 00 00 00 00", .times = 5 },
	};
	struct deadline step;
	uint32_t value;
	struct talk t;

	(void)state;
	BEGIN(&t, script);
	deadline_init(&step, &t.chat.clock.clock, NULL, "a step", 3);
	t.s.deadline = &step;
	assert_int_equal(stlink_word_read(&t.s, CORESIGHT_DHCSR, &value, &t.e), ERR_DEADLINE);
	assert_int_equal(t.s.waits, 5);
}

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
		T(every_status_word_survives_and_is_not_asked_again),
		T(the_status_is_told_in_words),
		T(wait_is_asked_again_with_growing_pauses),
		T(endless_wait_ends),
		T(a_deadline_ends_the_asking),
		T(memory_is_read_in_blocks_and_each_is_asked_how_it_went),
		T(a_write_that_failed_says_where),
		T(after_wait_the_whole_block_is_moved_again),
		T(a_write_that_counts_is_not_even_repeated_after_wait),
		T(two_bytes_come_for_one),
		T(single_bytes_go_64_at_a_time_on_a_v2_and_512_on_a_v3),
		T(what_is_not_aligned_or_too_long_is_never_sent),
		T(the_end_of_the_address_space_can_be_reached),
		T(in_jtag_no_block_crosses_where_the_port_s_address_wraps),
		T(old_firmware_is_not_told_what_it_does_not_know),
		T(an_access_port_is_opened_once),
		T(port_registers_are_read_and_written),
		T(some_firmware_is_one_read_behind_in_jtag),
		T(a_queue_is_two_transactions),
		T(a_queue_tells_which_access_failed),
		T(a_v2_gets_the_nearest_divisor_not_above),
		T(a_v3_is_told_a_speed_of_its_own_list),
		T(an_empty_list_of_speeds_makes_no_sense),
		T(firmware_with_one_speed_says_which),
		T(the_voltage_is_told_with_how_far_it_can_be_trusted),
		T(a_board_s_own_probe_is_trusted),
		T(a_reading_without_a_reference_is_no_zero),
		T(closing_releases_the_reset_line_and_goes_on_after_a_failure),
		T(a_run_that_is_over_still_leaves_the_probe_in_order),
		T(all_core_registers_come_at_once),
		T(a_step_masks_interrupts_before),
		T(two_probes_in_one_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
