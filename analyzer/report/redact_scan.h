/*
 * What the parts of the redaction share: the text being looked at, the secrets that are known, and
 * how something is taken out of it. A redact_take_... function that finds its kind of secret at
 * s->at puts a token in its place, moves s->at behind it and returns true; else it changes nothing
 * (but may have learned a name).
 */
#ifndef SWDOCTOR_REDACT_SCAN_H
#define SWDOCTOR_REDACT_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "analyzer/report/redact.h"

enum redact_kind {
#define KIND(id, word) KIND_##id,
#include "analyzer/report/redact.def"
	KINDS
};

struct redact_secret {
	enum redact_kind kind;
	unsigned number;
	char *text;
	size_t len;
};

struct redact {
	struct redact_secret *secrets;
	size_t n;
	unsigned numbers[KINDS];
};

/* Text being looked at. */
struct redact_scan {
	struct redact *r;
	const char *at, *end;
	const char *begin;
	struct buf *out; /* NULL: learning only */
};

#define REDACT_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A word from now on; names that are too short or everybody's are not learned. */
void redact_learn_name(struct redact *r, enum redact_kind kind, const char *text, size_t len);

bool redact_is_word(char c);
bool redact_is_slash(char c);
/* Does the text at `at` begin with this, in any case, with either slash? */
bool redact_begins(const struct redact_scan *s, const char *at, const char *prefix);

/* Text that may be shown, and a token in place of text that may not. */
void redact_put(struct redact_scan *s, const char *from, const char *to);
void redact_put_token(struct redact_scan *s, enum redact_kind kind, const char *text, size_t len);

bool redact_take_home(struct redact_scan *s); /* "/home/alice" */
bool redact_take_path(struct redact_scan *s); /* folders; the file's name stays */
bool redact_take_hex(struct redact_scan *s);
bool redact_take_uid_word(struct redact_scan *s); /* "0x1fff7a10 = 0x00390038" */
bool redact_take_label(struct redact_scan *s);	  /* "serial: ..." */
bool redact_take_at(struct redact_scan *s);	  /* alice@bench, with the folder of a prompt */
bool redact_take_ipv4(struct redact_scan *s);

#endif
