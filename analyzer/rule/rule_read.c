/* Typed values out of a rule file's tree: see rule_read.h. */
#include "analyzer/rule/rule_read.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/base/suggest.h"

static const char *const cost_words[] = { "seconds", "minutes", "tool", "solder", NULL };

const char *cost_name(enum cost c)
{
	return cost_words[c];
}

double cost_weight(enum cost c)
{
	static const double weights[COSTS] = { 1, 2, 4, 8 };

	return weights[c];
}

const struct yaml_node *read_node(const struct load *l, uint32_t node)
{
	return &l->file->tree.nodes[node];
}

const char *read_text(const struct load *l, uint32_t node)
{
	return read_node(l, node)->kind == YAML_SCALAR ? yaml_text(&l->file->tree, node) : "";
}

static const struct key_row *find_row(const struct key_row *rows, const char *name)
{
	for (; rows->name; rows++)
		if (rows->name[0] == name[0] && !strcmp(rows->name, name))
			return rows;
	return NULL;
}

static void complain_key(struct load *l, uint32_t key, const struct key_row *rows, const char *what)
{
	struct suggest s;

	suggest_init(&s, read_text(l, key));
	for (; rows->name; rows++)
		suggest_offer(&s, rows->name);
	complain_near(l, key, RULE_UNKNOWN_KEY, s.best, "%s has no key '%.60s'", what,
		      read_text(l, key));
}

bool read_map(struct load *l, uint32_t node, const struct key_row *rows, void *record,
	      const char *what)
{
	const struct yaml_node *n = read_node(l, node);
	uint64_t seen = 0;

	if (n->kind != YAML_MAP) {
		complain(l, node, RULE_BAD_VALUE, "%s must be a map (key: value)", what);
		return false;
	}
	for (uint32_t key = node + 1; key < n->end; key = read_node(l, key + 1)->end) {
		const struct key_row *row = find_row(rows, read_text(l, key));

		if (!row) {
			complain_key(l, key, rows, what);
			continue;
		}
		seen |= (uint64_t)1 << (row - rows);
		row->take(l, key + 1, (char *)record + row->offset);
	}
	for (const struct key_row *row = rows; row->name; row++)
		if (row->required && !(seen >> (row - rows) & 1))
			complain(l, node, RULE_MISSING_KEY, "%s needs the key '%s'", what,
				 row->name);
	return true;
}

void *read_list(struct load *l, uint32_t node, size_t size, bool or_one,
		void (*take)(struct load *, uint32_t, void *), size_t *ret_n)
{
	const struct yaml_node *n = read_node(l, node);
	uint32_t first = node, end = n->end;
	char *array;
	size_t i = 0;

	if (n->kind == YAML_SEQ) {
		first = node + 1;
	} else if (!or_one) {
		complain(l, node, RULE_BAD_VALUE, "a list is wanted here");
		first = end;
	}
	*ret_n = 0;
	for (uint32_t at = first; at < end; at = read_node(l, at)->end)
		++*ret_n;
	array = arena_alloc(l->r->arena, *ret_n * size);
	for (uint32_t at = first; at < end; at = read_node(l, at)->end)
		take(l, at, array + i++ * size);
	return array;
}

bool read_is_scalar(struct load *l, uint32_t node, const char *wanted)
{
	if (read_node(l, node)->kind == YAML_SCALAR)
		return true;
	complain(l, node, RULE_BAD_VALUE, "%s is wanted here", wanted);
	return false;
}

static bool parse_number(const char *text, int64_t *ret)
{
	const char *digits = text + (*text == '-' || *text == '+');
	bool hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
	const char *known = hex ? "0123456789abcdefABCDEF" : "0123456789";
	long long n;

	digits += hex ? 2 : 0;
	if (!*digits || digits[strspn(digits, known)])
		return false;
	errno = 0;
	n = strtoll(text, NULL, hex ? 16 : 10);
	if (errno)
		return false;
	*ret = n;
	return true;
}

bool read_number(struct load *l, uint32_t node, int64_t *ret)
{
	if (!read_is_scalar(l, node, "a whole number"))
		return false;
	if (parse_number(read_text(l, node), ret))
		return true;
	complain(l, node, RULE_BAD_VALUE, "'%.60s' is no whole number", read_text(l, node));
	return false;
}

/* "-6", "2.5" and nothing behind; the C library would also take "inf", "0x1p3" and locales. */
static bool parse_decimal(const char *text, size_t len, double *ret)
{
	double value = 0, unit = 1;
	size_t i = len && (*text == '-' || *text == '+'), digits = 0;
	bool point = false;

	for (; i < len; i++) {
		if (text[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (text[i] < '0' || text[i] > '9' || ++digits > 12)
			return false;
		value = value * 10 + (text[i] - '0');
		unit *= point ? 10 : 1;
	}
	if (!digits)
		return false;
	*ret = (*text == '-' ? -value : value) / unit;
	return true;
}

bool read_db(struct load *l, uint32_t node, double max, double *ret)
{
	const char *text = read_text(l, node);
	size_t len = strlen(text);
	double db;

	if (len < 4 || strcmp(text + len - 3, " dB") || !parse_decimal(text, len - 3, &db)) {
		complain(l, node, RULE_BAD_WEIGHT,
			 "a weight in decibans is wanted here, like '+6 dB'");
		return false;
	}
	if (fabs(db) > max) {
		complain(l, node, RULE_BAD_WEIGHT, "more than %g dB is never meant", max);
		return false;
	}
	*ret = db;
	return true;
}

int read_word(struct load *l, uint32_t node, const char *const *words)
{
	const char *text = read_text(l, node);
	struct buf list = { 0 };
	struct suggest s;
	int i;

	for (i = 0; words[i]; i++)
		if (!strcmp(words[i], text))
			return i;
	suggest_init(&s, text);
	for (i = 0; words[i]; i++) {
		suggest_offer(&s, words[i]);
		buf_addf(&list, "%s%s", i ? ", " : "", words[i]);
	}
	complain_near(l, node, RULE_BAD_VALUE, s.best, "'%.60s' is none of: %s", text,
		      buf_str(&list));
	buf_done(&list);
	return -1;
}

bool read_value(struct load *l, uint32_t node, enum event_type type, struct cond_value *ret)
{
	static const char *const truth[] = { "false", "true", NULL };

	switch (type) {
	case EVENT_TEXT:
		ret->text = read_text(l, node);
		return read_is_scalar(l, node, "a word or text");
	case EVENT_INT:
	case EVENT_HEX:
		return read_number(l, node, &ret->num);
	case EVENT_ABSENT:
		break;
	}
	if (!read_is_scalar(l, node, "true or false"))
		return false;
	ret->num = read_word(l, node, truth);
	return ret->num >= 0;
}

const char *read_suggest(const struct load *l, enum name_space space, const char *id)
{
	return rule_report_is_full(l->rep) ? NULL : names_suggest(&l->r->names[space], id);
}

uint32_t read_id(struct load *l, uint32_t node, enum name_space space)
{
	static const struct {
		enum rule_code code;
		const char *what;
	} spaces[NAME_SPACES] = {
		[NAME_PATTERN] = { RULE_BAD_VALUE, "pattern" },
		[NAME_FACT] = { RULE_UNKNOWN_FACT, "fact" },
		[NAME_SYMPTOM] = { RULE_UNKNOWN_SYMPTOM, "symptom" },
		[NAME_CAUSE] = { RULE_UNKNOWN_CAUSE, "cause" },
		[NAME_REMEDY] = { RULE_UNKNOWN_REMEDY, "remedy" },
		[NAME_HOP] = { RULE_UNKNOWN_HOP, "hop" },
		[NAME_NOTE] = { RULE_BAD_VALUE, "note" },
		[NAME_TEMPLATE] = { RULE_BAD_VALUE, "report" },
		[NAME_TREATMENT] = { RULE_BAD_VALUE, "list of recoveries" },
	};
	uint32_t i;

	if (!read_is_scalar(l, node, "an id"))
		return RULE_NONE;
	i = names_find(&l->r->names[space], read_text(l, node));
	if (i == NAME_NONE)
		complain_near(l, node, spaces[space].code,
			      read_suggest(l, space, read_text(l, node)), "unknown %s '%.60s'",
			      spaces[space].what, read_text(l, node));
	return i;
}

void take_text(struct load *l, uint32_t node, void *into)
{
	if (!read_is_scalar(l, node, "a text"))
		return;
	if (!*read_text(l, node))
		complain(l, node, RULE_BAD_VALUE, "the text is empty");
	*(const char **)into = read_text(l, node);
}

void take_node(struct load *l, uint32_t node, void *into)
{
	(void)l;
	*(uint32_t *)into = node;
}

void take_number(struct load *l, uint32_t node, void *into)
{
	read_number(l, node, into);
}

void take_bool(struct load *l, uint32_t node, void *into)
{
	struct cond_value v = { 0 };

	if (read_value(l, node, EVENT_ABSENT, &v))
		*(bool *)into = v.num;
}

void take_cost(struct load *l, uint32_t node, void *into)
{
	int word = read_word(l, node, cost_words);

	if (word >= 0)
		*(enum cost *)into = (enum cost)word;
}

void take_hop(struct load *l, uint32_t node, void *into)
{
	*(uint32_t *)into = read_id(l, node, NAME_HOP);
}

void take_share(struct load *l, uint32_t node, void *into)
{
	const char *text = read_text(l, node);
	double p;

	if (parse_decimal(text, strlen(text), &p) && p > 0 && p <= 1)
		*(double *)into = p;
	else
		complain(l, node, RULE_BAD_WEIGHT, "'%.60s' is no probability (above 0, at most 1)",
			 text);
}
