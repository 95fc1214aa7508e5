/* The status words of the ST-LINK: told once, WAIT asked again, within a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>

#include "tests/lib/stlink_talk.h"

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

int main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		T(every_status_word_survives_and_is_not_asked_again),
		T(the_status_is_told_in_words),
		T(wait_is_asked_again_with_growing_pauses),
		T(endless_wait_ends),
		T(a_deadline_ends_the_asking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
