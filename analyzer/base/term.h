/*
 * Text for people: what the terminal can (colour, width, characters beyond ASCII) and putting text
 * on it safely. Text of logs and rules is hostile: it reaches a terminal only through term_add and
 * its relatives, which show control characters, bidirectional overrides and invisible
 * characters as escapes (\x1b, \u202e). Where the locale is not UTF-8, everything comes out as
 * ASCII.
 */
#ifndef SWDOCTOR_TERM_H
#define SWDOCTOR_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/buf.h"

enum term_style { TERM_PLAIN, TERM_BOLD, TERM_DIM, TERM_GOOD, TERM_BAD, TERM_WARN };

struct term {
	bool tty;
	bool colour;
	bool utf8;
	size_t columns; /* at least TERM_COLUMNS_MIN */
};

#define TERM_COLUMNS_MIN 40

/*
 * What fd can. `colour` is auto, always or never, as --color says (NULL: auto); auto looks at
 * NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE and TERM. The width comes from COLUMNS, else from the
 * terminal, else it is 80. setlocale(LC_CTYPE, "") must have been called.
 */
void term_init(struct term *t, int fd, const char *colour);

/* Begins a style; TERM_PLAIN ends it. Nothing where colour is off. */
void term_style(const struct term *t, struct buf *out, enum term_style style);

/* Adds text, made safe, on one line (newlines and tabs become spaces). */
void term_add(const struct term *t, struct buf *out, const char *text);
/* The same, cut to so many columns with a mark that it was cut. */
void term_add_cut(const struct term *t, struct buf *out, const char *text, size_t columns);
/*
 * The same, broken between words. `at` is the column that out has reached; further lines begin
 * with `indent` spaces. Ends without a newline;
 * returns the column reached.
 */
size_t term_add_wrapped(const struct term *t, struct buf *out, const char *text, size_t at,
			size_t indent);
/* How many columns text takes once made safe. */
size_t term_columns_of(const struct term *t, const char *text);

/* ---- characters, for other ways to make text safe ---- */

#define TERM_BAD_BYTE 0xfffd

/* The first character of text (RFC 3629) and its bytes; a byte that is no UTF-8 is TERM_BAD_BYTE.
 */
size_t term_decode(const char *text, uint32_t *ret);
/* It changes how others are shown, or is not seen at all. */
bool term_is_hidden(uint32_t c);

#endif
