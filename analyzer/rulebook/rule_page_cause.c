/* The page about a cause: what it is, how it is recognised, what tells it from others, what to do.
 */
#include "analyzer/rulebook/rule_page_make.h"

#include <math.h>
#include <string.h>

#include "analyzer/rule/rule_treatment.h"
#include "analyzer/wire/wire_map.h"
#include "flash/recover.h"

#define NEIGHBOURS_SHOWN 4
#define TELLS_SHOWN	 2 /* facts that tell two causes apart */
#define TELLS_DB_MIN	 4.0

/* ---- how it is recognised ---- */

static void add_symptoms(struct rule_pages *p, const struct cause_rule *c)
{
	page_heading(p, "What it shows, and how often");
	for (size_t i = 0; i < c->n_explains; i++)
		page_percent(p, c->explains[i].p, p->r->symptoms[c->explains[i].symptom].title);
}

/* Where words for it stand there already, the name of a true/false fact is enough. */
static void add_subject(const struct rules *r, const struct cond *c, bool short_name,
			struct buf *out)
{
	if (!short_name || c->op != COND_FACT || r->facts[c->id].type != EVENT_ABSENT ||
	    c->test != TEST_IN)
		words_of_cond(r, c, out);
	else
		buf_addf(out, "%s%s", c->n_values && c->values[0].num ? "" : "not ",
			 r->facts[c->id].id);
}

static void add_evidence_words(struct rule_pages *p, const struct evidence_rule *e, double db,
			       const char *says, bool held)
{
	struct buf text = { 0 };

	if (db == 0)
		return;
	if (says)
		buf_addf(&text, "%s (", says);
	buf_add_str(&text, held ? "" : "it is not so that ");
	add_subject(p->r, e->cond, says != NULL, &text);
	buf_add_str(&text, says ? ")" : "");
	if (e->unless) {
		buf_add_str(&text, "; unless ");
		words_of_cond(p->r, e->unless, &text);
	}
	page_db(p, db, text.at);
	buf_done(&text);
}

static void add_evidence(struct rule_pages *p, const struct cause_rule *c)
{
	struct buf text = { 0 };

	page_heading(p, "What speaks for it (+) and against it (-)");
	page_db(p, c->prior_db, "to begin with: how common it is");
	for (size_t i = 0; i < c->n_evidence; i++) {
		const struct evidence_rule *e = &c->evidence[i];

		add_evidence_words(p, e, e->then_db, e->says, true);
		add_evidence_words(p, e, e->else_db, e->else_says, false);
	}
	for (size_t i = 0; i < c->n_requires; i++) {
		buf_clear(&text);
		buf_add_str(&text, "only looked at unless it is known that it is not so: ");
		words_of_cond(p->r, &c->requires[i], &text);
		page_item(p, "needs", text.at);
	}
	buf_done(&text);
}

/* ---- what tells it from its neighbours ---- */

static double overlap(const struct cause_rule *a, const struct cause_rule *b)
{
	double sum = 0;

	for (size_t i = 0; i < a->n_explains; i++)
		for (size_t k = 0; k < b->n_explains; k++)
			if (a->explains[i].symptom == b->explains[k].symptom)
				sum += fmin(a->explains[i].p, b->explains[k].p);
	return sum;
}

static bool same_cond(const struct rules *r, const struct cond *a, const struct cond *b)
{
	struct buf wa = { 0 }, wb = { 0 };
	bool same;

	words_of_cond(r, a, &wa);
	words_of_cond(r, b, &wb);
	same = !strcmp(buf_str(&wa), buf_str(&wb));
	buf_done(&wa);
	buf_done(&wb);
	return same;
}

/* What the condition counts for the other cause. */
static double db_of(const struct rules *r, const struct cause_rule *other, const struct cond *c)
{
	for (size_t i = 0; i < other->n_evidence; i++)
		if (same_cond(r, other->evidence[i].cond, c))
			return other->evidence[i].then_db;
	return 0;
}

struct tell {
	const struct cond *cond;
	double here, there;
};

/* Keeps the strongest, at most TELLS_SHOWN of them. */
static void offer_tell(const struct rules *r, struct tell *best, struct tell new)
{
	for (size_t i = 0; i < TELLS_SHOWN; i++)
		if (best[i].cond && same_cond(r, best[i].cond, new.cond))
			return;
	for (size_t i = 0; i < TELLS_SHOWN; i++) {
		struct tell old = best[i];

		if (old.cond && fabs(old.here - old.there) >= fabs(new.here - new.there))
			continue;
		best[i] = new;
		new = old;
	}
}

static void add_neighbour(struct rule_pages *p, const struct cause_rule *c,
			  const struct cause_rule *other)
{
	struct tell best[TELLS_SHOWN + 1] = { 0 };
	struct buf text = { 0 };

	for (size_t i = 0; i < c->n_evidence; i++)
		offer_tell(p->r, best,
			   (struct tell){ c->evidence[i].cond, c->evidence[i].then_db,
					  db_of(p->r, other, c->evidence[i].cond) });
	for (size_t i = 0; i < other->n_evidence; i++)
		offer_tell(p->r, best,
			   (struct tell){ other->evidence[i].cond,
					  db_of(p->r, c, other->evidence[i].cond),
					  other->evidence[i].then_db });
	buf_addf(&text, "%s: %s", other->id, other->title);
	page_text(p, text.at);
	for (size_t i = 0; i < TELLS_SHOWN && best[i].cond; i++) {
		if (fabs(best[i].here - best[i].there) < TELLS_DB_MIN)
			continue;
		buf_clear(&text);
		words_of_cond(p->r, best[i].cond, &text);
		buf_addf(&text, " (%+g dB here, %+g dB there)", best[i].here, best[i].there);
		page_item(p, "  told by", text.at);
	}
	buf_done(&text);
}

static void add_neighbours(struct rule_pages *p, const struct cause_rule *c)
{
	uint32_t best[NEIGHBOURS_SHOWN];
	size_t n = 0;

	for (uint32_t i = 0; i < p->r->n[NAME_CAUSE]; i++) {
		const struct cause_rule *other = &p->r->causes[i];
		double shared = overlap(c, other);
		size_t at = n;

		if (other == c || other->kind != CAUSE_NORMAL || shared <= 0)
			continue;
		while (at && overlap(c, &p->r->causes[best[at - 1]]) < shared)
			at--;
		if (at == NEIGHBOURS_SHOWN)
			continue;
		n += n < NEIGHBOURS_SHOWN;
		memmove(best + at + 1, best + at, (n - at - 1) * sizeof(best[0]));
		best[at] = i;
	}
	if (n)
		page_heading(p, "Causes that look alike, and what tells them apart");
	for (size_t i = 0; i < n; i++)
		add_neighbour(p, c, &p->r->causes[best[i]]);
}

/* ---- what to do ---- */

static double worth(const struct rule_pages *p, const struct cure *cure)
{
	return cure->p / cost_weight(p->r->remedies[cure->remedy].cost);
}

static void add_remedy(struct rule_pages *p, const struct cure *cure, size_t rank)
{
	const struct remedy_rule *m = &p->r->remedies[cure->remedy];
	struct buf label = { 0 }, text = { 0 };

	buf_addf(&label, "%zu.", rank);
	buf_addf(&text, "%s (%s; cures %.0f %%", m->text, cost_name(m->cost), 100 * cure->p);
	if (strcmp(m->danger, "none"))
		buf_addf(&text, "; DANGER: %s", m->danger);
	buf_add_char(&text, ')');
	page_item(p, label.at, text.at);
	buf_done(&label);
	buf_done(&text);
}

/* Best for its cost first, as a diagnosis orders them. */
static void add_remedies(struct rule_pages *p, const struct cause_rule *c)
{
	double last = INFINITY;

	if (c->n_remedies)
		page_heading(p, "What to do");
	for (size_t rank = 0; rank < c->n_remedies;) {
		double next = -1;

		for (size_t i = 0; i < c->n_remedies; i++)
			if (worth(p, &c->remedies[i]) < last)
				next = fmax(next, worth(p, &c->remedies[i]));
		for (size_t i = 0; i < c->n_remedies; i++)
			if (worth(p, &c->remedies[i]) == next)
				add_remedy(p, &c->remedies[i], ++rank);
		last = next;
	}
}

/* Reports about the wiring mark them, and list them first to measure. */
static void add_wires(struct rule_pages *p, const struct cause_rule *c)
{
	struct buf text;

	if (!c->wires)
		return;
	buf_init(&text);
	for (enum wire w = 0; w < WIRES; w++)
		if (c->wires & 1u << w)
			buf_addf(&text, "%s%s", text.len ? ", " : "", wire_rows[w].label);
	page_heading(p, "Wires that it makes suspect");
	page_text(p, buf_str(&text));
	buf_done(&text);
}

/* What `swdoctor flash` does about it by itself. */
static void add_recoveries(struct rule_pages *p, uint32_t cause)
{
	const struct treatment_rule *t = treatment_find(p->r, cause);

	if (t && t->n_helps)
		page_heading(p, "What the flash engine tries by itself");
	for (size_t i = 0; t && i < t->n_helps; i++) {
		const struct recovery *how = t->helps[i].how;
		struct buf text = { 0 };

		buf_addf(&text, "%s (cures %.0f %%, about %u ms", how->says, 100 * t->helps[i].p,
			 how->cost_ms);
		if (how->harm != RECOVERY_HARMLESS)
			buf_addf(&text, "; %s", recovery_harm_name(how->harm));
		buf_add_char(&text, ')');
		page_item(p, how->name, text.at);
		buf_done(&text);
	}
}

void page_of_cause(struct rule_pages *p, uint32_t cause)
{
	const struct cause_rule *c = &p->r->causes[cause];

	page_title(p, c->id, "cause", c->title);
	buf_add_char(p->out, '\n');
	page_text(p, c->explain);
	add_symptoms(p, c);
	add_evidence(p, c);
	add_neighbours(p, c);
	add_wires(p, c);
	add_remedies(p, c);
	add_recoveries(p, cause);
	if (c->n_see)
		page_heading(p, "Sources");
	for (size_t i = 0; i < c->n_see; i++)
		page_text(p, c->see[i]);
}
