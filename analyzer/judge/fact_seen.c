/* The events as facts look at them: see fact_seen.h. */
#include "analyzer/judge/fact_seen.h"

#include <string.h>

void seen_sort(struct by_kind *k, struct arena *a)
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

bool seen_fits(const struct rules *r, const struct event *e, const struct event_match *m)
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

bool seen_begins_before(const struct seen *a, const struct seen *b)
{
	return a->e->line != b->e->line ? a->e->line < b->e->line : a->order < b->order;
}

bool seen_ends_after(const struct seen *a, const struct seen *b)
{
	return a->e->last_line != b->e->last_line ? a->e->last_line > b->e->last_line
						  : a->order > b->order;
}

const struct seen *seen_find_best(const struct by_kind *k, const struct event_matches *ms,
				  seen_better_fn *better)
{
	const struct seen *best = NULL;

	for (size_t m = 0; m < ms->n; m++) {
		enum event_kind kind = ms->at[m].kind;

		for (size_t i = k->start[kind]; i < k->start[kind + 1]; i++)
			if ((!best || better(&k->at[i], best)) &&
			    seen_fits(k->r, k->at[i].e, &ms->at[m]))
				best = &k->at[i];
	}
	return best;
}
