/* Memory that dies together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/base/arena.h"

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
	struct arena *a = arena_new();
	unsigned char *last = NULL;
	size_t i, k;

	(void)state;
	for (i = 1; i < 2000; i += 7) {
		unsigned char *p = arena_alloc(a, i);

		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (k = 0; k < i; k++)
			assert_int_equal(p[k], 0);
		memset(p, 0xff, i);
		if (last)
			assert_int_equal(last[0], 0xff);
		last = p;
	}
	arena_free(a);
}

static void a_piece_may_be_larger_than_a_block(void **state)
{
	struct arena *a = arena_new();
	char *small = arena_alloc(a, 8), *large = arena_alloc(a, 1 << 20);

	(void)state;
	memset(large, 1, 1 << 20);
	assert_int_equal(small[0], 0);
	assert_true(arena_used(a) >= 1 << 20);
	arena_free(a);
}

static void strings_are_copies(void **state)
{
	struct arena *a = arena_new();
	char text[] = "probe";
	char *copy = arena_str(a, text), *part = arena_str_n(a, text, 3);

	(void)state;
	text[0] = 'x';
	assert_string_equal(copy, "probe");
	assert_string_equal(part, "pro");
	assert_string_equal(arena_str(a, ""), "");
	arena_free(a);
}

static void nothing_can_be_freed(void **state)
{
	(void)state;
	arena_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(a_piece_may_be_larger_than_a_block),
		cmocka_unit_test(strings_are_copies),
		cmocka_unit_test(nothing_can_be_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
