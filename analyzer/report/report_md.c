/* Templates filled and kept within their limits: see report_md.h. */
#include "analyzer/report/report_md_parts.h"

#include "analyzer/rule/rule_template.h"

#define NOTE_BYTES 400 /* room for the closing note */

static void fill(struct md *m, const char *body)
{
	const char *at = body, *begin, *end;
	enum blank b;

	for (; template_next(at, &begin, &end, &b); at = end) {
		size_t before;

		buf_add(m->out, at, (size_t)(begin - at));
		before = m->out->len;
		if (b < BLANKS)
			md_fill(m, b);
		while (m->out->len > before && m->out->at[m->out->len - 1] == '\n')
			m->out->len--; /* the template breaks the lines */
		if (m->out->len == before && b < BLANKS && *blank_rows[b].ask)
			buf_addf(m->out, "_(please add: %s)_", blank_rows[b].ask);
	}
	buf_add_str(m->out, at);
}

static void add_note(const struct report_input *in, struct buf *out)
{
	buf_add_str(out, "\n---\nWritten by `swdoctor report`");
	if (in->redact && redact_count(in->redact))
		buf_add_str(out, "; serial numbers, ids, names, folders and addresses are replaced "
				 "by tokens such as [serial-1], the same token wherever the same "
				 "thing stood");
	buf_add_str(out, ".\n");
}

int report_md(struct report_input *in, const struct template_rule *t,
	      const struct connector *connector, struct buf *out, struct err *e)
{
	struct buf raw;
	struct md m = { .in = in, .connector = connector, .out = &raw };
	size_t before = out->len;

	buf_init(&raw);
	for (m.context = in->report.is_capture ? MD_ROWS_OF_CONTEXT : EXCERPT_CONTEXT;;
	     m.context /= 2) {
		buf_clear(&raw);
		out->len = before;
		fill(&m, t->body);
		redact_add(in->redact, out, buf_str(&raw), raw.len);
		if (out->len - before + NOTE_BYTES <= (size_t)t->limit || !m.context)
			break;
	}
	buf_done(&raw);
	if (out->len - before + NOTE_BYTES > (size_t)t->limit)
		return err_set(e, ERR_LIMIT, "the report does not fit into the %lld bytes of '%s'",
			       (long long)t->limit, t->id);
	add_note(in, out);
	return 0;
}
