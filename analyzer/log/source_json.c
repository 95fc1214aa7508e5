/* The text inside a log wrapper's JSON: see source_json.h. */
#include "analyzer/log/source_json.h"

#include <jansson.h>

/* Docker's json-file driver, journald's export, and what loggers of many languages write. */
static const char *const keys[] = { "log", "MESSAGE", "message", "msg", "text", "line", "error" };

/* journald writes a text with control characters (colours) as an array of its bytes. */
static bool is_byte_array(const json_t *value)
{
	size_t n = json_array_size(value);

	for (size_t i = 0; i < n; i++) {
		const json_t *byte = json_array_get(value, i);

		if (!json_is_integer(byte) || json_integer_value(byte) < 0 ||
		    json_integer_value(byte) > 255)
			return false;
	}
	return n;
}

static const json_t *find_text(const json_t *object)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const json_t *value = json_object_get(object, keys[i]);

		if (json_is_string(value) || is_byte_array(value))
			return value;
	}
	return NULL;
}

static size_t text_len(const json_t *text)
{
	return json_is_string(text) ? json_string_length(text) : json_array_size(text);
}

static char text_at(const json_t *text, size_t i)
{
	return json_is_string(text) ? json_string_value(text)[i]
				    : (char)json_integer_value(json_array_get(text, i));
}

static void add_line(const json_t *text, struct buf *out)
{
	size_t n = text_len(text);

	while (n && text_at(text, n - 1) == '\n')
		n--;
	for (size_t i = 0; i < n; i++)
		buf_add_char(out, text_at(text, i) == '\n' ? ' ' : text_at(text, i));
}

bool json_unwrap(const char *line, size_t len, struct buf *out)
{
	json_t *object;
	const json_t *text;
	bool has;

	if (!len || line[0] != '{')
		return false;
	object = json_loadb(line, len, JSON_ALLOW_NUL, NULL);
	text = find_text(object);
	has = text != NULL;
	if (has)
		add_line(text, out);
	json_decref(object);
	return has;
}
