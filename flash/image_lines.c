/* Lines of hexadecimal digits, as Intel HEX and Motorola S-records have them. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "flash/image_format.h"

#define CTRL_Z 0x1a /* ends the text in files from DOS */

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == CTRL_Z;
}

static bool is_end(uint8_t c)
{
	return c == '\n' || c == '\r';
}

static size_t mark_len(const uint8_t *bytes, size_t len)
{
	return len >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
}

void image_lines_init(struct image_lines *l, const struct image_input *in)
{
	*l = (struct image_lines){ .in = in, .at = mark_len(in->bytes, in->len) };
}

/* Lines end with LF, CR LF, or CR. */
static bool next(struct image_lines *l)
{
	const uint8_t *bytes = l->in->bytes;
	size_t begin = l->at, end = begin, len = l->in->len;

	if (begin >= len)
		return false;
	while (end < len && !is_end(bytes[end]))
		end++;
	l->at = end + (end + 1 < len && bytes[end] == '\r' && bytes[end + 1] == '\n' ? 2 : 1);
	while (begin < end && is_blank(bytes[begin]))
		begin++;
	while (begin < end && is_blank(bytes[end - 1]))
		end--;
	l->line++;
	l->text = bytes + begin;
	l->len = end - begin;
	return true;
}

bool image_lines_next(struct image_lines *l)
{
	while (next(l))
		if (l->len)
			return true;
	return false;
}

int image_lines_bad(const struct image_lines *l, struct err *e, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_set(e, ERR_FORMAT, "%s:%zu: %s", l->in->name, l->line, what);
}

static int digit_of(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static int bad_digit(const struct image_lines *l, size_t at, struct err *e)
{
	uint8_t c = l->text[at];

	if (c > ' ' && c < 0x7f)
		return image_lines_bad(l, e, "character %zu is no hexadecimal digit: '%c'", at + 1,
				       c);
	return image_lines_bad(l, e, "character %zu is no hexadecimal digit: byte 0x%02x", at + 1,
			       c);
}

int image_lines_bytes(const struct image_lines *l, size_t skip, uint8_t *ret, size_t max,
		      size_t *ret_n, struct err *e)
{
	size_t digits = l->len > skip ? l->len - skip : 0;
	size_t i;

	for (i = 0; i < digits; i++) {
		int digit = digit_of(l->text[skip + i]);

		if (digit < 0)
			return bad_digit(l, skip + i, e);
		if (i / 2 >= max)
			return image_lines_bad(l, e, "the record is longer than any can be");
		ret[i / 2] = (uint8_t)(i % 2 ? ret[i / 2] << 4 | digit : digit);
	}
	if (digits % 2)
		return image_lines_bad(l, e, "the record ends within a byte (%zu digits)", digits);
	*ret_n = digits / 2;
	return 0;
}

bool image_lines_begin(const uint8_t *bytes, size_t len, uint8_t first)
{
	size_t at = mark_len(bytes, len);

	while (at < len && (is_blank(bytes[at]) || is_end(bytes[at])))
		at++;
	return at < len && bytes[at] == first;
}
