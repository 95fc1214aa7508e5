/* Pages about facts, symptoms, remedies and patterns: see rule_page.h. */
#include "analyzer/rulebook/rule_page_make.h"

#include <string.h>

/* ---- facts ---- */

static void add_matches(struct rule_pages *p, const char *label, const struct event_matches *ms)
{
	struct buf text = { 0 };

	for (size_t i = 0; i < ms->n; i++) {
		buf_clear(&text);
		words_of_match(&ms->at[i], &text);
		page_item(p, i ? "" : label, text.at);
	}
	buf_done(&text);
}

static void add_derivation(struct rule_pages *p, const struct fact_rule *f)
{
	static const char *const picks[] = { "last", "first", "least", "greatest" };
	struct buf text = { 0 };

	page_heading(p, "How it is worked out");
	if (f->how == FACT_VALUE) {
		buf_addf(&text, "the %s '%s' of: ", picks[f->pick],
			 event_kind_rows[f->value.kind].fields[f->field].name);
		words_of_match(&f->value, &text);
		page_item(p, "value", text.at);
	} else if (f->how == FACT_WHEN) {
		words_of_cond(p->r, f->when, &text);
		page_item(p, "true if", text.at);
	}
	buf_done(&text);
	add_matches(p, "counts", &f->count);
	add_matches(p, "true if", &f->true_if);
	add_matches(p, "false if", &f->false_if);
	add_matches(p, "steps", &f->sequence);
	add_matches(p, "known if", &f->known_if);
	if (f->how == FACT_FLAG && f->true_if.n && f->false_if.n && f->prefer != PREFER_TRUE)
		page_item(p, "both",
			  f->prefer == PREFER_LATEST ? "the later one counts" : "false counts");
	if (f->has_otherwise)
		page_item(p, "else", f->otherwise ? "true" : "false");
	if (f->how == FACT_FLAG && f->true_if.given && !f->true_if.n && !f->false_if.n)
		page_item(p, "", "no message tells it; a person has to find it out");
}

static bool uses_fact(const struct cond *c, uint32_t fact)
{
	for (size_t i = 0; i < c->n_parts; i++)
		if (uses_fact(&c->parts[i], fact))
			return true;
	return c->op == COND_FACT && c->id == fact;
}

static void add_uses(struct rule_pages *p, const char *cause, const struct evidence_rule *e)
{
	struct buf text = { 0 };

	if (e->then_db != 0) {
		buf_addf(&text, "for %s if ", cause);
		words_of_cond(p->r, e->cond, &text);
		page_db(p, e->then_db, text.at);
	}
	if (e->else_db != 0) {
		buf_clear(&text);
		buf_addf(&text, "for %s if it is not so: ", cause);
		words_of_cond(p->r, e->cond, &text);
		page_db(p, e->else_db, text.at);
	}
	buf_done(&text);
}

static void page_of_fact(struct rule_pages *p, uint32_t fact)
{
	const struct fact_rule *f = &p->r->facts[fact];

	page_title(p, f->id, "fact", f->title);
	add_derivation(p, f);
	if (f->ask) {
		page_heading(p, "How to find it out");
		page_item(p, cost_name(f->cost), f->ask);
	}
	page_heading(p, "What it weighs");
	for (uint32_t i = 0; i < p->r->n[NAME_CAUSE]; i++)
		for (size_t k = 0; k < p->r->causes[i].n_evidence; k++)
			if (uses_fact(p->r->causes[i].evidence[k].cond, fact))
				add_uses(p, p->r->causes[i].id, &p->r->causes[i].evidence[k]);
	for (uint32_t i = 0; i < p->r->n_fact_order; i++) {
		const struct fact_rule *user = &p->r->facts[p->r->fact_order[i]];

		if (uses_fact(user->when, fact))
			page_item(p, "part of", user->id);
	}
}

/* ---- symptoms ---- */

static double share_of(const struct cause_rule *c, uint32_t symptom)
{
	for (size_t i = 0; i < c->n_explains; i++)
		if (c->explains[i].symptom == symptom)
			return c->explains[i].p;
	return 0;
}

static void page_of_symptom(struct rule_pages *p, uint32_t symptom)
{
	const struct symptom_rule *s = &p->r->symptoms[symptom];
	struct buf text = { 0 };

	page_title(p, s->id, "symptom", s->title);
	page_heading(p, "It is present if");
	words_of_cond(p->r, s->when, &text);
	page_text(p, text.at);
	page_heading(p, "Causes that explain it, and how often they show it");
	for (int percent = 100; percent > 0; percent--) /* most often first */
		for (uint32_t i = 0; i < p->r->n[NAME_CAUSE]; i++) {
			const struct cause_rule *c = &p->r->causes[i];
			double share = share_of(c, symptom);

			if ((int)(100 * share + 0.5) != percent)
				continue;
			buf_clear(&text);
			buf_addf(&text, "%s: %s", c->id, c->title);
			page_percent(p, share, text.at);
		}
	buf_done(&text);
}

/* ---- remedies ---- */

static void page_of_remedy(struct rule_pages *p, uint32_t remedy)
{
	const struct remedy_rule *m = &p->r->remedies[remedy];
	struct buf text = { 0 };

	page_title(p, m->id, "remedy", m->text);
	buf_addf(p->out, "\n  cost: %s; danger: %s; done automatically: %s\n", cost_name(m->cost),
		 m->danger, m->automatic);
	page_heading(p, "Cures");
	for (uint32_t i = 0; i < p->r->n[NAME_CAUSE]; i++)
		for (size_t k = 0; k < p->r->causes[i].n_remedies; k++) {
			const struct cause_rule *c = &p->r->causes[i];

			if (c->remedies[k].remedy != remedy)
				continue;
			buf_clear(&text);
			buf_addf(&text, "%s: %s", c->id, c->title);
			page_percent(p, c->remedies[k].p, text.at);
		}
	buf_done(&text);
}

/* ---- patterns ---- */

static void page_of_pattern(struct rule_pages *p, uint32_t pattern)
{
	const struct pattern *m = &p->r->patterns[pattern].p;
	struct buf text = { 0 };

	buf_addf(&text, "a message of %s", m->tool ? m->tool : "any tool");
	page_title(p, m->id, "pattern", text.at);
	page_heading(p, "It is recognised by");
	for (size_t i = 0; i < m->n_texts; i++)
		page_item(p, i ? "or" : "text", m->texts[i]);
	if (m->not_text)
		page_item(p, "without", m->not_text);
	if (m->regex)
		page_item(p, "regex", m->regex);
	if (m->since)
		page_item(p, "since", m->since);
	if (m->until)
		page_item(p, "until", m->until);
	page_heading(p, "It says");
	for (size_t i = 0; i < m->n_gives; i++)
		page_item(p, "", event_kind_rows[m->gives[i].kind].says);
	if (!m->n_gives)
		page_item(p, "", "nothing that matters");
	page_heading(p, "Examples");
	for (size_t i = 0; i < m->n_examples; i++)
		page_item(p, "", m->examples[i]);
	buf_done(&text);
}

/* ---- by id ---- */

int rule_page(const struct rules *r, const char *id, const struct term *t, struct buf *out,
	      struct err *e)
{
	static void (*const pages[NAME_SPACES])(struct rule_pages *, uint32_t) = {
		[NAME_CAUSE] = page_of_cause,	  [NAME_FACT] = page_of_fact,
		[NAME_SYMPTOM] = page_of_symptom, [NAME_REMEDY] = page_of_remedy,
		[NAME_PATTERN] = page_of_pattern,
	};
	struct rule_pages p = { .r = r, .t = t, .out = out };
	const char *near = NULL;
	bool found = false;

	for (int space = 0; space < NAME_SPACES; space++) {
		uint32_t i = names_find(&r->names[space], id);

		if (!pages[space])
			continue;
		if (!near)
			near = names_suggest(&r->names[space], id);
		if (i == NAME_NONE)
			continue;
		pages[space](&p, i);
		found = true;
	}
	if (found)
		return 0;
	return err_set(e, ERR_NOT_FOUND, "nothing is called '%.80s'%s%s%s", id,
		       near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
}
