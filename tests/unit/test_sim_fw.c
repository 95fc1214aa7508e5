/* The firmware of the bench's probes: what each command answers. */
#include "tests/lib/desk.h"

/* ---- who it is ---- */

static void versions_are_packed_as_tools_unpack_them(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", "V2J37S7", "F405");
	ASK(&d, 6, 0xf1);
	assert_memory_equal(d.reply, ((uint8_t[]){ 0x29, 0x47, 0x83, 0x04, 0x48, 0x37 }), 6);
	bench_done(&d.b);
	desk_init(&d, "v2-1", "V2J33M25", "F405");
	ASK(&d, 6, 0xf1);
	assert_memory_equal(d.reply, ((uint8_t[]){ 0x28, 0x59, 0x83, 0x04, 0x4b, 0x37 }), 6);
	bench_done(&d.b);
	desk_init(&d, "v3", "V3J13M4B5", "F405");
	ASK(&d, 6, 0xf1);
	assert_memory_equal(d.reply, ((uint8_t[]){ 0x30, 0x00, 0x83, 0x04, 0x4f, 0x37 }), 6);
	ASK(&d, 12, 0xfb);
	assert_memory_equal(d.reply,
			    ((uint8_t[]){ 3, 0, 13, 4, 5, 0, 0, 0, 0x83, 0x04, 0x4f, 0x37 }), 12);
	bench_done(&d.b);
}

static void the_mode_follows_enter_and_exit(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", NULL, "F405");
	ASK(&d, 2, 0xf5);
	assert_int_equal(d.reply[0], 1);
	ASK(&d, 2, 0xf2, 0x36, 0xf0, 0xed, 0x00, 0xe0);
	assert_int_equal(d.reply[0], 0x08); /* not in debug mode */
	enter(&d);
	ASK(&d, 2, 0xf5);
	assert_int_equal(d.reply[0], 2);
	SAY(&d, 0xf2, 0x21);
	assert_int_equal(fetch(&d, 64), USB_NAK); /* no reply at all */
	ASK(&d, 2, 0xf5);
	assert_int_equal(d.reply[0], 1);
	bench_done(&d.b);
}

static void commands_appear_with_the_firmware_that_brought_them(void **state)
{
	static const struct {
		const char *probe, *firmware;
		uint8_t op, status;
	} rows[] = {
		{ "v2", "V2J21S4", 0x43, 0x42 }, { "v2", "V2J22S4", 0x43, 0x80 },
		{ "v2", "V2J23S4", 0x44, 0x42 }, { "v2", "V2J24S4", 0x44, 0x80 },
		{ "v2", "V2J37S7", 0x62, 0x42 }, { "v3", "V3J9M3", 0x43, 0x08 },
		{ "v3", "V3J5M3", 0x56, 0x42 },	 { "v2", "V2J37S7", 0x99, 0x42 },
	};
	struct desk d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		desk_init(&d, rows[i].probe, rows[i].firmware, "F405");
		ASK(&d, 2, 0xf2, rows[i].op, 1);
		assert_int_equal(d.reply[0], rows[i].status);
		bench_done(&d.b);
	}
}

static void the_voltage_is_that_at_the_pin(void **state)
{
	struct desk d;
	double volts;

	(void)state;
	desk_init(&d, "v2", NULL, "F405");
	ASK(&d, 8, 0xf7);
	volts = 2.4 * get_le32(d.reply + 4) / get_le32(d.reply);
	assert_true(volts > 3.28 && volts < 3.32);
	d.b.wire.state[WIRE_VTREF] = WIRE_OPEN;
	ASK(&d, 8, 0xf7);
	volts = 2.4 * get_le32(d.reply + 4) / get_le32(d.reply);
	assert_true(volts > 1.5 && volts < 1.6); /* a V2 floats there */
	bench_done(&d.b);
	desk_init(&d, "v2-clone", NULL, "F405");
	chip_set_supply(&d.b.chip, 0, d.b.now_ns);
	ASK(&d, 8, 0xf7);
	volts = 2.4 * get_le32(d.reply + 4) / get_le32(d.reply);
	assert_true(volts > 3.2); /* a clone says so whatever is there */
	bench_done(&d.b);
}

/* ---- the target ---- */

static void without_a_target_enter_finds_no_idcode(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", NULL, "F405");
	d.b.wire.state[WIRE_SWDIO] = WIRE_OPEN;
	ASK(&d, 2, 0xf2, 0x30, 0xa3);
	assert_int_equal(d.reply[0], 0x09);
	ASK(&d, 2, 0xf5);
	assert_int_equal(d.reply[0], 1);
	bench_done(&d.b);
}

static void idcodes_and_debug_registers_are_read(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", NULL, "F405");
	enter(&d);
	ASK(&d, 12, 0xf2, 0x31);
	assert_int_equal(d.reply[0], 0x80);
	assert_int_equal(get_le32(d.reply + 4), 0x2ba01477);
	ASK(&d, 8, 0xf2, 0x36, 0x00, 0xed, 0x00, 0xe0);
	assert_int_equal(get_le32(d.reply), 0x80);
	assert_int_equal(get_le32(d.reply + 4), 0x410fc241);
	ASK(&d, 8, 0xf2, 0x36, 0x00, 0x20, 0x04, 0xe0);
	assert_int_equal(get_le32(d.reply + 4), 0x10076413);
	bench_done(&d.b);
}

static void memory_carries_no_status_and_the_next_command_asks_for_it(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", NULL, "F405");
	enter(&d);
	SAY(&d, 0xf2, 0x08, 0x00, 0x00, 0x00, 0x20, 8);
	send(&d, (const uint8_t *)"12345678", 8);
	assert_int_equal(fetch(&d, 64), USB_NAK);
	ASK(&d, 12, 0xf2, 0x3e);
	assert_int_equal(d.reply[0], 0x80);
	ASK(&d, 8, 0xf2, 0x07, 0x00, 0x00, 0x00, 0x20, 8);
	assert_memory_equal(d.reply, "12345678", 8);
	ASK(&d, 8, 0xf2, 0x07, 0x00, 0x00, 0x00, 0x60, 8);
	ASK(&d, 12, 0xf2, 0x3e);
	assert_int_equal(d.reply[0], 0x11);
	assert_int_equal(get_le32(d.reply + 4), 0x60000000);
	/* and what comes after works again */
	ASK(&d, 8, 0xf2, 0x07, 0x00, 0x00, 0x00, 0x20, 8);
	assert_memory_equal(d.reply, "12345678", 8);
	ASK(&d, 12, 0xf2, 0x3e);
	assert_int_equal(d.reply[0], 0x80);
	bench_done(&d.b);
}

static void one_byte_travels_as_two(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", NULL, "F405");
	enter(&d);
	d.b.chip.ram[0][3] = 0x5a;
	ASK(&d, 2, 0xf2, 0x0c, 0x03, 0x00, 0x00, 0x20, 1);
	assert_int_equal(d.reply[0], 0x5a);
	SAY(&d, 0xf2, 0x0c, 0x03, 0x00, 0x00, 0x20, 1);
	assert_int_equal(fetch(&d, 1), USB_OVERFLOW);
	bench_done(&d.b);
}

static void unaligned_words_are_refused(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", NULL, "F405");
	enter(&d);
	ASK(&d, 4, 0xf2, 0x07, 0x02, 0x00, 0x00, 0x20, 4);
	ASK(&d, 12, 0xf2, 0x3e);
	assert_int_equal(d.reply[0], 0x0a);
	bench_done(&d.b);
}

static void long_blocks_cross_the_increment_of_the_port(void **state)
{
	struct desk d;
	uint8_t block[6144];
	size_t i;

	(void)state;
	desk_init(&d, "v2", NULL, "F103");
	enter(&d);
	for (i = 0; i < sizeof(block); i++)
		block[i] = (uint8_t)(i * 7 + i / 256);
	SAY(&d, 0xf2, 0x08, 0x84, 0x03, 0x00, 0x20, 0x00, 0x18);
	send(&d, block, 4096);
	send(&d, block + 4096, 2048);
	assert_memory_equal(d.b.chip.ram[0] + 0x384, block, sizeof(block));
	ASK(&d, 6144, 0xf2, 0x07, 0x84, 0x03, 0x00, 0x20, 0x00, 0x18);
	assert_memory_equal(d.reply, block, sizeof(block));
	bench_done(&d.b);
}

static void a_half_word_store_programs_f1_flash_and_the_bus_waits(void **state)
{
	static const uint8_t keys[][8] = { { 0x04, 0x20, 0x02, 0x40, 0x23, 0x01, 0x67, 0x45 },
					   { 0x04, 0x20, 0x02, 0x40, 0xab, 0x89, 0xef, 0xcd },
					   { 0x10, 0x20, 0x02, 0x40, 0x01, 0x00, 0x00, 0x00 } };
	uint8_t command[16] = { 0xf2, 0x35 };
	struct desk d;
	uint64_t began;
	size_t i;

	(void)state;
	desk_init(&d, "v2", NULL, "F103");
	enter(&d);
	for (i = 0; i < 3; i++) {
		memcpy(command + 2, keys[i], 8);
		send(&d, command, sizeof(command));
		fetch(&d, 2);
		assert_int_equal(d.reply[0], 0x80);
	}
	began = d.b.now_ns;
	SAY(&d, 0xf2, 0x48, 0x00, 0x10, 0x00, 0x08, 8);
	send(&d, (const uint8_t *)"\x01\x02\x03\x04\x05\x06\x07\x08", 8);
	ASK(&d, 12, 0xf2, 0x3e);
	assert_int_equal(d.reply[0], 0x80);
	assert_true(d.b.now_ns - began >= 3 * 52500);
	bench_settle(&d.b);
	assert_memory_equal(d.b.chip.flash.cells.at + 0x1000, "\x01\x02\x03\x04\x05\x06\x07\x08",
			    8);
	bench_done(&d.b);
}

static void nrst_works_before_enter_and_keeps_its_state(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", NULL, "F405");
	ASK(&d, 2, 0xf2, 0x3c, 0);
	bench_settle(&d.b);
	assert_true(chip_in_reset(&d.b.chip));
	enter(&d);
	ASK(&d, 8, 0xf2, 0x36, 0xf0, 0xed, 0x00, 0xe0);
	assert_int_equal(get_le32(d.reply + 4) & 0x02000000, 0x02000000);
	ASK(&d, 8, 0xf2, 0x36, 0xf0, 0xed, 0x00, 0xe0);
	assert_int_equal(get_le32(d.reply + 4) & 0x02000000, 0x02000000); /* as long as it is low */
	ASK(&d, 2, 0xf2, 0x3c, 1);
	assert_false(chip_in_reset(&d.b.chip));
	bench_done(&d.b);
	desk_init(&d, "v2-clone", NULL, "F405");
	ASK(&d, 2, 0xf2, 0x3c, 0);
	assert_int_equal(d.reply[0], 0x80); /* says yes and moves nothing */
	assert_false(chip_in_reset(&d.b.chip));
	bench_done(&d.b);
}

static void core_registers_are_read_and_written(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", NULL, "F405");
	enter(&d);
	ASK(&d, 2, 0xf2, 0x35, 0xf0, 0xed, 0x00, 0xe0, 0x03, 0x00, 0x5f, 0xa0);
	ASK(&d, 2, 0xf2, 0x34, 0x05, 0x78, 0x56, 0x34, 0x12);
	ASK(&d, 8, 0xf2, 0x33, 0x05);
	assert_int_equal(get_le32(d.reply + 4), 0x12345678);
	ASK(&d, 88, 0xf2, 0x3a);
	assert_int_equal(d.reply[0], 0x80);
	assert_int_equal(get_le32(d.reply + 4 + 5 * 4), 0x12345678);
	bench_done(&d.b);
}

/* ---- DAP registers ---- */

static void dap_registers_follow_ports_and_banks(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", "V2J37S7", "F405");
	ASK(&d, 2, 0xf2, 0x30, 0xa3);
	ASK(&d, 8, 0xf2, 0x45, 0xff, 0xff, 0x00, 0x00);
	assert_int_equal(get_le32(d.reply + 4), 0x2ba01477);
	ASK(&d, 8, 0xf2, 0x45, 0xff, 0xff, 0x04, 0x00);
	assert_int_equal(get_le32(d.reply + 4) & 0xf0000000, 0xf0000000);
	ASK(&d, 8, 0xf2, 0x45, 0x00, 0x00, 0xfc, 0x00); /* without INIT_AP */
	assert_int_equal(get_le32(d.reply), 0x80);
	assert_int_equal(get_le32(d.reply + 4), 0x24770011);
	ASK(&d, 8, 0xf2, 0x45, 0x01, 0x00, 0xfc, 0x00);
	assert_int_equal(get_le32(d.reply + 4), 0);
	ASK(&d, 8, 0xf2, 0x45, 0x00, 0x00, 0x00, 0x00); /* not open yet */
	assert_int_equal(d.reply[0], 0x1d);
	ASK(&d, 2, 0xf2, 0x4b, 0x01);
	assert_int_equal(d.reply[0], 0x1d);
	ASK(&d, 2, 0xf2, 0x4b, 0x00);
	assert_int_equal(d.reply[0], 0x80);
	ASK(&d, 8, 0xf2, 0x45, 0x00, 0x00, 0x00, 0x00);
	assert_int_equal(get_le32(d.reply + 4) & 0x40, 0x40);
	bench_done(&d.b);
	desk_init(&d, "v2", "V2J31S7", "F405");
	enter(&d);
	ASK(&d, 8, 0xf2, 0x45, 0xff, 0xff, 0x24, 0x00);
	assert_int_equal(d.reply[0], 0x08); /* no banks before J32 */
	bench_done(&d.b);
}

static void a_sticky_error_is_left_to_a_host_that_works_on_dap_registers(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", NULL, "F405");
	enter(&d);
	ASK(&d, 4, 0xf2, 0x07, 0x00, 0x00, 0x00, 0x60, 4);
	ASK(&d, 8, 0xf2, 0x45, 0xff, 0xff, 0x04, 0x00);
	assert_int_equal(get_le32(d.reply + 4) & 0x20, 0x20);
	ASK(&d, 8, 0xf2, 0x45, 0x00, 0x00, 0x04, 0x00);
	assert_int_equal(d.reply[0], 0x11);
	ASK(&d, 2, 0xf2, 0x46, 0xff, 0xff, 0x00, 0x00, 0x04);
	ASK(&d, 8, 0xf2, 0x45, 0x00, 0x00, 0x04, 0x00);
	assert_int_equal(d.reply[0], 0x80);
	bench_done(&d.b);
}

static void queued_accesses_answer_values_and_statuses(void **state)
{
	static const uint8_t queue[28] = { 5,	 1,    2,    3,	   3,	 0,    0,
					   0,	 0,    0,    0,	   0,	 0xfc, 0xed,
					   0x00, 0xe0, 0x00, 0x00, 0x00, 0x01, 0xfc,
					   0xed, 0x00, 0xe0, 0x00, 0xed, 0x00, 0xe0 };
	struct desk d;
	size_t i;

	(void)state;
	desk_init(&d, "v2", NULL, "F405");
	enter(&d);
	SAY(&d, 0xf2, 0x51, 5);
	send(&d, queue, sizeof(queue));
	ASK(&d, 40, 0xf2, 0x52);
	assert_int_equal(get_le32(d.reply + 12), 0x01000000);
	assert_int_equal(get_le32(d.reply + 16), 0x410fc241);
	for (i = 0; i < 5; i++)
		assert_int_equal(get_le32(d.reply + 20 + 4 * i), 0x80);
	bench_done(&d.b);
}

/* ---- speeds ---- */

static void speeds_are_divisors_on_v2_and_kilohertz_on_v3(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", NULL, "F405");
	assert_int_equal(d.b.wire.hz, 1800000);
	ASK(&d, 2, 0xf2, 0x43, 40, 0);
	assert_int_equal(d.b.wire.hz, 100000);
	ASK(&d, 2, 0xf2, 0x43, 0x1e, 0x03);
	assert_int_equal(d.b.wire.hz, 5000);
	bench_done(&d.b);
	desk_init(&d, "v3", NULL, "F405");
	ASK(&d, 52, 0xf2, 0x62, 0);
	assert_int_equal(get_le32(d.reply + 8), 7);
	assert_int_equal(get_le32(d.reply + 12), 24000);
	ASK(&d, 8, 0xf2, 0x61, 0, 0, 0x08, 0x07); /* 1800 */
	assert_int_equal(get_le32(d.reply + 4), 1000);
	assert_int_equal(d.b.wire.hz, 1000000);
	bench_done(&d.b);
}

/* ---- stale state ---- */

static void a_reply_that_nobody_fetched_comes_first_next_time(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", NULL, "F405");
	SAY(&d, 0xf1);
	SAY(&d, 0xf5);
	assert_int_equal(fetch(&d, 6), USB_DONE);
	assert_int_equal(d.reply[0], 0x29);
	assert_int_equal(fetch(&d, 2), USB_DONE);
	assert_int_equal(d.reply[0], 1);
	SAY(&d, 0xf1);
	bench_usb_reset(&d.b);
	assert_int_equal(fetch(&d, 6), USB_NAK);
	bench_done(&d.b);
}

static void what_one_program_left_the_next_one_finds(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", NULL, "F405");
	ASK(&d, 2, 0xf2, 0x43, 40, 0);
	enter(&d);
	bench_usb_reset(&d.b);
	ASK(&d, 2, 0xf5);
	assert_int_equal(d.reply[0], 2);
	assert_int_equal(d.b.wire.hz, 100000);
	bench_plug(&d.b, false);
	bench_plug(&d.b, true);
	ASK(&d, 2, 0xf5);
	assert_int_equal(d.reply[0], 1);
	assert_int_equal(d.b.wire.hz, 1800000);
	bench_done(&d.b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_are_packed_as_tools_unpack_them),
		cmocka_unit_test(the_mode_follows_enter_and_exit),
		cmocka_unit_test(commands_appear_with_the_firmware_that_brought_them),
		cmocka_unit_test(the_voltage_is_that_at_the_pin),
		cmocka_unit_test(without_a_target_enter_finds_no_idcode),
		cmocka_unit_test(idcodes_and_debug_registers_are_read),
		cmocka_unit_test(memory_carries_no_status_and_the_next_command_asks_for_it),
		cmocka_unit_test(one_byte_travels_as_two),
		cmocka_unit_test(unaligned_words_are_refused),
		cmocka_unit_test(long_blocks_cross_the_increment_of_the_port),
		cmocka_unit_test(a_half_word_store_programs_f1_flash_and_the_bus_waits),
		cmocka_unit_test(nrst_works_before_enter_and_keeps_its_state),
		cmocka_unit_test(core_registers_are_read_and_written),
		cmocka_unit_test(dap_registers_follow_ports_and_banks),
		cmocka_unit_test(a_sticky_error_is_left_to_a_host_that_works_on_dap_registers),
		cmocka_unit_test(queued_accesses_answer_values_and_statuses),
		cmocka_unit_test(speeds_are_divisors_on_v2_and_kilohertz_on_v3),
		cmocka_unit_test(a_reply_that_nobody_fetched_comes_first_next_time),
		cmocka_unit_test(what_one_program_left_the_next_one_finds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
