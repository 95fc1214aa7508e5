/*
 * Option bytes: the table of fields makes sense for every chip, words are read as they are written,
 * and what must never be written is refused. How it looks on chips is tests/cli/option.sh.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flash/option.h"

static struct chips chips;

static int load(void **state)
{
	struct err e = { 0 };

	(void)state;
	if (chips_load(NULL, &chips, &e))
		fail_msg("%s", e.text);
	return 0;
}

static int unload(void **state)
{
	(void)state;
	chips_done(&chips);
	return 0;
}

static struct option_layout layout_of(uint16_t dev_id)
{
	struct option_layout l;

	assert_true(option_layout_of(chips_find(&chips, dev_id), &l));
	return l;
}

/* ---- the table ---- */

static void every_chip_that_can_be_driven_has_its_options(void **state)
{
	(void)state;
	for (size_t i = 0; i < chips.n; i++) {
		struct option_layout l;

		assert_int_equal(option_layout_of(&chips.at[i], &l),
				 chips.at[i].ctrl != CHIP_CTRL_NONE);
	}
}

static void fields_of_a_layout_are_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < chips.n; i++) {
		struct option_layout l;

		if (!option_layout_of(&chips.at[i], &l))
			continue;
		assert_in_range(l.n, 1, OPTION_FIELDS_MAX);
		for (size_t a = 0; a < l.n; a++) {
			const struct option_field *f = &l.fields[a];

			assert_string_equal(f->layout, l.name);
			assert_in_range(f->width, 1, 32);
			assert_true(f->shift + f->width <= 32);
			for (size_t b = 0; b < a; b++) {
				const struct option_field *g = &l.fields[b];

				assert_string_not_equal(f->name, g->name);
				assert_true(f->reg != g->reg || f->shift + f->width <= g->shift ||
					    g->shift + g->width <= f->shift);
			}
		}
	}
}

/* ---- a target that is its registers ---- */

struct fake {
	struct target t;
	uint32_t regs[64]; /* from the controller's address on */
	uint32_t base;
	unsigned writes;
};

static int fake_words(struct target *t, struct target_word *words, size_t n, size_t *ret_done,
		      struct err *e)
{
	struct fake *f = (struct fake *)t;

	(void)e;
	for (size_t i = 0; i < n; i++) {
		uint32_t at = (words[i].address - f->base) / 4;

		assert_true(at < 64);
		if (words[i].write)
			f->writes++;
		else
			words[i].value = f->regs[at];
	}
	*ret_done = n;
	return 0;
}

static const struct target_ops fake_ops = { .name = "fake", .words = fake_words };

static void fake_init(struct fake *f, const struct chip *c)
{
	*f = (struct fake){ .t = { .ops = &fake_ops, .clock = &clock_real }, .base = c->regs };
}

static uint32_t value_named(const struct option_state *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->values[i].field->name, name))
			return s->values[i].value;
	fail_msg("there is no field %s", name);
	return 0;
}

static void words_are_read_as_they_mean(void **state)
{
	static const struct {
		uint16_t dev_id;
		uint32_t reg, word;
		const char *name;
		uint32_t value;
	} cases[] = {
		{ 0x413, 0x14, 0x0fffaaed, "rdp", 0 },
		{ 0x413, 0x14, 0x0fff55ed, "rdp", 1 },
		{ 0x413, 0x14, 0x0fffcced, "rdp", 2 },
		{ 0x413, 0x14, 0x0fffaaed, "write-protected", 0 },
		{ 0x413, 0x14, 0x0ffcaaed, "write-protected", 3 },
		{ 0x413, 0x14, 0x0fffaaed, "bor-level", 3 },
		{ 0x413, 0x14, 0x0fffaacd, "iwdg-software", 0 },
		{ 0x410, 0x1c, 0x03fffffc, "rdp", 0 },
		{ 0x410, 0x1c, 0x03fffffe, "rdp", 1 },
		{ 0x410, 0x1c, 0x03fdfffc, "data0", 0x7f },
		{ 0x440, 0x1c, 0xfffff100, "rdp", 0 },
		{ 0x440, 0x1c, 0xfffff102, "rdp", 1 },
		{ 0x440, 0x1c, 0xfffff106, "rdp", 2 },
		{ 0x415, 0x20, 0xffeff8aa, "rdp", 0 },
		{ 0x415, 0x20, 0xffeff800, "rdp", 1 },
		{ 0x415, 0x2c, 0x00ff0003, "wrp1a-first", 3 },
		{ 0x417, 0x1c, 0x807000aa, "rdp", 0 },
		{ 0x417, 0x20, 0x00000005, "write-protected", 5 },
		{ 0x450, 0x1c, 0x1d6aaaf0, "rdp", 0 },
		{ 0x450, 0x38, 0x000000fe, "write-protected", 1 },
		{ 0x484, 0x50, 0x0000ed00, "product-state", 0xed },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct chip *c = chips_find(&chips, cases[i].dev_id);
		struct option_state s;
		struct fake f;
		struct err e = { 0 };

		fake_init(&f, c);
		f.regs[cases[i].reg / 4] = cases[i].word;
		assert_int_equal(option_read(&f.t, c, &s, &e), 0);
		assert_int_equal(value_named(&s, cases[i].name), cases[i].value);
		assert_int_equal(f.writes, 0);
	}
}

/* ---- what is asked for ---- */

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
		cmocka_unit_test(every_chip_that_can_be_driven_has_its_options),
		cmocka_unit_test(fields_of_a_layout_are_apart),
		cmocka_unit_test(words_are_read_as_they_mean),
		cmocka_unit_test(changes_are_read_from_words),
		cmocka_unit_test(what_cannot_be_is_refused_with_a_reason),
		cmocka_unit_test(protection_for_ever_is_not_written_whoever_asks),
		cmocka_unit_test(opening_a_protected_chip_is_known_to_erase_it),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
