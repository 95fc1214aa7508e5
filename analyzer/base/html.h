/*
 * Text into HTML, XML and SVG: safe in element content and in quoted attributes. Text of logs and
 * chips is hostile and reaches a page only through here.
 */
#ifndef SWDOCTOR_HTML_H
#define SWDOCTOR_HTML_H

#include "probe/base/buf.h"

/*
 * Escapes markup; control characters (which XML forbids), characters that turn text around and
 * bytes that are no UTF-8 are shown as escapes (\x1b, \u202e). Newlines and tabs stay.
 */
void html_add(struct buf *out, const char *text);

#endif
