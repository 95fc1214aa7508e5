/* JTAG sessions on the bench: taps, what a scan can and cannot tell, speeds. */
#include "tests/lib/desk.h"

#define PORT_DP	  0xff, 0xff
#define RAM_BYTES 0x00, 0x00, 0x00, 0x20
#define NOWHERE	  0x00, 0x00, 0x00, 0xa0

static unsigned enter_as(struct desk *d, uint8_t how)
{
	ASK(d, 2, 0xf2, 0x30, how);
	return get_le16(d->reply);
}

static void jtag_init(struct desk *d, const char *probe, const char *chip)
{
	desk_init(d, probe, NULL, chip);
	assert_int_equal(enter_as(d, 0xa4), 0x80);
	ASK(d, 2, 0xf2, 0x4b, 0);
	assert_int_equal(d->reply[0], 0x80);
}

static uint32_t read_ctrl(struct desk *d)
{
	ASK(d, 8, 0xf2, 0x45, PORT_DP, 0x04, 0);
	assert_int_equal(get_le16(d->reply), 0x80);
	return get_le32(d->reply + 4);
}

static void both_taps_tell_their_numbers(void **state)
{
	struct desk d;

	(void)state;
	jtag_init(&d, "v2", "F103");
	ASK(&d, 12, 0xf2, 0x31);
	assert_int_equal(d.reply[0], 0x80);
	assert_int_equal(get_le32(d.reply + 4), 0x3ba00477);
	assert_int_equal(get_le32(d.reply + 8), 0x16410041);
	bench_done(&d.b);
}

static void memory_and_core_work_as_over_swd(void **state)
{
	const uint8_t word[4] = { 0xef, 0xbe, 0xad, 0xde };
	struct desk d;

	(void)state;
	jtag_init(&d, "v3", "H743");
	SAY(&d, 0xf2, 0x08, RAM_BYTES, 4, 0);
	send(&d, word, sizeof(word));
	ASK(&d, 4, 0xf2, 0x07, RAM_BYTES, 4, 0);
	assert_memory_equal(d.reply, word, sizeof(word));
	ASK(&d, 8, 0xf2, 0x36, 0x00, 0xed, 0x00, 0xe0);
	assert_int_equal(get_le32(d.reply + 4), 0x411fc271);
	bench_done(&d.b);
}

static void chips_without_jtag_do_not_answer(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", NULL, "F051");
	assert_int_equal(enter_as(&d, 0xa4), 0x05);
	assert_int_equal(enter_as(&d, 0xa3), 0x80);
	bench_done(&d.b);
}

static void jtag_needs_tdo_and_swd_does_not(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "v2", NULL, "F405");
	d.b.wire.state[WIRE_SWO] = WIRE_OPEN;
	assert_int_equal(enter_as(&d, 0xa4), 0x05);
	assert_int_equal(enter_as(&d, 0xa3), 0x80);
	bench_done(&d.b);
}

static void the_protocol_changes_between_sessions_only(void **state)
{
	struct desk d;

	(void)state;
	jtag_init(&d, "v2", "F405");
	assert_int_equal(enter_as(&d, 0xa3), 0x0e);
	SAY(&d, 0xf2, 0x21);
	assert_int_equal(enter_as(&d, 0xa3), 0x80);
	ASK(&d, 12, 0xf2, 0x31);
	assert_int_equal(get_le32(d.reply + 4), 0x2ba01477);
	bench_done(&d.b);
}

static void a_fault_is_cleared_in_ctrl_stat(void **state)
{
	struct desk d;

	(void)state;
	jtag_init(&d, "v2", "F405");
	ASK(&d, 4, 0xf2, 0x07, NOWHERE, 4, 0);
	ASK(&d, 12, 0xf2, 0x3e);
	assert_int_not_equal(get_le16(d.reply), 0x80);
	assert_int_equal(read_ctrl(&d) & 0x20, 0x20);
	ASK(&d, 2, 0xf2, 0x46, PORT_DP, 0x04, 0, 0x20, 0x00, 0x00, 0x50);
	assert_int_equal(read_ctrl(&d) & 0xf0000020, 0xf0000000);
	bench_done(&d.b);
}

static void a_flipped_bit_goes_unseen(void **state)
{
	unsigned wrong = 0, refused = 0, i;
	uint8_t zeros[4] = { 0 };
	struct desk d;

	(void)state;
	jtag_init(&d, "v2", "F405");
	SAY(&d, 0xf2, 0x08, RAM_BYTES, 4, 0);
	send(&d, zeros, sizeof(zeros));
	d.b.wire.quality.edge = 1e-3;
	for (i = 0; i < 400; i++) {
		ASK(&d, 4, 0xf2, 0x07, RAM_BYTES, 4, 0);
		memcpy(zeros, d.reply, sizeof(zeros));
		ASK(&d, 12, 0xf2, 0x3e);
		if (get_le16(d.reply) != 0x80)
			refused++;
		else
			wrong += get_le32(zeros) != 0;
	}
	assert_true(refused > 0);
	assert_true(wrong > 5);
	bench_done(&d.b);
}

static void each_protocol_has_its_speed(void **state)
{
	struct desk d;

	(void)state;
	jtag_init(&d, "v2", "F405");
	assert_int_equal(d.b.wire.hz, 1125000);
	ASK(&d, 2, 0xf2, 0x44, 4, 0);
	assert_int_equal(d.b.wire.hz, 9000000);
	ASK(&d, 2, 0xf2, 0x43, 0, 0);
	assert_int_equal(d.b.wire.hz, 9000000);
	SAY(&d, 0xf2, 0x21);
	assert_int_equal(enter_as(&d, 0xa3), 0x80);
	assert_int_equal(d.b.wire.hz, 4000000);
	bench_done(&d.b);

	jtag_init(&d, "v3", "F405");
	ASK(&d, 8, 0xf2, 0x61, 1, 0, 0x70, 0x17, 0, 0); /* 6000 kHz */
	assert_int_equal(get_le32(d.reply + 4), 4000);
	assert_int_equal(d.b.wire.hz, 4000000);
	ASK(&d, 52, 0xf2, 0x62, 0);
	assert_int_equal(get_le32(d.reply + 4), 1000);
	bench_done(&d.b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_taps_tell_their_numbers),
		cmocka_unit_test(memory_and_core_work_as_over_swd),
		cmocka_unit_test(chips_without_jtag_do_not_answer),
		cmocka_unit_test(jtag_needs_tdo_and_swd_does_not),
		cmocka_unit_test(the_protocol_changes_between_sessions_only),
		cmocka_unit_test(a_fault_is_cleared_in_ctrl_stat),
		cmocka_unit_test(a_flipped_bit_goes_unseen),
		cmocka_unit_test(each_protocol_has_its_speed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
