/* Text in a bug report: whoever wrote it, it cannot become Markdown that nobody meant. */
#include "analyzer/report/report_md_parts.h"

#include <string.h>

static const struct term safe = { .utf8 = true, .columns = TERM_COLUMNS_MIN };

void md_add_words(struct md *m, const char *text)
{
	term_add(&safe, m->out, text);
}

void md_add_text(struct md *m, const char *text)
{
	struct buf clean;

	buf_init(&clean);
	term_add(&safe, &clean, text);
	for (const char *p = buf_str(&clean); *p; p++) {
		if (strchr("\\`*_<>#|[]", *p))
			buf_add_char(m->out, '\\');
		buf_add_char(m->out, *p);
	}
	buf_done(&clean);
}

void md_add_code(struct md *m, const char *text)
{
	struct buf clean;

	buf_init(&clean);
	term_add(&safe, &clean, text);
	buf_add_char(m->out, '`');
	for (const char *p = buf_str(&clean); *p; p++)
		buf_add_char(m->out, *p == '`' ? '\'' : *p);
	buf_add_char(m->out, '`');
	buf_done(&clean);
}

void md_add_event_text(struct md *m, enum event_kind kind, int field)
{
	const struct event *ev = report_input_last(m->in, kind);

	if (ev && ev->v[field].has)
		md_add_text(m, ev->v[field].text);
}

void md_separate(struct md *m, size_t before)
{
	if (m->out->len > before)
		buf_add_str(m->out, "; ");
}
