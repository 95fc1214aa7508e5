/* Where a session stands: attempts, packets, one probe of several; and whole captures of real ones.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/lib/decode_story.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(an_attempt_begins_when_debug_mode_is_entered_anew),
		STORY(packets_are_the_lines_and_never_fall),
		STORY(beside_a_log_packets_are_places_of_their_own),
		STORY(one_probe_of_several_can_be_asked_for),
		STORY(a_probe_that_is_not_in_the_capture_is_not_found),
		STORY(the_real_captures_tell_good_stories),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
