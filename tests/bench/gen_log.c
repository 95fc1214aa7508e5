/*
 * Writes a log of a given size to stdout: lines of build output and console chatter made from
 *templates, mixed with lines drawn from given files. The same arguments always give the same bytes.
 *
 *	gen_log MIB PERCENT SEED FILE...	PERCENT of the lines come from the files
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const templates[] = {
#define LINE(text) text,
#include "tests/bench/templates.def"
#undef LINE
};

static const char *const syllables[] = {
	"al", "an", "ar", "be", "bo", "ca", "ce", "ci", "co", "da", "de",  "di",  "do",	 "el",
	"en", "er", "fa", "fe", "fi", "fo", "ga", "ge", "go", "ha", "he",  "ho",  "in",	 "is",
	"ka", "ke", "la", "le", "li", "lo", "ma", "me", "mi", "mo", "na",  "ne",  "no",	 "on",
	"or", "pa", "pe", "pi", "po", "ra", "re", "ri", "ro", "sa", "se",  "si",  "so",	 "ta",
	"te", "ti", "to", "un", "va", "ve", "vi", "wa", "we", "xi", "con", "ing", "ter", "tion",
};

static const char *const words[] = {
	"buffer",  "config", "sensor", "driver", "task",    "timer",  "the",	 "packet",
	"network", "value",  "stream", "module", "library", "thread", "process", "message",
	"input",   "output", "device", "client", "server",  "socket", "channel", "frame",
	"display", "button", "motor",  "update", "release", "branch", "commit",	 "source",
	"header",  "symbol", "table",  "index",	 "cache",   "queue",  "event",	 "state",
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct lines { /* of the given files */
	char **at;
	size_t n, room;
};

static uint64_t state;

static uint32_t draw(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)((state >> 32) * below >> 32);
}

static char *put_str(char *to, const char *text)
{
	size_t len = strlen(text);

	memcpy(to, text, len);
	return to + len;
}

static char *put_identifier(char *to, char between)
{
	for (unsigned parts = 1 + draw(3); parts; parts--) {
		for (unsigned n = 1 + draw(3); n; n--)
			to = put_str(to, syllables[draw(COUNT(syllables))]);
		if (parts > 1)
			*to++ = between;
	}
	return to;
}

static char *put_word(char *to)
{
	if (draw(3))
		return put_str(to, words[draw(COUNT(words))]);
	for (unsigned n = 1 + draw(4); n; n--)
		to = put_str(to, syllables[draw(COUNT(syllables))]);
	return to;
}

static char *put_field(char *to, char what)
{
	switch (what) {
	case 'w':
		return put_word(to);
	case 'i':
		return put_identifier(to, '_');
	case 'p':
		return put_identifier(to, '/');
	case 'n':
		return to + sprintf(to, "%u", draw(1u << (4 + draw(16))));
	case 'x':
		return to + sprintf(to, "%08x", draw(UINT32_MAX));
	case 'h':
		return to + sprintf(to, "%02x", draw(256));
	case 'f':
		return to + sprintf(to, "%u.%02u", draw(100), draw(100));
	case 'v':
		return to + sprintf(to, "%u.%u.%u", draw(9), draw(30), draw(12));
	case 't':
		return to + sprintf(to, "%02u:%02u:%02u", draw(24), draw(60), draw(60));
	case 'e':
		*to++ = '\x1b';
		return to;
	default:
		*to++ = what;
		return to;
	}
}

static char *put_template(char *to, const char *t)
{
	for (; *t; t++) {
		if (*t == '%')
			to = put_field(to, *++t);
		else
			*to++ = *t;
	}
	return to;
}

static void read_lines(struct lines *l, const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	if (!f) {
		perror(path);
		exit(2);
	}
	while ((len = getline(&line, &size, f)) > 0) {
		if (len < 2)
			continue;
		if (l->n == l->room) {
			l->room = l->room ? 2 * l->room : 1024;
			l->at = realloc(l->at, l->room * sizeof(*l->at));
		}
		line[len - (line[len - 1] == '\n')] = '\0';
		l->at[l->n++] = strdup(line);
	}
	free(line);
	fclose(f);
}

int main(int argc, char **argv)
{
	static char line[65536];
	struct lines drawn = { 0 };
	uint64_t bytes = 0, want;
	uint32_t percent;

	if (argc < 4) {
		fputs("usage: gen_log MIB PERCENT SEED FILE...\n", stderr);
		return 2;
	}
	want = strtoull(argv[1], NULL, 10) << 20;
	percent = (uint32_t)strtoul(argv[2], NULL, 10);
	state = strtoull(argv[3], NULL, 10) * 0x9e3779b97f4a7c15u + 1;
	for (int i = 4; i < argc; i++)
		read_lines(&drawn, argv[i]);
	while (bytes < want) {
		char *to = draw(100) < percent && drawn.n
				   ? put_str(line, drawn.at[draw((uint32_t)drawn.n)])
				   : put_template(line, templates[draw(COUNT(templates))]);

		*to++ = '\n';
		bytes += fwrite(line, 1, (size_t)(to - line), stdout);
	}
	return fflush(stdout) ? 1 : 0;
}
