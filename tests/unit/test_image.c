/*
 * Images: what is read from each format, how several come together, and what is said about a file
 * that is malformed. Inputs are made here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flash/image.h"
#include "probe/base/buf.h"
#include "probe/base/bytes.h"

static int add(struct image *im, const char *name, const void *bytes, size_t len, struct err *e)
{
	struct image_input in = { .name = name, .bytes = bytes, .len = len };
	void *exact = malloc(len + !len); /* a sanitizer sees a step too far */
	int rc;

	assert_non_null(exact);
	memcpy(exact, bytes, len);
	in.bytes = exact;
	rc = image_add(im, &in, e);
	free(exact);
	return rc;
}

static int add_bin(struct image *im, const char *name, const void *bytes, size_t len, uint32_t base,
		   struct err *e)
{
	struct image_input in = {
		.name = name, .bytes = bytes, .len = len, .has_base = true, .base = base
	};

	return image_add(im, &in, e);
}

static void expect_segment(const struct image *im, size_t i, uint32_t address, const void *bytes,
			   size_t len)
{
	assert_true(i < im->n_segments);
	assert_int_equal(im->segments[i].address, address);
	assert_int_equal(im->segments[i].len, len);
	assert_memory_equal(im->segments[i].bytes, bytes, len);
}

/* ---- files made for the tests ---- */

static void add_ihex(struct buf *b, uint8_t type, uint16_t offset, const uint8_t *data, uint8_t len)
{
	uint8_t sum = (uint8_t)(len + (offset >> 8) + offset + type);

	buf_addf(b, ":%02X%04X%02X", len, offset, type);
	for (unsigned i = 0; i < len; i++) {
		buf_addf(b, "%02X", data[i]);
		sum = (uint8_t)(sum + data[i]);
	}
	buf_addf(b, "%02X\n", (uint8_t)-sum);
}

static void add_srec(struct buf *b, unsigned type, unsigned address_bytes, uint32_t address,
		     const uint8_t *data, uint8_t len)
{
	uint8_t count = (uint8_t)(address_bytes + len + 1), sum = count;

	buf_addf(b, "S%u%02X", type, count);
	for (unsigned i = address_bytes; i-- > 0;) {
		uint8_t byte = (uint8_t)(address >> 8 * i);

		buf_addf(b, "%02X", byte);
		sum = (uint8_t)(sum + byte);
	}
	for (unsigned i = 0; i < len; i++) {
		buf_addf(b, "%02X", data[i]);
		sum = (uint8_t)(sum + data[i]);
	}
	buf_addf(b, "%02X\r\n", (uint8_t)~sum);
}

#define PHDR 52
#define DATA 256
#define SHDR 512

struct elf {
	uint8_t at[1024];
	size_t len;
};

static void elf_segment(struct elf *f, unsigned i, uint32_t type, uint32_t offset, uint32_t vaddr,
			uint32_t paddr, uint32_t filesz)
{
	uint32_t words[8] = { type, offset, vaddr, paddr, filesz, filesz, 5, 4 };

	for (unsigned k = 0; k < 8; k++)
		put_le32(f->at + PHDR + i * 32 + k * 4, words[k]);
}

/* Two loadable segments (one of them in RAM, with its image in flash) and one that is not. */
static struct elf make_elf(void)
{
	struct elf f = { .len = 600 };

	memcpy(f.at,
	       "\x7f"
	       "ELF\x01\x01\x01",
	       7);
	put_le16(f.at + 16, 2);
	put_le16(f.at + 18, 40);
	put_le32(f.at + 20, 1);
	put_le32(f.at + 24, 0x08000141);
	put_le32(f.at + 28, PHDR);
	put_le16(f.at + 40, 52);
	put_le16(f.at + 42, 32);
	put_le16(f.at + 44, 4);
	put_le16(f.at + 46, 40);
	elf_segment(&f, 0, 1, DATA, 0x08000000, 0x08000000, 16);
	elf_segment(&f, 1, 1, DATA + 16, 0x20000000, 0x08000100, 4);
	elf_segment(&f, 2, 0x70000001, DATA, 0x08000000, 0x09000000, 8);
	elf_segment(&f, 3, 1, DATA, 0x20001000, 0x20001000, 0);
	memcpy(f.at + DATA, "0123456789abcdefDATA", 20);
	return f;
}

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

/* ---- malformed ---- */

static const struct {
	const char *text;
	const char *says;
} bad_lines[] = {
	{ "", "x: the file is empty" },
	{ "uninteresting",
	  "x: a plain binary does not say where it goes: give --base, such as --base 0x08000000" },
	{ "UF2\n....",
	  "x:0x0: this is a UF2 file, made for boot loaders that look like a disk; no image" },
	{ "\x1f\x8b..", "x:0x0: this is compressed with gzip; no image" },
	/* Intel HEX */
	{ ":00000001FF", "x: there is nothing to write in it (ihex)" },
	{ ":0100000041BE",
	  "x:1: the file ends without an end record (:00000001FF): it is cut off" },
	{ ":0100000041BF\n:00000001FF\n", "x:1: the checksum is 0xbf, and should be 0xbe" },
	{ "\n:0100000041BE\n0100000041BE", "x:3: a record of Intel HEX begins with ':'" },
	{ ":01000000", "x:1: the record is cut off: 4 bytes, the least is 5" },
	{ ":", "x:1: the record is cut off: 0 bytes, the least is 5" },
	{ ":0100000041B", "x:1: the record ends within a byte (11 digits)" },
	{ ":01000000G1BE", "x:1: character 10 is no hexadecimal digit: 'G'" },
	{ ":01000000\x01"
	  "1BE",
	  "x:1: character 10 is no hexadecimal digit: byte 0x01" },
	{ ":0200000041BD", "x:1: the record says 2 bytes of data and has 1" },
	{ ":00000006FA", "x:1: there is no record type 06" },
	{ ":0100000108F6", "x:1: a record of type 01 has 0 bytes of data, not 1" },
	{ ":0100000408F3", "x:1: a record of type 04 has 2 bytes of data, not 1" },
	{ ":00000001FF\r\n:0100000041BE\r\n", "x:2: text follows the end record" },
	{ ":020000021000EC\n:02FFFF00414100\n", "x:2: the checksum is 0x00, and should be 0x7e" },
	{ ":020000021000EC\n:02FFFF0041417E\n",
	  "x:2: 2 bytes at 0xffff cross the end of a 64 KiB segment" },
	{ ":02000004FFFFFC\n:02FFFF0041417E\n",
	  "x, line 2: 0x2 bytes at 0xffffffff end beyond 4 GiB" },
	/* S-records */
	{ "S1040000"
	  "41BA\n",
	  "x:1: the file ends without an end record (S7, S8 or S9): it is cut off" },
	{ "S104000041BB\n", "x:1: the checksum is 0xbb, and should be 0xba" },
	{ "S104000041BA\nQ", "x:2: an S-record begins with S and a digit" },
	{ "S104000041BA\nS", "x:2: an S-record begins with S and a digit" },
	{ "S4040000"
	  "41BA\n",
	  "x:1: there is no record type S4" },
	{ "S1040000FB", "x:1: the record says 4 bytes and has 3" },
	{ "S10200", "x:1: the record is cut off: 2 bytes, the least is 4" },
	{ "S10400004", "x:1: the record ends within a byte (7 digits)" },
	{ "S1040000z1BA", "x:1: character 9 is no hexadecimal digit: 'z'" },
	{ "S104000041BA\nS5030002FA\n",
	  "x:2: 1 records of data stand before, and the count says 2: lines are missing" },
	{ "S9030000FC\nS104000041BA\n", "x:2: text follows the end record" },
};

static void a_malformed_file_gets_its_line_and_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_lines) / sizeof(bad_lines[0]); i++) {
		struct image im;
		struct err e = { 0 };

		image_init(&im);
		assert_int_not_equal(
			add(&im, "x", bad_lines[i].text, strlen(bad_lines[i].text), &e), 0);
		assert_string_equal(e.text, bad_lines[i].says);
		image_done(&im);
	}
}

static void a_record_too_long_is_refused(void **state)
{
	struct image im;
	struct buf b = { 0 };
	struct err e = { 0 };

	(void)state;
	image_init(&im);
	buf_add_str(&b, ":FF000000");
	for (unsigned i = 0; i < 300; i++)
		buf_add_str(&b, "00");
	assert_int_equal(add(&im, "x", b.at, b.len, &e), ERR_FORMAT);
	assert_string_equal(e.text, "x:1: the record is longer than any can be");
	buf_done(&b);
	image_done(&im);
}

static const struct {
	unsigned at, width;
	uint32_t value;
	size_t len; /* 0: all of it */
	const char *says;
} bad_elfs[] = {
	{ 0, 0, 0, 10, "x:0xa: the ELF header is cut off" },
	{ 0, 0, 0, 30, "x:0x1e: the ELF header is cut off: 52 bytes it has" },
	{ 4, 1, 2, 0, "x:0x4: the ELF file is no 32-bit one (class 2)" },
	{ 5, 1, 2, 0, "x:0x5: the ELF file is big-endian (0x02)" },
	{ 18, 2, 62, 0, "x:0x12: the ELF file is for x86-64 (62), not for Arm (40)" },
	{ 18, 2, 999, 0, "x:0x12: the ELF file is for another machine (999), not for Arm (40)" },
	{ 16, 2, 1, 0, "x:0x10: the ELF file is an object file: it is not linked yet (type 1)" },
	{ 16, 2, 3, 0,
	  "x:0x10: the ELF file is a shared object, or linked without -static (type 3)" },
	{ 44, 2, 0, 0, "x:0x2c: the ELF file has no program headers: it is not linked" },
	{ 44, 2, 0xffff, 0, "x:0x2c: more program headers than are taken" },
	{ 42, 2, 16, 0, "x:0x2a: program headers of 16 bytes; they have 32" },
	{ 28, 4, 0xfffffff0, 0,
	  "x:0x1c: the program headers (4 at 0xfffffff0) lie beyond the end of the file (0x258)" },
	{ PHDR + 4, 4, 0xfffffff8, 0,
	  "x:0x34: segment 0 (0x10 bytes at 0xfffffff8) lies beyond the end of the file (0x258): "
	  "it "
	  "is cut off" },
	{ PHDR + 20, 4, 4, 0, "x:0x34: segment 0 has 0x10 bytes in the file and 0x4 in memory" },
	{ PHDR + 12, 4, 0xfffffff8, 0, "x, segment 0: 0x10 bytes at 0xfffffff8 end beyond 4 GiB" },
};

static void a_malformed_elf_gets_its_offset_and_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_elfs) / sizeof(bad_elfs[0]); i++) {
		struct elf f = make_elf();
		struct image im;
		struct err e = { 0 };

		for (unsigned k = 0; k < bad_elfs[i].width; k++)
			f.at[bad_elfs[i].at + k] = (uint8_t)(bad_elfs[i].value >> 8 * k);
		image_init(&im);
		assert_int_equal(add(&im, "x", f.at, bad_elfs[i].len ? bad_elfs[i].len : f.len, &e),
				 ERR_FORMAT);
		assert_string_equal(e.text, bad_elfs[i].says);
		image_done(&im);
	}
}

static void an_elf_that_loads_nothing_is_told(void **state)
{
	struct elf f = make_elf();
	struct image im;
	struct err e = { 0 };

	(void)state;
	image_init(&im);
	for (unsigned i = 0; i < 4; i++)
		elf_segment(&f, i, 1, DATA, 0x08000000, 0x08000000, 0);
	assert_int_equal(add(&im, "x", f.at, f.len, &e), ERR_FORMAT);
	assert_string_equal(e.text, "x: there is nothing to write in it (elf)");
	image_done(&im);
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
		cmocka_unit_test(a_malformed_file_gets_its_line_and_what_is_wrong),
		cmocka_unit_test(a_record_too_long_is_refused),
		cmocka_unit_test(a_malformed_elf_gets_its_offset_and_what_is_wrong),
		cmocka_unit_test(an_elf_that_loads_nothing_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
