/* Facts worked out from events and from other facts: see fact.h. */
#include "analyzer/judge/fact.h"

#include <string.h>

#include "analyzer/judge/fact_seen.h"

static void decide(struct fact_state *s, int64_t num, const struct seen *by)
{
	s->known = true;
	s->num = num;
	if (by)
		s->events[s->n_events++] = by->e;
}

static bool is_better_value(const struct fact_rule *f, const struct seen *new,
			    const struct seen *best)
{
	int64_t a = new->e->v[f->field].num, b = best->e->v[f->field].num;

	switch (f->pick) {
	case PICK_FIRST:
		return seen_begins_before(new, best);
	case PICK_MIN:
		return a < b;
	case PICK_MAX:
		return a > b;
	case PICK_LAST:
		break;
	}
	return seen_ends_after(new, best);
}

static void work_out_value(const struct by_kind *k, const struct fact_rule *f, struct fact_state *s)
{
	const struct event_match *m = &f->value;
	const struct seen *best = NULL;

	for (size_t i = k->start[m->kind]; i < k->start[m->kind + 1]; i++) {
		const struct seen *new = &k->at[i];

		if (new->e->v[f->field].has && seen_fits(k->r, new->e, m) &&
		    (!best || is_better_value(f, new, best)))
			best = new;
	}
	if (!best)
		return;
	decide(s, best->e->v[f->field].num, best);
	s->text = best->e->v[f->field].text;
}

/* Nothing but the kind matters. */
static bool is_plain(const struct event_match *m)
{
	return !m->n_conds && !m->tool;
}

static bool fits_any(const struct by_kind *k, const struct event *e, const struct event_matches *ms,
		     size_t n)
{
	for (size_t m = 0; m < n; m++)
		if (ms->at[m].kind == e->kind && seen_fits(k->r, e, &ms->at[m]))
			return true;
	return false;
}

static void work_out_count(const struct by_kind *k, const struct fact_rule *f, struct fact_state *s)
{
	int64_t n = 0;

	for (size_t m = 0; m < f->count.n; m++) {
		const struct event_match *match = &f->count.at[m];
		uint64_t plain = 0, kept = 0;

		for (size_t i = k->start[match->kind]; i < k->start[match->kind + 1]; i++) {
			const struct event *e = k->at[i].e;

			if (!seen_fits(k->r, e, match) || fits_any(k, e, &f->count, m))
				continue;
			kept += e->times;
			if (s->n_events < EVIDENCE_EVENTS_MAX)
				s->events[s->n_events++] = e;
		}
		if (kept && is_plain(match)) /* those that were not kept count too */
			plain = events_count(k->ev, match->kind);
		n += (int64_t)(plain > kept ? plain : kept);
	}
	if (n || seen_find_best(k, &f->known_if, seen_begins_before))
		decide(s, n, NULL);
}

/* What a true/false fact is when no event decided it. */
static void fall_back(const struct by_kind *k, const struct fact_rule *f, struct fact_state *s)
{
	if (seen_find_best(k, &f->known_if, seen_begins_before))
		decide(s, false, NULL);
	else if (f->has_otherwise)
		decide(s, f->otherwise, NULL);
}

static void work_out_flag(const struct by_kind *k, const struct fact_rule *f, struct fact_state *s)
{
	seen_better_fn *better = f->prefer == PREFER_LATEST ? seen_ends_after : seen_begins_before;
	const struct seen *yes = seen_find_best(k, &f->true_if, better);
	const struct seen *no = seen_find_best(k, &f->false_if, better);

	if (yes && no) {
		if (f->prefer == PREFER_FALSE ||
		    (f->prefer == PREFER_LATEST && seen_ends_after(no, yes)))
			yes = NULL;
		else
			no = NULL;
	}
	if (yes || no)
		decide(s, yes != NULL, yes ? yes : no);
	else
		fall_back(k, f, s);
}

struct position {
	uint64_t line;
	size_t order;
};

static bool is_before(struct position a, struct position b)
{
	return a.line != b.line ? a.line < b.line : a.order < b.order;
}

/* The first place behind `from` where the step happened. Of a repeated event the first and the last
 * place are known. */
static const struct event *find_step(const struct by_kind *k, const struct event_match *m,
				     struct position from, struct position *ret)
{
	const struct event *best = NULL;

	for (size_t i = k->start[m->kind]; i < k->start[m->kind + 1]; i++) {
		const struct seen *new = &k->at[i];
		struct position at = { new->e->line, new->order };

		if (!is_before(from, at))
			at.line = new->e->last_line;
		if (!is_before(from, at) || (best && !is_before(at, *ret)))
			continue;
		if (seen_fits(k->r, new->e, m)) {
			best = new->e;
			*ret = at;
		}
	}
	return best;
}

static void work_out_sequence(const struct by_kind *k, const struct fact_rule *f,
			      struct fact_state *s)
{
	struct position at = { 0 };

	for (size_t i = 0; i < f->sequence.n; i++) {
		struct position next = { 0 };
		const struct event *e = find_step(k, &f->sequence.at[i], at, &next);

		if (!e) {
			s->n_events = 0;
			fall_back(k, f, s);
			return;
		}
		at = next;
		if (s->n_events < EVIDENCE_EVENTS_MAX)
			s->events[s->n_events++] = e;
	}
	decide(s, true, NULL);
}

/* ---- all of them ---- */

void facts_init(struct facts *f, const struct rules *r, struct arena *a)
{
	f->r = r;
	f->at = arena_alloc(a, (r->n[NAME_FACT] + 1) * sizeof(f->at[0]));
	f->present = arena_alloc(a, r->n[NAME_SYMPTOM] + 1);
}

void facts_from_events(struct facts *f, const struct events *ev, struct arena *a)
{
	struct by_kind k = { .r = f->r, .ev = ev };

	seen_sort(&k, a);
	for (uint32_t i = 0; i < f->r->n[NAME_FACT]; i++) {
		const struct fact_rule *rule = &f->r->facts[i];
		struct fact_state *s = &f->at[i];

		switch (rule->how) {
		case FACT_VALUE:
			work_out_value(&k, rule, s);
			break;
		case FACT_COUNT:
			work_out_count(&k, rule, s);
			break;
		case FACT_FLAG:
			work_out_flag(&k, rule, s);
			break;
		case FACT_SEQUENCE:
			work_out_sequence(&k, rule, s);
			break;
		case FACT_WHEN:
			break;
		}
	}
}

void facts_fix(struct facts *f, uint32_t fact, const struct event_value *v)
{
	f->at[fact] = (struct fact_state){
		.known = v != NULL,
		.fixed = true,
		.num = v ? v->num : 0,
		.text = v ? v->text : NULL,
	};
}

void facts_derive(struct facts *f)
{
	for (uint32_t i = 0; i < f->r->n_fact_order; i++) {
		uint32_t fact = f->r->fact_order[i];
		const struct cond *when = f->r->facts[fact].when;
		struct fact_state *s = &f->at[fact];
		enum tri value;

		if (s->fixed)
			continue;
		value = cond_decide(f, when);
		s->known = value != TRI_UNKNOWN;
		s->num = value == TRI_TRUE;
		s->n_events = s->known ? cond_events(f, when, s->events) : 0;
	}
}

void facts_see_symptoms(struct facts *f)
{
	for (uint32_t i = 0; i < f->r->n[NAME_SYMPTOM]; i++)
		f->present[i] |= cond_true(f, f->r->symptoms[i].when);
}

void facts_copy(struct facts *into, const struct facts *from)
{
	memcpy(into->at, from->at, from->r->n[NAME_FACT] * sizeof(from->at[0]));
	memcpy(into->present, from->present, from->r->n[NAME_SYMPTOM]);
}
