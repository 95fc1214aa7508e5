/* What a session with a probe means: the story that its transactions tell. */
#include <errno.h>

#include "tests/lib/decode_story.h"

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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
