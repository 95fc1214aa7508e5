/* Reading conditions on events: see rule_match.h. */
#include "analyzer/rule/rule_match.h"

#include <string.h>

#include "analyzer/base/suggest.h"

uint32_t match_event_node(const struct load *l, uint32_t map)
{
	const struct yaml_node *n = read_node(l, map);

	if (n->kind == YAML_MAP)
		for (uint32_t key = map + 1; key < n->end; key = read_node(l, key + 1)->end)
			if (!strcmp(read_text(l, key), "event"))
				return key + 1;
	return 0;
}

int match_event_kind(struct load *l, uint32_t map, uint32_t node)
{
	struct suggest s;
	uint32_t kind;

	if (!node) {
		complain(l, map, RULE_MISSING_KEY, "an event is wanted here: {event: KIND, ...}");
		return -1;
	}
	if (!read_is_scalar(l, node, "the kind of an event"))
		return -1;
	kind = names_find(&l->kinds, read_text(l, node));
	if (kind != NAME_NONE)
		return (int)kind;
	suggest_init(&s, read_text(l, node));
	for (int i = 0; i < EVENT_KINDS && !rule_report_is_full(l->rep); i++)
		suggest_offer(&s, event_kind_rows[i].name);
	complain_near(l, node, RULE_UNKNOWN_EVENT, s.best, "unknown event '%.60s'",
		      read_text(l, node));
	return -1;
}

int match_event_field(struct load *l, uint32_t node, enum event_kind kind)
{
	const struct event_kind_row *row = &event_kind_rows[kind];
	int field = event_field_find(kind, read_text(l, node));
	struct suggest s;

	if (field >= 0)
		return field;
	suggest_init(&s, read_text(l, node));
	for (int i = 0; i < EVENT_FIELDS_MAX; i++)
		suggest_offer(&s, row->fields[i].name);
	complain_near(l, node, RULE_UNKNOWN_FIELD, s.best, "the event '%s' has no field '%.60s'",
		      row->name, read_text(l, node));
	return -1;
}

/* ---- COND: a scalar, a list, or a map of comparisons ---- */

struct cond_map {
	uint32_t below, above, not_, mask, is, contains;
};

static const struct key_row cond_map_rows[] = {
	{ "below", take_node, offsetof(struct cond_map, below), false },
	{ "above", take_node, offsetof(struct cond_map, above), false },
	{ "not", take_node, offsetof(struct cond_map, not_), false },
	{ "mask", take_node, offsetof(struct cond_map, mask), false },
	{ "is", take_node, offsetof(struct cond_map, is), false },
	{ "contains", take_node, offsetof(struct cond_map, contains), false },
	{ 0 },
};

static const struct cond_value *read_values(struct load *l, uint32_t node, enum event_type type,
					    size_t *ret_n)
{
	const struct yaml_node *n = read_node(l, node);
	uint32_t first = n->kind == YAML_SEQ ? node + 1 : node;
	struct cond_value *values;
	size_t i = 0;

	*ret_n = 0;
	for (uint32_t at = first; at < n->end; at = read_node(l, at)->end)
		++*ret_n;
	values = arena_alloc(l->r->arena, *ret_n * sizeof(*values));
	for (uint32_t at = first; at < n->end; at = read_node(l, at)->end)
		read_value(l, at, type, &values[i++]);
	if (!*ret_n)
		complain(l, node, RULE_BAD_VALUE, "an empty list matches nothing");
	return values;
}

static void read_cond_map(struct load *l, uint32_t node, enum event_type type,
			  struct field_cond *ret)
{
	struct cond_map m = { 0 };
	uint32_t numeric;

	if (!read_map(l, node, cond_map_rows, &m, "a condition on a field"))
		return;
	numeric = m.below ? m.below : m.above ? m.above : m.mask;
	if (numeric && type == EVENT_TEXT) {
		complain(l, numeric, RULE_BAD_VALUE, "the field is a text, not a number");
		return;
	}
	if (m.contains && type != EVENT_TEXT)
		complain(l, m.contains, RULE_BAD_VALUE, "the field is a number, not a text");
	else if (m.contains)
		take_text(l, m.contains, &ret->contains);
	if (!m.mask != !m.is)
		complain(l, node, RULE_MISSING_KEY, "'mask' and 'is' go together");
	else if (m.mask)
		ret->has_mask = read_number(l, m.mask, &ret->mask);
	if (ret->has_mask)
		ret->mask_is = read_values(l, m.is, type, &ret->n_mask_is);
	if (m.below)
		ret->has_below = read_number(l, m.below, &ret->below);
	if (m.above)
		ret->has_above = read_number(l, m.above, &ret->above);
	if (m.not_)
		ret->not_any = read_values(l, m.not_, type, &ret->n_not_any);
}

static void read_field_cond(struct load *l, uint32_t node, enum event_type type,
			    struct field_cond *ret)
{
	if (read_node(l, node)->kind == YAML_MAP)
		read_cond_map(l, node, type, ret);
	else
		ret->any = read_values(l, node, type, &ret->n_any);
}

/* ---- the matcher ---- */

static void read_tool(struct load *l, uint32_t node, struct event_match *ret)
{
	struct suggest s;

	ret->tool = read_text(l, node);
	suggest_init(&s, ret->tool);
	for (size_t i = 0; i < l->r->n_files; i++) {
		const char *tool = l->r->files[i].tool;

		if (tool && !strcmp(tool, ret->tool))
			return;
		suggest_offer(&s, tool);
	}
	complain_near(l, node, RULE_BAD_VALUE, s.best, "no file of patterns is for a tool '%.60s'",
		      ret->tool);
}

/* `conds` has room for one more. */
static void read_entry(struct load *l, uint32_t key, struct event_match *ret,
		       struct field_cond *conds, struct match_extra *x)
{
	const char *name = read_text(l, key);
	int field;

	if (!strcmp(name, "event"))
		return;
	if (x && !strcmp(name, "field")) {
		x->field = key + 1;
	} else if (x && !strcmp(name, "pick")) {
		x->pick = key + 1;
	} else if (!strcmp(name, "tool") && event_field_find(ret->kind, name) < 0) {
		read_tool(l, key + 1, ret);
	} else {
		field = match_event_field(l, key, ret->kind);
		if (field < 0)
			return;
		conds[ret->n_conds].field = field;
		read_field_cond(l, key + 1, event_kind_rows[ret->kind].fields[field].type,
				&conds[ret->n_conds++]);
	}
}

bool match_read(struct load *l, uint32_t node, struct event_match *ret, struct match_extra *x)
{
	int kind = match_event_kind(l, node, match_event_node(l, node));
	struct field_cond conds[EVENT_FIELDS_MAX] = { 0 }; /* keys are unique, so they fit */
	struct field_cond *kept;

	if (kind < 0)
		return false;
	ret->kind = (enum event_kind)kind;
	for (uint32_t key = node + 1; key < read_node(l, node)->end;
	     key = read_node(l, key + 1)->end)
		read_entry(l, key, ret, conds, x);
	kept = arena_alloc(l->r->arena, ret->n_conds * sizeof(*kept));
	memcpy(kept, conds, ret->n_conds * sizeof(*kept));
	ret->conds = kept;
	return true;
}

static void take_match(struct load *l, uint32_t node, void *into)
{
	match_read(l, node, into, NULL);
}

void take_matches(struct load *l, uint32_t node, void *into)
{
	struct event_matches *m = into;

	m->given = true;
	m->at = read_list(l, node, sizeof(m->at[0]), true, take_match, &m->n);
}
