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

/* ---- a target that is its registers ---- */

#define FAKE_REGS 128

struct fake {
	struct target t;
	uint32_t regs[FAKE_REGS]; /* from the controller's address on */
	uint32_t base;
	unsigned writes;
	uint32_t written[32]; /* offsets, in order */
	/* One register may keep some bits whatever is written; 0: none does. */
	uint32_t stubborn, kept;
	uint32_t key_reg, lock_reg; /* the second key takes the lowest bit of lock_reg away */
};

static void fake_write(struct fake *f, uint32_t at, uint32_t value)
{
	uint32_t keep = f->kept && at * 4 == f->stubborn ? f->kept : 0;

	assert_true(f->writes < 32);
	f->written[f->writes++] = at * 4;
	if (f->key_reg && at * 4 == f->key_reg) {
		if (value == 0x4c5d6e7f)
			f->regs[f->lock_reg / 4] &= ~1U;
		return;
	}
	f->regs[at] = (f->regs[at] & keep) | (value & ~keep);
}

static int fake_words(struct target *t, struct target_word *words, size_t n, size_t *ret_done,
		      struct err *e)
{
	struct fake *f = (struct fake *)t;

	(void)e;
	for (size_t i = 0; i < n; i++) {
		uint32_t at = (words[i].address - f->base) / 4;

		assert_true(at < FAKE_REGS);
		if (words[i].write)
			fake_write(f, at, words[i].value);
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

/* ---- H5: a product state is never asked for, not even by accident ---- */

enum { H5_OPTCR = 0x1c, H5_SR = 0x20, H5_OPTSR = 0x50, H5_OPTSR_PRG = 0x54, H5_OPTSR2_PRG = 0x74 };

static void h5_init(struct fake *f, const struct chip *c, uint32_t optsr)
{
	static const struct {
		uint32_t reg, word;
	} others[] = { { 0x70, 0xc300007c }, { 0x80, 0x080000c3 }, { 0xe8, ~0U }, { 0x1e8, ~0U } };

	fake_init(f, c);
	f->key_reg = 0x0c;
	f->lock_reg = H5_OPTCR;
	f->regs[H5_OPTCR / 4] = 1;
	f->regs[H5_OPTSR / 4] = optsr;
	f->regs[H5_OPTSR_PRG / 4] = optsr;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		f->regs[others[i].reg / 4] = f->regs[others[i].reg / 4 + 1] = others[i].word;
}

static int h5_change(struct fake *f, const struct chip *c, const char *text, struct err *e)
{
	struct option_state s;
	struct option_change change;

	assert_int_equal(option_read(&f->t, c, &s, e), 0);
	assert_int_equal(option_change_parse(&s.layout, text, &change, e), 0);
	return option_write(&f->t, c, &s, &change, 1, e);
}

static bool started(const struct fake *f)
{
	for (unsigned i = 0; i + 1 < f->writes; i++) /* the last one locks */
		if (f->written[i] == H5_OPTCR)
			return true;
	return false;
}

static void h5_takes_a_change_and_all_else_as_it_is(void **state)
{
	const struct chip *c = chips_find(&chips, 0x484);
	struct fake f;
	struct err e = { 0 };

	(void)state;
	h5_init(&f, c, 0x2d30edf8);
	f.regs[H5_OPTSR_PRG / 4] = 0x2d3072f8; /* left there by somebody, never started */
	f.regs[H5_OPTSR2_PRG / 4] = 0xb400007c;
	assert_int_equal(h5_change(&f, c, "iwdg-software=no", &e), 0);
	assert_int_equal(f.regs[H5_OPTSR_PRG / 4], 0x2d30edf0);
	assert_int_equal(f.regs[H5_OPTSR2_PRG / 4], 0xc300007c);
	assert_true(started(&f));
	assert_int_equal(f.regs[H5_OPTCR / 4], 1); /* locked again */
}

static void h5_starts_nothing_where_another_product_state_stays_asked_for(void **state)
{
	const struct chip *c = chips_find(&chips, 0x484);
	struct fake f;
	struct err e = { 0 };

	(void)state;
	h5_init(&f, c, 0x2d30edf8);
	f.regs[H5_OPTSR_PRG / 4] = 0x2d3072f8;
	f.stubborn = H5_OPTSR_PRG;
	f.kept = 0xff00;
	assert_int_equal(h5_change(&f, c, "bor-level=2", &e), ERR_PROTOCOL);
	assert_non_null(strstr(e.text, "product state or TrustZone would change with it"));
	assert_false(started(&f));
}

static void h5_that_is_not_open_is_left_alone(void **state)
{
	const struct chip *c = chips_find(&chips, 0x484);
	struct fake f;
	struct err e = { 0 };

	(void)state;
	h5_init(&f, c, 0x2d3017f8);
	assert_int_equal(h5_change(&f, c, "bor-level=2", &e), ERR_UNSUPPORTED);
	assert_non_null(strstr(e.text, "the product state is 0x17"));
	assert_int_equal(f.writes, 0);
}

static void h5_that_refuses_is_believed(void **state)
{
	const struct chip *c = chips_find(&chips, 0x484);
	struct fake f;
	struct err e = { 0 };

	(void)state;
	h5_init(&f, c, 0x2d30edf8);
	f.regs[H5_SR / 4] = 0x00800000; /* OPTCHANGEERR */
	assert_int_equal(h5_change(&f, c, "bor-level=2", &e), ERR_PROTOCOL);
	assert_int_equal(e.native, 0x00800000);
	assert_non_null(strstr(e.text, "the chip refused them"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_chip_that_can_be_driven_has_its_options),
		cmocka_unit_test(fields_of_a_layout_are_apart),
		cmocka_unit_test(every_family_shows_what_protects_it_and_how_it_starts),
		cmocka_unit_test(a_second_bank_is_shown_where_there_is_one),
		cmocka_unit_test(words_are_read_as_they_mean),
		cmocka_unit_test(changes_are_read_from_words),
		cmocka_unit_test(what_cannot_be_is_refused_with_a_reason),
		cmocka_unit_test(protection_for_ever_is_not_written_whoever_asks),
		cmocka_unit_test(opening_a_protected_chip_is_known_to_erase_it),
		cmocka_unit_test(h5_takes_a_change_and_all_else_as_it_is),
		cmocka_unit_test(h5_starts_nothing_where_another_product_state_stays_asked_for),
		cmocka_unit_test(h5_that_is_not_open_is_left_alone),
		cmocka_unit_test(h5_that_refuses_is_believed),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
