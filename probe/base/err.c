/* Errors with code, native number and path: see err.h. */
#include "probe/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 4, 0))) static void put(struct err *e, enum err_code code, int native,
						      const char *fmt, va_list ap)
{
	if (!e)
		return;
	e->code = code;
	e->native = native;
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
}

int err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(e, code, 0, fmt, ap);
	va_end(ap);
	return code;
}

int err_set_native(struct err *e, enum err_code code, int native, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(e, code, native, fmt, ap);
	va_end(ap);
	return code;
}

int err_prefix(struct err *e, int code, const char *fmt, ...)
{
	char what[sizeof(e->text)];
	size_t used;
	va_list ap;

	if (!e)
		return code;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	used = strlen(what);
	if (used + 3 > sizeof(what))
		used = sizeof(what) - 3;
	snprintf(what + used, sizeof(what) - used, ": %.*s", (int)(sizeof(what) - used - 3),
		 e->text);
	memcpy(e->text, what, sizeof(e->text));
	return code;
}

const char *err_code_text(int code)
{
	switch (code) {
	case ERR_NONE:
		return "no error";
#define ERR_CODE(id, value, text)                                                                  \
	case ERR_##id:                                                                             \
		return text;
#include "probe/base/err.def"
#undef ERR_CODE
	default:
		return "error without a name";
	}
}
