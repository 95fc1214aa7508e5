/* Facts worked out from events and from other facts: see fact.h. */
#include "analyzer/fact.h"

#include <string.h>

/* The events by kind, so that a matcher looks only at those of its kind. */
struct seen {
	const struct event *e;
	size_t order; /* tells the order of events on one line */
};

struct by_kind {
	const struct rules *r;
	const struct events *ev;
	struct seen *at;
	size_t start[EVENT_KINDS + 1];
};

static void sort_by_kind(struct by_kind *k, struct arena *a)
{
	size_t n = k->ev ? events_len(k->ev) : 0;
	size_t next[EVENT_KINDS];

	memset(k->start, 0, sizeof(k->start));
	k->at = arena_alloc(a, (n + 1) * sizeof(k->at[0]));
	for (size_t i = 0; i < n; i++)
		k->start[events_at(k->ev, i)->kind + 1]++;
	for (size_t i = 0; i < EVENT_KINDS; i++)
		k->start[i + 1] += k->start[i];
	memcpy(next, k->start, sizeof(next));
	for (size_t i = 0; i < n; i++) {
		const struct event *e = events_at(k->ev, i);

		k->at[next[e->kind]++] = (struct seen){ e, i };
	}
}

/* ---- matching ---- */

static bool is_one_of(const struct event_value *v, enum event_type type, int64_t mask,
		      const struct cond_value *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (type == EVENT_TEXT ? !strcmp(v->text, list[i].text)
				       : (v->num & mask) == list[i].num)
			return true;
	return false;
}

static bool field_fits(const struct event_value *v, enum event_type type,
		       const struct field_cond *c)
{
	if (!v->has)
		return false;
	return !(c->n_any && !is_one_of(v, type, -1, c->any, c->n_any)) &&
	       !(c->n_not_any && is_one_of(v, type, -1, c->not_any, c->n_not_any)) &&
	       !(c->has_below && v->num >= c->below) && !(c->has_above && v->num <= c->above) &&
	       !(c->has_mask && !is_one_of(v, type, c->mask, c->mask_is, c->n_mask_is)) &&
	       !(c->contains && !strstr(v->text, c->contains));
}

static bool fits(const struct rules *r, const struct event *e, const struct event_match *m)
{
	const struct event_field *fields = event_kind_rows[m->kind].fields;
	const char *tool;

	for (size_t i = 0; i < m->n_conds; i++) {
		const struct field_cond *c = &m->conds[i];

		if (!field_fits(&e->v[c->field], fields[c->field].type, c))
			return false;
	}
	if (!m->tool)
		return true;
	tool = e->pattern >= 0 && (uint32_t)e->pattern < r->n[NAME_PATTERN]
		       ? r->patterns[e->pattern].p.tool
		       : NULL;
	return tool && !strcmp(tool, m->tool);
}

/* Nothing but the kind matters. */
static bool is_plain(const struct event_match *m)
{
	return !m->n_conds && !m->tool;
}

/* Earlier by where first seen. */
static bool begins_before(const struct seen *a, const struct seen *b)
{
	return a->e->line != b->e->line ? a->e->line < b->e->line : a->order < b->order;
}

/* Later by where last seen. */
static bool ends_after(const struct seen *a, const struct seen *b)
{
	return a->e->last_line != b->e->last_line ? a->e->last_line > b->e->last_line
						  : a->order > b->order;
}

typedef bool better_fn(const struct seen *a, const struct seen *b);

/* Of all events that one of the matchers fits the one that no other is better than, or NULL. */
static const struct seen *find_best(const struct by_kind *k, const struct event_matches *ms,
				    better_fn *better)
{
	const struct seen *best = NULL;

	for (size_t m = 0; m < ms->n; m++) {
		enum event_kind kind = ms->at[m].kind;

		for (size_t i = k->start[kind]; i < k->start[kind + 1]; i++)
			if ((!best || better(&k->at[i], best)) &&
			    fits(k->r, k->at[i].e, &ms->at[m]))
				best = &k->at[i];
	}
	return best;
}

static void decide(struct fact_state *s, int64_t num, const struct seen *by)
{
	s->known = true;
	s->num = num;
	if (by)
		s->events[s->n_events++] = by->e;
}

/* ---- the kinds of facts ---- */

static bool is_better_value(const struct fact_rule *f, const struct seen *new,
			    const struct seen *best)
{
	int64_t a = new->e->v[f->field].num, b = best->e->v[f->field].num;

	switch (f->pick) {
	case PICK_FIRST:
		return begins_before(new, best);
	case PICK_MIN:
		return a < b;
	case PICK_MAX:
		return a > b;
	case PICK_LAST:
		break;
	}
	return ends_after(new, best);
}

static void work_out_value(const struct by_kind *k, const struct fact_rule *f, struct fact_state *s)
{
	const struct event_match *m = &f->value;
	const struct seen *best = NULL;

	for (size_t i = k->start[m->kind]; i < k->start[m->kind + 1]; i++) {
		const struct seen *new = &k->at[i];

		if (new->e->v[f->field].has && fits(k->r, new->e, m) &&
		    (!best || is_better_value(f, new, best)))
			best = new;
	}
	if (!best)
		return;
	decide(s, best->e->v[f->field].num, best);
	s->text = best->e->v[f->field].text;
}

static bool fits_any(const struct by_kind *k, const struct event *e, const struct event_matches *ms,
		     size_t n)
{
	for (size_t m = 0; m < n; m++)
		if (ms->at[m].kind == e->kind && fits(k->r, e, &ms->at[m]))
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

			if (!fits(k->r, e, match) || fits_any(k, e, &f->count, m))
				continue;
			kept += e->times;
			if (s->n_events < EVIDENCE_EVENTS_MAX)
				s->events[s->n_events++] = e;
		}
		if (kept && is_plain(match)) /* those that were not kept count too */
			plain = events_count(k->ev, match->kind);
		n += (int64_t)(plain > kept ? plain : kept);
	}
	if (n || find_best(k, &f->known_if, begins_before))
		decide(s, n, NULL);
}

/* What a true/false fact is when no event decided it. */
static void fall_back(const struct by_kind *k, const struct fact_rule *f, struct fact_state *s)
{
	if (find_best(k, &f->known_if, begins_before))
		decide(s, false, NULL);
	else if (f->has_otherwise)
		decide(s, f->otherwise, NULL);
}

static void work_out_flag(const struct by_kind *k, const struct fact_rule *f, struct fact_state *s)
{
	better_fn *better = f->prefer == PREFER_LATEST ? ends_after : begins_before;
	const struct seen *yes = find_best(k, &f->true_if, better);
	const struct seen *no = find_best(k, &f->false_if, better);

	if (yes && no) {
		if (f->prefer == PREFER_FALSE ||
		    (f->prefer == PREFER_LATEST && ends_after(no, yes)))
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
		if (fits(k->r, new->e, m)) {
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

	sort_by_kind(&k, a);
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
