/* Numbers, ranges and consent as they stand on the command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyzer/flash/flash_args.h"

static const struct {
	const char *text;
	int rc;
	uint32_t value;
} numbers[] = {
	{ "0x08000000", 0, 0x08000000 },
	{ "4096", 0, 4096 },
	{ "64K", 0, 65536 },
	{ "64k", 0, 65536 },
	{ "2M", 0, 2097152 },
	{ "0x10K", 0, 16384 },
	{ "0", 0, 0 },
	{ "0xffffffff", 0, 0xffffffff },
	{ "0x100000000", ERR_USAGE, 0 },
	{ "4M1", ERR_USAGE, 0 },
	{ "4194304K", ERR_USAGE, 0 },
	{ "99999999999999999999", ERR_USAGE, 0 },
	{ "-1", ERR_USAGE, 0 },
	{ "+1", ERR_USAGE, 0 },
	{ " 1", ERR_USAGE, 0 },
	{ "", ERR_USAGE, 0 },
	{ "K", ERR_USAGE, 0 },
	{ "0x", ERR_USAGE, 0 },
	{ "10G", ERR_USAGE, 0 },
};

static void numbers_are_read_as_people_write_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		uint32_t value = 0xdead;
		struct err e = { 0 };
		int rc = flash_args_number("it", numbers[i].text, &value, &e);

		if (rc != numbers[i].rc || (!rc && value != numbers[i].value) ||
		    (rc && value != 0xdead))
			fail_msg("'%s' gives %d and 0x%x", numbers[i].text, rc, value);
	}
}

static void ranges_have_an_address_and_a_length(void **state)
{
	static const char *const bad[] = { "",	  "0x100",	 "+4",		 "0x100+",
					   "1+0", "0x100-0x200", "0xffffffff+2", "1+1+1" };
	struct flash_range r = { 1, 2 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(flash_args_range("0x08004000+16K", &r, &e), 0);
	assert_int_equal(r.address, 0x08004000);
	assert_int_equal(r.len, 16384);
	assert_int_equal(flash_args_range("0xffffffff+1", &r, &e), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(flash_args_range(bad[i], &r, &e), ERR_USAGE);
	assert_int_equal(r.address, 0xffffffff);
}

/* ---- consent ---- */

static const struct cli_option allow = { .name = "allow", .arg = "LIST" };

static bool is_allowed(const char *list, const char *word)
{
	struct cli_given given = { .option = &allow, .value = list };
	struct cli_args args = { .given = &given, .n_given = 1 };

	return flash_args_allow(&args, word, "?"); /* no terminal in a test: nobody is asked */
}

static void only_what_is_named_is_allowed(void **state)
{
	(void)state;
	assert_true(is_allowed("erase", "erase"));
	assert_true(is_allowed("reset,erase,mass-erase", "mass-erase"));
	assert_true(is_allowed("reset,erase,mass-erase", "reset"));
	assert_false(is_allowed("mass-erase", "erase"));
	assert_false(is_allowed("erase", "mass-erase"));
	assert_false(is_allowed("eras", "erase"));
	assert_false(is_allowed("", "erase"));
}

static void words_that_allow_nothing_are_refused(void **state)
{
	static const char *const bad[] = { "all", "erase,everything", "erase,,reset",
					   "erase;reset" };
	struct cli_given given = { .option = &allow, .value = "reset,mass-erase" };
	struct cli_args args = { .given = &given, .n_given = 1 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(flash_args_check_allow(&args, &e), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		given.value = bad[i];
		assert_int_equal(flash_args_check_allow(&args, &e), ERR_USAGE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_read_as_people_write_them),
		cmocka_unit_test(ranges_have_an_address_and_a_length),
		cmocka_unit_test(only_what_is_named_is_allowed),
		cmocka_unit_test(words_that_allow_nothing_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
