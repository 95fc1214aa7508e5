/* Secrets out of text: see redact.h. One scan does both, learning and replacing. */
#include "analyzer/report/redact_scan.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define NAME_MIN    3 /* shorter names would take half the text with them */
#define LONGEST	    64
#define SECRETS_MAX 4096

static const char *const kind_words[] = {
#define KIND(id, word) word,
#include "analyzer/report/redact.def"
};

static const char *const shared[] = {
#define SHARED(word) word,
#include "analyzer/report/redact.def"
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

static bool same(const struct redact_secret *s, const char *text, size_t len)
{
	return s->len == len && !strncasecmp(s->text, text, len);
}

/* The secret, new or known; NULL: there are too many. */
static const struct redact_secret *remember(struct redact *r, enum redact_kind kind,
					    const char *text, size_t len)
{
	struct redact_secret *s;

	for (size_t i = 0; i < r->n; i++)
		if (r->secrets[i].kind == kind && same(&r->secrets[i], text, len))
			return &r->secrets[i];
	if (r->n == SECRETS_MAX)
		return NULL;
	s = &r->secrets[r->n++];
	*s = (struct redact_secret){ kind, ++r->numbers[kind], strndup(text, len), len };
	if (!s->text)
		abort();
	return s;
}

static bool is_shared(const char *text, size_t len)
{
	bool letter = false;

	for (size_t i = 0; i < len; i++)
		letter |= isalpha((unsigned char)text[i]) || (unsigned char)text[i] >= 0x80;
	for (size_t i = 0; i < REDACT_COUNT(shared); i++)
		if (strlen(shared[i]) == len && !strncasecmp(shared[i], text, len))
			return true;
	return len < NAME_MIN || !letter;
}

void redact_learn_name(struct redact *r, enum redact_kind kind, const char *text, size_t len)
{
	if (len <= LONGEST && !is_shared(text, len))
		remember(r, kind, text, len);
}

void redact_learn_own(struct redact *r)
{
	static const char *const variables[] = { "USER", "LOGNAME", "SUDO_USER" };
	char host[256] = "";

	for (size_t i = 0; i < REDACT_COUNT(variables); i++) {
		const char *name = getenv(variables[i]);

		if (name)
			redact_learn_name(r, KIND_USER, name, strlen(name));
	}
	if (!gethostname(host, sizeof(host) - 1))
		redact_learn_name(r, KIND_HOST, host, strlen(host));
}

/* ---- pieces of text ---- */

bool redact_is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool starts_word(const struct redact_scan *s, const char *at)
{
	return at == s->begin || !redact_is_word(at[-1]);
}

bool redact_is_slash(char c)
{
	return c == '/' || c == '\\';
}

/* Begins with, in any case, either slash. */
bool redact_begins(const struct redact_scan *s, const char *at, const char *prefix)
{
	for (; *prefix; at++, prefix++) {
		if (at == s->end)
			return false;
		if (redact_is_slash(*prefix)
			    ? !redact_is_slash(*at)
			    : tolower((unsigned char)*at) != tolower((unsigned char)*prefix))
			return false;
	}
	return true;
}

void redact_put(struct redact_scan *s, const char *from, const char *to)
{
	if (s->out && to > from)
		buf_add(s->out, from, (size_t)(to - from));
}

void redact_put_token(struct redact_scan *s, enum redact_kind kind, const char *text, size_t len)
{
	const struct redact_secret *known = remember(s->r, kind, text, len);

	if (!s->out)
		return;
	if (known)
		buf_addf(s->out, "[%s-%u]", kind_words[kind], known->number);
	else
		buf_addf(s->out, "[%s]", kind_words[kind]);
}

static bool take_known(struct redact_scan *s)
{
	for (size_t i = 0; i < s->r->n; i++) {
		const struct redact_secret *k = &s->r->secrets[i];

		if (k->kind == KIND_PATH || (size_t)(s->end - s->at) < k->len ||
		    strncasecmp(s->at, k->text, k->len) ||
		    (s->at + k->len < s->end && redact_is_word(s->at[k->len])))
			continue;
		redact_put_token(s, k->kind, k->text, k->len);
		s->at += k->len;
		return true;
	}
	return false;
}

static bool take_word(struct redact_scan *s)
{
	return redact_take_hex(s) || redact_take_uid_word(s) || redact_take_at(s) ||
	       redact_take_ipv4(s) || redact_take_label(s) || take_known(s);
}

static void scan_all(struct redact *r, struct buf *out, const char *text, size_t len)
{
	struct redact_scan s = { .r = r, .at = text, .begin = text, .end = text + len, .out = out };

	while (s.at < s.end) {
		if (redact_take_home(&s) || redact_take_path(&s))
			continue;
		if (redact_is_word(*s.at) && starts_word(&s, s.at) && take_word(&s))
			continue;
		redact_put(&s, s.at, s.at + 1);
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
