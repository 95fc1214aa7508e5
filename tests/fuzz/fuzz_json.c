/*
 * JSON lines from a stranger: what is unwrapped is one line, no longer than what it was wrapped in;
 * what is not leaves nothing behind.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log/source_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void unwrap(const char *line, size_t len)
{
	char *exact = malloc(len + !len); /* a sanitizer sees a step too far */
	struct buf out = { 0 };

	if (!exact)
		abort();
	memcpy(exact, line, len);
	buf_add_str(&out, "before ");
	if (!json_unwrap(exact, len, &out) && out.len != 7)
		abort();
	if (out.len > 7 + len || memcmp(out.at, "before ", 7) != 0 || memchr(out.at, '\n', out.len))
		abort();
	buf_done(&out);
	free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const char *at = (const char *)bytes, *nl;

	for (; (nl = n ? memchr(at, '\n', n) : NULL); at = nl + 1) {
		unwrap(at, (size_t)(nl - at));
		n -= (size_t)(nl - at) + 1;
	}
	if (n)
		unwrap(at, n);
	return 0;
}
