/* Three bytes become four characters: see base64.h. */
#include "probe/base/base64.h"

#include <stdint.h>

void base64_add(struct buf *out, const void *bytes, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint8_t *p = bytes;

	if (len)
		buf_reserve(out, (len + 2) / 3 * 4);
	for (; len > 0; p += 3, len -= len < 3 ? len : 3) {
		uint32_t v = (uint32_t)p[0] << 16 | (len > 1 ? (uint32_t)p[1] << 8 : 0) |
			     (len > 2 ? p[2] : 0);
		char four[4];

		for (int i = 0; i < 4; i++)
			four[i] = digits[v >> (18 - 6 * i) & 63];
		if (len < 3)
			four[3] = '=';
		if (len < 2)
			four[2] = '=';
		buf_add(out, four, sizeof(four));
	}
}
