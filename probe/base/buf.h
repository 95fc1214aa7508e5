/*
 * Growing bytes and text. The bytes are always followed by a NUL that `len` does not count, so
 * `b.at` can be printed once something was added. Out of memory ends the program (the amounts
 * are bounded by the callers), so adding never fails.
 */
#ifndef SWDOCTOR_BASE_BUF_H
#define SWDOCTOR_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
	char *at; /* NULL until something is added */
	size_t len;
	size_t size;
};

void buf_init(struct buf *b);
void buf_done(struct buf *b);		      /* frees; b can be used again as after buf_init */
void buf_clear(struct buf *b);		      /* empties, keeps the memory */
void buf_reserve(struct buf *b, size_t more); /* room for `more` bytes and the NUL */
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_add_str(struct buf *b, const char *text);
void buf_add_char(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vaddf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
/* The text, never NULL ("" while empty); valid until the next change. */
const char *buf_str(const struct buf *b);
/* Hand the memory (never NULL, to be freed) to the caller; b is as after buf_init. */
char *buf_detach(struct buf *b);

#endif
