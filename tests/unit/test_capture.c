/* Captures to transactions: lost halves, several probes, cuts. */
#include "tests/lib/capture_heard.h"

static void one_form(enum capture_form form, uint32_t link_type, bool big, bool ns,
		     const char *code)
{
	struct capture_make m;
	struct heard h;

	capture_make_init(&m);
	m.form = form;
	m.link_type = link_type;
	m.big_endian = big;
	m.nanoseconds = ns;
	capture_make_begin(&m);
	say_session(&m);
	hear_made(&h, &m);
	check_session(&h, code);
	/* The last command went out 200 us before the end: submit and completion. */
	assert_int_equal(h.at_us, m.now_us - 200);
	assert_int_equal(h.took_us, 100);
	buf_done(&h.text);
	capture_make_done(&m);
}

static void every_form_of_capture_tells_the_same_session(void **state)
{
	static const struct {
		uint32_t link_type;
		const char *code;
	} links[] = { { 189, "-2" }, { 220, "-2" }, { 249, "-1073676288" }, { 266, "-536870165" } };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		for (int variant = 0; variant < 8; variant++)
			one_form(variant & 1 ? FORM_PCAP : FORM_PCAPNG, links[i].link_type,
				 variant & 2, variant & 4, links[i].code);
	}
}

static void a_capture_of_data_alone_still_pairs_command_and_reply(void **state)
{
	struct capture_make m;

	(void)state;
	begin(&m);
	m.lose_out_completes = m.lose_in_submits = true;
	capture_make_in(&m, "f5", "02 00");
	capture_make_out(&m, "f2 08 00 00 00 20 04 00", "78 56 34 12");
	capture_make_in(&m, "f2 3e", "80 00 00 00 00 00 00 00 00 00 00 00");
	capture_make_plain(&m, "f2 21");
	check(&m, "GET_CURRENT_MODE in 2 ok [02 00]\n"
		  "WRITEMEM_32BIT out 4 unknown [78 56 34 12]\n"
		  "GETLASTRWSTATUS2 in 12 ok [80 00 00 00 00 00 00 00]\n"
		  "EXIT none 0 unknown\n");
}

static void a_command_whose_reply_was_lost_ends_where_the_next_begins(void **state)
{
	struct capture_make m;

	(void)state;
	begin(&m);
	capture_make_plain(&m, "f1");
	capture_make_plain(&m, "f2 08 00 00 00 20 08 00");
	capture_make_in(&m, "f5", "02 00");
	check(&m, "GET_VERSION in 0 unknown\n"
		  "WRITEMEM_32BIT out 0 unknown\n"
		  "GET_CURRENT_MODE in 2 ok [02 00]\n");
}

/* OpenOCD submits command and read at once, before either completes. */
static void a_reply_to_a_command_that_was_lost_is_nobody_else_s(void **state)
{
	static const uint8_t cmd[16] = { 0xf5 }, version[] = { 0x29, 0x47, 0x83, 4, 0x48, 0x37 };
	const struct made_packet packets[] = {
		{ .transfer = 3, .ep = 2, .id = 71, .want = 16, .bytes = cmd, .len = 16 },
		{ .transfer = 3, .ep = 2, .id = 71, .want = 16, .complete = true },
		{ .transfer = 3, .ep = 0x81, .id = 72, .want = 2 },
		/* Its answer is lost, and all of the next command but the answer. */
		{ .transfer = 3,
		  .ep = 0x81,
		  .id = 74,
		  .complete = true,
		  .want = 6,
		  .bytes = version,
		  .len = 6 },
	};
	struct capture_make m;

	(void)state;
	begin(&m);
	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++)
		capture_make_packet(&m, &packets[i]);
	check(&m, "alone 81 in 6 ok [29 47 83 04 48 37]\nGET_CURRENT_MODE in 0 unknown\n");
}

static void the_end_of_a_command_that_was_lost_ends_the_one_before(void **state)
{
	static const uint8_t cmd[16] = { 0xf5 }, version[] = { 0x29, 0x47, 0x83, 4, 0x48, 0x37 };
	const struct made_packet packets[] = {
		{ .transfer = 3, .ep = 2, .id = 71, .want = 16, .bytes = cmd, .len = 16 },
		{ .transfer = 3, .ep = 2, .id = 71, .want = 16, .complete = true },
		{ .transfer = 3, .ep = 2, .id = 73, .want = 16, .complete = true },
		{ .transfer = 3, .ep = 0x81, .id = 74, .want = 6 },
		{ .transfer = 3,
		  .ep = 0x81,
		  .id = 74,
		  .complete = true,
		  .want = 6,
		  .bytes = version,
		  .len = 6 },
	};
	struct capture_make m;

	(void)state;
	begin(&m);
	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++)
		capture_make_packet(&m, &packets[i]);
	check(&m, "GET_CURRENT_MODE in 0 unknown\nalone 81 in 6 ok [29 47 83 04 48 37]\n");
}

static void command_and_read_may_be_submitted_together(void **state)
{
	static const uint8_t cmd[16] = { 0xf5 }, reply[] = { 2, 0 };
	struct made_packet out = { .transfer = 3, .ep = 2, .want = 16, .bytes = cmd, .len = 16 };
	struct made_packet in = { .transfer = 3, .ep = 0x81, .want = 2 };
	struct capture_make m;

	(void)state;
	begin(&m);
	out.id = 1;
	in.id = 2;
	capture_make_packet(&m, &out);
	capture_make_packet(&m, &in);
	out.complete = in.complete = true;
	out.len = 0;
	in.bytes = reply;
	in.len = 2;
	capture_make_packet(&m, &out);
	capture_make_packet(&m, &in);
	check(&m, "GET_CURRENT_MODE in 2 ok [02 00]\n");
}

static void a_reply_may_come_in_pieces(void **state)
{
	static const uint8_t reply[12] = { 0x80 };
	struct made_packet in = { .transfer = 3, .ep = 0x81, .complete = true, .bytes = reply };
	struct capture_make m;

	(void)state;
	begin(&m);
	capture_make_plain(&m, "f2 31");
	in.len = in.want = 8;
	capture_make_packet(&m, &in);
	in.len = in.want = 4;
	capture_make_packet(&m, &in);
	capture_make_in(&m, "f5", "02 00");
	check(&m, "READ_IDCODES in 12 ok [80 00 00 00 00 00 00 00]\n"
		  "GET_CURRENT_MODE in 2 ok [02 00]\n");
}

static void a_short_reply_stays_short(void **state)
{
	struct capture_make m;

	(void)state;
	begin(&m);
	capture_make_in(&m, "f2 31", "09 00");
	capture_make_in(&m, "f5", "02 00");
	check(&m, "READ_IDCODES in 2 ok [09 00]\n"
		  "GET_CURRENT_MODE in 2 ok [02 00]\n");
}

static void data_that_look_like_a_command_are_data_where_data_are_due(void **state)
{
	struct capture_make m;

	(void)state;
	begin(&m);
	capture_make_out(&m, "f2 08 00 00 00 20 10 00",
			 "f2 36 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
	capture_make_in(&m, "f5", "02 00");
	check(&m, "WRITEMEM_32BIT out 16 ok [f2 36 00 00 00 00 00 00]\n"
		  "GET_CURRENT_MODE in 2 ok [02 00]\n");
}

static void unknown_commands_and_their_data_are_kept(void **state)
{
	struct capture_make m;

	(void)state;
	begin(&m);
	capture_make_in(&m, "f5", "02 00");
	capture_make_in(&m, "f2 99 01", "42 00");
	capture_make_out(&m, "f2 98", "01 02 03");
	capture_make_plain(&m, "aa bb");
	capture_make_in(&m, "f5", "02 00");
	check(&m, "GET_CURRENT_MODE in 2 ok [02 00]\n"
		  "f299 in 2 ok [42 00]\n"
		  "f298 out 3 ok [01 02 03]\n"
		  "aabb none 0 ok\n"
		  "GET_CURRENT_MODE in 2 ok [02 00]\n");
}

static void reads_without_a_command_stand_alone(void **state)
{
	static const uint8_t late[] = { 1, 0 };
	struct made_packet in = { .transfer = 3, .ep = 0x81, .want = 64, .id = 77 };
	struct capture_make m;

	(void)state;
	begin(&m);
	capture_make_in(&m, "f5", "02 00");
	capture_make_packet(&m, &in); /* pyOCD empties the pipe like this */
	in.complete = true;
	in.status = -ENOENT;
	in.want = 0;
	capture_make_packet(&m, &in);
	in.id = 78;
	in.status = 0;
	in.bytes = late;
	in.len = in.want = 2;
	capture_make_packet(&m, &in);
	check(&m, "GET_CURRENT_MODE in 2 ok [02 00]\n"
		  "alone 81 in 0 timeout -2\n"
		  "alone 81 in 2 ok [01 00]\n");
}

static void swo_has_an_endpoint_of_its_own(void **state)
{
	static const uint8_t bytes[] = { 1, 2, 3 };
	struct made_packet swo = { .transfer = 3, .ep = 0x83, .want = 64, .id = 77 };
	struct capture_make m;

	(void)state;
	begin(&m);
	capture_make_in(&m, "f2 42", "03 00");
	capture_make_packet(&m, &swo);
	swo.complete = true;
	swo.bytes = bytes;
	swo.len = swo.want = 3;
	capture_make_packet(&m, &swo);
	check(&m, "GET_TRACE_NB in 2 ok [03 00]\n"
		  "alone 83 in 3 ok [01 02 03]\n");
}

static void the_bridge_is_a_channel_of_its_own(void **state)
{
	struct capture_make m;

	(void)state;
	begin(&m);
	capture_make_descriptor(&m, 0x0483, 0x374f);
	m.ep_out = 6;
	m.ep_in = 0x86;
	capture_make_in(&m, "fc 60", "80 00");
	check(&m, "BRIDGE_GPIO_INIT in 2 ok [80 00]\n");
}

static void a_v1_wraps_its_commands(void **state)
{
	static const char cbw[] = "55 53 42 43 00 00 00 00 06 00 00 00 80 00 0a f1 "
				  "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00";
	static const char csw[] = "55 53 42 53 00 00 00 00 00 00 00 00 00";
	uint8_t wrapped[31], reply[] = { 0x11, 0xc0, 0x83, 0x04, 0x44, 0x37 }, end[13];
	struct made_packet out = { .transfer = 3, .ep = 2, .want = 31, .bytes = wrapped };
	struct made_packet in = { .transfer = 3, .ep = 0x81, .complete = true };
	struct capture_make m;

	(void)state;
	begin(&m);
	out.len = capture_make_hex(cbw, wrapped, sizeof(wrapped));
	capture_make_hex(csw, end, sizeof(end));
	for (int round = 0; round < 2; round++) {
		capture_make_packet(&m, &out);
		in.bytes = reply;
		in.len = sizeof(reply);
		capture_make_packet(&m, &in);
		in.bytes = end;
		in.len = sizeof(end);
		capture_make_packet(&m, &in);
		end[12] = 1; /* the second one failed */
	}
	check(&m, "GET_VERSION in 6 ok [11 c0 83 04 44 37]\n"
		  "GET_VERSION in 6 usb error 1 [11 c0 83 04 44 37]\n");
}

static void two_probes_and_other_devices_are_told_apart(void **state)
{
	struct capture_make m;
	struct heard h;

	(void)state;
	begin(&m);
	m.device = 9;
	capture_make_descriptor(&m, 0x046d, 0xc52b); /* a mouse that speaks bulk */
	capture_make_in(&m, "f5", "01 00");
	m.device = 5;
	capture_make_descriptor(&m, 0x0483, 0x3748);
	capture_make_in(&m, "f5", "01 00");
	m.device = 6;
	m.ep_out = 1;
	capture_make_in(&m, "f1", "28 59 83 04 4b 37");
	m.device = 5;
	m.ep_out = 2;
	capture_make_in(&m, "f5", "02 00");
	hear_made(&h, &m);
	assert_string_equal(buf_str(&h.text), "GET_CURRENT_MODE in 2 ok [01 00]\n"
					      "probe 2: GET_VERSION in 6 ok [28 59 83 04 4b 37]\n"
					      "GET_CURRENT_MODE in 2 ok [02 00]\n");
	assert_int_equal(h.stats.probes, 2);
	assert_int_equal(h.stats.others, 4);
	assert_int_equal(h.pid, 0x3748);
	buf_done(&h.text);
	capture_make_done(&m);
}

static void a_usb_stick_is_no_probe(void **state)
{
	static const uint8_t block[512] = { 0xeb };
	struct made_packet out = { .transfer = 3, .ep = 2, .bytes = block };
	struct capture_make m;
	struct heard h;

	(void)state;
	begin(&m);
	for (size_t len = 13; len <= 512; len += 3) {
		out.len = out.want = (uint32_t)len;
		capture_make_packet(&m, &out);
	}
	hear_made(&h, &m);
	assert_int_equal(h.rc, 0);
	assert_int_equal(h.stats.probes, 0);
	buf_done(&h.text);
	capture_make_done(&m);
}

static void what_the_capture_cut_is_marked(void **state)
{
	struct capture_make m;
	struct heard h;
	char reply[3 * 64 + 1] = "";

	(void)state;
	begin(&m);
	m.snaplen = 64 + 16;
	for (int i = 0; i < 64; i++)
		strcat(reply, "11 ");
	capture_make_in(&m, "f2 07 00 00 00 20 40 00", reply);
	hear_made(&h, &m);
	assert_string_equal(buf_str(&h.text), "READMEM_32BIT in 16 ok [11 11 11 11 11 11 11 11]\n");
	assert_true(h.cut);
	buf_done(&h.text);
	capture_make_done(&m);
}

static void what_was_cut_does_not_mix_transactions_up(void **state)
{
	static const unsigned snaplens[] = { 64 + 1, 64 + 4, 64 + 8, 64 + 15, 64 + 16, 64 + 32 };
	char data[3 * 32 + 1] = "";

	(void)state;
	for (int i = 0; i < 32; i++)
		strcat(data, "f2 ");
	for (size_t i = 0; i < sizeof(snaplens) / sizeof(snaplens[0]); i++) {
		struct capture_make m;
		struct heard h;
		bool named = snaplens[i] > 64 + 1; /* by two bytes of the command */
		const char *at;

		begin(&m);
		m.snaplen = snaplens[i];
		for (int k = 0; k < 3; k++) {
			capture_make_out(&m, "f2 08 00 00 00 20 20 00", data);
			capture_make_in(&m, "f2 3e", "80 00 00 00 00 00 00 00 00 00 00 00");
		}
		hear_made(&h, &m);
		at = buf_str(&h.text);
		for (int k = 0; named && k < 3; k++) {
			at = strstr(at, "WRITEMEM_32BIT out ");
			assert_non_null(at);
			at = strstr(at, "GETLASTRWSTATUS2 in ");
			assert_non_null(at);
		}
		if (named)
			assert_int_equal(h.stats.xacts, 6);
		assert_null(strstr(buf_str(&h.text), "unknown"));
		buf_done(&h.text);
		capture_make_done(&m);
	}
}

static void packets_seen_on_two_interfaces_count_once(void **state)
{
	struct capture_make m, once;
	struct heard h;
	size_t begin_at, at;

	(void)state;
	begin(&m);
	capture_make_init(&once);
	capture_make_begin(&once);
	begin_at = once.file.len;
	capture_make_in(&once, "f5", "01 00");
	/* A second interface, and every packet again as seen there. */
	buf_add(&m.file, once.file.at + 28, 32);
	for (at = begin_at; at < once.file.len;) {
		uint32_t len;

		memcpy(&len, once.file.at + at + 4, 4);
		buf_add(&m.file, once.file.at + at, len);
		buf_add(&m.file, once.file.at + at, len);
		m.file.at[m.file.len - len + 8] = 1;
		at += len;
	}
	hear_made(&h, &m);
	assert_string_equal(buf_str(&h.text), "GET_CURRENT_MODE in 2 ok [01 00]\n");
	assert_int_equal(h.stats.copies, 4);
	buf_done(&h.text);
	capture_make_done(&m);
	capture_make_done(&once);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_of_capture_tells_the_same_session),
		cmocka_unit_test(a_capture_of_data_alone_still_pairs_command_and_reply),
		cmocka_unit_test(a_command_whose_reply_was_lost_ends_where_the_next_begins),
		cmocka_unit_test(a_reply_to_a_command_that_was_lost_is_nobody_else_s),
		cmocka_unit_test(the_end_of_a_command_that_was_lost_ends_the_one_before),
		cmocka_unit_test(command_and_read_may_be_submitted_together),
		cmocka_unit_test(a_reply_may_come_in_pieces),
		cmocka_unit_test(a_short_reply_stays_short),
		cmocka_unit_test(data_that_look_like_a_command_are_data_where_data_are_due),
		cmocka_unit_test(unknown_commands_and_their_data_are_kept),
		cmocka_unit_test(reads_without_a_command_stand_alone),
		cmocka_unit_test(swo_has_an_endpoint_of_its_own),
		cmocka_unit_test(the_bridge_is_a_channel_of_its_own),
		cmocka_unit_test(a_v1_wraps_its_commands),
		cmocka_unit_test(two_probes_and_other_devices_are_told_apart),
		cmocka_unit_test(a_usb_stick_is_no_probe),
		cmocka_unit_test(what_the_capture_cut_is_marked),
		cmocka_unit_test(what_was_cut_does_not_mix_transactions_up),
		cmocka_unit_test(packets_seen_on_two_interfaces_count_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
