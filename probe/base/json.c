/* Writes JSON: see json.h. */
#include "probe/base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define EXACT_MAX ((int64_t)1 << 53)

void json_begin(struct json *j, struct buf *out)
{
	*j = (struct json){ .out = out };
}

/* How many bytes the well-formed UTF-8 character at p has, 0 if it is malformed (RFC 3629). */
static size_t utf8_len(const unsigned char *p, size_t left)
{
	size_t n = p[0] < 0x80	 ? 1
		   : p[0] < 0xc2 ? 0
		   : p[0] < 0xe0 ? 2
		   : p[0] < 0xf0 ? 3
		   : p[0] < 0xf5 ? 4
				 : 0;
	size_t i;

	if (n == 0 || n > left)
		return 0;
	for (i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

static uint32_t code_of(const unsigned char *p, size_t n)
{
	uint32_t c = n == 1 ? p[0] : p[0] & (0x7fu >> n);
	size_t i;

	for (i = 1; i < n; i++)
		c = c << 6 | (p[i] & 0x3f);
	return c;
}

/* Control characters, and those that turn the direction of text: JSON may be looked at on a
 * terminal. */
static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void add_quoted(struct buf *out, const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t i = 0, n;

	buf_add_char(out, '"');
	while (i < len) {
		n = utf8_len(p + i, len - i);
		if (n == 0) {
			buf_add_str(out, "\\ufffd");
			i++;
			continue;
		}
		if (p[i] == '"' || p[i] == '\\') {
			buf_add_char(out, '\\');
			buf_add_char(out, (char)p[i]);
		} else if (is_control(code_of(p + i, n))) {
			buf_addf(out, "\\u%04x", (unsigned)code_of(p + i, n));
		} else {
			buf_add(out, p + i, n);
		}
		i += n;
	}
	buf_add_char(out, '"');
}

static void item(struct json *j, const char *key)
{
	if (j->depth == 0) {
		assert(!key);
		return;
	}
	if (j->has_item[j->depth - 1])
		buf_add_char(j->out, ',');
	j->has_item[j->depth - 1] = true;
	assert(j->in_array[j->depth - 1] == !key);
	if (key) {
		add_quoted(j->out, key, strlen(key));
		buf_add_char(j->out, ':');
	}
}

static void open_level(struct json *j, const char *key, bool array)
{
	item(j, key);
	assert(j->depth < JSON_DEPTH_MAX);
	j->in_array[j->depth] = array;
	j->has_item[j->depth] = false;
	j->depth++;
	buf_add_char(j->out, array ? '[' : '{');
}

static void close_level(struct json *j, bool array)
{
	assert(j->depth > 0 && j->in_array[j->depth - 1] == array);
	j->depth--;
	buf_add_char(j->out, array ? ']' : '}');
}

void json_open_object(struct json *j, const char *key)
{
	open_level(j, key, false);
}

void json_close_object(struct json *j)
{
	close_level(j, false);
}

void json_open_array(struct json *j, const char *key)
{
	open_level(j, key, true);
}

void json_close_array(struct json *j)
{
	close_level(j, true);
}

void json_put_str_n(struct json *j, const char *key, const char *text, size_t len)
{
	item(j, key);
	add_quoted(j->out, text, len);
}

void json_put_str(struct json *j, const char *key, const char *text)
{
	if (text)
		json_put_str_n(j, key, text, strlen(text));
	else
		json_put_null(j, key);
}

void json_put_int(struct json *j, const char *key, int64_t value)
{
	item(j, key);
	if (value > EXACT_MAX || value < -EXACT_MAX)
		buf_addf(j->out, "\"%" PRId64 "\"", value);
	else
		buf_addf(j->out, "%" PRId64, value);
}

void json_put_real(struct json *j, const char *key, double value, int decimals)
{
	item(j, key);
	buf_addf(j->out, "%.*f", decimals, value);
}

void json_put_bool(struct json *j, const char *key, bool value)
{
	item(j, key);
	buf_add_str(j->out, value ? "true" : "false");
}

void json_put_null(struct json *j, const char *key)
{
	item(j, key);
	buf_add_str(j->out, "null");
}

void json_put_hex(struct json *j, const char *key, uint64_t value, int digits)
{
	item(j, key);
	buf_addf(j->out, "\"0x%0*" PRIx64 "\"", digits, value);
}
