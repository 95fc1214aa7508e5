/* The ids of the rule base: see rule_names.h. */
#include "analyzer/rule/rule_names.h"

#include <string.h>

#include <xxhash.h>

#include "analyzer/base/suggest.h"

void names_init(struct names *t, struct arena *a, uint32_t max)
{
	uint32_t size = 8;

	while (size < 2 * max)
		size *= 2;
	*t = (struct names){
		.ids = arena_alloc(a, (max + 1) * sizeof(t->ids[0])),
		.slots = arena_alloc(a, size * sizeof(t->slots[0])),
		.mask = size - 1,
	};
}

static uint32_t *slot_of(const struct names *t, const char *id)
{
	uint32_t i = (uint32_t)XXH3_64bits(id, strlen(id)) & t->mask;

	while (t->slots[i] && strcmp(t->ids[t->slots[i] - 1], id))
		i = (i + 1) & t->mask;
	return &t->slots[i];
}

uint32_t names_add(struct names *t, const char *id)
{
	uint32_t *slot = slot_of(t, id);

	if (*slot)
		return NAME_NONE;
	t->ids[t->n] = id;
	*slot = ++t->n;
	return t->n - 1;
}

uint32_t names_find(const struct names *t, const char *id)
{
	return t->slots ? *slot_of(t, id) - 1 : NAME_NONE;
}

const char *names_suggest(const struct names *t, const char *id)
{
	struct suggest s;

	suggest_init(&s, id);
	for (uint32_t i = 0; i < t->n; i++)
		suggest_offer(&s, t->ids[i]);
	return s.best;
}
