/* The bytes of all files in one order: see image.h. */
#include "flash/image.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flash/image_format.h"
#include "probe/base/bytes.h"

static const struct image_format *const formats[] = {
	&image_elf, &image_ihex, &image_srec, &image_bin, /* last: it looks like anything */
};

#define N_FORMATS (sizeof(formats) / sizeof(formats[0]))

/* What a file gave, its bytes in image.data. */
struct piece {
	uint32_t address;
	uint32_t len;
	size_t offset; /* in image.data */
	size_t place;  /* of its first byte in the file */
	size_t file;
};

void image_init(struct image *im)
{
	*im = (struct image){ 0 };
	buf_init(&im->data);
	buf_init(&im->pieces);
}

void image_done(struct image *im)
{
	buf_done(&im->data);
	buf_done(&im->pieces);
	free(im->segments);
	*im = (struct image){ 0 };
}

const struct image_format *image_format_find(const char *name)
{
	for (size_t i = 0; i < N_FORMATS; i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

const char *image_format_name(const struct image_format *f)
{
	return f->name;
}

const struct image_format *image_format_detect(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < N_FORMATS; i++)
		if (!formats[i]->looks_like || formats[i]->looks_like(bytes, len))
			return formats[i];
	return &image_bin;
}

/* ---- adding ---- */

static struct piece *pieces_of(const struct image *im, size_t *ret_n)
{
	*ret_n = im->pieces.len / sizeof(struct piece);
	return (struct piece *)(void *)im->pieces.at;
}

/* The last piece, if these bytes follow it. */
static struct piece *followed(const struct image *im, uint64_t address)
{
	size_t n;
	struct piece *pieces = pieces_of(im, &n);

	if (!n || pieces[n - 1].file != im->n_files)
		return NULL;
	return pieces[n - 1].address + (uint64_t)pieces[n - 1].len == address ? &pieces[n - 1]
									      : NULL;
}

static void add_place(const struct image *im, size_t file, size_t place, char *room, size_t size)
{
	const struct image_file *f = &im->files[file];

	if (f->format->place)
		snprintf(room, size, "%s, %s %zu", f->name, f->format->place, place);
	else
		snprintf(room, size, "%s", f->name);
}

int image_put(struct image *im, uint64_t address, const uint8_t *bytes, size_t len, size_t place,
	      struct err *e)
{
	struct piece *last = followed(im, address);
	char where[160];

	add_place(im, im->n_files, place, where, sizeof(where));
	if (address + len > (uint64_t)UINT32_MAX + 1)
		return err_set(e, ERR_FORMAT, "%s: 0x%zx bytes at 0x%08llx end beyond 4 GiB", where,
			       len, (unsigned long long)address);
	if (im->data.len + len > IMAGE_BYTES_MAX)
		return err_set(e, ERR_LIMIT, "%s: the image is larger than %zu MiB", where,
			       IMAGE_BYTES_MAX >> 20);
	if (im->pieces.len / sizeof(struct piece) >= IMAGE_PIECES_MAX)
		return err_set(e, ERR_LIMIT, "%s: the image has more than %zu pieces", where,
			       IMAGE_PIECES_MAX);
	if (!len)
		return 0;
	if (last) {
		last->len += (uint32_t)len;
	} else {
		struct piece p = { .address = (uint32_t)address,
				   .len = (uint32_t)len,
				   .offset = im->data.len,
				   .place = place,
				   .file = im->n_files };

		buf_add(&im->pieces, &p, sizeof(p));
	}
	buf_add(&im->data, bytes, len);
	im->files[im->n_files].bytes += len;
	return 0;
}

int image_add(struct image *im, const struct image_input *in, struct err *e)
{
	struct image_file *file = &im->files[im->n_files];
	int rc;

	if (im->n_files == IMAGE_FILES_MAX)
		return err_set(e, ERR_LIMIT, "%s: more than %d images", in->name, IMAGE_FILES_MAX);
	if (in->len > IMAGE_FILE_BYTES_MAX)
		return err_set(e, ERR_LIMIT, "%s: the file is larger than %zu MiB", in->name,
			       IMAGE_FILE_BYTES_MAX >> 20);
	if (!in->len)
		return err_set(e, ERR_FORMAT, "%s: the file is empty", in->name);
	*file = (struct image_file){
		.name = in->name,
		.format = in->format ? in->format : image_format_detect(in->bytes, in->len),
	};
	if (in->has_base && file->format != &image_bin)
		return err_set(e, ERR_USAGE,
			       "%s: the file says itself where it goes (%s); --base is for plain "
			       "binaries",
			       in->name, file->format->name);
	rc = file->format->read(im, in, file, e);
	if (!rc && !file->bytes)
		rc = err_set(e, ERR_FORMAT, "%s: there is nothing to write in it (%s)", in->name,
			     file->format->name);
	if (!rc)
		im->n_files++;
	return rc;
}

/* ---- putting in order ---- */

static int by_address(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return x->offset < y->offset ? -1 : 1;
}

/* Who gave the byte at `address` before piece i. */
static const struct piece *giver(const struct piece *pieces, size_t i, uint32_t address)
{
	while (i-- > 0)
		if (address - pieces[i].address < pieces[i].len)
			return &pieces[i];
	assert(!"a byte of the image has no giver");
	return NULL;
}

static int tell_conflict(const struct image *im, const struct piece *pieces, size_t i, uint32_t at,
			 struct err *e)
{
	const struct piece *first = giver(pieces, i, at);
	char a[120], b[120];

	add_place(im, first->file, first->place, a, sizeof(a));
	add_place(im, pieces[i].file, pieces[i].place, b, sizeof(b));
	return err_set(
		e, ERR_FORMAT,
		"the byte at 0x%08x is given twice and differs: by what begins at %s (0x%02x) "
		"and at %s (0x%02x)",
		at, a, (uint8_t)im->data.at[first->offset + (at - first->address)], b,
		(uint8_t)im->data.at[pieces[i].offset + (at - pieces[i].address)]);
}

static void start_segment(struct image *im, const struct piece *p, struct buf *sorted)
{
	im->segments[im->n_segments++] = (struct image_segment){
		.address = p->address,
		.bytes = (const uint8_t *)sorted->at + sorted->len, /* room is reserved */
	};
}

/* Add what piece i has beyond the last segment's end; what it has before must be there already. */
static int add_piece(struct image *im, const struct piece *pieces, size_t i, struct buf *sorted,
		     struct err *e)
{
	const struct piece *p = &pieces[i];
	const uint8_t *bytes = (const uint8_t *)im->data.at + p->offset;
	struct image_segment *s = im->n_segments ? &im->segments[im->n_segments - 1] : NULL;
	uint64_t end = s ? (uint64_t)s->address + s->len : 0;
	uint32_t twice = 0;

	if (!s || p->address > end) {
		start_segment(im, p, sorted);
		s = &im->segments[im->n_segments - 1];
	} else if (p->address < end) {
		twice = end - p->address < p->len ? (uint32_t)(end - p->address) : p->len;
	}
	for (uint32_t k = 0; k < twice; k++)
		if (s->bytes[p->address - s->address + k] != bytes[k])
			return tell_conflict(im, pieces, i, p->address + k, e);
	buf_add(sorted, bytes + twice, p->len - twice);
	s->len += p->len - twice;
	im->doubled_bytes += twice;
	return 0;
}

int image_finish(struct image *im, struct err *e)
{
	struct buf sorted = { 0 };
	size_t n;
	struct piece *pieces = pieces_of(im, &n);
	int rc = 0;

	assert(!im->segments);
	if (!n)
		return err_set(e, ERR_FORMAT, "the image is empty");
	qsort(pieces, n, sizeof(*pieces), by_address);
	im->segments = calloc(n, sizeof(*im->segments));
	if (!im->segments)
		abort();
	buf_reserve(&sorted, im->data.len); /* so that it stays where it is */
	for (size_t i = 0; i < n && !rc; i++)
		rc = add_piece(im, pieces, i, &sorted, e);
	im->bytes = sorted.len;
	buf_done(&im->data);
	buf_done(&im->pieces);
	im->data = sorted;
	return rc;
}

/* ---- looking ---- */

uint32_t image_gap_behind(const struct image *im, size_t i)
{
	const struct image_segment *s = &im->segments[i];

	return i + 1 < im->n_segments ? im->segments[i + 1].address - (s->address + s->len) : 0;
}

size_t image_copy(const struct image *im, uint32_t address, uint8_t *ret, size_t len)
{
	uint64_t end = (uint64_t)address + len;
	size_t had = 0;

	for (size_t i = 0; i < im->n_segments; i++) {
		const struct image_segment *s = &im->segments[i];
		uint64_t from = s->address > address ? s->address : address;
		uint64_t to =
			(uint64_t)s->address + s->len < end ? (uint64_t)s->address + s->len : end;

		if (from >= to)
			continue;
		memcpy(ret + (from - address), s->bytes + (from - s->address), to - from);
		had += to - from;
	}
	return had;
}

/* SRAM and the tightly coupled memories of all STM32; code RAM of F3 and F4. */
static bool is_ram(uint32_t address)
{
	return (address >= 0x20000000 && address <= 0x40000000) ||
	       (address >= 0x10000000 && address <= 0x10100000);
}

const char *image_odd_vectors(const struct image *im, uint32_t base, char *room, size_t size)
{
	uint8_t words[8], there;
	uint32_t sp, entry;

	if (image_copy(im, base, words, sizeof(words)) != sizeof(words))
		return NULL; /* a part of a program */
	sp = get_le32(words);
	entry = get_le32(words + 4);
	if (!is_ram(sp) || sp & 3)
		snprintf(room, size, "the stack pointer at 0x%08x would be 0x%08x: that is no RAM",
			 base, sp);
	else if (!(entry & 1))
		snprintf(room, size, "the reset vector at 0x%08x is 0x%08x: that is no Thumb code",
			 base + 4, entry);
	else if (!image_copy(im, entry & ~1U, &there, 1))
		snprintf(room, size,
			 "the reset vector at 0x%08x is 0x%08x: the image has no code there",
			 base + 4, entry);
	else
		return NULL;
	return room;
}
