/* Images made for tests, file by file: Intel HEX, S-records, ELF. */
#ifndef SWDOCTOR_TESTS_IMAGE_FILES_H
#define SWDOCTOR_TESTS_IMAGE_FILES_H

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

static inline int add(struct image *im, const char *name, const void *bytes, size_t len,
		      struct err *e)
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

static inline int add_bin(struct image *im, const char *name, const void *bytes, size_t len,
			  uint32_t base, struct err *e)
{
	struct image_input in = {
		.name = name, .bytes = bytes, .len = len, .has_base = true, .base = base
	};

	return image_add(im, &in, e);
}

static inline void expect_segment(const struct image *im, size_t i, uint32_t address,
				  const void *bytes, size_t len)
{
	assert_true(i < im->n_segments);
	assert_int_equal(im->segments[i].address, address);
	assert_int_equal(im->segments[i].len, len);
	assert_memory_equal(im->segments[i].bytes, bytes, len);
}

/* ---- files made for the tests ---- */

static inline void add_ihex(struct buf *b, uint8_t type, uint16_t offset, const uint8_t *data,
			    uint8_t len)
{
	uint8_t sum = (uint8_t)(len + (offset >> 8) + offset + type);

	buf_addf(b, ":%02X%04X%02X", len, offset, type);
	for (unsigned i = 0; i < len; i++) {
		buf_addf(b, "%02X", data[i]);
		sum = (uint8_t)(sum + data[i]);
	}
	buf_addf(b, "%02X\n", (uint8_t)-sum);
}

static inline void add_srec(struct buf *b, unsigned type, unsigned address_bytes, uint32_t address,
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

static inline void elf_segment(struct elf *f, unsigned i, uint32_t type, uint32_t offset,
			       uint32_t vaddr, uint32_t paddr, uint32_t filesz)
{
	uint32_t words[8] = { type, offset, vaddr, paddr, filesz, filesz, 5, 4 };

	for (unsigned k = 0; k < 8; k++)
		put_le32(f->at + PHDR + i * 32 + k * 4, words[k]);
}

/* Two loadable segments (one of them in RAM, with its image in flash) and one that is not. */
static inline struct elf make_elf(void)
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

#endif
