/* Which tool speaks: see source_detect.h. */
#include "analyzer/log/source_detect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOUBT 5.0 /* strength that other tools get for nothing: a single weak line is no proof */

static uint16_t tool_index(struct detector *d, const char *id)
{
	if (!id)
		return 0;
	for (size_t i = 1; i < d->n_tools; i++)
		if (!strcmp(d->tools[i].id, id))
			return (uint16_t)i;
	d->tools[d->n_tools].id = id;
	return (uint16_t)d->n_tools++;
}

void detector_init(struct detector *d, const struct rules *r)
{
	size_t n = rules_patterns(r);

	*d = (struct detector){ .rules = r, .n_tools = 1 };
	d->tool_of = calloc(n + 1, sizeof(*d->tool_of));
	d->tools = calloc(n + 1, sizeof(*d->tools));
	if (!d->tool_of || !d->tools)
		abort();
	for (size_t i = 0; i < n; i++)
		d->tool_of[i] = tool_index(d, rules_pattern(r, i)->tool);
}

void detector_done(struct detector *d)
{
	free(d->tool_of);
	free(d->tools);
}

void detector_hear(struct detector *d, size_t pattern)
{
	if (d->tool_of[pattern])
		d->tools[d->tool_of[pattern]].strength +=
			(uint64_t)rules_pattern(d->rules, pattern)->tells;
}

void detector_name(struct detector *d, size_t pattern, const struct event *banner)
{
	int name = event_field_find(EVENT_TOOL_BANNER, "name");
	int version = event_field_find(EVENT_TOOL_BANNER, "version");
	struct tool_told *t = &d->tools[d->tool_of[pattern]];

	d->speaks = d->tool_of[pattern];
	snprintf(t->name, sizeof(t->name), "%s", banner->v[name].has ? banner->v[name].text : "");
	snprintf(t->version, sizeof(t->version), "%s",
		 banner->v[version].has ? banner->v[version].text : "");
}

const char *detector_version(const struct detector *d, size_t pattern)
{
	return d->tool_of[pattern] && d->tool_of[pattern] == d->speaks ? d->tools[d->speaks].version
								       : NULL;
}

const struct tool_told *detector_best(const struct detector *d, double *ret_confidence)
{
	const struct tool_told *best = NULL;
	double all = DOUBT;

	for (size_t i = 1; i < d->n_tools; i++) {
		all += (double)d->tools[i].strength;
		if (d->tools[i].strength && (!best || d->tools[i].strength > best->strength))
			best = &d->tools[i];
	}
	*ret_confidence = best ? (double)best->strength / all : 0;
	return best;
}
