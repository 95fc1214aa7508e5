/* Serial numbers and unique ids in a text: by their shape, their label, or their address on the
 * chip. */
#include "analyzer/report/redact_scan.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SERIAL_MIN 8
#define HEX_SERIAL 24 /* an ST-LINK's serial number, a chip's 96 bits */
#define UID_BYTES  12

static const struct label {
	const char *text;
	enum redact_kind kind;
} labels[] = {
#define LABEL(text, kind) { text, KIND_##kind },
#include "analyzer/report/redact.def"
};

static const uint32_t uid_places[] = {
#define UID_AT(address) address,
#include "analyzer/report/redact.def"
};

static const char *hex_end(const struct redact_scan *s, const char *p)
{
	while (p < s->end && isxdigit((unsigned char)*p))
		p++;
	return p;
}

bool redact_take_hex(struct redact_scan *s)
{
	const char *end = hex_end(s, s->at);

	if (end - s->at != HEX_SERIAL || (end < s->end && redact_is_word(*end)))
		return false;
	redact_put_token(s, KIND_SERIAL, s->at, HEX_SERIAL);
	s->at = end;
	return true;
}

static bool is_gap(char c)
{
	return strchr(" \t:=\"'#.[(", c) != NULL;
}

/* Letters and digits, a digit among them; OpenOCD writes "\x48\xff...". */
static const char *id_end(const struct redact_scan *s, const char *p)
{
	bool digit = false;
	const char *from = p;

	for (; p < s->end && (redact_is_word(*p) || *p == '\\' || *p == '-' || *p == '?'); p++)
		digit |= isxdigit((unsigned char)*p) != 0;
	return digit && p - from >= SERIAL_MIN ? p : from;
}

static bool take_ids(struct redact_scan *s, enum redact_kind kind, const char *p)
{
	bool any = false;

	while (p < s->end) {
		const char *gap = p, *end;

		while (p < s->end && is_gap(*p))
			p++;
		end = id_end(s, p);
		if (gap == p || end == p)
			return any;
		redact_put(s, s->at, p);
		redact_put_token(s, kind, p, (size_t)(end - p));
		s->at = p = end;
		any = true;
		if (kind != KIND_UID) /* 96 bits come in three words */
			break;
	}
	return any;
}

static bool take_name(struct redact_scan *s, enum redact_kind kind, const char *p)
{
	const char *end;

	while (p < s->end && is_gap(*p))
		p++;
	for (end = p; end < s->end && (redact_is_word(*end) || *end == '-' || *end == '.');)
		end++;
	redact_learn_name(s->r, kind, p, (size_t)(end - p));
	return false; /* a known word from now on */
}

bool redact_take_label(struct redact_scan *s)
{
	for (size_t i = 0; i < REDACT_COUNT(labels); i++) {
		const char *behind = s->at + strlen(labels[i].text);

		if (!redact_begins(s, s->at, labels[i].text) || behind >= s->end ||
		    !is_gap(*behind))
			continue;
		if (labels[i].kind == KIND_USER || labels[i].kind == KIND_HOST)
			return take_name(s, labels[i].kind, behind);
		if (take_ids(s, labels[i].kind, behind))
			return true;
	}
	return false;
}

static bool is_uid_place(uint64_t address)
{
	for (size_t i = 0; i < REDACT_COUNT(uid_places); i++)
		if (address >= uid_places[i] && address < uid_places[i] + UID_BYTES)
			return true;
	return false;
}

/* "0x1fff7a10 = 0x00390038": a word of the unique id by its address. */
bool redact_take_uid_word(struct redact_scan *s)
{
	const char *end, *value;

	if (!redact_begins(s, s->at, "0x"))
		return false;
	end = hex_end(s, s->at + 2);
	if (end - s->at != 10 || !is_uid_place(strtoull(s->at, NULL, 16)))
		return false;
	for (value = end; value < s->end && is_gap(*value);)
		value++;
	if (value == end || !redact_begins(s, value, "0x"))
		return false;
	redact_put(s, s->at, value);
	end = hex_end(s, value + 2);
	redact_put_token(s, KIND_UID, value, (size_t)(end - value));
	s->at = end;
	return true;
}
