/* What transactions become as events: the vocabulary of the rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/usb/decode.h"
#include "tests/lib/capture_make.h"

struct story {
	struct capture_make m;
	struct events *ev;
	struct capture_stats stats;
	struct buf text;
};

static int start(void **state)
{
	static struct story s;

	memset(&s, 0, sizeof(s));
	capture_make_init(&s.m);
	capture_make_begin(&s.m);
	buf_init(&s.text);
	*state = &s;
	return 0;
}

static int stop(void **state)
{
	struct story *s = *state;

	capture_make_done(&s->m);
	events_free(s->ev);
	buf_done(&s->text);
	return 0;
}

/* Events a line each: "dp.id 0x2ba01477" with the number of times where it is more than one. */
static void list(struct story *s)
{
	for (size_t i = 0; i < events_len(s->ev); i++) {
		const struct event *e = events_at(s->ev, i);
		const struct event_kind_row *row = &event_kind_rows[e->kind];

		buf_add_str(&s->text, row->name);
		for (int f = 0; f < EVENT_FIELDS_MAX && row->fields[f].name; f++) {
			if (!e->v[f].has)
				buf_add_str(&s->text, " -");
			else if (row->fields[f].type == EVENT_TEXT)
				buf_addf(&s->text, " %s", e->v[f].text);
			else if (row->fields[f].type == EVENT_HEX)
				buf_addf(&s->text, " 0x%llx", (unsigned long long)e->v[f].num);
			else
				buf_addf(&s->text, " %lld", (long long)e->v[f].num);
		}
		if (e->times > 1)
			buf_addf(&s->text, " x%u", e->times);
		buf_add_char(&s->text, '\n');
	}
}

static void end(struct story *s, unsigned probe)
{
	struct pcap_bytes bytes;

	s->ev = events_new();
	assert_int_equal(
		decode_capture(capture_make_source(&s->m, &bytes), probe, s->ev, &s->stats, NULL),
		0);
	list(s);
}

static void check(struct story *s, const char *want)
{
	end(s, 0);
	assert_string_equal(buf_str(&s->text), want);
}

#define OPENED                                                                                     \
	"usb.device 0x483 0x3748\nprobe.usb-id 0x483 0x3748\nprobe.version 2 37 2 V2J37S7\n"       \
	"probe.mode mass-storage\ntarget.voltage 3301\nprobe.speed 1800 -\n"

static void open_probe(struct capture_make *m)
{
	capture_make_in(m, "f1", "29 47 83 04 48 37");
	capture_make_in(m, "f5", "01 00");
	capture_make_in(m, "f7", "d1 05 00 00 00 08 00 00");
	capture_make_in(m, "f2 43 01", "80 00");
}

static const char status_ok[] = "80 00 00 00 00 00 00 00 00 00 00 00";

static void a_good_session_is_a_good_story(void **state)
{
	struct story *s = *state;

	open_probe(&s->m);
	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_in(&s->m, "f2 31", "80 00 00 00 77 14 a0 2b 00 00 00 00");
	capture_make_in(&s->m, "f2 07 00 ed 00 e0 04", "41 c2 0f 41");
	capture_make_in(&s->m, "f2 3e", status_ok);
	capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "80 00 00 00 01 00 01 01");
	capture_make_in(&s->m, "f2 35 f0 ed 00 e0 03 00 5f a0", "80 00");
	capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "80 00 00 00 03 00 03 00");
	capture_make_in(&s->m, "f2 36 00 20 04 e0", "80 00 00 00 13 64 01 10");
	capture_make_in(&s->m, "f2 36 20 7a ff 1f", "80 00 00 00 ff ff 00 04");
	capture_make_plain(&s->m, "f2 21");
	check(s, OPENED "transport.set swd\ndp.id 0x2ba01477\nconnect.ok\ncore.found Cortex-M4\n"
			"core.state running\ncore.halted - -\nchip.id 0x10016413\n"
			"chip.flash-size 1048576\n");
}

static void nobody_on_the_wires(void **state)
{
	struct story *s = *state;

	open_probe(&s->m);
	capture_make_in(&s->m, "f2 30 a3", "09 00");
	check(s, OPENED "transport.set swd\nprobe.status 0x9 ENTER\ndp.silent no IDCODE\n"
			"connect.failed\n");
}

static void the_link_breaks_after_it_had_worked(void **state)
{
	struct story *s = *state;

	open_probe(&s->m);
	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "80 00 00 00 01 00 01 01");
	capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "16 00 00 00 00 00 00 00");
	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "80 00 00 00 01 00 01 01");
	check(s, OPENED "transport.set swd\ncore.state running\nconnect.ok x2\n"
			"probe.status 0x16 READDEBUGREG\ndp.error status\nlink.mode-unknown\n"
			"link.lost\nlink.reconnect\n");
}

static void waits_are_counted_and_nothing_else(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 30 a3", "80 00");
	for (int i = 0; i < 5; i++)
		capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "10 00 00 00 00 00 00 00");
	capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "80 00 00 00 01 00 01 01");
	check(s, "transport.set swd\nprobe.status 0x10 READDEBUGREG x5\nlink.wait x5\n"
		 "core.state running\nconnect.ok\n");
}

static void a_wait_that_is_answered_when_asked_again_means_nothing(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 30 a3", "80 00");
	for (int i = 0; i < 9; i++) {
		capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "10 00 00 00 00 00 00 00");
		capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "80 00 00 00 01 00 01 01");
	}
	check(s, "transport.set swd\nprobe.status 0x10 READDEBUGREG x9\n"
		 "core.state running\nconnect.ok\n");
}

static void a_wait_that_the_session_ends_with_is_told(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 30 a3", "80 00");
	for (int i = 0; i < 2; i++)
		capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "10 00 00 00 00 00 00 00");
	check(s, "transport.set swd\nprobe.status 0x10 READDEBUGREG x2\nlink.wait x2\n");
}

static void a_block_of_flash_that_is_refused(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_in(&s->m, "f2 07 00 00 00 08 04", "00 00 00 00");
	capture_make_in(&s->m, "f2 3e", "11 00 00 00 00 00 00 08 00 00 00 00");
	check(s, "transport.set swd\nprobe.status 0x11 GETLASTRWSTATUS2\nap.fault\n"
		 "mem.read-failed 0x8000000\n");
}

static void what_tools_look_for_in_vain_is_no_fault(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_in(&s->m, "f2 45 00 00 fc", "80 00 00 00 11 00 77 24");
	capture_make_in(&s->m, "f2 45 01 00 fc", "11 00 00 00 00 00 00 00");
	capture_make_in(&s->m, "f2 4b 02", "1d 00");
	capture_make_in(&s->m, "f2 36 04 20 04 e0", "11 00 00 00 00 00 00 00");
	capture_make_in(&s->m, "f2 36 00 ed 00 e0", "80 00 00 00 41 c2 0f 41");
	check(s,
	      "transport.set swd\nap.id 0 0x24770011\nconnect.ok\nprobe.status 0x11 READ_DAP_REG\n"
	      "probe.status 0x1d INIT_AP\nprobe.status 0x11 READDEBUGREG\ncore.found Cortex-M4\n");
}

static void a_fault_that_the_session_ends_with_is_one(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_in(&s->m, "f2 36 04 20 04 e0", "11 00 00 00 00 00 00 00");
	check(s, "transport.set swd\nprobe.status 0x11 READDEBUGREG\nap.fault\n");
}

static void values_of_a_failed_read_count_for_nothing(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_in(&s->m, "f2 07 00 ed 00 e0 04", "41 c2 0f 41");
	capture_make_in(&s->m, "f2 3e", "16 00 00 00 00 00 00 00 00 00 00 00");
	check(s, "transport.set swd\nprobe.status 0x16 GETLASTRWSTATUS2\ndp.error status\n");
}

/* st-flash never asks for the status of its reads. */
static void a_read_whose_status_nobody_asked_for_is_believed(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_in(&s->m, "f2 07 00 ed 00 e0 04", "41 c2 0f 41");
	capture_make_in(&s->m, "f2 07 00 00 00 20 04", "00 00 00 00");
	check(s, "transport.set swd\ncore.found Cortex-M4\n");
}

static void transfers_that_fail_are_usb_errors(void **state)
{
	struct story *s = *state;

	capture_make_failing(&s->m, "f1", -EPIPE);
	capture_make_failing(&s->m, "f5", -ENOENT);
	capture_make_failing(&s->m, "f5", -ESHUTDOWN);
	check(s, "usb.error pipe GET_VERSION\nusb.error timeout GET_CURRENT_MODE\n"
		 "usb.error no-device GET_CURRENT_MODE\nusb.gone\n");
}

static void a_reset_that_the_core_does_not_show(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "80 00 00 00 01 00 01 03");
	capture_make_in(&s->m, "f2 3c 00", "80 00");
	capture_make_in(&s->m, "f2 3c 01", "80 00");
	capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "80 00 00 00 01 00 01 01");
	check(s, "transport.set swd\nconnect.ok\nnrst.unseen\ncore.state running\n");
}

static void a_reset_that_nobody_asked_for(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "80 00 00 00 01 00 01 01");
	capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "80 00 00 00 01 00 01 03");
	check(s, "transport.set swd\ncore.state running\nconnect.ok\nreset.seen -\n");
}

static void a_target_that_stays_in_reset(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 30 a3", "80 00");
	for (int i = 0; i < 5; i++)
		capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "80 00 00 00 01 00 01 02");
	check(s, "transport.set swd\nconnect.ok\nreset.seen - x4\nnrst.held\n");
}

static void under_reset_is_seen_by_the_order(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 3c 00", "80 00");
	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_in(&s->m, "f2 31", "80 00 00 00 77 14 a0 2b 00 00 00 00");
	check(s, "connect.mode under-reset\ntransport.set swd\ndp.id 0x2ba01477\n");
}

static void a_core_that_does_not_halt(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_in(&s->m, "f2 35 f0 ed 00 e0 03 00 5f a0", "80 00");
	capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "80 00 00 00 03 00 01 01");
	s->m.now_us += 600000;
	capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "80 00 00 00 03 00 01 01");
	check(s, "transport.set swd\nconnect.ok\ncore.state running\ncore.halt-timeout\n");
}

static void lockup_counts_if_the_session_leaves_it_so(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "80 00 00 00 01 00 09 00");
	check(s, "transport.set swd\nconnect.ok\ncore.lockup\n");
}

static void lockup_that_was_cured_does_not(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "80 00 00 00 01 00 09 00");
	capture_make_in(&s->m, "f2 36 f0 ed 00 e0", "80 00 00 00 03 00 03 00");
	check(s, "transport.set swd\nconnect.ok\ncore.halted - -\n");
}

static void a_device_id_of_zero_counts_if_no_other_was_found(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_in(&s->m, "f2 36 00 20 04 e0", "80 00 00 00 00 00 00 00");
	capture_make_in(&s->m, "f2 36 00 58 01 40", "80 00 00 00 40 64 00 20");
	check(s, "transport.set swd\nconnect.ok\nchip.id 0x20006440\n");
}

static void writing_flash_with_a_loader(void **state)
{
	char code[3 * 64 + 1] = "";
	struct story *s = *state;

	for (int i = 0; i < 64; i++)
		strcat(code, "00 ");
	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_in(&s->m, "f2 35 04 3c 02 40 23 01 67 45", "80 00");
	capture_make_out(&s->m, "f2 08 00 00 00 20 40", code);
	capture_make_in(&s->m, "f2 3e", status_ok);
	capture_make_in(&s->m, "f2 35 f0 ed 00 e0 01 00 5f a0", "80 00");
	capture_make_in(&s->m, "f2 36 0c 3c 02 40", "80 00 00 00 10 00 00 00");
	capture_make_in(&s->m, "f2 07 00 00 00 08 40", code);
	capture_make_in(&s->m, "f2 3e", status_ok);
	check(s, "transport.set swd\nflash.start - -\nconnect.ok\nflash.loader\n"
		 "mem.word 0x40023c0c 0x10\nflash.read\n");
}

static void an_attempt_begins_when_debug_mode_is_entered_anew(void **state)
{
	struct story *s = *state;

	capture_make_in(&s->m, "f2 30 a3", "80 00");
	capture_make_plain(&s->m, "f2 21");
	capture_make_in(&s->m, "f2 30 a3", "09 00");
	end(s, 0);
	assert_int_equal(events_attempts(s->ev), 2);
}

static void packets_are_the_lines_and_never_fall(void **state)
{
	struct story *s = *state;
	uint64_t last = 0;

	open_probe(&s->m);
	s->m.device = 6;
	open_probe(&s->m);
	s->m.device = 5;
	capture_make_in(&s->m, "f2 30 a3", "09 00");
	end(s, 0);
	for (size_t i = 0; i < events_len(s->ev); i++) {
		const struct event *e = events_at(s->ev, i);

		assert_true(e->line >= last);
		last = e->line;
		assert_true(e->line >= 1 && e->line <= s->stats.packets);
	}
	assert_string_equal(events_at(s->ev, 2)->text, "#1 version: V2J37S7 0483:3748");
}

static void beside_a_log_packets_are_places_of_their_own(void **state)
{
	struct story *s = *state;
	struct event said = { .kind = EVENT_LINK_WAIT, .pattern = -1, .line = 500 };
	struct pcap_bytes bytes;

	s->ev = events_new();
	event_add(s->ev, &said);
	open_probe(&s->m);
	for (unsigned trace = 1; trace <= 2; trace++)
		assert_int_equal(decode_capture_beside(capture_make_source(&s->m, &bytes), 500,
						       trace, s->ev, &s->stats, NULL),
				 0);
	for (size_t i = 1; i < events_len(s->ev); i++) {
		const struct event *e = events_at(s->ev, i);

		assert_int_equal(e->line, 500);
		assert_int_equal(e->trace, i < events_len(s->ev) / 2 + 1 ? 1 : 2);
		assert_in_range(e->packet, 1, s->stats.packets);
	}
}

static void one_probe_of_several_can_be_asked_for(void **state)
{
	struct story *s = *state;

	open_probe(&s->m);
	s->m.device = 6;
	capture_make_in(&s->m, "f5", "04 00");
	end(s, 2);
	assert_string_equal(buf_str(&s->text), "probe.mode bootloader\n");
}

static void a_probe_that_is_not_in_the_capture_is_not_found(void **state)
{
	struct story *s = *state;
	struct pcap_bytes bytes;
	struct err e;

	open_probe(&s->m);
	s->ev = events_new();
	assert_int_equal(
		decode_capture(capture_make_source(&s->m, &bytes), 3, s->ev, &s->stats, &e),
		ERR_NOT_FOUND);
	assert_string_equal(e.text, "no probe 3 in the capture (it has 1)");
}

static void the_real_captures_tell_good_stories(void **state)
{
	static const char *const files[] = { "tests/captures/v2-plug-connect-swo.pcapng",
					     "tests/captures/v2-connect-again.pcapng" };
	struct story *s = *state;

	for (size_t i = 0; i < 2; i++) {
		int fd = open(files[i], O_RDONLY);

		events_free(s->ev);
		s->ev = events_new();
		buf_clear(&s->text);
		assert_int_equal(decode_capture((struct pcap_source){ pcap_read_fd, &fd }, 0, s->ev,
						&s->stats, NULL),
				 0);
		close(fd);
		list(s);
		assert_non_null(strstr(buf_str(&s->text), "probe.version 2 16 2 V2J16S0\n"));
		assert_non_null(strstr(buf_str(&s->text), "core.found Cortex-M3\n"));
		assert_non_null(strstr(buf_str(&s->text), "chip.id 0x10186416 x"));
		assert_non_null(strstr(buf_str(&s->text), "chip.flash-size 131072"));
		assert_null(strstr(buf_str(&s->text), "fail"));
		assert_null(strstr(buf_str(&s->text), "fault"));
		assert_null(strstr(buf_str(&s->text), "reset.seen"));
		assert_null(strstr(buf_str(&s->text), "usb.error"));
	}
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_good_session_is_a_good_story),
		STORY(nobody_on_the_wires),
		STORY(the_link_breaks_after_it_had_worked),
		STORY(waits_are_counted_and_nothing_else),
		STORY(a_wait_that_is_answered_when_asked_again_means_nothing),
		STORY(a_wait_that_the_session_ends_with_is_told),
		STORY(a_block_of_flash_that_is_refused),
		STORY(what_tools_look_for_in_vain_is_no_fault),
		STORY(a_fault_that_the_session_ends_with_is_one),
		STORY(values_of_a_failed_read_count_for_nothing),
		STORY(a_read_whose_status_nobody_asked_for_is_believed),
		STORY(transfers_that_fail_are_usb_errors),
		STORY(a_reset_that_the_core_does_not_show),
		STORY(a_reset_that_nobody_asked_for),
		STORY(a_target_that_stays_in_reset),
		STORY(under_reset_is_seen_by_the_order),
		STORY(a_core_that_does_not_halt),
		STORY(lockup_counts_if_the_session_leaves_it_so),
		STORY(lockup_that_was_cured_does_not),
		STORY(a_device_id_of_zero_counts_if_no_other_was_found),
		STORY(writing_flash_with_a_loader),
		STORY(an_attempt_begins_when_debug_mode_is_entered_anew),
		STORY(packets_are_the_lines_and_never_fall),
		STORY(beside_a_log_packets_are_places_of_their_own),
		STORY(one_probe_of_several_can_be_asked_for),
		STORY(a_probe_that_is_not_in_the_capture_is_not_found),
		STORY(the_real_captures_tell_good_stories),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
