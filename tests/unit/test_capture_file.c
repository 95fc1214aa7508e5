/* Files of captures: sections, ends, damage, and real ones. */
#include "tests/lib/capture_heard.h"

static void sections_may_follow_each_other_in_either_byte_order(void **state)
{
	struct capture_make little, big;

	(void)state;
	begin(&little);
	capture_make_in(&little, "f5", "01 00");
	capture_make_init(&big);
	big.big_endian = true;
	big.now_us = little.now_us;
	capture_make_begin(&big);
	capture_make_in(&big, "f5", "02 00");
	buf_add(&little.file, big.file.at, big.file.len);
	capture_make_done(&big);
	check(&little, "GET_CURRENT_MODE in 2 ok [01 00]\n"
		       "GET_CURRENT_MODE in 2 ok [02 00]\n");
}

static void a_file_that_ends_inside_a_record_is_read_up_to_there(void **state)
{
	struct capture_make m;
	struct heard h;
	size_t whole;

	(void)state;
	for (int form = 0; form < 2; form++) {
		capture_make_init(&m);
		m.form = form ? FORM_PCAP : FORM_PCAPNG;
		capture_make_begin(&m);
		capture_make_in(&m, "f5", "01 00");
		whole = m.file.len;
		capture_make_in(&m, "f5", "02 00");
		for (size_t len = whole + 1; len < whole + 90; len += 7) {
			m.file.len = len;
			hear_made(&h, &m);
			assert_int_equal(h.rc, 0);
			assert_true(h.stats.cut);
			assert_int_equal(h.stats.cut_offset, whole);
			assert_string_equal(buf_str(&h.text), "GET_CURRENT_MODE in 2 ok [01 00]\n");
			buf_done(&h.text);
		}
		capture_make_done(&m);
	}
}

static void damage_is_refused_with_its_offset(void **state)
{
	struct capture_make m;
	struct heard h;
	size_t second;
	char want[80];

	(void)state;
	begin(&m);
	capture_make_in(&m, "f5", "01 00");
	second = m.file.len;
	capture_make_in(&m, "f5", "02 00");
	m.file.at[second + 4] ^= 1;
	hear_made(&h, &m);
	assert_int_equal(h.rc, ERR_FORMAT);
	snprintf(want, sizeof(want), "damaged at offset %zu: a block of bytes: ", second);
	assert_memory_equal(h.e.text, want, strlen(want));
	/* What came before is not lost. */
	assert_string_equal(buf_str(&h.text), "GET_CURRENT_MODE in 2 ok [01 00]\n");
	buf_done(&h.text);
	capture_make_done(&m);
}

static void what_is_no_capture_says_so(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *text;
	} rows[] = {
		{ "", 0, "empty, no capture" },
		{ "ab", 2, "too short, no capture" },
		{ "Info : hello", 12, "neither pcap nor pcapng" },
		{ "\x1f\x8b\x08\x00", 4, "compressed (gzip); unpack it first" },
		{ "\xd4\xc3\xb2\xa1\x02\x00", 6, "a pcap file that ends inside its header" },
		{ "\x34\xcd\xb2\xa1\x02\x00", 6,
		  "an old variant of pcap; convert it with editcap" },
	};
	struct heard h;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pcap_bytes bytes = { (const uint8_t *)rows[i].bytes, rows[i].len };

		hear_source(&h, (struct pcap_source){ pcap_read_bytes, &bytes });
		assert_int_equal(h.rc, ERR_FORMAT);
		assert_string_equal(h.e.text, rows[i].text);
		buf_done(&h.text);
	}
}

static void a_capture_of_something_else_says_so(void **state)
{
	static const uint8_t frame[60];
	struct capture_make m;
	struct heard h;

	(void)state;
	capture_make_init(&m);
	m.link_type = 1;
	capture_make_begin(&m);
	capture_make_record(&m, frame, sizeof(frame), sizeof(frame));
	hear_made(&h, &m);
	assert_int_equal(h.rc, ERR_FORMAT);
	assert_string_equal(h.e.text, "a capture without USB in it");
	assert_int_equal(h.stats.alien, 1);
	buf_done(&h.text);
	capture_make_done(&m);
}

/* Every byte of a capture damaged in turn: it is read or refused, never crashes, never hangs. */
static void any_byte_may_be_damaged(void **state)
{
	static const uint8_t damage[] = { 0x01, 0x80, 0xff };
	struct capture_make m;
	struct heard h;

	(void)state;
	for (int form = 0; form < 2; form++) {
		capture_make_init(&m);
		m.form = form ? FORM_PCAP : FORM_PCAPNG;
		capture_make_begin(&m);
		capture_make_descriptor(&m, 0x0483, 0x3748);
		say_session(&m);
		for (size_t i = 0; i < 3 * m.file.len; i++) {
			m.file.at[i / 3] ^= (char)damage[i % 3];
			hear_made(&h, &m);
			assert_true(h.rc == 0 || h.rc == ERR_FORMAT);
			if (h.rc)
				assert_true(h.e.text[0]);
			buf_done(&h.text);
			m.file.at[i / 3] ^= (char)damage[i % 3];
		}
		capture_make_done(&m);
	}
}

static void the_same_for_windows_and_macos(void **state)
{
	struct capture_make m;
	struct heard h;

	(void)state;
	for (int link = 0; link < 2; link++) {
		capture_make_init(&m);
		m.link_type = link ? 249 : 266;
		capture_make_begin(&m);
		capture_make_descriptor(&m, 0x0483, 0x3748);
		say_session(&m);
		for (size_t i = 0; i < m.file.len; i++) {
			m.file.at[i] ^= (char)0x40;
			hear_made(&h, &m);
			assert_true(h.rc == 0 || h.rc == ERR_FORMAT);
			buf_done(&h.text);
			m.file.at[i] ^= (char)0x40;
		}
		capture_make_done(&m);
	}
}

/* ---- real ones ---- */

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, what)); at++)
		n++;
	return n;
}

static void the_real_captures_have_nothing_unexplained(void **state)
{
	static const struct {
		const char *path;
		unsigned xacts, alone;
	} files[] = {
		{ "tests/captures/v2-plug-connect-swo.pcapng", 398, 31 },
		{ "tests/captures/v2-connect-again.pcapng", 76, 0 },
		{ "tests/captures/v2-press-run.pcapng", 7, 0 },
		{ "tests/captures/sim-st-info-probe.pcap", 15, 0 },
	};
	struct heard h;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		hear_file(&h, files[i].path);
		assert_int_equal(h.rc, 0);
		assert_int_equal(h.stats.xacts, files[i].xacts);
		assert_int_equal(h.stats.probes, 1);
		assert_int_equal(h.stats.odd, 0);
		assert_int_equal(h.stats.others, 0);
		/* What has no command is SWO; nothing begins with unknown bytes. */
		assert_int_equal(count(buf_str(&h.text), "alone 83"), files[i].alone);
		assert_int_equal(count(buf_str(&h.text), "alone"), files[i].alone);
		assert_int_equal(count(buf_str(&h.text), "\nf"), 0);
		buf_done(&h.text);
	}
}

static void a_request_that_stays_unanswered_is_seen(void **state)
{
	struct heard h;

	(void)state;
	hear_file(&h, "tests/captures/v2-connect-again.pcapng");
	assert_memory_equal(buf_str(&h.text), "GET_VERSION in 0 unknown\nGET_VERSION in 6 ok", 44);
	buf_done(&h.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_may_follow_each_other_in_either_byte_order),
		cmocka_unit_test(a_file_that_ends_inside_a_record_is_read_up_to_there),
		cmocka_unit_test(damage_is_refused_with_its_offset),
		cmocka_unit_test(what_is_no_capture_says_so),
		cmocka_unit_test(a_capture_of_something_else_says_so),
		cmocka_unit_test(any_byte_may_be_damaged),
		cmocka_unit_test(the_same_for_windows_and_macos),
		cmocka_unit_test(the_real_captures_have_nothing_unexplained),
		cmocka_unit_test(a_request_that_stays_unanswered_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
