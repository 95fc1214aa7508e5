/* Escaping for pages: see html.h. */
#include "analyzer/base/html.h"

#include <string.h>

#include "analyzer/base/term.h"

static const char *entity(uint32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static bool is_control(uint32_t c)
{
	return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0);
}

void html_add(struct buf *out, const char *text)
{
	while (*text) {
		uint32_t c;
		size_t n = term_decode(text, &c);

		if (c < 0x80 && entity(c))
			buf_add_str(out, entity(c));
		else if (is_control(c))
			buf_addf(out, "\\x%02x", (unsigned)c);
		else if (c == TERM_BAD_BYTE)
			buf_add_str(out, "\xef\xbf\xbd");
		else if (term_is_hidden(c))
			buf_addf(out, c > 0xffff ? "\\U%06x" : "\\u%04x", (unsigned)c);
		else
			buf_add(out, text, n);
		text += n;
	}
}
