/* A piece of a log line becomes the value of a field: see match_field.h. */
#include "analyzer/log/match_field.h"

#include <string.h>

struct scan {
	const char *at, *end;
};

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

static bool skip(struct scan *s, const char *one_of)
{
	if (s->at == s->end || !*s->at || !strchr(one_of, *s->at))
		return false;
	s->at++;
	return true;
}

static bool skip_0x(struct scan *s)
{
	if (s->end - s->at < 3 || s->at[0] != '0' || (s->at[1] | 0x20) != 'x')
		return false;
	s->at += 2;
	return true;
}

/* At least one digit; false on overflow too. */
static bool digits(struct scan *s, int base, uint64_t *ret)
{
	uint64_t value = 0;
	const char *from = s->at;

	for (; s->at < s->end; s->at++) {
		int digit = digit_of(*s->at);

		if (*s->at == '_' && s->at > from)
			continue;
		if (digit >= base)
			break;
		if (__builtin_mul_overflow(value, (uint64_t)base, &value) ||
		    __builtin_add_overflow(value, (uint64_t)digit, &value))
			return false;
	}
	*ret = value;
	return s->at > from;
}

/* Hexadecimal fills all 64 bits (an address), so it may come out negative. */
static bool read_hex(struct scan *s, int64_t *ret)
{
	uint64_t value;

	skip_0x(s);
	if (!digits(s, 16, &value))
		return false;
	*ret = (int64_t)value;
	return true;
}

/* A decimal number with an optional fraction, times `scale`, rounded half up. */
static bool read_decimal(struct scan *s, uint64_t scale, int64_t *ret)
{
	bool negative = skip(s, "-");
	uint64_t whole, part, value;

	if (!negative)
		skip(s, "+");
	if (!digits(s, 10, &whole) || __builtin_mul_overflow(whole, scale, &value))
		return false;
	if (skip(s, ".,")) {
		uint64_t unit = 1, fraction = 0;

		for (; s->at < s->end && digit_of(*s->at) < 10; s->at++) {
			if (unit >= 1000000000)
				continue; /* finer than anything here */
			fraction = fraction * 10 + (uint64_t)digit_of(*s->at);
			unit *= 10;
		}
		part = (fraction * scale + unit / 2) / unit;
		if (__builtin_add_overflow(value, part, &value))
			return false;
	}
	if (value > INT64_MAX)
		return false;
	*ret = negative ? -(int64_t)value : (int64_t)value;
	return true;
}

/* An integer as a person or C writes it. */
static bool read_auto(struct scan *s, int64_t *ret)
{
	struct scan ahead = *s;

	if (skip_0x(&ahead))
		return read_hex(s, ret);
	return read_decimal(s, 1, ret);
}

static bool read_unit(struct scan *s, enum pattern_unit unit, int64_t *ret)
{
	switch (unit) {
	case UNIT_VOLT:
	case UNIT_MHZ:
		return read_decimal(s, 1000, ret);
	case UNIT_KIB:
		return read_decimal(s, 1024, ret);
	case UNIT_MIB:
		return read_decimal(s, 1024 * 1024, ret);
	case UNIT_HEX:
		return read_hex(s, ret);
	case UNIT_MV:
	case UNIT_KHZ:
	case UNIT_DEC:
		return read_decimal(s, 1, ret);
	case UNIT_DEFAULT:
	case UNIT_AUTO:
	case UNIT_WORD:
		break;
	}
	return read_auto(s, ret);
}

bool field_number(const char *text, size_t len, enum pattern_unit unit, enum event_type type,
		  int64_t *ret)
{
	struct scan s = { .at = text, .end = text + len };
	int64_t value;

	while (skip(&s, " \t"))
		;
	if (unit == UNIT_DEFAULT && type == EVENT_HEX)
		unit = UNIT_HEX;
	if (!read_unit(&s, unit, &value))
		return false;
	while (skip(&s, " \t"))
		;
	if (s.at != s.end)
		return false;
	*ret = value;
	return true;
}

/* ---- text ---- */

/* The length of the UTF-8 character that begins here; 0 if none does. */
static size_t utf8_len(const unsigned char *p, size_t len)
{
	size_t want = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	if (!want || want > len || p[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < want; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) || /* surrogates */
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return want;
}

static bool is_control(const unsigned char *p)
{
	return *p < 0x20 || *p == 0x7f || (*p == 0xc2 && p[1] < 0xa0); /* with the C1 controls */
}

size_t field_text(const char *bytes, size_t len, char *to, size_t room)
{
	const unsigned char *p = (const unsigned char *)bytes;
	size_t n = 0, took;

	for (; len; p += took, len -= took) {
		size_t char_len = utf8_len(p, len);
		const char *from = char_len ? (const char *)p : "\xef\xbf\xbd";
		size_t add = char_len ? char_len : 3;

		took = char_len ? char_len : 1;
		if (*p == '\t' || *p == ' ') {
			if (n && n < room) /* none at the beginning */
				to[n++] = ' ';
			continue;
		}
		if (char_len && is_control(p))
			continue;
		if (n + add > room)
			break;
		memcpy(to + n, from, add);
		n += add;
	}
	while (n && to[n - 1] == ' ')
		n--;
	return n;
}
