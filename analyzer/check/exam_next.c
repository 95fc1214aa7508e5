/*
 * Which step would tell the leading causes apart: the causes are ranked by what is known so far,
 * and of the steps that are left the one is taken whose facts could move the ranking most for what
 * it costs. Not what is to be expected counts, but what could be: the ranking before a test was
 * made is no reason not to make it.
 */
#include "analyzer/check/exam_internal.h"

#include "analyzer/judge/next_test.h"

#define REACH_MIN 0.3 /* of the shares: an answer could bring another cause forward */

static const struct yield {
	enum exam_step_id step;
	const char *fact;
	unsigned ms;
} yields[] = {
#define YIELD(step, fact, ms) { EXAM_##step, fact, ms },
#include "analyzer/check/exam_yields.def"
#undef YIELD
};

/* What is known, as if the examination ended here: what was reached counts as a success. */
static void know(const struct exam *x, struct facts *f, struct arena *a)
{
	const struct event_value yes = { .has = true, .num = true };
	uint32_t ended_well = names_find(&x->o->judge->names[NAME_FACT], "session.ended_well");

	facts_init(f, x->o->judge, a);
	facts_from_events(f, x->ev, a);
	if (ended_well != NAME_NONE && exam_has_passed(x))
		facts_fix(f, ended_well, &yes);
	facts_derive(f);
	facts_see_symptoms(f);
}

bool exam_next(const struct exam *x, bool (*is_open)(const struct exam *x, enum exam_step_id step),
	       enum exam_step_id *ret)
{
	struct arena *a = arena_new();
	struct weighing w;
	struct facts f;
	double most = 0;

	know(x, &f, a);
	weighing_init(&w, x->o->judge, NULL, a);
	weigh(&w, &f);
	for (size_t i = 0; i < sizeof(yields) / sizeof(yields[0]); i++) {
		const struct yield *y = &yields[i];
		uint32_t fact = names_find(&x->o->judge->names[NAME_FACT], y->fact);
		double reach;

		if (fact == NAME_NONE || f.at[fact].known || !is_open(x, y->step))
			continue;
		reach = next_test_reach(&w, &f, fact, a);
		if (reach >= REACH_MIN && reach / y->ms > most) {
			most = reach / y->ms;
			*ret = y->step;
		}
	}
	arena_free(a);
	return most > 0;
}
