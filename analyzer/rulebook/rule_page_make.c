/* The blocks that pages about rules are made of: see rule_page_make.h. */
#include "analyzer/rulebook/rule_page_make.h"

#include <stdlib.h>
#include <string.h>

void page_title(struct rule_pages *p, const char *id, const char *what, const char *title)
{
	if (p->out->len)
		buf_add_char(p->out, '\n');
	term_style(p->t, p->out, TERM_BOLD);
	term_add(p->t, p->out, id);
	term_style(p->t, p->out, TERM_PLAIN);
	buf_addf(p->out, " (%s)\n", what);
	page_text(p, title);
}

void page_heading(struct rule_pages *p, const char *text)
{
	buf_add_char(p->out, '\n');
	term_style(p->t, p->out, TERM_BOLD);
	term_add(p->t, p->out, text);
	term_style(p->t, p->out, TERM_PLAIN);
	buf_add_char(p->out, '\n');
}

static void add_paragraph(struct rule_pages *p, const char *text, size_t len)
{
	char *one = strndup(text, len);

	if (!one)
		return;
	buf_add_str(p->out, "  ");
	term_add_wrapped(p->t, p->out, one, 2, 2);
	buf_add_char(p->out, '\n');
	free(one);
}

void page_text(struct rule_pages *p, const char *text)
{
	const char *end;

	while (*(text += strspn(text, "\n"))) {
		end = strstr(text, "\n\n");
		add_paragraph(p, text, end ? (size_t)(end - text) : strlen(text));
		if (!end)
			break;
		text = end;
	}
}

void page_item(struct rule_pages *p, const char *label, const char *text)
{
	size_t at = 2 + term_columns_of(p->t, label);

	buf_add_str(p->out, "  ");
	term_add(p->t, p->out, label);
	do
		buf_add_char(p->out, ' ');
	while (++at < PAGE_WEIGHT_COLUMNS);
	term_add_wrapped(p->t, p->out, text, at, PAGE_WEIGHT_COLUMNS);
	buf_add_char(p->out, '\n');
}

void page_db(struct rule_pages *p, double db, const char *text)
{
	struct buf label = { 0 };

	buf_addf(&label, "%+g dB", db);
	page_item(p, label.at, text);
	buf_done(&label);
}

void page_percent(struct rule_pages *p, double share, const char *text)
{
	struct buf label = { 0 };

	buf_addf(&label, "%.0f %%", 100 * share);
	page_item(p, label.at, text);
	buf_done(&label);
}
