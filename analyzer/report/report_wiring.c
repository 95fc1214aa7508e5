/* The diagnosis read wire by wire: see report_wiring.h. */
#include "analyzer/report/report_wiring.h"

#include <string.h>

#include "analyzer/judge/diagnosis.h"
#include "analyzer/rule/rule_base.h"

/* ---- marks ---- */

static const struct cause_rule *cause_of(const struct rules *r, const char *id)
{
	uint32_t i = names_find(&r->names[NAME_CAUSE], id);

	return i == NAME_NONE ? NULL : &r->causes[i];
}

static const struct hop_result *hop_of(const struct diagnosis *d, const char *id)
{
	for (size_t i = 0; i < d->n_hops; i++)
		if (!strcmp(d->hops[i].id, id))
			return &d->hops[i];
	return NULL;
}

/* The strongest finding that suspects the wire. */
static const struct finding *suspicion(const struct diagnosis *d, const struct rules *r,
				       enum wire w, uint32_t *ret_wires)
{
	for (size_t i = 0; i < d->n_findings; i++) {
		const struct cause_rule *c = cause_of(r, d->findings[i].cause);

		if (d->findings[i].word == WORD_NONE || !c || !(c->wires & 1u << w))
			continue;
		*ret_wires = c->wires;
		return &d->findings[i];
	}
	return NULL;
}

/* Bad only if the cause is likely and no other wire could be meant. */
static enum wire_mark mark_of(const struct finding *f, uint32_t wires, const struct hop_result *h)
{
	if (f)
		return f->word == WORD_LIKELY && !(wires & (wires - 1)) ? WIRE_BAD : WIRE_SUSPECT;
	return h && h->state == HOP_OK ? WIRE_GOOD : WIRE_UNKNOWN;
}

/* Of a group, what is not so would fill the page. */
static bool tells_of(const struct wire_row *w, const struct fact_value *f)
{
	size_t len = strlen(w->fact);

	if (w->fact[len - 1] != '.')
		return !strcmp(f->id, w->fact);
	return !strncmp(f->id, w->fact, len) && (f->type != EVENT_ABSENT || f->num);
}

/* "voltage on VTref: 3240 mV"; of a group only what is so: "the reset line rises slowly". */
static void add_known(const struct wire_row *w, const struct fact_value *f, struct buf *note)
{
	bool of_group = w->fact[strlen(w->fact) - 1] == '.';
	bool is_no = f->type == EVENT_ABSENT && !f->num;

	if (of_group && is_no)
		return;
	buf_addf(note, "%s%s", note->len ? "; " : "", f->title);
	if (of_group && f->type == EVENT_ABSENT)
		return;
	buf_add_str(note, ": ");
	report_add_fact(note, f);
}

/* What is known of the wire, then what is suspected. */
static void add_note(const struct diagnosis *d, const struct finding *f, enum wire w,
		     struct buf *note)
{
	for (size_t i = 0; i < d->n_facts && *wire_rows[w].fact; i++) {
		if (tells_of(&wire_rows[w], &d->facts[i]))
			add_known(&wire_rows[w], &d->facts[i], note);
	}
	if (f)
		buf_addf(note, "%s%s (%s)", note->len ? "; " : "", f->cause, word_name(f->word));
}

void report_wire_states(const struct diagnosis *d, const struct rules *r, struct arena *a,
			struct wire_map *ret)
{
	struct buf note;

	buf_init(&note);
	for (enum wire w = 0; w < WIRES; w++) {
		uint32_t wires = 0;
		const struct finding *f = suspicion(d, r, w, &wires);

		buf_clear(&note);
		add_note(d, f, w, &note);
		ret->state[w] = (struct wire_state){
			.mark = mark_of(f, wires, hop_of(d, wire_rows[w].hop)),
			.note = note.len ? arena_str(a, note.at) : NULL,
		};
	}
	buf_done(&note);
}

size_t report_connectors(const struct report_input *in, const struct connector *named,
			 const struct connector *ret[3])
{
	const struct event *id = report_input_last(in, EVENT_PROBE_USB_ID);

	if (named) {
		ret[0] = named;
		return 1;
	}
	return connectors_of_probe(id && id->v[1].has ? (uint16_t)id->v[1].num : 0, ret);
}

/* ---- Markdown ---- */

void report_wiring_map(const struct report_input *in, const struct connector *named,
		       struct buf *out)
{
	static const struct term plain = { .utf8 = true, .columns = 100 };
	const struct connector *list[3];
	size_t n = report_connectors(in, named, list);
	struct wire_map m;

	report_wire_states(in->report.d, in->report.rules, in->arena, &m);
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addf(out, "\n\n%s\n\n",
				 i == 1 ? "If the probe has another connector:" : "Or:");
		m.connector = list[i];
		buf_add_str(out, "~~~~~~text\n");
		wire_map_text(&m, &plain, out);
		buf_add_str(out, "~~~~~~");
	}
}

static void add_pin_column(const struct connector *const *list, size_t n, enum wire w,
			   struct buf *out)
{
	struct buf pins;

	buf_init(&pins);
	for (size_t i = 0; i < n; i++) {
		buf_clear(&pins);
		connector_add_pins(list[i], w, &pins);
		buf_addf(out, "%s%s: %s", i ? "; " : "", list[i]->id, pins.len ? pins.at : "-");
	}
	buf_done(&pins);
}

void report_wiring_checklist(const struct report_input *in, const struct connector *named,
			     struct buf *out)
{
	const struct connector *list[3];
	size_t n = report_connectors(in, named, list);
	struct wire_map m;
	unsigned step = 0;

	report_wire_states(in->report.d, in->report.rules, in->arena, &m);
	buf_add_str(out, "| # | wire | pin | chip | measure | expect | otherwise | reading |\n"
			 "| --- | --- | --- | --- | --- | --- | --- | --- |\n");
	for (enum wire w = 0; w < WIRES; w++) {
		const struct wire_row *row = &wire_rows[w];
		bool suspect = m.state[w].mark == WIRE_SUSPECT || m.state[w].mark == WIRE_BAD;

		buf_addf(out, "| %u | %s%s%s | ", ++step, suspect ? "**" : "", row->label,
			 suspect ? "** (suspect)" : "");
		add_pin_column(list, n, w, out);
		buf_addf(out, " | %s | %s | %s | %s | |\n", row->chip_pin, row->measure,
			 row->expect, row->otherwise);
	}
	buf_add_str(out, "\nHow far what is marked can be trusted:\n\n");
	for (enum wire w = 0; w < WIRES; w++)
		buf_addf(out, "- %s: %s\n", wire_rows[w].label, wire_rows[w].trust);
}
