/*
 * A program to be put into a chip: bytes at addresses, from one or several files. Files come in as
 * bytes in memory; their format is found by what is in them.
 *
 *	struct image im;
 *	image_init(&im);
 *	image_add(&im, &(struct image_input){ .name = path, .bytes = ..., .len = ... }, &e);
 *	image_finish(&im, &e);
 *	for (i = 0; i < im.n_segments; i++) ...
 *	image_done(&im);
 *
 * Errors name the file and the line or offset; a mistake in a file is ERR_FORMAT, one that is too
 * large ERR_LIMIT, a plain binary without a base ERR_USAGE. After an error only image_done may
 * follow.
 */
#ifndef SWDOCTOR_IMAGE_H
#define SWDOCTOR_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/buf.h"
#include "probe/base/err.h"

#define IMAGE_FILE_BYTES_MAX ((size_t)256 << 20) /* of one file: debug information is large */
#define IMAGE_BYTES_MAX	     ((size_t)64 << 20)	 /* of the program in all files */
#define IMAGE_PIECES_MAX     ((size_t)1 << 20)
#define IMAGE_FILES_MAX	     64

struct image_format;

struct image_input {
	const char *name; /* as the user named it; kept: must outlive the image */
	const uint8_t *bytes;
	size_t len;
	const struct image_format *format; /* NULL: by what is in it */
	bool has_base;			   /* where a plain binary goes; nothing else takes it */
	uint32_t base;
};

struct image_file {
	const char *name;
	const struct image_format *format;
	size_t bytes; /* of program */
	bool has_entry;
	uint32_t entry;
	bool by_virtual; /* ELF without physical addresses: the virtual ones were taken */
};

/* A run of bytes without a gap. They lie in rising order and do not touch each other. */
struct image_segment {
	uint32_t address;
	uint32_t len; /* at least 1; address + len is at most 2^32 */
	const uint8_t *bytes;
};

struct image {
	struct image_file files[IMAGE_FILES_MAX];
	size_t n_files;
	struct image_segment *segments; /* after image_finish */
	size_t n_segments;
	size_t bytes;	      /* in all segments */
	size_t doubled_bytes; /* given more than once, the same each time */
	/* While files are added: what they gave, in order. */
	struct buf data, pieces;
};

void image_init(struct image *im);
void image_done(struct image *im);

int image_add(struct image *im, const struct image_input *in, struct err *e);
/* Puts it in order. Bytes that are given twice and differ are ERR_FORMAT, none at all too. */
int image_finish(struct image *im, struct err *e);

/* Bytes missing between segment i and the next; 0 for the last one. */
uint32_t image_gap_behind(const struct image *im, size_t i);
/* Copies what the image has from address on; *ret stays as it is where it has nothing. Returns how
 * many bytes it had. */
size_t image_copy(const struct image *im, uint32_t address, uint8_t *ret, size_t len);

/* "ihex": NULL if there is no such format. */
const struct image_format *image_format_find(const char *name);
const char *image_format_name(const struct image_format *f);
/* What these bytes are; "bin" if they look like nothing else. Never NULL. */
const struct image_format *image_format_detect(const uint8_t *bytes, size_t len);

/*
 * Does the program begin as one does that a Cortex-M starts at `base`: a stack pointer into RAM and
 * a reset vector into the image, in Thumb? NULL, or what is odd, with the numbers, in `room`.
 */
const char *image_odd_vectors(const struct image *im, uint32_t base, char *room, size_t size);

#endif
