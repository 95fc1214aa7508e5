/* Errors with code, native number and path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/base/err.h"

static void an_error_keeps_code_and_text(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_int_equal(err_set(&e, ERR_NOT_FOUND, "no file %s", "x.log"), ERR_NOT_FOUND);
	assert_int_equal(e.code, ERR_NOT_FOUND);
	assert_int_equal(e.native, 0);
	assert_string_equal(e.text, "no file x.log");
}

static void the_number_underneath_survives_prefixes(void **state)
{
	struct err e = { 0 };
	int rc = err_set_native(&e, ERR_STATUS, 0x0d, "WRITE_VERIFY_ERROR (0x0d)");

	(void)state;
	rc = err_prefix(&e, rc, "reading FLASH_SR");
	rc = err_prefix(&e, rc, "programming 0x%08x", 0x08001000u);
	assert_int_equal(rc, ERR_STATUS);
	assert_int_equal(e.native, 0x0d);
	assert_string_equal(e.text,
			    "programming 0x08001000: reading FLASH_SR: WRITE_VERIFY_ERROR (0x0d)");
}

static void a_long_path_is_cut_and_stays_a_string(void **state)
{
	struct err e = { 0 };
	char word[300];
	int i;

	(void)state;
	memset(word, 'w', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	err_set(&e, ERR_IO, "%s%s", word, word);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	for (i = 0; i < 5; i++)
		assert_int_equal(err_prefix(&e, ERR_IO, "%s", word), ERR_IO);
	assert_true(strlen(e.text) < sizeof(e.text));
	assert_int_equal(e.text[0], 'w');
}

static void nobody_has_to_listen(void **state)
{
	(void)state;
	assert_int_equal(err_set(NULL, ERR_BUSY, "x"), ERR_BUSY);
	assert_int_equal(err_set_native(NULL, ERR_USB, 4, "x"), ERR_USB);
	assert_int_equal(err_prefix(NULL, ERR_USB, "x"), ERR_USB);
}

static void every_code_is_negative_and_has_a_name_of_its_own(void **state)
{
	static const int codes[] = {
#define ERR_CODE(id, value, text) ERR_##id,
#include "probe/base/err.def"
#undef ERR_CODE
	};
	size_t i, k, n = sizeof(codes) / sizeof(codes[0]);

	(void)state;
	for (i = 0; i < n; i++) {
		assert_true(codes[i] < 0);
		for (k = 0; k < i; k++) {
			assert_int_not_equal(codes[i], codes[k]);
			assert_string_not_equal(err_code_text(codes[i]), err_code_text(codes[k]));
		}
	}
	assert_string_equal(err_code_text(-9999), "error without a name");
	assert_string_equal(err_code_text(ERR_NONE), "no error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_keeps_code_and_text),
		cmocka_unit_test(the_number_underneath_survives_prefixes),
		cmocka_unit_test(a_long_path_is_cut_and_stays_a_string),
		cmocka_unit_test(nobody_has_to_listen),
		cmocka_unit_test(every_code_is_negative_and_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
