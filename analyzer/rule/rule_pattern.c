/* Reading patterns: see rule_pattern.h. */
#include "analyzer/rule/rule_pattern.h"

#include <string.h>

#include "analyzer/rule/rule_match.h"
#include "analyzer/rule/rule_regex.h"

#define LITERAL_SHORT 4 /* below that it will match often */
#define TELLS_MAX     100

struct pattern_keys {
	struct pattern p;
	uint32_t text, regex, gives, tells, example;
};

static const struct key_row rows[] = {
	{ "text", take_node, offsetof(struct pattern_keys, text), true },
	{ "regex", take_node, offsetof(struct pattern_keys, regex), false },
	{ "gives", take_node, offsetof(struct pattern_keys, gives), true },
	{ "tells", take_node, offsetof(struct pattern_keys, tells), false },
	{ "not-text", take_text, offsetof(struct pattern_keys, p.not_text), false },
	{ "nocase", take_bool, offsetof(struct pattern_keys, p.nocase), false },
	{ "fallback", take_bool, offsetof(struct pattern_keys, p.fallback), false },
	{ "since", take_text, offsetof(struct pattern_keys, p.since), false },
	{ "until", take_text, offsetof(struct pattern_keys, p.until), false },
	{ "example", take_node, offsetof(struct pattern_keys, example), false },
	{ 0 },
};

static void read_texts(struct load *l, uint32_t node, struct pattern *p)
{
	size_t n;
	const char **texts = read_list(l, node, sizeof(*texts), true, take_text, &n);

	if (n > PATTERN_TEXTS_MAX || !n)
		complain(l, node, n ? RULE_TOO_MUCH : RULE_BAD_VALUE,
			 "a pattern has 1 to %d texts; write a second pattern", PATTERN_TEXTS_MAX);
	for (size_t i = 0; i < n && i < PATTERN_TEXTS_MAX; i++)
		p->texts[p->n_texts++] = texts[i];
	for (size_t i = 0; i < p->n_texts && !l->file->shipped; i++)
		if (p->texts[i] && strlen(p->texts[i]) < LITERAL_SHORT)
			complain(l, node, RULE_SHORT_LITERAL,
				 "the literal '%s' is short and will match often", p->texts[i]);
}

/* Shipped expressions were compiled when the program was built. */
static uint32_t check_regex(struct load *l, uint32_t node, const char *regex)
{
	const char *slow;
	uint32_t groups = 9;
	struct err e;

	if (l->file->shipped)
		return groups;
	if (regex_check(regex, &groups, &e))
		complain(l, node, RULE_BAD_REGEX, "bad regular expression: %s", e.text);
	slow = regex_slow_reason(regex);
	if (slow)
		complain(l, node, RULE_SLOW_REGEX, "the expression may be slow: %s", slow);
	return groups;
}

/* ---- gives: events with their fields ---- */

static const char *const unit_words[] = { "",	 "volt", "mv",	"hex", "dec",  "auto",
					  "kib", "mib",	 "khz", "mhz", "word", NULL };

/* "$3" or "$3 volt"; false: it is a constant. */
static bool read_group(struct load *l, uint32_t node, uint32_t groups, enum event_type type,
		       struct pattern_field *ret)
{
	const char *text = read_text(l, node), *unit = text + 2;
	int i = 0;

	if (text[0] != '$' || text[1] < '1' || text[1] > '9' || (*unit && *unit != ' '))
		return false;
	ret->group = text[1] - '0';
	if ((uint32_t)ret->group > groups)
		complain(l, node, RULE_BAD_VALUE, "the regular expression has no group %d",
			 ret->group);
	for (unit += *unit == ' '; unit_words[i] && strcmp(unit_words[i], unit); i++)
		;
	ret->unit = unit_words[i] ? (enum pattern_unit)i : UNIT_DEFAULT;
	if (!unit_words[i])
		complain(l, node, RULE_BAD_VALUE,
			 "'%.60s' is none of: volt, mv, hex, dec, auto, kib, mib, khz, mhz, word",
			 unit);
	else if (type == EVENT_TEXT && ret->unit != UNIT_DEFAULT && ret->unit != UNIT_WORD)
		complain(l, node, RULE_BAD_VALUE, "the field is a text, so it has no unit");
	else if (type != EVENT_TEXT && ret->unit == UNIT_WORD)
		complain(l, node, RULE_BAD_VALUE, "the field is a number, not a word");
	return true;
}

static void read_field(struct load *l, uint32_t node, uint32_t groups, enum event_type type,
		       struct pattern_field *ret)
{
	struct cond_value v = { 0 };

	ret->set = true;
	if (read_group(l, node, groups, type, ret))
		return;
	if (read_text(l, node)[0] == '$')
		complain(l, node, RULE_BAD_VALUE, "'%.60s' is no group; they are $1 to $9",
			 read_text(l, node));
	else if (read_value(l, node, type, &v))
		*ret = (struct pattern_field){ .set = true, .num = v.num, .text = v.text };
}

static void read_give(struct load *l, uint32_t node, uint32_t groups, struct pattern_give *ret)
{
	int kind = match_event_kind(l, node, match_event_node(l, node));
	int field;

	if (kind < 0)
		return;
	ret->kind = (enum event_kind)kind;
	for (uint32_t key = node + 1; key < read_node(l, node)->end;
	     key = read_node(l, key + 1)->end) {
		if (!strcmp(read_text(l, key), "event"))
			continue;
		field = match_event_field(l, key, ret->kind);
		if (field >= 0)
			read_field(l, key + 1, groups, event_kind_rows[kind].fields[field].type,
				   &ret->f[field]);
	}
}

static void read_gives(struct load *l, uint32_t node, uint32_t groups, struct pattern *p)
{
	const struct yaml_node *n = read_node(l, node);
	uint32_t first = n->kind == YAML_SEQ ? node + 1 : node;
	struct pattern_give gives[PATTERN_GIVES_MAX] = { 0 };
	struct pattern_give *kept;

	for (uint32_t at = first; at < n->end; at = read_node(l, at)->end) {
		if (p->n_gives == PATTERN_GIVES_MAX) {
			complain(l, at, RULE_TOO_MUCH, "a pattern gives at most %d events",
				 PATTERN_GIVES_MAX);
			break;
		}
		read_give(l, at, groups, &gives[p->n_gives++]);
	}
	kept = arena_alloc(l->r->arena, p->n_gives * sizeof(*kept));
	memcpy(kept, gives, p->n_gives * sizeof(*kept));
	p->gives = kept;
}

static bool takes_from_line(const struct pattern_give *g)
{
	for (size_t i = 0; i < EVENT_FIELDS_MAX; i++)
		if (g->f[i].group)
			return true;
	return false;
}

static bool is_always_same(const struct pattern *p)
{
	for (size_t i = 0; i < p->n_gives; i++) {
		enum event_kind kind = p->gives[i].kind;

		if (takes_from_line(&p->gives[i]) || kind == EVENT_TOOL_BANNER ||
		    kind == EVENT_TOOL_COMMAND)
			return false;
	}
	return !p->since && !p->until;
}

/* ---- */

static void check_version(struct load *l, uint32_t node, const char *version)
{
	if (version && version[strspn(version, "0123456789.")])
		complain(l, node, RULE_BAD_VALUE, "'%.60s' is no version (numbers between dots)",
			 version);
}

static void read_tells(struct load *l, uint32_t node, struct pattern *p)
{
	int64_t tells = 1;

	if (node && read_number(l, node, &tells) && (tells < 0 || tells > TELLS_MAX))
		complain(l, node, RULE_BAD_WEIGHT, "'tells' is 0 to %d", TELLS_MAX);
	p->tells = (int)tells;
}

void pattern_read(struct load *l, uint32_t node, struct pattern_rule *rule)
{
	struct pattern_keys k = {
		.p = { .id = rule->p.id, .file = l->file->path, .tool = l->file->tool }
	};
	uint32_t groups = 0;

	if (!read_map(l, node, rows, &k, "a pattern"))
		return;
	if (k.text)
		read_texts(l, k.text, &k.p);
	if (k.regex) {
		take_text(l, k.regex, &k.p.regex);
		groups = k.p.regex ? check_regex(l, k.regex, k.p.regex) : 9;
	}
	if (k.gives)
		read_gives(l, k.gives, groups, &k.p);
	read_tells(l, k.tells, &k.p);
	check_version(l, node, k.p.since);
	check_version(l, node, k.p.until);
	k.p.always_same = is_always_same(&k.p);
	if (k.example)
		k.p.examples = read_list(l, k.example, sizeof(k.p.examples[0]), true, take_text,
					 &k.p.n_examples);
	if (l->file->wants_tests && !k.p.n_examples)
		complain(l, rule->place.node, RULE_UNTESTED, "the pattern '%s' has no example",
			 k.p.id);
	rule->p = k.p;
}
