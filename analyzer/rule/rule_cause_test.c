/* Reading the tests that stand beside a cause: see rule_cause.h. */
#include "analyzer/rule/rule_cause.h"

#include <string.h>

struct test_keys {
	struct cause_test t;
	uint32_t log, word, verdict;
};

/* ---- input ---- */

/* A block as it is, or a list of lines. */
static const char *read_log(struct load *l, uint32_t node)
{
	struct buf text = { 0 };
	size_t n;
	const char **lines = read_list(l, node, sizeof(*lines), true, take_text, &n);
	const char *kept;

	for (size_t i = 0; i < n; i++) {
		buf_add_str(&text, lines[i] ? lines[i] : "");
		if (!text.len || text.at[text.len - 1] != '\n')
			buf_add_char(&text, '\n');
	}
	kept = arena_str_n(l->r->arena, buf_str(&text), text.len);
	buf_done(&text);
	return kept;
}

static void take_facts(struct load *l, uint32_t node, void *into)
{
	struct cause_test *t = into;
	const struct yaml_node *n = read_node(l, node);
	struct given_fact *g;

	if (n->kind != YAML_MAP) {
		complain(l, node, RULE_BAD_VALUE, "a map is wanted here: {FACT: VALUE}");
		return;
	}
	g = arena_alloc(l->r->arena, (n->end - node) * sizeof(*g));
	t->facts = g;
	for (uint32_t key = node + 1; key < n->end; key = read_node(l, key + 1)->end) {
		uint32_t fact = read_id(l, key, NAME_FACT);
		struct cond_value v = { 0 };

		if (fact == RULE_NONE || !read_value(l, key + 1, l->r->facts[fact].type, &v))
			continue;
		g->id = l->r->facts[fact].id;
		g->value = (struct event_value){ .has = true, .num = v.num, .text = v.text };
		g++;
		t->n_facts++;
	}
}

static void take_symptom_id(struct load *l, uint32_t node, void *into)
{
	if (read_id(l, node, NAME_SYMPTOM) != RULE_NONE)
		*(const char **)into = read_text(l, node);
}

static void take_symptoms(struct load *l, uint32_t node, void *into)
{
	struct cause_test *t = into;

	t->symptoms =
		read_list(l, node, sizeof(t->symptoms[0]), false, take_symptom_id, &t->n_symptoms);
}

static void take_fact_id(struct load *l, uint32_t node, void *into)
{
	if (read_id(l, node, NAME_FACT) != RULE_NONE)
		*(const char **)into = read_text(l, node);
}

static void take_asks_for(struct load *l, uint32_t node, void *into)
{
	struct cause_test *t = into;

	t->asks_for =
		read_list(l, node, sizeof(t->asks_for[0]), true, take_fact_id, &t->n_asks_for);
}

/* ---- the test ---- */

static const struct key_row rows[] = {
	{ "name", take_text, offsetof(struct test_keys, t.name), true },
	{ "log", take_node, offsetof(struct test_keys, log), false },
	{ "facts", take_facts, offsetof(struct test_keys, t), false },
	{ "symptoms", take_symptoms, offsetof(struct test_keys, t), false },
	{ "word", take_node, offsetof(struct test_keys, word), false },
	{ "not-first", take_bool, offsetof(struct test_keys, t.not_first), false },
	{ "verdict", take_node, offsetof(struct test_keys, verdict), false },
	{ "asks-for", take_asks_for, offsetof(struct test_keys, t), false },
	{ 0 },
};

static void read_demands(struct load *l, const struct test_keys *k, struct cause_test *t)
{
	static const char *const words[] = { "possible", "probable", "likely", NULL };
	static const char *const verdicts[] = { "healthy", "problem", "unknown", NULL };
	int i;

	t->word = WORD_POSSIBLE;
	if (k->word) {
		i = read_word(l, k->word, words);
		t->word = i < 0 ? WORD_POSSIBLE : (enum word)(WORD_POSSIBLE + i);
	}
	if (k->verdict) {
		i = read_word(l, k->verdict, verdicts);
		t->has_verdict = i >= 0;
		t->verdict = i < 0 ? VERDICT_UNKNOWN : (enum verdict)(VERDICT_HEALTHY + i);
	}
}

static void read_test(struct load *l, uint32_t node, bool fires, struct cause_test *t)
{
	struct test_keys k = { 0 };

	if (!read_map(l, node, rows, &k, "a test"))
		return;
	*t = k.t;
	t->place = (struct rule_place){ l->file, node };
	t->fires = fires;
	if (k.log)
		t->log = read_log(l, k.log);
	read_demands(l, &k, t);
	if (!t->log && !t->n_facts && !t->n_symptoms)
		complain(l, node, RULE_MISSING_KEY,
			 "a test needs an input: 'log', or 'facts' and 'symptoms'");
	if (t->log && (t->n_facts || t->n_symptoms))
		complain(l, node, RULE_BAD_VALUE, "either 'log' or 'facts' and 'symptoms'");
	if (fires ? t->not_first : k.word != 0)
		complain(l, node, RULE_BAD_VALUE, "'%s' means nothing here",
			 fires ? "not-first" : "word");
}

static void take_fires(struct load *l, uint32_t node, void *into)
{
	read_test(l, node, true, into);
}

static void take_silent(struct load *l, uint32_t node, void *into)
{
	read_test(l, node, false, into);
}

struct tests_keys {
	uint32_t fires, silent;
};

static const struct key_row tests_rows[] = {
	{ "fires", take_node, offsetof(struct tests_keys, fires), false },
	{ "silent", take_node, offsetof(struct tests_keys, silent), false },
	{ 0 },
};

void cause_read_tests(struct load *l, uint32_t node, struct cause_rule *c)
{
	struct tests_keys k = { 0 };
	const struct cause_test *fires = NULL, *silent = NULL;
	struct cause_test *all;
	size_t n_fires = 0, n_silent = 0;

	if (!read_map(l, node, tests_rows, &k, "'tests'"))
		return;
	if (k.fires)
		fires = read_list(l, k.fires, sizeof(*fires), false, take_fires, &n_fires);
	if (k.silent)
		silent = read_list(l, k.silent, sizeof(*silent), false, take_silent, &n_silent);
	if (l->file->wants_tests && c->kind == CAUSE_NORMAL && (!n_fires || !n_silent))
		complain(l, node, RULE_UNTESTED, "the cause '%s' has no test that it %s", c->id,
			 n_fires ? "stays silent" : "fires");
	all = arena_alloc(l->r->arena, (n_fires + n_silent) * sizeof(*all));
	for (size_t i = 0; i < n_fires; i++)
		all[i] = fires[i];
	for (size_t i = 0; i < n_silent; i++)
		all[n_fires + i] = silent[i];
	c->tests = all;
	c->n_tests = n_fires + n_silent;
}
