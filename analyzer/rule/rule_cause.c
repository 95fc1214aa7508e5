/* Reading causes and their evidence: see rule_cause.h. */
#include "analyzer/rule/rule_cause.h"

#include <math.h>
#include <string.h>

#include "analyzer/base/suggest.h"
#include "analyzer/rule/rule_cond.h"
#include "analyzer/wire/wire_map.h"

#define WITHDRAWS_MAX 64 /* names and "name.*" of one cause */

struct cause_keys {
	struct cause_rule c;
	uint32_t tests, explains;
};

static const char *const class_words[] = { "pass",     "user",	"infra", "hardware",
					   "firmware", "flash", "tool",	 NULL };

static void take_class(struct load *l, uint32_t node, void *into)
{
	if (read_word(l, node, class_words) >= 0)
		*(const char **)into = read_text(l, node);
}

static void take_exit(struct load *l, uint32_t node, void *into)
{
	int64_t code = 0;

	if (read_number(l, node, &code) && (code < 0 || code > 125))
		complain(l, node, RULE_BAD_VALUE, "an exit code is 0 to 125");
	*(int64_t *)into = code;
}

static void take_kind(struct load *l, uint32_t node, void *into)
{
	static const char *const words[] = { "normal", "leak", "healthy", NULL };
	int word = read_word(l, node, words);

	if (word >= 0)
		*(enum cause_kind *)into = (enum cause_kind)word;
}

static void take_prior(struct load *l, uint32_t node, void *into)
{
	read_db(l, node, PRIOR_DB_MAX, into);
}

static void take_weight(struct load *l, uint32_t node, void *into)
{
	read_db(l, node, EVIDENCE_DB_MAX, into);
}

/* ---- maps from ids to probabilities ---- */

static uint32_t map_len(struct load *l, uint32_t node)
{
	const struct yaml_node *n = read_node(l, node);
	uint32_t len = 0;

	if (n->kind != YAML_MAP) {
		complain(l, node, RULE_BAD_VALUE, "a map is wanted here: {ID: PROBABILITY}");
		return 0;
	}
	for (uint32_t key = node + 1; key < n->end; key = read_node(l, key + 1)->end)
		len++;
	return len;
}

static void read_explains(struct load *l, uint32_t node, struct cause_rule *c)
{
	uint32_t len = map_len(l, node);
	struct explains *e = arena_alloc(l->r->arena, len * sizeof(*e));
	uint32_t key = node + 1;

	c->explains = e;
	for (; len; len--, key = read_node(l, key + 1)->end) {
		e->symptom = read_id(l, key, NAME_SYMPTOM);
		take_share(l, key + 1, &e->p);
		e++;
		c->n_explains++;
	}
}

static void take_remedies(struct load *l, uint32_t node, void *into)
{
	struct cause_rule *c = into;
	uint32_t len = map_len(l, node);
	struct cure *m = arena_alloc(l->r->arena, len * sizeof(*m));
	uint32_t key = node + 1;

	c->remedies = m;
	for (; len; len--, key = read_node(l, key + 1)->end) {
		m->remedy = read_id(l, key, NAME_REMEDY);
		take_share(l, key + 1, &m->p);
		m++;
		c->n_remedies++;
	}
}

/* ---- requires, makes-unknown, see ---- */

static void take_requires(struct load *l, uint32_t node, void *into)
{
	struct cause_rule *c = into;

	c->requires =
		read_list(l, node, sizeof(c->requires[0]), false, take_cond_here, &c->n_requires);
}

/* "target.*" stands for all facts that begin so. */
static bool fits(const char *glob, const char *id)
{
	size_t len = strlen(glob);

	return len && glob[len - 1] == '*' ? !strncmp(glob, id, len - 1) : !strcmp(glob, id);
}

static void take_withdraws(struct load *l, uint32_t node, void *into)
{
	struct cause_rule *c = into;
	const struct names *facts = &l->r->names[NAME_FACT];
	uint32_t *list = arena_alloc(l->r->arena, (facts->n + 1) * sizeof(*list));
	bool *taken = arena_alloc(l->r->arena, facts->n + 1);
	size_t n_globs;
	const char **globs = read_list(l, node, sizeof(*globs), true, take_text, &n_globs);

	c->withdraws = list;
	if (n_globs > WITHDRAWS_MAX) {
		complain(l, node, RULE_TOO_MUCH, "more than %d names of facts", WITHDRAWS_MAX);
		return;
	}
	for (size_t g = 0; g < n_globs; g++) {
		bool any = false;

		for (uint32_t i = 0; i < facts->n && globs[g]; i++) {
			if (!fits(globs[g], facts->ids[i]))
				continue;
			any = true;
			if (!taken[i])
				list[c->n_withdraws++] = i;
			taken[i] = true;
		}
		if (!any && globs[g])
			complain_near(l, node, RULE_UNKNOWN_FACT,
				      read_suggest(l, NAME_FACT, globs[g]),
				      "no fact is called '%.60s'", globs[g]);
	}
}

static void take_see(struct load *l, uint32_t node, void *into)
{
	struct cause_rule *c = into;

	c->see = read_list(l, node, sizeof(c->see[0]), false, take_text, &c->n_see);
}

static void take_wire(struct load *l, uint32_t node, void *into)
{
	enum wire w;
	struct suggest s;

	if (!read_is_scalar(l, node, "a wire"))
		return;
	w = wire_find(read_text(l, node));
	if (w != WIRE_NONE) {
		*(uint32_t *)into = 1u << w;
		return;
	}
	suggest_init(&s, read_text(l, node));
	for (w = 0; w < WIRES; w++)
		suggest_offer(&s, wire_rows[w].id);
	complain_near(l, node, RULE_BAD_VALUE, s.best, "unknown wire '%.60s'", read_text(l, node));
}

static void take_wires(struct load *l, uint32_t node, void *into)
{
	struct cause_rule *c = into;
	size_t n;
	const uint32_t *list = read_list(l, node, sizeof(*list), false, take_wire, &n);

	for (size_t i = 0; i < n; i++)
		c->wires |= list[i];
}

/* ---- evidence ---- */

struct evidence_keys {
	struct evidence_rule e;
	struct cond_keys k;
	uint32_t when, then_, else_;
};

static const struct key_row evidence_rows[] = {
	COND_KEY_ROWS(struct evidence_keys, k),
	{ "when", take_node, offsetof(struct evidence_keys, when), false },
	{ "then", take_node, offsetof(struct evidence_keys, then_), false },
	{ "else", take_node, offsetof(struct evidence_keys, else_), false },
	{ "says", take_text, offsetof(struct evidence_keys, e.says), false },
	{ "else-says", take_text, offsetof(struct evidence_keys, e.else_says), false },
	{ "group", take_text, offsetof(struct evidence_keys, e.group), false },
	{ "unless", take_cond, offsetof(struct evidence_keys, e.unless), false },
	{ 0 },
};

static void read_evidence_cond(struct load *l, uint32_t node, const struct evidence_keys *k,
			       struct evidence_rule *e)
{
	struct cond *c;

	if (k->when && (k->k.fact || k->k.symptom || k->k.all || k->k.any || k->k.none)) {
		complain(l, k->when, RULE_BAD_VALUE, "either 'when' or a condition, not both");
	} else if (k->when) {
		take_cond(l, k->when, &e->cond);
	} else {
		c = arena_alloc(l->r->arena, sizeof(*c));
		cond_of_keys(l, node, &k->k, c);
		e->cond = c;
	}
}

static void take_evidence(struct load *l, uint32_t node, void *into)
{
	struct evidence_rule *e = into;
	struct evidence_keys k = { .e = { .place = { l->file, node } } };

	if (!read_map(l, node, evidence_rows, &k, "evidence"))
		return;
	*e = k.e;
	read_evidence_cond(l, node, &k, e);
	if (!k.then_ && !k.else_)
		complain(l, node, RULE_MISSING_KEY, "evidence needs 'then' or 'else'");
	if (k.then_)
		take_weight(l, k.then_, &e->then_db);
	if (k.else_)
		take_weight(l, k.else_, &e->else_db);
	if (e->else_says && !k.else_)
		complain(l, node, RULE_MISSING_KEY, "'else-says' without 'else'");
}

static void take_all_evidence(struct load *l, uint32_t node, void *into)
{
	struct cause_rule *c = into;
	struct evidence_rule *e =
		read_list(l, node, sizeof(*e), false, take_evidence, &c->n_evidence);

	c->evidence = e;
	if (c->n_evidence > EVIDENCE_PER_CAUSE_MAX)
		complain(l, node, RULE_TOO_MUCH, "more than %d pieces of evidence",
			 EVIDENCE_PER_CAUSE_MAX);
	for (size_t i = 0; i < c->n_evidence; i++) {
		size_t k = 0;

		while (k < i && !(e[i].group && e[k].group && !strcmp(e[i].group, e[k].group)))
			k++;
		e[i].group_first = k;
	}
}

/* ---- the cause ---- */

#define ROW(key, take, field, required)                                                            \
	{                                                                                          \
		key, take, offsetof(struct cause_keys, field), required                            \
	}

static const struct key_row cause_rows[] = {
	ROW("title", take_text, c.title, true),
	ROW("kind", take_kind, c.kind, false),
	ROW("hop", take_hop, c.hop, true),
	ROW("class", take_class, c.cls, true),
	ROW("exit", take_exit, c.exit_code, true),
	ROW("prior", take_prior, c.prior_db, true),
	ROW("explains", take_node, explains, true),
	ROW("requires", take_requires, c, false),
	ROW("makes-unknown", take_withdraws, c, false),
	ROW("evidence", take_all_evidence, c, false),
	ROW("remedies", take_remedies, c, true),
	ROW("explain", take_text, c.explain, true),
	ROW("see", take_see, c, false),
	ROW("wires", take_wires, c, false),
	ROW("tests", take_node, tests, false),
	{ 0 },
};

void cause_read(struct load *l, uint32_t node, struct cause_rule *c)
{
	struct cause_keys k = { .c = *c };

	if (!read_map(l, node, cause_rows, &k, "a cause"))
		return;
	*c = k.c;
	if (k.explains)
		read_explains(l, k.explains, c);
	if (c->kind == CAUSE_NORMAL && k.explains && !c->n_explains)
		complain(l, k.explains, RULE_BAD_VALUE,
			 "a cause that explains no symptom is never found");
	if (k.tests && (l->tests || !l->file->shipped))
		cause_read_tests(l, k.tests, c);
	if (l->file->wants_tests && !k.tests)
		complain(l, c->place.node, RULE_UNTESTED, "the cause '%s' has no tests", c->id);
}
