/*
 * Bytes of any encoding become text that the patterns can read: UTF-16 (as PowerShell's `>` writes
 * it) becomes UTF-8, a byte order mark goes, and what is no text at all is refused. Terminal
 * escapes and no-break spaces are taken out of a block of whole lines.
 */
#ifndef SWDOCTOR_SOURCE_TEXT_H
#define SWDOCTOR_SOURCE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/buf.h"
#include "probe/base/err.h"

enum text_encoding { TEXT_UNDECIDED, TEXT_BYTES, TEXT_UTF16LE, TEXT_UTF16BE };

struct text_decoder {
	enum text_encoding encoding;
	struct buf head; /* the first bytes, until the encoding is decided */
	uint8_t odd;	 /* half a UTF-16 unit */
	bool has_odd;
	uint32_t high; /* first half of a surrogate pair, or 0 */
};

void text_decoder_init(struct text_decoder *d);
void text_decoder_done(struct text_decoder *d);
/* Adds what the bytes say to out, as UTF-8. ERR_FORMAT: this is no text. */
int text_decode(struct text_decoder *d, const uint8_t *bytes, size_t len, struct buf *out,
		struct err *e);
int text_decode_end(struct text_decoder *d, struct buf *out, struct err *e);

/* Escape sequences out, no-break spaces to spaces, in place; newlines stay. Returns the length. */
size_t text_clean(char *text, size_t len);

/* How many newlines there are; blank lines among them are added to *blank (may be NULL). */
uint64_t text_count_lines(const char *text, size_t len, uint64_t *blank);

#endif
