/* Option bytes of H5: a change takes all else as it is, and never a product state. */
#include <string.h>

#include "tests/lib/option_target.h"

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
		cmocka_unit_test(h5_takes_a_change_and_all_else_as_it_is),
		cmocka_unit_test(h5_starts_nothing_where_another_product_state_stays_asked_for),
		cmocka_unit_test(h5_that_is_not_open_is_left_alone),
		cmocka_unit_test(h5_that_refuses_is_believed),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
