/* The text inside a log wrapper's JSON: see source_json.h. */
#include "analyzer/source_json.h"

#include <jansson.h>

/* Docker's json-file driver, journald's export, and what loggers of many languages write. */
static const char *const keys[] = { "log", "MESSAGE", "message", "msg", "text", "line", "error" };

static const char *find_text(const json_t *object, size_t *ret_len)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const json_t *value = json_object_get(object, keys[i]);

		if (json_is_string(value)) {
			*ret_len = json_string_length(value);
			return json_string_value(value);
		}
	}
	return NULL;
}

bool json_unwrap(const char *line, size_t len, struct buf *out)
{
	json_t *object;
	const char *text;
	size_t n = 0;
	bool has;

	if (!len || line[0] != '{')
		return false;
	object = json_loadb(line, len, JSON_ALLOW_NUL, NULL);
	text = object ? find_text(object, &n) : NULL;
	has = text;
	while (has && n && text[n - 1] == '\n')
		n--;
	for (size_t i = 0; has && i < n; i++)
		buf_add_char(out, text[i] == '\n' ? ' ' : text[i]);
	json_decref(object);
	return has;
}
