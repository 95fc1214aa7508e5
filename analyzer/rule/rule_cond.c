/* Reading conditions on facts and symptoms: see rule_cond.h. */
#include "analyzer/rule/rule_cond.h"

#include <string.h>

struct just_keys {
	struct cond_keys k;
};

static const struct key_row cond_rows[] = {
	COND_KEY_ROWS(struct just_keys, k),
	{ 0 },
};

static enum event_type type_of(const struct load *l, uint32_t fact)
{
	return l->r->facts[fact].type;
}

/* One value or a list of them, of the type of the fact. */
static void read_values(struct load *l, uint32_t node, enum event_type type, struct cond *ret)
{
	const struct yaml_node *n = read_node(l, node);
	uint32_t first = n->kind == YAML_SEQ ? node + 1 : node;
	struct cond_value *values;

	ret->test = TEST_IN;
	for (uint32_t at = first; at < n->end; at = read_node(l, at)->end)
		ret->n_values++;
	values = arena_alloc(l->r->arena, ret->n_values * sizeof(*values));
	ret->values = values;
	for (uint32_t at = first; at < n->end; at = read_node(l, at)->end)
		read_value(l, at, type, values++);
}

static void read_range(struct load *l, const struct cond_keys *k, struct cond *ret)
{
	enum event_type type = type_of(l, ret->id);

	ret->test = TEST_RANGE;
	if (type != EVENT_INT && type != EVENT_HEX)
		complain(l, k->below ? k->below : k->above, RULE_BAD_VALUE,
			 "'%s' is no number, so nothing is below or above it",
			 l->r->facts[ret->id].id);
	if (k->below)
		ret->has_below = read_number(l, k->below, &ret->below);
	if (k->above)
		ret->has_above = read_number(l, k->above, &ret->above);
	if (ret->has_below && ret->has_above &&
	    (ret->above == INT64_MAX || ret->above + 1 >= ret->below))
		complain(l, k->below, RULE_BAD_VALUE,
			 "no whole number is above %lld and below %lld", (long long)ret->above,
			 (long long)ret->below);
}

static void read_fact(struct load *l, const struct cond_keys *k, struct cond *ret)
{
	int tests = !!k->is + !!k->in + (k->below || k->above) + !!k->known;

	ret->id = read_id(l, k->fact, NAME_FACT);
	if (tests != 1) {
		complain(l, k->fact, tests ? RULE_BAD_VALUE : RULE_MISSING_KEY,
			 "a condition on a fact needs one of: is, in, below and above, known");
		return;
	}
	if (ret->id == RULE_NONE)
		return;
	ret->op = COND_FACT;
	if (k->below || k->above) {
		read_range(l, k, ret);
	} else if (k->known) {
		ret->test = TEST_KNOWN;
		take_bool(l, k->known, &ret->known);
	} else if (k->in) {
		if (read_node(l, k->in)->kind != YAML_SEQ)
			complain(l, k->in, RULE_BAD_VALUE, "'in' wants a list");
		read_values(l, k->in, type_of(l, ret->id), ret);
	} else if (read_node(l, k->is)->kind == YAML_SCALAR) {
		read_values(l, k->is, type_of(l, ret->id), ret);
	} else {
		complain(l, k->is, RULE_BAD_VALUE, "'is' wants one value, 'in' a list");
	}
}

static void read_parts(struct load *l, uint32_t list, enum cond_op op, struct cond *ret)
{
	ret->op = op;
	ret->parts =
		read_list(l, list, sizeof(ret->parts[0]), false, take_cond_here, &ret->n_parts);
	if (read_node(l, list)->kind == YAML_SEQ && !ret->n_parts)
		complain(l, list, RULE_BAD_VALUE, "an empty list decides nothing");
}

void cond_of_keys(struct load *l, uint32_t node, const struct cond_keys *k, struct cond *ret)
{
	int subjects = !!k->fact + !!k->symptom + !!k->all + !!k->any + !!k->none;
	uint32_t test = k->is	   ? k->is
			: k->in	   ? k->in
			: k->below ? k->below
			: k->above ? k->above
				   : k->known;

	if (subjects != 1) {
		complain(l, node, subjects ? RULE_BAD_VALUE : RULE_MISSING_KEY,
			 "a condition needs one of: fact, symptom, all, any, none");
		return;
	}
	if (k->fact) {
		read_fact(l, k, ret);
		return;
	}
	if (test)
		complain(l, test, RULE_BAD_VALUE, "only a fact can be compared");
	if (k->symptom) {
		ret->id = read_id(l, k->symptom, NAME_SYMPTOM);
		ret->op = ret->id == RULE_NONE ? COND_NEVER : COND_SYMPTOM;
	} else if (k->all) {
		read_parts(l, k->all, COND_ALL, ret);
	} else if (k->any) {
		read_parts(l, k->any, COND_ANY, ret);
	} else {
		read_parts(l, k->none, COND_NONE, ret);
	}
}

/* "usb.opened" or "not usb.opened". */
static void read_bare_word(struct load *l, uint32_t node, struct cond *ret)
{
	static const struct cond_value truth[] = { { .num = 0 }, { .num = 1 } };
	const char *word = read_text(l, node);
	bool negated = !strncmp(word, "not ", 4);
	const struct names *facts = &l->r->names[NAME_FACT];

	word += negated ? 4 : 0;
	ret->id = names_find(facts, word);
	if (ret->id == NAME_NONE) {
		complain_near(l, node, RULE_UNKNOWN_FACT, read_suggest(l, NAME_FACT, word),
			      "unknown fact '%.60s'", word);
		return;
	}
	if (type_of(l, ret->id) != EVENT_ABSENT) {
		complain(
			l, node, RULE_BAD_VALUE,
			"'%s' is not true or false; a bare word is short for {fact: ..., is: true}",
			word);
		return;
	}
	ret->op = COND_FACT;
	ret->test = TEST_IN;
	ret->values = &truth[!negated];
	ret->n_values = 1;
}

void take_cond_here(struct load *l, uint32_t node, void *into)
{
	struct just_keys keys = { 0 };

	if (read_node(l, node)->kind == YAML_SCALAR)
		read_bare_word(l, node, into);
	else if (read_map(l, node, cond_rows, &keys, "a condition"))
		cond_of_keys(l, node, &keys.k, into);
}

void take_cond(struct load *l, uint32_t node, void *into)
{
	struct cond *c = arena_alloc(l->r->arena, sizeof(*c));

	take_cond_here(l, node, c);
	*(const struct cond **)into = c;
}

static bool has_symptom(const struct cond *c)
{
	if (c->op == COND_SYMPTOM)
		return true;
	for (size_t i = 0; i < c->n_parts; i++)
		if (has_symptom(&c->parts[i]))
			return true;
	return false;
}

void cond_refuse_symptoms(struct load *l, uint32_t node, const struct cond *c)
{
	if (c && has_symptom(c))
		complain(l, node, RULE_BAD_VALUE,
			 "facts and symptoms are worked out before it is known which symptoms are "
			 "present");
}
