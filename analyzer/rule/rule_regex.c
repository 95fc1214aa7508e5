/* Checks of regular expressions: see rule_regex.h. The only file of the loader that knows PCRE2. */
#include "analyzer/rule/rule_regex.h"

#include <stdbool.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define GROUPS_OPEN_MAX 32

int regex_check(const char *regex, uint32_t *ret_groups, struct err *e)
{
	PCRE2_SIZE offset;
	PCRE2_UCHAR why[160];
	int code;
	pcre2_code *re =
		pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED, 0, &code, &offset, NULL);

	if (!re) {
		pcre2_get_error_message(code, why, sizeof(why));
		return err_set_native(e, ERR_FORMAT, code, "%s (at character %zu)",
				      (const char *)why, (size_t)offset + 1);
	}
	pcre2_pattern_info(re, PCRE2_INFO_CAPTURECOUNT, ret_groups);
	pcre2_code_free(re);
	return 0;
}

/* Length of the escape or class at p, which counts as one character; else 1. */
static size_t atom_len(const char *p)
{
	size_t i = 1;

	if (*p == '\\')
		return p[1] ? 2 : 1;
	if (*p != '[')
		return 1;
	i += p[i] == '^';
	i += p[i] == ']'; /* a bracket in the first place is one of the class */
	while (p[i] && p[i] != ']')
		i += p[i] == '\\' && p[i + 1] ? 2 : 1;
	return p[i] ? i + 1 : i;
}

/* "*", "+" or "{2,}" at p: nothing bounds the repetition. */
static bool is_unbounded(const char *p)
{
	if (*p == '*' || *p == '+')
		return p[1] != '+'; /* possessive: cannot be tried in many ways */
	if (*p != '{')
		return false;
	p += 1 + strspn(p + 1, "0123456789");
	return p[0] == ',' && p[1] == '}';
}

const char *regex_slow_reason(const char *regex)
{
	bool repeats[GROUPS_OPEN_MAX + 1] = { 0 }; /* in each open group: there is a repetition */
	unsigned depth = 0;
	bool inner;

	if (!strncmp(regex, ".*", 2) || !strncmp(regex, ".+", 2))
		return "it begins with '.*', which means nothing in a search";
	for (const char *p = regex; *p;) {
		if (*p == '(' && depth < GROUPS_OPEN_MAX) {
			repeats[++depth] = false;
			p++;
		} else if (*p == ')' && depth) {
			inner = repeats[depth--];
			p++;
			if (inner && is_unbounded(p))
				return "a repeated group holds a repetition";
			repeats[depth] |= inner;
		} else if (is_unbounded(p)) {
			repeats[depth] = true;
			p++;
		} else {
			p += atom_len(p);
		}
	}
	return NULL;
}
