/* Images: what is read from each format, how several come together, odd vectors. */
#include "tests/lib/image_files.h"

/* ---- formats ---- */

static void intel_hex_is_read(void **state)
{
	struct image im;
	struct buf b = { 0 };
	struct err e = { 0 };

	(void)state;
	image_init(&im);
	add_ihex(&b, 4, 0, (const uint8_t *)"\x08\x00", 2);
	add_ihex(&b, 0, 0xfffe, (const uint8_t *)"abcd", 4); /* across 64 KiB */
	add_ihex(&b, 0, 0x0010, (const uint8_t *)"low", 3);  /* not in order */
	buf_add_str(&b, "\r\n  \n");
	add_ihex(&b, 2, 0, (const uint8_t *)"\x10\x00", 2);
	add_ihex(&b, 0, 0x0001, (const uint8_t *)"segment", 7);
	add_ihex(&b, 5, 0, (const uint8_t *)"\x08\x00\x01\x41", 4);
	add_ihex(&b, 1, 0, NULL, 0);
	buf_add_char(&b, 0x1a);
	assert_int_equal(add(&im, "a.hex", b.at, b.len, &e), 0);
	assert_int_equal(image_finish(&im, &e), 0);
	assert_string_equal(image_format_name(im.files[0].format), "ihex");
	assert_int_equal(im.n_segments, 3);
	expect_segment(&im, 0, 0x10001, "segment", 7);
	expect_segment(&im, 1, 0x08000010, "low", 3);
	expect_segment(&im, 2, 0x0800fffe, "abcd", 4);
	assert_int_equal(image_gap_behind(&im, 1), 0x0800fffe - 0x08000013);
	assert_int_equal(image_gap_behind(&im, 2), 0);
	assert_true(im.files[0].has_entry);
	assert_int_equal(im.files[0].entry, 0x08000141);
	buf_done(&b);
	image_done(&im);
}

static void s_records_are_read(void **state)
{
	struct image im;
	struct buf b = { 0 };
	struct err e = { 0 };

	(void)state;
	image_init(&im);
	add_srec(&b, 0, 2, 0, (const uint8_t *)"header", 6);
	add_srec(&b, 1, 2, 0x1234, (const uint8_t *)"two", 3);
	add_srec(&b, 2, 3, 0x123456, (const uint8_t *)"three", 5);
	add_srec(&b, 3, 4, 0x08000000, (const uint8_t *)"four", 4);
	add_srec(&b, 5, 2, 3, NULL, 0);
	add_srec(&b, 7, 4, 0x08000141, NULL, 0);
	assert_int_equal(add(&im, "a.srec", b.at, b.len, &e), 0);
	assert_int_equal(image_finish(&im, &e), 0);
	assert_string_equal(image_format_name(im.files[0].format), "srec");
	assert_int_equal(im.n_segments, 3);
	expect_segment(&im, 0, 0x1234, "two", 3);
	expect_segment(&im, 1, 0x123456, "three", 5);
	expect_segment(&im, 2, 0x08000000, "four", 4);
	assert_int_equal(im.files[0].entry, 0x08000141);
	buf_done(&b);
	image_done(&im);
}

static void elf_segments_go_to_their_physical_addresses(void **state)
{
	struct elf f = make_elf();
	struct image im;
	struct err e = { 0 };

	(void)state;
	image_init(&im);
	assert_int_equal(add(&im, "a.elf", f.at, f.len, &e), 0);
	assert_int_equal(image_finish(&im, &e), 0);
	assert_string_equal(image_format_name(im.files[0].format), "elf");
	assert_int_equal(im.n_segments, 2);
	expect_segment(&im, 0, 0x08000000, "0123456789abcdef", 16);
	expect_segment(&im, 1, 0x08000100, "DATA", 4);
	assert_int_equal(im.files[0].entry, 0x08000141);
	assert_false(im.files[0].by_virtual);
	image_done(&im);
}

static void an_elf_without_physical_addresses_goes_to_virtual_ones(void **state)
{
	struct elf f = make_elf();
	struct image im;
	struct err e = { 0 };

	(void)state;
	image_init(&im);
	elf_segment(&f, 0, 1, DATA, 0x08000000, 0, 16);
	elf_segment(&f, 1, 1, DATA + 16, 0x08000010, 0, 4);
	assert_int_equal(add(&im, "a.elf", f.at, f.len, &e), 0);
	assert_int_equal(image_finish(&im, &e), 0);
	assert_true(im.files[0].by_virtual);
	assert_int_equal(im.n_segments, 1);
	expect_segment(&im, 0, 0x08000000, "0123456789abcdefDATA", 20);
	image_done(&im);
}

/* As GNU ld does where segments are aligned to pages. */
static void the_elf_header_itself_is_not_written(void **state)
{
	struct elf f = make_elf();
	struct image im;
	struct err e = { 0 };

	(void)state;
	image_init(&im);
	put_le16(f.at + 44, 1);
	elf_segment(&f, 0, 1, 0, 0x08000000 - DATA, 0x08000000 - DATA, DATA + 16);
	put_le32(f.at + 32, SHDR);
	put_le16(f.at + 48, 2);
	put_le32(f.at + SHDR + 40 + 4, 1); /* PROGBITS */
	put_le32(f.at + SHDR + 40 + 8, 2); /* ALLOC */
	put_le32(f.at + SHDR + 40 + 16, DATA);
	put_le32(f.at + SHDR + 40 + 20, 16);
	assert_int_equal(add(&im, "a.elf", f.at, f.len, &e), 0);
	assert_int_equal(image_finish(&im, &e), 0);
	assert_int_equal(im.n_segments, 1);
	expect_segment(&im, 0, 0x08000000, "0123456789abcdef", 16);
	image_done(&im);
}

static void a_binary_goes_to_its_base(void **state)
{
	struct image im;
	struct err e = { 0 };

	(void)state;
	image_init(&im);
	assert_int_equal(add_bin(&im, "a.bin", "plain", 5, 0x08004000, &e), 0);
	assert_int_equal(image_finish(&im, &e), 0);
	expect_segment(&im, 0, 0x08004000, "plain", 5);
	image_done(&im);
}

static void a_binary_up_to_the_last_address_is_taken(void **state)
{
	struct image im;
	struct err e = { 0 };

	(void)state;
	image_init(&im);
	assert_int_equal(add_bin(&im, "a.bin", "end!", 4, 0xfffffffc, &e), 0);
	assert_int_equal(add_bin(&im, "b.bin", "start", 5, 0, &e), 0);
	assert_int_equal(image_finish(&im, &e), 0);
	assert_int_equal(im.n_segments, 2);
	expect_segment(&im, 1, 0xfffffffc, "end!", 4);
	image_done(&im);
	image_init(&im);
	assert_int_equal(add_bin(&im, "a.bin", "beyond", 6, 0xfffffffc, &e), ERR_FORMAT);
	assert_string_equal(e.text, "a.bin: 0x6 bytes at 0xfffffffc end beyond 4 GiB");
	image_done(&im);
}

static void a_format_can_be_forced(void **state)
{
	struct image im;
	struct err e = { 0 };
	struct image_input in = { .name = "a",
				  .bytes = (const uint8_t *)":00000001FF\n",
				  .len = 12,
				  .format = image_format_find("bin"),
				  .has_base = true,
				  .base = 0x100 };

	(void)state;
	image_init(&im);
	assert_int_equal(image_add(&im, &in, &e), 0);
	assert_int_equal(image_finish(&im, &e), 0);
	expect_segment(&im, 0, 0x100, ":00000001FF\n", 12);
	image_done(&im);
	assert_null(image_format_find("uf2"));
}

/* ---- several files ---- */

static void files_come_together(void **state)
{
	struct image im;
	struct err e = { 0 };
	uint8_t window[8];

	(void)state;
	image_init(&im);
	assert_int_equal(add_bin(&im, "app", "app", 3, 0x08000010, &e), 0);
	assert_int_equal(add_bin(&im, "boot", "bootbootbootboot", 16, 0x08000000, &e), 0);
	assert_int_equal(add_bin(&im, "more", "more", 4, 0x08000020, &e), 0);
	assert_int_equal(image_finish(&im, &e), 0);
	assert_int_equal(im.n_segments, 2);
	expect_segment(&im, 0, 0x08000000, "bootbootbootbootapp", 19);
	expect_segment(&im, 1, 0x08000020, "more", 4);
	assert_int_equal(image_gap_behind(&im, 0), 13);
	assert_int_equal(im.bytes, 23);
	memset(window, '.', sizeof(window));
	assert_int_equal(image_copy(&im, 0x0800000e, window, 8), 5);
	assert_memory_equal(window, "otapp...", 8);
	memset(window, '.', sizeof(window));
	assert_int_equal(image_copy(&im, 0x0800001e, window, 8), 4);
	assert_memory_equal(window, "..more..", 8);
	image_done(&im);
}

static void bytes_given_twice_may_be_the_same(void **state)
{
	struct image im;
	struct err e = { 0 };

	(void)state;
	image_init(&im);
	assert_int_equal(add_bin(&im, "a", "abcdef", 6, 0x100, &e), 0);
	assert_int_equal(add_bin(&im, "b", "efgh", 4, 0x104, &e), 0);
	assert_int_equal(add_bin(&im, "c", "cd", 2, 0x102, &e), 0);
	assert_int_equal(image_finish(&im, &e), 0);
	assert_int_equal(im.n_segments, 1);
	expect_segment(&im, 0, 0x100, "abcdefgh", 8);
	assert_int_equal(im.doubled_bytes, 4);
	image_done(&im);
}

static void bytes_given_twice_that_differ_are_refused(void **state)
{
	struct image im;
	struct buf b = { 0 };
	struct err e = { 0 };

	(void)state;
	image_init(&im);
	add_ihex(&b, 0, 0x100, (const uint8_t *)"abcdef", 6);
	add_ihex(&b, 0, 0x104, (const uint8_t *)"eX", 2);
	add_ihex(&b, 1, 0, NULL, 0);
	assert_int_equal(add(&im, "a.hex", b.at, b.len, &e), 0);
	assert_int_equal(image_finish(&im, &e), ERR_FORMAT);
	assert_string_equal(e.text,
			    "the byte at 0x00000105 is given twice and differs: by what begins "
			    "at a.hex, line 1 (0x66) and at a.hex, line 2 (0x58)");
	buf_done(&b);
	image_done(&im);
}

static void a_base_for_a_file_that_has_addresses_is_refused(void **state)
{
	struct image im;
	struct err e = { 0 };

	(void)state;
	image_init(&im);
	assert_int_equal(add_bin(&im, "a.hex", ":00000001FF", 11, 0x100, &e), ERR_USAGE);
	image_done(&im);
}

static void more_files_than_the_limit_are_refused(void **state)
{
	struct image im;
	struct err e = { 0 };

	(void)state;
	image_init(&im);
	for (unsigned i = 0; i < IMAGE_FILES_MAX; i++)
		assert_int_equal(add_bin(&im, "a", "a", 1, i, &e), 0);
	assert_int_equal(add_bin(&im, "a", "a", 1, 0, &e), ERR_LIMIT);
	image_done(&im);
}

static void a_program_over_the_limit_is_refused(void **state)
{
	size_t len = IMAGE_BYTES_MAX + 1;
	char *large = calloc(len, 1);
	struct image im;
	struct err e = { 0 };

	(void)state;
	assert_non_null(large);
	image_init(&im);
	assert_int_equal(add_bin(&im, "a", large, len, 0, &e), ERR_LIMIT);
	assert_string_equal(e.text, "a: the image is larger than 64 MiB");
	image_done(&im);
	free(large);
}

/* ---- vectors ---- */

static const char *odd(uint32_t sp, uint32_t entry, char *room, size_t size)
{
	uint8_t bytes[64] = { 0 };
	struct image im;
	struct err e = { 0 };
	const char *says;

	put_le32(bytes, sp);
	put_le32(bytes + 4, entry);
	image_init(&im);
	assert_int_equal(add_bin(&im, "a", bytes, sizeof(bytes), 0x08000000, &e), 0);
	assert_int_equal(image_finish(&im, &e), 0);
	says = image_odd_vectors(&im, 0x08000000, room, size);
	assert_null(image_odd_vectors(&im, 0x08000040, room, 0));
	image_done(&im);
	return says;
}

static void vectors_that_no_program_has_are_told(void **state)
{
	char room[160];

	(void)state;
	assert_null(odd(0x20020000, 0x08000021, room, sizeof(room)));
	assert_null(odd(0x10010000, 0x0800003f, room, sizeof(room)));
	assert_string_equal(odd(0xffffffff, 0x08000021, room, sizeof(room)),
			    "the stack pointer at 0x08000000 would be 0xffffffff: that is no RAM");
	assert_string_equal(odd(0x20020000, 0x08000020, room, sizeof(room)),
			    "the reset vector at 0x08000004 is 0x08000020: that is no Thumb code");
	assert_string_equal(
		odd(0x20020000, 0x08010001, room, sizeof(room)),
		"the reset vector at 0x08000004 is 0x08010001: the image has no code there");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(intel_hex_is_read),
		cmocka_unit_test(s_records_are_read),
		cmocka_unit_test(elf_segments_go_to_their_physical_addresses),
		cmocka_unit_test(an_elf_without_physical_addresses_goes_to_virtual_ones),
		cmocka_unit_test(the_elf_header_itself_is_not_written),
		cmocka_unit_test(a_binary_goes_to_its_base),
		cmocka_unit_test(a_binary_up_to_the_last_address_is_taken),
		cmocka_unit_test(a_format_can_be_forced),
		cmocka_unit_test(files_come_together),
		cmocka_unit_test(bytes_given_twice_may_be_the_same),
		cmocka_unit_test(bytes_given_twice_that_differ_are_refused),
		cmocka_unit_test(a_base_for_a_file_that_has_addresses_is_refused),
		cmocka_unit_test(more_files_than_the_limit_are_refused),
		cmocka_unit_test(a_program_over_the_limit_is_refused),
		cmocka_unit_test(vectors_that_no_program_has_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
