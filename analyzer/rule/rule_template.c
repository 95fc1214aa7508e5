/* Reading templates of bug reports: see rule_template.h. */
#include "analyzer/rule/rule_template.h"

#include <string.h>

#include "analyzer/base/suggest.h"

#define LIMIT_MIN 4096

const struct blank_row blank_rows[BLANKS] = {
#define BLANK(id, name, says, ask) [BLANK_##id] = { name, says, ask },
#include "analyzer/rule/report_blanks.def"
#undef BLANK
};

static enum blank blank_find(const char *name, size_t len)
{
	enum blank b = 0;

	while (b < BLANKS &&
	       (strlen(blank_rows[b].name) != len || strncmp(blank_rows[b].name, name, len)))
		b++;
	return b;
}

bool template_next(const char *at, const char **ret_begin, const char **ret_end, enum blank *ret)
{
	const char *begin = strstr(at, "{{"), *end = begin ? strstr(begin, "}}") : NULL;

	if (!end)
		return false;
	*ret = blank_find(begin + 2, (size_t)(end - begin - 2));
	*ret_begin = begin;
	*ret_end = end + 2;
	return true;
}

static void complain_blank(struct load *l, uint32_t node, const char *begin, const char *end)
{
	char name[40];
	struct suggest s;

	strncpy(name, begin + 2, sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	if ((size_t)(end - begin - 4) < sizeof(name))
		name[end - begin - 4] = '\0';
	suggest_init(&s, name);
	for (enum blank b = 0; b < BLANKS; b++)
		suggest_offer(&s, blank_rows[b].name);
	complain_near(l, node, RULE_BAD_VALUE, s.best, "a report has no blank '%s'", name);
}

static void take_template(struct load *l, uint32_t node, void *into)
{
	const char *begin, *end = "";
	enum blank b;

	take_text(l, node, into);
	for (const char *at = read_text(l, node); template_next(at, &begin, &end, &b); at = end)
		if (b == BLANKS)
			complain_blank(l, node, begin, end);
}

static void take_limit(struct load *l, uint32_t node, void *into)
{
	int64_t limit = 0;

	if (read_number(l, node, &limit) && limit < LIMIT_MIN)
		complain(l, node, RULE_BAD_VALUE, "a report needs at least %d bytes", LIMIT_MIN);
	*(int64_t *)into = limit;
}

void template_read(struct load *l, uint32_t node, struct template_rule *t)
{
	static const struct key_row rows[] = {
		{ "title", take_text, offsetof(struct template_rule, title), true },
		{ "send-to", take_text, offsetof(struct template_rule, send_to), true },
		{ "limit", take_limit, offsetof(struct template_rule, limit), true },
		{ "body", take_template, offsetof(struct template_rule, body), true },
		{ 0 },
	};

	read_map(l, node, rows, t, "a report");
}

const struct template_rule *template_find(const struct rules *r, const char *id)
{
	uint32_t i = names_find(&r->names[NAME_TEMPLATE], id);

	return i == NAME_NONE ? NULL : &r->templates[i];
}
