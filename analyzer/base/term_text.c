/* Putting hostile text on a terminal safely, cut or wrapped to its width: see term.h. */
#include "analyzer/base/term.h"

#include <stdint.h>
#include <string.h>
#include <wchar.h>

struct range {
	uint32_t from, to;
};

/* Characters that change how others are shown, or that are not seen at all (Unicode: Cf, Zl, Zp,
 * Default_Ignorable_Code_Point, variation selectors). */
static const struct range hidden[] = {
	{ 0x00ad, 0x00ad },   { 0x034f, 0x034f },    { 0x0600, 0x0605 }, { 0x061c, 0x061c },
	{ 0x06dd, 0x06dd },   { 0x070f, 0x070f },    { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 },
	{ 0x180b, 0x180f },   { 0x200b, 0x200f },    { 0x2028, 0x202e }, { 0x2060, 0x206f },
	{ 0x3164, 0x3164 },   { 0xd800, 0xf8ff },    { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 },   { 0xfff0, 0xfffb },    { 0xfffe, 0xffff }, { 0x1bca0, 0x1bca3 },
	{ 0x1d173, 0x1d17a }, { 0xe0000, 0x10ffff },
};

/* How characters of our own texts and of tools' messages are written in ASCII. */
static const struct {
	uint32_t code;
	const char *ascii;
} plain[] = {
	{ 0x00a0, " " },  { 0x00b0, " deg" }, { 0x00b1, "+/-" }, { 0x00b5, "u" },
	{ 0x00b7, "*" },  { 0x00d7, "x" },    { 0x03a9, "Ohm" }, { 0x03bc, "u" },
	{ 0x2010, "-" },  { 0x2011, "-" },    { 0x2012, "-" },	 { 0x2013, "-" },
	{ 0x2014, "-" },  { 0x2018, "'" },    { 0x2019, "'" },	 { 0x201c, "\"" },
	{ 0x201d, "\"" }, { 0x2022, "*" },    { 0x2026, "..." }, { 0x2126, "Ohm" },
	{ 0x2190, "<-" }, { 0x2192, "->" },   { 0x2212, "-" },	 { 0x2248, "~" },
	{ 0x2264, "<=" }, { 0x2265, ">=" },   { 0x2713, "v" },	 { 0x2717, "x" },
	{ 0x2502, "|" },
};

size_t term_decode(const char *text, uint32_t *ret)
{
	const unsigned char *p = (const unsigned char *)text;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = p[0] < 0x80	 ? 1
		   : p[0] < 0xc2 ? 0
		   : p[0] < 0xe0 ? 2
		   : p[0] < 0xf0 ? 3
		   : p[0] < 0xf5 ? 4
				 : 0;
	uint32_t c = n == 1 ? p[0] : p[0] & (0x7fu >> n);
	size_t i;

	*ret = TERM_BAD_BYTE;
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80) /* the closing NUL is none either */
			return 1;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (n == 0 || c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 1;
	*ret = c;
	return n;
}

bool term_is_hidden(uint32_t c)
{
	size_t i;

	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (c >= hidden[i].from && c <= hidden[i].to)
			return true;
	return false;
}

static const char *ascii_of(uint32_t c)
{
	size_t i;

	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (plain[i].code == c)
			return plain[i].ascii;
	return "?";
}

/* Adds the next character of p, made safe; returns its bytes and tells the columns it takes. */
static size_t add_char(const struct term *t, struct buf *out, const char *p, size_t *ret_columns)
{
	uint32_t c;
	size_t n = term_decode(p, &c);
	size_t before = out->len;

	if (c == '\n' || c == '\t' || c == '\r')
		c = ' ';
	if (c >= 0x20 && c < 0x7f) {
		buf_add_char(out, (char)c);
	} else if (c < 0xa0) {
		buf_addf(out, "\\x%02x", (unsigned)c);
	} else if (term_is_hidden(c) || (t->utf8 && wcwidth((wchar_t)c) < 0)) {
		buf_addf(out, c > 0xffff ? "\\U%06x" : "\\u%04x", (unsigned)c);
	} else if (!t->utf8) {
		buf_add_str(out, ascii_of(c));
	} else {
		if (c == TERM_BAD_BYTE)
			buf_add_str(out, "\xef\xbf\xbd");
		else
			buf_add(out, p, n);
		*ret_columns = (size_t)wcwidth((wchar_t)c);
		return n;
	}
	*ret_columns = out->len - before;
	return n;
}

void term_add(const struct term *t, struct buf *out, const char *text)
{
	size_t columns;

	while (*text)
		text += add_char(t, out, text, &columns);
}

size_t term_columns_of(const struct term *t, const char *text)
{
	struct buf scratch;
	size_t columns, sum = 0;

	buf_init(&scratch);
	while (*text) {
		text += add_char(t, &scratch, text, &columns);
		sum += columns;
	}
	buf_done(&scratch);
	return sum;
}

void term_add_cut(const struct term *t, struct buf *out, const char *text, size_t columns)
{
	const char *mark = t->utf8 ? "\xe2\x80\xa6" : "...";
	size_t room = columns, mark_columns = t->utf8 ? 1 : 3, one, before;

	if (term_columns_of(t, text) <= columns) {
		term_add(t, out, text);
		return;
	}
	room = columns > mark_columns ? columns - mark_columns : 0;
	while (*text) {
		before = out->len;
		text += add_char(t, out, text, &one);
		if (one > room) {
			out->len = before;
			out->at[before] = '\0';
			break;
		}
		room -= one;
	}
	buf_add_str(out, mark);
}

size_t term_add_wrapped(const struct term *t, struct buf *out, const char *text, size_t at,
			size_t indent)
{
	struct buf word;
	size_t columns, one;
	bool first = true;

	buf_init(&word);
	for (;;) {
		text += strspn(text, " \t\r\n");
		if (!*text)
			break;
		buf_clear(&word);
		columns = 0;
		while (*text && !strchr(" \t\r\n", *text)) {
			text += add_char(t, &word, text, &one);
			columns += one;
		}
		if (!first && at + 1 + columns > t->columns) {
			buf_addf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!first) {
			buf_add_char(out, ' ');
			at++;
		}
		buf_add(out, word.at, word.len);
		at += columns;
		first = false;
	}
	buf_done(&word);
	return at;
}
