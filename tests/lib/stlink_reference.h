/* The rows of tests/reference/stlink.txt: what the public sources say of the ST-LINK. */
#ifndef SWDOCTOR_TESTS_STLINK_REFERENCE_H
#define SWDOCTOR_TESTS_STLINK_REFERENCE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REFERENCE "tests/reference/stlink.txt"
#define WORDS_MAX 24

struct words {
	char line[300];
	const char *at[WORDS_MAX];
	size_t n;
};

/* Calls fn for every line that begins with `what`; returns how many there were. */
static inline size_t each(const char *what, void (*fn)(const struct words *w))
{
	FILE *f = fopen(REFERENCE, "r");
	struct words w;
	size_t n = 0;

	if (!f)
		fail_msg("%s: cannot be opened (tests run at the top of the sources)", REFERENCE);
	while (fgets(w.line, sizeof(w.line), f)) {
		char *rest = w.line;

		w.n = 0;
		while (w.n < WORDS_MAX && *(rest += strspn(rest, " \n"))) {
			w.at[w.n++] = rest;
			rest += strcspn(rest, " \n");
			if (*rest)
				*rest++ = '\0';
		}
		if (w.n < 2 || strcmp(w.at[0], what) != 0)
			continue;
		fn(&w);
		n++;
	}
	fclose(f);
	return n;
}

static inline unsigned long number(const char *text)
{
	return strtoul(text, NULL, 0);
}

static inline size_t from_hex(const char *text, uint8_t *out)
{
	size_t n = 0;

	for (; *text; text++) {
		unsigned digit;

		if (!isxdigit((unsigned char)*text))
			continue;
		digit = (unsigned)(isdigit((unsigned char)*text) ? *text - '0'
								 : tolower(*text) - 'a' + 10);
		out[n / 2] = (uint8_t)(n % 2 ? out[n / 2] << 4 | digit : digit);
		n++;
	}
	return n / 2;
}

static inline uint8_t since(const char *word)
{
	return word[0] == '-' ? STLINK_GATE_NEVER : (uint8_t)number(word);
}

#endif
