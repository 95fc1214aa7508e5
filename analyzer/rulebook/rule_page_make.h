/* Building blocks of the pages about rules. */
#ifndef SWDOCTOR_RULE_PAGE_MAKE_H
#define SWDOCTOR_RULE_PAGE_MAKE_H

#include "analyzer/rule/rule_words.h"
#include "analyzer/rulebook/rule_page.h"

#define PAGE_WEIGHT_COLUMNS 10 /* what weights and probabilities take in front of their text */

struct rule_pages {
	const struct rules *r;
	const struct term *t;
	struct buf *out;
};

void page_title(struct rule_pages *p, const char *id, const char *what, const char *title);
void page_heading(struct rule_pages *p, const char *text);
/* A paragraph, indented by two. Blank lines in the text part paragraphs. */
void page_text(struct rule_pages *p, const char *text);
/* "  LABEL   text" with further lines below the text. */
void page_item(struct rule_pages *p, const char *label, const char *text);
/* The same with a weight ("+14 dB") or probability ("95 %"). */
void page_db(struct rule_pages *p, double db, const char *text);
void page_percent(struct rule_pages *p, double share, const char *text);

void page_of_cause(struct rule_pages *p, uint32_t cause);

#endif
