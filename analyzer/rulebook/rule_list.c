/* The list of all rules: see rule_page.h. */
#include "analyzer/rulebook/rule_page.h"

#include <string.h>

#define ID_COLUMNS 28

static void add_head(const struct term *t, struct buf *out, const char *what, uint32_t n)
{
	struct buf text = { 0 };

	buf_addf(&text, "%s (%u)", what, n);
	if (out->len)
		buf_add_char(out, '\n');
	term_style(t, out, TERM_BOLD);
	term_add(t, out, text.at);
	term_style(t, out, TERM_PLAIN);
	buf_add_char(out, '\n');
	buf_done(&text);
}

/* "  id      text", the text wrapped in a column of its own. */
static void add_line(const struct term *t, struct buf *out, const char *id, const char *text)
{
	size_t at = 2 + term_columns_of(t, id);

	buf_add_str(out, "  ");
	term_add(t, out, id);
	do
		buf_add_char(out, ' ');
	while (++at < ID_COLUMNS);
	term_add_wrapped(t, out, text, at, ID_COLUMNS);
	buf_add_char(out, '\n');
}

static const char *type_name(enum event_type type)
{
	static const char *const names[] = {
		[EVENT_ABSENT] = "true or false",
		[EVENT_INT] = "number",
		[EVENT_HEX] = "hexadecimal",
		[EVENT_TEXT] = "text",
	};

	return names[type];
}

static void add_facts(const struct rules *r, const struct term *t, struct buf *out)
{
	struct buf text = { 0 };

	add_head(t, out, "Facts", r->n[NAME_FACT]);
	for (uint32_t i = 0; i < r->n[NAME_FACT]; i++) {
		const struct fact_rule *f = &r->facts[i];

		buf_clear(&text);
		buf_addf(&text, "%s (%s%s%s)", f->title, type_name(f->type), *f->unit ? ", " : "",
			 f->unit);
		add_line(t, out, f->id, text.at);
	}
	buf_done(&text);
}

static void add_remedies(const struct rules *r, const struct term *t, struct buf *out)
{
	struct buf text = { 0 };

	add_head(t, out, "Remedies", r->n[NAME_REMEDY]);
	for (uint32_t i = 0; i < r->n[NAME_REMEDY]; i++) {
		const struct remedy_rule *m = &r->remedies[i];
		bool safe = !strcmp(m->danger, "none");

		buf_clear(&text);
		buf_addf(&text, "[%s%s%s] %s", cost_name(m->cost), safe ? "" : ", ",
			 safe ? "" : m->danger, m->text);
		add_line(t, out, m->id, text.at);
	}
	buf_done(&text);
}

/* Patterns are many; they are counted by the tool whose messages they know. */
static void add_patterns(const struct rules *r, const struct term *t, struct buf *out)
{
	struct buf text = { 0 };

	add_head(t, out, "Patterns", r->n[NAME_PATTERN]);
	for (size_t f = 0; f < r->n_files; f++) {
		uint32_t n = 0;

		for (uint32_t i = 0; i < r->n[NAME_PATTERN]; i++)
			n += r->patterns[i].place.file == &r->files[f];
		if (!n)
			continue;
		buf_clear(&text);
		buf_addf(&text, "%u message%s%s%s (%s)", n, n == 1 ? "" : "s",
			 r->files[f].title ? " of " : "",
			 r->files[f].title ? r->files[f].title : "", r->files[f].path);
		add_line(t, out, r->files[f].tool ? r->files[f].tool : "any tool", text.at);
	}
	buf_done(&text);
}

void rule_list(const struct rules *r, const struct term *t, struct buf *out)
{
	add_head(t, out, "Causes", r->n[NAME_CAUSE]);
	for (uint32_t i = 0; i < r->n[NAME_CAUSE]; i++)
		add_line(t, out, r->causes[i].id, r->causes[i].title);
	add_head(t, out, "Symptoms", r->n[NAME_SYMPTOM]);
	for (uint32_t i = 0; i < r->n[NAME_SYMPTOM]; i++)
		add_line(t, out, r->symptoms[i].id, r->symptoms[i].title);
	add_facts(r, t, out);
	add_remedies(r, t, out);
	add_patterns(r, t, out);
}
