/*
 * Writes JSON into a buf, compact, on one line. The caller opens and closes objects and arrays in
 * the right order (assert watches); commas are put by themselves. Text is taken as UTF-8: control
 * and bidirectional characters are escaped, bytes that are no UTF-8 become U+FFFD: what comes out
 *is valid, and harmless on a terminal.
 *
 *	struct json j;
 *	json_begin(&j, &out);
 *	json_open_object(&j, NULL);
 *	json_put_str(&j, "verdict", "problem");
 *	json_close_object(&j);
 *
 * (The names keep clear of those of libjansson, which reads JSON.)
 *
 * `key` is NULL inside an array and for the outermost value.
 */
#ifndef SWDOCTOR_BASE_JSON_H
#define SWDOCTOR_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/base/buf.h"

#define JSON_DEPTH_MAX 16

struct json {
	struct buf *out;
	unsigned depth;
	bool in_array[JSON_DEPTH_MAX];
	bool has_item[JSON_DEPTH_MAX];
};

void json_begin(struct json *j, struct buf *out);
void json_open_object(struct json *j, const char *key);
void json_close_object(struct json *j);
void json_open_array(struct json *j, const char *key);
void json_close_array(struct json *j);
void json_put_str(struct json *j, const char *key, const char *text); /* NULL text: null */
void json_put_str_n(struct json *j, const char *key, const char *text, size_t len);
/* Numbers beyond 2^53 become strings, as many readers keep numbers as doubles. */
void json_put_int(struct json *j, const char *key, int64_t value);
void json_put_real(struct json *j, const char *key, double value, int decimals);
void json_put_bool(struct json *j, const char *key, bool value);
void json_put_null(struct json *j, const char *key);
/* "0x08000000": addresses and ids are strings. */
void json_put_hex(struct json *j, const char *key, uint64_t value, int digits);

#endif
