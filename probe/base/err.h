/*
 * One error, told once, with its path. A function that can fail returns 0 or a negative
 * enum err_code and fills the caller's struct err; nothing is allocated. Who detects an error
 * sets it, who knows more prefixes it, and only a command prints it. The number underneath
 * (an errno, a libusb code, a status word, a flash status register) survives in `native`.
 *
 * `e` may be NULL everywhere: then only the code is returned.
 */
#ifndef SWDOCTOR_BASE_ERR_H
#define SWDOCTOR_BASE_ERR_H

enum err_code {
	ERR_NONE = 0,
#define ERR_CODE(id, value, text) ERR_##id = -(value),
#include "probe/base/err.def"
#undef ERR_CODE
};

struct err {
	enum err_code code;
	int native;
	char text[400];
};

/* Fill e and return code. */
int err_set(struct err *e, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The same, with the number underneath kept. */
int err_set_native(struct err *e, enum err_code code, int native, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Put "what: " before the text of e and return code, so that callers can say `return
 * err_prefix(...)`. */
int err_prefix(struct err *e, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* A short English name of a code: "not found". Never NULL. */
const char *err_code_text(int code);

#endif
