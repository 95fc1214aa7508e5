/* Option bytes: the table of fields makes sense for every chip, words are read as they are written.
 */
#include <string.h>

#include "tests/lib/option_target.h"

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

static bool names_one(const struct option_layout *l, const char *const *names)
{
	for (size_t i = 0; i < l->n; i++)
		for (const char *const *name = names; *name; name++)
			if (!strcmp(l->fields[i].name, *name))
				return true;
	return false;
}

/* RDP, WRP, BOR, watchdog, boot; of what a family has. */
static void every_family_shows_what_protects_it_and_how_it_starts(void **state)
{
	static const char *const protection[] = { "rdp", "product-state", NULL };
	static const char *const sectors[] = { "write-protected", "wrp1a-first", NULL };
	static const char *const brown_out[] = { "bor-level", "bor-enabled", NULL };
	static const char *const watchdog[] = { "iwdg-software", NULL };
	static const char *const start[] = { "nboot1", "nboot0",       "boot0-address",
					     "nbfb2",  "boot-address", NULL };

	(void)state;
	for (size_t i = 0; i < chips.n; i++) {
		const struct chip *c = &chips.at[i];
		bool f2_or_f4 = !strcmp(c->family, "F2") || !strcmp(c->family, "F4");
		struct option_layout l;

		if (!option_layout_of(c, &l))
			continue;
		assert_non_null(l.writer);
		assert_true(names_one(&l, protection));
		assert_true(names_one(&l, sectors));
		assert_true(names_one(&l, watchdog));
		if (l.name[0] != 'f' || c->ctrl == CHIP_CTRL_F4) /* FPEC has no such level */
			assert_true(names_one(&l, brown_out));
		if (strcmp(c->family, "F1") && !f2_or_f4) /* those have pins for it */
			assert_true(names_one(&l, start));
	}
}

static void a_second_bank_is_shown_where_there_is_one(void **state)
{
	static const struct {
		uint16_t dev_id;
		const char *name;
		bool there;
	} cases[] = {
		{ 0x413, "write-protected-2", false }, { 0x419, "write-protected-2", true },
		{ 0x415, "wrp2a-first", true },	       { 0x435, "wrp2a-first", false },
		{ 0x450, "write-protected-2", true },  { 0x484, "write-protected-2", true },
		{ 0x460, "wrp2a-first", false },       { 0x467, "wrp2a-first", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct option_layout l = layout_of(cases[i].dev_id);
		const char *const names[] = { cases[i].name, NULL };

		assert_int_equal(names_one(&l, names), cases[i].there);
	}
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
		{ 0x484, 0x50, 0x0000ed02, "bor-level", 2 },
		{ 0x484, 0x50, 0x0000ed08, "iwdg-software", 1 },
		{ 0x484, 0x70, 0xb4000000, "trustzone", 0xb4 },
		{ 0x484, 0x80, 0x080100c3, "boot-address", 0x080100 },
		{ 0x484, 0xe8, 0xfffffffe, "write-protected", 1 },
		{ 0x484, 0x1e8, 0x7fffffff, "write-protected-2", 0x80000000 },
		{ 0x480, 0x38, 0x7fffffff, "write-protected", 0x80000000 },
		{ 0x419, 0x18, 0x0ffe0000, "write-protected-2", 1 },
		{ 0x482, 0x44, 0x08000000, "boot0-address", 0x100000 },
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_chip_that_can_be_driven_has_its_options),
		cmocka_unit_test(fields_of_a_layout_are_apart),
		cmocka_unit_test(every_family_shows_what_protects_it_and_how_it_starts),
		cmocka_unit_test(a_second_bank_is_shown_where_there_is_one),
		cmocka_unit_test(words_are_read_as_they_mean),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
