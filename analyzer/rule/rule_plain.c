/* Reading symptoms, remedies, hops and notes: see rule_plain.h. */
#include "analyzer/rule/rule_plain.h"

#include "analyzer/rule/rule_cond.h"

void symptom_read(struct load *l, uint32_t node, struct symptom_rule *s)
{
	static const struct key_row rows[] = {
		{ "title", take_text, offsetof(struct symptom_rule, title), true },
		{ "hop", take_hop, offsetof(struct symptom_rule, hop), true },
		{ "when", take_cond, offsetof(struct symptom_rule, when), true },
		{ 0 },
	};

	read_map(l, node, rows, s, "a symptom");
	cond_refuse_symptoms(l, node, s->when);
}

static void take_danger(struct load *l, uint32_t node, void *into)
{
	static const char *const words[] = { "none", "resets", "erases", "destructive", NULL };

	if (read_word(l, node, words) >= 0)
		*(const char **)into = read_text(l, node);
}

static void take_automatic(struct load *l, uint32_t node, void *into)
{
	static const char *const words[] = { "yes", "ask", "never", NULL };

	if (read_word(l, node, words) >= 0)
		*(const char **)into = read_text(l, node);
}

void remedy_read(struct load *l, uint32_t node, struct remedy_rule *m)
{
	static const struct key_row rows[] = {
		{ "do", take_text, offsetof(struct remedy_rule, text), true },
		{ "cost", take_cost, offsetof(struct remedy_rule, cost), true },
		{ "danger", take_danger, offsetof(struct remedy_rule, danger), true },
		{ "automatic", take_automatic, offsetof(struct remedy_rule, automatic), true },
		{ 0 },
	};

	read_map(l, node, rows, m, "a remedy");
}

void hop_read(struct load *l, uint32_t node, struct hop_rule *h)
{
	static const struct key_row rows[] = {
		{ "title", take_text, offsetof(struct hop_rule, title), true },
		{ "order", take_number, offsetof(struct hop_rule, order), true },
		{ "ok", take_cond, offsetof(struct hop_rule, ok), false },
		{ "bad", take_cond, offsetof(struct hop_rule, bad), false },
		{ "tried", take_cond, offsetof(struct hop_rule, tried), false },
		{ 0 },
	};

	read_map(l, node, rows, h, "a hop");
}

void note_read(struct load *l, uint32_t node, struct note_rule *n)
{
	static const struct key_row rows[] = {
		{ "if", take_cond, offsetof(struct note_rule, when), true },
		{ "text", take_text, offsetof(struct note_rule, text), true },
		{ 0 },
	};

	read_map(l, node, rows, n, "a note");
}
