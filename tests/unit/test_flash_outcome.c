/* What the state of the chip after a command means for its owner. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flash/outcome.h"

#define BASE 0x08000000u

struct row {
	const char *states; /* a letter for each block of 1 KiB: u n(unchanged) e p v b ? */
	bool done, before;
	uint32_t from; /* of the first block */
	enum outcome_boots boots;
	const char *next; /* what the sentence begins with */
};

static enum flash_block_state state_of(char c)
{
	static const char letters[] = "unepvb?";

	return (enum flash_block_state)(strchr(letters, c) - letters);
}

static struct flash_outcome outcome_of(const struct row *r, struct flash_block *blocks)
{
	struct flash_outcome o = { .done = r->done,
				   .n_blocks = strlen(r->states),
				   .blocks = blocks,
				   .interrupted_before = r->before,
				   .state_known = true,
				   .locked = true,
				   .boot_address = BASE };

	for (size_t i = 0; i < o.n_blocks; i++) {
		blocks[i] = (struct flash_block){ .state = state_of(r->states[i]),
						  .image_bytes = 1024 };
		blocks[i].where.address = r->from + 1024 * (uint32_t)i;
		blocks[i].where.bytes = 1024;
	}
	return o;
}

static void whether_it_boots_follows_from_the_blocks(void **state)
{
	static const struct row rows[] = {
		{ "vvv", true, false, BASE, OUTCOME_BOOTS_NEW, "" },
		{ "nnn", true, false, BASE, OUTCOME_BOOTS_NEW, "" },
		{ "uuu", false, false, BASE, OUTCOME_BOOTS_AS_BEFORE, "nothing was changed" },
		{ "nuu", false, false, BASE, OUTCOME_BOOTS_AS_BEFORE, "nothing was changed" },
		{ "uuu", false, true, BASE, OUTCOME_BOOTS_UNKNOWN, "when the cause is removed" },
		{ "evu", false, false, BASE, OUTCOME_BOOTS_NOTHING, "when the cause is removed" },
		{ "?vu", false, false, BASE, OUTCOME_BOOTS_NOTHING, "when the cause is removed" },
		{ "?uu", false, false, BASE, OUTCOME_BOOTS_UNKNOWN, "when the cause is removed" },
		{ "bvv", false, false, BASE, OUTCOME_BOOTS_UNKNOWN, "when the cause is removed" },
		{ "pvv", false, false, BASE, OUTCOME_BOOTS_UNKNOWN, "when the cause is removed" },
		{ "vvv", false, false, BASE, OUTCOME_BOOTS_NEW, "when the cause is removed" },
		{ "evu", false, false, BASE + 0x4000, OUTCOME_BOOTS_LOADER,
		  "when the cause is removed" },
		{ "vvv", true, false, BASE + 0x4000, OUTCOME_BOOTS_AS_BEFORE, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct flash_block blocks[8];
		struct flash_outcome o = outcome_of(&rows[i], blocks);

		if (outcome_boots(&o) != rows[i].boots)
			fail_msg("%s: %s", rows[i].states, outcome_boots_name(outcome_boots(&o)));
		assert_memory_equal(outcome_next(&o), rows[i].next, strlen(rows[i].next));
		assert_int_equal(!*outcome_next(&o), rows[i].done);
	}
}

static void what_was_erased_on_request_boots_nothing(void **state)
{
	const struct row row = { .states = "ee", .done = true, .from = BASE };
	struct flash_block blocks[2];
	struct flash_outcome o = outcome_of(&row, blocks);

	(void)state;
	blocks[0].image_bytes = blocks[1].image_bytes = 0;
	assert_int_equal(outcome_boots(&o), OUTCOME_BOOTS_NOTHING);
	assert_int_equal(outcome_group_of(&o, &blocks[0]), OUTCOME_NEW);
}

static void old_new_and_unknown_are_told_with_their_addresses(void **state)
{
	const struct row row = { .states = "evv?u", .from = BASE };
	struct flash_block blocks[8];
	struct flash_outcome o = outcome_of(&row, blocks);
	struct buf text = { 0 };

	(void)state;
	strcpy(o.journal, "/state/j");
	outcome_write_text(&o, &text);
	assert_string_equal(
		buf_str(&text),
		"state    2 blocks new (0x08000400..0x08000bff), 1 block old "
		"(0x08001000..0x080013ff), 2 blocks unknown (0x08000000..0x080003ff "
		"0x08000c00..0x08000fff)\n"
		"         the core is halted, the flash is locked\n"
		"boots    the chip does not boot: its vectors are erased, and stay so until "
		"everything else is right\n"
		"next     when the cause is removed, run the same command again: it goes on from "
		"here, and leaves alone what is right already\n"
		"         /state/j has what the erased blocks held outside the image; the next run "
		"on this chip writes it back\n");
	buf_done(&text);
}

static void after_an_interrupted_run_nothing_untouched_counts_as_old(void **state)
{
	const struct row row = { .states = "un", .before = true, .from = BASE };
	struct flash_block blocks[2];
	struct flash_outcome o = outcome_of(&row, blocks);

	(void)state;
	assert_int_equal(outcome_group_of(&o, &blocks[0]), OUTCOME_UNKNOWN);
	assert_int_equal(outcome_group_of(&o, &blocks[1]), OUTCOME_NEW);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(whether_it_boots_follows_from_the_blocks),
		cmocka_unit_test(what_was_erased_on_request_boots_nothing),
		cmocka_unit_test(old_new_and_unknown_are_told_with_their_addresses),
		cmocka_unit_test(after_an_interrupted_run_nothing_untouched_counts_as_old),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
