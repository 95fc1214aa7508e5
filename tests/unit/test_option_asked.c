/* Changes of option bytes, as they are asked for: what can never be written is refused, with a
 * reason. */
#include <string.h>

#include "tests/lib/option_target.h"

static void changes_are_read_from_words(void **state)
{
	struct option_layout l = layout_of(0x413);
	struct option_change c;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(option_change_parse(&l, "iwdg-software=no", &c, &e), 0);
	assert_string_equal(c.field->name, "iwdg-software");
	assert_int_equal(c.value, 0);
	assert_int_equal(option_change_parse(&l, "write-protected=0x00f", &c, &e), 0);
	assert_int_equal(c.value, 15);
}

static const struct {
	uint16_t dev_id;
	const char *text, *says;
} refused[] = {
	{ 0x413, "rdp=2",
	  "read protection level 2 is never set here: it is for ever, and ends all debugging of "
	  "the "
	  "chip" },
	{ 0x440, "rdp=3",
	  "read protection level 3 is never set here: it is for ever, and ends all debugging of "
	  "the "
	  "chip" },
	{ 0x413, "rdp=0xcc",
	  "read protection level 204 is never set here: it is for ever, and ends all debugging of "
	  "the chip" },
	{ 0x472, "trustzone=1",
	  "trustzone is shown, but never written here: a mistake could not be undone" },
	{ 0x484, "product-state=0x5c",
	  "product-state is shown, but never written here: a mistake could not be undone" },
	{ 0x484, "trustzone=0xb4",
	  "trustzone is shown, but never written here: a mistake could not be undone" },
	{ 0x484, "boot-lock=0xb4",
	  "boot-lock is shown, but never written here: a mistake could not be undone" },
	{ 0x413, "bor-level", "'bor-level' is no NAME=VALUE" },
	{ 0x413, "bor-level=", "bor-level wants a number that fits, not ''" },
	{ 0x413, "bor-level=4", "bor-level wants a number that fits, not '4'" },
	{ 0x413, "bor-level=-1", "bor-level wants a number that fits, not '-1'" },
	{ 0x413, "iwdg-software=2", "iwdg-software wants yes or no, not '2'" },
	{ 0x413, "bor=1",
	  "this chip has no option 'bor'; it has rdp, bor-level, iwdg-software, stop-allowed, "
	  "standby-allowed, write-protected" },
};

static void what_cannot_be_is_refused_with_a_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct option_layout l = layout_of(refused[i].dev_id);
		struct option_change c;
		struct err e = { 0 };

		assert_int_equal(option_change_parse(&l, refused[i].text, &c, &e), ERR_USAGE);
		assert_string_equal(e.text, refused[i].says);
	}
}

/* Not even a caller that forgets to ask gets there. */
static void protection_for_ever_is_not_written_whoever_asks(void **state)
{
	(void)state;
	for (size_t i = 0; i < chips.n; i++) {
		struct option_state s;
		struct option_change c = { .value = 2 };
		struct fake f;
		struct err e = { 0 };

		fake_init(&f, &chips.at[i]);
		if (option_read(&f.t, &chips.at[i], &s, &e))
			continue;
		c.field = s.values[0].field;
		if (strcmp(c.field->name, "rdp"))
			continue;
		assert_int_equal(option_write(&f.t, &chips.at[i], &s, &c, 1, &e), ERR_INTERNAL);
		assert_int_equal(f.writes, 0);
	}
}

static void opening_a_protected_chip_is_known_to_erase_it(void **state)
{
	const struct chip *chip = chips_find(&chips, 0x413);
	struct option_state s;
	struct option_change c;
	struct fake f;
	struct err e = { 0 };

	(void)state;
	fake_init(&f, chip);
	f.regs[5] = 0x0fff55ed;
	assert_int_equal(option_read(&f.t, chip, &s, &e), 0);
	assert_int_equal(option_change_parse(&s.layout, "rdp=0", &c, &e), 0);
	assert_true(option_erases_all(&s, &c));
	assert_int_equal(option_change_parse(&s.layout, "rdp=1", &c, &e), 0);
	assert_false(option_erases_all(&s, &c));
	assert_int_equal(option_change_parse(&s.layout, "bor-level=0", &c, &e), 0);
	assert_false(option_erases_all(&s, &c));
	f.regs[5] = 0x0fffaaed;
	assert_int_equal(option_read(&f.t, chip, &s, &e), 0);
	assert_int_equal(option_change_parse(&s.layout, "rdp=0", &c, &e), 0);
	assert_false(option_erases_all(&s, &c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_are_read_from_words),
		cmocka_unit_test(what_cannot_be_is_refused_with_a_reason),
		cmocka_unit_test(protection_for_ever_is_not_written_whoever_asks),
		cmocka_unit_test(opening_a_protected_chip_is_known_to_erase_it),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
