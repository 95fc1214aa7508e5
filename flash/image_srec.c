/*
 * Motorola S-records: "S", a type, the number of bytes that follow, an address of two to four
 * bytes, data, and a checksum that makes the sum of all bytes 0xff.
 */
#include "flash/image_format.h"

#define RECORD_BYTES 256 /* the count and what it counts */

enum srec_kind { SREC_NONE, SREC_HEADER, SREC_DATA, SREC_COUNT, SREC_END };

static const struct {
	enum srec_kind kind;
	uint8_t address_bytes;
} types[10] = {
	{ SREC_HEADER, 2 }, { SREC_DATA, 2 },  { SREC_DATA, 3 }, { SREC_DATA, 4 }, { SREC_NONE, 0 },
	{ SREC_COUNT, 2 },  { SREC_COUNT, 3 }, { SREC_END, 4 },	 { SREC_END, 3 },  { SREC_END, 2 },
};

struct reading {
	struct image *im;
	struct image_file *file;
	struct image_lines lines;
	unsigned type;
	uint8_t record[RECORD_BYTES];
	size_t n;
	uint32_t address;
	size_t n_data; /* records of data so far */
	bool ended;
};

static bool looks_like(const uint8_t *bytes, size_t len)
{
	size_t at = 0;

	if (!image_lines_begin(bytes, len, 'S'))
		return false;
	while (bytes[at] != 'S')
		at++;
	return at + 3 < len && bytes[at + 1] >= '0' && bytes[at + 1] <= '9';
}

static int read_record(struct reading *r, struct err *e)
{
	const struct image_lines *l = &r->lines;
	size_t address_bytes;
	uint8_t sum = 0;
	int rc;

	if (l->text[0] != 'S' || l->len < 2 || l->text[1] < '0' || l->text[1] > '9')
		return image_lines_bad(l, e, "an S-record begins with S and a digit");
	r->type = l->text[1] - '0';
	address_bytes = types[r->type].address_bytes;
	if (types[r->type].kind == SREC_NONE)
		return image_lines_bad(l, e, "there is no record type S%u", r->type);
	rc = image_lines_bytes(l, 2, r->record, sizeof(r->record), &r->n, e);
	if (rc)
		return rc;
	if (r->n < 1 + address_bytes + 1)
		return image_lines_bad(l, e, "the record is cut off: %zu bytes, the least is %zu",
				       r->n, 1 + address_bytes + 1);
	if (r->n != (size_t)r->record[0] + 1)
		return image_lines_bad(l, e, "the record says %u bytes and has %zu", r->record[0],
				       r->n - 1);
	for (size_t i = 0; i < r->n - 1; i++)
		sum = (uint8_t)(sum + r->record[i]);
	sum = (uint8_t)~sum;
	if (r->record[r->n - 1] != sum)
		return image_lines_bad(l, e, "the checksum is 0x%02x, and should be 0x%02x",
				       r->record[r->n - 1], sum);
	r->address = 0;
	for (size_t i = 1; i <= address_bytes; i++)
		r->address = r->address << 8 | r->record[i];
	return 0;
}

static int take_data(struct reading *r, struct err *e)
{
	size_t head = 1U + types[r->type].address_bytes;

	r->n_data++;
	return image_put(r->im, r->address, r->record + head, r->n - head - 1, r->lines.line, e);
}

/* The field is two or three bytes wide; a longer file wraps around in it. */
static int check_count(const struct reading *r, struct err *e)
{
	size_t mask = types[r->type].address_bytes == 2 ? 0xffff : 0xffffff;

	if ((r->n_data & mask) == r->address)
		return 0;
	return image_lines_bad(&r->lines, e,
			       "%zu records of data stand before, and the count says %u: lines are "
			       "missing",
			       r->n_data, (unsigned)r->address);
}

static int take(struct reading *r, struct err *e)
{
	switch (types[r->type].kind) {
	case SREC_DATA:
		return take_data(r, e);
	case SREC_COUNT:
		return check_count(r, e);
	case SREC_END:
		r->ended = true;
		r->file->has_entry = r->address != 0; /* 0 is what tools write that know none */
		r->file->entry = r->address;
		return 0;
	case SREC_HEADER:
	case SREC_NONE:
	default:
		return 0;
	}
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
			rc = take(&r, e);
		if (rc)
			return rc;
	}
	if (!r.ended)
		return image_lines_bad(&r.lines, e,
				       "the file ends without an end record (S7, S8 or S9): it is "
				       "cut off");
	return 0;
}

const struct image_format image_srec = {
	.name = "srec",
	.place = "line",
	.looks_like = looks_like,
	.read = read,
};
