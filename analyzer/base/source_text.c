/* Bytes of any encoding become text: see source_text.h. */
#include "analyzer/base/source_text.h"

#include <string.h>

#define HEAD_BYTES 4096 /* enough to tell UTF-16 and binaries from text */

void text_decoder_init(struct text_decoder *d)
{
	*d = (struct text_decoder){ 0 };
}

void text_decoder_done(struct text_decoder *d)
{
	buf_done(&d->head);
}

/* ---- which encoding ---- */

/* UTF-16 without a byte order mark: every other byte of Latin text is zero. */
static enum text_encoding guess_utf16(const uint8_t *p, size_t len)
{
	size_t even = 0, odd = 0, pairs = len / 2;

	for (size_t i = 0; i < pairs; i++) {
		even += p[2 * i] == 0;
		odd += p[2 * i + 1] == 0;
	}
	if (pairs >= 4 && odd * 10 >= pairs * 7 && even * 20 < pairs)
		return TEXT_UTF16LE;
	if (pairs >= 4 && even * 10 >= pairs * 7 && odd * 20 < pairs)
		return TEXT_UTF16BE;
	return TEXT_BYTES;
}

/*
 * Text has next to no control characters; one byte in twenty is beyond any damage. Of compressed
 * or random bytes one in eleven is one.
 */
static bool is_binary(const uint8_t *p, size_t len)
{
	size_t odd = 0;

	for (size_t i = 0; i < len; i++)
		odd += p[i] < 0x20 && !memchr("\t\n\r\f\v\b\a\033", p[i], 8);
	return odd * 20 > len + 40; /* two in a short line are damage */
}

static int decide(struct text_decoder *d, size_t *ret_skip, struct err *e)
{
	const uint8_t *p = (const uint8_t *)buf_str(&d->head);
	size_t len = d->head.len;

	*ret_skip = 0;
	if (len >= 2 && p[0] == 0xff && p[1] == 0xfe) {
		d->encoding = TEXT_UTF16LE;
		*ret_skip = 2;
	} else if (len >= 2 && p[0] == 0xfe && p[1] == 0xff) {
		d->encoding = TEXT_UTF16BE;
		*ret_skip = 2;
	} else {
		d->encoding = guess_utf16(p, len);
		if (len >= 3 && !memcmp(p, "\xef\xbb\xbf", 3))
			*ret_skip = 3;
	}
	if (d->encoding == TEXT_BYTES && is_binary(p, len))
		return err_set(e, ERR_FORMAT, "binary data, not a log");
	return 0;
}

/* ---- UTF-16 ---- */

static void add_utf8(struct buf *out, uint32_t c)
{
	char b[4];
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (n == 1) {
		buf_add_char(out, (char)c);
		return;
	}
	for (size_t i = n; i-- > 1; c >>= 6)
		b[i] = (char)(0x80 | (c & 0x3f));
	b[0] = (char)(c | (n == 2 ? 0xc0 : n == 3 ? 0xe0 : 0xf0));
	buf_add(out, b, n);
}

static void add_unit(struct text_decoder *d, uint32_t unit, struct buf *out)
{
	if (d->high) {
		uint32_t high = d->high;

		d->high = 0;
		if (unit >= 0xdc00 && unit < 0xe000) {
			add_utf8(out, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
			return;
		}
		add_utf8(out, 0xfffd);
	}
	if (unit >= 0xd800 && unit < 0xdc00)
		d->high = unit;
	else
		add_utf8(out, unit >= 0xdc00 && unit < 0xe000 ? 0xfffd : unit);
}

static void add_utf16(struct text_decoder *d, const uint8_t *p, size_t len, struct buf *out)
{
	for (size_t i = 0; i < len; i++) {
		if (!d->has_odd) {
			d->odd = p[i];
			d->has_odd = true;
			continue;
		}
		d->has_odd = false;
		add_unit(d,
			 d->encoding == TEXT_UTF16LE ? d->odd | (uint32_t)p[i] << 8
						     : (uint32_t)d->odd << 8 | p[i],
			 out);
	}
}

/* ---- what comes in ---- */

static void add_decoded(struct text_decoder *d, const uint8_t *p, size_t len, struct buf *out)
{
	if (d->encoding == TEXT_BYTES)
		buf_add(out, p, len);
	else
		add_utf16(d, p, len, out);
}

static int begin(struct text_decoder *d, struct buf *out, struct err *e)
{
	size_t skip;
	int rc = decide(d, &skip, e);

	if (rc)
		return rc;
	add_decoded(d, (const uint8_t *)buf_str(&d->head) + skip, d->head.len - skip, out);
	buf_done(&d->head);
	return 0;
}

int text_decode(struct text_decoder *d, const uint8_t *bytes, size_t len, struct buf *out,
		struct err *e)
{
	size_t take = 0;
	int rc;

	if (d->encoding == TEXT_UNDECIDED) {
		take = HEAD_BYTES - d->head.len < len ? HEAD_BYTES - d->head.len : len;
		buf_add(&d->head, bytes, take);
		if (d->head.len < HEAD_BYTES)
			return 0;
		rc = begin(d, out, e);
		if (rc)
			return rc;
	}
	add_decoded(d, bytes + take, len - take, out);
	return 0;
}

int text_decode_end(struct text_decoder *d, struct buf *out, struct err *e)
{
	return d->encoding == TEXT_UNDECIDED ? begin(d, out, e) : 0;
}

/* ---- what terminals and web pages leave in ---- */

/* The length of the escape sequence at p (ECMA-48), which ends before a newline at the latest. */
static size_t escape_len(const char *p, size_t left)
{
	size_t i = 2;

	if (left < 2 || p[1] == '\n')
		return 1;
	if (p[1] == '[') { /* CSI: parameters, then one final byte */
		while (i < left && (unsigned char)p[i] >= 0x20 && (unsigned char)p[i] < 0x40)
			i++;
		return i < left && p[i] != '\n' ? i + 1 : i;
	}
	if (p[1] == ']' || p[1] == 'P' || p[1] == '_' ||
	    p[1] == '^') { /* OSC and like: to BEL or ST */
		while (i < left && p[i] != '\a' && p[i] != '\033' && p[i] != '\n')
			i++;
		if (i < left && p[i] == '\a')
			return i + 1;
		return i + 1 < left && p[i] == '\033' && p[i + 1] == '\\' ? i + 2 : i;
	}
	/* Others: intermediate bytes ("ESC ( B" chooses a character set), then one final byte. */
	for (i = 1; i < left && p[i] >= 0x20 && p[i] < 0x30;)
		i++;
	return i < left && p[i] != '\n' ? i + 1 : i;
}

/* The next no-break space (U+00A0) from `at` on, or `end`. */
static const char *next_hard_space(const char *at, const char *end)
{
	while ((at = memchr(at, 0xc2, (size_t)(end - at))) != NULL) {
		if (at + 1 < end && at[1] == '\xa0')
			return at;
		at++;
	}
	return end;
}

static const char *next_escape(const char *at, const char *end)
{
	const char *found = memchr(at, '\033', (size_t)(end - at));

	return found ? found : end;
}

size_t text_clean(char *text, size_t len)
{
	const char *from = text, *end = text + len;
	const char *escape = next_escape(from, end), *space = next_hard_space(from, end);
	char *to = text;

	for (;;) {
		const char *stop = escape < space ? escape : space;

		if (to != from)
			memmove(to, from, (size_t)(stop - from));
		to += stop - from;
		from = stop;
		if (from == end)
			return (size_t)(to - text);
		if (from == escape) {
			from += escape_len(from, (size_t)(end - from));
			escape = next_escape(from, end);
		} else {
			*to++ = ' ';
			from += 2;
		}
		if (space < from || space == stop)
			space = next_hard_space(from, end);
	}
}

/* ---- counting, many bytes at a time: most lines of a log are only counted ---- */

#define STEP 16

typedef uint8_t vec __attribute__((vector_size(STEP)));

static inline vec is_newline(const char *text)
{
	vec bytes;

	memcpy(&bytes, text, STEP);
	return (vec)(bytes == '\n'); /* 0xff where it is one */
}

static uint64_t sum(vec v)
{
	uint64_t n = 0;

	for (int i = 0; i < STEP; i++)
		n += v[i];
	return n;
}

/* "\r\n" behind a newline is a blank line, too. */
static uint64_t count_blank_crlf(const char *text, size_t len)
{
	const char *at = text, *end = text + len;
	uint64_t n = 0;

	while ((at = memchr(at, '\r', (size_t)(end - at))) != NULL) {
		n += (at == text || at[-1] == '\n') && at + 1 < end && at[1] == '\n';
		at++;
	}
	return n;
}

uint64_t text_count_lines(const char *text, size_t len, uint64_t *blank)
{
	uint64_t lines = 0, blanks = 0;
	size_t i = 0;

	if (len) { /* a block begins with a line, so a newline there ends a blank one */
		lines = blanks = text[0] == '\n';
		i = 1;
	}
	while (i + STEP <= len) {
		vec line_sums = { 0 }, blank_sums = { 0 }; /* each byte counts up to 255 */

		for (int k = 0; k < 255 && i + STEP <= len; k++, i += STEP) {
			vec here = is_newline(text + i);

			line_sums -= here;
			blank_sums -= here & is_newline(text + i - 1);
		}
		lines += sum(line_sums);
		blanks += sum(blank_sums);
	}
	for (; i < len; i++) {
		lines += text[i] == '\n';
		blanks += text[i] == '\n' && text[i - 1] == '\n';
	}
	if (blank)
		*blank += blanks + count_blank_crlf(text, len);
	return lines;
}
