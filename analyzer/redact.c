/* Secrets out of text: see redact.h. One scan does both, learning and replacing. */
#include "analyzer/redact.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define NAME_MIN    3 /* shorter names would take half the text with them */
#define LONGEST	    64
#define SERIAL_MIN  8
#define HEX_SERIAL  24 /* an ST-LINK's serial number, a chip's 96 bits */
#define SECRETS_MAX 4096
#define UID_BYTES   12

enum kind {
#define KIND(id, word) KIND_##id,
#include "analyzer/redact.def"
	KINDS
};

static const char *const kind_words[] = {
#define KIND(id, word) word,
#include "analyzer/redact.def"
};
static const char *const public_folders[] = {
#define PUBLIC(prefix) prefix,
#include "analyzer/redact.def"
};
static const char *const homes[] = {
#define HOME(prefix) prefix,
#include "analyzer/redact.def"
};
static const char *const shared[] = {
#define SHARED(word) word,
#include "analyzer/redact.def"
};
static const struct label {
	const char *text;
	enum kind kind;
} labels[] = {
#define LABEL(text, kind) { text, KIND_##kind },
#include "analyzer/redact.def"
};

static const uint32_t uid_places[] = {
#define UID_AT(address) address,
#include "analyzer/redact.def"
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct secret {
	enum kind kind;
	unsigned number;
	char *text;
	size_t len;
};

struct redact {
	struct secret *secrets;
	size_t n;
	unsigned numbers[KINDS];
};

/* Text being looked at. */
struct scan {
	struct redact *r;
	const char *at, *end;
	const char *begin;
	struct buf *out; /* NULL: learning only */
};

struct redact *redact_new(void)
{
	struct redact *r = calloc(1, sizeof(*r));

	if (!r)
		abort();
	r->secrets = calloc(SECRETS_MAX, sizeof(r->secrets[0]));
	if (!r->secrets)
		abort();
	return r;
}

void redact_free(struct redact *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n; i++)
		free(r->secrets[i].text);
	free(r->secrets);
	free(r);
}

size_t redact_count(const struct redact *r)
{
	return r->n;
}

/* ---- what is known ---- */

static bool same(const struct secret *s, const char *text, size_t len)
{
	return s->len == len && !strncasecmp(s->text, text, len);
}

/* The secret, new or known; NULL: there are too many. */
static const struct secret *remember(struct redact *r, enum kind kind, const char *text, size_t len)
{
	struct secret *s;

	for (size_t i = 0; i < r->n; i++)
		if (r->secrets[i].kind == kind && same(&r->secrets[i], text, len))
			return &r->secrets[i];
	if (r->n == SECRETS_MAX)
		return NULL;
	s = &r->secrets[r->n++];
	*s = (struct secret){ kind, ++r->numbers[kind], strndup(text, len), len };
	if (!s->text)
		abort();
	return s;
}

static bool is_shared(const char *text, size_t len)
{
	bool letter = false;

	for (size_t i = 0; i < len; i++)
		letter |= isalpha((unsigned char)text[i]) || (unsigned char)text[i] >= 0x80;
	for (size_t i = 0; i < COUNT(shared); i++)
		if (strlen(shared[i]) == len && !strncasecmp(shared[i], text, len))
			return true;
	return len < NAME_MIN || !letter;
}

static void learn_name(struct redact *r, enum kind kind, const char *text, size_t len)
{
	if (len <= LONGEST && !is_shared(text, len))
		remember(r, kind, text, len);
}

void redact_learn_own(struct redact *r)
{
	static const char *const variables[] = { "USER", "LOGNAME", "SUDO_USER" };
	char host[256] = "";

	for (size_t i = 0; i < COUNT(variables); i++) {
		const char *name = getenv(variables[i]);

		if (name)
			learn_name(r, KIND_USER, name, strlen(name));
	}
	if (!gethostname(host, sizeof(host) - 1))
		learn_name(r, KIND_HOST, host, strlen(host));
}

/* ---- pieces of text ---- */

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool starts_word(const struct scan *s, const char *at)
{
	return at == s->begin || !is_word(at[-1]);
}

static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

/* Begins with, in any case, either slash. */
static bool begins(const struct scan *s, const char *at, const char *prefix)
{
	for (; *prefix; at++, prefix++) {
		if (at == s->end)
			return false;
		if (is_slash(*prefix)
			    ? !is_slash(*at)
			    : tolower((unsigned char)*at) != tolower((unsigned char)*prefix))
			return false;
	}
	return true;
}

static void put(struct scan *s, const char *from, const char *to)
{
	if (s->out && to > from)
		buf_add(s->out, from, (size_t)(to - from));
}

static void put_token(struct scan *s, enum kind kind, const char *text, size_t len)
{
	const struct secret *known = remember(s->r, kind, text, len);

	if (!s->out)
		return;
	if (known)
		buf_addf(s->out, "[%s-%u]", kind_words[kind], known->number);
	else
		buf_addf(s->out, "[%s]", kind_words[kind]);
}

/* ---- paths ---- */

static bool ends_path(const char *p)
{
	return strchr("\"'`<>|:*?,;()[]{}\n\r\t", *p) != NULL;
}

/* "/home/..." or "C:\..." at a place where a path may begin. */
static const char *path_root(const struct scan *s)
{
	const char *p = s->at;
	bool fresh = p == s->begin || (!is_word(p[-1]) && !strchr("/\\.:-~", p[-1]));

	if (s->end - p > 3 && isalpha((unsigned char)p[0]) && p[1] == ':' && is_slash(p[2]) &&
	    fresh && !is_slash(p[3]))
		return p + 2;
	if (s->end - p > 2 && p[0] == '~' && is_slash(p[1]) && fresh)
		return p + 1;
	if (s->end - p > 1 && *p == '/' && (is_word(p[1]) || p[1] == '.') && fresh)
		return p;
	for (size_t i = 0; i < COUNT(homes); i++)
		if (is_slash(*p) && homes[i][0] == '/' && begins(s, p, homes[i]))
			return p;
	return NULL;
}

/* The last slash of the path; a space belongs to it if more of the path follows. */
static const char *last_slash(const struct scan *s, const char *root)
{
	const char *last = root;

	for (const char *p = root; p < s->end && *p && !ends_path(p); p++) {
		if (*p == ' ' && p + 1 < s->end && (is_slash(p[1]) || p[1] == '-' || p[1] == ' '))
			break;
		if (is_slash(*p))
			last = p;
	}
	return last;
}

static void learn_user(const struct scan *s, const char *from, const char *last)
{
	for (const char *p = from; p < last; p++) {
		for (size_t i = 0; i < COUNT(homes); i++) {
			const char *name = p + strlen(homes[i]), *end = name;

			if (!begins(s, p, homes[i]))
				continue;
			while (end < s->end && !is_slash(*end) && !ends_path(end))
				end++;
			learn_name(s->r, KIND_USER, name, (size_t)(end - name));
		}
	}
}

static bool is_public(const struct scan *s)
{
	for (size_t i = 0; i < COUNT(public_folders); i++)
		if (begins(s, s->at, public_folders[i]))
			return true;
	return false;
}

/* The folders become a token, the file's name stays. */
static bool take_path(struct scan *s)
{
	const char *root = path_root(s), *last;

	if (!root || is_public(s))
		return false;
	last = last_slash(s, root);
	if (last == root && s->at == root)
		return false; /* "/x": an option of Windows, a rate, a fraction */
	learn_user(s, s->at, last + 1);
	put_token(s, KIND_PATH, s->at, (size_t)(last - s->at));
	put(s, last, last + 1);
	s->at = last + 1;
	return true;
}

/* A folder of somebody that ends with his name: "/home/alice". */
static bool take_home(struct scan *s)
{
	for (size_t i = 0; i < COUNT(homes); i++) {
		const char *name = s->at + strlen(homes[i]), *end = name;

		if (!begins(s, s->at, homes[i]))
			continue;
		while (end < s->end && !is_slash(*end) && !ends_path(end) && *end != ' ')
			end++;
		if (end == name || (end < s->end && is_slash(*end)))
			continue;
		learn_name(s->r, KIND_USER, name, (size_t)(end - name));
		put_token(s, KIND_PATH, s->at, (size_t)(end - s->at));
		s->at = end;
		return true;
	}
	return false;
}

/* ---- serial numbers, ids ---- */

static const char *hex_end(const struct scan *s, const char *p)
{
	while (p < s->end && isxdigit((unsigned char)*p))
		p++;
	return p;
}

static bool take_hex(struct scan *s)
{
	const char *end = hex_end(s, s->at);

	if (end - s->at != HEX_SERIAL || (end < s->end && is_word(*end)))
		return false;
	put_token(s, KIND_SERIAL, s->at, HEX_SERIAL);
	s->at = end;
	return true;
}

static bool is_gap(char c)
{
	return strchr(" \t:=\"'#.[(", c) != NULL;
}

/* Letters and digits, a digit among them; OpenOCD writes "\x48\xff...". */
static const char *id_end(const struct scan *s, const char *p)
{
	bool digit = false;
	const char *from = p;

	for (; p < s->end && (is_word(*p) || *p == '\\' || *p == '-' || *p == '?'); p++)
		digit |= isxdigit((unsigned char)*p) != 0;
	return digit && p - from >= SERIAL_MIN ? p : from;
}

static bool take_ids(struct scan *s, enum kind kind, const char *p)
{
	bool any = false;

	while (p < s->end) {
		const char *gap = p, *end;

		while (p < s->end && is_gap(*p))
			p++;
		end = id_end(s, p);
		if (gap == p || end == p)
			return any;
		put(s, s->at, p);
		put_token(s, kind, p, (size_t)(end - p));
		s->at = p = end;
		any = true;
		if (kind != KIND_UID) /* 96 bits come in three words */
			break;
	}
	return any;
}

static bool take_name(struct scan *s, enum kind kind, const char *p)
{
	const char *end;

	while (p < s->end && is_gap(*p))
		p++;
	for (end = p; end < s->end && (is_word(*end) || *end == '-' || *end == '.');)
		end++;
	learn_name(s->r, kind, p, (size_t)(end - p));
	return false; /* a known word from now on */
}

static bool take_label(struct scan *s)
{
	for (size_t i = 0; i < COUNT(labels); i++) {
		const char *behind = s->at + strlen(labels[i].text);

		if (!begins(s, s->at, labels[i].text) || behind >= s->end || !is_gap(*behind))
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
	for (size_t i = 0; i < COUNT(uid_places); i++)
		if (address >= uid_places[i] && address < uid_places[i] + UID_BYTES)
			return true;
	return false;
}

/* "0x1fff7a10 = 0x00390038": a word of the unique id by its address. */
static bool take_uid_word(struct scan *s)
{
	const char *end, *value;

	if (!begins(s, s->at, "0x"))
		return false;
	end = hex_end(s, s->at + 2);
	if (end - s->at != 10 || !is_uid_place(strtoull(s->at, NULL, 16)))
		return false;
	for (value = end; value < s->end && is_gap(*value);)
		value++;
	if (value == end || !begins(s, value, "0x"))
		return false;
	put(s, s->at, value);
	end = hex_end(s, value + 2);
	put_token(s, KIND_UID, value, (size_t)(end - value));
	s->at = end;
	return true;
}

/* ---- names and addresses ---- */

/* The folder of a prompt, "alice@bench:~/rocket$ ", from its colon. */
static void take_prompt(struct scan *s)
{
	const char *end = s->at + 1;

	if (s->end - s->at < 3 || *s->at != ':' || !(s->at[1] == '/' || s->at[1] == '~'))
		return;
	while (end < s->end && !strchr(" $#>\n", *end))
		end++;
	if (end == s->end || !strchr("$#>", *end) || end - s->at < 3)
		return;
	put(s, s->at, s->at + 1);
	put_token(s, KIND_PATH, s->at + 1, (size_t)(end - s->at - 1));
	s->at = end;
}

/* alice@bench, alice@example.org */
static bool take_at(struct scan *s)
{
	const char *at = s->at, *end;

	while (at < s->end && (is_word(*at) || strchr(".+-", *at)))
		at++;
	if (at == s->at || at >= s->end || *at != '@')
		return false;
	for (end = at + 1; end < s->end && (is_word(*end) || strchr(".-", *end));)
		end++;
	while (end > at + 1 && end[-1] == '.')
		end--;
	if (end - at < 2 || !isalpha((unsigned char)at[1]) || isdigit((unsigned char)*s->at))
		return false;
	learn_name(s->r, KIND_USER, s->at, (size_t)(at - s->at));
	learn_name(s->r, KIND_HOST, at + 1, (size_t)(end - at - 1));
	put_token(s, KIND_USER, s->at, (size_t)(at - s->at));
	put(s, at, at + 1);
	put_token(s, KIND_HOST, at + 1, (size_t)(end - at - 1));
	s->at = end;
	take_prompt(s);
	return true;
}

static bool take_ipv4(struct scan *s)
{
	const char *p = s->at;
	int parts = 0;

	while (p < s->end && isdigit((unsigned char)*p) && parts < 4) {
		const char *from = p;
		int value = 0;

		for (; p < s->end && isdigit((unsigned char)*p) && p - from < 4; p++)
			value = value * 10 + (*p - '0');
		if (value > 255)
			return false;
		parts++;
		if (parts < 4 && p < s->end && *p == '.')
			p++;
		else
			break;
	}
	if (parts != 4 || (p < s->end && (is_word(*p) || *p == '.')) || begins(s, s->at, "127.") ||
	    begins(s, s->at, "0.0.0.0"))
		return false;
	put_token(s, KIND_ADDRESS, s->at, (size_t)(p - s->at));
	s->at = p;
	return true;
}

static bool take_known(struct scan *s)
{
	for (size_t i = 0; i < s->r->n; i++) {
		const struct secret *k = &s->r->secrets[i];

		if (k->kind == KIND_PATH || (size_t)(s->end - s->at) < k->len ||
		    strncasecmp(s->at, k->text, k->len) ||
		    (s->at + k->len < s->end && is_word(s->at[k->len])))
			continue;
		put_token(s, k->kind, k->text, k->len);
		s->at += k->len;
		return true;
	}
	return false;
}

static bool take_word(struct scan *s)
{
	return take_hex(s) || take_uid_word(s) || take_at(s) || take_ipv4(s) || take_label(s) ||
	       take_known(s);
}

static void scan_all(struct redact *r, struct buf *out, const char *text, size_t len)
{
	struct scan s = { .r = r, .at = text, .begin = text, .end = text + len, .out = out };

	while (s.at < s.end) {
		if (take_home(&s) || take_path(&s))
			continue;
		if (is_word(*s.at) && starts_word(&s, s.at) && take_word(&s))
			continue;
		put(&s, s.at, s.at + 1);
		s.at++;
	}
}

void redact_learn(struct redact *r, const char *text, size_t len)
{
	scan_all(r, NULL, text, len);
}

void redact_add(struct redact *r, struct buf *out, const char *text, size_t len)
{
	if (!r) {
		buf_add(out, text, len);
		return;
	}
	redact_learn(r, text, len);
	scan_all(r, out, text, len);
}
