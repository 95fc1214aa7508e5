/*
 * Bug reports as Markdown: a template of rules/reports/ with its blanks filled. What is not known
 * becomes a request to the reader to add it. Never longer than the template's limit: the excerpt
 * shrinks until it fits.
 */
#ifndef SWDOCTOR_REPORT_MD_H
#define SWDOCTOR_REPORT_MD_H

#include "analyzer/report/report_input.h"
#include "analyzer/wire/wire_map.h"

struct template_rule;

/* `connector` (or NULL: by the probe) is drawn where the template asks for the wiring. ERR_LIMIT:
 * it does not fit. */
int report_md(struct report_input *in, const struct template_rule *t,
	      const struct connector *connector, struct buf *out, struct err *e);

#endif
