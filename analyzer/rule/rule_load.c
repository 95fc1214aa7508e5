/* From the sections of all files to a rule base: see rule_load.h. */
#include "analyzer/rule/rule_load.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/rule_cause.h"
#include "analyzer/rule/rule_fact.h"
#include "analyzer/rule/rule_pattern.h"
#include "analyzer/rule/rule_plain.h"
#include "analyzer/rule/rule_template.h"
#include "analyzer/rule/rule_treatment.h"

/* ---- the files ---- */

struct rules *rules_new(void)
{
	struct arena *a = arena_new();
	struct rules *r = arena_alloc(a, sizeof(*r));

	r->arena = a;
	r->files = arena_alloc(a, RULE_FILES_MAX * sizeof(r->files[0]));
	r->leak = RULE_NONE;
	r->healthy = RULE_NONE;
	return r;
}

struct rule_file *rules_add_file(struct rules *r, const char *path, const char *rel,
				 struct rule_report *rep)
{
	static const struct yaml_node nowhere = { .line = 1, .column = 1, .width = 1 };
	struct rule_file *f = &r->files[r->n_files];
	struct rule_file too_many = { .path = path, .tree.nodes = &nowhere };

	if (r->n_files == RULE_FILES_MAX) {
		rule_complain(rep, &too_many, 0, RULE_TOO_MUCH, "more than %d files",
			      RULE_FILES_MAX);
		return NULL;
	}
	r->n_files++;
	f->path = arena_str(r->arena, path);
	f->rel = arena_str(r->arena, rel);
	return f;
}

void rule_file_parse(struct rules *r, struct rule_file *f, const char *text, size_t len,
		     struct rule_report *rep)
{
	struct yaml_mistakes mistakes;

	f->source = arena_str_n(r->arena, text, len < YAML_BYTES_MAX ? len : YAML_BYTES_MAX);
	f->source_len = len < YAML_BYTES_MAX ? len : YAML_BYTES_MAX;
	f->broken = yaml_parse(text, len, r->arena, &f->tree, &mistakes) != 0;
	for (size_t i = 0; i < mistakes.n; i++)
		rule_complain_yaml(rep, f, &mistakes.at[i]);
}

/* ---- the sections ---- */

struct section {
	const char *name;
	enum name_space space;
	const char *what;
};

static const struct section sections[] = {
	{ "patterns", NAME_PATTERN, "pattern" },
	{ "facts", NAME_FACT, "fact" },
	{ "symptoms", NAME_SYMPTOM, "symptom" },
	{ "causes", NAME_CAUSE, "cause" },
	{ "remedies", NAME_REMEDY, "remedy" },
	{ "hops", NAME_HOP, "hop" },
	{ "notes", NAME_NOTE, "note" },
	{ "reports", NAME_TEMPLATE, "report" },
	{ "recoveries", NAME_TREATMENT, "list of recoveries" },
};

#define N_SECTIONS (sizeof(sections) / sizeof(sections[0]))

/* The nodes of a file's top-level keys; 0: not there. */
struct top {
	uint32_t schema, tool, title, blind;
	uint32_t section[N_SECTIONS];
};

#define SECTION_ROW(i, name)                                                                       \
	{                                                                                          \
		name, take_node, offsetof(struct top, section[i]), false                           \
	}

static const struct key_row top_rows[] = {
	{ "schema", take_node, offsetof(struct top, schema), true },
	{ "tool", take_node, offsetof(struct top, tool), false },
	{ "title", take_node, offsetof(struct top, title), false },
	{ "blind", take_node, offsetof(struct top, blind), false },
	SECTION_ROW(0, "patterns"),
	SECTION_ROW(1, "facts"),
	SECTION_ROW(2, "symptoms"),
	SECTION_ROW(3, "causes"),
	SECTION_ROW(4, "remedies"),
	SECTION_ROW(5, "hops"),
	SECTION_ROW(6, "notes"),
	SECTION_ROW(7, "reports"),
	SECTION_ROW(8, "recoveries"),
	{ 0 },
};

static void read_top(struct load *l, struct rule_file *f, struct top *ret)
{
	int64_t schema = 1;

	read_map(l, 0, top_rows, ret, "a rule file");
	if (ret->schema && read_number(l, ret->schema, &schema) && schema != 1)
		complain(l, ret->schema, RULE_BAD_VALUE,
			 "schema %lld is not known; this program reads schema 1",
			 (long long)schema);
	if (ret->tool)
		take_text(l, ret->tool, &f->tool);
	if (ret->title)
		take_text(l, ret->title, &f->title);
	if (ret->blind)
		treatment_read_blind(l, ret->blind);
	for (size_t i = 0; i < N_SECTIONS; i++) {
		if (!ret->section[i] || read_node(l, ret->section[i])->kind == YAML_MAP)
			continue;
		complain(l, ret->section[i], RULE_BAD_VALUE, "'%s' must be a map (id: %s)",
			 sections[i].name, sections[i].what);
		ret->section[i] = 0;
	}
}

/* ---- ids: all of them are known before anything that uses them is read ---- */

static struct rule_place *place_of(struct rules *r, enum name_space space, uint32_t i)
{
	switch (space) {
	case NAME_PATTERN:
		return &r->patterns[i].place;
	case NAME_FACT:
		return &r->facts[i].place;
	case NAME_SYMPTOM:
		return &r->symptoms[i].place;
	case NAME_CAUSE:
		return &r->causes[i].place;
	case NAME_REMEDY:
		return &r->remedies[i].place;
	case NAME_HOP:
		return &r->hops[i].place;
	case NAME_NOTE:
		return &r->notes[i].place;
	case NAME_TEMPLATE:
		return &r->templates[i].place;
	case NAME_TREATMENT:
		return &r->treatments[i].place;
	case NAME_SPACES:
		break;
	}
	abort();
}

static void set_id(struct rules *r, enum name_space space, uint32_t i, const char *id)
{
	const char **const at[NAME_SPACES] = {
		[NAME_PATTERN] = &r->patterns[i].p.id,	 [NAME_FACT] = &r->facts[i].id,
		[NAME_SYMPTOM] = &r->symptoms[i].id,	 [NAME_CAUSE] = &r->causes[i].id,
		[NAME_REMEDY] = &r->remedies[i].id,	 [NAME_HOP] = &r->hops[i].id,
		[NAME_NOTE] = &r->notes[i].id,		 [NAME_TEMPLATE] = &r->templates[i].id,
		[NAME_TREATMENT] = &r->treatments[i].id,
	};

	*at[space] = id;
}

/* False: there is no room for more. */
static bool declare_one(struct load *l, const struct section *s, uint32_t key)
{
	const char *id = read_text(l, key);
	struct names *names = &l->r->names[s->space];
	uint32_t i;

	if (!*id || id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789._-")])
		complain(l, key, RULE_BAD_VALUE,
			 "'%.60s' is no id: a to z, 0 to 9, dot, underscore and hyphen", id);
	if (names->n == NAMES_MAX) {
		complain(l, key, RULE_TOO_MUCH, "more than %d %s", NAMES_MAX, s->name);
		return false;
	}
	i = names_add(names, id);
	if (i == NAME_NONE) {
		const struct rule_place *first = place_of(l->r, s->space, names_find(names, id));
		const struct yaml_node *n = &first->file->tree.nodes[first->node];

		complain(l, key, RULE_DUPLICATE, "the %s '%.60s' stands twice, first at %s:%u:%u",
			 s->what, id, first->file->path, n->line, n->column);
		return true;
	}
	set_id(l->r, s->space, i, id);
	*place_of(l->r, s->space, i) = (struct rule_place){ l->file, key };
	l->r->n[s->space] = names->n;
	return true;
}

static uint32_t count_entries(const struct rules *r, const struct top *tops, size_t section)
{
	uint32_t n = 0;

	for (size_t f = 0; f < r->n_files; f++) {
		const struct yaml_node *nodes = r->files[f].tree.nodes;
		uint32_t map = tops[f].section[section];

		for (uint32_t key = map + 1; map && key < nodes[map].end; key = nodes[key + 1].end)
			n++;
	}
	return n < NAMES_MAX ? n : NAMES_MAX;
}

static void make_room(struct rules *r, const struct top *tops)
{
	uint32_t n[NAME_SPACES];

	for (size_t i = 0; i < N_SECTIONS; i++) {
		n[sections[i].space] = count_entries(r, tops, i);
		names_init(&r->names[sections[i].space], r->arena, n[sections[i].space]);
	}
#define ROOM(array, space) r->array = arena_alloc(r->arena, (n[space] + 1) * sizeof(r->array[0]))
	ROOM(patterns, NAME_PATTERN);
	ROOM(facts, NAME_FACT);
	ROOM(symptoms, NAME_SYMPTOM);
	ROOM(causes, NAME_CAUSE);
	ROOM(remedies, NAME_REMEDY);
	ROOM(hops, NAME_HOP);
	ROOM(notes, NAME_NOTE);
	ROOM(templates, NAME_TEMPLATE);
	ROOM(treatments, NAME_TREATMENT);
#undef ROOM
}

static void declare_section(struct load *l, const struct section *s, uint32_t map)
{
	uint32_t end = read_node(l, map)->end;

	for (uint32_t key = map + 1; key < end; key = read_node(l, key + 1)->end)
		if (!declare_one(l, s, key))
			return;
}

static void declare_all(struct load *l, const struct top *tops)
{
	for (size_t f = 0; f < l->r->n_files; f++) {
		l->file = &l->r->files[f];
		for (size_t i = 0; i < N_SECTIONS; i++)
			if (tops[f].section[i])
				declare_section(l, &sections[i], tops[f].section[i]);
	}
}

/* ---- the records ---- */

#define FOR_EACH(l, index, array, space)                                                           \
	for (uint32_t index = 0;                                                                   \
	     index < (l)->r->n[space] && ((l)->file = (l)->r->array[index].place.file); index++)

static void read_records(struct load *l)
{
	struct rules *r = l->r;

	FOR_EACH(l, i, facts, NAME_FACT)
	fact_read_type(l, r->facts[i].place.node + 1, &r->facts[i]);
	FOR_EACH(l, i, patterns, NAME_PATTERN)
	pattern_read(l, r->patterns[i].place.node + 1, &r->patterns[i]);
	FOR_EACH(l, i, facts, NAME_FACT)
	fact_read(l, r->facts[i].place.node + 1, &r->facts[i]);
	FOR_EACH(l, i, symptoms, NAME_SYMPTOM)
	symptom_read(l, r->symptoms[i].place.node + 1, &r->symptoms[i]);
	FOR_EACH(l, i, causes, NAME_CAUSE)
	cause_read(l, r->causes[i].place.node + 1, &r->causes[i]);
	FOR_EACH(l, i, remedies, NAME_REMEDY)
	remedy_read(l, r->remedies[i].place.node + 1, &r->remedies[i]);
	FOR_EACH(l, i, hops, NAME_HOP)
	hop_read(l, r->hops[i].place.node + 1, &r->hops[i]);
	FOR_EACH(l, i, notes, NAME_NOTE)
	note_read(l, r->notes[i].place.node + 1, &r->notes[i]);
	FOR_EACH(l, i, templates, NAME_TEMPLATE)
	template_read(l, r->templates[i].place.node + 1, &r->templates[i]);
	FOR_EACH(l, i, treatments, NAME_TREATMENT)
	treatment_read(l, r->treatments[i].place.node + 1, &r->treatments[i]);
}

/* ---- what can only be said about the whole ---- */

static void find_kind(struct rules *r, enum cause_kind kind, const char *what, bool needed,
		      struct rule_report *rep, uint32_t *ret)
{
	for (uint32_t i = 0; i < r->n[NAME_CAUSE]; i++) {
		const struct rule_place *p = &r->causes[i].place;

		if (r->causes[i].kind != kind)
			continue;
		if (*ret != RULE_NONE)
			rule_complain(rep, p->file, p->node, RULE_DUPLICATE,
				      "a second cause of the kind '%s'; the first is '%s'", what,
				      r->causes[*ret].id);
		else
			*ret = i;
	}
	if (needed && *ret == RULE_NONE && r->n[NAME_CAUSE])
		rule_complain(rep, r->causes[0].place.file, 0, RULE_MISSING_KEY,
			      "no cause is of the kind '%s'", what);
}

static void order_hops(struct rules *r)
{
	uint32_t n = r->n[NAME_HOP];

	r->hop_order = arena_alloc(r->arena, (n + 1) * sizeof(r->hop_order[0]));
	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = i;

		for (; at && r->hops[r->hop_order[at - 1]].order > r->hops[i].order; at--)
			r->hop_order[at] = r->hop_order[at - 1];
		r->hop_order[at] = i;
	}
}

int rules_build(struct rules *r, const struct rule_wants *w, struct rule_report *rep)
{
	struct load l = { .r = r, .rep = rep, .tests = w->tests };
	struct top *tops = arena_alloc(r->arena, (r->n_files + 1) * sizeof(*tops));
	uint32_t evidence = 0;

	names_init(&l.kinds, r->arena, EVENT_KINDS);
	for (int i = 0; i < EVENT_KINDS; i++)
		names_add(&l.kinds, event_kind_rows[i].name);
	for (size_t f = 0; f < r->n_files; f++) {
		l.file = &r->files[f];
		if (!r->files[f].broken)
			read_top(&l, &r->files[f], &tops[f]);
	}
	make_room(r, tops);
	declare_all(&l, tops);
	read_records(&l);
	facts_order(r, rep);
	order_hops(r);
	find_kind(r, CAUSE_LEAK, "leak", w->complete, rep, &r->leak);
	find_kind(r, CAUSE_HEALTHY, "healthy", w->complete, rep, &r->healthy);
	for (uint32_t i = 0; i < r->n[NAME_CAUSE]; i++) {
		r->causes[i].first_evidence = evidence;
		evidence += (uint32_t)r->causes[i].n_evidence;
	}
	return rep->errors ? ERR_FORMAT : 0;
}
