/*
 * What a reader of one image format offers and what it may use. Readers: image_elf.c, image_ihex.c,
 * image_srec.c, image_bin.c; image.c lists them.
 */
#ifndef SWDOCTOR_IMAGE_FORMAT_H
#define SWDOCTOR_IMAGE_FORMAT_H

#include "flash/image.h"

struct image_format {
	const char *name;
	const char *place; /* how a place in such a file is called: "line"; NULL: there are none */
	/* By the first bytes. NULL: whatever nobody else knows. */
	bool (*looks_like)(const uint8_t *bytes, size_t len);
	/* Give every byte of the program to image_put. */
	int (*read)(struct image *im, const struct image_input *in, struct image_file *file,
		    struct err *e);
};

extern const struct image_format image_elf, image_ihex, image_srec, image_bin;

/* Bytes at an address, found at `place`. ERR_FORMAT if they end beyond 4 GiB, ERR_LIMIT. */
int image_put(struct image *im, uint64_t address, const uint8_t *bytes, size_t len, size_t place,
	      struct err *e);

/* ---- for the formats made of lines of hexadecimal digits (image_lines.c) ---- */

struct image_lines {
	const struct image_input *in;
	size_t at;   /* offset of what comes next */
	size_t line; /* number of the line in `text`, from 1 */
	const uint8_t *text;
	size_t len; /* without the line's end and white space before it */
};

void image_lines_init(struct image_lines *l, const struct image_input *in);
/* The next line that is not empty; false at the end. */
bool image_lines_next(struct image_lines *l);
/* "NAME:LINE: ..." as ERR_FORMAT. */
int image_lines_bad(const struct image_lines *l, struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The digits from column `skip` (from 0) on as bytes, at most max of them. */
int image_lines_bytes(const struct image_lines *l, size_t skip, uint8_t *ret, size_t max,
		      size_t *ret_n, struct err *e);
/* Whether it starts, after white space and a byte order mark, with `first`. */
bool image_lines_begin(const uint8_t *bytes, size_t len, uint8_t first);

#endif
