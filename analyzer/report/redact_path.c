/* Folders in a text: whose they are is a secret, and so is what they are called. */
#include "analyzer/report/redact_scan.h"

#include <ctype.h>
#include <string.h>

static const char *const public_folders[] = {
#define PUBLIC(prefix) prefix,
#include "analyzer/report/redact.def"
};

static const char *const homes[] = {
#define HOME(prefix) prefix,
#include "analyzer/report/redact.def"
};

static bool ends_path(const char *p)
{
	return strchr("\"'`<>|:*?,;()[]{}\n\r\t", *p) != NULL;
}

/* "/home/..." or "C:\..." at a place where a path may begin. */
static const char *path_root(const struct redact_scan *s)
{
	const char *p = s->at;
	bool fresh = p == s->begin || (!redact_is_word(p[-1]) && !strchr("/\\.:-~", p[-1]));

	if (s->end - p > 3 && isalpha((unsigned char)p[0]) && p[1] == ':' &&
	    redact_is_slash(p[2]) && fresh && !redact_is_slash(p[3]))
		return p + 2;
	if (s->end - p > 2 && p[0] == '~' && redact_is_slash(p[1]) && fresh)
		return p + 1;
	if (s->end - p > 1 && *p == '/' && (redact_is_word(p[1]) || p[1] == '.') && fresh)
		return p;
	for (size_t i = 0; i < REDACT_COUNT(homes); i++)
		if (redact_is_slash(*p) && homes[i][0] == '/' && redact_begins(s, p, homes[i]))
			return p;
	return NULL;
}

/* The last slash of the path; a space belongs to it if more of the path follows. */
static const char *last_slash(const struct redact_scan *s, const char *root)
{
	const char *last = root;

	for (const char *p = root; p < s->end && *p && !ends_path(p); p++) {
		if (*p == ' ' && p + 1 < s->end &&
		    (redact_is_slash(p[1]) || p[1] == '-' || p[1] == ' '))
			break;
		if (redact_is_slash(*p))
			last = p;
	}
	return last;
}

static void learn_user(const struct redact_scan *s, const char *from, const char *last)
{
	for (const char *p = from; p < last; p++) {
		for (size_t i = 0; i < REDACT_COUNT(homes); i++) {
			const char *name = p + strlen(homes[i]), *end = name;

			if (!redact_begins(s, p, homes[i]))
				continue;
			while (end < s->end && !redact_is_slash(*end) && !ends_path(end))
				end++;
			redact_learn_name(s->r, KIND_USER, name, (size_t)(end - name));
		}
	}
}

static bool is_public(const struct redact_scan *s)
{
	for (size_t i = 0; i < REDACT_COUNT(public_folders); i++)
		if (redact_begins(s, s->at, public_folders[i]))
			return true;
	return false;
}

/* The folders become a token, the file's name stays. */
bool redact_take_path(struct redact_scan *s)
{
	const char *root = path_root(s), *last;

	if (!root || is_public(s))
		return false;
	last = last_slash(s, root);
	if (last == root && s->at == root)
		return false; /* "/x": an option of Windows, a rate, a fraction */
	learn_user(s, s->at, last + 1);
	redact_put_token(s, KIND_PATH, s->at, (size_t)(last - s->at));
	redact_put(s, last, last + 1);
	s->at = last + 1;
	return true;
}

/* A folder of somebody that ends with his name: "/home/alice". */
bool redact_take_home(struct redact_scan *s)
{
	for (size_t i = 0; i < REDACT_COUNT(homes); i++) {
		const char *name = s->at + strlen(homes[i]), *end = name;

		if (!redact_begins(s, s->at, homes[i]))
			continue;
		while (end < s->end && !redact_is_slash(*end) && !ends_path(end) && *end != ' ')
			end++;
		if (end == name || (end < s->end && redact_is_slash(*end)))
			continue;
		redact_learn_name(s->r, KIND_USER, name, (size_t)(end - name));
		redact_put_token(s, KIND_PATH, s->at, (size_t)(end - s->at));
		s->at = end;
		return true;
	}
	return false;
}
