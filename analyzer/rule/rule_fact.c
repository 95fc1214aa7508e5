/* Reading facts, and the order in which those that need others are worked out. */
#include "analyzer/rule/rule_fact.h"

#include <string.h>

#include "analyzer/rule/rule_cond.h"
#include "analyzer/rule/rule_match.h"

struct fact_keys { /* the fact's own fields first, then what is looked at afterwards */
	struct fact_rule f;
	uint32_t value, count, true_if, false_if, known_if, sequence, when, prefer, otherwise;
	uint32_t cost;
};

static void take_pick(struct load *l, uint32_t node, enum pick *into)
{
	static const char *const words[] = { "last", "first", "min", "max", NULL };
	int word = read_word(l, node, words);

	if (word >= 0)
		*into = (enum pick)word;
}

static void take_prefer(struct load *l, uint32_t node, enum prefer *into)
{
	static const char *const words[] = { "true", "false", "latest", NULL };
	int word = read_word(l, node, words);

	if (word >= 0)
		*into = (enum prefer)word;
}

static const struct key_row rows[] = {
	{ "title", take_text, offsetof(struct fact_keys, f.title), true },
	{ "ask", take_text, offsetof(struct fact_keys, f.ask), false },
	{ "cost", take_node, offsetof(struct fact_keys, cost), false },
	{ "value", take_node, offsetof(struct fact_keys, value), false },
	{ "count", take_node, offsetof(struct fact_keys, count), false },
	{ "true-if", take_node, offsetof(struct fact_keys, true_if), false },
	{ "false-if", take_node, offsetof(struct fact_keys, false_if), false },
	{ "known-if", take_node, offsetof(struct fact_keys, known_if), false },
	{ "sequence", take_node, offsetof(struct fact_keys, sequence), false },
	{ "when", take_node, offsetof(struct fact_keys, when), false },
	{ "prefer", take_node, offsetof(struct fact_keys, prefer), false },
	{ "otherwise", take_node, offsetof(struct fact_keys, otherwise), false },
	{ 0 },
};

/* ---- the type ---- */

static uint32_t find_key(const struct load *l, uint32_t map, const char *name)
{
	const struct yaml_node *n = read_node(l, map);

	if (n->kind == YAML_MAP)
		for (uint32_t key = map + 1; key < n->end; key = read_node(l, key + 1)->end)
			if (!strcmp(read_text(l, key), name))
				return key + 1;
	return 0;
}

void fact_read_type(const struct load *l, uint32_t node, struct fact_rule *f)
{
	uint32_t value = find_key(l, node, "value");
	uint32_t event = value ? match_event_node(l, value) : 0;
	uint32_t field_node = value ? find_key(l, value, "field") : 0;
	int kind, field;

	f->unit = "";
	f->type = find_key(l, node, "count") ? EVENT_INT : EVENT_ABSENT;
	if (!event || !field_node)
		return;
	kind = event_kind_find(read_text(l, event));
	field = kind < 0 ? -1 : event_field_find((enum event_kind)kind, read_text(l, field_node));
	if (field < 0)
		return;
	f->field = field;
	f->type = event_kind_rows[kind].fields[field].type;
	f->unit = event_kind_rows[kind].fields[field].unit;
}

/* ---- the fact ---- */

static void read_value_fact(struct load *l, uint32_t node, struct fact_rule *f)
{
	struct match_extra x = { 0 };

	f->how = FACT_VALUE;
	if (!match_read(l, node, &f->value, &x))
		return;
	if (!x.field)
		complain(l, node, RULE_MISSING_KEY, "a value needs the key 'field'");
	else
		match_event_field(l, x.field, f->value.kind);
	if (x.pick)
		take_pick(l, x.pick, &f->pick);
	if (f->pick >= PICK_MIN && f->type == EVENT_TEXT)
		complain(l, x.pick, RULE_BAD_VALUE, "a text has no least or greatest value");
}

static void refuse_key(struct load *l, uint32_t node, const char *name)
{
	if (node)
		complain(l, node, RULE_BAD_VALUE, "'%s' means nothing with this kind of fact",
			 name);
}

static void read_kind(struct load *l, const struct fact_keys *k, struct fact_rule *f)
{
	bool flag = k->true_if || k->false_if;

	if (k->value)
		read_value_fact(l, k->value, f);
	if (k->count) {
		f->how = FACT_COUNT;
		take_matches(l, k->count, &f->count);
	}
	if (flag)
		f->how = FACT_FLAG;
	if (k->true_if)
		take_matches(l, k->true_if, &f->true_if);
	if (k->false_if)
		take_matches(l, k->false_if, &f->false_if);
	if (k->sequence) {
		f->how = FACT_SEQUENCE;
		take_matches(l, k->sequence, &f->sequence);
		if (f->sequence.n < 2)
			complain(l, k->sequence, RULE_BAD_VALUE,
				 "a sequence has two steps or more");
	}
	if (k->when) {
		f->how = FACT_WHEN;
		take_cond(l, k->when, &f->when);
		cond_refuse_symptoms(l, k->when, f->when);
	}
	if (k->known_if)
		take_matches(l, k->known_if, &f->known_if);
	if (k->value || k->when)
		refuse_key(l, k->known_if, "known-if");
	if (!flag)
		refuse_key(l, k->prefer, "prefer");
	if (!flag && !k->sequence)
		refuse_key(l, k->otherwise, "otherwise");
}

void fact_read(struct load *l, uint32_t node, struct fact_rule *f)
{
	struct fact_keys k = { .f = *f };
	int kinds;

	if (!read_map(l, node, rows, &k, "a fact"))
		return;
	*f = k.f;
	kinds = !!k.value + !!k.count + (k.true_if || k.false_if) + !!k.sequence + !!k.when;
	if (kinds != 1) {
		complain(l, f->place.node, kinds ? RULE_BAD_VALUE : RULE_MISSING_KEY,
			 "a fact has exactly one of: value, count, true-if/false-if, sequence, "
			 "when");
		return;
	}
	read_kind(l, &k, f);
	if (k.prefer)
		take_prefer(l, k.prefer, &f->prefer);
	if (k.otherwise) {
		f->has_otherwise = true;
		take_bool(l, k.otherwise, &f->otherwise);
	}
	if (k.cost)
		take_cost(l, k.cost, &f->cost);
	if (f->ask && !k.cost)
		complain(l, f->place.node, RULE_MISSING_KEY, "a fact with 'ask' needs 'cost'");
}

/* ---- order ---- */

enum visit { VISIT_NEW, VISIT_OPEN, VISIT_DONE };

struct ordering {
	struct rules *r;
	struct rule_report *rep;
	unsigned char *visited; /* enum visit of each fact */
	uint32_t *path;		/* the facts that are open */
	uint32_t depth;
};

static void visit_fact(struct ordering *o, uint32_t fact);

static void visit_cond(struct ordering *o, const struct cond *c)
{
	if (c->op == COND_FACT)
		visit_fact(o, c->id);
	for (size_t i = 0; i < c->n_parts; i++)
		visit_cond(o, &c->parts[i]);
}

static void complain_circle(struct ordering *o, uint32_t fact)
{
	const struct rule_place *place = &o->r->facts[fact].place;
	struct buf circle = { 0 };
	uint32_t i = o->depth;

	while (i > 0 && o->path[i - 1] != fact)
		i--;
	for (i = i ? i - 1 : 0; i < o->depth; i++)
		buf_addf(&circle, "%s -> ", o->r->facts[o->path[i]].id);
	rule_complain(o->rep, place->file, place->node, RULE_FACT_CIRCLE,
		      "facts need each other: %s%s", buf_str(&circle), o->r->facts[fact].id);
	buf_done(&circle);
}

static void visit_fact(struct ordering *o, uint32_t fact)
{
	const struct cond *when = o->r->facts[fact].when;

	if (o->visited[fact] == VISIT_OPEN)
		complain_circle(o, fact);
	if (o->visited[fact] != VISIT_NEW)
		return;
	o->visited[fact] = VISIT_OPEN;
	o->path[o->depth++] = fact;
	if (when)
		visit_cond(o, when);
	o->depth--;
	o->visited[fact] = VISIT_DONE;
	if (when)
		o->r->fact_order[o->r->n_fact_order++] = fact;
}

void facts_order(struct rules *r, struct rule_report *rep)
{
	uint32_t n = r->n[NAME_FACT];
	struct ordering o = {
		.r = r,
		.rep = rep,
		.visited = arena_alloc(r->arena, n),
		.path = arena_alloc(r->arena, (n + 1) * sizeof(o.path[0])),
	};

	r->fact_order = arena_alloc(r->arena, (n + 1) * sizeof(r->fact_order[0]));
	for (uint32_t i = 0; i < n; i++)
		visit_fact(&o, i);
}
