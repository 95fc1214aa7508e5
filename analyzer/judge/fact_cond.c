/* Deciding conditions on facts and symptoms, in three values: see fact.h. */
#include "analyzer/judge/fact.h"

#include <string.h>

static enum tri tri_of(bool b)
{
	return b ? TRI_TRUE : TRI_FALSE;
}

static bool is_one_of(const struct fact_state *s, enum event_type type, const struct cond *c)
{
	for (size_t i = 0; i < c->n_values; i++) {
		const struct cond_value *v = &c->values[i];

		if (type == EVENT_TEXT ? !strcmp(s->text, v->text) : s->num == v->num)
			return true;
	}
	return false;
}

static enum tri decide_fact(const struct facts *f, const struct cond *c)
{
	const struct fact_state *s = &f->at[c->id];

	if (c->test == TEST_KNOWN)
		return tri_of(s->known == c->known);
	if (!s->known)
		return TRI_UNKNOWN;
	if (c->test == TEST_IN)
		return tri_of(is_one_of(s, f->r->facts[c->id].type, c));
	return tri_of((!c->has_below || s->num < c->below) && (!c->has_above || s->num > c->above));
}

/* True when all parts are `wanted`, false as soon as one is the opposite. */
static enum tri decide_all(const struct facts *f, const struct cond *c, enum tri wanted)
{
	enum tri all = TRI_TRUE;

	for (size_t i = 0; i < c->n_parts; i++) {
		enum tri part = cond_decide(f, &c->parts[i]);

		if (part == TRI_UNKNOWN)
			all = TRI_UNKNOWN;
		else if (part != wanted)
			return TRI_FALSE;
	}
	return all;
}

static enum tri decide_any(const struct facts *f, const struct cond *c)
{
	enum tri any = TRI_FALSE;

	for (size_t i = 0; i < c->n_parts; i++) {
		enum tri part = cond_decide(f, &c->parts[i]);

		if (part == TRI_TRUE)
			return TRI_TRUE;
		if (part == TRI_UNKNOWN)
			any = TRI_UNKNOWN;
	}
	return any;
}

enum tri cond_decide(const struct facts *f, const struct cond *c)
{
	switch (c->op) {
	case COND_ALL:
		return decide_all(f, c, TRI_TRUE);
	case COND_ANY:
		return decide_any(f, c);
	case COND_NONE:
		return decide_all(f, c, TRI_FALSE);
	case COND_FACT:
		return decide_fact(f, c);
	case COND_SYMPTOM:
		return tri_of(f->present[c->id]);
	case COND_NEVER:
		break;
	}
	return TRI_FALSE;
}

bool cond_true(const struct facts *f, const struct cond *c)
{
	return c && cond_decide(f, c) == TRI_TRUE;
}

struct collected {
	const struct event **at;
	size_t n;
};

static void collect_event(struct collected *to, const struct event *e)
{
	for (size_t i = 0; i < to->n; i++)
		if (to->at[i] == e)
			return;
	if (to->n < EVIDENCE_EVENTS_MAX)
		to->at[to->n++] = e;
}

/* Only parts that have the value which decided the whole are asked for their events. */
static void collect(const struct facts *f, const struct cond *c, struct collected *to)
{
	enum tri whole = cond_decide(f, c);
	enum tri deciding = c->op != COND_NONE ? whole : whole == TRI_TRUE ? TRI_FALSE : TRI_TRUE;

	if (c->op == COND_SYMPTOM && f->r->symptoms[c->id].when)
		collect(f, f->r->symptoms[c->id].when, to);
	if (c->op == COND_FACT)
		for (size_t i = 0; i < f->at[c->id].n_events; i++)
			collect_event(to, f->at[c->id].events[i]);
	for (size_t i = 0; i < c->n_parts; i++)
		if (whole != TRI_UNKNOWN && cond_decide(f, &c->parts[i]) == deciding)
			collect(f, &c->parts[i], to);
}

size_t cond_events(const struct facts *f, const struct cond *c, const struct event **ret)
{
	struct collected to = { .at = ret };

	collect(f, c, &to);
	return to.n;
}
