/* The flash of every chip of the bench: blocks that add up to its size. */
#include "tests/lib/flash_part.h"

static void every_chip_has_blocks_that_add_up(void **state)
{
	const struct chip_row *row;
	struct part p;
	size_t n, off, at, len;

	(void)state;
	for (n = 0; (row = chip_nth(n)); n++) {
		part_init(&p, row->name);
		for (off = 0; flash_block_at(&p.f, off, &at, &len); off = at + len)
			assert_int_equal(at, off);
		assert_int_equal(off, row->flash_kib * 1024u);
		flash_done(&p.f);
	}
	assert_true(n > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_chip_has_blocks_that_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
