/*
 * Intel HEX: ":LLAAAATT", LL bytes of data, and a checksum that makes the sum of all bytes 0.
 * Types: Intel, "Hexadecimal Object File Format Specification", revision A, 1988.
 */
#include "flash/image_format.h"

#include "probe/base/bytes.h"

enum {
	IHEX_DATA,
	IHEX_END,
	IHEX_SEGMENT,	    /* what follows is offset by 16 times the value */
	IHEX_START_SEGMENT, /* CS:IP of an 8086 */
	IHEX_LINEAR,	    /* upper half of the addresses that follow */
	IHEX_START_LINEAR,  /* entry point */
};

#define HEAD_BYTES   4 /* length, address, type */
#define RECORD_BYTES (HEAD_BYTES + 255 + 1)

struct reading {
	struct image *im;
	struct image_file *file;
	struct image_lines lines;
	uint8_t record[RECORD_BYTES];
	size_t n;
	uint32_t base;
	bool in_segment; /* offsets are those of an 8086: they end at 64 KiB */
	bool ended;
};

static bool looks_like(const uint8_t *bytes, size_t len)
{
	return image_lines_begin(bytes, len, ':');
}

/* A whole record whose length and checksum are right. */
static int read_record(struct reading *r, struct err *e)
{
	const struct image_lines *l = &r->lines;
	uint8_t sum = 0;
	int rc;

	if (l->text[0] != ':')
		return image_lines_bad(l, e, "a record of Intel HEX begins with ':'");
	rc = image_lines_bytes(l, 1, r->record, sizeof(r->record), &r->n, e);
	if (rc)
		return rc;
	if (r->n < HEAD_BYTES + 1)
		return image_lines_bad(l, e, "the record is cut off: %zu bytes, the least is %d",
				       r->n, HEAD_BYTES + 1);
	if (r->n != (size_t)r->record[0] + HEAD_BYTES + 1)
		return image_lines_bad(l, e, "the record says %u bytes of data and has %zu",
				       r->record[0], r->n - HEAD_BYTES - 1);
	for (size_t i = 0; i < r->n - 1; i++)
		sum = (uint8_t)(sum + r->record[i]);
	sum = (uint8_t)-sum;
	if (r->record[r->n - 1] != sum)
		return image_lines_bad(l, e, "the checksum is 0x%02x, and should be 0x%02x",
				       r->record[r->n - 1], sum);
	return 0;
}

static int take_data(struct reading *r, struct err *e)
{
	uint32_t offset = get_be16(r->record + 1);
	size_t len = r->record[0];

	if (r->in_segment && offset + len > 0x10000)
		return image_lines_bad(&r->lines, e,
				       "%zu bytes at 0x%04x cross the end of a 64 KiB segment", len,
				       (unsigned)offset);
	return image_put(r->im, (uint64_t)r->base + offset, r->record + HEAD_BYTES, len,
			 r->lines.line, e);
}

static int expect_bytes(const struct reading *r, unsigned want, struct err *e)
{
	if (r->record[0] == want)
		return 0;
	return image_lines_bad(&r->lines, e, "a record of type %02X has %u bytes of data, not %u",
			       r->record[3], want, r->record[0]);
}

static int take_other(struct reading *r, struct err *e)
{
	static const uint8_t sizes[] = { [IHEX_END] = 0,
					 [IHEX_SEGMENT] = 2,
					 [IHEX_START_SEGMENT] = 4,
					 [IHEX_LINEAR] = 2,
					 [IHEX_START_LINEAR] = 4 };
	const uint8_t *data = r->record + HEAD_BYTES;
	unsigned type = r->record[3];
	int rc;

	if (type >= sizeof(sizes))
		return image_lines_bad(&r->lines, e, "there is no record type %02X", type);
	rc = expect_bytes(r, sizes[type], e);
	if (rc)
		return rc;
	if (type == IHEX_END) {
		r->ended = true;
	} else if (type == IHEX_SEGMENT || type == IHEX_LINEAR) {
		r->in_segment = type == IHEX_SEGMENT;
		r->base = (uint32_t)get_be16(data) << (r->in_segment ? 4 : 16);
	} else if (type == IHEX_START_LINEAR) {
		r->file->has_entry = true;
		r->file->entry = get_be32(data);
	}
	return 0;
}

static int read(struct image *im, const struct image_input *in, struct image_file *file,
		struct err *e)
{
	struct reading r = { .im = im, .file = file };
	int rc;

	image_lines_init(&r.lines, in);
	while (image_lines_next(&r.lines)) {
		if (r.ended)
			return image_lines_bad(&r.lines, e, "text follows the end record");
		rc = read_record(&r, e);
		if (!rc)
			rc = r.record[3] == IHEX_DATA ? take_data(&r, e) : take_other(&r, e);
		if (rc)
			return rc;
	}
	if (!r.ended)
		return image_lines_bad(&r.lines, e,
				       "the file ends without an end record (:00000001FF): it is "
				       "cut off");
	return 0;
}

const struct image_format image_ihex = {
	.name = "ihex",
	.place = "line",
	.looks_like = looks_like,
	.read = read,
};
