/* Growing bytes and text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/base/buf.h"

static void an_empty_buffer_is_an_empty_string(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	assert_string_equal(buf_str(&b), "");
	assert_null(b.at);
	buf_done(&b);
}

static void text_grows_past_any_first_size(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b);
	for (i = 0; i < 10000; i++)
		buf_addf(&b, "%zu,", i % 10);
	assert_int_equal(b.len, 20000);
	assert_int_equal(strlen(b.at), 20000);
	assert_memory_equal(b.at + 19980, "0,1,2,3,4,5,6,7,8,9,", 20);
	buf_done(&b);
}

static void bytes_may_hold_zeros_and_are_followed_by_one(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	buf_add(&b, "a\0b", 3);
	buf_add_char(&b, '\0');
	assert_int_equal(b.len, 4);
	assert_memory_equal(b.at, "a\0b\0\0", 5);
	buf_done(&b);
}

static void adding_nothing_makes_a_string(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	buf_add(&b, NULL, 0);
	assert_string_equal(b.at, "");
	buf_done(&b);
}

static void clearing_keeps_the_memory(void **state)
{
	struct buf b;
	char *at;

	(void)state;
	buf_init(&b);
	buf_add_str(&b, "something");
	at = b.at;
	buf_clear(&b);
	assert_string_equal(buf_str(&b), "");
	buf_add_str(&b, "else");
	assert_ptr_equal(b.at, at);
	assert_string_equal(b.at, "else");
	buf_done(&b);
}

static void detached_memory_is_the_callers(void **state)
{
	struct buf b;
	char *text;

	(void)state;
	buf_init(&b);
	text = buf_detach(&b);
	assert_string_equal(text, "");
	free(text);
	buf_add_str(&b, "kept");
	text = buf_detach(&b);
	assert_string_equal(text, "kept");
	assert_null(b.at);
	assert_int_equal(b.len, 0);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_buffer_is_an_empty_string),
		cmocka_unit_test(text_grows_past_any_first_size),
		cmocka_unit_test(bytes_may_hold_zeros_and_are_followed_by_one),
		cmocka_unit_test(adding_nothing_makes_a_string),
		cmocka_unit_test(clearing_keeps_the_memory),
		cmocka_unit_test(detached_memory_is_the_callers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
