/* Images that are malformed: each is refused with its line or offset and what is wrong. */
#include "tests/lib/image_files.h"

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
		cmocka_unit_test(a_malformed_file_gets_its_line_and_what_is_wrong),
		cmocka_unit_test(a_record_too_long_is_refused),
		cmocka_unit_test(a_malformed_elf_gets_its_offset_and_what_is_wrong),
		cmocka_unit_test(an_elf_that_loads_nothing_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
