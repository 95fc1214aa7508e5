/* The state of each hop on the way from the host to the flash cell. */
#include "analyzer/judge/diagnosis_make.h"

static const struct event *deciding_event(const struct facts *f, const struct cond *c)
{
	const struct event *events[EVIDENCE_EVENTS_MAX];

	return cond_events(f, c, events) ? events[0] : NULL;
}

static void make_hop(struct making *m, const struct hop_rule *rule, bool bad_before,
		     struct hop_result *h)
{
	h->id = rule->id;
	h->title = rule->title;
	if (cond_true(&m->facts, rule->bad)) {
		h->state = HOP_BAD;
		h->event = deciding_event(&m->facts, rule->bad);
	} else if (cond_true(&m->facts, rule->ok)) {
		h->state = HOP_OK;
		h->event = deciding_event(&m->facts, rule->ok);
	} else if (bad_before || !cond_true(&m->facts, rule->tried)) {
		h->state = HOP_NOT_TESTED;
	} else {
		h->state = HOP_CANNOT_TELL;
	}
}

void make_hops(struct making *m)
{
	size_t n = m->r->n[NAME_HOP];
	struct hop_result *list = arena_alloc(m->a, (n + 1) * sizeof(*list));
	bool bad = false;

	for (size_t i = 0; i < n; i++) {
		make_hop(m, &m->r->hops[m->r->hop_order[i]], bad, &list[i]);
		bad |= list[i].state == HOP_BAD;
	}
	m->d->hops = list;
	m->d->n_hops = n;
}
