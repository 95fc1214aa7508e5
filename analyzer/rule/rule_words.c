/* Conditions in words: see rule_words.h. */
#include "analyzer/rule/rule_words.h"

#include <inttypes.h>

void words_of_value(enum event_type type, const char *unit, int64_t num, const char *text,
		    struct buf *out)
{
	switch (type) {
	case EVENT_TEXT:
		buf_addf(out, "\"%s\"", text);
		break;
	case EVENT_HEX:
		buf_addf(out, "0x%" PRIx64, (uint64_t)num);
		break;
	case EVENT_INT:
		buf_addf(out, "%" PRId64 "%s%s", num, *unit ? " " : "", unit);
		break;
	case EVENT_ABSENT:
		buf_add_str(out, num ? "true" : "false");
		break;
	}
}

static void add_list(enum event_type type, const char *unit, const struct cond_value *values,
		     size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		buf_add_str(out, i == 0 ? "" : i + 1 < n ? ", " : " or ");
		words_of_value(type, unit, values[i].num, values[i].text, out);
	}
}

static void add_range(enum event_type type, const char *unit, const int64_t *above,
		      const int64_t *below, struct buf *out)
{
	if (above) {
		buf_add_str(out, " above ");
		words_of_value(type, unit, *above, NULL, out);
	}
	if (above && below)
		buf_add_str(out, " and");
	if (below) {
		buf_add_str(out, " below ");
		words_of_value(type, unit, *below, NULL, out);
	}
}

/* ---- facts and symptoms ---- */

static void add_fact(const struct fact_rule *f, const struct cond *c, struct buf *out)
{
	if (c->test == TEST_KNOWN) {
		buf_addf(out, "it is%s known: %s", c->known ? "" : " not", f->title);
	} else if (c->test == TEST_RANGE) {
		buf_add_str(out, f->title);
		add_range(f->type, f->unit, c->has_above ? &c->above : NULL,
			  c->has_below ? &c->below : NULL, out);
	} else if (f->type == EVENT_ABSENT) {
		buf_addf(out, "%s%s", c->n_values && c->values[0].num ? "" : "not: ", f->title);
	} else {
		buf_addf(out, "%s is ", f->title);
		add_list(f->type, f->unit, c->values, c->n_values, out);
	}
}

static void add_parts(const struct rules *r, const struct cond *c, const char *between,
		      struct buf *out)
{
	for (size_t i = 0; i < c->n_parts; i++) {
		const struct cond *part = &c->parts[i];
		bool group = part->n_parts > 1 && part->op != COND_NONE;

		buf_add_str(out, i ? between : "");
		buf_add_str(out, group ? "(" : "");
		words_of_cond(r, part, out);
		buf_add_str(out, group ? ")" : "");
	}
}

void words_of_cond(const struct rules *r, const struct cond *c, struct buf *out)
{
	switch (c->op) {
	case COND_ALL:
		add_parts(r, c, " and ", out);
		break;
	case COND_ANY:
		add_parts(r, c, " or ", out);
		break;
	case COND_NONE:
		buf_add_str(out, c->n_parts > 1 ? "none of (" : "not (");
		add_parts(r, c, "; ", out);
		buf_add_str(out, ")");
		break;
	case COND_FACT:
		add_fact(&r->facts[c->id], c, out);
		break;
	case COND_SYMPTOM:
		buf_add_str(out, r->symptoms[c->id].title);
		break;
	case COND_NEVER:
		buf_add_str(out, "never");
		break;
	}
}

/* ---- events ---- */

static void add_field(const struct event_field *f, const struct field_cond *c, struct buf *out)
{
	buf_addf(out, "%s", f->name);
	if (c->n_any) {
		buf_add_str(out, " ");
		add_list(f->type, f->unit, c->any, c->n_any, out);
	}
	add_range(f->type, f->unit, c->has_above ? &c->above : NULL,
		  c->has_below ? &c->below : NULL, out);
	if (c->n_not_any) {
		buf_add_str(out, " not ");
		add_list(f->type, f->unit, c->not_any, c->n_not_any, out);
	}
	if (c->has_mask) {
		buf_addf(out, " under the mask 0x%" PRIx64 " ", (uint64_t)c->mask);
		add_list(EVENT_HEX, "", c->mask_is, c->n_mask_is, out);
	}
	if (c->contains)
		buf_addf(out, " with \"%s\" in it", c->contains);
}

void words_of_match(const struct event_match *m, struct buf *out)
{
	const struct event_kind_row *row = &event_kind_rows[m->kind];
	const char *before = " (";

	buf_add_str(out, row->says);
	for (size_t i = 0; i < m->n_conds; i++) {
		buf_add_str(out, before);
		add_field(&row->fields[m->conds[i].field], &m->conds[i], out);
		before = ", ";
	}
	if (m->tool)
		buf_addf(out, "%ssaid by %s", before, m->tool);
	if (m->tool || before[0] == ',')
		buf_add_str(out, ")");
}
