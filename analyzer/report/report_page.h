/* A text report being written: what its parts (report_text.c, report_finding.c, report_live.c)
 * share. */
#ifndef SWDOCTOR_REPORT_PAGE_H
#define SWDOCTOR_REPORT_PAGE_H

#include "analyzer/report/report.h"

struct page {
	const struct report *r;
	const struct report_style *style;
	const struct term *t;
	struct buf *out;
	int gutter; /* columns for line numbers */
};

void page_add_str(struct page *p, const char *text); /* our own text, as it is */
void page_add_styled(struct page *p, enum term_style style, const char *text);
/* One paragraph behind a label, `left` columns from the margin: "note: ...". */
void page_add_labelled(struct page *p, size_t left, const char *label, const char *text);
void page_add_finding(struct page *p, const struct finding *f);
void page_add_live_head(struct page *p); /* the first line, of a live examination */

#endif
