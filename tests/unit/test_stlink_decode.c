/* What transactions are said to mean: status told later, stale replies, queues, registers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "probe/stlink_say.h"
#include "tests/lib/capture_make.h"

struct talk {
	struct stlink_decoder d;
	uint64_t number;
	struct xact x;
	struct stlink_said said;
	uint8_t data[512];
	struct buf text;
};

static int start(void **state)
{
	static struct talk t;

	memset(&t, 0, sizeof(t));
	stlink_decoder_init(&t.d);
	buf_init(&t.text);
	*state = &t;
	return 0;
}

static int stop(void **state)
{
	buf_done(&((struct talk *)*state)->text);
	return 0;
}

/* One transaction; returns it in one sentence. */
static const char *say(struct talk *t, const char *cmd, enum xact_dir dir, const char *data,
		       enum xact_outcome outcome)
{
	memset(&t->x, 0, sizeof(t->x));
	t->x.cmd_len = cmd ? 16 : 0;
	if (cmd)
		capture_make_hex(cmd, t->x.cmd, 16);
	t->x.dir = dir;
	t->x.data = t->data;
	t->x.got = t->x.want = capture_make_hex(data, t->data, sizeof(t->data));
	t->x.outcome = outcome;
	t->x.native = outcome == XACT_TIMEOUT ? -7 : 0;
	stlink_decode(&t->d, &t->x, ++t->number, &t->said);
	buf_clear(&t->text);
	stlink_say_all(&t->text, &t->said, &t->x);
	return buf_str(&t->text);
}

static const char *in(struct talk *t, const char *cmd, const char *reply)
{
	return say(t, cmd, XACT_IN, reply, XACT_OK);
}

static const char *out(struct talk *t, const char *cmd, const char *data)
{
	return say(t, cmd, XACT_OUT, data, XACT_OK);
}

static const char *plain(struct talk *t, const char *cmd)
{
	return say(t, cmd, XACT_NONE, "", XACT_OK);
}

static void an_openocd_session_is_explained_line_by_line(void **state)
{
	struct talk *t = *state;

	assert_string_equal(in(t, "f1", "29 47 83 04 48 37"), "version: V2J37S7 0483:3748");
	assert_string_equal(in(t, "f5", "01 00"), "mode: mode mass-storage");
	assert_string_equal(in(t, "f7", "d1 05 00 00 00 08 00 00"), "target voltage: 3.301 V");
	assert_string_equal(in(t, "f2 43 01", "80 00"),
			    "set SWD speed 1800 kHz (divisor 1): OK; 1800 kHz");
	assert_string_equal(in(t, "f2 30 a3", "80 00"), "enter debug mode SWD: OK");
	assert_string_equal(in(t, "f2 4b", "80 00"), "open access port AP 0: OK");
	assert_string_equal(in(t, "f2 07 00 ed 00 e0 04", "41 c2 0f 41"),
			    "read memory by words CPUID, 4 bytes: CPUID = 0x410fc241 "
			    "IMPLEMENTER=0x41 ARCHITECTURE=0xf PARTNO=0xc24 REVISION=1");
	assert_string_equal(in(t, "f2 3e", "80 00 00 00 00 00 00 00 00 00 00 00"),
			    "status of the last access: OK of #7");
	assert_string_equal(in(t, "f2 3c 01", "80 00"), "drive the reset line high: OK");
	assert_string_equal(in(t, "f2 31", "80 00 00 00 77 14 a0 2b 00 00 00 00"),
			    "read id codes: OK; id 0x2ba01477; id 0x00000000");
	assert_string_equal(in(t, "f2 36 f0 ed 00 e0", "80 00 00 00 01 00 01 01"),
			    "read word DHCSR: OK; DHCSR = 0x01010001 C_DEBUGEN S_REGRDY "
			    "S_RETIRE_ST");
	assert_string_equal(in(t, "f2 35 f0 ed 00 e0 03 00 5f a0", "80 00"),
			    "write word DHCSR: OK; DHCSR = 0xa05f0003 C_DEBUGEN C_HALT");
	assert_string_equal(in(t, "f2 33 0f", "80 00 00 00 d0 1b 00 08"),
			    "read register pc: OK; pc = 0x08001bd0");
	assert_string_equal(in(t, "f2 0c 00 00 00 20 01", "5a 00"),
			    "read memory by bytes 0x20000000, 1 byte: 0x20000000 = 0x5a");
	in(t, "f2 3e", "80 00 00 00 00 00 00 00 00 00 00 00");
	assert_string_equal(out(t, "f2 08 00 00 00 20 08", "78 56 34 12 ef cd ab 89"),
			    "write memory by words 0x20000000 (RAM), 8 bytes: "
			    "0x20000000 = 0x12345678; 0x20000004 = 0x89abcdef");
	in(t, "f2 3e", "80 00 00 00 00 00 00 00 00 00 00 00");
	in(t, "f2 07 00 00 00 60 04", "00 00 00 00");
	assert_string_equal(in(t, "f2 3e", "11 00 00 00 00 00 00 60 00 00 00 00"),
			    "status of the last access: AP_FAULT (0x11) of #18; at 0x60000000");
	assert_string_equal(in(t, "f2 36 f0 ed 00 e0", "16 00 00 00 00 00 00 00"),
			    "read word DHCSR: DP_ERROR (0x16)");
	assert_string_equal(in(t, "f2 30 a3", "09 00"),
			    "enter debug mode SWD: GET_IDCODE_ERROR (0x09)");
	assert_string_equal(plain(t, "f2 21"), "leave debug mode");
	assert_int_equal(t->said.notes, 0);
}

static void dap_registers_have_names_and_bits(void **state)
{
	struct talk *t = *state;

	assert_string_equal(in(t, "f2 46 ff ff 04 00 22 00 00 50", "80 00"),
			    "write DAP register DP CTRL/STAT: OK; DP CTRL/STAT = 0x50000022 "
			    "STICKYORUN STICKYERR CDBGPWRUPREQ CSYSPWRUPREQ");
	assert_string_equal(in(t, "f2 45 00 00 fc", "80 00 00 00 11 00 77 24"),
			    "read DAP register AP 0 IDR: OK; AP 0 IDR = 0x24770011 REVISION=2 "
			    "DESIGNER=0x23b CLASS=8 VARIANT=1 TYPE=1");
	assert_string_equal(in(t, "f2 45 ff ff", "80 00 00 00 77 14 a0 2b"),
			    "read DAP register DP DPIDR: OK; DP DPIDR = 0x2ba01477 REVISION=2 "
			    "PARTNO=0xba VERSION=1 DESIGNER=0x23b");
	assert_string_equal(in(t, "f2 46 ff ff 00 00 1e", "80 00"),
			    "write DAP register DP ABORT: OK; DP ABORT = 0x0000001e STKCMPCLR "
			    "STKERRCLR WDERRCLR ORUNERRCLR");
	assert_string_equal(in(t, "f2 45 03 00 e0", "1d 00 00 00 00 00 00 00"),
			    "read DAP register AP 3 register 0xe0: BAD_AP (0x1d)");
}

static void a_queue_gives_values_and_statuses(void **state)
{
	struct talk *t = *state;

	out(t, "f2 51 05",
	    "05 01 02 03 03 00 00 00 00 00 00 00 fc ed 00 e0 00 00 00 01 f0 ed 00 e0 00 ed 00 e0");
	assert_int_equal(t->said.n_access, 3);
	assert_true(t->said.access[0].write);
	assert_int_equal(t->said.access[0].address, 0xe000edfc);
	assert_int_equal(t->said.access[0].value, 0x01000000);
	assert_false(t->said.access[1].has_value);
	in(t, "f2 52",
	   "00 00 00 00 00 00 00 00 00 00 00 00 01 00 01 01 41 c2 0f 41 "
	   "80 00 00 00 10 00 00 00 80 00 00 00 80 00 00 00 11 00 00 00");
	assert_int_equal(t->said.status_of, 1);
	assert_int_equal(t->said.status, 0x10);
	assert_int_equal(t->said.kind, STLINK_STATUS_WAIT);
	assert_int_equal(t->said.failed_items, 2);
	assert_int_equal(t->said.access[0].address, 0xe000edf0);
	assert_int_equal(t->said.access[0].value, 0x01010001);
	assert_false(t->said.access[1].has_value);
	assert_true(stlink_said_failed(&t->said, &t->x));
}

static void a_v3_is_explained(void **state)
{
	struct talk *t = *state;

	assert_string_equal(in(t, "f1", "30 00 83 04 4e 37"), "version: V3J0S0 0483:374e");
	assert_string_equal(in(t, "fb", "03 00 09 03 00 00 00 00 83 04 4e 37"),
			    "long version: V3J9M3 0483:374e");
	assert_string_equal(in(t, "f2 62",
			       "80 00 00 00 e8 03 00 00 03 00 00 00 c0 5d 00 00 40 1f 00 00 e4 0c "
			       "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
			       "00 00 00 00 00 00 00 00"),
			    "speeds SWD: OK; 1000 kHz; offers 24000, 8000, 3300");
	assert_string_equal(in(t, "f2 61 00 00 e8 03", "80 00 00 00 e8 03 00 00"),
			    "set speed SWD, 1000 kHz: OK; 1000 kHz");
	in(t, "f2 63 01", "40 00 00 00 00 00 00 00");
	assert_int_equal(t->said.kind, STLINK_STATUS_CHANGED);
	assert_false(stlink_said_failed(&t->said, &t->x));
	/* A V2's speed command is not for it. */
	assert_string_equal(in(t, "f2 43 01", "08 00"),
			    "set SWD speed 1800 kHz (divisor 1): CMD_ERROR (0x08); "
			    "newer than this firmware");
}

static void a_voltage_without_a_reference_is_no_voltage(void **state)
{
	struct talk *t = *state;

	in(t, "f7", "00 00 00 00 00 08 00 00");
	assert_false(t->said.has_voltage);
	in(t, "f7", "d1 05 00 00 00 00 00 00");
	assert_true(t->said.has_voltage);
	assert_int_equal(t->said.mv, 0);
}

static void a_status_that_was_not_asked_for_is_noted(void **state)
{
	struct talk *t = *state;

	in(t, "f2 07 00 00 00 20 04", "00 00 00 00");
	in(t, "f2 07 04 00 00 20 04", "00 00 00 00");
	assert_true(t->said.notes & STLINK_NOTE_UNCHECKED);
	in(t, "f2 3b", "80 00");
	assert_int_equal(t->said.status_of, 2);
	in(t, "f2 07 08 00 00 20 04", "00 00 00 00");
	assert_false(t->said.notes & STLINK_NOTE_UNCHECKED);
}

static void what_is_asked_again_after_wait_is_counted(void **state)
{
	struct talk *t = *state;

	in(t, "f2 36 f0 ed 00 e0", "10 00 00 00 00 00 00 00");
	assert_int_equal(t->said.retry, 0);
	in(t, "f2 36 f0 ed 00 e0", "10 00 00 00 00 00 00 00");
	assert_int_equal(t->said.retry, 1);
	in(t, "f2 36 f0 ed 00 e0", "80 00 00 00 00 00 00 00");
	assert_int_equal(t->said.retry, 2);
	in(t, "f2 36 f0 ed 00 e0", "80 00 00 00 00 00 00 00");
	assert_int_equal(t->said.retry, 0);
}

static void a_memory_access_is_asked_again_as_a_whole(void **state)
{
	struct talk *t = *state;

	for (unsigned i = 0; i < 3; i++) {
		in(t, "f2 07 00 00 00 20 04", "00 00 00 00");
		assert_int_equal(t->said.retry, i);
		in(t, "f2 3e", "10 00 00 00 00 00 00 00 00 00 00 00");
		assert_int_equal(t->said.status_of, 2 * i + 1);
	}
}

/* The reply to a command that was given up comes in place of the next one's. */
static void a_stale_reply_is_found_by_its_size(void **state)
{
	struct talk *t = *state;

	say(t, "f2 31", XACT_IN, "", XACT_TIMEOUT);
	assert_string_equal(buf_str(&t->text), "read id codes: timeout (-7)");
	assert_string_equal(in(t, "f5", "80 00 00 00 77 14 a0 2b 00 00 00 00"),
			    "mode: OK; id 0x2ba01477; id 0x00000000; stale: the reply to #1 (read "
			    "id codes)");
	assert_false(t->said.has_mode);
	/* From then on every reply is late by one. */
	in(t, "f7", "02 00");
	assert_true(t->said.notes & STLINK_NOTE_STALE);
	assert_int_equal(t->said.reply_to, 2);
	assert_int_equal(t->said.mode, 2);
	assert_false(t->said.has_voltage);
}

static void a_stale_reply_of_the_same_size_is_found_by_what_it_says(void **state)
{
	struct talk *t = *state;

	say(t, "f5", XACT_IN, "", XACT_TIMEOUT);
	in(t, "f2 30 a3", "01 00"); /* could be UNKNOWN_ERROR: believed */
	assert_false(t->said.notes & STLINK_NOTE_STALE);
	say(t, "f2 30 a3", XACT_IN, "", XACT_TIMEOUT);
	in(t, "f5", "80 00"); /* no mode at all */
	assert_true(t->said.notes & STLINK_NOTE_STALE);
	assert_int_equal(t->said.reply_to, 3);
}

static void an_emptied_pipe_owes_nothing(void **state)
{
	struct talk *t = *state;

	say(t, "f2 31", XACT_IN, "", XACT_TIMEOUT);
	say(t, NULL, XACT_IN, "", XACT_TIMEOUT);
	t->x.ep = 0x81;
	stlink_decode(&t->d, &t->x, ++t->number, &t->said);
	in(t, "f5", "80 00 00 00 77 14 a0 2b 00 00 00 00");
	assert_false(t->said.notes & STLINK_NOTE_STALE);
	assert_true(t->said.notes & STLINK_NOTE_SIZE);
}

static void a_reply_that_is_read_late_belongs_to_its_command(void **state)
{
	struct talk *t = *state;

	say(t, "f5", XACT_IN, "", XACT_TIMEOUT);
	capture_make_hex("02 00", t->data, 2);
	t->x = (struct xact){ .dir = XACT_IN, .ep = 0x81, .data = t->data, .want = 64, .got = 2 };
	stlink_decode(&t->d, &t->x, ++t->number, &t->said);
	assert_true(t->said.notes & STLINK_NOTE_LATE);
	assert_int_equal(t->said.reply_to, 1);
	assert_int_equal(t->said.mode, 2);
}

static void replies_that_cannot_be_are_marked(void **state)
{
	struct talk *t = *state;

	in(t, "f1", "00 00 00 00 00 00");
	assert_true(t->said.notes & STLINK_NOTE_ODD);
	assert_false(t->said.has_version);
	in(t, "f5", "77 00");
	assert_true(t->said.notes & STLINK_NOTE_ODD);
	in(t, "f2 3c 00", "80");
	assert_true(t->said.notes & STLINK_NOTE_SIZE);
	assert_false(t->said.has_status);
}

static void unknown_commands_are_named_by_their_bytes(void **state)
{
	struct talk *t = *state;

	assert_string_equal(in(t, "f2 99 01 02", "42 00"),
			    "unknown command f2 99 01 02 00 00 00 00 00 00 00 00 00 00 00 00");
	assert_true(t->said.notes & STLINK_NOTE_UNKNOWN);
	assert_false(t->said.has_status);
	in(t, "12 00 00 00 24", "00");
	assert_memory_equal(buf_str(&t->text), "SCSI command 12 00", 18);
}

static void core_registers_through_dcrsr_are_told(void **state)
{
	struct talk *t = *state;

	in(t, "f2 35 f4 ed 00 e0 0f 00 00 00", "80 00");
	in(t, "f2 36 f8 ed 00 e0", "80 00 00 00 d0 1b 00 08");
	assert_int_equal(t->said.n_access, 2);
	assert_int_equal(t->said.access[1].space, CORESIGHT_CORE);
	assert_int_equal(t->said.access[1].address, 15);
	assert_int_equal(t->said.access[1].value, 0x08001bd0);
	out(t, "f2 08 f8 ed 00 e0 04", "78 56 34 12");
	out(t, "f2 08 f4 ed 00 e0 04", "01 00 01 00");
	assert_int_equal(t->said.access[1].address, 1);
	assert_true(t->said.access[1].write);
	assert_int_equal(t->said.access[1].value, 0x12345678);
}

static void swim_statuses_belong_to_the_command_before(void **state)
{
	struct talk *t = *state;

	plain(t, "f4 0b 00 04 00 00 40 00");
	assert_string_equal(in(t, "f4 09", "01 00 00 00"), "SWIM: status: SWIM_BUSY (0x01) of #1");
	assert_int_equal(t->said.kind, STLINK_STATUS_WAIT);
	assert_string_equal(in(t, "f4 0c", "aa bb cc dd"), "SWIM: fetch what was read");
	assert_int_equal(t->said.n_access, 4);
	assert_int_equal(t->said.access[3].address, 0x4003);
	assert_int_equal(t->said.access[3].value, 0xdd);
}

static void the_state_of_an_old_core_is_no_status_word(void **state)
{
	struct talk *t = *state;

	assert_string_equal(in(t, "f2 01", "81 00"), "state of the core: CORE_HALTED");
	assert_false(stlink_said_failed(&t->said, &t->x));
}

static void slow_replies_are_marked_but_not_where_waiting_is_the_work(void **state)
{
	struct talk *t = *state;

	in(t, "f5", "01 00");
	t->x.took_us = 60000;
	stlink_decode(&t->d, &t->x, 2, &t->said);
	assert_true(t->said.notes & STLINK_NOTE_SLOW);
	in(t, "f2 30 a3", "80 00");
	t->x.took_us = 110000;
	stlink_decode(&t->d, &t->x, 3, &t->said);
	assert_false(t->said.notes & STLINK_NOTE_SLOW);
}

/* Whatever comes back, of whatever length, is taken without reading beyond it. */
static void any_reply_to_any_command_is_taken(void **state)
{
	struct talk *t = *state;
	struct buf text;

	buf_init(&text);
	for (size_t i = 0; i < STLINK_CMDS; i++) {
		for (size_t len = 0; len < 100; len += len < 20 ? 1 : 13) {
			uint8_t *exact = malloc(len ? len : 1);
			struct xact x = {
				.cmd_len = 16, .dir = XACT_IN, .data = exact, .got = len
			};

			assert_non_null(exact);
			memset(exact, (int)(i + len), len);
			memset(x.cmd, 0xff, sizeof(x.cmd));
			memcpy(x.cmd, stlink_cmd_rows[i].bytes, stlink_cmd_rows[i].len);
			if (len % 3 == 0)
				x.dir = XACT_OUT;
			x.want = len;
			stlink_decode(&t->d, &x, ++t->number, &t->said);
			buf_clear(&text);
			stlink_say_all(&text, &t->said, &x);
			for (size_t k = 0; k < text.len; k++)
				assert_true(text.at[k] >= ' ' && text.at[k] < 0x7f);
			free(exact);
		}
	}
	buf_done(&text);
}

#define TALK(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TALK(an_openocd_session_is_explained_line_by_line),
		TALK(dap_registers_have_names_and_bits),
		TALK(a_queue_gives_values_and_statuses),
		TALK(a_v3_is_explained),
		TALK(a_voltage_without_a_reference_is_no_voltage),
		TALK(a_status_that_was_not_asked_for_is_noted),
		TALK(what_is_asked_again_after_wait_is_counted),
		TALK(a_memory_access_is_asked_again_as_a_whole),
		TALK(a_stale_reply_is_found_by_its_size),
		TALK(a_stale_reply_of_the_same_size_is_found_by_what_it_says),
		TALK(an_emptied_pipe_owes_nothing),
		TALK(a_reply_that_is_read_late_belongs_to_its_command),
		TALK(replies_that_cannot_be_are_marked),
		TALK(unknown_commands_are_named_by_their_bytes),
		TALK(core_registers_through_dcrsr_are_told),
		TALK(swim_statuses_belong_to_the_command_before),
		TALK(the_state_of_an_old_core_is_no_status_word),
		TALK(slow_replies_are_marked_but_not_where_waiting_is_the_work),
		TALK(any_reply_to_any_command_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
