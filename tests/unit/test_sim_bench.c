/* The bench as a whole: USB, time, faults, and scenarios from YAML. */
#include <stdlib.h>

#include "probe/sim/library.h"
#include "tests/lib/yaml_desk.h"

static enum usb_result out(struct desk *d, uint8_t a, uint8_t b, uint8_t c)
{
	return desk_send(d, (const uint8_t[16]){ a, b, c });
}

static enum usb_result ask(struct desk *d, uint8_t a, uint8_t b, uint8_t c, size_t room)
{
	enum usb_result result = out(d, a, b, c);

	return result == USB_DONE ? desk_fetch(d, room) : result;
}

/* ---- USB ---- */

static void descriptors_are_those_of_the_probe(void **state)
{
	static const uint8_t config[] = { 0x09, 0x02, 0x27, 0x00, 0x01, 0x01, 0x00, 0x80,
					  0x32, 0x09, 0x04, 0x00, 0x00, 0x03, 0xff, 0xff,
					  0xff, 0x04, 0x07, 0x05, 0x81, 0x02, 0x40, 0x00,
					  0x00, 0x07, 0x05, 0x02, 0x02, 0x40, 0x00, 0x00,
					  0x07, 0x05, 0x83, 0x02, 0x40, 0x00, 0x00 };
	uint8_t desc[USB_DESC_MAX];
	const struct probe_row *row;
	size_t n, len;

	(void)state;
	len = usb_desc_get(probe_row_find("v2"), "", USB_DESC_CONFIG, 0, desc);
	assert_int_equal(len, sizeof(config));
	assert_memory_equal(desc, config, len);
	for (n = 0; (row = probe_row_nth(n)); n++) {
		len = usb_desc_get(row, "0123", USB_DESC_CONFIG, 0, desc);
		assert_int_equal(get_le16(desc + 2), len);
		assert_int_equal(usb_desc_get(row, "0123", USB_DESC_DEVICE, 0, desc), 18);
		assert_int_equal(get_le16(desc + 8), 0x0483);
		assert_int_equal(get_le16(desc + 10), row->product_id);
	}
	assert_int_equal(probe_row_find("v3e")->product_id, 0x3754);
	usb_desc_get(probe_row_find("v3e"), "", USB_DESC_CONFIG, 0, desc);
	assert_int_equal(get_le16(desc + 2), 105); /* as a real one prints it */
}

static void a_short_command_takes_its_time(void **state)
{
	static const struct {
		const char *yaml;
		unsigned us; /* GET_MODE: two turns, out, in, 18 bytes, and the firmware */
	} rows[] = {
		{ "probe: v2", 30 + 90 + 16 + 60 + 30 + 160 + 2 },
		{ "{probe: v2, host: fast}", 10 + 30 + 16 + 10 + 10 + 40 + 2 },
		{ "{probe: v2, host: slow}", 50 + 300 + 16 + 60 + 50 + 500 + 2 },
		{ "probe: v3", 25 + 30 + 20 + 25 + 40 },
		{ "probe: v2-old", 30 + 90 + 16 + 400 + 30 + 160 + 2 },
	};
	struct desk d;
	uint64_t began;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		desk_init(&d, rows[i].yaml);
		began = d.b.now_ns;
		assert_int_equal(ask(&d, 0xf5, 0, 0, 2), USB_DONE);
		assert_in_range((d.b.now_ns - began) / NS_PER_US, rows[i].us - 1, rows[i].us + 1);
		desk_done(&d);
	}
}

/* Published: blocks of 4 KiB from a V2 at 1.8 MHz come at 105 KiB/s, with a status after each. */
static void blocks_come_as_fast_as_published(void **state)
{
	static const struct {
		const char *yaml;
		uint16_t divisor;
		unsigned kib_s;
	} rows[] = { { "probe: v2", 3, 65 }, { "probe: v2", 1, 105 }, { "probe: v2", 0, 172 } };
	uint8_t command[16] = { 0xf2, 0x07, 0, 0, 0, 0x20, 0x00, 0x10 }, block[4096];
	struct desk d;
	uint64_t began;
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		desk_init(&d, rows[i].yaml);
		ask(&d, 0xf2, 0x43, (uint8_t)rows[i].divisor, 2);
		ask(&d, 0xf2, 0x30, 0xa3, 2);
		began = d.b.now_ns;
		for (k = 0; k < 16; k++) {
			struct usb_transfer t = {
				.endpoint = 2, .data = command, .len = 16, .turn = true
			};

			bench_transfer(&d.b, &t);
			t = (struct usb_transfer){ .endpoint = 0x81, .data = block, .len = 4096 };
			assert_int_equal(bench_transfer(&d.b, &t), USB_DONE);
			ask(&d, 0xf2, 0x3e, 0, 12);
		}
		assert_in_range(64 * NS_PER_S / (d.b.now_ns - began), rows[i].kib_s * 97 / 100,
				rows[i].kib_s * 103 / 100);
		desk_done(&d);
	}
}

static void a_stalled_endpoint_stays_so_until_it_is_cleared(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "faults: [{what: usb-stall, at: transaction 2}]");
	assert_int_equal(ask(&d, 0xf5, 0, 0, 2), USB_DONE);
	assert_int_equal(ask(&d, 0xf5, 0, 0, 2), USB_STALL);
	assert_int_equal(ask(&d, 0xf5, 0, 0, 2), USB_STALL);
	bench_clear_halt(&d.b, 0x81);
	bench_usb_reset(&d.b);
	assert_int_equal(ask(&d, 0xf5, 0, 0, 2), USB_DONE);
	desk_done(&d);
}

static void a_lost_reply_arrives_with_the_next_command(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "faults: [{what: usb-lost, at: transaction 2}]");
	assert_int_equal(ask(&d, 0xf5, 0, 0, 2), USB_DONE);
	assert_int_equal(ask(&d, 0xf1, 0, 0, 6), USB_TIMEOUT);
	assert_true(d.b.now_ns > 4 * NS_PER_S);
	assert_int_equal(ask(&d, 0xf5, 0, 0, 6), USB_DONE);
	assert_int_equal(d.len, 6);
	assert_int_equal(d.reply[0], 0x29);
	desk_done(&d);
}

static void an_unplugged_probe_is_gone_and_comes_back_as_another(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "faults: [{what: usb-unplug, at: transaction 2}]");
	assert_int_equal(ask(&d, 0xf5, 0, 0, 2), USB_DONE);
	assert_int_equal(out(&d, 0xf5, 0, 0), USB_DONE);
	assert_int_equal(desk_fetch(&d, 2), USB_GONE);
	bench_plug(&d.b, true);
	assert_int_equal(d.b.plugs, 2);
	assert_int_equal(ask(&d, 0xf5, 0, 0, 2), USB_DONE);
	desk_done(&d);
}

static void a_short_reply_is_cut(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "faults: [{what: usb-short, at: transaction 1}]");
	assert_int_equal(ask(&d, 0xf1, 0, 0, 6), USB_DONE);
	assert_int_equal(d.len, 3);
	assert_int_equal(ask(&d, 0xf1, 0, 0, 6), USB_DONE);
	assert_int_equal(d.len, 6);
	desk_done(&d);
}

/* ---- faults on the other side ---- */

static void a_status_word_can_be_told_to_come(void **state)
{
	struct desk d;
	int i;

	(void)state;
	desk_init(&d,
		  "faults: [{what: status, word: 0x10, at: transaction 3, for: 2 transactions}]");
	ask(&d, 0xf2, 0x30, 0xa3, 2);
	for (i = 2; i <= 6; i++) {
		ask(&d, 0xf2, 0x31, 0, 12);
		if (i != 3 && i != 4)
			assert_int_equal(d.reply[0], 0x80);
	}
	ask(&d, 0xf2, 0x3c, 1, 2);
	assert_int_equal(d.reply[0], 0x80);
	desk_done(&d);
}

static void a_wire_can_break_and_heal(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "faults: [{what: wire, wire: swdio, is: open, at: transaction 3,"
		      " for: 2 transactions}]");
	ask(&d, 0xf2, 0x30, 0xa3, 2);
	ask(&d, 0xf2, 0x31, 0, 12);
	assert_int_equal(d.reply[0], 0x80);
	ask(&d, 0xf2, 0x31, 0, 12);
	assert_int_equal(d.reply[0], 0x09);
	ask(&d, 0xf2, 0x31, 0, 12);
	assert_int_equal(d.reply[0], 0x09);
	ask(&d, 0xf2, 0x31, 0, 12);
	assert_int_equal(d.reply[0], 0x80);
	desk_done(&d);
}

static void a_supply_that_sags_below_its_reset_takes_the_port_away(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "faults: [{what: supply, volts: 1.0, at: transaction 3, for: 1 ms}]");
	ask(&d, 0xf2, 0x30, 0xa3, 2);
	assert_int_equal(d.reply[0], 0x80);
	ask(&d, 0xf2, 0x31, 0, 12);
	ask(&d, 0xf2, 0x31, 0, 12);
	assert_int_equal(d.reply[0], 0x09);
	bench_sleep(&d.b, 10 * NS_PER_MS);
	ask(&d, 0xf2, 0x31, 0, 12);
	assert_int_equal(d.reply[0], 0x09); /* the port woke up in JTAG */
	ask(&d, 0xf2, 0x30, 0xa3, 2);
	assert_int_equal(d.reply[0], 0x80);
	desk_done(&d);
}

static void a_stuck_probe_takes_everything_and_answers_nothing(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d, "probe: {type: v2, stuck: true}");
	assert_int_equal(ask(&d, 0xf1, 0, 0, 6), USB_NAK);
	bench_plug(&d.b, false);
	bench_plug(&d.b, true);
	assert_int_equal(ask(&d, 0xf1, 0, 0, 6), USB_DONE);
	desk_done(&d);
}

static void the_same_seed_gives_the_same_run(void **state)
{
	const char *yaml = "wires: {swdio: {edge: 1e-3}}";
	struct desk one, two;
	int i;

	(void)state;
	desk_init(&one, yaml);
	desk_init(&two, yaml);
	for (i = 0; i < 300; i++) {
		ask(&one, 0xf2, i % 8 ? 0x31 : 0x30, 0xa3, 12);
		ask(&two, 0xf2, i % 8 ? 0x31 : 0x30, 0xa3, 12);
		assert_memory_equal(one.reply, two.reply, one.len);
	}
	assert_true(one.b.wire.flips > 0);
	assert_int_equal(one.b.now_ns, two.b.now_ns);
	desk_done(&one);
	desk_done(&two);
}

/* ---- scenarios ---- */

static void what_is_not_said_is_healthy(void **state)
{
	struct scenario s;

	(void)state;
	scenario_defaults(&s);
	assert_string_equal(s.probe->name, "v2");
	assert_int_equal(s.mv, 3300);
	assert_int_equal(s.n_faults, 0);
}

static void mistakes_are_told_with_their_line(void **state)
{
	static const struct {
		const char *yaml, *says;
	} rows[] = {
		{ "probe: v2\nwire: {}\n",
		  "line 2: unknown key 'wire'; here may stand: probe, firmware, "
		  "chip, host, wires, supply, program, faults, truth, also" },
		{ "wires: {swdio: broken}\n",
		  "line 1: 'broken' is none of: connected, open, shorted, high, "
		  "swapped, intermittent, noisy, long" },
		{ "probe: v9\n", "line 1: there is no probe 'v9' on the bench" },
		{ "chip: {part: F405,\n  rdp: 3}\n", "line 1: rdp is 0, 1 or 2" },
		{ "faults:\n- {at: ms 3}\n", "line 2: a fault says `what` happens" },
		{ "faults: [{what: status, word: 1, at: 3}]\n",
		  "line 1: 'transaction 3', 'operation 3' or 'ms 20', not '3'" },
		{ "supply: lots\n", "line 1: 'lots' is no number that can stand here" },
		{ "firmware: J37\n", "line 1: 'J37' is no firmware version like V2J37S7" },
		{ "probe: [v2\n", NULL },
		{ "- probe\n", "line 1: a map belongs here" },
	};
	struct arena *a = arena_new();
	struct scenario s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e = { 0 };

		assert_int_equal(scenario_parse(rows[i].yaml, strlen(rows[i].yaml), a, &s, &e),
				 ERR_FORMAT);
		if (rows[i].says)
			assert_string_equal(e.text, rows[i].says);
	}
	arena_free(a);
}

static void one_key_can_be_changed(void **state)
{
	struct arena *a = arena_new();
	struct scenario s;
	struct err e = { 0 };

	(void)state;
	scenario_defaults(&s);
	assert_int_equal(scenario_set(&s, "probe=v3", a, &e), 0);
	assert_int_equal(s.version.hardware, 3);
	assert_int_equal(scenario_set(&s, "supply=1.6", a, &e), 0);
	assert_int_equal(s.mv, 1600);
	assert_int_equal(scenario_set(&s, "probe", a, &e), ERR_USAGE);
	assert_int_equal(scenario_set(&s, "chip=Z80", a, &e), ERR_FORMAT);
	assert_string_equal(e.text, "chip=Z80: line 1: there is no chip 'Z80' on the bench");
	arena_free(a);
}

static void every_shipped_scenario_can_be_set_up_and_says_what_is_wrong(void **state)
{
	const struct library_entry *entry;
	struct scenario s;
	size_t n;

	(void)state;
	for (n = 0; (entry = library_nth(n)); n++) {
		struct arena *a = arena_new();
		struct err e = { 0 };
		struct bench *b = calloc(1, sizeof(*b));

		assert_non_null(b);
		if (scenario_parse(entry->text, entry->len, a, &s, &e))
			fail_msg("%s: %s", entry->name, e.text);
		assert_non_null(s.truth);
		assert_int_equal(bench_init(b, &s, &e), 0);
		bench_sleep(b, 100 * NS_PER_MS);
		bench_settle(b);
		bench_done(b);
		free(b);
		arena_free(a);
	}
	assert_true(n > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptors_are_those_of_the_probe),
		cmocka_unit_test(a_short_command_takes_its_time),
		cmocka_unit_test(blocks_come_as_fast_as_published),
		cmocka_unit_test(a_stalled_endpoint_stays_so_until_it_is_cleared),
		cmocka_unit_test(a_lost_reply_arrives_with_the_next_command),
		cmocka_unit_test(an_unplugged_probe_is_gone_and_comes_back_as_another),
		cmocka_unit_test(a_short_reply_is_cut),
		cmocka_unit_test(a_status_word_can_be_told_to_come),
		cmocka_unit_test(a_wire_can_break_and_heal),
		cmocka_unit_test(a_supply_that_sags_below_its_reset_takes_the_port_away),
		cmocka_unit_test(a_stuck_probe_takes_everything_and_answers_nothing),
		cmocka_unit_test(the_same_seed_gives_the_same_run),
		cmocka_unit_test(what_is_not_said_is_healthy),
		cmocka_unit_test(mistakes_are_told_with_their_line),
		cmocka_unit_test(one_key_can_be_changed),
		cmocka_unit_test(every_shipped_scenario_can_be_set_up_and_says_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
