/*
 * Templates of bug reports (rules/reports/): Markdown with blanks such as {{tool}} that report_md.c
 * fills. Which blanks there are is the closed list report_blanks.def.
 */
#ifndef SWDOCTOR_RULE_TEMPLATE_H
#define SWDOCTOR_RULE_TEMPLATE_H

#include "analyzer/rule/rule_read.h"

enum blank {
#define BLANK(id, name, says, ask) BLANK_##id,
#include "analyzer/rule/report_blanks.def"
#undef BLANK
	BLANKS
};

struct blank_row {
	const char *name;
	const char *says; /* what it is filled with */
	const char *ask;  /* what the reader of the report is asked to add where it is not known */
};

extern const struct blank_row blank_rows[BLANKS];

void template_read(struct load *l, uint32_t node, struct template_rule *t);
/* NULL: there is none. */
const struct template_rule *template_find(const struct rules *r, const char *id);

/*
 * The next blank at or behind `at`: its begin and end in the text. False: none is left. An unknown
 * name is BLANKS.
 */
bool template_next(const char *at, const char **ret_begin, const char **ret_end, enum blank *ret);

#endif
