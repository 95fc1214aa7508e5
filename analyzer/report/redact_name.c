/* Names of people and machines in a text, and their addresses. */
#include "analyzer/report/redact_scan.h"

#include <ctype.h>
#include <string.h>

/* The folder of a prompt, "alice@bench:~/rocket$ ", from its colon. */
static void take_prompt(struct redact_scan *s)
{
	const char *end = s->at + 1;

	if (s->end - s->at < 3 || *s->at != ':' || !(s->at[1] == '/' || s->at[1] == '~'))
		return;
	while (end < s->end && !strchr(" $#>\n", *end))
		end++;
	if (end == s->end || !strchr("$#>", *end) || end - s->at < 3)
		return;
	redact_put(s, s->at, s->at + 1);
	redact_put_token(s, KIND_PATH, s->at + 1, (size_t)(end - s->at - 1));
	s->at = end;
}

/* alice@bench, alice@example.org */
bool redact_take_at(struct redact_scan *s)
{
	const char *at = s->at, *end;

	while (at < s->end && (redact_is_word(*at) || strchr(".+-", *at)))
		at++;
	if (at == s->at || at >= s->end || *at != '@')
		return false;
	for (end = at + 1; end < s->end && (redact_is_word(*end) || strchr(".-", *end));)
		end++;
	while (end > at + 1 && end[-1] == '.')
		end--;
	if (end - at < 2 || !isalpha((unsigned char)at[1]) || isdigit((unsigned char)*s->at))
		return false;
	redact_learn_name(s->r, KIND_USER, s->at, (size_t)(at - s->at));
	redact_learn_name(s->r, KIND_HOST, at + 1, (size_t)(end - at - 1));
	redact_put_token(s, KIND_USER, s->at, (size_t)(at - s->at));
	redact_put(s, at, at + 1);
	redact_put_token(s, KIND_HOST, at + 1, (size_t)(end - at - 1));
	s->at = end;
	take_prompt(s);
	return true;
}

bool redact_take_ipv4(struct redact_scan *s)
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
	if (parts != 4 || (p < s->end && (redact_is_word(*p) || *p == '.')) ||
	    redact_begins(s, s->at, "127.") || redact_begins(s, s->at, "0.0.0.0"))
		return false;
	redact_put_token(s, KIND_ADDRESS, s->at, (size_t)(p - s->at));
	s->at = p;
	return true;
}
